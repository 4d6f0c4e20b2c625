//! Actions: everything a person or a rule can do to the inbox.
//!
//! One type serves apply, undo, history and later team sync and automation: an action carries its id, its author and
//! its instant and has no hidden inputs.

use crate::draft::DraftFile;
use crate::outbox::{FailReason, OutboxState};
use crate::{ActionId, ConversationId, MessageId, OpId, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The person at this device.
    Person,
    /// The engine itself, e.g. reading on the platform marks read here.
    Kontor,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Intent {
    /// Answer: the text as one message, each file as one more, in order.
    Reply {
        /// Where.
        conversation: ConversationId,
        /// The text; may be empty if there are files.
        body: String,
        /// Files from the media cache.
        files: Vec<DraftFile>,
        /// The message answered, if one is quoted.
        reply_to: Option<MessageId>,
    },
    /// Everything that is in the conversation now has been read.
    MarkRead {
        /// Which.
        conversation: ConversationId,
    },
    /// Somebody has looked at it for a while: it counts as read. Nobody meant to do anything, so there is nothing to take
    /// back.
    See {
        /// Which.
        conversation: ConversationId,
    },
    /// Put it back among the unread.
    MarkUnread {
        /// Which.
        conversation: ConversationId,
    },
    /// Send a failed or unconfirmed reply again.
    Retry {
        /// Its local echo.
        message: MessageId,
    },
    /// Take a failed, unconfirmed or waiting reply out of the outbox; its text and file join the draft.
    Discard {
        /// Its local echo.
        message: MessageId,
    },
}

/// An intent with its id, author and instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// Made by whoever has the intent; applied once.
    pub id: ActionId,
    /// Author.
    pub by: By,
    /// Instant.
    pub at: Timestamp,
    /// What.
    pub intent: Intent,
}

/// How an applied action is taken back. Data, kept beside the action in the history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Undo {
    /// Cancel replies that are still held; their text and files become the draft again.
    TakeBackReply {
        /// Where.
        conversation: ConversationId,
        /// The operations, in order.
        ops: Vec<OpId>,
    },
    /// Put the read mark back where it was.
    RestoreReadMark {
        /// Where.
        conversation: ConversationId,
        /// The mark before.
        read_up_to: Option<Timestamp>,
        /// The hand-made mark before.
        is_marked_unread: bool,
    },
    /// Put an operation of the outbox back into the state it was in.
    RestoreOutbox {
        /// Which.
        op: OpId,
        /// Its state before.
        state: OutboxState,
        /// Its reason before.
        reason: Option<FailReason>,
        /// When what may have left by then was sent.
        #[serde(default)]
        dispatched_at: Option<Timestamp>,
    },
}
