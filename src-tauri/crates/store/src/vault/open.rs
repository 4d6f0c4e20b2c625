//! Making and opening an envelope. All of it blocks (files, the keychain, Argon2) and therefore runs on the blocking pool.

use super::envelope::{Envelope, VERSION, Way, stretch};
use super::key::DataKey;
use super::keychain::{Keychain, KeychainError};
use super::seal::{SealKey, random};
use crate::place::Place;
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use zeroize::Zeroizing;

/// The shortest passphrase that is taken, in characters.
pub const MIN_PASSPHRASE_CHARS: usize = 8;

/// Why there is no data key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    /// The passphrase is not the one.
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// Shorter than [`MIN_PASSPHRASE_CHARS`].
    #[error("the passphrase is too short")]
    PassphraseTooShort,
    /// The keychain works but does not hold our key (any more), or another one.
    #[error("the key is gone from the keychain")]
    KeyGone,
    /// The keychain did not answer.
    #[error(transparent)]
    Keychain(#[from] KeychainError),
    /// The profile has no wrap of the kind that was asked for.
    #[error("the profile is not protected in this way")]
    NotThisWay,
    /// There is a profile already; it is never replaced.
    #[error("there is a profile already")]
    Taken,
    /// There is none.
    #[error("there is no profile")]
    Absent,
    /// `key.json` cannot be read as an envelope, or is missing although there is a database.
    #[error("the envelope is damaged")]
    Damaged,
    /// `key.json` was written by a newer Kontor.
    #[error("the envelope is of a newer version")]
    Newer,
    /// No room on the disk.
    #[error("no room on the disk")]
    Full,
    /// A file could not be read or written.
    #[error("file: {0}")]
    Io(std::io::ErrorKind),
}

impl From<std::io::Error> for VaultError {
    fn from(error: std::io::Error) -> Self {
        match crate::Error::from(error) {
            crate::Error::Io(std::io::ErrorKind::AlreadyExists) => Self::Taken,
            crate::Error::Io(kind) => Self::Io(kind),
            _ => Self::Full,
        }
    }
}

/// How a profile can be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Protection {
    /// By the operating system's keychain.
    pub has_keychain: bool,
    /// By a passphrase.
    pub has_passphrase: bool,
}

/// How the profile can be opened; none if there is no profile.
pub async fn protection(place: Place) -> Result<Option<Protection>, VaultError> {
    blocking(move || {
        if !place.is_taken() {
            return Ok(None);
        }
        let envelope = load(&place)?;
        Ok(Some(Protection {
            has_keychain: envelope.wraps.iter().any(|wrap| matches!(wrap.way, Way::Keychain { .. })),
            has_passphrase: envelope.wraps.iter().any(|wrap| matches!(wrap.way, Way::Passphrase { .. })),
        }))
    })
    .await
}

/// Makes a profile whose key lies in the keychain. The key is in the keychain, and was read back, before the profile exists.
pub async fn create_with_keychain(place: Place, keychain: Arc<dyn Keychain>) -> Result<DataKey, VaultError> {
    blocking(move || {
        let (mut envelope, data_key) = begin(&place)?;
        wrap_by_keychain(&mut envelope, keychain.as_ref(), &data_key)?;
        envelope.write(&place, true)?;
        Ok(data_key)
    })
    .await
}

/// Makes a profile that a passphrase opens.
pub async fn create_with_passphrase(place: Place, passphrase: SecretString) -> Result<DataKey, VaultError> {
    blocking(move || {
        check(&passphrase)?;
        let (mut envelope, data_key) = begin(&place)?;
        wrap_by_passphrase(&mut envelope, &passphrase, &data_key)?;
        envelope.write(&place, true)?;
        Ok(data_key)
    })
    .await
}

/// Opens a profile by the keychain.
pub async fn open_with_keychain(place: Place, keychain: Arc<dyn Keychain>) -> Result<DataKey, VaultError> {
    blocking(move || {
        let envelope = load(&place)?;
        let wrap = envelope.wraps.iter().find(|wrap| matches!(wrap.way, Way::Keychain { .. }));
        let (wrap, entry) = wrap.zip(envelope.keychain_entry()).ok_or(VaultError::NotThisWay)?;
        let secret = Zeroizing::new(keychain.get(entry)?.ok_or(VaultError::KeyGone)?);
        let wrapping =
            SealKey::new(Zeroizing::new(secret.as_slice().try_into().map_err(|_| VaultError::KeyGone)?));
        envelope.unwrap(wrap, &wrapping).ok_or(VaultError::KeyGone)
    })
    .await
}

