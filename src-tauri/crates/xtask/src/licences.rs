//! `cargo xtask licences`: the list of licences that Kontor shows, written anew from what is linked and bundled.

use crate::process::run;
use crate::ui;
use std::process::Command;

/// Writes `src-tauri/crates/api/src/licences.json`.
pub fn write() -> Result<(), String> {
    ui::bring_packages()?;
    let mut node = Command::new("node");
    node.current_dir(crate::place::root()).arg("ui/scripts/licences.mjs");
    run(
        &mut node,
        "Is the crates registry reachable? Crates of other systems are fetched to read their licences.",
    )
}
