//! Drafts: one per conversation, saved as it is typed.

use crate::{ConversationId, MediaId, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A file waiting in a draft; its bytes lie in the media cache.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct DraftFile {
    /// In the media cache.
    pub media: MediaId,
    /// File name.
    pub name: String,
    /// Sniffed from the bytes.
    pub mime: String,
    /// Size.
    #[ts(type = "number")]
    pub size_bytes: u64,
}

/// What a person has typed and attached but not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Where.
    pub conversation_id: ConversationId,
    /// The text as typed.
    pub body: String,
    /// Files.
    pub files: Vec<DraftFile>,
    /// Last change.
    pub changed_at: Timestamp,
}
