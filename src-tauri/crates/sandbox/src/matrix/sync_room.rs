//! One room's part of a sync.

use serde_json::{Map, Value, json};

use super::event::Event;
use super::filter::{Filter, passes};
use super::login::Session;
use super::room::Room;

/// A person's view of a room since a position.
pub(crate) struct View<'a> {
    pub room: &'a Room,
    pub session: &'a Session,
    pub since: Option<u64>,
    pub full: bool,
    pub filter: &'a Filter,
    pub now_ms: i64,
}

impl View<'_> {
    /// The entry under `rooms.join`, if anything in it is new.
    pub fn joined(&self, newest: u64) -> Option<Value> {
        let from = self.since.unwrap_or(0);
        let me = self.session.user.as_str();
        let just_joined = self.since.is_some_and(|since| self.room.membership_at(me, since) != "join");
        let whole = self.full || just_joined;
        let first = if just_joined || self.since.is_none() { 0 } else { from };
        let is_told = |event: &&Event| event.position > first && !self.room.unannounced.contains(&event.id);
        let fresh: Vec<&Event> = self.room.events.iter().filter(is_told).collect();
        // A room one has just joined comes with its state and an empty timeline: history has to be asked for.
        let shown = if just_joined { 0 } else { fresh.len().min(self.filter.timeline_limit) };
        let timeline = &fresh[fresh.len() - shown..];
        let limited = fresh.len() > shown;
        let start = timeline.first().map_or(newest + 1, |event| event.position);
        let prev_batch = format!("t{}", start - 1);
        let events: Vec<Value> = timeline
            .iter()
            .filter(|event| passes(self.filter.timeline_types.as_ref(), &event.kind))
            .map(|event| event.for_client(&self.room.id, Some(&self.session.device), self.now_ms))
            .collect();
        let membership_changed = fresh.iter().any(|event| event.kind == "m.room.member");
        let heroes = self.heroes(me);
        let state = self.state(if whole { 0 } else { from }, start, timeline, &heroes, whole);
        let ephemeral = self.ephemeral(from, whole, me);
        let account_data = self.account_data(from, whole, me);
        let is_quiet = fresh.is_empty() && ephemeral.is_empty() && account_data.is_empty();
        if is_quiet && !whole {
            return None;
        }
        let mut entry = json!({
            "timeline": { "events": events, "limited": limited, "prev_batch": prev_batch },
            "state": { "events": state },
            "ephemeral": { "events": ephemeral },
            "account_data": { "events": account_data },
            "unread_notifications": { "notification_count": self.room.unread_count(me), "highlight_count": 0 },
        });
        if self.filter.lazy && (whole || membership_changed) {
            let mut summary = json!({
                "m.joined_member_count": self.room.members("join").len(),
                "m.invited_member_count": self.room.members("invite").len(),
            });
            if !heroes.is_empty() {
                summary["m.heroes"] = json!(heroes);
            }
            entry["summary"] = summary;
        }
        Some(entry)
    }

    /// The entry under `rooms.leave`: what happened up to the leaving.
    pub fn left(&self, until: u64) -> Value {
        let from = self.since.unwrap_or(0);
        let fresh: Vec<&Event> = self
            .room
            .events
            .iter()
            .filter(|event| event.position > from && event.position <= until)
            .collect();
        let shown = fresh.len().min(self.filter.timeline_limit);
        let timeline = &fresh[fresh.len() - shown..];
        let events: Vec<Value> = timeline
            .iter()
            .map(|event| event.for_client(&self.room.id, Some(&self.session.device), self.now_ms))
            .collect();
        let prev_batch = timeline.first().map_or(until, |event| event.position - 1);
        json!({
            "timeline": { "events": events, "limited": fresh.len() > shown, "prev_batch": format!("t{prev_batch}") },
            "state": { "events": [] },
        })
    }

    /// Up to five other members, for rooms without a name.
    fn heroes(&self, me: &str) -> Vec<String> {
        let named = self.room.state("m.room.name", "").is_some_and(|event| event.content["name"].is_string());
        if named || !self.filter.lazy {
            return Vec::new();
        }
        let joined = self.room.members("join").into_iter().chain(self.room.members("invite"));
        joined.filter(|user| *user != me).take(5).map(str::to_owned).collect()
    }

    /// State before the timeline: all of it, or what changed since; members only as far as the client needs them.
    fn state(
        &self,
        from: u64,
        start: u64,
        timeline: &[&Event],
        heroes: &[String],
        whole: bool,
    ) -> Vec<Value> {
        let me = self.session.user.as_str();
        let is_wanted = |event: &Event| {
            if !passes(self.filter.state_types.as_ref(), &event.kind) {
                return false;
            }
            if event.kind != "m.room.member" || !self.filter.lazy {
                return event.position > from;
            }
            let user = event.state_key.as_deref().unwrap_or_default();
            let speaks = timeline.iter().any(|spoken| spoken.sender == user);
            let told = event.position > from && (user == me || heroes.iter().any(|hero| hero == user));
            speaks || (whole && told)
        };
        let states = self.room.states_at(start.saturating_sub(1));
        let wanted = states.into_iter().filter(|event| is_wanted(event));
        wanted.map(|event| event.for_client(&self.room.id, None, self.now_ms)).collect()
    }

    fn ephemeral(&self, from: u64, whole: bool, me: &str) -> Vec<Value> {
        let mut events = Vec::new();
        let mut content = Map::new();
        for ((user, private), receipt) in &self.room.receipts {
            if (receipt.position <= from && !whole) || (*private && user != me) {
                continue;
            }
            let kind = if *private { "m.read.private" } else { "m.read" };
            let entry = content.entry(receipt.event_id.clone()).or_insert_with(|| json!({}));
            entry[kind][user] = json!({ "ts": receipt.at_ms });
        }
        if !content.is_empty() {
            events.push(json!({ "type": "m.receipt", "content": content }));
        }
        if self.room.typing_position > from && self.since.is_some() {
            let users: Vec<&String> = self.room.typing.keys().collect();
            events.push(json!({ "type": "m.typing", "content": { "user_ids": users } }));
        }
        events.retain(|event| {
            passes(self.filter.ephemeral_types.as_ref(), event["type"].as_str().unwrap_or_default())
        });
        events
    }

    fn account_data(&self, from: u64, whole: bool, me: &str) -> Vec<Value> {
        let mine = self.room.account_data.iter().filter(|((user, _), _)| user == me);
        mine.filter(|((_, kind), (position, _))| {
            (*position > from || whole) && passes(self.filter.room_data_types.as_ref(), kind)
        })
        .map(|((_, kind), (_, content))| json!({ "type": kind, "content": content }))
        .collect()
    }
}

/// What an invited person sees of the room.
pub(crate) fn invite_state(room: &Room, me: &str) -> Vec<Value> {
    const SHOWN: [&str; 5] =
        ["m.room.create", "m.room.name", "m.room.avatar", "m.room.encryption", "m.room.join_rules"];
    let inviter = room.member(me).map(|event| event.sender.clone()).unwrap_or_default();
    room.states_at(u64::MAX)
        .into_iter()
        .filter(|event| {
            let user = event.state_key.as_deref().unwrap_or_default();
            SHOWN.contains(&event.kind.as_str())
                || (event.kind == "m.room.member" && (user == me || user == inviter))
        })
        .map(Event::stripped)
        .collect()
}
