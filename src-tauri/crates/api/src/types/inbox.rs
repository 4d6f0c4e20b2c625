//! The inbox list, for the UI.

use super::border;
use model::attachment::AttachmentKind;
use model::conversation::ConversationKind;
use model::message::Direction;
use model::outbox::OutboxState;
use model::{AccountId, ActionId, ConversationId, MediaId, MessageId, PlatformId, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum InboxView {
    /// All.
    #[default]
    All,
    /// With something not read.
    Unread,
    /// The customer waits for us, longest first.
    Waiting,
    /// The customer waits and the reply window closes within six hours, soonest first.
    EndsSoon,
    /// With a reply that failed or needs a person.
    Undelivered,
}

border! {
    /// A stretch of a list, by keys and never by offset: rows after `after` (exclusive), up to `until` (inclusive) or `limit`.
    ///
    /// Asking again with the same `after` and `until` refreshes exactly that stretch, whatever came in above it.
    struct InboxQuery {
        /// Which.
        pub view: InboxView,
        /// Only this account's.
        pub account: Option<AccountId>,
        /// Start behind this row; none = from the top.
        pub after: Option<InboxKey>,
        /// End with this row; none = `limit` decides.
        pub until: Option<InboxKey>,
        /// Most rows, 1–200.
        pub limit: u32,
    }

    /// Where a row stands in its view.
    struct InboxKey {
        /// The view's sort value: an instant.
        pub at: Timestamp,
        /// Tie-break.
        pub id: ConversationId,
    }

    /// Rows in the view's order.
    struct InboxPage {
        /// Rows.
        pub rows: Vec<InboxRow>,
        /// The key of the last row if more follow.
        pub next: Option<InboxKey>,
    }

    /// One conversation in the list.
    struct InboxRow {
        /// Ours.
        pub id: ConversationId,
        /// Where it stands.
        pub key: InboxKey,
        /// Whose.
        pub account: AccountId,
        /// The account's name.
        pub account_name: String,
        /// The account's platform.
        pub platform: PlatformId,
        /// The network behind a bridge.
        pub network: Option<String>,
        /// Direct, group, request.
        pub kind: ConversationKind,
        /// Who.
        pub title: String,
        /// Picture.
        pub avatar: Option<MediaId>,
        /// The newest message.
        pub preview: Option<InboxPreview>,
        /// Newest message's instant.
        pub last_activity_at: Timestamp,
        /// Not read.
        pub unread_count: u32,
        /// Marked unread by hand.
        pub is_marked_unread: bool,
        /// The customer waits since.
        pub waiting_since: Option<Timestamp>,
        /// The reply window closes.
        pub window_closes_at: Option<Timestamp>,
        /// The worst state of our replies on the way; none if all have arrived.
        pub outbox: Option<OutboxState>,
        /// There is a draft: its beginning.
        pub draft: Option<String>,
    }

    /// The newest message, in short.
    struct InboxPreview {
        /// Which way.
        pub direction: Direction,
        /// Its beginning, at most 200 characters; empty for files, deleted and unreadable ones.
        pub text: String,
        /// Its first file.
        pub attachment: Option<AttachmentKind>,
        /// Deleted.
        pub is_deleted: bool,
        /// Encrypted, or of a kind that is not handed out.
        pub is_unreadable: bool,
        /// Who wrote, in a group.
        pub author: Option<String>,
    }

    /// The numbers of the sidebar: conversations, not messages.
    struct InboxCounts {
        /// Unread.
        pub unread: u32,
        /// Waiting.
        pub waiting: u32,
        /// Ends soon.
        pub ends_soon: u32,
        /// Undelivered.
        pub undelivered: u32,
    }

    /// What came of an action.
    struct Applied {
        /// The action, for undo; none if nothing changed.
        pub action: Option<ActionId>,
        /// Local echoes of a reply, in order.
        pub messages: Vec<MessageId>,
        /// A reply can be taken back until then.
        pub held_until: Option<Timestamp>,
    }

    /// Which action to take back.
    struct UndoQuery {
        /// None = the newest that can be.
        pub action: Option<ActionId>,
    }

    /// What was taken back.
    struct Undone {
        /// The conversation it was about; none if there was nothing to take back.
        pub conversation: Option<ConversationId>,
    }
}
