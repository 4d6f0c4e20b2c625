//! Paging cursors: opaque to the client, and not for keeping.

use super::error::GraphError;

/// Cursors older than this are refused, ms.
const LIFE_MS: i64 = 86_400_000;

/// Where a page ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cursor {
    /// A place counted from the top, or a message id.
    pub place: String,
    pub age: u64,
    pub issued_ms: i64,
}

impl Cursor {
    pub fn text(&self) -> String {
        let plain = format!("{}|{}|{}", self.place, self.age, self.issued_ms);
        format!("QVFI{}", hex::encode(plain))
    }

    /// Reads a cursor given out earlier; `age` is the platform's present one.
    pub fn read(text: &str, age: u64, now_ms: i64) -> Result<Cursor, GraphError> {
        let stale = || GraphError::invalid("(#100) Invalid cursor: the cursor is invalid or has expired");
        let bytes = text.strip_prefix("QVFI").and_then(|text| hex::decode(text).ok()).ok_or_else(stale)?;
        let plain = String::from_utf8(bytes).map_err(|_| stale())?;
        let mut parts = plain.split('|');
        let (place, made, issued) = (parts.next(), parts.next(), parts.next());
        let cursor = Cursor {
            place: place.ok_or_else(stale)?.to_owned(),
            age: made.and_then(|text| text.parse().ok()).ok_or_else(stale)?,
            issued_ms: issued.and_then(|text| text.parse().ok()).ok_or_else(stale)?,
        };
        if cursor.age != age || now_ms - cursor.issued_ms > LIFE_MS { Err(stale()) } else { Ok(cursor) }
    }
}
