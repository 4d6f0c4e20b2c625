//! The platforms' time: what is known of it outlives a restart, and a host can say when this machine's clock is wrong.

use crate::accounts::origin;
use crate::engine::Engine;
use connect::{Sighting, Skew};
use model::{PlatformId, RemoteId};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// From here on a person is told that the clock is wrong.
const WORTH_SAYING: Duration = Duration::from_secs(5 * 60);

impl Engine {
    /// How far the platforms' time is from this machine's clock, and its changes.
    pub fn skew(&self) -> watch::Receiver<Skew> {
        self.0.platform_clock.skew()
    }

    /// So far off that a person should know.
    pub fn is_clock_wrong(&self) -> bool {
        u128::from(self.skew().borrow().ahead_ms.unsigned_abs()) >= WORTH_SAYING.as_millis()
    }

    /// What a platform's clock showed while somebody signed in: known before the first message comes.
    pub(crate) fn see_clock(&self, platform: &PlatformId, remote_id: &RemoteId, sighting: Sighting) {
        let capabilities = self.registry().capabilities(platform);
        let judges_windows = capabilities.is_some_and(|takes| takes.reply_window.is_some());
        self.0.platform_clock.see(&origin(platform, remote_id), judges_windows, sighting);
    }

    /// From now on the next start knows it too.
    pub(crate) fn keep_skew(&self) {
        let (supervisor, engine) = (self.0.supervisor.clone(), Arc::downgrade(&self.0));
        supervisor.run("skew", move || {
            let engine = engine.clone();
            async move {
                let Some(mut skew) = engine.upgrade().map(|inner| Engine(inner).skew()) else { return };
                let mut kept_ms = skew.borrow().ahead_ms;
                while skew.changed().await.is_ok() {
                    let ahead_ms = skew.borrow_and_update().ahead_ms;
                    let Some(inner) = engine.upgrade().filter(|_| ahead_ms != kept_ms) else { continue };
                    tracing::warn!(ahead_ms, "the platforms' time and this machine's clock");
                    match inner.store.write(move |tx| tx.set_platforms_ahead_ms(ahead_ms)).await {
                        Ok(()) => kept_ms = ahead_ms,
                        Err(error) => inner.trouble.note(&error),
                    }
                }
            }
        });
    }
}
