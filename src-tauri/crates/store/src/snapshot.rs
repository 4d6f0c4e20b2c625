//! A copy of the database made while it is healthy, under the same key, beside it: what a damaged one is brought back from.
//!
//! One is kept. A new one takes its place only after every page of it was read back. Its instant stands in its name, so
//! that it can be told before anything is opened.

use crate::connection::Opener;
use crate::error::{Error, Result};
use crate::lane::on_blocking_pool;
use crate::place::Place;
use crate::store::Store;
use model::Timestamp;
use rusqlite::Connection;
use std::path::{Path, PathBuf};

const PREFIX: &str = "kontor.snapshot-";
const ENDING: &str = ".db";
const UNFINISHED: &str = "kontor.snapshot.part";
/// Pages kept while copying and checking: every page is read once.
const CACHE_KIB: u32 = 2048;

impl Place {
    /// When the copy was made that a damaged database could be brought back from; none if there is none.
    pub fn snapshot_made_at(&self) -> Option<Timestamp> {
        newest(self).map(|(at, _)| at)
    }
}

impl Store {
    /// Copies the database as it is at `now`, checks the copy and puts it in the place of the last one.
    ///
    /// On a connection of its own: writes go on meanwhile. `Corrupt` or `WrongKey` if the database (or what was copied) is
    /// damaged, `Full` if there is no room; the last copy stays then.
    pub async fn keep_snapshot(&self, now: Timestamp) -> Result<()> {
        let opener = Opener { cache_kib: CACHE_KIB, ..self.opener().clone() };
        on_blocking_pool(move || {
            let place = place_of(&opener);
            let unfinished = place.dir.join(UNFINISHED);
            let made = copy(&opener, &unfinished).and_then(|()| put(&place, &unfinished, now));
            if made.is_err() {
                // A half of a copy only takes room.
                let _ = std::fs::remove_file(&unfinished);
            }
            made
        })
        .await
        .unwrap_or(Err(Error::Closed))
    }

    /// When the last copy was made.
    pub async fn snapshot_made_at(&self) -> Option<Timestamp> {
        let place = place_of(self.opener());
        on_blocking_pool(move || place.snapshot_made_at()).await.flatten()
    }

    /// Deletes the copy: it holds what was just erased.
    pub async fn forget_snapshot(&self) -> Result<()> {
        let place = place_of(self.opener());
        on_blocking_pool(move || {
            for (_, path) in all(&place) {
                std::fs::remove_file(path)?;
            }
            Ok(())
        })
        .await
        .unwrap_or(Err(Error::Closed))
    }
}

/// A database that is gone or emptied although there is a copy of it was damaged: SQLite would take it for a new one.
pub(crate) fn check_not_emptied(place: &Place) -> Result<()> {
    let is_there = std::fs::metadata(place.database()).is_ok_and(|file| file.len() > 0);
    if is_there || place.snapshot_made_at().is_none() { Ok(()) } else { Err(Error::Corrupt) }
}

/// The newest copy: a crash may have left an older one beside it.
pub(crate) fn newest(place: &Place) -> Option<(Timestamp, PathBuf)> {
    all(place).into_iter().max()
}

fn all(place: &Place) -> Vec<(Timestamp, PathBuf)> {
    let Ok(entries) = std::fs::read_dir(&place.dir) else { return Vec::new() };
    let read = |entry: std::fs::DirEntry| {
        let name = entry.file_name();
        let ms = name.to_str()?.strip_prefix(PREFIX)?.strip_suffix(ENDING)?.parse().ok()?;
        Some((Timestamp(ms), entry.path()))
    };
    entries.flatten().filter_map(read).collect()
}

fn place_of(opener: &Opener) -> Place {
    Place::new(opener.path.parent().expect("a database lies in a folder"))
}

fn copy(opener: &Opener, unfinished: &Path) -> Result<()> {
    match std::fs::remove_file(unfinished) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let path = unfinished.to_str().ok_or(Error::Io(std::io::ErrorKind::InvalidFilename))?;
    let connection = opener.open_reader()?;
    // Copying builds the indexes anew and would pass over damaged ones.
    check_pages(&connection)?;
    connection.execute_batch("PRAGMA query_only = OFF;")?;
    connection.execute("VACUUM INTO ?1", [path])?;
    drop(connection);
    let copied = Opener { path: unfinished.to_owned(), ..opener.clone() }.open_reader()?;
    check_pages(&copied)?;
    check_seals(&copied)
}

fn put(place: &Place, unfinished: &Path, now: Timestamp) -> Result<()> {
    std::fs::OpenOptions::new().write(true).open(unfinished)?.sync_all()?;
    let older = all(place);
    let path = place.dir.join(format!("{PREFIX}{}{ENDING}", now.0));
    std::fs::rename(unfinished, &path)?;
    crate::vault::sync_dir(&place.dir)?;
    for (_, old) in older.into_iter().filter(|(_, old)| *old != path) {
        std::fs::remove_file(old)?;
    }
    Ok(())
}

/// Reads every page and every index.
fn check_pages(connection: &Connection) -> Result<()> {
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" { Ok(()) } else { Err(Error::Corrupt) }
}

/// Compares the seal (HMAC) of every page; a row for each that is broken. Only for a file that nobody writes.
fn check_seals(connection: &Connection) -> Result<()> {
    let mut statement = connection.prepare("PRAGMA cipher_integrity_check")?;
    if statement.query([])?.next()?.is_some() { Err(Error::Corrupt) } else { Ok(()) }
}
