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
    // Elsewhere than on Linux the plugin finds the other one itself, and cannot tell profiles apart: a profile of its own has
    // only the lock.
    if is_default && !cfg!(target_os = "linux") {
        listen(app, profile_dir, is_default);
    }
    let listen_on_linux = || {
        if cfg!(target_os = "linux") {
            listen(app, profile_dir, is_default);
        }
    };
    let file =
        OpenOptions::new().create(true).truncate(false).write(true).open(profile_dir.join("window.lock"));
    for attempt in 0..TRIES {
        let locked = match &file {
            Ok(file) => file.try_lock(),
            Err(error) => Err(TryLockError::Error(error.kind().into())),
        };
        match locked {
            Err(TryLockError::WouldBlock) => {
                hand_over(profile_dir, is_default, attempt);
                std::thread::sleep(BETWEEN_TRIES);
            }
            Err(TryLockError::Error(error)) => {
                // A folder that cannot be written is for the core to explain, in the window.
                tracing::warn!(%error, "the profile could not be claimed");
                listen_on_linux();
                return None;
            }
            Ok(()) => {
                listen_on_linux();
                return file.ok();
            }
        }
    }
    eprintln!("Kontor is already running with the profile {}, in another session.", profile_dir.display());
    std::process::exit(1)
}

/// From now on others hand over to us.
fn listen(app: &AppHandle, profile_dir: &Path, is_default: bool) {
    if let Err(error) = app.plugin(plugin(profile_dir, is_default)) {
        tracing::warn!(%error, "who starts Kontor again will not reach this one");
    }
}

/// Gives our arguments to the one that has the profile, and leaves. Returns where it does not answer, as when it is just
/// starting or quitting.
#[cfg(target_os = "linux")]
fn hand_over(profile_dir: &Path, is_default: bool, attempt: u32) {
    let id = if is_default { crate::IDENTIFIER.to_owned() } else { name(profile_dir) };
    // As the plugin names itself on the bus.
    let name = format!("{id}.SingleInstance");
    let path = format!("/{}", name.replace('.', "/").replace('-', "_"));
    let arguments: Vec<String> =
        std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    let folder = std::env::current_dir().unwrap_or_default().to_string_lossy().into_owned();
    let told = zbus::blocking::Connection::session().and_then(|bus| {
        let interface = Some("org.SingleInstance.DBus");
        bus.call_method(
            Some(name.as_str()),
            path.as_str(),
            interface,
            "ExecuteCallback",
            &(arguments, folder),
        )
    });
    match told {
        // At once: an orderly exit takes libraries apart in which threads of the desktop's are still at work.
        Ok(_) => signal_hook::low_level::exit(0),
        Err(error) => tracing::info!(%error, attempt, "the other instance did not answer"),
    }
}

#[cfg(not(target_os = "linux"))]
fn hand_over(_: &Path, _: bool, _: u32) {}

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
