//! How far a Page has been read. Stored in the same commit as what was read; bounded.

use connect::{Fault, FaultKind};
use model::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Threads remembered one by one; older ones are known by time alone.
const MAX_THREADS: usize = 300;
/// Threads whose messages are remembered one by one, to see edits, unsends and reactions.
const MAX_WATCHED: usize = 25;
/// Messages remembered of a watched thread: what one re-read shows.
pub(super) const MAX_SEEN: usize = 20;

/// The position of `pull`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Cursor {
    /// Every change of the list up to here (its time) has been read; 0 until the first walk is complete.
    #[serde(rename = "h")]
    pub high_ms: i64,
    /// The walk over the list's pages that is under way.
    #[serde(rename = "w")]
    pub walk: Option<Walk>,
    /// What is known of each thread, newest ones only.
    #[serde(rename = "t")]
    pub threads: BTreeMap<String, Mark>,
    /// Threads that are not in `threads` and have not changed since then are known all the same; holds once the first
    /// walk is complete.
    #[serde(rename = "f")]
    pub floor_ms: i64,
}

/// A walk from the newest thread down to what is known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Walk {
    /// The next page; Graph's cursor, which rots: then the walk starts over.
    #[serde(rename = "a")]
    pub after: String,
    /// The newest change met on this walk.
    #[serde(rename = "p")]
    pub top_ms: i64,
    /// Known ground has been reached; the page below is read for the overlap, then the walk is complete.
    #[serde(rename = "o")]
    pub is_overlap: bool,
    /// Something new was found on it.
    #[serde(rename = "c")]
    pub is_changed: bool,
}

/// What is known of one thread.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Mark {
    /// Its `updated_time`.
    #[serde(rename = "u")]
    pub updated_ms: i64,
    /// Its newest message.
    #[serde(rename = "m")]
    pub newest: String,
    /// When that was sent.
    #[serde(rename = "t")]
    pub newest_ms: i64,
    /// The newest messages, newest first; empty where the thread is no longer watched.
    #[serde(rename = "s", skip_serializing_if = "Vec::is_empty")]
    pub seen: Vec<Seen>,
}

/// What is known of one message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Seen {
    #[serde(rename = "i")]
    pub id: String,
    #[serde(rename = "t")]
    pub at_ms: i64,
    /// Marks of its text, its files, its reactions (0 = none).
    #[serde(rename = "x")]
    pub text: u32,
    #[serde(rename = "f")]
    pub files: u32,
    #[serde(rename = "r")]
    pub reactions: u32,
}

impl Mark {
    /// Whether this message was seen.
    pub(super) fn knows(&self, id: &str) -> bool {
        self.newest == id || self.seen.iter().any(|seen| seen.id == id)
    }

    /// The mark after these messages (oldest first) were seen as well. What a view no longer shows stays until it is
    /// known to be deleted.
    pub(super) fn with(&self, oldest_first: Vec<Seen>) -> Mark {
        let mut mark = self.clone();
        mark.seen.retain(|seen| oldest_first.iter().all(|now| now.id != seen.id));
        mark.seen.extend(oldest_first.into_iter().rev());
        // Stable: messages of one second keep the platform's order.
        mark.seen.sort_by_key(|seen| std::cmp::Reverse(seen.at_ms));
        mark.seen.truncate(MAX_SEEN);
        if let Some(newest) = mark.seen.first().filter(|newest| newest.at_ms >= mark.newest_ms) {
            (mark.newest, mark.newest_ms) = (newest.id.clone(), newest.at_ms);
        }
        mark
    }

    /// Forgets a deleted message.
    pub(super) fn forget(&mut self, id: &str) {
        self.seen.retain(|seen| seen.id != id);
    }
}

impl Cursor {
    /// Reads a stored one; none = from the beginning.
    pub(super) fn read(text: Option<&str>) -> Result<Self, Fault> {
        let lost = |_| Fault::not_done(FaultKind::CursorLost, "the stored position is not readable");
        text.map_or_else(|| Ok(Self::default()), |text| serde_json::from_str(text).map_err(lost))
    }

