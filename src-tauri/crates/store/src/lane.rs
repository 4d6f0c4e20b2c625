//! The write lane: one connection behind a fair lock. Commit, then publish, then let the next one in.

use crate::change::{Commit, Topic};
use crate::error::{Error, Result};
use crate::halt::Halt;
use crate::place::Lock;
use crate::table::text_index::merge_some;
use crate::tx::{Finished, WriteTx};
use crate::vault::Keys;
use rusqlite::config::DbConfig;
use rusqlite::hooks::Wal;
use rusqlite::{Connection, TransactionBehavior};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, AtomicUsize, Ordering};
use tokio::runtime::RuntimeFlavor;
use tokio::sync::{Mutex, OwnedMutexGuard, broadcast};

/// How many commits a slow listener may be behind before it is told that it missed some.
const FEED_LENGTH: usize = 1024;
/// The log is written back and cut when it grows beyond this.
const MAX_LOG_BYTES: u64 = 64 * 1024 * 1024;
/// From this many pages on the log is written back, so that it can be begun anew.
const PAGES_PER_CHECKPOINT: i32 = 1000;
/// FTS5 merges four segments of a level (`usermerge`): fewer new ones are no work.
const SEGMENTS_PER_MERGE: u32 = 4;
/// Between two looks at the log's length.
const COMMITS_PER_LOOK: u64 = 64;

pub(crate) struct Lane {
    writer: Arc<Mutex<Option<Writer>>>,
    /// How many wait for the writer.
    waiting: Arc<AtomicUsize>,
    feed: broadcast::Sender<Commit>,
    keys: Arc<Keys>,
    halt: Arc<Halt>,
}

struct Writer {
    connection: Connection,
    log: PathBuf,
    seq: u64,
    commits: u64,
    /// Pages in the log since it was last begun anew.
    log_pages: Arc<AtomicI32>,
    /// Erased text may still be in the log.
    must_cut_log: bool,
    /// Segments that the index over texts got since there was last nothing to merge.
    new_segments: u32,
    #[cfg(debug_assertions)]
    touched: Arc<std::sync::Mutex<BTreeSet<String>>>,
    /// Given back after the connection is closed.
    _lock: Lock,
}

impl Lane {
    pub(crate) fn new(
        mut connection: Connection,
        log: PathBuf,
        lock: Lock,
        keys: Arc<Keys>,
        halt: Arc<Halt>,
    ) -> Result<Self> {
        // Takes the place of SQLite's own checkpoint, which keeps its errors to itself.
        let log_pages = Arc::<AtomicI32>::default();
        let counted = log_pages.clone();
        connection.wal_hook(Some(move |_: &mut Wal, pages| {
            counted.store(pages, Ordering::Relaxed);
            Ok(())
        }))?;
        #[cfg(debug_assertions)]
        let touched = {
            let touched = Arc::new(std::sync::Mutex::new(BTreeSet::new()));
            let seen = touched.clone();
            connection.update_hook(Some(move |_, _: &str, table: &str, _| {
                let mut seen = seen.lock().expect("nobody panics while holding this lock");
                if !seen.contains(table) {
                    seen.insert(table.to_owned());
                }
            }))?;
            touched
        };
        let is_left_behind = std::fs::metadata(&log).is_ok_and(|log| log.len() > 0);
        let writer = Writer {
            connection,
            log,
            seq: 0,
            commits: 0,
            log_pages,
            // Left behind by a crash, perhaps before it was cut.
            must_cut_log: is_left_behind,
            new_segments: SEGMENTS_PER_MERGE,
            #[cfg(debug_assertions)]
            touched,
            _lock: lock,
        };
        Ok(Self {
            writer: Arc::new(Mutex::new(Some(writer))),
            waiting: Arc::default(),
            feed: broadcast::channel(FEED_LENGTH).0,
            keys,
            halt,
        })
    }

