//! A notifier and a host that remember what they were asked to show.

use engine::notify::{Notice, NoticeKey, Notifier};
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock};
use tempfile::TempDir;

#[derive(Default)]
pub struct Recorder {
    shown: Mutex<Vec<Notice>>,
    withdrawn: Mutex<Vec<NoticeKey>>,
    count: Mutex<u32>,
    downloads: OnceLock<TempDir>,
}

impl Recorder {
    /// Everything shown since the last call.
    pub fn take(&self) -> Vec<Notice> {
        std::mem::take(&mut self.shown.lock().unwrap())
    }

    pub fn withdrawn(&self) -> Vec<NoticeKey> {
        self.withdrawn.lock().unwrap().clone()
    }

    pub fn unread(&self) -> u32 {
        *self.count.lock().unwrap()
    }
}

impl Notifier for Recorder {
    fn show(&self, notice: Notice) {
        self.shown.lock().unwrap().push(notice);
    }

    fn withdraw(&self, key: NoticeKey) {
        self.withdrawn.lock().unwrap().push(key);
    }

    fn count(&self, unread: u32) {
        *self.count.lock().unwrap() = unread;
    }
}

impl api::Host for Recorder {
    fn open_link(&self, _: &url::Url) -> bool {
        true
    }

    fn save_download(&self, file_name: &str, _: &[u8]) -> std::io::Result<String> {
        Ok(file_name.into())
    }

    fn downloads(&self) -> std::io::Result<PathBuf> {
        Ok(self.downloads.get_or_init(|| tempfile::tempdir().unwrap()).path().to_owned())
    }

    fn show_window(&self) {}
}
