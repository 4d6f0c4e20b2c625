//! What can be done where, as data. The UI, the outbox and the notifier read it; nobody asks for a platform's name.

use serde::{Deserialize, Serialize};
use std::time::Duration;
use ts_rs::TS;

/// In what a platform counts the length of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum TextUnit {
    /// Unicode scalar values.
    Characters,
    /// UTF-16 code units.
    Utf16,
    /// Bytes in UTF-8.
    Bytes,
}

impl TextUnit {
    /// The length of `text` in this unit.
    pub fn length(self, text: &str) -> usize {
        match self {
            Self::Characters => text.chars().count(),
            Self::Utf16 => text.encode_utf16().count(),
            Self::Bytes => text.len(),
        }
    }
}

/// What a platform takes, for every conversation of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capabilities {
    /// Longest text, in `text_unit`.
    pub max_text: usize,
    /// How text is counted.
    pub text_unit: TextUnit,
    /// Largest file, in bytes, by general kind: image, video, audio, any other; 0 = not taken.
    pub max_image_bytes: u64,
    /// See `max_image_bytes`.
    pub max_video_bytes: u64,
    /// See `max_image_bytes`.
    pub max_audio_bytes: u64,
    /// See `max_image_bytes`.
    pub max_file_bytes: u64,
    /// For how long after the customer's last message a reply is taken; none = for ever.
    pub reply_window: Option<Duration>,
    /// Whether a reply can quote a message.
    pub can_quote: bool,
    /// Whether a read mark can be sent that the customer sees.
    pub can_send_read_receipts: bool,
    /// Whether repeating a send with the same operation id is harmless for a day (true idempotency).
    pub is_send_idempotent: bool,
}

/// What differs in one conversation (bridged, encrypted, left); an absent field means the platform's value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Longest text here.
    pub max_text: Option<usize>,
    /// Whether a reply can quote here.
    pub can_quote: Option<bool>,
    /// Largest file here; 0 = no files.
    pub max_file_bytes: Option<u64>,
    /// Encrypted end to end: it cannot be read, and plain text must not be sent.
    pub is_encrypted: bool,
    /// We may read but not write here.
    pub is_read_only: bool,
}

impl Capabilities {
    /// What holds in one conversation.
    pub fn within(&self, limits: &Limits) -> Capabilities {
        let cap = |platform: u64| limits.max_file_bytes.map_or(platform, |here| platform.min(here));
        Capabilities {
            max_text: limits.max_text.map_or(self.max_text, |here| here.min(self.max_text)),
            can_quote: self.can_quote && limits.can_quote.unwrap_or(true),
            max_image_bytes: cap(self.max_image_bytes),
            max_video_bytes: cap(self.max_video_bytes),
            max_audio_bytes: cap(self.max_audio_bytes),
            max_file_bytes: cap(self.max_file_bytes),
            ..self.clone()
        }
    }

    /// Largest file of a mime type.
    pub fn max_bytes(&self, mime: &str) -> u64 {
        match mime.split('/').next() {
            Some("image") => self.max_image_bytes,
            Some("video") => self.max_video_bytes,
            Some("audio") => self.max_audio_bytes,
            _ => self.max_file_bytes,
        }
    }
}
