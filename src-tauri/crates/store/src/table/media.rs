//! The rows of the media cache: where bytes come from, and whether they are here.

use super::row::{Sql, maybe, value};
use crate::{ReadTx, Result, WriteTx};
use model::attachment::MediaRef;
use model::{AccountId, MediaId};
use rusqlite::Row;
use sha2::{Digest, Sha256};

/// Whether bytes are here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaState {
    /// Not here (yet).
    Absent,
    /// Here.
    Fetched,
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

const SELECT: &str = "SELECT media.id, account.id AS account_id, key, source, mime, size_bytes, state
    FROM media LEFT JOIN account ON account.no = media.account";

fn read(row: &Row<'_>) -> rusqlite::Result<Media> {
    let account: Option<AccountId> = maybe(row, "account_id")?;
    let source = MediaRef { key: row.get("key")?, source: row.get("source")? };
    Ok(Media {
        id: value(row, "id")?,
        source: account.map(|account| (account, source)),
        mime: row.get("mime")?,
        size_bytes: row.get::<_, Option<i64>>("size_bytes")?.map(i64::cast_unsigned),
        state: value(row, "state")?,
    })
}

/// The id of a platform's file: the same ref of the same account is the same file.
fn id_of(account: AccountId, key: &str) -> MediaId {
    let mut hash = Sha256::new();
    hash.update(account.0.as_bytes());
    hash.update(key);
    MediaId(hex::encode(&hash.finalize()[..20]))
}

impl ReadTx<'_> {
    /// One file.
    pub fn media(&self, id: &MediaId) -> Result<Option<Media>> {
        self.one(&format!("{SELECT} WHERE media.id = ?1"), [Sql(id)], read)
    }

    /// All files that have a row.
    pub fn media_ids(&self) -> Result<Vec<MediaId>> {
        self.all("SELECT id FROM media", [], |row| value(row, "id"))
    }

    fn is_media_used(&self, id: &MediaId) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM attachment WHERE media = ?1)
            OR EXISTS (SELECT 1 FROM contact WHERE avatar = ?1)
            OR EXISTS (SELECT 1 FROM draft, json_each(draft.files) WHERE json_each.value ->> 'media' = ?1)";
        Ok(self.one(sql, [Sql(id)], |row| row.get(0))?.unwrap_or(false))
    }
}

impl WriteTx<'_> {
    /// The file behind a ref, with a row if it had none. The source is renewed: links of platforms expire.
    pub fn register_media(&self, account: AccountId, source: &MediaRef) -> Result<MediaId> {
        let id = id_of(account, &source.key);
        self.execute(
            "INSERT INTO media (id, account, key, source) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (id) DO UPDATE SET source = ?4 WHERE source <> ?4",
            (Sql(&id), self.account_no(account)?, &source.key, &source.source),
        )?;
        Ok(id)
    }

    /// A file that a person put here; its bytes are in the cache already, under an id the caller has made.
    pub fn insert_own_media(&self, id: &MediaId, mime: &str, size_bytes: u64) -> Result<()> {
        self.execute(
            "INSERT INTO media (id, mime, size_bytes, state) VALUES (?1, ?2, ?3, 'fetched') ON CONFLICT (id) DO NOTHING",
            (Sql(id), mime, i64::try_from(size_bytes).unwrap_or(i64::MAX)),
        )?;
        Ok(())
    }

    /// The bytes are here.
    pub fn set_media_fetched(&self, id: &MediaId, mime: &str, size_bytes: u64) -> Result<()> {
        self.execute(
            "UPDATE media SET mime = ?2, size_bytes = ?3, state = 'fetched' WHERE id = ?1",
            (Sql(id), mime, i64::try_from(size_bytes).unwrap_or(i64::MAX)),
        )?;
        Ok(())
    }

    /// At start: drops the rows of files that nothing refers to (a draft that was never saved, a picture that was
    /// replaced). Their files are to be deleted after the commit.
    pub fn forget_unused_media(&self) -> Result<Vec<MediaId>> {
        self.release_media(self.media_ids()?)
    }

    /// Drops the rows of those files that nothing refers to any more, and returns them.
    pub(super) fn release_media(&self, mut ids: Vec<MediaId>) -> Result<Vec<MediaId>> {
        ids.sort();
        ids.dedup();
        let mut released = Vec::new();
        for id in ids {
            if !self.is_media_used(&id)? {
                self.execute("DELETE FROM media WHERE id = ?1", [Sql(&id)])?;
                released.push(id);
            }
        }
        Ok(released)
    }
}