    /// As it is stored.
    pub(super) fn text(&self) -> String {
        serde_json::to_string(self).expect("a cursor of texts and numbers is JSON")
    }

    /// Up to when the messages of a thread not met before are history: all of them on the first walk.
    pub(super) fn history_until(&self) -> Timestamp {
        if self.high_ms == 0 { Timestamp(i64::MAX) } else { Timestamp(self.high_ms) }
    }

    /// Whether a thread with this change and this newest message has been read already.
    pub(super) fn knows(&self, thread: &str, updated_ms: i64, newest: Option<&str>) -> bool {
        match self.threads.get(thread) {
            Some(mark) => updated_ms <= mark.updated_ms && newest.is_none_or(|newest| mark.knows(newest)),
            None => self.high_ms > 0 && updated_ms <= self.floor_ms,
        }
    }

    /// Keeps itself small.
    pub(super) fn prune(&mut self) {
        let mut times: Vec<i64> = self.threads.values().map(|mark| mark.updated_ms).collect();
        times.sort_unstable_by_key(|time| std::cmp::Reverse(*time));
        if let Some(watched_from) = times.get(MAX_WATCHED - 1) {
            for mark in self.threads.values_mut().filter(|mark| mark.updated_ms < *watched_from) {
                mark.seen.clear();
            }
        }
        if let Some(last_dropped) = times.get(MAX_THREADS) {
            // Above the mark there may be some that were never read.
            let known_ms = if self.high_ms > 0 { self.high_ms.min(*last_dropped) } else { *last_dropped };
            self.floor_ms = self.floor_ms.max(known_ms);
            self.threads.retain(|_, mark| mark.updated_ms > *last_dropped);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_too_old_to_be_remembered_is_still_known_by_its_time() {
        let mut cursor = Cursor { high_ms: 2000, ..Cursor::default() };
        for index in 0..1000 {
            let mark = Mark { updated_ms: 1000 + index, seen: vec![Seen::default()], ..Mark::default() };
            cursor.threads.insert(format!("t_{index}"), mark);
        }
        cursor.prune();
        assert_eq!(cursor.threads.len(), MAX_THREADS);
        let watched = cursor.threads.values().filter(|mark| !mark.seen.is_empty()).count();
        assert_eq!(watched, MAX_WATCHED);
        assert!(cursor.knows("t_5", 1005, Some("m")), "forgotten, but not changed since");
        assert!(!cursor.knows("t_5", 1999, Some("m")), "changed since");
        assert!(!cursor.knows("t_999", 1999, Some("m")), "its newest message is not known");
        assert!(cursor.knows("t_never_read", 1200, None), "older than what was forgotten");
        cursor.high_ms = 0;
        assert!(!cursor.knows("t_5", 1005, None), "on the first walk everything is new");
        // The walk has not reached known ground: only what lies below the mark is known.
        (cursor.high_ms, cursor.floor_ms) = (1100, 0);
        cursor.threads.insert("t_new".to_owned(), Mark { updated_ms: 3000, ..Mark::default() });
        cursor.prune();
        assert!(!cursor.knows("t_never_read", 1200, None));
        assert!(cursor.knows("t_5", 1005, None));
    }

    #[test]
    fn a_position_survives_being_stored() {
        let seen = Seen { id: "m".into(), at_ms: 5, text: 1, files: 2, reactions: 3 };
        let mark = Mark::default().with(vec![seen]);
        let cursor = Cursor {
            high_ms: 7,
            walk: Some(Walk { after: "x".into(), top_ms: 9, is_overlap: true, is_changed: true }),
            threads: [("t".to_owned(), mark)].into(),
            floor_ms: 3,
        };
        assert_eq!(Cursor::read(Some(&cursor.text())).unwrap(), cursor);
    }
}
