//! The platforms' time: what is known of it outlives a restart, and a host can say when this machine's clock is wrong.

use crate::accounts::origin;
use crate::engine::Engine;
use connect::{SLACK_MS, Sighting, Skew};
use model::{PlatformId, RemoteId, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// From here on a person is told that the clock is wrong.
const WORTH_SAYING: Duration = Duration::from_secs(5 * 60);

impl Engine {
    /// The platforms' time less what this machine's clock shows, in milliseconds, and its changes.
    pub fn ahead_ms(&self) -> watch::Receiver<i64> {
        self.0.ahead_ms.subscribe()
    }

    /// An instant of [`Engine::now`] as this machine's clock shows it.
    pub fn shown_at(&self, at: Timestamp) -> Timestamp {
        let (known_ms, now_ms) = (*self.0.clock_set_by_ms.borrow(), self.0.even_clock.set_by_ms());
        Timestamp(at.0.saturating_add(if is_set(known_ms, now_ms) { now_ms } else { known_ms }))
    }

    /// How far the platforms' time is from [`Engine::now`], and its changes.
    pub(crate) fn skew(&self) -> watch::Receiver<Skew> {
        self.0.platform_clock.skew()
    }

    /// So far off that a person should know.
    pub fn is_clock_wrong(&self) -> bool {
        u128::from(self.0.ahead_ms.borrow().unsigned_abs()) >= WORTH_SAYING.as_millis()
    }

    /// Looks whether somebody set the machine's clock. What waits does not mind; what it shows is told by it anew.
    pub(crate) fn look_whether_clock_was_set(&self) -> bool {
        let set_by_ms = self.0.even_clock.set_by_ms();
        self.0.clock_set_by_ms.send_if_modified(|known_ms| {
            let is_set = is_set(*known_ms, set_by_ms);
            if is_set {
                *known_ms = set_by_ms;
            }
            is_set
        })
    }

    /// What a platform's clock showed while somebody signed in: known before the first message comes.
    pub(crate) fn see_clock(&self, platform: &PlatformId, remote_id: &RemoteId, sighting: Sighting) {
        let capabilities = self.registry().capabilities(platform);
        let judges_windows = capabilities.is_some_and(|takes| takes.reply_window.is_some());
        self.0.platform_clock.see(&origin(platform, remote_id), judges_windows, sighting);
    }

    /// From now on the hosts hear of it, and the next start knows it.
    pub(crate) fn keep_skew(&self) {
        let (supervisor, engine) = (self.0.supervisor.clone(), Arc::downgrade(&self.0));
        supervisor.run("skew", move || {
            let engine = engine.clone();
            async move {
                let Some(inner) = engine.upgrade() else { return };
                let (mut skew, mut set_by) = (inner.platform_clock.skew(), inner.clock_set_by_ms.subscribe());
                let mut kept_ms = *inner.ahead_ms.borrow();
                drop(inner);
                loop {
                    let ahead_ms = skew.borrow_and_update().ahead_ms - *set_by.borrow_and_update();
                    // Between two clocks that are both right there is nothing.
                    let ahead_ms = if ahead_ms.abs() < SLACK_MS { 0 } else { ahead_ms };
                    if ahead_ms != kept_ms {
                        let Some(inner) = engine.upgrade() else { return };
                        inner.ahead_ms.send_replace(ahead_ms);
                        tracing::warn!(ahead_ms, "the platforms' time and this machine's clock");
                        match inner.store.write(move |tx| tx.set_platforms_ahead_ms(ahead_ms)).await {
                            Ok(()) => kept_ms = ahead_ms,
                            Err(error) => inner.trouble.note(&error),
                        }
                    }
                    tokio::select! {
                        changed = skew.changed() => if changed.is_err() { return },
                        changed = set_by.changed() => if changed.is_err() { return },
                    }
                }
            }
        });
    }
}

/// Two clocks never go alike to the millisecond.
fn is_set(known_ms: i64, now_ms: i64) -> bool {
    known_ms.abs_diff(now_ms) >= SLACK_MS.unsigned_abs()
}
