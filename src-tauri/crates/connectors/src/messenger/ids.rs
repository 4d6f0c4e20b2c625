//! Names that only this connector reads: where a file is to be had, and how a look into a thread goes on.

use model::attachment::MediaRef;
use serde::{Deserialize, Serialize};

/// Where bytes are. Graph's own addresses are signed and die within days, so none is kept: a fetch reads the message
/// again and takes the fresh one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "k", rename_all = "snake_case")]
pub(super) enum MediaSource {
    /// The file number `i` among those of message `m`.
    Message { m: String, i: usize },
    /// The picture in a person's profile.
    Profile { p: String },
}

impl MediaSource {
    /// As the rest of the program keeps it.
    pub(super) fn media_ref(&self) -> MediaRef {
        let key = match self {
            Self::Message { m, i } => format!("{m}/{i}"),
            Self::Profile { p } => format!("profile/{p}"),
        };
        let source = serde_json::to_string(self).expect("a source of texts and numbers is JSON");
        MediaRef { key, source }
    }
}

/// Where a look back into one thread goes on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct HistoryCursor {
    /// Graph's cursor; rots when messages come and go.
    #[serde(rename = "a")]
    pub after: String,
    /// The oldest message before it, in milliseconds: with a rotten cursor we page down to here again.
    #[serde(rename = "t")]
    pub oldest_ms: i64,
}

impl HistoryCursor {
    /// As the rest of the program keeps it.
    pub(super) fn text(&self) -> String {
        serde_json::to_string(self).expect("a cursor of a text and a number is JSON")
    }
}

/// FNV-1a: a short mark of a text, to see later whether it has changed. Not a secret, not an identity.
pub(super) fn mark_of(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
