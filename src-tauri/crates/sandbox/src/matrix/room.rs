//! A room: its events in the order of the stream, and what its people have done beside them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::event::Event;

/// A read mark of one person.
pub(crate) struct Receipt {
    pub event_id: String,
    pub at_ms: i64,
    /// When the mark was set, in the stream.
    pub position: u64,
    /// Where it points, in the stream; unknown events point nowhere.
    pub points_at: u64,
}

pub(crate) struct Room {
    pub id: String,
    pub events: Vec<Event>,
    /// By (user, is private).
    pub receipts: BTreeMap<(String, bool), Receipt>,
    /// Who types, until when in ms.
    pub typing: BTreeMap<String, i64>,
    pub typing_position: u64,
    /// By (user, type): when set, and what.
    pub account_data: BTreeMap<(String, String), (u64, Value)>,
    /// The last position at which anything here changed.
    pub touched: u64,
    /// Events that no sync tells of.
    pub unannounced: BTreeSet<String>,
}

impl Room {
    pub fn new(id: &str) -> Room {
        Room {
            id: id.to_owned(),
            events: Vec::new(),
            receipts: BTreeMap::new(),
            typing: BTreeMap::new(),
            typing_position: 0,
            account_data: BTreeMap::new(),
            touched: 0,
            unannounced: BTreeSet::new(),
        }
    }

    /// The newest state event of this kind and key up to a position.
    pub fn state_at(&self, kind: &str, key: &str, position: u64) -> Option<&Event> {
        self.events.iter().rev().find(|event| {
            event.position <= position && event.kind == kind && event.state_key.as_deref() == Some(key)
        })
    }

    pub fn state(&self, kind: &str, key: &str) -> Option<&Event> {
        self.state_at(kind, key, u64::MAX)
    }

    /// The whole state up to a position, one event per (kind, key), oldest first.
    pub fn states_at(&self, position: u64) -> Vec<&Event> {
        let mut newest: BTreeMap<(&str, &str), &Event> = BTreeMap::new();
        for event in self.events.iter().filter(|event| event.position <= position) {
            if let Some(key) = &event.state_key {
                newest.insert((event.kind.as_str(), key.as_str()), event);
            }
        }
        let mut states: Vec<&Event> = newest.into_values().collect();
        states.sort_by_key(|event| event.position);
        states
    }

    pub fn member(&self, user: &str) -> Option<&Event> {
        self.state("m.room.member", user)
    }

    /// `join`, `invite`, `leave` or `ban`; `leave` for strangers.
    pub fn membership(&self, user: &str) -> &str {
        membership_of(self.member(user))
    }

    pub fn membership_at(&self, user: &str, position: u64) -> &str {
        membership_of(self.state_at("m.room.member", user, position))
    }

    /// Users with this membership now, in the order in which they got it.
    pub fn members(&self, membership: &str) -> Vec<&str> {
        self.states_at(u64::MAX)
            .into_iter()
            .filter(|event| event.kind == "m.room.member" && membership_of(Some(event)) == membership)
            .filter_map(|event| event.state_key.as_deref())
            .collect()
    }

    pub fn event(&self, id: &str) -> Option<&Event> {
        self.events.iter().rev().find(|event| event.id == id)
    }

    /// The last position a person may read: all of it for members, up to the leaving for those who left.
    pub fn readable_until(&self, user: &str) -> Option<u64> {
        match self.membership(user) {
            "join" => Some(u64::MAX),
            "leave" | "ban" => self.member(user).map(|event| event.position),
            _ => None,
        }
    }

    /// Messages of others after the person's own last read mark or message.
    pub fn unread_count(&self, user: &str) -> usize {
        let marks = [true, false].map(|private| {
            self.receipts.get(&(user.to_owned(), private)).map_or(0, |receipt| receipt.points_at)
        });
        let own =
            self.events.iter().rev().find(|event| event.sender == user).map_or(0, |event| event.position);
        let read = marks[0].max(marks[1]).max(own);
        self.events.iter().filter(|event| event.position > read && notifies(event, user)).count()
    }
}

fn membership_of(event: Option<&Event>) -> &str {
    event.and_then(|event| event.content.get("membership")).and_then(Value::as_str).unwrap_or("leave")
}

/// The server's default push rules: messages count, edits, notices and reactions do not.
fn notifies(event: &Event, user: &str) -> bool {
    let is_message = matches!(event.kind.as_str(), "m.room.message" | "m.room.encrypted" | "m.sticker");
    let is_notice = event.content.get("msgtype").and_then(Value::as_str) == Some("m.notice");
    let is_edit = event.relation().is_some_and(|(kind, _)| kind == "m.replace");
    is_message && !is_notice && !is_edit && event.sender != user && event.redacted_because.is_none()
}
