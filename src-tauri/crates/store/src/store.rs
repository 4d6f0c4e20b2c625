//! The store: a cheap handle on an open profile.

use crate::change::Commit;
use crate::connection::Opener;
use crate::error::{Error, Result};
use crate::halt::Halt;
use crate::lane::{Lane, on_blocking_pool};
use crate::media_files::MediaFiles;
use crate::migrate::migrate;
use crate::place::Place;
use crate::readers::Readers;
use crate::table::text_index::rebuild_if_folded_otherwise;
use crate::tx::{ReadTx, WriteTx};
use crate::vault::{DataKey, Keys};
use model::MediaId;
use std::sync::Arc;
use tokio::sync::broadcast;

/// Pages kept by the write connection.
const WRITER_CACHE_KIB: u32 = 16 * 1024;
/// Pages kept by each reader; searches touch about 40 MB of a million messages.
const READER_CACHE_KIB: u32 = 32 * 1024;
/// Pages kept for lists, which must not lose them to a search.
const LIST_CACHE_KIB: u32 = 16 * 1024;
const READER_COUNT: u32 = 3;

/// An open profile. Clones are cheap and mean the same profile.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    lane: Lane,
    readers: Readers,
    lists: Readers,
    media: MediaFiles,
}

impl Store {
    /// Opens the profile at `place`, or makes its database if there is none, and brings it to today's schema.
    ///
    /// A file that is there is never replaced, whatever is wrong with it: [`Error::WrongKey`], [`Error::Corrupt`] and
    /// [`Error::Newer`] leave it as it is. [`Error::AlreadyOpen`] if another process, or another handle, has it open.
    pub async fn open(place: Place, key: DataKey) -> Result<Self> {
        Self::open_with(place, Some(key)).await
    }

    /// Only for tests that look for text in the bytes of the file: in an encrypted one, such a search cannot fail.
    #[cfg(test)]
    pub(crate) async fn open_in_clear(place: Place) -> Result<Self> {
        Self::open_with(place, None).await
    }

    /// Only for tests that change what SQLite is allowed to do.
    #[cfg(test)]
    pub(crate) async fn run_on_writer(&self, sql: &'static str) -> Result<()> {
        self.0.lane.with_connection(move |connection| Ok(connection.execute_batch(sql)?)).await
    }

    /// Only for tests that look at what a write leaves to be done.
    #[cfg(test)]
    pub(crate) async fn rest(&self) {
        self.0.lane.rest().await;
    }

    async fn open_with(place: Place, key: Option<DataKey>) -> Result<Self> {
        on_blocking_pool(move || {
            place.make()?;
            let lock = place.lock()?;
            crate::restore::finish(&place)?;
            crate::snapshot::check_not_emptied(&place)?;
            let keys = Arc::new(Keys::new(&key.clone().unwrap_or_else(DataKey::random)));
            let opener = |cache_kib| Opener { path: place.database(), key: key.clone(), cache_kib };
            opener(0).check_file()?;
            let mut connection = opener(WRITER_CACHE_KIB).open_writer()?;
            migrate(&mut connection, &place)?;
            rebuild_if_folded_otherwise(&mut connection)?;
            place.note_opened();
            let log = place.database().with_extension("db-wal");
            let halt = Arc::<Halt>::default();
            Ok(Self(Arc::new(Inner {
                lane: Lane::new(connection, log, lock, keys.clone(), halt.clone())?,
                readers: Readers::new(opener(READER_CACHE_KIB), keys.clone(), halt.clone(), READER_COUNT),
                lists: Readers::new(opener(LIST_CACHE_KIB), keys.clone(), halt, 1),
                media: MediaFiles::new(place.media(), keys),
            })))
        })
        .await
        .unwrap_or(Err(Error::Closed))
    }

    /// For connections of their own: copies.
    pub(crate) fn opener(&self) -> &Opener {
        self.0.readers.opener()
    }

    /// Reads, from a consistent view.
    pub async fn read<T, E>(
        &self,
        f: impl FnOnce(&ReadTx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.0.readers.read(f).await
    }

    /// Reads a list, on a connection of its own: lists and searches do not compete for one page cache.
    pub async fn read_list<T, E>(
        &self,
        f: impl FnOnce(&ReadTx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.0.lists.read(f).await
    }

    /// Writes. Whoever comes first is first; `Err` from the closure, or a panic in it, takes everything back and announces
    /// nothing. `Ok` means durable.
    pub async fn write<T, E>(
        &self,
        f: impl FnOnce(&WriteTx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        self.0.lane.write(f).await
    }

    /// What is committed from now on, in commit order.
    pub fn changes(&self) -> broadcast::Receiver<Commit> {
        self.0.lane.changes()
    }

    /// Keeps the bytes of a file, encrypted. The row (`set_media_fetched`) is written afterwards.
    pub async fn put_media(&self, id: MediaId, bytes: Vec<u8>) -> Result<()> {
        self.0.media.put(id, bytes).await
    }

    /// The bytes of a file; none if they are not here.
    pub async fn media_bytes(&self, id: MediaId) -> Result<Option<Vec<u8>>> {
        self.0.media.get(id).await
    }

    /// Deletes the bytes of files whose rows are gone.
    pub async fn delete_media(&self, ids: Vec<MediaId>) -> Result<()> {
        self.0.media.delete(ids).await
    }

    /// Deletes files that no row names: what a crash between a commit and [`Store::delete_media`] left behind.
    pub async fn sweep_media(&self) -> Result<u32> {
        let known = self.read(|tx| tx.media_ids()).await?;
        self.0.media.sweep(known).await
    }

    /// Writes the log back into the database and cuts it to nothing; false if a reader was in the way.
    pub async fn checkpoint_truncate(&self) -> Result<bool> {
        self.0.lane.cut_log().await
    }

    /// Reads every page and every index; false if one is damaged.
    pub async fn is_sound(&self) -> Result<bool> {
        self.0
            .lane
            .with_connection(|connection| {
                let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
                Ok(verdict == "ok")
            })
            .await
    }

    /// Waits for what is under way, then closes. Every handle on the profile is closed with it.
    pub async fn close(&self) -> Result<()> {
        self.0.media.close().await;
        self.0.lists.close().await;
        self.0.readers.close().await;
        self.0.lane.close().await
    }
}
