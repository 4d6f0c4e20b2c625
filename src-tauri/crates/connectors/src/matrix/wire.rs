//! The JSON of a homeserver, read leniently: every field may be missing or of any type.
//!
//! Events stay raw text until they are looked at, so that neither a malformed nor an absurdly deep event costs more
//! than itself, and a first sync of a whole account is never turned into a tree in memory.

use connect::Fault;
use serde::de::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// An event (or anything else) that nobody has read yet.
pub type Raw<'a> = &'a RawValue;

/// Reads an answer. Structure is read here; what lies inside events is skipped without recursion, whatever its depth.
pub fn parse<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Fault> {
    serde_json::from_slice(body).map_err(|error| {
        let shape = format!("JSON {:?} at {}:{}", error.classify(), error.line(), error.column());
        Fault::not_done(connect::http::kind_of_unread(body), shape)
    })
}

/// Reads one raw value; none if it has another shape.
pub fn read<'a, T: Deserialize<'a>>(raw: Raw<'a>) -> Option<T> {
    serde_json::from_str(raw.get()).ok()
}

/// A field of the wrong type counts as absent instead of spoiling everything around it.
pub fn lenient<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(from: D) -> Result<T, D::Error> {
    Ok(read(<&'de RawValue>::deserialize(from)?).unwrap_or_default())
}

/// Structs whose every field is read by [`lenient`]; the literal is its name on the wire.
macro_rules! lenient_struct {
    ($($(#[$doc:meta])* $name:ident $(<$life:lifetime>)? {
        $($(#[$field_doc:meta])* $field:ident : $kind:ty = $key:literal),+ $(,)?
    })+) => {$(
        #[derive(Debug, Default, serde::Deserialize)]
        #[serde(default)]
        $(#[$doc])*
        pub struct $name $(<$life>)? {$(
            $(#[$field_doc])*
            #[serde(rename = $key, deserialize_with = "crate::matrix::wire::lenient")]
            pub $field: $kind,
        )+}
    )+};
}
pub(super) use lenient_struct;

lenient_struct! {
    /// `GET /sync`.
    #[serde(bound(deserialize = "'de: 'a"))]
    Sync<'a> {
        /// Where the next one goes on; an answer without it is none.
        next_batch: Option<String> = "next_batch",
        /// Rooms with something new.
        rooms: Rooms<'a> = "rooms",
        /// Data of the account.
        account_data: Events<'a> = "account_data",
    }
    /// Rooms by what we are in them.
    #[serde(bound(deserialize = "'de: 'a"))]
    Rooms<'a> {
        /// Joined.
        join: BTreeMap<String, Raw<'a>> = "join",
        /// Invited.
        invite: BTreeMap<String, Raw<'a>> = "invite",
        /// Left, kicked, banned, invitation withdrawn.
        leave: BTreeMap<String, Raw<'a>> = "leave",
    }
    /// News of one room.
    #[serde(bound(deserialize = "'de: 'a"))]
    Joined<'a> {
        /// New events, oldest first.
        timeline: Timeline<'a> = "timeline",
        /// State before the timeline.
        state: Events<'a> = "state",
        /// Receipts.
        ephemeral: Events<'a> = "ephemeral",
        /// Only changed keys.
        summary: Option<Summary> = "summary",
    }
    /// An invitation.
    #[serde(bound(deserialize = "'de: 'a"))]
    Invited<'a> {
        /// Stripped state.
        invite_state: Events<'a> = "invite_state",
    }
    /// A list of events in an object.
    #[serde(bound(deserialize = "'de: 'a"))]
    Events<'a> {
        /// The events.
        events: Vec<Raw<'a>> = "events",
    }
    /// New events of a room.
    #[serde(bound(deserialize = "'de: 'a"))]
    Timeline<'a> {
        /// Oldest first.
        events: Vec<Raw<'a>> = "events",
        /// Whether events before these were left out.
        is_limited: bool = "limited",
        /// Where the left-out ones begin.
        prev_batch: Option<String> = "prev_batch",
    }
    /// Who is in a room, without loading all of them.
    Summary {
        /// Up to five others.
        heroes: Option<Vec<String>> = "m.heroes",
        /// Joined, we included.
        joined: Option<u64> = "m.joined_member_count",
        /// Invited.
        invited: Option<u64> = "m.invited_member_count",
    }
    /// `GET /rooms/{id}/messages`.
    #[serde(bound(deserialize = "'de: 'a"))]
    Page<'a> {
        /// Newest first when paging backwards.
        chunk: Vec<Raw<'a>> = "chunk",
        /// Members who wrote them.
        state: Vec<Raw<'a>> = "state",
        /// Where the next page begins; absent at the beginning of the room.
        end: Option<String> = "end",
    }
    /// An event.
    #[serde(bound(deserialize = "'de: 'a"))]
    Event<'a> {
        /// `type`.
        kind: String = "type",
        /// `$…`; stripped state has none.
        event_id: Option<String> = "event_id",
        /// `@…`.
        sender: String = "sender",
        /// Present, even empty: it is state.
        state_key: Option<String> = "state_key",
        /// Claim of the sender's server, ms.
        origin_server_ts: Option<i64> = "origin_server_ts",
        /// Whatever its type demands.
        content: Option<Raw<'a>> = "content",
        /// What the server adds.
        unsigned: Unsigned<'a> = "unsigned",
        /// Target of a redaction before room version 11.
        redacts: Option<String> = "redacts",
    }
    /// What the server adds to an event.
    #[serde(bound(deserialize = "'de: 'a"))]
    Unsigned<'a> {
        /// Ours, if this device sent it.
        transaction_id: Option<String> = "transaction_id",
        /// Present: the content was taken back.
        redacted_because: Option<Raw<'a>> = "redacted_because",
        /// State before.
        prev_content: Option<Raw<'a>> = "prev_content",
        /// Who set the state before.
        prev_sender: Option<String> = "prev_sender",
        /// Bundled relations.
        relations: Relations<'a> = "m.relations",
    }
    /// Bundled relations.
    #[serde(bound(deserialize = "'de: 'a"))]
    Relations<'a> {
        /// The newest edit.
        replace: Option<Raw<'a>> = "m.replace",
    }
    /// Any failed answer.
    Refused {
        /// `M_…`.
        errcode: Option<String> = "errcode",
        /// The session may be renewed.
        is_soft_logout: bool = "soft_logout",
        /// How long to wait.
        retry_after_ms: Option<u64> = "retry_after_ms",
    }
    /// `GET /versions`.
    Versions {
        /// `v1.15` …; present on every homeserver.
        versions: Option<Vec<String>> = "versions",
    }
    /// `GET /login`.
    #[serde(bound(deserialize = "'de: 'a"))]
    Flows<'a> {
        /// Ways to sign in.
        flows: Vec<Raw<'a>> = "flows",
    }
    /// One way to sign in.
    Flow {
        /// `m.login.password` …
        kind: Option<String> = "type",
    }
    /// `POST /login`, `POST /refresh`.
    Tokens {
        /// Who signed in.
        user_id: Option<String> = "user_id",
        /// Bearer token.
        access_token: Option<secrecy::SecretString> = "access_token",
        /// For the next pair.
        refresh_token: Option<secrecy::SecretString> = "refresh_token",
        /// The device the session belongs to.
        device_id: Option<String> = "device_id",
        /// Where the server wants to be spoken to.
        well_known: WellKnown = "well_known",
    }
    /// `/.well-known/matrix/client`.
    WellKnown {
        /// The server.
        homeserver: Homeserver = "m.homeserver",
    }
    /// Where a server is.
    Homeserver {
        /// Address.
        base_url: Option<String> = "base_url",
    }
    /// `GET /profile/{user}`.
    Profile {
        /// Name.
        displayname: Option<String> = "displayname",
    }
    /// `PUT …/send/…`.
    Sent {
        /// The new event.
        event_id: Option<String> = "event_id",
    }
    /// `POST /upload`.
    Uploaded {
        /// `mxc://…`.
        content_uri: Option<String> = "content_uri",
    }
    /// `GET /media/config`.
    MediaConfig {
        /// Largest file, bytes.
        upload_size: Option<u64> = "m.upload.size",
    }
}

impl<'a> Joined<'a> {
    /// All that was told, in order: the state before the timeline, then the timeline.
    pub fn events(&self) -> impl Iterator<Item = Event<'a>> {
        self.state.events.iter().chain(&self.timeline.events).filter_map(|raw| Event::read(raw))
    }
}

impl<'a> Event<'a> {
    /// The event, if it is one at all.
    pub fn read(raw: Raw<'a>) -> Option<Self> {
        read::<Self>(raw).filter(|event| !event.kind.is_empty() && event.kind.len() <= 255)
    }

    /// Its content as what its type demands; missing and misshapen fields are absent.
    pub fn content<T: Deserialize<'a> + Default>(&self) -> T {
        self.content.and_then(read).unwrap_or_default()
    }
}
