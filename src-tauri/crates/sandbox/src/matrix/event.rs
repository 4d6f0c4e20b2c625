//! Events: what happened in a room, and how a client is told.

use serde_json::{Map, Value, json};

/// An event as the server keeps it.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    /// Place in the server's stream; later events have higher ones.
    pub position: u64,
    pub id: String,
    pub kind: String,
    pub sender: String,
    /// `origin_server_ts`, ms since 1970: what the sender claims.
    pub at_ms: i64,
    pub content: Value,
    /// Present, even empty: a state event.
    pub state_key: Option<String>,
    /// The content this state event replaced.
    pub previous: Option<Value>,
    /// The device that sent it and the transaction id it used.
    pub transaction: Option<(String, String)>,
    /// The redaction that emptied it.
    pub redacted_because: Option<Box<Event>>,
}

/// An event about to be stored.
pub(crate) struct Draft {
    pub kind: String,
    pub sender: String,
    pub content: Value,
    pub state_key: Option<String>,
    pub transaction: Option<(String, String)>,
}

impl Draft {
    pub fn event(sender: &str, kind: &str, content: Value) -> Draft {
        Draft {
            kind: kind.to_owned(),
            sender: sender.to_owned(),
            content,
            state_key: None,
            transaction: None,
        }
    }

    pub fn state(sender: &str, kind: &str, key: &str, content: Value) -> Draft {
        Draft { state_key: Some(key.to_owned()), ..Draft::event(sender, kind, content) }
    }
}

impl Event {
    /// What the event points at: `(rel_type, event_id)`.
    pub fn relation(&self) -> Option<(&str, &str)> {
        let relates = self.content.get("m.relates_to")?;
        Some((relates.get("rel_type")?.as_str()?, relates.get("event_id")?.as_str()?))
    }

    /// The event as this device of a user sees it.
    pub fn for_client(&self, room: &str, device: Option<&str>, now_ms: i64) -> Value {
        let mut unsigned = Map::new();
        unsigned.insert("age".into(), json!((now_ms.saturating_sub(self.at_ms)).max(0)));
        if let (Some((sending, transaction)), Some(device)) = (&self.transaction, device)
            && sending == device
        {
            unsigned.insert("transaction_id".into(), json!(transaction));
        }
        if let Some(previous) = &self.previous {
            unsigned.insert("prev_content".into(), previous.clone());
        }
        if let Some(because) = &self.redacted_because {
            unsigned.insert("redacted_because".into(), because.for_client(room, None, now_ms));
        }
        let mut event = json!({
            "event_id": self.id,
            "type": self.kind,
            "sender": self.sender,
            "origin_server_ts": self.at_ms,
            "content": self.content,
            "unsigned": unsigned,
            "room_id": room,
        });
        if let Some(key) = &self.state_key {
            event["state_key"] = json!(key);
        }
        if self.kind == "m.room.redaction"
            && let Some(target) = self.content.get("redacts")
        {
            // Both places are filled: clients have to read either.
            event["redacts"] = target.clone();
        }
        event
    }

    /// The few keys an invited person sees.
    pub fn stripped(&self) -> Value {
        json!({ "type": self.kind, "state_key": self.state_key, "sender": self.sender, "content": self.content })
    }
}
