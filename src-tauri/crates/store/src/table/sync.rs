//! How far each account is synchronised, and what is still missing.

use crate::{ReadTx, Result, WriteTx};
use model::{AccountId, ConversationId};

/// A stretch of a conversation that is missing here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Where.
    pub conversation_id: ConversationId,
    /// The cursor to ask history with; none = from the newest message.
    pub cursor: Option<String>,
    /// Between known messages (first), or older history.
    pub is_hole: bool,
}

impl ReadTx<'_> {
    /// Where the next pull of an account goes on; none = from the beginning.
    pub fn cursor(&self, account: AccountId) -> Result<Option<String>> {
        todo!()
    }

    /// The most important gap of an account: holes first, then the most recently active conversation.
    pub fn next_gap(&self, account: AccountId) -> Result<Option<Gap>> {
        todo!()
    }

    /// The gap of one conversation.
    pub fn gap(&self, conversation: ConversationId) -> Result<Option<Gap>> {
        todo!()
    }

    /// Whether older messages of a conversation can still be had from the platform.
    pub fn has_gap(&self, conversation: ConversationId) -> Result<bool> {
        todo!()
    }
}

impl WriteTx<'_> {
    /// Moves the cursor; in the same transaction as the rows it stands for. None = from the beginning again.
    pub fn set_cursor(&self, account: AccountId, cursor: Option<&str>) -> Result<()> {
        todo!()
    }

    /// Notes a gap. A conversation has one at a time: a hole replaces older history, which is found again behind it; the
    /// same or a lesser one does not replace what is under way.
    pub fn add_gap(&self, gap: &Gap) -> Result<()> {
        todo!()
    }

    /// A page of history was stored; the gap goes on at `cursor`.
    pub fn advance_gap(&self, conversation: ConversationId, cursor: &str) -> Result<()> {
        todo!()
    }

    /// Nothing is missing any more.
    pub fn finish_gap(&self, conversation: ConversationId) -> Result<()> {
        todo!()
    }
}
