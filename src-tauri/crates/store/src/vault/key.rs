//! The data key and the keys that are derived from it.

use super::seal::{SealKey, random};
use hkdf::Hkdf;
use sha2::Sha256;
use std::fmt::Write;
use zeroize::Zeroizing;

/// The 32 bytes that everything in a profile is encrypted with. Wiped when dropped, never printed.
#[derive(Clone)]
pub struct DataKey(Zeroizing<[u8; 32]>);

impl DataKey {
    /// A new key. It lives only in memory: for profiles that are gone after quitting.
    pub fn random() -> Self {
        Self(Zeroizing::new(random()))
    }

    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let bytes: [u8; 32] = bytes.try_into().ok()?;
        Some(Self(Zeroizing::new(bytes)))
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The key as SQLCipher takes a raw key: no derivation, no delay.
    pub(crate) fn as_pragma(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(90));
        text.push_str("PRAGMA key = \"x'");
        for byte in self.0.iter() {
            let _ = write!(text, "{byte:02x}");
        }
        text.push_str("'\"");
        text
    }

    fn derive(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        let mut derived = Zeroizing::new([0; 32]);
        Hkdf::<Sha256>::new(None, self.bytes())
            .expand(purpose.as_bytes(), derived.as_mut())
            .expect("32 bytes are within the 8160 that HKDF gives");
        derived
    }
}

/// The keys of an open profile, one per purpose.
pub(crate) struct Keys {
    /// Seals the fields of `account_secret`.
    pub(crate) secrets: SealKey,
    /// Seals the files of the media cache.
    pub(crate) media: SealKey,
    /// Hashes the names of those files.
    pub(crate) media_names: Zeroizing<[u8; 32]>,
}

impl Keys {
    pub(crate) fn new(key: &DataKey) -> Self {
        Self {
            secrets: SealKey::new(key.derive("kontor account secrets 1")),
            media: SealKey::new(key.derive("kontor media files 1")),
            media_names: key.derive("kontor media names 1"),
        }
    }
}
