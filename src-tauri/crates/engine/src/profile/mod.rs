//! Which profile is open: none, the kept one, a temporary one, the sandbox. One at a time; changing it stops the engine of
//! the old one, waits for its last task, and starts the new.

mod anew;
mod export;
mod folder;
mod open;
mod restore;
mod sandbox;
mod trouble;

pub use folder::FolderRisk;
pub use sandbox::{PracticeSignIn, SandboxMaker, SandboxWorld, SignIn};
pub use trouble::{StoreTrouble, Trouble};

use crate::engine::{Engine, Parts};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use store::vault::{Keychain, KeychainError, Protection, VaultError};
use store::{DataKey, Place};
use tokio::sync::watch;

/// Which profile is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Kept, encrypted.
    Kept,
    /// Gone after quitting.
    Temporary,
    /// Invented, gone after leaving.
    Sandbox,
}

/// Where the profiles stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// There is none yet.
    Empty,
    /// There is one, and it wants its passphrase.
    PassphraseNeeded,
    /// There is one, and it cannot be opened now.
    Blocked,
    /// One is open.
    Open(Kind),
}

/// Why a profile could not be opened or made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Its key.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// Its database.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The folder.
    #[error("folder: {0}")]
    Io(#[from] std::io::Error),
    /// There is nothing to do that for.
    #[error("there is no profile to do that with")]
    WrongState,
}

impl From<KeychainError> for Error {
    fn from(error: KeychainError) -> Self {
        Self::Vault(error.into())
    }
}

/// What profiles are made of.
pub struct ProfileParts {
    /// The kept profile's folder; temporary ones lie beside it.
    pub dir: PathBuf,
    /// The system's keychain; none where there is none at all.
    pub keychain: Option<Arc<dyn Keychain>>,
    /// Makes the sandbox.
    pub sandbox: Arc<dyn SandboxMaker>,
    /// For engines of real profiles.
    pub engine: Parts,
}

/// The profiles of this program.
pub struct Profiles {
    parts: ProfileParts,
    /// One change of profile at a time.
    turn: tokio::sync::Mutex<()>,
    now: Mutex<Now>,
    /// A temporary profile that waits for the sandbox to be left.
    aside: Mutex<Option<Temporary>>,
    /// The key of a kept profile whose database is damaged.
    unopened: Mutex<Option<DataKey>>,
    changes: watch::Sender<u64>,
}

/// What a closed temporary profile needs to be opened again: nothing of it is anywhere else.
struct Temporary {
    key: DataKey,
    folder: Arc<tempfile::TempDir>,
}

struct Now {
    state: State,
    problem: Option<Arc<Error>>,
    open: Option<Opened>,
}

#[derive(Clone)]
struct Opened {
    engine: Engine,
    kind: Kind,
    /// The folder of a profile that is gone after quitting.
    scratch: Option<Arc<tempfile::TempDir>>,
    /// Of a real profile: to open it again after the sandbox, or after its copy took its place.
    key: Option<DataKey>,
    /// To be said about where it lies.
    folder_risk: Option<FolderRisk>,
    /// Runs beside a sandbox.
    world: Option<crate::supervisor::Supervisor>,
    /// Sign-ins of a sandbox.
    practice: Arc<[PracticeSignIn]>,
}

impl Profiles {
    /// None is open yet.
    pub fn new(parts: ProfileParts) -> Self {
        let now = Mutex::new(Now { state: State::Empty, problem: None, open: None });
        let (turn, aside, unopened) = Default::default();
        Self { parts, turn, now, aside, unopened, changes: watch::Sender::new(0) }
    }

    /// Where things stand, and why the last attempt failed.
    pub fn status(&self) -> (State, Option<Arc<Error>>) {
        let now = self.now.lock().expect("no holder of the profiles panics");
        (now.state, now.problem.clone())
    }

    /// The engine of the open profile.
    pub fn engine(&self) -> Option<Engine> {
        self.now
            .lock()
            .expect("no holder of the profiles panics")
            .open
            .as_ref()
            .map(|open| open.engine.clone())
    }

    /// What can be typed to practise signing in; empty outside the sandbox.
    pub fn practice(&self) -> Arc<[PracticeSignIn]> {
        let now = self.now.lock().expect("no holder of the profiles panics");
        now.open.as_ref().map(|open| open.practice.clone()).unwrap_or_default()
    }

