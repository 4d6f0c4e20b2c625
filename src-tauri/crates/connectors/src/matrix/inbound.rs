//! Answers of the server → facts. Pure: no clock, no I/O; a malformed item costs itself and nothing else.

use super::cursor::{HOLE, PageCursor};
use super::ids;
use super::message::{Scene, facts};
use super::room::Room;
use super::rooms::{Rooms, Touched};
use super::wire::{Event, Joined, Page, Raw, Sync, read};
use model::Timestamp;
use model::remote::{ReadMark, RemoteEvent};
use std::collections::{BTreeMap, BTreeSet};

/// Facts, and shapes of what could not be understood.
#[derive(Debug, Default)]
pub struct Batch {
    /// Facts, in the platform's order.
    pub events: Vec<RemoteEvent>,
    /// Shapes, never content.
    pub problems: Vec<String>,
    /// The order of the next message after these.
    pub order: i64,
    /// Contacts in it already.
    told: BTreeSet<String>,
}

/// When and after what a sync happened.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    /// Now, by the server's clock if it told.
    pub now: Timestamp,
    /// The sync before; none on a first sync.
    pub since: Option<&'a str>,
    /// The order of the first message.
    pub order: i64,
}

/// The facts of a sync that `rooms` has absorbed; `touched` are the conversations that may look different.
pub fn sync(rooms: &Rooms, sync: &Sync<'_>, touched: &Touched, moment: Moment<'_>) -> Batch {
    let mut batch = Batch { order: moment.order, ..Batch::default() };
    for (id, raw) in &sync.rooms.join {
        let Some(joined) = read::<Joined<'_>>(raw) else {
            batch.problems.push("joined room: not an object".into());
            continue;
        };
        let Some(room) = rooms.get(id) else {
            batch.problems.push("joined room: id".into());
            continue;
        };
        if !room.is_hidden(rooms.me(), rooms.bots()) {
            batch.joined(rooms, id, room, &joined, touched, moment);
        }
    }
    // Listed as direct elsewhere than where something was said: the kind of these conversations has changed.
    for id in touched.conversations.iter().filter(|id| !sync.rooms.join.contains_key(*id)) {
        if let Some(room) = rooms.get(id).filter(|room| !room.is_hidden(rooms.me(), rooms.bots())) {
            batch.conversation(rooms, id, room);
        }
    }
    for id in sync.rooms.invite.keys() {
        match rooms.get(id) {
            Some(room) if !room.is_hidden(rooms.me(), rooms.bots()) => {
                let request = room.request(rooms.me(), id);
                batch.contacts(room, request.contact.iter().map(|user| user.as_str()));
                batch.events.push(RemoteEvent::Conversation(request));
            }
            Some(_) => {}
            None => batch.problems.push("invitation: id".into()),
        }
    }
    let nothing = Room::default();
    for (id, raw) in sync.rooms.leave.iter().filter(|(id, _)| ids::is_sound(id)) {
        let room = rooms.get(id).unwrap_or(&nothing);
        if room.is_hidden(rooms.me(), rooms.bots()) {
            continue;
        }
        let left: Joined<'_> = read(raw).unwrap_or_default();
        let scene = Scene { me: rooms.me(), id, room, now: moment.now, is_history: moment.since.is_none() };
        batch.timeline(&scene, &left.timeline.events, moment.order);
        batch.events.push(RemoteEvent::Left { conversation: id.as_str().into() });
    }
    batch
}

/// The facts of a page of history, oldest first, and how many places in the order it takes.
pub fn page(rooms: &Rooms, id: &str, page: &Page<'_>, now: Timestamp, order: i64) -> Batch {
    let mut batch = Batch { order: order.saturating_sub(page.chunk.len() as i64), ..Batch::default() };
    let nothing = Room::default();
    let room = rooms.get(id).unwrap_or(&nothing);
    // Members as they were when they wrote; what is known of them today is newer and stays.
    let mut then = room.clone();
    let mut strangers = BTreeSet::new();
    for event in page.state.iter().filter_map(|event| Event::read(event)) {
        if let Some(user) = event.state_key.as_ref().filter(|user| !room.people.contains_key(*user))
            && event.kind == "m.room.member"
            && user != rooms.me()
        {
            then.apply(rooms.me(), &event);
            strangers.insert(user.clone());
        }
    }
    batch.contacts(&then, strangers.iter().map(String::as_str));
    let scene = Scene { me: rooms.me(), id, room: &then, now, is_history: true };
    let oldest_first: Vec<Raw<'_>> = page.chunk.iter().rev().copied().collect();
    let first = batch.order;
    batch.timeline(&scene, &oldest_first, first);
    batch.order = first;
    batch
}

