//! Bringing a damaged profile back from its copy.

use super::{Error, Kind, Profiles, State, StoreTrouble};
use model::Timestamp;
use store::DataKey;

/// What a copy can help with.
pub(super) fn is_damage(error: &Error) -> bool {
    matches!(error, Error::Store(store::Error::Corrupt | store::Error::WrongKey))
}

impl Profiles {
    /// When the copy was made that the damaged profile can be brought back from; none if nothing is damaged, or there is
    /// no copy.
    pub fn restorable(&self) -> Option<Timestamp> {
        self.key_of_damaged().and_then(|_| self.place().snapshot_made_at())
    }

    /// Brings the damaged profile back from its copy and opens it. The damaged database is kept beside it; what was not
    /// delivered is carried over and asked about.
    pub async fn restore(&self) -> Result<(), Error> {
        let _turn = self.turn.lock().await;
        let key = self.key_of_damaged().ok_or(Error::WrongState)?;
        self.close().await;
        let parts = &self.parts.engine;
        let (registry, now) = (parts.registry.clone(), parts.clock.now());
        let window = move |platform: &model::PlatformId| {
            registry.capabilities(platform).and_then(|takes| takes.reply_window)
        };
        match store::restore(self.place(), key.clone(), now, window).await {
            Ok(restored) => {
                let (replies, drafts) = (restored.carried.replies, restored.carried.drafts);
                tracing::warn!(
                    to = restored.to.0,
                    replies,
                    drafts,
                    "the profile was brought back from its copy"
                );
            }
            Err(error) => tracing::error!(%error, "the profile could not be brought back"),
        }
        self.start_kept(key).await
    }

    /// Opens the kept profile. Where its database is damaged, that is the state, and the key is at hand for its copy.
    pub(super) async fn start_kept(&self, key: DataKey) -> Result<(), Error> {
        let started = self.start(self.place(), key.clone(), Kind::Kept, None, None).await;
        match started {
            Err(error) if is_damage(&error) => {
                tracing::error!(%error, "the database is damaged");
                *self.unopened() = Some(key);
                self.set(State::Blocked, Some(error), None);
                Ok(())
            }
            started => {
                self.unopened().take();
                started
            }
        }
    }

    /// The key of a profile that is damaged: noticed when it was opened, or while it is open.
    fn key_of_damaged(&self) -> Option<DataKey> {
        let (state, problem) = self.status();
        match state {
            State::Blocked if problem.as_deref().is_some_and(is_damage) => self.unopened().clone(),
            State::Open(Kind::Kept) => {
                let now = self.now.lock().expect("no holder of the profiles panics");
                let open = now.open.as_ref()?;
                (open.engine.trouble().now() == Some(StoreTrouble::Damaged)).then(|| open.key.clone())?
            }
            _ => None,
        }
    }

    pub(super) fn unopened(&self) -> std::sync::MutexGuard<'_, Option<DataKey>> {
        self.unopened.lock().expect("no holder of the profiles panics")
    }
}
