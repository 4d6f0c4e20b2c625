//! A profile of a newer Kontor stays closed here; a copy of it, as it is, can be taken elsewhere.

use super::{Error, Profiles, State};
use std::path::PathBuf;
use store::vault::VaultError;

/// How the copy is called.
const NAME: &str = "kontor-profile";

/// Whether a newer Kontor has written it.
fn is_newer(error: &Error) -> bool {
    matches!(error, Error::Vault(VaultError::Newer) | Error::Store(store::Error::Newer { .. }))
}

impl Profiles {
    /// The version of the Kontor that opened the kept profile last; none if it does not say.
    pub fn opened_by(&self) -> Option<String> {
        self.place().opened_by()
    }

    /// Copies the profile of a newer Kontor, untouched and still encrypted, into a new folder in `into`; answers with that
    /// folder. `AlreadyOpen` while the newer Kontor runs.
    pub async fn export(&self, into: PathBuf) -> Result<PathBuf, Error> {
        let _turn = self.turn.lock().await;
        match self.status() {
            (State::Blocked, Some(problem)) if is_newer(&problem) => {
                Ok(store::export(self.place(), into, NAME.to_owned()).await?)
            }
            _ => Err(Error::WrongState),
        }
    }
}
