//! What we know of one room: state events folded into who is there, what it is called and what it takes.

use super::bridge::{self, Claim};
use super::content::{Bridge, Create, Features, FunctionalMembers, Member, Name};
use super::ids;
use super::wire::{Event, Summary, read};
use model::capability::Limits;
use std::collections::{BTreeMap, BTreeSet};

/// A person in a room, or one who was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// Joined or invited.
    pub is_present: bool,
    /// Name in this room.
    pub name: Option<String>,
    /// `mxc://` address of the picture.
    pub avatar: Option<String>,
}

/// One room.
#[derive(Debug, Clone, Default)]
pub struct Room {
    /// Its whole state (except members) has been seen.
    pub is_known: bool,
    /// All its members have been seen.
    pub is_complete: bool,
    /// Members seen so far, we excluded.
    pub people: BTreeMap<String, Person>,
    /// Who invited us.
    pub inviter: Option<String>,
    /// The invitation was to a conversation of two.
    pub is_direct_invite: bool,
    /// Encrypted; sticks, whatever its state event is overwritten with.
    pub is_encrypted: bool,
    /// A bridge's believable claims, by state key and kind of event.
    pub(super) claims: BTreeMap<(String, String), Claim>,
    /// Own name of the room, and whether it only repeats the customer's.
    pub(super) name: Option<(String, bool)>,
    /// Bots that do not count, by the room's own word.
    pub(super) service: BTreeSet<String>,
    pub(super) heroes: Vec<String>,
    pub(super) joined: Option<u64>,
    pub(super) invited: Option<u64>,
    pub(super) room_type: Option<String>,
    is_replaced: bool,
    features: BTreeMap<String, (String, Limits)>,
}

impl Room {
    /// Folds a state event in. Says whether it can change what the conversation shows.
    pub fn apply(&mut self, me: &str, event: &Event<'_>) -> bool {
        let Some(key) = &event.state_key else { return false };
        match (event.kind.as_str(), key.as_str()) {
            ("m.room.create", "") => {
                self.is_known = true;
                self.room_type = event.content::<Create>().room_type;
            }
            ("m.room.member", user) if user == me => self.apply_own_membership(event),
            ("m.room.member", user) if ids::user(user).is_some() => {
                self.apply_membership(user, event.content())
            }
            ("m.room.name", "") => {
                let name: Name = event.content();
                let is_implicit = name.is_implicit;
                self.name = name.name.filter(|n| !n.trim().is_empty()).map(|name| (name, is_implicit));
            }
            ("m.room.encryption", "") => self.is_encrypted = true,
            ("m.room.tombstone", "") => self.is_replaced = true,
            ("io.element.functional_members", "") => {
                self.service = event.content::<FunctionalMembers>().service_members.into_iter().collect();
            }
            ("m.bridge" | "uk.half-shot.bridge", key) => {
                let place = (key.to_owned(), event.kind.clone());
                match Claim::new(me, &event.sender, key, event.content::<Bridge>()) {
                    Some(claim) => self.claims.insert(place, claim),
                    None => self.claims.remove(&place),
                };
            }
            ("com.beeper.room_features", key) => {
                let limits = bridge::limits(&event.content::<Features<'_>>());
                self.features.insert(key.to_owned(), (event.sender.clone(), limits));
            }
            _ => return false,
        }
        true
    }

    /// Makes way for the whole state that comes when we enter again. How we were invited stays, and so does encryption.
    pub fn forget(&mut self) {
        let before = std::mem::take(self);
        (self.inviter, self.is_direct_invite) = (before.inviter, before.is_direct_invite);
        self.is_encrypted = before.is_encrypted;
    }

    /// Folds the summary in: only changed keys come.
    pub fn apply_summary(&mut self, summary: Option<&Summary>) {
        let Some(summary) = summary else { return };
        if let Some(heroes) = &summary.heroes {
            self.heroes.clone_from(heroes);
        }
        self.joined = summary.joined.or(self.joined);
        self.invited = summary.invited.or(self.invited);
    }

    fn apply_own_membership(&mut self, event: &Event<'_>) {
        let own: Member = event.content();
        if own.membership == "invite" {
            self.inviter = Some(event.sender.clone());
            self.is_direct_invite = own.is_direct;
        } else if let Some(before) = event.unsigned.prev_content.and_then(read::<Member>)
            && before.membership == "invite"
            && own.membership == "join"
        {
            self.is_direct_invite |= before.is_direct;
            self.inviter = event.unsigned.prev_sender.clone().or(self.inviter.take());
        }
    }

    fn apply_membership(&mut self, user: &str, content: Member) {
        let person = self.people.entry(user.to_owned()).or_default();
        person.is_present = matches!(content.membership.as_str(), "join" | "invite");
        // A leaving member's event often lacks the name; the one we know stays.
        if person.is_present {
            person.name = content.displayname.filter(|name| !name.trim().is_empty());
            person.avatar = content.avatar_url;
        }
    }

    /// The bridge we believe: its bot said so, and a ghost of it is or was here.
    pub fn bridge(&self) -> Option<&Claim> {
        let users = || self.people.keys().chain(&self.heroes);
        self.claims.values().find(|claim| users().any(|user| claim.is_ghost(user)))
    }

    /// What differs here from the platform's own limits.
    pub fn limits(&self) -> Limits {
        let bot = self.bridge().map(Claim::bot);
        let bridged = self.features.values().find(|(sender, _)| Some(sender.as_str()) == bot);
        Limits {
            is_encrypted: self.is_encrypted,
            is_read_only: self.is_replaced,
            ..bridged.map(|(_, limits)| limits.clone()).unwrap_or_default()
        }
    }

    /// Whether a user is here for the network's or the server's sake, and is nobody's customer.
    pub fn is_service(&self, user: &str) -> bool {
        self.service.contains(user) || self.claims.values().any(|claim| claim.bot() == user)
    }

    /// Whether a user is the brand itself: the account, or its own ghost behind a bridge.
    pub fn is_us(&self, me: &str, user: &str) -> bool {
        user == me || self.bridge().is_some_and(|bridge| bridge.is_own_ghost(user))
    }
}
