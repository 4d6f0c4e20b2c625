//! Stretches of a conversation, by keys and never by offset.

use crate::{ReadTx, Result};
use model::message::Message;
use model::{ConversationId, MessageId, Timestamp};

/// Where a message stands: platform time, the platform's tie-break, row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageKey {
    /// Platform time.
    pub at: Timestamp,
    /// The platform's tie-break.
    pub order: i64,
    /// Row.
    pub id: MessageId,
}

/// Which stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stretch {
    /// The newest messages.
    Newest,
    /// The newest ones before this key.
    Before(MessageKey),
    /// From a key on (inclusive), up to another (exclusive) or the newest.
    From {
        /// First.
        from: MessageKey,
        /// Behind the last; none = up to the newest.
        before: Option<MessageKey>,
    },
    /// Around a message, about half before and half after it; empty if it is not in this conversation.
    Around(MessageId),
}

/// Messages with their keys, oldest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Messages {
    /// Messages.
    pub messages: Vec<(MessageKey, Message)>,
    /// Older ones are stored here.
    pub has_older: bool,
    /// Newer ones are stored here.
    pub has_newer: bool,
}

impl ReadTx<'_> {
    /// At most `limit` messages of a conversation; of a longer stretch its newest end. Replies taken back are left out.
    pub fn messages(&self, conversation: ConversationId, stretch: Stretch, limit: u32) -> Result<Messages> {
        todo!()
    }
}
