//! Bringing a database to today's schema: forward only, all or nothing, a copy first.

use crate::error::{Error, Result};
use crate::place::Place;
use rusqlite::{Connection, OptionalExtension};

mod embedded {
    refinery::embed_migrations!("migrations");
}

/// Brings the database to the newest schema this program knows.
pub(crate) fn migrate(connection: &mut Connection, place: &Place) -> Result<()> {
    migrate_with(connection, place, embedded::migrations::runner())
}

/// Like [`migrate`], with other migrations. The runner's are applied in one transaction together with their record.
pub(crate) fn migrate_with(
    connection: &mut Connection,
    place: &Place,
    runner: refinery::Runner,
) -> Result<()> {
    let known = runner.get_migrations().iter().map(|step| step.version()).max().unwrap_or(0);
    let found = version(connection)?;
    if found > known {
        return Err(Error::Newer { found, known });
    }
    if found == known {
        return forget_copies(place);
    }
    if found > 0 {
        copy(connection, place, found)?;
    }
    // Rows may be rewritten by a migration: what they held must not stay in free pages, which secure_delete sees to.
    runner.set_grouped(true).run(connection).map_err(|error| match error.kind() {
        refinery::error::Kind::Connection(_, source) => match source.downcast_ref::<rusqlite::Error>() {
            Some(rusqlite::Error::SqliteFailure(code, message)) => {
                rusqlite::Error::SqliteFailure(*code, message.clone()).into()
            }
            _ => Error::Migration(Box::new(error)),
        },
        _ => Error::Migration(Box::new(error)),
    })?;
    Ok(())
}

/// The version of the schema in the file; 0 for a new one.
fn version(connection: &Connection) -> Result<i32> {
    let is_known = connection
        .query_row("SELECT 1 FROM sqlite_schema WHERE name = 'refinery_schema_history'", [], |_| Ok(()))
        .optional()?;
    if is_known.is_none() {
        return Ok(0);
    }
    let sql = "SELECT coalesce(max(version), 0) FROM refinery_schema_history";
    Ok(connection.query_row(sql, [], |row| row.get(0))?)
}

/// Keeps the database as it was, under the same key, beside it. One copy per version; an interrupted copy is made anew.
fn copy(connection: &Connection, place: &Place, version: i32) -> Result<()> {
    let name = |ending: &str| place.dir.join(format!("kontor.before-{version}.{ending}"));
    let (unfinished, copy) = (name("part"), name("db"));
    let path = unfinished.to_str().ok_or(Error::Io(std::io::ErrorKind::InvalidFilename))?;
    match std::fs::remove_file(&unfinished) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    connection.execute("VACUUM INTO ?1", [path])?;
    std::fs::OpenOptions::new().write(true).open(&unfinished)?.sync_all()?;
    std::fs::rename(&unfinished, &copy)?;
    Ok(crate::vault::sync_dir(&place.dir)?)
}

/// A start that needs no migration has proved the last one: the copy goes, and with it texts that may have been taken back
/// since.
fn forget_copies(place: &Place) -> Result<()> {
    for entry in std::fs::read_dir(&place.dir)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with("kontor.before-") {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
