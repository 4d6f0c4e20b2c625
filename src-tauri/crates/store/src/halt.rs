//! The end of writing. What a disk that could not read, write or flush has kept is not known any more, and a flush that is
//! asked for again may say yes to what is lost; what is written beside a damaged page may be damaged with it. After the
//! first such answer nothing is written until the profile is opened anew. Reading goes on.

use crate::error::{Error, Result};
use std::sync::OnceLock;

/// Why nothing is written any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    Disk,
    /// A read that the disk refuses looks like this, too: SQLite takes it for a damaged file system.
    Damage,
}

impl Failure {
    pub(crate) fn of(error: &Error) -> Option<Self> {
        match error {
            Error::DiskFailed => Some(Self::Disk),
            Error::Corrupt | Error::WrongKey => Some(Self::Damage),
            _ => None,
        }
    }
}

/// The first failure since the store was opened; one for all its connections.
#[derive(Default)]
pub(crate) struct Halt(OnceLock<Failure>);

impl Halt {
    pub(crate) fn is_set(&self) -> bool {
        self.0.get().is_some()
    }

    /// The failure, as an error, if there was one.
    pub(crate) fn check(&self) -> Result<()> {
        match self.0.get() {
            None => Ok(()),
            Some(Failure::Disk) => Err(Error::DiskFailed),
            Some(Failure::Damage) => Err(Error::Corrupt),
        }
    }

    /// Only the first counts.
    pub(crate) fn note(&self, failure: Option<Failure>) {
        if let Some(failure) = failure {
            let _ = self.0.set(failure);
        }
    }

    /// Looks at an answer about a file on its way.
    pub(crate) fn watch<T>(&self, answer: Result<T>) -> Result<T> {
        self.note(answer.as_ref().err().and_then(Failure::of));
        answer
    }
}
