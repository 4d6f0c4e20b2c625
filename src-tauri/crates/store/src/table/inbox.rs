//! The inbox list and its counts.

use crate::{ReadTx, Result};
use model::attachment::AttachmentKind;
use model::conversation::Conversation;
use model::message::{Direction, MessageKind};
use model::outbox::OutboxState;
use model::{AccountId, ConversationId, MediaId, PlatformId, Timestamp};

/// Which conversations, and in which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// All that have a message, or ask to write; newest activity first.
    All,
    /// With something not read; newest activity first.
    Unread,
    /// The customer waits for us; longest first.
    Waiting,
    /// The reply window closes within a day; soonest first.
    EndsSoon,
    /// With a reply that failed or needs a person; newest activity first.
    Undelivered,
}

/// Where a row stands in its view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListKey {
    /// The view's sort value.
    pub at: Timestamp,
    /// Tie-break.
    pub id: ConversationId,
}

/// Rows in the view's order.
#[derive(Debug, Clone, PartialEq)]
pub struct ListPage {
    /// Rows.
    pub rows: Vec<ListRow>,
    /// The key of the last row if more follow.
    pub next: Option<ListKey>,
}

/// One conversation in the list, with what is shown of its surroundings.
#[derive(Debug, Clone, PartialEq)]
pub struct ListRow {
    /// The conversation.
    pub conversation: Conversation,
    /// Where it stands.
    pub key: ListKey,
    /// The account's name.
    pub account_name: String,
    /// The account's platform.
    pub platform: PlatformId,
    /// The customer's picture.
    pub avatar: Option<MediaId>,
    /// The newest message.
    pub preview: Option<Preview>,
    /// The worst state of our replies on the way.
    pub outbox: Option<OutboxState>,
    /// The beginning of the draft, at most 200 characters; empty if it has only files. None without a draft.
    pub draft: Option<String>,
}

/// The newest message, in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Which way.
    pub direction: Direction,
    /// What.
    pub kind: MessageKind,
    /// Its beginning, at most 200 characters, on one line.
    pub text: String,
    /// Its first file.
    pub attachment: Option<AttachmentKind>,
    /// Deleted.
    pub is_deleted: bool,
    /// Who wrote it, if not we.
    pub author: Option<String>,
}

/// How many conversations there are in each view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Unread.
    pub unread: u32,
    /// Waiting.
    pub waiting: u32,
    /// Ends soon.
    pub ends_soon: u32,
    /// Undelivered.
    pub undelivered: u32,
}

impl ReadTx<'_> {
    /// Rows behind `after`, up to `until` (inclusive) or `limit`. With `until`, at most `limit` too.
    pub fn list(
        &self,
        view: View,
        account: Option<AccountId>,
        after: Option<ListKey>,
        until: Option<ListKey>,
        limit: u32,
        now: Timestamp,
    ) -> Result<ListPage> {
        todo!()
    }

    /// The numbers beside the views, exact. Kept up to date by triggers, not counted.
    pub fn counts(&self, now: Timestamp) -> Result<Counts> {
        todo!()
    }
}
