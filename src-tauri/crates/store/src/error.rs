//! What can go wrong in the store; a variant exists only where the next step differs.

/// Result of the store.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why the store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another process holds the database for longer than five seconds.
    #[error("the database is busy")]
    Busy,
    /// No room on the disk; nothing of the transaction was kept.
    #[error("no room on the disk")]
    Full,
    /// The disk could not read, write or flush; nothing of the transaction was acknowledged. Nothing is written any more
    /// until the profile is opened anew; reading goes on.
    #[error("the disk failed")]
    DiskFailed,
    /// A page is damaged. The file is left as it is.
    #[error("the database is damaged")]
    Corrupt,
    /// The key does not open the file (or its first page is damaged, which looks the same). The file is left as it is.
    #[error("the key does not open the database")]
    WrongKey,
    /// Written by a newer Kontor.
    #[error("the database has version {found}, this program knows {known}")]
    Newer {
        /// The version of the file.
        found: i32,
        /// The newest version this program knows.
        known: i32,
    },
    /// Another process has this profile open.
    #[error("the profile is open in another process")]
    AlreadyOpen,
    /// The store has been closed.
    #[error("the store is closed")]
    Closed,
    /// The row that was named does not exist (any more).
    #[error("no such row: {0}")]
    Missing(&'static str),
    /// A sealed value does not open with this profile's key: it was moved from elsewhere or damaged.
    #[error("a sealed value does not open")]
    Sealed,
    /// A file could not be read or written.
    #[error("file: {0}")]
    Io(std::io::ErrorKind),
    /// A stored value could not be read back as what it was written as.
    #[error("stored value: {0}")]
    Value(#[from] serde_json::Error),
    /// A migration failed; the database is as it was before.
    #[error("migration: {0}")]
    Migration(#[source] Box<refinery::Error>),
    /// SQLite refused otherwise: a mistake of ours.
    #[error("sqlite: {0}")]
    Sql(#[source] rusqlite::Error),
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        match error.sqlite_error_code() {
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::Busy,
            Some(Code::DiskFull) => Self::Full,
            Some(Code::DatabaseCorrupt) => Self::Corrupt,
            Some(Code::NotADatabase) => Self::WrongKey,
            Some(Code::SystemIoFailure) if is_of_the_disk(&error) => Self::DiskFailed,
            Some(Code::SystemIoFailure) => Self::Io(std::io::ErrorKind::Other),
            Some(Code::CannotOpen) => Self::Io(std::io::ErrorKind::NotFound),
            Some(Code::ReadOnly) => Self::Io(std::io::ErrorKind::PermissionDenied),
            _ => Self::Sql(error),
        }
    }
}

/// Whether bytes were not read, written or flushed. Not so where SQLite could not make room for its shared memory (a full
/// disk) or take a lock: that passes.
fn is_of_the_disk(error: &rusqlite::Error) -> bool {
    use rusqlite::ffi;
    error.sqlite_error().is_some_and(|error| {
        matches!(
            error.extended_code,
            ffi::SQLITE_IOERR_READ
                | ffi::SQLITE_IOERR_WRITE
                | ffi::SQLITE_IOERR_FSYNC
                | ffi::SQLITE_IOERR_DIR_FSYNC
                | ffi::SQLITE_IOERR_TRUNCATE
                | ffi::SQLITE_IOERR_FSTAT
                | ffi::SQLITE_IOERR_CORRUPTFS
        )
    })
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull
            | std::io::ErrorKind::QuotaExceeded
            | std::io::ErrorKind::FileTooLarge => Self::Full,
            kind => Self::Io(kind),
        }
    }
}
