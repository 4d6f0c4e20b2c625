//! How the data key is kept: an envelope of wraps, the operating system's keychain, a passphrase.
//!
//! The data key is random and encrypts everything; it never changes. A wrap holds it sealed under another key, so adding
//! or dropping a wrap re-encrypts 32 bytes and never the database.

mod envelope;
mod key;
mod keychain;
mod open;
mod seal;

pub(crate) use envelope::sync_dir;
pub use key::DataKey;
pub(crate) use key::Keys;
pub use keychain::{Keychain, KeychainError};
pub use open::{
    MIN_PASSPHRASE_CHARS, Protection, VaultError, add_keychain, add_passphrase, create_with_keychain,
    create_with_passphrase, open_with_keychain, open_with_passphrase, protection,
};
