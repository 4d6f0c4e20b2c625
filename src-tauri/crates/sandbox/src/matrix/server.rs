//! The server's memory, and the one way to add an event to it.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};

use super::error::Refusal;
use super::event::{Draft, Event};
use super::login::Sessions;
use super::room::{Receipt, Room};
use crate::media::Media;
use crate::world::Chance;

pub(crate) struct User {
    pub password: String,
    pub display_name: String,
    pub avatar: Option<String>,
    /// By type: when set, and what.
    pub account_data: BTreeMap<String, (u64, Value)>,
    pub filters: Vec<Value>,
    /// Sends in the last moments, for the limit: tokens left and when counted.
    pub bucket: Option<(f64, i64)>,
}

/// One sent transaction: (user, device, room, event type, transaction id).
pub(crate) type Transaction = (String, String, String, String, String);

pub(crate) struct Server {
    pub host: String,
    pub domain: String,
    pub chance: Chance,
    pub users: BTreeMap<String, User>,
    pub sessions: Sessions,
    pub rooms: BTreeMap<String, Room>,
    /// The last position given out.
    pub stream: u64,
    pub media: HashMap<String, Media>,
    /// The event each became, and when, ms.
    pub transactions: HashMap<Transaction, (String, i64)>,
    pub upload_max_bytes: usize,
    /// (messages per second, burst) for each user; none by default.
    pub send_limit: Option<(f64, f64)>,
}

impl Server {
    pub fn new(host: &str, chance: Chance) -> Server {
        Server {
            host: host.to_owned(),
            domain: host.strip_prefix("matrix.").unwrap_or(host).to_owned(),
            chance,
            users: BTreeMap::new(),
            sessions: Sessions::default(),
            rooms: BTreeMap::new(),
            stream: 1,
            media: HashMap::new(),
            transactions: HashMap::new(),
            upload_max_bytes: 52_428_800,
            send_limit: None,
        }
    }

    pub fn next_position(&mut self) -> u64 {
        self.stream += 1;
        self.stream
    }

    pub fn room(&self, id: &str) -> Result<&Room, Refusal> {
        // Synapse does not tell unknown rooms from rooms one is not in.
        self.rooms.get(id).ok_or_else(|| Refusal::forbidden("You aren't a member of the room"))
    }

    /// Adds an event to a room as its newest, whatever time it claims. The id of a room that does not exist is a
    /// mistake of the caller; the event is then dropped.
    pub fn append(&mut self, room_id: &str, draft: Draft, at_ms: i64) -> String {
        let position = self.next_position();
        let id = format!("${}", self.chance.id(43));
        let Some(room) = self.rooms.get_mut(room_id) else { return id };
        let previous = draft
            .state_key
            .as_deref()
            .and_then(|key| room.state(&draft.kind, key))
            .map(|event| event.content.clone());
        let event = Event {
            position,
            id: id.clone(),
            kind: draft.kind,
            sender: draft.sender,
            at_ms,
            content: draft.content,
            state_key: draft.state_key,
            previous,
            transaction: draft.transaction,
            redacted_because: None,
        };
        if event.kind == "m.room.redaction" {
            redact(room, &event);
        }
        // Whoever writes has stopped typing.
        if event.state_key.is_none() && room.typing.remove(&event.sender).is_some() {
            room.typing_position = position;
        }
        room.touched = position;
        room.events.push(event);
        id
    }

    pub fn set_receipt(&mut self, room_id: &str, user: &str, event_id: &str, private: bool, at_ms: i64) {
        let position = self.next_position();
        let Some(room) = self.rooms.get_mut(room_id) else { return };
        let points_at = room.event(event_id).map_or(0, |event| event.position);
        let receipt = Receipt { event_id: event_id.to_owned(), at_ms, position, points_at };
        room.receipts.insert((user.to_owned(), private), receipt);
        room.touched = position;
    }

    pub fn set_room_data(&mut self, room_id: &str, user: &str, kind: &str, content: Value) {
        let position = self.next_position();
        let Some(room) = self.rooms.get_mut(room_id) else { return };
        room.account_data.insert((user.to_owned(), kind.to_owned()), (position, content));
        room.touched = position;
    }

    pub fn set_typing(&mut self, room_id: &str, user: &str, until_ms: Option<i64>) {
        let position = self.next_position();
        let Some(room) = self.rooms.get_mut(room_id) else { return };
        match until_ms {
            Some(until_ms) => room.typing.insert(user.to_owned(), until_ms),
            None => room.typing.remove(user),
        };
        room.typing_position = position;
        room.touched = position;
    }

    pub fn set_account_data(&mut self, user: &str, kind: &str, content: Value) {
        let position = self.next_position();
        if let Some(user) = self.users.get_mut(user) {
            user.account_data.insert(kind.to_owned(), (position, content));
        }
    }

    /// Forgets typing that nobody renewed.
    pub fn end_typing(&mut self, now_ms: i64) {
        let ended: Vec<(String, String)> = self
            .rooms
            .values()
            .flat_map(|room| {
                let late = room.typing.iter().filter(move |(_, until_ms)| **until_ms <= now_ms);
                late.map(|(user, _)| (room.id.clone(), user.clone()))
            })
            .collect();
        for (room, user) in ended {
            self.set_typing(&room, &user, None);
        }
    }

    pub fn profile(&self, user: &str) -> Value {
        let Some(user) = self.users.get(user) else { return json!({}) };
        let mut profile = json!({ "displayname": user.display_name });
        if let Some(avatar) = &user.avatar {
            profile["avatar_url"] = json!(avatar);
        }
        profile
    }

    pub fn store_media(&mut self, media: Media) -> String {
        let id = self.chance.id(24);
        let address = format!("mxc://{}/{id}", self.domain);
        self.media.insert(id, media);
        address
    }
}

fn redact(room: &mut Room, redaction: &Event) {
    let Some(target) = redaction.content.get("redacts").and_then(Value::as_str) else { return };
    if let Some(event) = room.events.iter_mut().rev().find(|event| event.id == target) {
        event.content = json!({});
        event.previous = None;
        event.redacted_because = Some(Box::new(redaction.clone()));
    }
}
