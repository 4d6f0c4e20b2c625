//! The rows of the media cache: where bytes come from, and whether they are here.

use crate::{ReadTx, Result, WriteTx};
use model::attachment::MediaRef;
use model::{AccountId, MediaId};

/// Whether bytes are here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaState {
    /// Not asked for yet.
    Absent,
    /// Here.
    Fetched,
    /// Asked for and not to be had.
    Failed,
}

/// A file of the media cache.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Media {
    /// Its name in addresses and on disk.
    pub id: MediaId,
    /// From which account it is fetched; none for a file that was put here by a person.
    pub source: Option<(AccountId, MediaRef)>,
    /// Sniffed from the bytes, once they are here.
    pub mime: Option<String>,
    /// Size, once they are here.
    pub size_bytes: Option<u64>,
    /// Whether they are here.
    pub state: MediaState,
}

impl ReadTx<'_> {
    /// One file.
    pub fn media(&self, id: &MediaId) -> Result<Option<Media>> {
        todo!()
    }

    /// All files that have a row.
    pub fn media_ids(&self) -> Result<Vec<MediaId>> {
        todo!()
    }
}

impl WriteTx<'_> {
    /// The file behind a ref, with a row if it had none. The source is renewed: links of platforms expire.
    pub fn register_media(&self, account: AccountId, source: &MediaRef) -> Result<MediaId> {
        todo!()
    }

    /// A file that a person put here; its bytes are in the cache already.
    pub fn insert_own_media(&self, id: &MediaId, mime: &str, size_bytes: u64) -> Result<()> {
        todo!()
    }

    /// The bytes are here.
    pub fn set_media_fetched(&self, id: &MediaId, mime: &str, size_bytes: u64) -> Result<()> {
        todo!()
    }

    /// The bytes are not to be had.
    pub fn set_media_failed(&self, id: &MediaId) -> Result<()> {
        todo!()
    }
}
