//! Setting a profile aside as it is, so that another can begin in its place. Nothing is opened and nothing erased: what is the
//! profile's moves into a folder of its own inside the profile's, whose name says when. That folder is a profile too.
//!
//! Not in one step: the folder that holds everything also holds the lock, and somebody's log or downloads. So one file moves
//! after the other, the key first: nobody opens half of a database without its log. Until all have moved the new folder is
//! called unfinished, and the next start goes on where this one stopped.

use crate::error::{Error, Result};
use crate::lane::on_blocking_pool;
use crate::place::{Place, make_private_dir};
use crate::vault::sync_dir;
use model::Timestamp;
use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

const PREFIX: &str = "set-aside-";
const UNFINISHED: &str = ".unfinished";
/// How often a name that is taken gets another number.
const TRIES: u32 = 1000;

/// Sets a closed profile aside; answers with the folder it lies in from now on. `AlreadyOpen` if somebody has it open.
pub async fn set_aside(place: Place, now: Timestamp) -> Result<PathBuf> {
    on_blocking_pool(move || {
        let _lock = place.lock()?;
        let unfinished = match begun(&place.dir)? {
            Some(unfinished) => unfinished,
            None => {
                let unfinished = place.dir.join(format!("{PREFIX}{}{UNFINISHED}", day_and_minute(now)));
                make_private_dir(&unfinished)?;
                sync_dir(&place.dir)?;
                unfinished
            }
        };
        go_on(&place, &unfinished)
    })
    .await
    .unwrap_or(Err(Error::Closed))
}

/// Goes on with what was cut off; nothing if nothing was. Comes before anybody looks for a profile here.
pub async fn finish_setting_aside(place: Place) -> Result<()> {
    on_blocking_pool(move || {
        if begun(&place.dir)?.is_none() {
            return Ok(());
        }
        let _lock = place.lock()?;
        // Whoever had the lock may have been at it.
        begun(&place.dir)?.map_or(Ok(()), |unfinished| go_on(&place, &unfinished).map(drop))
    })
    .await
    .unwrap_or(Err(Error::Closed))
}

fn go_on(place: &Place, unfinished: &Path) -> Result<PathBuf> {
    let mut names: Vec<OsString> = Vec::new();
    for entry in std::fs::read_dir(&place.dir)? {
        names.extend(Some(entry?.file_name()).filter(|name| is_of_profile(name)));
    }
    let key = place.envelope();
    names.sort_by_key(|name| Some(name.as_os_str()) != key.file_name());
    for name in names {
        let to = unfinished.join(&name);
        if to.exists() {
            return Err(Error::Io(ErrorKind::AlreadyExists));
        }
        std::fs::rename(place.dir.join(&name), to)?;
        sync_dir(unfinished)?;
        sync_dir(&place.dir)?;
    }
    let name = unfinished.file_name().unwrap_or_default().to_string_lossy();
    let name = name.strip_suffix(UNFINISHED).unwrap_or(&name);
    for number in 0..TRIES {
        let folder = match number {
            0 => place.dir.join(name),
            number => place.dir.join(format!("{name} ({number})")),
        };
        if !folder.exists() {
            std::fs::rename(unfinished, &folder)?;
            sync_dir(&place.dir)?;
            return Ok(folder);
        }
    }
    Err(Error::Io(ErrorKind::AlreadyExists))
}

/// The database with its log, its copies and what was kept of damaged ones, the key, the files; not the lock, which is the
/// place's and is held just now.
fn is_of_profile(name: &std::ffi::OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with("kontor.") || matches!(name.as_ref(), "key.json" | "opened-by" | "media")
}

fn begun(dir: &Path) -> Result<Option<PathBuf>> {
    let entries = match std::fs::read_dir(dir) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        entries => entries?,
    };
    for entry in entries {
        let name = entry?.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(PREFIX) && name.ends_with(UNFINISHED) {
            return Ok(Some(dir.join(name.as_ref())));
        }
    }
    Ok(None)
}

/// As a name for a folder: the day and the minute, which machines in every country write alike.
fn day_and_minute(at: Timestamp) -> String {
    let at = jiff::Timestamp::from_millisecond(at.0).unwrap_or_default();
    at.strftime("%Y-%m-%d-%H%MZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-23T08:05Z.
    const NOW: Timestamp = Timestamp(1_795_421_100_000);
    const NAME: &str = "set-aside-2026-11-23-0805Z";
    const OURS: [&str; 6] =
        ["key.json", "kontor.db", "kontor.db-wal", "kontor.snapshot-7.db", "media/0a", "opened-by"];
    const OTHERS: [&str; 2] = ["lock", "log/kontor.log"];

    fn profile(dir: &Path) {
        for name in OURS.iter().chain(&OTHERS) {
            std::fs::create_dir_all(dir.join(name).parent().unwrap()).unwrap();
            std::fs::write(dir.join(name), name).unwrap();
        }
    }

    fn assert_aside(dir: &Path, folder: &Path) {
        for name in OURS {
            assert_eq!(std::fs::read_to_string(folder.join(name)).unwrap(), name);
            assert!(!dir.join(name).exists(), "{name}");
        }
        assert!(OTHERS.iter().all(|name| dir.join(name).exists()));
        assert_eq!(begun(dir).unwrap(), None);
    }

    #[tokio::test]
    async fn what_is_the_profiles_is_set_aside_as_it_is_and_a_second_one_never_onto_the_first() {
        let dir = tempfile::tempdir().unwrap();
        for name in [NAME.to_owned(), format!("{NAME} (1)")] {
            profile(dir.path());
            let folder = set_aside(Place::new(dir.path()), NOW).await.unwrap();
            assert_eq!(folder, dir.path().join(name));
            assert_aside(dir.path(), &folder);
        }
    }

    #[tokio::test]
    async fn cut_off_after_any_file_the_next_start_goes_on_with_it_and_till_then_no_key_is_there() {
        for moved in 0..=OURS.len() {
            let dir = tempfile::tempdir().unwrap();
            profile(dir.path());
            let unfinished = dir.path().join(format!("{NAME}{UNFINISHED}"));
            std::fs::create_dir(&unfinished).unwrap();
            for name in OURS.iter().take(moved) {
                let name = name.split('/').next().unwrap();
                std::fs::rename(dir.path().join(name), unfinished.join(name)).unwrap();
            }
            finish_setting_aside(Place::new(dir.path())).await.unwrap();
            assert_aside(dir.path(), &dir.path().join(NAME));
        }
    }

    #[tokio::test]
    async fn a_profile_that_somebody_has_open_stays() {
        let dir = tempfile::tempdir().unwrap();
        profile(dir.path());
        let place = Place::new(dir.path());
        let _lock = place.lock().unwrap();
        let refused = set_aside(place.clone(), NOW).await;
        assert!(matches!(refused, Err(Error::AlreadyOpen)), "{refused:?}");
        assert!(OURS.iter().all(|name| dir.path().join(name).exists()));
    }
}
