//! The operating system's keychain: Secret Service, Keychain Services or Credential Manager.
//!
//! A keychain may ask the person, and may ask for ever. So each question has a thread and a connection of its own, is given
//! ten seconds, and is not waited for any longer: it can end by itself without blocking the next one.

use keyring_core::api::CredentialStoreApi;
use keyring_core::{Entry, Error};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;
use store::vault::{Keychain, KeychainError};

/// What our secrets are filed under.
const SERVICE: &str = "app.kontor.desktop";
const PATIENCE: Duration = Duration::from_secs(10);

/// The keychain of the person who is logged in.
pub struct SystemKeychain;

impl Keychain for SystemKeychain {
    fn backend(&self) -> String {
        platform::BACKEND.to_owned()
    }

    fn get(&self, entry: &str) -> Result<Option<Vec<u8>>, KeychainError> {
        ask(entry, |entry| match entry.get_secret() {
            Ok(secret) => Ok(Some(secret)),
            // A locked keychain shows an empty drawer: only an open one can say that nothing is there.
            Err(Error::NoEntry) if platform::is_locked() => Err(KeychainError::Locked),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(reason(&error)),
        })
    }

    fn set(&self, entry: &str, secret: &[u8]) -> Result<(), KeychainError> {
        let secret = zeroize::Zeroizing::new(secret.to_vec());
        ask(entry, move |entry| entry.set_secret(&secret).map_err(|error| reason(&error)))
    }

    fn delete(&self, entry: &str) -> Result<(), KeychainError> {
        ask(entry, |entry| match entry.delete_credential() {
            Ok(()) => Ok(()),
            Err(Error::NoEntry) if platform::is_locked() => Err(KeychainError::Locked),
            Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(reason(&error)),
        })
    }
}

/// Opens the keychain and asks it, on a thread of its own.
fn ask<T: Send + 'static>(
    name: &str,
    question: impl FnOnce(&Entry) -> Result<T, KeychainError> + Send + 'static,
) -> Result<T, KeychainError> {
    let (answers, answer) = mpsc::channel();
    let (name, is_there) = (name.to_owned(), Arc::new(AtomicBool::new(false)));
    let found = is_there.clone();
    let work = move || {
        let opened = platform::open().and_then(|store| {
            found.store(true, Ordering::Relaxed);
            store.build(SERVICE, &name, None).map_err(|error| reason(&error))
        });
        let _ = answers.send(opened.and_then(|entry| question(&entry)));
    };
    #[expect(clippy::disallowed_methods, reason = "a keychain that asks the person must block nobody else")]
    std::thread::spawn(work);
    answer.recv_timeout(PATIENCE).unwrap_or_else(|_| {
        // It is there but waits for the person: that is a locked door, not a missing one.
        let is_there = is_there.load(Ordering::Relaxed);
        tracing::warn!(is_there, "the keychain did not answer in time");
        Err(if is_there { KeychainError::Locked } else { KeychainError::Missing })
    })
}

fn reason(error: &Error) -> KeychainError {
    match error {
        Error::NoStorageAccess(_) => KeychainError::Locked,
        Error::NoDefaultStore => KeychainError::Missing,
        _ => {
            tracing::warn!(%error, "the keychain refused");
            KeychainError::Failed
        }
    }
}

#[cfg(target_os = "linux")]
mod platform {
    use super::{Arc, CredentialStoreApi, KeychainError};
    use crate::session_bus;
    use zbus_secret_service_keyring_store::Store;

    pub const BACKEND: &str = "secret-service";
    const SERVICE: &str = "org.freedesktop.secrets";

    /// Fails where no session bus is, or nobody on it keeps secrets.
    pub fn open() -> Result<Arc<dyn CredentialStoreApi>, KeychainError> {
        let store = Store::new().map_err(|error| {
            tracing::info!(%error, "no keychain");
            KeychainError::Missing
        })?;
        Ok(store)
    }

    /// Is the collection that we write into locked? One that was never made holds nothing and hides nothing.
    pub fn is_locked() -> bool {
        let collection = "/org/freedesktop/secrets/aliases/default";
        session_bus::property(SERVICE, collection, "org.freedesktop.Secret.Collection", "Locked")
            .unwrap_or(false)
    }
}

