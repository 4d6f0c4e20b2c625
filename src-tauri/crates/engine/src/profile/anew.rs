//! Beginning anew where a profile cannot be opened and no way leads back in: a passphrase that is forgotten, a key that is
//! gone, damage. The old profile is set aside as it is; what the platforms still hold is fetched again.
//!
//! Absent on purpose: where there is another cure. A newer Kontor opens what it wrote, a disk can be emptied or replaced, and
//! another Kontor that has the profile open can be closed.

use super::restore::is_damage;
use super::{Error, Profiles, State};
use std::path::{Path, PathBuf};
use store::vault::VaultError;

impl Profiles {
    /// The folder of the kept profile.
    pub fn folder(&self) -> &Path {
        &self.parts.dir
    }

    /// Whether the profile may be set aside for a new one.
    pub fn may_begin_anew(&self) -> bool {
        match self.status() {
            (State::PassphraseNeeded, _) => true,
            (State::Blocked, Some(problem)) => is_hopeless(&problem),
            _ => false,
        }
    }

    /// Sets the profile that cannot be opened aside; answers with the folder it lies in now. From then on there is none yet.
    pub async fn begin_anew(&self) -> Result<PathBuf, Error> {
        let _turn = self.turn.lock().await;
        if !self.may_begin_anew() {
            return Err(Error::WrongState);
        }
        let set_aside = store::set_aside(self.place(), self.parts.engine.clock.now()).await;
        if set_aside.is_ok() {
            self.unopened().take();
        }
        // Where it was cut off: what is true now.
        self.open_kept().await;
        let folder = set_aside?;
        tracing::warn!("a profile that could not be opened was set aside");
        Ok(folder)
    }
}

/// A keychain may come back, and a copy may be restored; both stay offered. But neither is certain.
fn is_hopeless(problem: &Error) -> bool {
    let is_key = matches!(
        problem,
        Error::Vault(
            VaultError::KeyGone | VaultError::Keychain(_) | VaultError::Damaged | VaultError::NotThisWay
        )
    );
    is_key || is_damage(problem)
}
