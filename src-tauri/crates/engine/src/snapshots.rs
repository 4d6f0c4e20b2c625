//! Keeps a copy of the database, a day old at most: what a damaged one is brought back from.

use crate::engine::Engine;
use crate::profile::Trouble;
use connect::Clock;
use model::Timestamp;
use std::sync::Arc;
use std::time::Duration;
use store::{Error, Store};

/// Between two copies.
const EVERY: Duration = Duration::from_secs(86_400);
/// After a start: opening and the first sync go first.
const FIRST: Duration = Duration::from_secs(120);
/// Between two looks at the clock: a laptop that slept is late by this much at most.
const LOOK: Duration = Duration::from_secs(3600);

struct Snapshots {
    store: Store,
    clock: Arc<dyn Clock>,
    trouble: Arc<Trouble>,
}

impl Engine {
    /// From now on a copy is kept: for profiles that outlive quitting.
    pub(crate) fn keep_snapshots(&self) {
        let inner = &self.0;
        let snapshots = Arc::new(Snapshots {
            store: inner.store.clone(),
            clock: inner.parts.clock.clone(),
            trouble: inner.trouble.clone(),
        });
        inner.supervisor.run("snapshots", move || {
            let snapshots = snapshots.clone();
            async move { snapshots.run().await }
        });
    }
}

impl Snapshots {
    async fn run(&self) {
        tokio::time::sleep(FIRST).await;
        loop {
            let now = self.clock.now();
            let wait = wait(self.store.snapshot_made_at().await, now);
            // No copy of what cannot be trusted, and none onto a disk that is full or fails.
            let wait = if self.trouble.now().is_some() { LOOK } else { wait };
            if !wait.is_zero() {
                tokio::time::sleep(wait.min(LOOK)).await;
                continue;
            }
            match self.store.keep_snapshot(now).await {
                Ok(()) => tracing::info!("a copy of the database was made"),
                Err(error @ (Error::Corrupt | Error::WrongKey)) => self.trouble.note(&error),
                // No room, or the disk fails: what is written says so. The last copy stays.
                Err(error) => tracing::warn!(%error, "no copy of the database could be made"),
            }
            tokio::time::sleep(LOOK).await;
        }
    }
}

/// How long the last copy is good for. One from the future was made under a wrong clock.
fn wait(made_at: Option<Timestamp>, now: Timestamp) -> Duration {
    match made_at {
        Some(at) if at <= now => at.plus(EVERY).since(now),
        _ => Duration::ZERO,
    }
}
