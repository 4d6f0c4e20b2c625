//! Sync: pull, history and long poll all end in one `ingest`.

mod audit;
mod backfill;
pub mod ingest;
mod status;
mod worker;

use model::Timestamp;

pub(crate) use worker::Worker;

/// One instant, by both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// By the clock that nobody can set: for what waits here.
    pub here: Timestamp,
    /// By the platforms' time: for what stands among their instants.
    pub platform: Timestamp,
}

impl Now {
    /// Where both clocks are the same.
    pub fn by_both(now: Timestamp) -> Self {
        Self { here: now, platform: now }
    }
}
