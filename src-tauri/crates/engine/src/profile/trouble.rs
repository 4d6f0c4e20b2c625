//! What is wrong with the store while it is open: told in a banner until it is over.

use std::sync::Mutex;
use tokio::sync::watch;

/// Why nothing can be stored at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreTrouble {
    /// No room on the disk.
    DiskFull,
    /// The database is damaged.
    Damaged,
    /// The folder cannot be written.
    NotWritable,
    /// The disk could not read, write or flush: the store has stopped writing until it is opened anew.
    DiskFailed,
}

/// Remembers the store's last refusal; forgets it at the next success. Damage and a failed disk do not go by themselves:
/// they stay.
#[derive(Debug, Default)]
pub struct Trouble {
    now: Mutex<Option<StoreTrouble>>,
    changes: watch::Sender<Option<StoreTrouble>>,
}

impl Trouble {
    /// A write was refused.
    pub fn note(&self, error: &store::Error) {
        tracing::error!(%error, "the store refused");
        let trouble = match error {
            store::Error::Full => StoreTrouble::DiskFull,
            store::Error::Corrupt | store::Error::WrongKey => StoreTrouble::Damaged,
            store::Error::Io(_) => StoreTrouble::NotWritable,
            store::Error::DiskFailed => StoreTrouble::DiskFailed,
            _ => return,
        };
        self.set(Some(trouble));
    }

    /// A write succeeded.
    pub fn clear(&self) {
        if !matches!(self.now(), Some(StoreTrouble::Damaged | StoreTrouble::DiskFailed)) {
            self.set(None);
        }
    }

    /// What is wrong now.
    pub fn now(&self) -> Option<StoreTrouble> {
        *self.now.lock().expect("no holder of the trouble panics")
    }

    /// Follows it.
    pub fn changes(&self) -> watch::Receiver<Option<StoreTrouble>> {
        self.changes.subscribe()
    }

    fn set(&self, trouble: Option<StoreTrouble>) {
        let mut now = self.now.lock().expect("no holder of the trouble panics");
        if *now != trouble {
            *now = trouble;
            self.changes.send_replace(trouble);
        }
    }
}