/// Opens a profile by its passphrase; takes a good part of a second on purpose.
pub async fn open_with_passphrase(place: Place, passphrase: SecretString) -> Result<DataKey, VaultError> {
    blocking(move || {
        let envelope = load(&place)?;
        let wrap = envelope.wraps.iter().find(|wrap| matches!(wrap.way, Way::Passphrase { .. }));
        let wrap = wrap.ok_or(VaultError::NotThisWay)?;
        let wrapping =
            stretch(passphrase.expose_secret().as_bytes(), &wrap.way).ok_or(VaultError::Damaged)?;
        envelope.unwrap(wrap, &wrapping).ok_or(VaultError::WrongPassphrase)
    })
    .await
}

/// Lets a passphrase open the profile too, or changes it.
pub async fn add_passphrase(place: Place, key: DataKey, passphrase: SecretString) -> Result<(), VaultError> {
    blocking(move || {
        check(&passphrase)?;
        let mut envelope = load(&place)?;
        wrap_by_passphrase(&mut envelope, &passphrase, &key)?;
        Ok(envelope.write(&place, false)?)
    })
    .await
}

/// Lets the keychain open the profile too, or again.
pub async fn add_keychain(place: Place, key: DataKey, keychain: Arc<dyn Keychain>) -> Result<(), VaultError> {
    blocking(move || {
        let mut envelope = load(&place)?;
        let old = envelope.keychain_entry().map(str::to_owned);
        wrap_by_keychain(&mut envelope, keychain.as_ref(), &key)?;
        envelope.write(&place, false)?;
        if let Some(old) = old {
            // An entry left behind opens nothing any more.
            let _ = keychain.delete(&old);
        }
        Ok(())
    })
    .await
}

fn check(passphrase: &SecretString) -> Result<(), VaultError> {
    if passphrase.expose_secret().chars().count() < MIN_PASSPHRASE_CHARS {
        return Err(VaultError::PassphraseTooShort);
    }
    Ok(())
}

fn begin(place: &Place) -> Result<(Envelope, DataKey), VaultError> {
    if place.is_taken() {
        return Err(VaultError::Taken);
    }
    crate::place::make_private_dir(&place.dir).map_err(|error| match error {
        crate::Error::Io(kind) => VaultError::Io(kind),
        _ => VaultError::Full,
    })?;
    Ok((Envelope::new(), DataKey::random()))
}

fn load(place: &Place) -> Result<Envelope, VaultError> {
    #[derive(serde::Deserialize)]
    struct Head {
        version: u32,
    }
    let Some(bytes) = Envelope::read(place)? else {
        return Err(if place.is_taken() { VaultError::Damaged } else { VaultError::Absent });
    };
    let head: Head = serde_json::from_slice(&bytes).map_err(|_| VaultError::Damaged)?;
    if head.version > VERSION {
        return Err(VaultError::Newer);
    }
    serde_json::from_slice(&bytes).map_err(|_| VaultError::Damaged)
}

fn wrap_by_passphrase(
    envelope: &mut Envelope,
    passphrase: &SecretString,
    key: &DataKey,
) -> Result<(), VaultError> {
    let way = Way::new_passphrase();
    let wrapping = stretch(passphrase.expose_secret().as_bytes(), &way).ok_or(VaultError::Damaged)?;
    envelope.add(way, &wrapping, key);
    Ok(())
}

fn wrap_by_keychain(
    envelope: &mut Envelope,
    keychain: &dyn Keychain,
    key: &DataKey,
) -> Result<(), VaultError> {
    let entry = envelope.new_keychain_entry();
    let secret = Zeroizing::new(random::<32>());
    keychain.set(&entry, secret.as_slice())?;
    if keychain.get(&entry)?.map(Zeroizing::new).is_none_or(|read| read.as_slice() != secret.as_slice()) {
        return Err(KeychainError::Failed.into());
    }
    let way = Way::Keychain { backend: keychain.backend(), entry };
    envelope.add(way, &SealKey::new(secret), key);
    Ok(())
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, VaultError> + Send + 'static,
) -> Result<T, VaultError> {
    crate::lane::on_blocking_pool(work).await.unwrap_or(Err(VaultError::Io(std::io::ErrorKind::Interrupted)))
}
