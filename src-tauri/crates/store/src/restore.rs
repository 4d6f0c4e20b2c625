//! Bringing a damaged database back from its copy. The damaged file is kept aside, whatever happens.
//!
//! What becomes the database is made whole first, under a name of its own; from then on opening the profile finishes the
//! exchange, however often it is cut off: the log first, then the database aside, then the new one in its place.

use crate::connection::Opener;
use crate::error::{Error, Result};
use crate::lane::{cut_log, on_blocking_pool};
use crate::migrate::migrate;
use crate::place::Place;
use crate::salvage::{Carried, Salvaged};
use crate::snapshot::newest;
use crate::tx::WriteTx;
use crate::vault::{DataKey, Keys, sync_dir};
use model::{PlatformId, Timestamp};
use std::path::PathBuf;
use std::time::Duration;

const PREFIX: &str = "kontor.restored-";
const UNFINISHED: &str = "kontor.restored.part";
const CACHE_KIB: u32 = 2048;

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The instant that the profile went back to.
    pub to: Timestamp,
    /// Undelivered replies and drafts that were read from the damaged file.
    pub carried: Carried,
}

/// Brings the database of a closed profile back to its copy, with what can still be read of the damaged one: accounts as
/// they are signed in now, drafts, and replies that were not delivered. None of those is sent by itself afterwards.
///
/// `reply_window` tells how long a platform lets one answer. The damaged file stays as `kontor.damaged-<ms>.db`. `Missing`
/// if there is no copy, `WrongKey` or `Corrupt` if the copy does not open; then nothing was changed.
pub async fn restore(
    place: Place,
    key: DataKey,
    now: Timestamp,
    reply_window: impl Fn(&PlatformId) -> Option<Duration> + Send + 'static,
) -> Result<Restored> {
    on_blocking_pool(move || {
        let _lock = place.lock()?;
        finish(&place)?;
        let (to, snapshot) = newest(&place).ok_or(Error::Missing("snapshot"))?;
        let keys = Keys::new(&key);
        let opener = |path: PathBuf| Opener { path, key: Some(key.clone()), cache_kib: CACHE_KIB };
        let salvaged = Salvaged::read(&opener(place.database()), &keys);
        let unfinished = place.dir.join(UNFINISHED);
        remove(&unfinished)?;
        std::fs::copy(snapshot, &unfinished)?;
        let mut connection = opener(unfinished.clone()).open_writer()?;
        migrate(&mut connection, &place)?;
        let transaction = connection.transaction()?;
        let tx = WriteTx::new(&transaction, &keys);
        let carried = salvaged.put(&tx, to, &reply_window)?;
        tx.finish()?;
        transaction.commit()?;
        cut_log(&connection)?;
        connection.close().map_err(|(_, error)| error)?;
        std::fs::OpenOptions::new().write(true).open(&unfinished)?.sync_all()?;
        std::fs::rename(&unfinished, place.dir.join(format!("{PREFIX}{}.db", now.0)))?;
        sync_dir(&place.dir)?;
        finish(&place)?;
        Ok(Restored { to, carried })
    })
    .await
    .unwrap_or(Err(Error::Closed))
}

/// Finishes an exchange that was begun: the database with its log goes aside, the new one takes its place. Nothing if none
/// was.
pub(crate) fn finish(place: &Place) -> Result<()> {
    let Some((at_ms, restored)) = begun(place)? else { return Ok(()) };
    let aside = |ending: &str| place.dir.join(format!("kontor.damaged-{at_ms}.db{ending}"));
    let database = |ending: &str| place.dir.join(format!("kontor.db{ending}"));
    // A log that stayed would be played into the new database.
    for ending in ["-wal", "-shm", ""] {
        if database(ending).exists() {
            std::fs::rename(database(ending), aside(ending))?;
        }
    }
    sync_dir(&place.dir)?;
    std::fs::rename(restored, place.database())?;
    Ok(sync_dir(&place.dir)?)
}

fn begun(place: &Place) -> Result<Option<(i64, PathBuf)>> {
    for entry in std::fs::read_dir(&place.dir)? {
        let entry = entry?;
        let name = entry.file_name();
        let at_ms =
            name.to_str().and_then(|name| name.strip_prefix(PREFIX)?.strip_suffix(".db")?.parse().ok());
        if let Some(at_ms) = at_ms {
            return Ok(Some((at_ms, entry.path())));
        }
    }
    Ok(None)
}

/// What an attempt before this one left behind.
fn remove(unfinished: &std::path::Path) -> Result<()> {
    for ending in ["", "-wal", "-shm"] {
        let mut path = unfinished.as_os_str().to_owned();
        path.push(ending);
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    Ok(())
}
