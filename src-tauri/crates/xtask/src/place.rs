//! Where things lie.

use std::path::{Path, PathBuf};

/// The repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(3)
        .expect("xtask lies three folders below the repository")
        .to_path_buf()
}

/// Cargo's target folder, which `CARGO_TARGET_DIR` may have moved.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// A program built by `cargo build`.
pub fn binary(name: &str) -> PathBuf {
    target().join("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// Makes sure that a folder under `target/` is there.
pub fn folder(name: &str) -> Result<PathBuf, String> {
    let folder = target().join(name);
    std::fs::create_dir_all(&folder)
        .map_err(|error| format!("{} cannot be created ({error}); is the disk full?", folder.display()))?;
    Ok(folder)
}
