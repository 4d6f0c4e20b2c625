//! Positions: what is kept between two syncs, and what is kept to page a room's history.

use connect::{Fault, FaultKind};
use serde::{Deserialize, Serialize};

/// Places kept free in the order of messages for a hole that is filled later.
pub const HOLE: i64 = 1_000_000;

/// Where the next sync goes on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncCursor {
    /// The server's `next_batch`, verbatim.
    pub since: String,
    /// The order of the next message: it only ever grows, so that order within one millisecond survives a sync's end.
    pub order: i64,
    /// Bots of bridges met so far: their rooms of orders stay out of the inbox after a restart, too.
    #[serde(default)]
    pub bots: Vec<String>,
}

impl SyncCursor {
    /// Reads a stored position. One that is not ours is lost, and the account is read from the beginning.
    pub fn read(text: &str) -> Result<Self, Fault> {
        serde_json::from_str(text)
            .map_err(|_| Fault::not_done(FaultKind::CursorLost, "stored position is not one of ours"))
    }

    /// As it is stored.
    pub fn write(&self) -> String {
        serde_json::to_string(self).expect("text, a number and a list of texts are always JSON")
    }
}

/// Where a page of history begins.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageCursor {
    /// The server's token; none = the newest message.
    #[serde(default)]
    pub from: Option<String>,
    /// Where to stop, for a hole: the sync before it.
    #[serde(default)]
    pub to: Option<String>,
    /// The order of the newest message of this page is one less.
    #[serde(default)]
    pub order: i64,
}

impl PageCursor {
    /// Reads a position handed out earlier.
    pub fn read(text: &str) -> Result<Self, Fault> {
        serde_json::from_str(text)
            .map_err(|_| Fault::not_done(FaultKind::CursorLost, "page position is not one of ours"))
    }

    /// As it is handed out.
    pub fn write(&self) -> String {
        serde_json::to_string(self).expect("two texts and a number are always JSON")
    }
}
