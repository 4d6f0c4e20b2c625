//! The floor below everything durable: what the disk takes for 4 KiB that must not be lost.

use crate::time::Watch;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;

/// Bytes of one append.
const PAGE_BYTES: usize = 4096;

/// A file that only grows.
pub struct Disk(File);

impl Disk {
    /// In this folder, so that it is the same disk and the same file system.
    pub fn at(folder: &Path) -> std::io::Result<Self> {
        Ok(Self(OpenOptions::new().create(true).append(true).open(folder.join("fdatasync"))?))
    }

    /// Appends a page and waits until it is on the disk (`fdatasync`); answers how long that took, in ms.
    pub fn append_ms(&mut self) -> std::io::Result<f64> {
        let watch = Watch::start();
        self.0.write_all(&[0x5A; PAGE_BYTES])?;
        self.0.sync_data()?;
        Ok(watch.ms())
    }
}
