//! The whole language spoken with platforms: facts that come in, operations that go out.

use crate::attachment::{AttachmentKind, MediaRef};
use crate::capability::Limits;
use crate::conversation::ConversationKind;
use crate::message::{Direction, MessageKind};
use crate::{MediaId, OpId, RemoteId, Timestamp};

/// A fact from a platform. Idempotent: the same fact twice, or late, or out of order leads to the same state.
#[derive(Debug, Clone, PartialEq)]
pub enum RemoteEvent {
    /// Someone exists or changed.
    Contact(RemoteContact),
    /// A conversation exists or changed; absent fields keep what is stored.
    Conversation(RemoteConversation),
    /// A message exists, ours or theirs.
    Message(RemoteMessage),
    /// A message has new text. Held until its message is here.
    Edit {
        /// Where.
        conversation: RemoteId,
        /// Which.
        message: RemoteId,
        /// Who edited, where known: only the author's edits count. None = the platform itself vouches for it.
        author: Option<Author>,
        /// New text.
        body: String,
        /// When; the latest wins, ties by `revision`.
        at: Timestamp,
        /// Tie-break of edits at the same instant (e.g. the edit's own id).
        revision: String,
    },
    /// A message or a reaction was taken back. Sticks, also before its target is here.
    Deletion {
        /// Where.
        conversation: RemoteId,
        /// The message's or the reaction's own id.
        target: RemoteId,
        /// When.
        at: Timestamp,
    },
    /// Someone reacted. Held until its message is here.
    Reaction {
        /// Where.
        conversation: RemoteId,
        /// To which.
        message: RemoteId,
        /// Who.
        author: Author,
        /// Emoji.
        key: String,
        /// The reaction's own id, where it has one (a deletion may name it).
        remote_id: Option<RemoteId>,
        /// When.
        at: Timestamp,
    },
    /// The reactions of a message as they stand now: replaces all (platforms that list instead of telling).
    ReactionsNow {
        /// Where.
        conversation: RemoteId,
        /// Of which.
        message: RemoteId,
        /// Who and what.
        reactions: Vec<(Author, String)>,
    },
    /// We (on any device) have read up to here.
    ReadByUs {
        /// Where.
        conversation: RemoteId,
        /// Newest message read.
        up_to: ReadMark,
    },
    /// The customer has read up to here.
    ReadByThem {
        /// Where.
        conversation: RemoteId,
        /// Newest message read.
        up_to: ReadMark,
    },
    /// We are no longer in this conversation, or it is gone.
    Left {
        /// Which.
        conversation: RemoteId,
    },
    /// Messages before `before` are missing here and can be had through `Session::history`.
    Gap {
        /// Where.
        conversation: RemoteId,
        /// The cursor to ask history with; none = from the newest message.
        before: Option<String>,
        /// How important: a hole between known messages comes before older history.
        is_hole: bool,
    },
}

/// Who wrote, reacted, edited.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Author {
    /// The account itself, from whatever device or app.
    Us,
    /// Someone else.
    Them(RemoteId),
}

/// A point in a conversation up to which something was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadMark {
    /// Up to and including this message.
    Message(RemoteId),
    /// Up to this instant of platform time.
    Time(Timestamp),
}

/// A person as the platform tells it; absent fields keep what is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteContact {
    /// The platform's id.
    pub remote_id: RemoteId,
    /// Display name.
    pub name: Option<String>,
    /// User name or address.
    pub handle: Option<String>,
    /// Picture.
    pub avatar: Option<MediaRef>,
}

/// A conversation as the platform tells it; absent fields keep what is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct RemoteConversation {
    /// The platform's id.
    pub remote_id: RemoteId,
    /// Direct, group or request.
    pub kind: Option<ConversationKind>,
    /// Name, where the conversation has one of its own; otherwise the customer's name is shown.
    pub title: Option<String>,
    /// The customer.
    pub contact: Option<RemoteId>,
    /// The network behind a bridge.
    pub network: Option<String>,
    /// What differs here.
    pub limits: Option<Limits>,
}

/// A message as the platform tells it.
#[derive(Debug, Clone, PartialEq)]
pub struct RemoteMessage {
    /// Where.
    pub conversation: RemoteId,
    /// The platform's id.
    pub remote_id: RemoteId,
    /// Our operation, if the platform gives our id back: proof that it is that reply.
    pub op_id: Option<OpId>,
    /// Who.
    pub author: Author,
    /// What.
    pub kind: MessageKind,
    /// Platform time.
    pub sent_at: Timestamp,
    /// Tie-break within the same instant, ascending; the platform's order.
    pub order: i64,
    /// Text.
    pub body: String,
    /// Answers this message.
    pub reply_to: Option<RemoteId>,
    /// When it was last edited, if the text is not the first one.
    pub edited_at: Option<Timestamp>,
    /// Already deleted when we saw it first.
    pub is_deleted: bool,
    /// Files.
    pub attachments: Vec<RemoteAttachment>,
    /// From history (a backfill or a first sync): never notifies.
    pub is_history: bool,
}

impl RemoteMessage {
    /// Which way it went.
    pub fn direction(&self) -> Direction {
        match self.author {
            Author::Us => Direction::Out,
            Author::Them(_) => Direction::In,
        }
    }
}

/// A file as the platform tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteAttachment {
    /// How to show it.
    pub kind: AttachmentKind,
    /// File name or title.
    pub name: String,
    /// Stated type.
    pub mime: String,
    /// Stated size.
    pub size_bytes: Option<u64>,
    /// Stated size in pixels.
    pub pixels: Option<(u32, u32)>,
    /// Where the bytes are; none if nothing can be fetched.
    pub media: Option<MediaRef>,
    /// For shares: http(s) only.
    pub link: Option<String>,
}

/// What we ask a platform to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RemoteOp {
    /// Send one message.
    Send(Outgoing),
    /// Move our read mark.
    MarkRead {
        /// Where.
        conversation: RemoteId,
        /// Up to which message.
        up_to: RemoteId,
        /// Whether the customer is shown.
        is_public: bool,
    },
    /// Accept a message request (Matrix: join the room).
    Accept {
        /// Which.
        conversation: RemoteId,
    },
}

/// One message on its way out: a text or a file, not both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// Ours; the transaction or correlation id where the platform takes one.
    pub op_id: OpId,
    /// Where.
    pub conversation: RemoteId,
    /// The customer's id, where the platform addresses people and not conversations.
    pub recipient: Option<RemoteId>,
    /// The text; empty for a file.
    pub body: String,
    /// The file.
    pub file: Option<OutgoingFile>,
    /// Quoted message.
    pub reply_to: Option<RemoteId>,
    /// When the first attempt began, by the platform's clock; a read-back looks from here on.
    pub first_attempt_at: Timestamp,
}

/// A file on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutgoingFile {
    /// In the media cache.
    pub media: MediaId,
    /// File name.
    pub name: String,
    /// Sniffed type.
    pub mime: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}
