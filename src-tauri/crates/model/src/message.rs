//! Messages.

use crate::attachment::Attachment;
use crate::outbox::Delivery;
use crate::{AccountId, ContactId, ConversationId, MessageId, RemoteId, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which way a message went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum Direction {
    /// From them to us.
    In,
    /// From us to them, from whatever device or app.
    Out,
}

/// What a message is, beside its text and attachments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum MessageKind {
    /// Words, files, or both.
    Plain,
    /// Written by a bot or the network; neither counts as waiting nor notifies.
    Notice,
    /// An answer to a story of ours.
    StoryReply,
    /// We were mentioned in their story.
    StoryMention,
    /// Encrypted end to end; cannot be opened here.
    Encrypted,
    /// Of a kind the platform does not hand out, or that we do not know.
    Unsupported,
}

/// One person's reaction to a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reaction {
    /// Emoji, or the platform's word for one turned into an emoji.
    pub key: String,
    /// Us or them.
    pub direction: Direction,
    /// Who; none for us.
    pub contact_id: Option<ContactId>,
}

/// A message as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Ours.
    pub id: MessageId,
    /// Where.
    pub conversation_id: ConversationId,
    /// Whose.
    pub account_id: AccountId,
    /// The platform's; none while ours is on its way.
    pub remote_id: Option<RemoteId>,
    /// Which way.
    pub direction: Direction,
    /// Who wrote it; none for us.
    pub author: Option<ContactId>,
    /// What it is.
    pub kind: MessageKind,
    /// Platform time; for ours on the way, when the person pressed Send.
    pub sent_at: Timestamp,
    /// The text; empty once deleted.
    pub body: String,
    /// The message it answers, by remote id; it may not be here (yet).
    pub reply_to: Option<RemoteId>,
    /// Last edit.
    pub edited_at: Option<Timestamp>,
    /// Deleted on the platform: a tombstone; body and attachments are erased.
    pub deleted_at: Option<Timestamp>,
    /// For ours from this device: how far it is.
    pub delivery: Option<Delivery>,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// Reactions.
    pub reactions: Vec<Reaction>,
}