    pub(crate) fn changes(&self) -> broadcast::Receiver<Commit> {
        self.feed.subscribe()
    }

    /// Waits for the writer, and is seen to wait.
    async fn turn(&self) -> OwnedMutexGuard<Option<Writer>> {
        let _waits = Waits::at(&self.waiting);
        self.writer.clone().lock_owned().await
    }

    /// The lane moves into the closure: a caller that goes away neither tears the write nor lets another one in between.
    pub(crate) async fn write<T, E>(
        &self,
        f: impl FnOnce(&WriteTx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let mut lane = self.turn().await;
        let (feed, keys, halt) = (self.feed.clone(), self.keys.clone(), self.halt.clone());
        let written = at_once(move || {
            let writer = lane.as_mut().ok_or(Error::Closed)?;
            let answer = writer.write(&feed, &keys, &halt, f);
            Ok::<_, E>((answer, lane))
        });
        let (answer, lane) = written.await.unwrap_or_else(|| Err(Error::Closed.into()))?;
        self.tidy(lane);
        answer
    }

    /// What is durable is said at once; this is done before the next one comes in.
    fn tidy(&self, mut lane: OwnedMutexGuard<Option<Writer>>) {
        if !lane.as_ref().is_some_and(Writer::is_untidy) {
            return;
        }
        let (halt, waiting) = (self.halt.clone(), self.waiting.clone());
        #[expect(clippy::disallowed_methods, reason = "this is the store's lane to the blocking pool")]
        tokio::task::spawn_blocking(move || {
            if let Some(writer) = lane.as_mut() {
                writer.write_log_back(&halt);
                writer.merge_texts(&halt, &waiting);
            }
        });
    }

    /// Waits until all that writes left to be done is done, without hurrying it.
    #[cfg(test)]
    pub(crate) async fn rest(&self) {
        drop(self.writer.lock().await);
    }

    /// Runs something that is not a transaction on the write connection.
    pub(crate) async fn with_connection<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let mut lane = self.turn().await;
        on_blocking_pool(move || f(&mut lane.as_mut().ok_or(Error::Closed)?.connection))
            .await
            .unwrap_or(Err(Error::Closed))
    }

    /// Writes the log back and cuts it; false if a reader was in the way.
    pub(crate) async fn cut_log(&self) -> Result<bool> {
        let halt = self.halt.clone();
        self.with_connection(move |connection| {
            halt.check()?;
            halt.watch(cut_log(connection))
        })
        .await
    }

    /// Ends the lane: later writes find it closed.
    pub(crate) async fn close(&self) -> Result<()> {
        let Some(writer) = self.turn().await.take() else { return Ok(()) };
        let halt = self.halt.clone();
        on_blocking_pool(move || {
            let last = |connection: &Connection| {
                connection.execute_batch("PRAGMA optimize")?;
                cut_log(connection)
            };
            let outcome = if halt.is_set() { Ok(false) } else { halt.watch(last(&writer.connection)) };
            if halt.is_set() {
                writer.connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
            }
            outcome?;
            writer.connection.close().map_err(|(_, error)| error.into())
        })
        .await
        .unwrap_or(Err(Error::Closed))
    }
}

