//! One Kontor per profile. A second one hands over what it was started with and leaves.

use std::fs::{File, OpenOptions, TryLockError};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::time::Duration;
use tauri::plugin::TauriPlugin;
use tauri::{AppHandle, Wry};

const BETWEEN_TRIES: Duration = Duration::from_millis(250);
/// Ten seconds: as long as another one may take to save everything and quit.
const TRIES: u32 = 40;

/// Makes this process the one that has the profile; the claim lasts as long as the file. Does not return where another one
/// has it and took over our arguments, nor where another one has it and cannot be reached.
pub fn claim(app: &AppHandle, profile_dir: &Path, is_default: bool) -> Option<File> {
    let file =
        OpenOptions::new().create(true).truncate(false).write(true).open(profile_dir.join("window.lock"));
    let mut is_listening = false;
    for attempt in 0..TRIES {
        // Elsewhere than on Linux the plugin cannot tell profiles apart: a profile of its own has only the lock.
        if !is_listening && (is_default || cfg!(target_os = "linux")) {
            // Exits where another one answers. An error means it was just quitting: the next look will tell.
            match app.plugin(plugin(profile_dir, is_default)) {
                Ok(()) => is_listening = true,
                Err(error) => tracing::info!(%error, attempt, "the other instance did not answer"),
            }
        }
        let locked = match &file {
            Ok(file) => file.try_lock(),
            Err(error) => Err(TryLockError::Error(error.kind().into())),
        };
        match locked {
            Ok(()) => return file.ok(),
            Err(TryLockError::WouldBlock) => std::thread::sleep(BETWEEN_TRIES),
            Err(TryLockError::Error(error)) => {
                // A folder that cannot be written is for the core to explain, in the window.
                tracing::warn!(%error, "the profile could not be claimed");
                return None;
            }
        }
    }
    eprintln!("Kontor is already running with the profile {}, in another session.", profile_dir.display());
    std::process::exit(1)
}

/// From now on nobody hands over to us: we are about to end, and what they were started for would be lost.
pub fn release(app: &AppHandle) {
    tauri_plugin_single_instance::destroy(app);
}

fn plugin(profile_dir: &Path, is_default: bool) -> TauriPlugin<Wry> {
    let started_again = |app: &AppHandle, arguments: Vec<String>, _: String| {
        let words = arguments.iter().map(String::as_str);
        match engine::links::among(words) {
            Some(target) => crate::go(app, Some(target)),
            None if arguments.iter().any(|word| word == crate::HIDDEN) => {}
            None => crate::window::to_front(app),
        }
    };
    let builder = tauri_plugin_single_instance::Builder::new().callback(started_again);
    if is_default { builder.build() } else { builder.dbus_id(name(profile_dir)).build() }
}

/// The name on the session bus of a profile that is not the usual one.
fn name(profile_dir: &Path) -> String {
    let mut hasher = DefaultHasher::new();
    profile_dir.canonicalize().unwrap_or_else(|_| profile_dir.to_owned()).hash(&mut hasher);
    format!("{}.profile{:016x}", crate::IDENTIFIER, hasher.finish())
}
