//! Attachments: files that come with a message.

use crate::{AttachmentId, MediaId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How an attachment is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum AttachmentKind {
    /// A picture.
    Image,
    /// A moving picture; offered as a file.
    Video,
    /// Sound or a voice message; offered as a file.
    Audio,
    /// Anything else.
    File,
    /// A sticker, shown small.
    Sticker,
    /// The story a customer answers or mentions us in.
    Story,
    /// A link card: something shared from the platform; `name` is its title.
    Share,
}

/// Where an attachment's bytes are to be had: whatever the connector needs to fetch them again (JSON of its own).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaRef {
    /// Stable name of the bytes within the account: the same ref is fetched once.
    pub key: String,
    /// What the connector's `fetch` reads: an mxc address, a message id and index, a link.
    pub source: String,
}

/// A file that came with, or goes with, a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Ours.
    pub id: AttachmentId,
    /// How to show it.
    pub kind: AttachmentKind,
    /// File name or title; made safe for display and for saving.
    pub name: String,
    /// Stated by the platform; never trusted for rendering.
    pub mime: String,
    /// Stated by the platform.
    pub size_bytes: Option<u64>,
    /// Stated size in pixels, for a place of the right shape before the picture is there.
    pub pixels: Option<(u32, u32)>,
    /// What the media scheme serves; none if the platform gives nothing to fetch.
    pub media: Option<MediaId>,
    /// Only http(s), for shares; opened in the browser on request.
    pub link: Option<String>,
}
