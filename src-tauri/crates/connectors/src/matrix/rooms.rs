//! What a session remembers about the account's rooms, and which of it a sync has changed.
//!
//! It lives in memory only: an incremental sync tells changes, so a room that says something for the first time after
//! a restart is asked for its state once.

use super::ids;
use super::room::Room;
use super::wire::{Event, Invited, Joined, Raw, Sync, read};
use std::collections::{BTreeMap, BTreeSet};

/// What a sync has changed.
#[derive(Debug, Default)]
pub struct Touched {
    /// Rooms whose conversation may look different.
    pub conversations: BTreeSet<String>,
    /// Rooms and members in them who may look different.
    pub people: BTreeSet<(String, String)>,
}

/// The rooms of one account, as far as they are known.
#[derive(Debug, Default)]
pub struct Rooms {
    me: String,
    rooms: BTreeMap<String, Room>,
    /// Users by room, from the account's `m.direct`; none until it was seen or asked for.
    direct: Option<BTreeMap<String, Vec<String>>>,
    bots: BTreeSet<String>,
    /// Rooms whose state was asked for and could not be had (closed to us, too large): not asked for again.
    unreadable: BTreeSet<String>,
}

impl Rooms {
    /// Nothing known yet, but for the bots that an earlier session has met.
    pub fn new(me: &str, bots: impl IntoIterator<Item = String>) -> Self {
        Self { me: me.to_owned(), bots: bots.into_iter().collect(), ..Self::default() }
    }

    /// The account itself.
    pub fn me(&self) -> &str {
        &self.me
    }

    /// A room, if anything is known of it.
    pub fn get(&self, id: &str) -> Option<&Room> {
        self.rooms.get(id)
    }

    /// Bots of bridges met so far.
    pub fn bots(&self) -> &BTreeSet<String> {
        &self.bots
    }

    /// Adds bots met by an earlier session.
    pub fn learn_bots(&mut self, bots: &[String]) {
        self.bots.extend(bots.iter().cloned());
    }

    /// Users for whom `m.direct` lists the room.
    pub fn direct(&self, id: &str) -> &[String] {
        self.direct.as_ref().and_then(|direct| direct.get(id)).map_or(&[], Vec::as_slice)
    }

    /// Whether `m.direct` is known.
    pub fn knows_direct(&self) -> bool {
        self.direct.is_some()
    }

    /// Takes the account's `m.direct`; what is not a list of rooms by user in it is ignored. Returns the rooms whose
    /// entry has changed.
    pub fn set_direct(&mut self, content: Option<Raw<'_>>) -> Vec<String> {
        let users: BTreeMap<String, Raw<'_>> = content.and_then(read).unwrap_or_default();
        let mut direct: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (user, rooms) in
            users.into_iter().filter(|(user, _)| ids::user(user).is_some() && *user != self.me)
        {
            for room in read::<Vec<Raw<'_>>>(rooms).unwrap_or_default() {
                if let Some(room) = read::<String>(room) {
                    direct.entry(room).or_default().push(user.clone());
                }
            }
        }
        let before = self.direct.take().unwrap_or_default();
        let changed = direct.iter().filter(|(room, users)| before.get(*room) != Some(users));
        let changed = changed.map(|(room, _)| room.clone()).collect();
        self.direct = Some(direct);
        changed
    }

    /// Folds a sync in. `is_continued`: everything told before has been stored, so only what differs from it is touched;
    /// otherwise all that the sync mentions is.
    pub fn absorb(&mut self, sync: &Sync<'_>, is_first: bool, is_continued: bool) -> Touched {
        let mut touched = Touched::default();
        for (id, raw) in sync.rooms.join.iter().filter(|(id, _)| ids::is_sound(id)) {
            let Some(joined) = read::<Joined<'_>>(raw) else { continue };
            let direct = self.direct(id).to_vec();
            let room = self.rooms.entry(id.clone()).or_default();
            let before = is_continued.then(|| room.conversation(&self.me, id, &direct));
            // Entered again: whoever left while we were away is not told.
            if room.is_known && joined.events().any(|event| event.kind == "m.room.create") {
                room.forget();
            }
            // Members who came or went in a gap are not told under lazy loading.
            room.is_complete &= !joined.timeline.is_limited;
            // A first sync tells the whole state of every room.
            room.is_known |= is_first;
            let mut is_mentioned = is_first || joined.summary.is_some();
            for event in joined.events() {
                let user = event.state_key.as_ref().filter(|_| event.kind == "m.room.member");
                let person = user.and_then(|user| room.people.get(user)).cloned();
                is_mentioned |= room.apply(&self.me, &event);
                if let Some((user, now)) = user.and_then(|user| room.people.get_key_value(user))
                    && now.is_present
                    && !(is_continued && person.as_ref() == Some(now))
                {
                    touched.people.insert((id.clone(), user.clone()));
                }
            }
            room.apply_summary(joined.summary.as_ref());
            self.bots.extend(room.bridge().map(|bridge| bridge.bot().to_owned()));
            if is_mentioned && before.is_none_or(|before| before != room.conversation(&self.me, id, &direct))
            {
                touched.conversations.insert(id.clone());
            }
        }
        for (id, raw) in sync.rooms.invite.iter().filter(|(id, _)| ids::is_sound(id)) {
            let invited: Invited<'_> = read(raw).unwrap_or_default();
            let mut room = Room::default();
            for event in invited.invite_state.events.iter().filter_map(|e| Event::read(e)) {
                room.apply(&self.me, &event);
            }
            // Stripped state is a part of the truth: joining must not find a room that counts as known.
            room.is_known = false;
            self.rooms.insert(id.clone(), room);
        }
        for event in sync.account_data.events.iter().filter_map(|e| Event::read(e)) {
            if event.kind == "m.direct" {
                let listed = self.set_direct(event.content);
                let is_known = |id: &String| self.get(id).is_some_and(|room| room.is_known);
                touched.conversations.extend(listed.into_iter().filter(is_known));
            }
        }
        if is_first && self.direct.is_none() {
            self.direct = Some(BTreeMap::new());
        }
        touched
    }

    /// Joined rooms of this sync that cannot be shown before their state was asked for.
    pub fn lacking(&self, sync: &Sync<'_>) -> Vec<String> {
        let is_lacking = |id: &&String| {
            let is_open = |room: &Room| !room.is_known || room.lacks_members(&self.me, self.direct(id));
            !self.unreadable.contains(*id) && self.get(id).is_some_and(is_open)
        };
        sync.rooms.join.keys().filter(is_lacking).cloned().collect()
    }

    /// Leaves a room as little known as it is.
    pub fn give_up(&mut self, id: &str) {
        self.unreadable.insert(id.to_owned());
    }

    /// Folds the whole current state of a room in.
    pub fn absorb_state(&mut self, id: &str, state: &[Raw<'_>]) {
        let room = self.rooms.entry(id.to_owned()).or_default();
        for event in state.iter().filter_map(|event| Event::read(event)) {
            room.apply(&self.me, &event);
        }
        (room.is_known, room.is_complete) = (true, true);
        self.bots.extend(room.bridge().map(|bridge| bridge.bot().to_owned()));
    }
}
