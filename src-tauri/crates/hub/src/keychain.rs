//! Keychains to try out what a person sees of one (`--keychain`): no test asks the desktop's.

use anyhow::bail;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use store::vault::{Keychain, KeychainError};

/// The keychain of this name.
pub fn keychain(name: &str) -> anyhow::Result<Arc<dyn Keychain>> {
    Ok(match name {
        "forgetful" => Arc::new(Forgetful::default()),
        "locked" => Arc::new(Locked),
        _ => bail!("there are two keychains, forgetful and locked, and no {name}"),
    })
}

/// Keeps what it is given until this program ends: the next one finds a profile without its key.
#[derive(Default)]
struct Forgetful(Mutex<BTreeMap<String, Vec<u8>>>);

impl Forgetful {
    fn entries(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
        self.0.lock().expect("no holder of the entries panics")
    }
}

impl Keychain for Forgetful {
    fn backend(&self) -> String {
        "forgetful".into()
    }

    fn get(&self, entry: &str) -> Result<Option<Vec<u8>>, KeychainError> {
        Ok(self.entries().get(entry).cloned())
    }

    fn set(&self, entry: &str, secret: &[u8]) -> Result<(), KeychainError> {
        self.entries().insert(entry.to_owned(), secret.to_owned());
        Ok(())
    }

    fn delete(&self, entry: &str) -> Result<(), KeychainError> {
        self.entries().remove(entry);
        Ok(())
    }
}

/// There, and nobody unlocks it.
struct Locked;

impl Keychain for Locked {
    fn backend(&self) -> String {
        "locked".into()
    }

    fn get(&self, _: &str) -> Result<Option<Vec<u8>>, KeychainError> {
        Err(KeychainError::Locked)
    }

    fn set(&self, _: &str, _: &[u8]) -> Result<(), KeychainError> {
        Err(KeychainError::Locked)
    }

    fn delete(&self, _: &str) -> Result<(), KeychainError> {
        Err(KeychainError::Locked)
    }
}
