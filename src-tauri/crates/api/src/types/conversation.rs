//! A conversation and its messages, for the UI.

use super::border;
use model::attachment::AttachmentKind;
use model::capability::TextUnit;
use model::conversation::ConversationKind;
use model::draft::DraftFile;
use model::message::{Direction, MessageKind};
use model::outbox::Delivery;
use model::{AccountId, AttachmentId, ContactId, ConversationId, MediaId, MessageId, PlatformId, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Whether and why not a reply can be written; words are `composer.state.<kind>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum ComposerState {
    /// Write.
    Open {
        /// Until then; none = no window here.
        closes_at: Option<Timestamp>,
    },
    /// A stranger asks to write; the first reply accepts.
    Request,
    /// The reply window has closed; it opens again when the customer writes.
    WindowClosed {
        /// When it closed.
        closed_at: Timestamp,
    },
    /// The customer has not written yet; the platform takes no first word of ours.
    NotWrittenYet,
    /// Encrypted end to end; answer in another app.
    Encrypted,
    /// We may read but not write here, or have left.
    ReadOnly,
    /// The account must be signed in again first.
    SignInAgain,
}

/// Where a click on a notification or a link leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum Jump {
    /// To a conversation, and the reply to it.
    Conversation {
        /// Open this.
        conversation: ConversationId,
        /// Highlight this.
        message: Option<MessageId>,
    },
    /// To an account's entry in the settings.
    Account {
        /// Whose.
        account: AccountId,
    },
}

border! {
    /// One conversation.
    struct ConversationRef {
        /// Which.
        pub conversation: ConversationId,
    }

    /// The head of an open conversation, and what its composer needs.
    struct ConversationView {
        /// Ours.
        pub id: ConversationId,
        /// Whose.
        pub account: AccountId,
        /// The account's name.
        pub account_name: String,
        /// Platform.
        pub platform: PlatformId,
        /// The network behind a bridge.
        pub network: Option<String>,
        /// Direct, group, request.
        pub kind: ConversationKind,
        /// Name.
        pub title: String,
        /// The customer.
        pub contact: Option<ContactView>,
        /// Not read.
        pub unread_count: u32,
        /// Marked unread by hand.
        pub is_marked_unread: bool,
        /// The first message not read, for the line above it.
        pub first_unread: Option<MessageId>,
        /// The customer waits since.
        pub waiting_since: Option<Timestamp>,
        /// The customer has read up to here.
        pub read_by_them_up_to: Option<Timestamp>,
        /// Whether and why not a reply can be written.
        pub composer: ComposerState,
        /// Longest text.
        pub max_text: u32,
        /// In this unit.
        pub text_unit: TextUnit,
        /// Largest picture, bytes; 0 = none taken.
        #[ts(type = "number")]
        pub max_image_bytes: u64,
        /// Largest other file, bytes; 0 = none taken.
        #[ts(type = "number")]
        pub max_file_bytes: u64,
        /// Whether a reply can quote.
        pub can_quote: bool,
        /// What was typed and not sent.
        pub draft_body: String,
        /// Files of the draft.
        pub draft_files: Vec<DraftFile>,
        /// Older messages can be had from the platform.
        pub has_more_history: bool,
    }

    /// A person, for the contact pane.
    struct ContactView {
        /// Ours.
        pub id: ContactId,
        /// Name.
        pub name: String,
        /// Handle.
        pub handle: Option<String>,
        /// Picture.
        pub avatar: Option<MediaId>,
        /// First message here.
        pub first_seen_at: Option<Timestamp>,
        /// Messages of theirs here.
        pub message_count: u32,
        /// Other conversations with the same person on this account.
        pub other_conversations: Vec<OtherConversation>,
    }

    /// Another conversation with the same person.
    struct OtherConversation {
        /// Which.
        pub id: ConversationId,
        /// Name.
        pub title: String,
        /// Newest message.
        pub last_activity_at: Timestamp,
    }

    /// A stretch of a conversation, with keys as in the inbox list: around a message, before a key, or the newest.
    struct MessagesQuery {
        /// Where.
        pub conversation: ConversationId,
        /// Messages before this key (exclusive).
        pub before: Option<MessageKey>,
        /// Messages from this key on (inclusive): with `before`, refreshes exactly that stretch.
        pub from: Option<MessageKey>,
        /// The stretch around this message.
        pub around: Option<MessageId>,
        /// Most messages, 1–200.
        pub limit: u32,
    }

    /// Where a message stands: platform time, the platform's tie-break, arrival.
    #[derive(Copy, PartialEq, Eq, PartialOrd, Ord)]
    struct MessageKey {
        /// Platform time.
        pub at: Timestamp,
        /// The platform's tie-break.
        #[ts(type = "number")]
        pub order: i64,
        /// Arrival.
        pub id: MessageId,
    }

    /// Messages, oldest first.
    struct MessagePage {
        /// Messages.
        pub messages: Vec<MessageView>,
        /// Older ones are stored here.
        pub has_older: bool,
        /// Newer ones are stored here.
        pub has_newer: bool,
    }

    /// A message.
    struct MessageView {
        /// Ours.
        pub id: MessageId,
        /// Where it stands.
        pub key: MessageKey,
        /// Which way.
        pub direction: Direction,
        /// Who; none for us.
        pub author: Option<AuthorView>,
        /// What.
        pub kind: MessageKind,
        /// Platform time.
        pub sent_at: Timestamp,
        /// Text.
        pub body: String,
        /// What it answers.
        pub quote: Option<QuoteView>,
        /// Last edit.
        pub edited_at: Option<Timestamp>,
        /// Taken back on the platform.
        pub is_deleted: bool,
        /// For ours from this device, while it matters.
        pub delivery: Option<Delivery>,
        /// Files.
        pub attachments: Vec<AttachmentView>,
        /// Reactions, grouped.
        pub reactions: Vec<ReactionView>,
    }

    /// Who wrote.
    struct AuthorView {
        /// Ours.
        pub id: ContactId,
        /// Name.
        pub name: String,
        /// Picture.
        pub avatar: Option<MediaId>,
    }

    /// A quoted message.
    struct QuoteView {
        /// If it is here.
        pub message: Option<MessageId>,
        /// Who wrote it; none for us or if it is not here.
        pub author: Option<String>,
        /// Which way it went, if it is here.
        pub direction: Option<Direction>,
        /// Its beginning; empty if it is not here.
        pub excerpt: String,
    }

    /// A file.
    struct AttachmentView {
        /// Ours.
        pub id: AttachmentId,
        /// How to show it.
        pub kind: AttachmentKind,
        /// Safe name.
        pub name: String,
        /// Stated type.
        pub mime: String,
        /// Stated size, bytes.
        #[ts(type = "number | null")]
        pub size_bytes: Option<u64>,
        /// Stated width, pixels.
        pub width: Option<u32>,
        /// Stated height, pixels.
        pub height: Option<u32>,
        /// What the media scheme serves: pictures and stickers are shown, all else is saved.
        pub media: Option<MediaId>,
        /// For shares: opens in the browser.
        pub link: Option<String>,
    }

    /// Reactions with the same emoji.
    struct ReactionView {
        /// Emoji.
        pub key: String,
        /// How many.
        pub count: u32,
        /// One of them is ours.
        pub is_ours: bool,
        /// Names of the others.
        pub names: Vec<String>,
    }

    /// A draft as typed.
    struct DraftChange {
        /// Where.
        pub conversation: ConversationId,
        /// Text.
        pub body: String,
        /// Files.
        pub files: Vec<DraftFile>,
    }

    /// A file is about to come, in pieces (one call carries at most 256 KiB).
    struct FileBegin {
        /// Where it is to go.
        pub conversation: ConversationId,
        /// Name.
        pub name: String,
        /// Size; checked against what the platform takes before the first piece.
        #[ts(type = "number")]
        pub size_bytes: u64,
        /// Stated type.
        pub mime: String,
    }

    /// What was copied.
    struct CopiedPicture {
        /// A PNG, in base64; none if no picture was copied, or if a paste carries it itself.
        pub base64: Option<String>,
    }

    /// A file under way.
    struct FileRef {
        /// Handed back with each piece.
        pub upload: String,
    }

    /// A piece of it.
    struct FilePiece {
        /// Which.
        pub upload: String,
        /// At most 180 KiB, base64.
        pub base64: String,
    }

    /// A file of a message.
    struct AttachmentRef {
        /// Which.
        pub attachment: AttachmentId,
    }

    /// Where a file or a folder was saved.
    struct Saved {
        /// Its name in the downloads folder.
        pub file_name: String,
    }

    /// A link in a message.
    struct Link {
        /// http, https or mailto; anything else is refused.
        pub url: String,
    }

    /// What the person is looking at.
    struct Attention {
        /// The open conversation.
        pub conversation: Option<ConversationId>,
        /// The window is in front and has the focus.
        pub is_focused: bool,
    }

    /// A jump that waits, if any.
    struct JumpWaiting {
        /// Taken by this call.
        pub jump: Option<Jump>,
    }
}
