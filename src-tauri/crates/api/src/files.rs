//! Files on their way in from the UI, in pieces, in memory, bounded.

use base64::Engine as _;
use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// Largest file, in bytes; platforms take less.
const LARGEST: u64 = 100 << 20;
/// Files at once; more than that is a fault of the UI.
const MOST: usize = 16;
/// Largest piece, in characters of base64: 180 KiB of bytes.
const LARGEST_PIECE: usize = 256 << 10;

/// The files under way.
#[derive(Default)]
pub(crate) struct Uploads {
    files: Mutex<HashMap<String, Upload>>,
    count: AtomicU64,
}

struct Upload {
    name: String,
    size_bytes: u64,
    bytes: Vec<u8>,
}

impl Uploads {
    /// A name for the pieces to come; none if the file is too large or too many are under way.
    pub fn begin(&self, name: &str, size_bytes: u64) -> Option<String> {
        let mut files = self.files.lock().expect("no holder of the uploads panics");
        if size_bytes > LARGEST || files.len() >= MOST {
            return None;
        }
        let id = self.count.fetch_add(1, Ordering::Relaxed).to_string();
        files.insert(id.clone(), Upload { name: safe_name(name), size_bytes, bytes: Vec::new() });
        Some(id)
    }

    /// One more piece; none (and the file is forgotten) if it does not fit what was announced.
    pub fn append(&self, id: &str, piece: &str) -> Option<()> {
        let mut files = self.files.lock().expect("no holder of the uploads panics");
        let decoded = (piece.len() <= LARGEST_PIECE).then(|| base64::prelude::BASE64_STANDARD.decode(piece).ok())?;
        let fits = match (files.get_mut(id), decoded) {
            (Some(file), Some(bytes)) if (file.bytes.len() + bytes.len()) as u64 <= file.size_bytes => {
                file.bytes.extend_from_slice(&bytes);
                true
            }
            _ => false,
        };
        if !fits {
            files.remove(id);
        }
        fits.then_some(())
    }

    /// The whole file; none if something is missing.
    pub fn finish(&self, id: &str) -> Option<(String, Vec<u8>)> {
        let upload = self.files.lock().expect("no holder of the uploads panics").remove(id)?;
        (upload.bytes.len() as u64 == upload.size_bytes).then_some((upload.name, upload.bytes))
    }
}

/// A file name without a path and without characters that change how it reads.
fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
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
    }
}
