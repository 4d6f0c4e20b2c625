//! The log: to whoever started us, and into a small file of the profile. Only our own crates may be talkative: what a
//! library of the network or the database would say at a lower level could hold a token or a message.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::writer::MakeWriterExt;

/// A file that has grown larger is set aside, in bytes; one older file is kept.
const MAX_BYTES: u64 = 1024 * 1024;
/// The crates whose level `KONTOR_LOG` sets.
const OURS: [&str; 7] = ["kontor", "api", "engine", "connect", "connectors", "store", "sandbox"];

/// Begins to log. `KONTOR_LOG` is one of error, warn, info, debug, trace; info without it.
pub fn start(profile_dir: &Path) {
    let level = std::env::var("KONTOR_LOG").unwrap_or_default();
    let level = level.parse::<tracing::Level>().unwrap_or(tracing::Level::INFO);
    let ours: String = OURS.iter().map(|name| format!(",{name}={level}")).collect();
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(format!("warn{ours}"))
        .with_ansi(false)
        .with_writer(std::io::stderr.and(LogFile::new(profile_dir.join("logs"))))
        .finish();
    // Fails only where a log has begun already.
    let _ = tracing::subscriber::set_global_default(subscriber);
    std::panic::set_hook(Box::new(|panic| {
        // The place only, also on the terminal: the words of a panic may quote what was being worked on.
        let thread = std::thread::current();
        tracing::error!(at = panic.location().map(ToString::to_string), thread = thread.name(), "panic");
    }));
}

/// `kontor.log`, and `kontor.1.log` before it.
#[derive(Clone)]
struct LogFile(Arc<Mutex<Inner>>);

struct Inner {
    folder: PathBuf,
    open: Option<(File, u64)>,
}

impl LogFile {
    fn new(folder: PathBuf) -> Self {
        Self(Arc::new(Mutex::new(Inner { folder, open: None })))
    }
}

impl<'a> MakeWriter<'a> for LogFile {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Write for LogFile {
    /// One line each. A log that cannot be written stops nothing.
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        let mut inner = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        inner.append(line)?;
        Ok(line.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Inner {
    fn append(&mut self, line: &[u8]) -> std::io::Result<()> {
        let path = self.folder.join("kontor.log");
        if self.open.as_ref().is_some_and(|(_, bytes)| *bytes > MAX_BYTES) {
            self.open = None;
            std::fs::rename(&path, self.folder.join("kontor.1.log"))?;
        }
        if self.open.is_none() {
            std::fs::create_dir_all(&self.folder)?;
            let file = OpenOptions::new().create(true).append(true).open(&path)?;
            let bytes = file.metadata()?.len();
            self.open = Some((file, bytes));
        }
        if let Some((file, bytes)) = &mut self.open {
            file.write_all(line)?;
            *bytes += line.len() as u64;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_stays_small() {
        let folder = std::env::temp_dir().join(format!("kontor-log-{}", std::process::id()));
        let mut log = LogFile::new(folder.clone());
        let line = [b'x'; 64 * 1024];
        for _ in 0..40 {
            log.write_all(&line).unwrap();
        }
        let sizes: Vec<u64> =
            std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap().metadata().unwrap().len()).collect();
        assert_eq!(sizes.len(), 2, "this one and the one before");
        assert!(sizes.iter().all(|bytes| *bytes <= MAX_BYTES + line.len() as u64), "{sizes:?}");
        std::fs::remove_dir_all(folder).unwrap();
    }
}
