//! Graph's nodes: whatever is missing, null or of another type becomes empty, never a failed page.

use super::lenient::{Id, List, Time, lenient};
use serde::Deserialize;

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Thread {
    pub id: Id,
    #[serde(default, deserialize_with = "lenient")]
    pub updated_time: Option<Time>,
    #[serde(default, deserialize_with = "lenient")]
    pub participants: List<Person>,
    #[serde(default, deserialize_with = "lenient")]
    pub messages: List<Message>,
    /// Messages of the customer that nobody at the Page has read, in Meta's own inbox or here.
    #[serde(default, deserialize_with = "lenient")]
    pub unread_count: Option<u32>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Person {
    #[serde(default, deserialize_with = "lenient")]
    pub id: Option<Id>,
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Message {
    pub id: Id,
    #[serde(default, deserialize_with = "lenient")]
    pub created_time: Option<Time>,
    #[serde(default, deserialize_with = "lenient")]
    pub message: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub from: Option<Person>,
    #[serde(default, deserialize_with = "lenient")]
    pub to: List<Person>,
    #[serde(default, deserialize_with = "lenient")]
    pub attachments: List<Attachment>,
    #[serde(default, deserialize_with = "lenient")]
    pub shares: List<Share>,
    #[serde(default, deserialize_with = "lenient")]
    pub story: Option<Story>,
    #[serde(default, deserialize_with = "lenient")]
    pub reply_to: Option<ReplyTo>,
    #[serde(default, deserialize_with = "lenient")]
    pub reactions: List<Reaction>,
    #[serde(default, deserialize_with = "lenient")]
    pub is_unsupported: bool,
    #[serde(default, deserialize_with = "lenient")]
    pub sticker: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Attachment {
    /// `sticker` since the sticker change of 2026; absent on most.
    #[serde(default, rename = "type", deserialize_with = "lenient")]
    pub kind: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub mime_type: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub size: Option<u64>,
    #[serde(default, deserialize_with = "lenient")]
    pub image_data: Option<Picture>,
    #[serde(default, deserialize_with = "lenient")]
    pub video_data: Option<Picture>,
    #[serde(default, deserialize_with = "lenient")]
    pub file_url: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub generic_template: Option<Template>,
    #[serde(default, deserialize_with = "lenient")]
    pub sticker_id: Option<Id>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Picture {
    #[serde(default, deserialize_with = "lenient")]
    pub url: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub width: Option<u32>,
    #[serde(default, deserialize_with = "lenient")]
    pub height: Option<u32>,
    #[serde(default, deserialize_with = "lenient")]
    pub render_as_sticker: bool,
    #[serde(default, deserialize_with = "lenient")]
    pub animated_gif_url: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Template {
    #[serde(default, deserialize_with = "lenient")]
    pub title: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub subtitle: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub media_url: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub cta: Option<Button>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Button {
    #[serde(default, deserialize_with = "lenient")]
    pub url: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Share {
    #[serde(default, deserialize_with = "lenient")]
    pub link: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub description: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Story {
    #[serde(default, deserialize_with = "lenient")]
    pub reply_to: Option<StoryLink>,
    #[serde(default, deserialize_with = "lenient")]
    pub mention: Option<StoryLink>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct StoryLink {
    /// On the CDN; empty once the story is over.
    #[serde(default, deserialize_with = "lenient")]
    pub link: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct ReplyTo {
    #[serde(default, deserialize_with = "lenient")]
    pub mid: Option<Id>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Reaction {
    #[serde(default, deserialize_with = "lenient")]
    pub reaction: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub emoji: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub users: List<Person>,
}

/// What a send answers.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Sent {
    #[serde(default, deserialize_with = "lenient")]
    pub message_id: Option<Id>,
}

/// A Page as `/me/accounts` lists it; with a Page token also `/me`.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Page {
    pub id: Id,
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub access_token: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub tasks: Option<Vec<String>>,
}

/// What a profile lookup answers.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Profile {
    #[serde(default, deserialize_with = "lenient")]
    pub profile_pic: Option<String>,
}

/// What `/debug_token` answers.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Debugged {
    #[serde(default, deserialize_with = "lenient")]
    pub data: TokenFacts,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct TokenFacts {
    #[serde(default, deserialize_with = "lenient")]
    pub is_valid: bool,
    /// Seconds since 1970; 0 or absent = it has no end.
    #[serde(default, deserialize_with = "lenient")]
    pub expires_at: i64,
    /// Seconds since 1970: about 90 days after the last consent, also for a token without an end. 0 or absent = never.
    #[serde(default, deserialize_with = "lenient")]
    pub data_access_expires_at: i64,
    #[serde(default, deserialize_with = "lenient")]
    pub granular_scopes: List<Granted>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Granted {
    #[serde(default, deserialize_with = "lenient")]
    pub scope: String,
    #[serde(default, deserialize_with = "lenient")]
    pub target_ids: List<Id>,
}

/// The error envelope; everything but the code is optional.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Failed {
    pub error: GraphError,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct GraphError {
    pub code: i64,
    #[serde(default, deserialize_with = "lenient")]
    pub error_subcode: i64,
    #[serde(default, deserialize_with = "lenient")]
    pub message: String,
}
