//! How a connection is opened: the key first, then the recipe, then a first look that proves the key.

use crate::error::{Error, Result};
use crate::vault::DataKey;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::path::PathBuf;
use std::sync::Once;
use std::time::Duration;

/// How long a statement waits for another process.
pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Lets one thread initialise SQLite and SQLCipher to the end before any other opens a connection.
///
/// `sqlite3_initialize` calls itself done, and lets others pass, before it has run SQLCipher's part: whoever passes then
/// finds a cipher that is only half there, and its `PRAGMA key` is refused.
#[expect(clippy::disallowed_methods, reason = "opens nothing but what it needs to initialise")]
pub(crate) fn initialise() {
    static INITIALISED: Once = Once::new();
    // What fails here fails again where the database is opened, and is told there.
    INITIALISED.call_once(|| {
        // For every database of this process, also one that `VACUUM INTO` writes: SHA-256 seals a page in half the time of
        // SQLCipher's SHA-512 where processors have instructions for it.
        let _ = Connection::open_in_memory().and_then(|connection| {
            connection.execute_batch("PRAGMA cipher_default_hmac_algorithm = HMAC_SHA256;")
        });
    });
}

/// Opens connections to one database.
#[derive(Clone)]
pub(crate) struct Opener {
    pub(crate) path: PathBuf,
    /// None only in tests that look for text in the file's bytes.
    pub(crate) key: Option<DataKey>,
    pub(crate) cache_kib: u32,
}

impl Opener {
    /// The write connection; makes the file if there is none.
    pub(crate) fn open_writer(&self) -> Result<Connection> {
        let connection = self.open(OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        connection.execute_batch("PRAGMA journal_mode = WAL;")?;
        Ok(connection)
    }

    pub(crate) fn open_reader(&self) -> Result<Connection> {
        let connection = self.open(OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        connection.execute_batch("PRAGMA query_only = ON;")?;
        Ok(connection)
    }

    #[expect(clippy::disallowed_methods, reason = "this is the place that opens the database")]
    fn open(&self, flags: OpenFlags) -> Result<Connection> {
        initialise();
        let connection = Connection::open_with_flags(&self.path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        if let Some(key) = &self.key {
            connection.execute_batch(&key.as_pragma())?;
            // What is wrong comes back as an error; SQLCipher's own lines on stderr say no more.
            connection.execute_batch("PRAGMA cipher_log_level = NONE; PRAGMA cipher_page_size = 4096;")?;
        }
        // FULL: the mark "about to send" must survive a power cut. secure_delete: erased text is overwritten.
        connection.execute_batch(&format!(
            "PRAGMA cache_size = -{};
             PRAGMA synchronous = FULL;
             PRAGMA foreign_keys = ON;
             PRAGMA secure_delete = ON;
             PRAGMA trusted_schema = OFF;
             PRAGMA temp_store = MEMORY;
             PRAGMA cell_size_check = ON;
             PRAGMA journal_size_limit = 67108864;",
            self.cache_kib
        ))?;
        if cfg!(target_os = "macos") {
            connection.execute_batch("PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;")?;
        }
        connection.set_prepared_statement_cache_capacity(256);
        // Plans do not follow what is bound: otherwise SQLite prepares a statement anew whenever its LIMIT is bound.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        // The first read decrypts the first page: a wrong key shows here.
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(connection)
    }
}

impl Opener {
    /// Tells what stands in the way before SQLite says no more than that it cannot open the file.
    pub(crate) fn check_file(&self) -> Result<()> {
        match std::fs::metadata(&self.path) {
            Ok(file) if !file.is_file() => Err(Error::Io(std::io::ErrorKind::NotADirectory)),
            Ok(_) => Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}
