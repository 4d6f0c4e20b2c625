//! Files on their way in from the UI, in pieces, in memory, bounded.

use base64::Engine as _;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Largest file, in bytes; platforms take less.
const LARGEST: u64 = 100 << 20;
/// Files at once; the oldest gives way: a page that was left in the middle of one does not say so.
const MOST: usize = 8;
/// Largest piece, in characters of base64: 180 KiB of bytes.
const LARGEST_PIECE: usize = 256 << 10;

/// The files under way.
#[derive(Default)]
pub(crate) struct Uploads {
    /// By number, oldest first.
    files: Mutex<BTreeMap<u64, Upload>>,
    count: AtomicU64,
}

struct Upload {
    name: String,
    size_bytes: u64,
    bytes: Vec<u8>,
}

impl Uploads {
    /// A name for the pieces to come; none if the file is too large.
    pub fn begin(&self, name: &str, size_bytes: u64) -> Option<String> {
        let mut files = self.files.lock().expect("no holder of the uploads panics");
        if size_bytes > LARGEST {
            return None;
        }
        if files.len() >= MOST {
            files.pop_first();
        }
        let id = self.count.fetch_add(1, Ordering::Relaxed);
        files.insert(id, Upload { name: safe_name(name), size_bytes, bytes: Vec::new() });
        Some(id.to_string())
    }

    /// One more piece; none (and the file is forgotten) if it does not fit what was announced.
    pub fn append(&self, id: &str, piece: &str) -> Option<()> {
        let id = id.parse().ok()?;
        let decoded = (piece.len() <= LARGEST_PIECE)
            .then(|| base64::prelude::BASE64_STANDARD.decode(piece).ok())
            .flatten();
        let mut files = self.files.lock().expect("no holder of the uploads panics");
        let fits = match (files.get_mut(&id), decoded) {
            (Some(file), Some(bytes)) if (file.bytes.len() + bytes.len()) as u64 <= file.size_bytes => {
                file.bytes.extend_from_slice(&bytes);
                true
            }
            _ => false,
        };
        if !fits {
            files.remove(&id);
        }
        fits.then_some(())
    }

    /// The whole file; none if something is missing.
    pub fn finish(&self, id: &str) -> Option<(String, Vec<u8>)> {
        let id = id.parse().ok()?;
        let upload = self.files.lock().expect("no holder of the uploads panics").remove(&id)?;
        (upload.bytes.len() as u64 == upload.size_bytes).then_some((upload.name, upload.bytes))
    }
}

/// A file name without a path and without characters that change how it reads.
fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last
        .chars()
        .filter(|c| {
            !c.is_control()
                && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        })
        .take(120)
        .collect();
    if clean.trim_matches(['.', ' ']).is_empty() { "file".to_owned() } else { clean }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_comes_whole_or_not_at_all() {
        let uploads = Uploads::default();
        let id = uploads.begin("../../etc/pass\u{202e}wd", 5).unwrap();
        uploads.append(&id, "aGVs").unwrap();
        uploads.append(&id, "bG8=").unwrap();
        assert_eq!(uploads.finish(&id), Some(("passwd".into(), b"hello".to_vec())));
        let id = uploads.begin("a", 2).unwrap();
        assert_eq!(uploads.append(&id, "aGVsbG8="), None, "more than announced");
        assert_eq!(uploads.finish(&id), None);
        let id = uploads.begin("a", 9).unwrap();
        uploads.append(&id, "aGVsbG8=").unwrap();
        assert_eq!(uploads.finish(&id), None, "less than announced");
        let id = uploads.begin("a", u64::from(u32::MAX).min(LARGEST)).unwrap();
        assert_eq!(uploads.append(&id, &"A".repeat(LARGEST_PIECE + 4)), None, "too large a piece");
        assert_eq!(uploads.append(&id, "AAAA"), None, "and the file is forgotten");
    }

    #[test]
    fn files_that_were_never_finished_do_not_keep_others_out() {
        let uploads = Uploads::default();
        let left: Vec<String> = (0..3 * MOST).map(|_| uploads.begin("left", 5).unwrap()).collect();
        let id = uploads.begin("a", 3).unwrap();
        uploads.append(&id, "YWJj").unwrap();
        assert_eq!(uploads.finish(&id), Some(("a".into(), b"abc".to_vec())));
        assert_eq!(uploads.append(&left[0], "aGVs"), None);
    }
}
