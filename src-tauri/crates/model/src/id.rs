//! Typed ids. Ids of a platform are text and opaque; ids of ours are time-ordered.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

macro_rules! row_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
        #[ts(type = "number")]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }
    )+};
}

row_id! {
    /// A contact's row on this device.
    ContactId,
    /// A conversation's row on this device; part of `kontor://conversation/<id>`.
    ConversationId,
    /// A message's row on this device: second sent << 12 | slot, below 2^53, so that the id is ordered by time
    /// even after a backfill. Never leaves the device. The order on screen is the platform's, not this one.
    MessageId,
    /// An attachment's row on this device.
    AttachmentId,
}

impl MessageId {
    /// Slots in one second; a full second takes the next free slot of the seconds after it.
    pub const SLOTS_PER_SECOND: i64 = 1 << 12;

    /// The last second whose ids stay below 2^53, with room for the seconds after it.
    const LAST_SECOND: i64 = (1 << 41) - (1 << 20);

    /// The first id of the second in which `sent_at` lies; times before 1970 count as 1970, absurdly late ones as the last
    /// that has an id.
    pub fn first_of_second(sent_at: crate::Timestamp) -> Self {
        MessageId((sent_at.0.max(0) / 1000).min(Self::LAST_SECOND) * Self::SLOTS_PER_SECOND)
    }
}

macro_rules! uuid_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
        #[ts(type = "string")]
        pub struct $name(pub Uuid);

        impl $name {
            /// A UUID version 7 out of an instant and ten random bytes, both handed in by the caller.
            pub fn new(at: crate::Timestamp, random: [u8; 10]) -> Self {
                Self(uuid::Builder::from_unix_timestamp_millis(at.0.max(0).cast_unsigned(), &random).into_uuid())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> { Uuid::parse_str(text).map(Self) }
        }
    )+};
}

uuid_id! {
    /// A signed-in account of a platform.
    AccountId,
    /// One intent of a person or a rule; made by whoever has the intent, applied once.
    ActionId,
    /// One operation in the outbox; doubles as the transaction or correlation id where a platform takes one.
    OpId,
}

macro_rules! text_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
        #[ts(type = "string")]
        pub struct $name(pub String);

        impl $name {
            /// The text as it stands.
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl<T: Into<String>> From<T> for $name {
            fn from(text: T) -> Self { Self(text.into()) }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }
    )+};
}

text_id! {
    /// An id that a platform gave; opaque, whatever it looks like.
    RemoteId,
    /// A registered platform: `matrix`, `messenger` …
    PlatformId,
    /// A file in the media cache: hexadecimal hash of what was fetched and from which account; safe in an address.
    MediaId,
}
