//! Opening and closing, and the folders of profiles that are gone after quitting.

use super::{Error, Kind, Opened, Profiles, State, Temporary, needs_passphrase};
use crate::engine::Engine;
use crate::profile::SandboxWorld;
use std::path::Path;
use std::sync::Arc;
use store::vault::{KeychainError, VaultError};
use store::{DataKey, Place, Store};

/// Folders of temporary profiles begin with this; what a crash left behind is unreadable (its key is gone) and swept.
const SCRATCH: &str = "temporary-";

/// A folder beside the kept profile.
pub(super) fn scratch(dir: &Path) -> std::io::Result<tempfile::TempDir> {
    std::fs::create_dir_all(dir)?;
    tempfile::Builder::new().prefix(SCRATCH).tempdir_in(dir)
}

/// Removes what killed processes left behind, except folders that a living one has locked.
pub(super) fn sweep_scratch(dir: &Path) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    for entry in entries.flatten() {
        let is_scratch = entry.file_name().to_string_lossy().starts_with(SCRATCH);
        if is_scratch && !store::Place::new(entry.path().join("profile")).is_in_use() {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

impl Profiles {
    /// Opens the kept profile if there is one; what stands in the way becomes the status.
    pub(super) async fn open_kept(&self) {
        let state = match self.try_open_kept().await {
            Ok(None) => return,
            Ok(Some(state)) => (state, None),
            Err(error) => {
                tracing::warn!(%error, "the profile could not be opened");
                let wants_passphrase = matches!(
                    store::vault::protection(self.place()).await,
                    Ok(Some(protection)) if protection.has_passphrase
                );
                let is_keychain =
                    matches!(error, Error::Vault(VaultError::Keychain(_) | VaultError::KeyGone));
                let state =
                    if wants_passphrase && is_keychain { State::PassphraseNeeded } else { State::Blocked };
                (state, Some(error))
            }
        };
        self.set(state.0, state.1, None);
    }

    /// None if one is open now.
    async fn try_open_kept(&self) -> Result<Option<State>, Error> {
        store::finish_setting_aside(self.place()).await?;
        let Some(protection) = store::vault::protection(self.place()).await? else {
            return Ok(Some(State::Empty));
        };
        if needs_passphrase(protection) {
            return Ok(Some(State::PassphraseNeeded));
        }
        let keychain = self.parts.keychain.clone().ok_or(KeychainError::Missing)?;
        let key = store::vault::open_with_keychain(self.place(), keychain).await?;
        self.start_kept(key).await?;
        Ok(None)
    }

    /// Opens what was open before the sandbox: the temporary profile, else the kept one.
    pub(super) async fn reopen(&self) {
        let aside = self.aside().take();
        match aside {
            None => self.open_kept().await,
            Some(temporary) => {
                if let Err(error) = self.start_temporary(temporary).await {
                    tracing::error!(%error, "a temporary profile could not be opened again");
                    self.set(State::Blocked, Some(error), None);
                }
            }
        }
    }

    /// Opens the kept profile that was just made. It is there from now on, also where it cannot be opened (a full disk):
    /// then that is the state, and can be tried again.
    pub(super) async fn start_new(&self, key: DataKey) -> Result<(), Error> {
        let started = self.start_kept(key).await;
        if started.is_err() {
            self.open_kept().await;
        }
        started?;
        if matches!(self.status().0, State::Open(_)) { Ok(()) } else { Err(Error::WrongState) }
    }

    pub(super) async fn start_temporary(&self, temporary: Temporary) -> Result<(), Error> {
        let place = Place::new(temporary.folder.path().join("profile"));
        self.start(place, temporary.key, Kind::Temporary, Some(temporary.folder), None).await
    }

    pub(super) async fn start(
        &self,
        place: Place,
        key: DataKey,
        kind: Kind,
        scratch: Option<Arc<tempfile::TempDir>>,
        world: Option<SandboxWorld>,
    ) -> Result<(), Error> {
        let kept_key = (kind != Kind::Sandbox).then(|| key.clone());
        let store = Store::open(place, key).await?;
        // Before anything fetches or attaches: what no message and no draft refers to goes, then files without a row.
        store.write(|tx| tx.forget_unused_media()).await?;
        store.sweep_media().await?;
        let mut parts = self.parts.engine.clone();
        if let Some(world) = &world {
            parts.transport = world.transport.clone();
            parts.registry = world.registry.clone();
        }
        let engine = Engine::start(store, parts).await?;
        let mut folder_risk = None;
        if kind == Kind::Kept {
            engine.keep_snapshots();
            folder_risk = super::folder::untold(engine.store(), &self.parts.dir).await.unwrap_or_default();
        }
        let practice = world.as_ref().map(|world| world.practice.clone().into()).unwrap_or_default();
        let opened = Opened {
            engine: engine.clone(),
            kind,
            scratch,
            key: kept_key,
            folder_risk,
            world: None,
            practice,
        };
        let opened = match world {
            Some(world) => Opened { world: Some(world.begin(&engine).await), ..opened },
            None => opened,
        };
        self.set(State::Open(kind), None, Some(opened));
        Ok(())
    }

    /// Closes whatever is open. The folder of a sandbox goes with it; a temporary profile is set aside.
    pub(super) async fn close(&self) {
        let open = self.now.lock().expect("no holder of the profiles panics").open.take();
        if let Some(open) = open {
            self.set(State::Empty, None, None);
            if let Some(world) = &open.world {
                world.shut_down().await;
            }
            open.engine.shut_down().await;
            if let Err(error) = open.engine.store().close().await {
                tracing::warn!(%error, "the store did not close cleanly");
            }
            if let (Some(key), Some(folder)) = (open.key, open.scratch.clone()) {
                *self.aside() = Some(Temporary { key, folder });
            }
            if let Some(scratch) = open.scratch.and_then(Arc::into_inner)
                && let Err(error) = scratch.close()
            {
                tracing::warn!(%error, kind = ?open.kind, "a temporary folder could not be removed");
            }
        }
    }
}
