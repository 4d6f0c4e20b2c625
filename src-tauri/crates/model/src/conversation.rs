//! Conversations.

use crate::capability::Limits;
use crate::{AccountId, ContactId, ConversationId, MessageId, RemoteId, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What kind of conversation it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum ConversationKind {
    /// Us and one other.
    Direct,
    /// Us and several.
    Group,
    /// A stranger asks to write; answering accepts (Matrix: joins).
    Request,
}

/// A conversation as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Conversation {
    /// Ours.
    pub id: ConversationId,
    /// Whose.
    pub account_id: AccountId,
    /// The platform's; (account, remote id) is unique.
    pub remote_id: RemoteId,
    /// Direct, group or request.
    pub kind: ConversationKind,
    /// The customer, where there is one.
    pub contact_id: Option<ContactId>,
    /// Name to show.
    pub title: String,
    /// The network behind a bridge, as people write it (`Instagram`, `WhatsApp`); none for the account's own network.
    pub network: Option<String>,
    /// What differs from the platform's capabilities here.
    pub limits: Limits,
    /// Newest message, platform time; the sort key of the inbox.
    pub last_activity_at: Timestamp,
    /// Newest message.
    pub last_message_id: Option<MessageId>,
    /// Newest message of the customer, platform time; reply windows count from here.
    pub last_inbound_at: Option<Timestamp>,
    /// The oldest customer message without an answer of ours after it.
    pub waiting_since: Option<Timestamp>,
    /// When the reply window closes; none where the platform has no window or nobody has written yet.
    pub window_closes_at: Option<Timestamp>,
    /// Inbound messages after the read mark.
    pub unread_count: u32,
    /// Marked unread by hand.
    pub is_marked_unread: bool,
    /// Everything up to here has been read on this device or on the platform.
    pub read_up_to: Option<Timestamp>,
    /// False once we left it or it is gone on the platform.
    pub is_open: bool,
}
