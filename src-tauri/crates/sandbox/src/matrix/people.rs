//! Reading what the server really holds, and turning its screws.

use serde_json::Value;

use super::relations::newest_edit;
use super::script::Matrix;

/// An event as the server holds it.
#[derive(Clone, Debug, PartialEq)]
pub struct RoomEvent {
    /// Event id, `$…`.
    pub id: String,
    /// Event type, `m.room.message` …
    pub kind: String,
    /// Full user id.
    pub sender: String,
    /// The time it claims, ms since 1970.
    pub at_ms: i64,
    /// Its content; empty once redacted.
    pub content: Value,
    /// Present, even empty: a state event.
    pub state_key: Option<String>,
    /// The transaction id its device sent with it.
    pub transaction_id: Option<String>,
    /// Whether it was deleted.
    pub is_redacted: bool,
}

impl Matrix {
    /// All events of a room, in order.
    pub fn events_in(&self, room: &str) -> Vec<RoomEvent> {
        self.act(|server, _| {
            let events = server.rooms.get(room).map(|room| room.events.as_slice()).unwrap_or_default();
            events
                .iter()
                .map(|event| RoomEvent {
                    id: event.id.clone(),
                    kind: event.kind.clone(),
                    sender: event.sender.clone(),
                    at_ms: event.at_ms,
                    content: event.content.clone(),
                    state_key: event.state_key.clone(),
                    transaction_id: event.transaction.as_ref().map(|(_, id)| id.clone()),
                    is_redacted: event.redacted_because.is_some(),
                })
                .collect()
        })
    }

    /// The newest event of a room.
    pub fn newest_event(&self, room: &str) -> Option<String> {
        self.act(|server, _| Some(server.rooms.get(room)?.events.last()?.id.clone()))
    }

    /// The conversation as a person would see it, oldest first: sender and text of every message that still stands,
    /// edits applied.
    pub fn messages_in(&self, room: &str) -> Vec<(String, String)> {
        self.act(|server, _| {
            let Some(room) = server.rooms.get(room) else { return Vec::new() };
            let standing = room.events.iter().filter(|event| {
                event.kind == "m.room.message"
                    && event.redacted_because.is_none()
                    && event.relation().is_none_or(|(relation, _)| relation != "m.replace")
            });
            let text = |content: &Value| content["body"].as_str().unwrap_or_default().to_owned();
            standing
                .map(|event| {
                    let edit = newest_edit(room, event);
                    let shown = edit
                        .map_or_else(|| text(&event.content), |edit| text(&edit.content["m.new_content"]));
                    (event.sender.clone(), shown)
                })
                .collect()
        })
    }

    /// How many messages with exactly this body a room holds, edits aside.
    pub fn count_text(&self, room: &str, text: &str) -> usize {
        let events = self.events_in(room);
        events.iter().filter(|event| event.kind == "m.room.message" && event.content["body"] == text).count()
    }

    /// Every room a person is in with this membership (`join`, `invite`, `leave`).
    pub fn rooms_of(&self, user: &str, membership: &str) -> Vec<String> {
        self.act(|server, _| {
            let rooms = server.rooms.values().filter(|room| room.member(user).is_some());
            rooms.filter(|room| room.membership(user) == membership).map(|room| room.id.clone()).collect()
        })
    }

    /// A person's membership of a room; `leave` for strangers.
    pub fn membership(&self, room: &str, user: &str) -> String {
        self.act(|server, _| {
            server.rooms.get(room).map_or_else(|| "leave".to_owned(), |room| room.membership(user).to_owned())
        })
    }

    /// The event a person has read up to, by public (`false`) or private (`true`) mark.
    pub fn read_mark(&self, room: &str, user: &str, private: bool) -> Option<String> {
        self.act(|server, _| {
            let receipt = server.rooms.get(room)?.receipts.get(&(user.to_owned(), private))?;
            Some(receipt.event_id.clone())
        })
    }

    /// Who is typing in a room now.
    pub fn typing_in(&self, room: &str) -> Vec<String> {
        self.act(|server, at_ms| {
            server.end_typing(at_ms);
            server.rooms.get(room).map(|room| room.typing.keys().cloned().collect()).unwrap_or_default()
        })
    }

    /// A person's account data of one type.
    pub fn account_data(&self, user: &str, kind: &str) -> Option<Value> {
        self.act(|server, _| Some(server.users.get(user)?.account_data.get(kind)?.1.clone()))
    }

    /// A file the server holds, by its `mxc://` address.
    pub fn media(&self, address: &str) -> Option<crate::Media> {
        let id = address.rsplit('/').next()?.to_owned();
        self.act(|server, _| server.media.get(&id).cloned())
    }

    /// All access tokens of a user expire: 401 with `soft_logout`. With `and_refresh` refreshing fails as well.
    pub fn expire_tokens(&self, user: &str, and_refresh: bool) {
        self.act(|server, _| server.sessions.expire(user, and_refresh));
    }

    /// All sessions of a user are removed: 401 without `soft_logout`.
    pub fn end_sessions(&self, user: &str) {
        self.act(|server, _| server.sessions.end_all(user));
    }

    /// The password changes and all sessions end.
    pub fn change_password(&self, user: &str, password: &str) {
        self.act(|server, _| {
            if let Some(user) = server.users.get_mut(user) {
                user.password = password.to_owned();
            }
            server.sessions.end_all(user);
        });
    }

    /// Lifetime of access tokens handed out from now on to clients that can refresh, ms.
    pub fn set_token_lifetime(&self, lifetime_ms: i64) {
        self.act(|server, _| server.sessions.lifetime_ms = Some(lifetime_ms));
    }

    /// Limits how fast each user may send: messages per second and burst. `None` lifts it. Synapse's own default is
    /// 0.2 per second with a burst of 10.
    pub fn set_send_limit(&self, limit: Option<(f64, f64)>) {
        self.act(|server, _| server.send_limit = limit);
    }

    /// Largest upload, bytes; more is 413.
    pub fn set_upload_limit(&self, bytes: usize) {
        self.act(|server, _| server.upload_max_bytes = bytes);
    }
}
