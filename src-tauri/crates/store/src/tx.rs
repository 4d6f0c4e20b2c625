//! Transactions: reads on [`ReadTx`], writes on [`WriteTx`], which can read too.

use crate::change::Topic;
use crate::error::{Error, Result};
use crate::halt::Failure;
use crate::vault::Keys;
use model::{AccountId, ConversationId, MessageId};
use rusqlite::{CachedStatement, Connection};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

/// A consistent view of the database.
pub struct ReadTx<'c> {
    pub(crate) connection: &'c Connection,
    pub(crate) keys: &'c Keys,
    /// What a statement met, whatever became of its error.
    failure: Cell<Option<Failure>>,
    /// The last account asked for, with its number: a batch is about one account.
    pub(crate) account: Cell<Option<(AccountId, i64)>>,
}

impl<'c> ReadTx<'c> {
    pub(crate) fn new(connection: &'c Connection, keys: &'c Keys) -> Self {
        Self { connection, keys, failure: Cell::new(None), account: Cell::new(None) }
    }

    /// The answer of every statement comes through here.
    pub(crate) fn watch<T>(&self, answer: rusqlite::Result<T>) -> Result<T> {
        answer.map_err(|error| {
            let error = Error::from(error);
            self.failure.set(self.failure.get().or(Failure::of(&error)));
            error
        })
    }

    pub(crate) fn failure(&self) -> Option<Failure> {
        self.failure.get()
    }

    pub(crate) fn prepare(&self, sql: &str) -> Result<CachedStatement<'c>> {
        self.watch(self.connection.prepare_cached(sql))
    }
}

/// A view that can be changed. What it changes is announced by the functions that change it.
pub struct WriteTx<'c> {
    read: ReadTx<'c>,
    topics: RefCell<BTreeSet<Topic>>,
    stale: RefCell<BTreeSet<ConversationId>>,
    has_erased: Cell<bool>,
    /// Messages whose text changes, with the folded text that the index holds for them.
    pub(crate) reindex: RefCell<BTreeMap<MessageId, Option<String>>>,
}

impl<'c> std::ops::Deref for WriteTx<'c> {
    type Target = ReadTx<'c>;
    fn deref(&self) -> &ReadTx<'c> {
        &self.read
    }
}

impl<'c> WriteTx<'c> {
    pub(crate) fn new(connection: &'c Connection, keys: &'c Keys) -> Self {
        Self {
            read: ReadTx::new(connection, keys),
            topics: RefCell::default(),
            stale: RefCell::default(),
            has_erased: Cell::new(false),
            reindex: RefCell::default(),
        }
    }

    /// Adds a topic to the commit. The functions of this crate do it themselves; this is for facts that lie elsewhere.
    pub fn announce(&self, topic: Topic) {
        self.topics.borrow_mut().insert(topic);
    }

    /// Says that the derived columns of a conversation no longer fit its messages.
    pub(crate) fn mark_stale(&self, conversation: ConversationId) {
        self.stale.borrow_mut().insert(conversation);
        self.announce(Topic::Conversation(conversation));
        self.announce(Topic::Inbox);
    }

    /// Says that they fit again.
    pub(crate) fn mark_fresh(&self, conversation: ConversationId) {
        self.stale.borrow_mut().remove(&conversation);
    }

    /// Conversations that were changed and not refreshed yet, in order.
    pub fn stale_conversations(&self) -> Vec<ConversationId> {
        self.stale.borrow().iter().copied().collect()
    }

    /// Says that text was erased: after COMMIT the log is written back and cut, so that no old page keeps it.
    pub(crate) fn mark_erased(&self) {
        self.has_erased.set(true);
    }

    /// Does what was put off to the end.
    pub(crate) fn finish(self) -> Result<Finished> {
        let has_indexed = self.write_index()?;
        debug_assert!(
            self.stale.borrow().is_empty(),
            "conversations were changed and not refreshed: {:?}",
            self.stale.borrow()
        );
        Ok(Finished { topics: self.topics.into_inner(), has_erased: self.has_erased.get(), has_indexed })
    }
}

/// What a transaction leaves behind.
pub(crate) struct Finished {
    pub topics: BTreeSet<Topic>,
    /// Text was erased.
    pub has_erased: bool,
    /// The index over texts has a new segment.
    pub has_indexed: bool,
}
