//! A keychain in memory, that can be locked, emptied, or not there.

use std::collections::BTreeMap;
use std::sync::Mutex;
use store::vault::{Keychain, KeychainError};

#[derive(Default)]
pub struct MemoryKeychain {
    entries: Mutex<BTreeMap<String, Vec<u8>>>,
    failure: Mutex<Option<KeychainError>>,
}

impl MemoryKeychain {
    /// From now on every call fails like this; none = works again.
    pub fn fail(&self, failure: Option<KeychainError>) {
        *self.failure.lock().unwrap() = failure;
    }

    /// Someone emptied it.
    pub fn wipe(&self) {
        self.entries.lock().unwrap().clear();
    }

    fn check(&self) -> Result<(), KeychainError> {
        self.failure.lock().unwrap().map_or(Ok(()), Err)
    }
}

impl Keychain for MemoryKeychain {
    fn backend(&self) -> String {
        "memory".into()
    }

    fn get(&self, entry: &str) -> Result<Option<Vec<u8>>, KeychainError> {
        self.check()?;
        Ok(self.entries.lock().unwrap().get(entry).cloned())
    }

    fn set(&self, entry: &str, secret: &[u8]) -> Result<(), KeychainError> {
        self.check()?;
        self.entries.lock().unwrap().insert(entry.into(), secret.into());
        Ok(())
    }

    fn delete(&self, entry: &str) -> Result<(), KeychainError> {
        self.check()?;
        self.entries.lock().unwrap().remove(entry);
        Ok(())
    }
}
