//! `key.json`: the data key, wrapped once per way to open it.

use super::key::DataKey;
use super::seal::{SealKey, random};
use crate::place::Place;
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};
use std::io::Write;
use zeroize::Zeroizing;

pub(super) const VERSION: u32 = 1;

/// The file. A new way to open raises `version`: an older program then says so instead of dropping a wrap it cannot read.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Envelope {
    pub(super) version: u32,
    /// Random; names the keychain entry and ties the wraps to this profile.
    pub(super) profile: String,
    pub(super) wraps: Vec<Wrap>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Wrap {
    #[serde(flatten)]
    pub(super) way: Way,
    /// Base64 of nonce and sealed data key.
    pub(super) sealed: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Way {
    /// The wrapping key lies in the operating system's keychain.
    Keychain { backend: String, entry: String },
    /// The wrapping key is made from a passphrase by Argon2id.
    Passphrase { memory_kib: u32, passes: u32, lanes: u32, salt: String },
}

impl Way {
    pub(super) fn new_passphrase() -> Self {
        // RFC 9106, second recommended option: 64 MiB, three passes, four lanes.
        Self::Passphrase { memory_kib: 64 * 1024, passes: 3, lanes: 4, salt: BASE64.encode(random::<16>()) }
    }
}

impl Envelope {
    pub(super) fn new() -> Self {
        Self { version: VERSION, profile: hex::encode(random::<16>()), wraps: Vec::new() }
    }

    /// A name nobody has used: while the keychain is wrapped anew, the old entry stays good until the file is written.
    pub(super) fn new_keychain_entry(&self) -> String {
        format!("profile-{}-{}", self.profile, hex::encode(random::<4>()))
    }

    pub(super) fn keychain_entry(&self) -> Option<&str> {
        self.wraps.iter().find_map(|wrap| match &wrap.way {
            Way::Keychain { entry, .. } => Some(entry.as_str()),
            Way::Passphrase { .. } => None,
        })
    }

    /// Adds a wrap, in place of one of the same kind.
    pub(super) fn add(&mut self, way: Way, wrapping: &SealKey, data_key: &DataKey) {
        let sealed = BASE64.encode(wrapping.seal(&self.about(&way), data_key.bytes()));
        self.wraps.retain(|wrap| std::mem::discriminant(&wrap.way) != std::mem::discriminant(&way));
        self.wraps.push(Wrap { way, sealed });
    }

    pub(super) fn unwrap(&self, wrap: &Wrap, wrapping: &SealKey) -> Option<DataKey> {
        let sealed = BASE64.decode(&wrap.sealed).ok()?;
        DataKey::from_bytes(&wrapping.open(&self.about(&wrap.way), &sealed)?)
    }

    /// What a wrap is bound to: nobody can move it to another profile or weaken its parameters unnoticed.
    fn about(&self, way: &Way) -> Vec<u8> {
        serde_json::to_vec(&(self.version, &self.profile, way)).expect("an envelope's fields are plain text")
    }

    pub(super) fn read(place: &Place) -> std::io::Result<Option<Vec<u8>>> {
        match std::fs::read(place.envelope()) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes the file whole or not at all; `is_new` refuses to replace one.
    pub(super) fn write(&self, place: &Place, is_new: bool) -> std::io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(&place.dir)?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        file.as_file().sync_all()?;
        if is_new {
            file.persist_noclobber(place.envelope())?;
        } else {
            file.persist(place.envelope())?;
        }
        sync_dir(&place.dir)
    }
}

/// Makes a rename durable; Windows does that by itself.
pub(crate) fn sync_dir(dir: &std::path::Path) -> std::io::Result<()> {
    if cfg!(unix) { std::fs::File::open(dir)?.sync_all() } else { Ok(()) }
}

/// The wrapping key of a passphrase; none if the stored parameters are impossible.
pub(super) fn stretch(passphrase: &[u8], way: &Way) -> Option<SealKey> {
    let Way::Passphrase { memory_kib, passes, lanes, salt } = way else { return None };
    // A damaged or hostile file must not ask for all the memory there is.
    let params =
        Params::new((*memory_kib).min(1024 * 1024), (*passes).min(64), (*lanes).min(64), Some(32)).ok()?;
    let salt = BASE64.decode(salt).ok()?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase, &salt, key.as_mut())
        .ok()?;
    Some(SealKey::new(key))
}