#[cfg(target_os = "macos")]
mod platform {
    use super::{Arc, CredentialStoreApi, KeychainError, reason};
    use apple_native_keyring_store::keychain::Store;

    pub const BACKEND: &str = "apple-keychain";

    pub fn open() -> Result<Arc<dyn CredentialStoreApi>, KeychainError> {
        Ok(Store::new().map_err(|error| reason(&error))?)
    }

    /// A locked one says so by itself.
    pub fn is_locked() -> bool {
        false
    }
}

#[cfg(target_os = "windows")]
mod platform {
    use super::{Arc, CredentialStoreApi, KeychainError, reason};
    use windows_native_keyring_store::Store;

    pub const BACKEND: &str = "windows-credentials";

    pub fn open() -> Result<Arc<dyn CredentialStoreApi>, KeychainError> {
        Ok(Store::new().map_err(|error| reason(&error))?)
    }

    /// It is open whenever its owner is logged in.
    pub fn is_locked() -> bool {
        false
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::process::Command;

    /// Set where a test plays its own child, inside a private session.
    const INSIDE: &str = "KONTOR_TEST_INSIDE_SESSION";
    const OPEN: &str = "keychain::tests::an_open_keychain_keeps_a_secret_until_it_is_deleted";

    /// What the keychain says in a private session whose keyring a script has prepared first.
    fn in_session(prepare: &str) -> String {
        let home = tempfile::tempdir().expect("a folder");
        let script = format!("{prepare}\nexec \"$KONTOR_TEST\" --exact {OPEN} --nocapture");
        let output = Command::new("dbus-run-session")
            .args(["--", "sh", "-c", &script])
            .env_remove("DISPLAY")
            .env(INSIDE, "1")
            .env("HOME", home.path())
            .env("XDG_DATA_HOME", home.path())
            .env("XDG_RUNTIME_DIR", home.path())
            .env("KONTOR_TEST", std::env::current_exe().expect("our own path"))
            .output()
            .expect("`cargo xtask test` brings dbus-run-session");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let said =
            text.lines().find_map(|line| line.split_once("keychain: ")).map(|(_, said)| said.to_owned());
        said.unwrap_or_else(|| panic!("{text}\n{}", String::from_utf8_lossy(&output.stderr)))
    }

    /// Asks the keychain of the session we are in.
    fn ask() {
        let keychain = SystemKeychain;
        let before = keychain.get("a").map(|secret| secret.map(|secret| secret.len()));
        let set = keychain.set("a", &[0, 159, 146, 150]);
        let after = keychain.get("a");
        let deleted = (keychain.delete("a"), keychain.delete("a"));
        println!("keychain: {before:?} {set:?} {after:?} {deleted:?}");
    }

    const DAEMON: &str = "gnome-keyring-daemon --components=secrets";

    #[test]
    fn an_open_keychain_keeps_a_secret_until_it_is_deleted() {
        if std::env::var_os(INSIDE).is_some() {
            return ask();
        }
        let said = in_session(&format!("printf '\\n' | {DAEMON} --unlock --daemonize >/dev/null"));
        assert_eq!(said, "Ok(None) Ok(()) Ok(Some([0, 159, 146, 150])) (Ok(()), Ok(()))");
    }

    #[test]
    fn a_locked_keychain_is_locked_and_not_empty() {
        let stored = "printf x | secret-tool store --label=x service app.kontor.desktop username a";
        let lock = "gdbus call --session --dest org.freedesktop.secrets --object-path /org/freedesktop/secrets \
            --method org.freedesktop.Secret.Service.Lock \"['/org/freedesktop/secrets/collection/login']\" >/dev/null";
        for stored in [stored, "true"] {
            let prepare =
                format!("printf 'secret\\n' | {DAEMON} --unlock --daemonize >/dev/null\n{stored}\n{lock}");
            let locked = "Err(Locked) Err(Locked) Err(Locked) (Err(Locked), Err(Locked))";
            assert_eq!(in_session(&prepare), locked, "{stored}");
        }
    }

    #[test]
    fn without_a_session_there_is_no_keychain() {
        let missing = "Err(Missing) Err(Missing) Err(Missing) (Err(Missing), Err(Missing))";
        assert_eq!(in_session("unset DBUS_SESSION_BUS_ADDRESS"), missing);
    }
}