    /// Changes whenever another profile is open, or a problem came or went.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Opens what is there: by the keychain without a question, or says that a passphrase is needed.
    pub async fn open(&self) {
        let _turn = self.turn.lock().await;
        open::sweep_scratch(&self.parts.dir);
        self.open_kept().await;
    }

    /// A real account is about to be connected: makes sure that a kept (or temporary) profile is open. Fails if there is no
    /// usable keychain; then the person chooses between [`Profiles::protect`] and [`Profiles::make_temporary`].
    pub async fn prepare(&self) -> Result<(), Error> {
        let _turn = self.turn.lock().await;
        match self.status().0 {
            State::Open(Kind::Kept | Kind::Temporary) => return Ok(()),
            State::Open(Kind::Sandbox) => {
                self.close().await;
                self.reopen().await;
                if matches!(self.status().0, State::Open(_)) {
                    return Ok(());
                }
            }
            _ => {}
        }
        if self.status().0 != State::Empty {
            return Err(Error::WrongState);
        }
        let keychain = self.parts.keychain.clone().ok_or(KeychainError::Missing)?;
        let key = store::vault::create_with_keychain(self.place(), keychain).await?;
        self.start_new(key).await
    }

    /// Makes the kept profile under a passphrase.
    pub async fn protect(&self, passphrase: secrecy::SecretString) -> Result<(), Error> {
        let _turn = self.turn.lock().await;
        if self.status().0 != State::Empty {
            return Err(Error::WrongState);
        }
        let key = store::vault::create_with_passphrase(self.place(), passphrase).await?;
        self.start_new(key).await
    }

    /// Makes a profile that is gone after quitting: its key never leaves memory.
    pub async fn make_temporary(&self) -> Result<(), Error> {
        let _turn = self.turn.lock().await;
        if matches!(self.status().0, State::Open(_)) {
            return Err(Error::WrongState);
        }
        let folder = Arc::new(open::scratch(&self.parts.dir)?);
        self.start_temporary(Temporary { key: DataKey::random(), folder }).await
    }

    /// Opens the kept profile by its passphrase.
    pub async fn unlock(&self, passphrase: secrecy::SecretString) -> Result<(), Error> {
        let _turn = self.turn.lock().await;
        if matches!(self.status().0, State::Open(_) | State::Empty) {
            return Err(Error::WrongState);
        }
        let key = store::vault::open_with_passphrase(self.place(), passphrase).await?;
        self.start_kept(key).await
    }

    /// Tries again what failed (keychain unlocked, disk freed, another process ended).
    pub async fn try_again(&self) {
        let _turn = self.turn.lock().await;
        if !matches!(self.status().0, State::Open(_)) {
            self.open_kept().await;
        }
    }

    /// Closes whatever is open and enters a fresh sandbox. Where that fails, what was open is opened again.
    pub async fn enter_sandbox(&self) -> Result<(), Error> {
        let _turn = self.turn.lock().await;
        let scratch = Arc::new(open::scratch(&self.parts.dir)?);
        let place = Place::new(scratch.path().join("profile"));
        self.close().await;
        let world = self.parts.sandbox.make();
        let entered = self.start(place, DataKey::random(), Kind::Sandbox, Some(scratch), Some(world)).await;
        if entered.is_err() {
            self.reopen().await;
        }
        entered
    }

    /// Leaves the sandbox; nothing of it stays. What was there before is opened again.
    pub async fn leave_sandbox(&self) {
        let _turn = self.turn.lock().await;
        if self.status().0 == State::Open(Kind::Sandbox) {
            self.close().await;
            self.reopen().await;
        }
    }

    /// Stops the engine and waits for its last task.
    pub async fn shut_down(&self) {
        let _turn = self.turn.lock().await;
        self.close().await;
        // What is gone after quitting is gone now.
        self.aside().take();
    }

    fn aside(&self) -> std::sync::MutexGuard<'_, Option<Temporary>> {
        self.aside.lock().expect("no holder of the profiles panics")
    }

    fn place(&self) -> Place {
        Place::new(self.parts.dir.clone())
    }

    fn set(&self, state: State, problem: Option<Error>, open: Option<Opened>) {
        let mut now = self.now.lock().expect("no holder of the profiles panics");
        *now = Now { state, problem: problem.map(Arc::new), open };
        drop(now);
        self.changes.send_modify(|count| *count += 1);
    }
}

/// What the protection of a profile asks of a person.
fn needs_passphrase(protection: Protection) -> bool {
    protection.has_passphrase && !protection.has_keychain
}
