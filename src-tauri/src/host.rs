//! What the core asks of the machine: a browser for a link, a place for a download, the window.

use crate::window;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use tauri::{AppHandle, Manager, Url};

/// How often a name that is taken gets another number.
const TRIES: u32 = 1000;
/// The longest file name, in characters; every file system takes as many.
const MAX_CHARS: usize = 100;

/// The desktop that we run on.
pub struct Desktop {
    /// The app.
    pub app: AppHandle,
}

impl api::Host for Desktop {
    fn open_link(&self, url: &Url) -> bool {
        // The core has looked too; but what opens things on this machine looks for itself.
        if !matches!(url.scheme(), "http" | "https" | "mailto") {
            return false;
        }
        let opened = tauri_plugin_opener::open_url(url.as_str(), None::<&str>);
        if opened.is_err() {
            tracing::warn!("the system opens no links");
        }
        opened.is_ok()
    }

    fn save_download(&self, file_name: &str, bytes: &[u8]) -> std::io::Result<String> {
        save_new(&self.downloads()?, file_name, bytes)
    }

    fn downloads(&self) -> std::io::Result<PathBuf> {
        let path = self.app.path();
        path.download_dir().or_else(|_| path.home_dir()).map_err(std::io::Error::other)
    }

    fn show_window(&self) {
        window::to_front(&self.app);
    }

    #[cfg(target_os = "linux")]
    fn copied_picture(&self) -> Option<Vec<u8>> {
        crate::clipboard::png(&self.app)
    }
}

/// Saves under this name or, where it is taken, under `name (1)` and so on; never over another file.
fn save_new(folder: &PathBuf, file_name: &str, bytes: &[u8]) -> std::io::Result<String> {
    std::fs::create_dir_all(folder)?;
    let (stem, extension) = harmless(file_name);
    for number in 0..TRIES {
        let number = if number == 0 { String::new() } else { format!(" ({number})") };
        let name = format!("{stem}{number}{extension}");
        match OpenOptions::new().write(true).create_new(true).open(folder.join(&name)) {
            Ok(mut file) => {
                let written = file.write_all(bytes).and_then(|()| file.sync_all());
                if written.is_err() {
                    // Half a file would look like a whole one.
                    let _ = std::fs::remove_file(folder.join(&name));
                }
                return written.map(|()| name);
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

/// Stem and extension (with its dot) of a name that a stranger chose: no folder, no hidden file, no device, and nothing
/// that makes it look like another kind of file.
fn harmless(file_name: &str) -> (String, String) {
    let is_bad = |char: char| {
        char.is_control()
            || r#"/\:*?"<>|"#.contains(char)
            // Direction marks: `gpj.exe` must not read as `exe.jpg`.
            || matches!(char, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let name: String = file_name.chars().map(|char| if is_bad(char) { '_' } else { char }).collect();
    let name = name.trim_matches(|char: char| char == '.' || char.is_whitespace());
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if extension.len() <= 8 && !stem.is_empty() => {
            (stem, format!(".{extension}"))
        }
        _ => (name, String::new()),
    };
    let stem: String = stem.chars().take(MAX_CHARS).collect();
    let device = stem.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let is_device = matches!(device.as_str(), "con" | "prn" | "aux" | "nul")
        || (device.len() == 4 && (device.starts_with("com") || device.starts_with("lpt")));
    match stem.as_str() {
        "" => ("file".into(), extension),
        _ if is_device => (format!("_{stem}"), extension),
        _ => (stem, extension),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strangers_file_name_leads_nowhere_and_pretends_nothing() {
        let named = |name: &str| {
            let (stem, extension) = harmless(name);
            format!("{stem}{extension}")
        };
        assert_eq!(named("Rechnung März.pdf"), "Rechnung März.pdf");
        assert_eq!(named("../../etc/passwd"), "_.._etc_passwd");
        assert_eq!(named("C:\\windows\\x.dll"), "C__windows_x.dll");
        assert_eq!(named(".bashrc"), "bashrc");
        assert_eq!(named("  \n"), "_");
        assert_eq!(named(""), "file");
        assert_eq!(named("photo\u{202e}gpj.exe"), "photo_gpj.exe");
        assert_eq!(named("con.txt"), "_con.txt");
        assert_eq!(named("LPT1"), "_LPT1");
        assert_eq!(named(&"a".repeat(300)).len(), MAX_CHARS);
        assert_eq!(named(&format!("{}.jpeg", "ü".repeat(300))).chars().count(), MAX_CHARS + 5);
    }

    #[test]
    fn a_download_never_replaces_another_file() {
        let folder = std::env::temp_dir().join(format!("kontor-downloads-{}", std::process::id()));
        let saved: Vec<_> =
            ["one", "two", "three"].map(|text| save_new(&folder, "a.txt", text.as_bytes()).unwrap()).into();
        assert_eq!(saved, ["a.txt", "a (1).txt", "a (2).txt"]);
        assert_eq!(std::fs::read_to_string(folder.join("a.txt")).unwrap(), "one");
        std::fs::remove_dir_all(folder).unwrap();
    }
}
