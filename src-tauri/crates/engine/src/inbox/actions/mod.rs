//! One file per action, or per pair of opposite ones.

pub(super) mod outbox;
pub(super) mod read;
pub(super) mod reply;
