//! Where a profile lies, and the lock that keeps a second process out.

use crate::error::{Error, Result};
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};

const OPENED_BY: &str = "opened-by";

/// The folder of a profile: `kontor.db` (with `-wal`, `-shm`), its copy, `key.json`, `media/`, `lock`, `opened-by`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The folder; made when the profile is made.
    pub dir: PathBuf,
}

impl Place {
    /// A profile in this folder.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }

    /// Whether there is a profile: a database or an envelope.
    pub fn is_taken(&self) -> bool {
        self.database().exists() || self.envelope().exists()
    }

    /// The database.
    pub fn database(&self) -> PathBuf {
        self.dir.join("kontor.db")
    }

    /// The envelope of the data key.
    pub fn envelope(&self) -> PathBuf {
        self.dir.join("key.json")
    }

    /// The version of the Kontor that opened it last, as it says itself; none if it does not. Readable without a key: it is
    /// asked for where the profile cannot be opened.
    pub fn opened_by(&self) -> Option<String> {
        let version = std::fs::read_to_string(self.dir.join(OPENED_BY)).ok()?;
        let is_version = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '+');
        (!version.is_empty() && version.len() <= 32 && version.chars().all(is_version)).then_some(version)
    }

    /// We opened it. Worth telling, not worth failing for.
    pub(crate) fn note_opened(&self) {
        let ours = env!("CARGO_PKG_VERSION");
        if self.opened_by().as_deref() != Some(ours) {
            let _ = std::fs::write(self.dir.join(OPENED_BY), ours);
        }
    }

    /// The media cache.
    pub fn media(&self) -> PathBuf {
        self.dir.join("media")
    }

    /// Whether a living process has it open.
    pub fn is_in_use(&self) -> bool {
        let Ok(file) = File::open(self.dir.join("lock")) else { return false };
        match file.try_lock() {
            Ok(()) => {
                drop(Lock(file));
                false
            }
            Err(error) => matches!(error, TryLockError::WouldBlock),
        }
    }

    /// Makes the folder, readable by its owner only.
    pub(crate) fn make(&self) -> Result<()> {
        make_private_dir(&self.dir)
    }

    /// Takes the profile for this process, until the lock is dropped or the process ends, however it ends.
    pub(crate) fn lock(&self) -> Result<Lock> {
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(self.dir.join("lock"))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock(file)),
            Err(TryLockError::WouldBlock) => Err(Error::AlreadyOpen),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }
}

/// A profile that is taken. Unlocked by name and not by closing the file: a program that is being started just then has
/// a copy of it for a moment, and closing ours alone would leave the profile taken.
pub(crate) struct Lock(File);

impl Drop for Lock {
    fn drop(&mut self) {
        // What cannot be unlocked is so when the process ends.
        let _ = self.0.unlock();
    }
}

/// Makes a folder with everything above it; on Unix nobody else may look into it.
pub(crate) fn make_private_dir(dir: &Path) -> Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    Ok(builder.create(dir)?)
}
