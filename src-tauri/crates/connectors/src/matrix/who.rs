//! Who the customer of a room is, what the room is called, and whether it is a conversation at all.

use super::bridge;
use super::ids;
use super::room::{Person, Room};
use model::attachment::MediaRef;
use model::conversation::ConversationKind;
use model::remote::{RemoteContact, RemoteConversation};
use std::collections::BTreeSet;

/// Who is on the other side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Customer {
    /// One person.
    One(String),
    /// Several.
    Several,
    /// Nobody (any more) that we know of.
    Nobody,
    /// One, but lazy loading has not told us who.
    NotLoaded,
}

impl Room {
    /// The customer. `direct` are the users for whom the account's `m.direct` lists this room.
    pub fn customer(&self, me: &str, direct: &[String]) -> Customer {
        let counts = |user: &str| !self.is_us(me, user) && !self.is_service(user);
        let listed = || direct.iter().filter(|user| counts(user));
        if let Some(user) = listed().find(|user| self.people.contains_key(*user)).or_else(|| listed().next())
        {
            return Customer::One(user.clone());
        }
        if let Some(inviter) = self.inviter.as_ref().filter(|user| self.is_direct_invite && counts(user)) {
            return Customer::One(inviter.clone());
        }
        let mut present: BTreeSet<&String> = self
            .people
            .iter()
            .filter(|(user, p)| p.is_present && counts(user))
            .map(|(user, _)| user)
            .collect();
        if let Some(bridge) = self.bridge().filter(|bridge| bridge.is_direct())
            && let Some(ghost) = present.iter().find(|user| bridge.is_ghost(user))
        {
            return Customer::One((*ghost).clone());
        }
        // Heroes of a room that others have left are its former members; nobody present speaks for them.
        if self.joined.unwrap_or(2) + self.invited.unwrap_or(0) > 1 {
            present
                .extend(self.heroes.iter().filter(|user| counts(user) && !self.people.contains_key(*user)));
        }
        let others = self.count_others(me).unwrap_or(present.len()).max(present.len());
        match (others, present.first()) {
            (0, _) => {
                let mut former = self.people.keys().filter(|user| counts(user));
                match (former.next(), former.next()) {
                    (Some(user), None) => Customer::One(user.clone()),
                    _ => Customer::Nobody,
                }
            }
            (1, Some(user)) => Customer::One((*user).clone()),
            (1, None) => Customer::NotLoaded,
            _ => Customer::Several,
        }
    }

    /// How many others are here that count, by the server's figures; none once all members are known anyway.
    fn count_others(&self, me: &str) -> Option<usize> {
        let all = self.joined? + self.invited.unwrap_or(0);
        if self.is_complete {
            return None;
        }
        let aside: BTreeSet<&str> = self
            .service
            .iter()
            .map(String::as_str)
            .chain(self.claims.values().map(bridge::Claim::bot))
            .chain(self.people.keys().map(String::as_str).filter(|user| self.is_us(me, user)))
            .filter(|user| *user != me && self.people.get(*user).is_none_or(|person| person.is_present))
            .collect();
        Some(usize::try_from(all).unwrap_or(usize::MAX).saturating_sub(1 + aside.len()))
    }

    /// Whether who is here must be asked for before the room can be shown.
    pub fn lacks_members(&self, me: &str, direct: &[String]) -> bool {
        let is_claim_open = !self.claims.is_empty() && self.bridge().is_none();
        !self.is_complete && (is_claim_open || self.customer(me, direct) == Customer::NotLoaded)
    }

    /// Whether it is no conversation with anybody: a folder, or the room in which a bridge's bot takes orders.
    pub fn is_hidden(&self, me: &str, bots: &BTreeSet<String>) -> bool {
        if self.room_type.as_deref() == Some("m.space") || self.bridge().is_some_and(|b| b.is_folder()) {
            return true;
        }
        // An invitation shows no bridge yet; one with a name is rather a customer's room than the one for orders.
        if !self.is_known && self.name.is_some() {
            return false;
        }
        let is_bot = |user: &String| bots.contains(user) || bridge::is_usual_bot(me, user);
        let mut present: BTreeSet<&String> =
            self.people.iter().filter(|(_, person)| person.is_present).map(|(user, _)| user).collect();
        present.extend(self.heroes.iter().filter(|user| *user != me && !self.people.contains_key(*user)));
        let others =
            self.joined.map_or(present.len() as u64, |n| (n + self.invited.unwrap_or(0)).saturating_sub(1));
        self.claims.is_empty() && others == 1 && present.len() == 1 && present.iter().all(|user| is_bot(user))
    }

