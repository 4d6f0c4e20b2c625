//! Search, for the UI.

use super::border;
use super::inbox::InboxRow;
use model::message::Direction;
use model::{ConversationId, MediaId, MessageId, PlatformId, Timestamp};

border! {
    /// What to look for.
    struct SearchQuery {
        /// As typed. Words in any order; the last one may be unfinished; "quoted words" in this order. Umlauts and case do not matter.
        pub text: String,
        /// Hits older than this one.
        pub before: Option<MessageId>,
        /// Most hits, 1–100.
        pub limit: u32,
    }

    /// What was found.
    struct SearchPage {
        /// Conversations whose name or handle matches; only with the first page.
        pub conversations: Vec<InboxRow>,
        /// Messages, newest first.
        pub hits: Vec<SearchHit>,
        /// More follow.
        pub has_more: bool,
    }

    /// A message found.
    struct SearchHit {
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
}
