//! Search over messages and over names.

use crate::{ListRow, ReadTx, Result};
use model::message::Direction;
use model::{ConversationId, MediaId, MessageId, PlatformId, Timestamp};

/// Messages found, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hits {
    /// Messages.
    pub hits: Vec<Hit>,
    /// More follow.
    pub has_more: bool,
}

/// A message found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Where.
    pub conversation: ConversationId,
    /// Which.
    pub message: MessageId,
    /// Name of the conversation.
    pub title: String,
    /// Picture.
    pub avatar: Option<MediaId>,
    /// Platform.
    pub platform: PlatformId,
    /// The network behind a bridge.
    pub network: Option<String>,
    /// Which way.
    pub direction: Direction,
    /// When.
    pub sent_at: Timestamp,
    /// The text around the first match, in pieces; every second piece (1, 3, 5 …) is a match.
    pub snippet: Vec<String>,
}

impl ReadTx<'_> {
    /// Messages with all the words of `text`, newest first: words in any order, the last one may be unfinished, quoted
    /// words in this order. `before` continues behind a hit.
    pub fn search_messages(&self, text: &str, before: Option<MessageId>, limit: u32) -> Result<Hits> {
        todo!()
    }

    /// Conversations whose name, customer or handle has a word beginning with each word of `text`; newest activity first.
    pub fn search_names(&self, text: &str, limit: u32) -> Result<Vec<ListRow>> {
        todo!()
    }
}
