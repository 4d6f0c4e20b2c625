//! The verbs of Kontor: signing in, sync, the inbox, the outbox, notifications. Platforms are known through
//! `connect`'s traits alone.

pub mod accounts;
pub mod clock;
mod engine;
pub mod inbox;
pub mod links;
pub mod media;
pub mod notify;
pub mod outbox;
pub mod profile;
mod skew;
mod slumber;
mod snapshots;
pub mod supervisor;
mod sweep;
pub mod sync;
pub mod words;

pub use engine::{Engine, Parts};
