//! A copy of a profile's folder as it is, made without opening anything: what can be offered where the database cannot be
//! opened. What is in it stays encrypted under the profile's key.

use crate::error::{Error, Result};
use crate::lane::on_blocking_pool;
use crate::place::{Place, make_private_dir};
use crate::vault::sync_dir;
use std::fs::{File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// How often a name that is taken gets another number.
const TRIES: u32 = 1000;
const UNFINISHED: &str = ".kontor-unfinished";

/// Copies the profile into a new folder `name` (or `name (1)` and so on) in `into`, and answers with that folder.
///
/// Nothing of the profile is changed but its lock, which is held meanwhile: [`Error::AlreadyOpen`] if somebody has it open.
/// A copy that was not finished is removed again; `Full` if there was no room.
pub async fn export(place: Place, into: PathBuf, name: String) -> Result<PathBuf> {
    on_blocking_pool(move || {
        let _lock = place.lock()?;
        std::fs::create_dir_all(&into)?;
        let unfinished = into.join(UNFINISHED);
        let made = fill(&place, &unfinished).and_then(|()| put(&unfinished, &into, &name));
        if made.is_err() {
            let _ = std::fs::remove_dir_all(&unfinished);
        }
        made
    })
    .await
    .unwrap_or(Err(Error::Closed))
}

fn fill(place: &Place, unfinished: &Path) -> Result<()> {
    match std::fs::remove_dir_all(unfinished) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    make_private_dir(unfinished)?;
    for entry in std::fs::read_dir(&place.dir)? {
        let entry = entry?;
        let (from, to) = (entry.path(), unfinished.join(entry.file_name()));
        if entry.file_type()?.is_file() && entry.file_name() != "lock" {
            copy_file(&from, &to)?;
        } else if from == place.media() {
            make_private_dir(&to)?;
            for file in std::fs::read_dir(from)? {
                let file = file?;
                copy_file(&file.path(), &to.join(file.file_name()))?;
            }
            sync_dir(&to)?;
        }
    }
    Ok(sync_dir(unfinished)?)
}

fn copy_file(from: &Path, to: &Path) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut copy = options.open(to)?;
    std::io::copy(&mut File::open(from)?, &mut copy)?;
    Ok(copy.sync_all()?)
}

/// A folder is never moved onto another one that has something in it.
fn put(unfinished: &Path, into: &Path, name: &str) -> Result<PathBuf> {
    for number in 0..TRIES {
        let folder = match number {
            0 => into.join(name),
            number => into.join(format!("{name} ({number})")),
        };
        if !folder.exists() {
            std::fs::rename(unfinished, &folder)?;
            sync_dir(into)?;
            return Ok(folder);
        }
    }
    Err(Error::Io(ErrorKind::AlreadyExists))
}