impl Writer {
    fn write<T, E: From<Error>>(
        &mut self,
        feed: &broadcast::Sender<Commit>,
        keys: &Keys,
        halt: &Halt,
        f: impl FnOnce(&WriteTx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        #[cfg(debug_assertions)]
        self.touched.lock().expect("nobody panics while holding this lock").clear();
        halt.check()?;
        let begun = self.connection.transaction_with_behavior(TransactionBehavior::Immediate);
        let transaction = halt.watch(begun.map_err(Error::from))?;
        let tx = WriteTx::new(&transaction, keys);
        let value = f(&tx);
        halt.note(tx.failure());
        let value = value?;
        halt.check()?;
        let Finished { topics, has_erased, has_indexed } = halt.watch(tx.finish())?;
        #[cfg(debug_assertions)]
        crate::change::assert_announced(
            &self.touched.lock().expect("nobody panics while holding this lock"),
            &topics,
        );
        halt.watch(transaction.commit().map_err(Error::from))?;
        self.publish(feed, topics);
        self.must_cut_log |= has_erased;
        self.new_segments += u32::from(has_indexed);
        self.cut_long_log(halt);
        Ok(value)
    }

    fn publish(&mut self, feed: &broadcast::Sender<Commit>, topics: BTreeSet<Topic>) {
        if topics.is_empty() {
            return;
        }
        self.seq += 1;
        // Nobody listening is no error.
        let _ = feed.send(Commit { seq: self.seq, topics });
    }

    /// A reader in the middle of something holds the log; then the next commit tries again.
    fn cut_long_log(&mut self, halt: &Halt) {
        self.commits += 1;
        let is_long = self.commits.is_multiple_of(COMMITS_PER_LOOK)
            && std::fs::metadata(&self.log).is_ok_and(|log| log.len() > MAX_LOG_BYTES);
        if self.must_cut_log || is_long {
            let _ = self.connection.busy_timeout(std::time::Duration::ZERO);
            if let Ok(is_cut) = halt.watch(cut_log(&self.connection)) {
                self.must_cut_log &= !is_cut;
            }
            let _ = self.connection.busy_timeout(crate::connection::BUSY_TIMEOUT);
        }
    }

    fn is_untidy(&self) -> bool {
        self.is_log_long() || self.new_segments >= SEGMENTS_PER_MERGE
    }

    fn is_log_long(&self) -> bool {
        self.log_pages.load(Ordering::Relaxed) >= PAGES_PER_CHECKPOINT
    }

    /// Nothing is lost if it is refused: the log is whole.
    fn write_log_back(&self, halt: &Halt) {
        if !halt.is_set() && self.is_log_long() {
            let written = self.connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
            let _ = halt.watch(written.map_err(Error::from));
        }
    }

    /// A step, and more until all is merged or somebody waits. Nothing is lost if it is refused: the index is whole, in more
    /// parts.
    fn merge_texts(&mut self, halt: &Halt, waiting: &AtomicUsize) {
        while self.new_segments >= SEGMENTS_PER_MERGE && !halt.is_set() {
            if !halt.watch(merge_some(&self.connection)).unwrap_or(false) {
                self.new_segments = 0;
            }
            if waiting.load(Ordering::Relaxed) > 0 {
                return;
            }
            // Merging a large import fills the log like many writes.
            self.write_log_back(halt);
        }
    }
}

/// Somebody waits for the writer, for as long as it lives.
struct Waits<'a>(&'a AtomicUsize);

impl<'a> Waits<'a> {
    fn at(waiting: &'a AtomicUsize) -> Self {
        waiting.fetch_add(1, Ordering::Relaxed);
        Self(waiting)
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Writes the whole log back into the database and cuts it to nothing; false if a reader was in the way.
pub(crate) fn cut_log(connection: &Connection) -> Result<bool> {
    let is_busy: bool = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    Ok(!is_busy)
}

/// Runs a transaction: where it is asked for, if other threads of the runtime can go on meanwhile, since the way to another
/// thread and back takes as long as half the commit; else on the blocking pool, which also holds simulated time.
async fn at_once<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    match tokio::runtime::Handle::current().runtime_flavor() {
        RuntimeFlavor::MultiThread => Some(tokio::task::block_in_place(work)),
        _ => on_blocking_pool(work).await,
    }
}

/// The one place that hands work to the blocking pool. A panic of the work goes on in the caller; none if the runtime
/// is shutting down.
#[expect(clippy::disallowed_methods, reason = "this is the store's lane to the blocking pool")]
pub(crate) async fn on_blocking_pool<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(value) => Some(value),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_cancelled) => None,
        },
    }
}
