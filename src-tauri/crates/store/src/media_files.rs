//! The media cache on disk: one encrypted file per [`MediaId`], under a hashed name.

use crate::error::{Error, Result};
use crate::lane::on_blocking_pool;
use crate::place::make_private_dir;
use crate::vault::Keys;
use model::MediaId;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::Semaphore;

/// So many files are worked on at once.
const SEAT_COUNT: u32 = 16;

#[derive(Clone)]
pub(crate) struct MediaFiles {
    dir: PathBuf,
    keys: Arc<Keys>,
    seats: Arc<Semaphore>,
}

impl MediaFiles {
    pub(crate) fn new(dir: PathBuf, keys: Arc<Keys>) -> Self {
        Self { dir, keys, seats: Arc::new(Semaphore::new(SEAT_COUNT as usize)) }
    }

    /// Waits for what is under way; nothing is written afterwards, so that the folder can go.
    pub(crate) async fn close(&self) {
        if let Ok(_all) = self.seats.acquire_many(SEAT_COUNT).await {
            self.seats.close();
        }
    }

    /// Whole or not at all, also after a crash.
    pub(crate) async fn put(&self, id: MediaId, bytes: Vec<u8>) -> Result<()> {
        self.run(move |files| {
            make_private_dir(&files.dir)?;
            let mut file = tempfile::NamedTempFile::new_in(&files.dir)?;
            file.write_all(&files.keys.media.seal(id.as_str().as_bytes(), &bytes))?;
            file.as_file().sync_all()?;
            file.persist(files.path(&id)).map_err(|error| error.error)?;
            Ok(())
        })
        .await
    }

    pub(crate) async fn get(&self, id: MediaId) -> Result<Option<Vec<u8>>> {
        self.run(move |files| {
            let sealed = match std::fs::read(files.path(&id)) {
                Ok(sealed) => sealed,
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(error.into()),
            };
            let mut plain = files.keys.media.open(id.as_str().as_bytes(), &sealed).ok_or(Error::Sealed)?;
            Ok(Some(std::mem::take(&mut *plain)))
        })
        .await
    }

    pub(crate) async fn delete(&self, ids: Vec<MediaId>) -> Result<()> {
        self.run(move |files| {
            for id in ids {
                match std::fs::remove_file(files.path(&id)) {
                    Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
                    _ => {}
                }
            }
            Ok(())
        })
        .await
    }

    pub(crate) async fn sweep(&self, known: Vec<MediaId>) -> Result<u32> {
        self.run(move |files| {
            let known: BTreeSet<_> = known.iter().map(|id| files.path(id)).collect();
            let entries = match std::fs::read_dir(&files.dir) {
                Ok(entries) => entries,
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(0),
                Err(error) => return Err(error.into()),
            };
            let mut deleted = 0;
            for entry in entries {
                let path = entry?.path();
                if !known.contains(&path) {
                    std::fs::remove_file(path)?;
                    deleted += 1;
                }
            }
            Ok(deleted)
        })
        .await
    }

    /// Names say nothing to someone without the key, and are safe whatever the id is.
    fn path(&self, id: &MediaId) -> PathBuf {
        let mut hash = Sha256::new();
        hash.update(self.keys.media_names.as_slice());
        hash.update(id.as_str());
        self.dir.join(hex::encode(hash.finalize()))
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let seat = self.seats.clone().acquire_owned().await.map_err(|_| Error::Closed)?;
        let files = self.clone();
        on_blocking_pool(move || {
            let _seat = seat;
            work(&files)
        })
        .await
        .unwrap_or(Err(Error::Closed))
    }
}
