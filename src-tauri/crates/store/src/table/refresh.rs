//! The derived columns of a conversation: one function computes them all from its messages and outbox rows.

use crate::{Result, WriteTx};
use model::ConversationId;
use std::time::Duration;

impl WriteTx<'_> {
    /// Computes activity, newest message, waiting, unread, window and undelivered anew. Due once per conversation and
    /// transaction after anything in it changed; a debug build refuses to commit without (`stale_conversations`).
    ///
    /// `reply_window` is the platform's; none = no window.
    pub fn refresh_conversation(&self, id: ConversationId, reply_window: Option<Duration>) -> Result<()> {
        todo!()
    }
}