    /// The conversation as it stands.
    pub fn conversation(&self, me: &str, id: &str, direct: &[String]) -> RemoteConversation {
        let customer = self.customer(me, direct);
        let (kind, contact) = match &customer {
            Customer::One(user) => (Some(ConversationKind::Direct), Some(user.as_str().into())),
            Customer::Several => (Some(ConversationKind::Group), None),
            Customer::Nobody | Customer::NotLoaded => (None, None),
        };
        RemoteConversation {
            remote_id: id.into(),
            kind,
            title: self.title(me, &customer),
            contact,
            network: self.bridge().map(|bridge| bridge.label().to_owned()),
            limits: Some(self.limits()),
        }
    }

    /// The request that an invitation is.
    pub fn request(&self, me: &str, id: &str) -> RemoteConversation {
        let bot_invites = self.inviter.as_deref().is_none_or(|inviter| self.is_service(inviter));
        let ghost =
            self.people.keys().find(|user| bot_invites && !self.is_service(user) && !self.is_us(me, user));
        let contact = ghost.or(self.inviter.as_ref());
        let customer = contact.map_or(Customer::Nobody, |user| Customer::One(user.clone()));
        RemoteConversation {
            remote_id: id.into(),
            kind: Some(ConversationKind::Request),
            title: if self.is_direct_invite { None } else { self.title(me, &customer) },
            contact: contact.map(|user| user.as_str().into()),
            network: self.bridge().map(|bridge| bridge.label().to_owned()),
            limits: Some(self.limits()),
        }
    }

    fn title(&self, me: &str, customer: &Customer) -> Option<String> {
        if let Customer::One(user) = customer {
            let (name, is_implicit) = self.name.as_ref()?;
            let is_bridged = self.bridge().is_some_and(|bridge| bridge.is_direct());
            let is_customers = self.people.get(user).is_some_and(|person| person.name.as_ref() == Some(name));
            return (!is_implicit && !is_bridged && !is_customers).then(|| name.clone());
        }
        if let Some((name, _)) = &self.name {
            return Some(name.clone());
        }
        let names: Vec<&str> = self
            .heroes
            .iter()
            .chain(
                self.people
                    .iter()
                    .filter(|(_, p)| self.heroes.is_empty() && p.is_present)
                    .map(|(user, _)| user),
            )
            .filter(|user| !self.is_us(me, user) && !self.is_service(user))
            .take(5)
            .map(|user| self.name_of(user))
            .collect();
        (!names.is_empty()).then(|| names.join(", "))
    }

    fn name_of<'a>(&'a self, user: &'a str) -> &'a str {
        match self.people.get(user).and_then(|person| person.name.as_deref()) {
            Some(name) => self.bridge().map_or(name, |bridge| bridge.plain_name(name)),
            None => ids::user(user).map_or(user, |(local, _)| local),
        }
    }

    /// A person of this room as a contact. A ghost's address means nothing outside the bridge and is left out.
    pub fn contact(&self, user: &str) -> RemoteContact {
        let unknown = Person::default();
        let person = self.people.get(user).unwrap_or(&unknown);
        let bridge = self.bridge().filter(|bridge| bridge.is_ghost(user));
        RemoteContact {
            remote_id: user.into(),
            name: person.name.as_deref().map(|name| bridge.map_or(name, |b| b.plain_name(name)).to_owned()),
            handle: bridge.is_none().then(|| user.to_owned()),
            avatar: person.avatar.as_deref().and_then(media),
        }
    }
}

/// Where the bytes of an `mxc://` address are.
pub fn media(uri: &str) -> Option<MediaRef> {
    ids::mxc(uri).map(|_| MediaRef { key: uri.to_owned(), source: uri.to_owned() })
}
