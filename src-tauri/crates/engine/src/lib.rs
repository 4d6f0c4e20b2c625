//! The verbs of Kontor: signing in, sync, the inbox, the outbox, notifications. Platforms are known through
//! `connect`'s traits alone.

pub mod clock;
pub mod notify;
pub mod outbox;
pub mod supervisor;
pub mod words;