impl Batch {
    fn joined(
        &mut self,
        rooms: &Rooms,
        id: &str,
        room: &Room,
        joined: &Joined<'_>,
        touched: &Touched,
        moment: Moment<'_>,
    ) {
        let scene = Scene { me: rooms.me(), id, room, now: moment.now, is_history: moment.since.is_none() };
        let members = touched.people.iter().filter(|(room, _)| room == id).map(|(_, user)| user.as_str());
        self.contacts(room, members);
        // Of a room whose state is closed to us too little is known to say anything: what is stored stays.
        if touched.conversations.contains(id) && room.is_known {
            self.conversation(rooms, id, room);
        }
        let is_hole = joined.timeline.is_limited && moment.since.is_some();
        let first = if is_hole { moment.order.saturating_add(HOLE) } else { moment.order };
        if let Some(from) = joined.timeline.prev_batch.clone().filter(|_| joined.timeline.is_limited) {
            // A room we have just entered has no hole: all that is missing lies before what we know.
            let is_new = joined.events().any(|event| event.kind == "m.room.create");
            let to = moment.since.filter(|_| !is_new).map(str::to_owned);
            let before = PageCursor { from: Some(from), to, order: first };
            self.events.push(RemoteEvent::Gap {
                conversation: id.into(),
                before: Some(before.write()),
                is_hole: is_hole && !is_new,
            });
        }
        self.timeline(&scene, &joined.timeline.events, first);
        self.receipts(&scene, joined);
    }

    fn conversation(&mut self, rooms: &Rooms, id: &str, room: &Room) {
        let conversation = room.conversation(rooms.me(), id, rooms.direct(id));
        self.contacts(room, conversation.contact.iter().map(|user| user.as_str()));
        self.events.push(RemoteEvent::Conversation(conversation));
    }

    fn contacts<'a>(&mut self, room: &Room, users: impl Iterator<Item = &'a str>) {
        let is_us = |user: &&str| room.bridge().is_some_and(|bridge| bridge.is_own_ghost(user));
        for user in users.filter(|user| !is_us(user)) {
            let contact = room.contact(user);
            // A room that has not loaded a person must not hide what another room knows of them.
            if contact.name.is_none() || self.told.insert(user.to_owned()) {
                self.events.push(RemoteEvent::Contact(contact));
            }
        }
    }

    fn timeline(&mut self, scene: &Scene<'_>, events: &[Raw<'_>], first: i64) {
        for (place, raw) in (0_i64..).zip(events) {
            let order = first.saturating_add(place);
            match Event::read(raw) {
                None => self.problems.push("event: not an object with a type".into()),
                Some(event) => match facts(scene, &event, order) {
                    Ok(facts) => self.events.extend(facts),
                    Err(shape) => self.problems.push(format!("{}: {shape}", event.kind)),
                },
            }
        }
        self.order = self.order.max(first.saturating_add(events.len() as i64));
    }

    /// Read marks. A receipt in a thread says nothing about the conversation; a bot's says that it delivered.
    fn receipts(&mut self, scene: &Scene<'_>, joined: &Joined<'_>) {
        let told: BTreeMap<String, Event<'_>> = joined
            .timeline
            .events
            .iter()
            .filter_map(|event| Event::read(event))
            .filter_map(|event| Some((event.event_id.clone()?, event)))
            .collect();
        let ephemeral = joined.ephemeral.events.iter().filter_map(|event| Event::read(event));
        for content in ephemeral.filter(|event| event.kind == "m.receipt").filter_map(|event| event.content) {
            for (event_id, receipts) in read::<BTreeMap<String, Raw<'_>>>(content).unwrap_or_default() {
                if !ids::is_sound(&event_id) {
                    self.problems.push("m.receipt: event id".into());
                    continue;
                }
                let (by_us, by_them) = readers(scene, receipts);
                let up_to = || match told.get(&event_id) {
                    // Read up to something that is no message: say when that was.
                    Some(event) if !is_message(scene, event) => ReadMark::Time(scene.time(event)),
                    _ => ReadMark::Message(event_id.as_str().into()),
                };
                let conversation = || scene.id.into();
                if by_us {
                    self.events.push(RemoteEvent::ReadByUs { conversation: conversation(), up_to: up_to() });
                }
                if by_them {
                    self.events
                        .push(RemoteEvent::ReadByThem { conversation: conversation(), up_to: up_to() });
                }
            }
        }
    }
}

fn is_message(scene: &Scene<'_>, event: &Event<'_>) -> bool {
    facts(scene, event, 0).is_ok_and(|facts| matches!(facts.first(), Some(RemoteEvent::Message(_))))
}

/// Whether we, and whether somebody who counts, have read up to an event.
fn readers(scene: &Scene<'_>, receipts: Raw<'_>) -> (bool, bool) {
    #[derive(serde::Deserialize)]
    struct Receipt {
        thread_id: Option<String>,
    }
    let kinds: BTreeMap<String, Raw<'_>> = read(receipts).unwrap_or_default();
    let (mut by_us, mut by_them) = (false, false);
    for (_, users) in kinds.iter().filter(|(kind, _)| matches!(kind.as_str(), "m.read" | "m.read.private")) {
        for (user, receipt) in read::<BTreeMap<String, Raw<'_>>>(users).unwrap_or_default() {
            let thread = read::<Receipt>(receipt).and_then(|receipt| receipt.thread_id);
            if thread.is_some_and(|thread| thread != "main") {
                continue;
            }
            if scene.room.is_us(scene.me, &user) {
                by_us = true;
            } else if ids::user(&user).is_some() && !scene.room.is_service(&user) {
                by_them = true;
            }
        }
    }
    (by_us, by_them)
}
