//! The UI's packages and its bundle, made only when something changed.

use crate::place;
use crate::process::{npm, run};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::process::Command;
use std::time::UNIX_EPOCH;

/// npm inside `ui/`.
pub fn npm_in_ui() -> Command {
    let mut command = npm();
    command.current_dir(place::root().join("ui"));
    command
}

/// `npm ci`, when the lock file is another one than the last time.
pub fn bring_packages() -> Result<(), String> {
    let ui = place::root().join("ui");
    let lock = fs::read(ui.join("package-lock.json")).map_err(|error| {
        format!("ui/package-lock.json cannot be read ({error}); is this a whole checkout?")
    })?;
    // Inside node_modules, so that removing that folder removes the stamp with it.
    let stamp = ui.join("node_modules/.installed-from-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    run(
        npm_in_ui().args(["ci", "--no-audit", "--no-fund"]),
        "Is the npm registry reachable? After a conflict in the lock file, run `npm install` in ui/.",
    )?;
    fs::write(&stamp, lock).map_err(|error| format!("{} cannot be written ({error})", stamp.display()))
}

/// `npm run build`, when a source is newer, older, more or fewer than the last time.
pub fn build() -> Result<(), String> {
    let root = place::root();
    let stamp = place::folder("xtask")?.join("ui-sources");
    let mut hasher = DefaultHasher::new();
    for part in ["ui", "icons"] {
        hash_sources(&root.join(part), &mut hasher)
            .map_err(|error| format!("{part}/ cannot be read ({error}); is this a whole checkout?"))?;
    }
    let sources = hasher.finish().to_string();
    let is_fresh = fs::read_to_string(&stamp).is_ok_and(|built| built == sources);
    if is_fresh && root.join("ui/dist/index.html").is_file() {
        return Ok(());
    }
    run(npm_in_ui().args(["run", "build"]), "The lines above name the file; mend it and start again.")?;
    fs::write(&stamp, sources).map_err(|error| format!("{} cannot be written ({error})", stamp.display()))
}

fn hash_sources(folder: &Path, hasher: &mut DefaultHasher) -> std::io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (name, about) = (entry.file_name(), entry.metadata()?);
        if name == "node_modules" || name == "dist" || name.to_string_lossy().starts_with('.') {
            continue;
        }
        name.hash(hasher);
        if about.is_dir() {
            hash_sources(&entry.path(), hasher)?;
        } else {
            about.len().hash(hasher);
            about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default().hash(hasher);
        }
    }
    Ok(())
}
