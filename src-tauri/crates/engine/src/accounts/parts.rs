//! What the tasks of one account share.

use crate::profile::Trouble;
use crate::sync::Now;
use connect::{Clock, Dice, Http, PlatformClock, Session};
use model::capability::Capabilities;
use model::{AccountId, MediaId};
use std::sync::Arc;
use store::Store;
use tokio::sync::watch;

/// An account as its tasks work with it. Clones share everything.
#[derive(Clone)]
pub(crate) struct AccountParts {
    /// Which.
    pub account: AccountId,
    /// Its way to the platform.
    pub session: Arc<dyn Session>,
    /// What the platform takes.
    pub takes: Capabilities,
    /// Where everything is kept.
    pub store: Store,
    /// Time, for what waits here: nobody can set it.
    pub clock: Arc<dyn Clock>,
    /// Time, as the platforms tell it.
    pub platform_clock: Arc<PlatformClock>,
    /// The session's way out: it has seen the dates of the answers.
    pub http: Http,
    /// Whose dates they are.
    pub origin: String,
    /// Chance.
    pub dice: Arc<dyn Dice>,
    /// The store's last refusal, for the banner.
    pub trouble: Arc<Trouble>,
    /// Changes whenever the machine has slept.
    pub woke: watch::Receiver<u64>,
}

impl AccountParts {
    /// Now, by both clocks.
    pub fn now(&self) -> Now {
        let here = self.clock.now();
        Now { here, platform: self.platform_clock.at(here) }
    }

    /// The bytes of files that nothing refers to any more, after the commit that let them go.
    pub async fn delete_media(&self, media: Vec<MediaId>) {
        if !media.is_empty()
            && let Err(error) = self.store.delete_media(media).await
        {
            tracing::warn!(%error, "erased files stay until the next start sweeps them");
        }
    }

    /// What was answered until now did not prove to be the platform's own.
    pub fn forget_dates(&self) {
        self.http.take_sighting();
    }

    /// The answers since then were the platform's own: so are their dates. True if it should be asked again soon.
    pub fn trust_dates(&self) -> bool {
        let judges_windows = self.takes.reply_window.is_some();
        let sighting = self.http.take_sighting();
        sighting.is_some_and(|sighting| self.platform_clock.see(&self.origin, judges_windows, sighting))
    }

    /// The platform does not answer: what it said of its clock is no longer of now.
    pub fn lose_dates(&self) {
        self.http.take_sighting();
        self.platform_clock.lose(&self.origin);
    }

    /// The account rests until somebody signs in again.
    pub fn forget_clock(&self) {
        self.platform_clock.forget(&self.origin);
    }
}
