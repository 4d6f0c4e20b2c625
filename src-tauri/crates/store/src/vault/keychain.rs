//! The operating system's keychain, as far as the vault needs it. The shell implements it.

/// Why the keychain did not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeychainError {
    /// It is locked, or the person refused.
    #[error("the keychain is locked")]
    Locked,
    /// There is none, or it does not answer in time.
    #[error("there is no keychain")]
    Missing,
    /// It answered with an error.
    #[error("the keychain failed")]
    Failed,
}

/// A keychain that keeps small secrets by name. Calls may block; the vault makes them on the blocking pool and expects
/// the implementation to give up after ten seconds at the latest (with `Missing`).
pub trait Keychain: Send + Sync {
    /// Its name, e.g. `secret-service`; stored, so that a change of backend is noticed.
    fn backend(&self) -> String;

    /// The secret of that name, if there is one.
    fn get(&self, entry: &str) -> Result<Option<Vec<u8>>, KeychainError>;

    /// Stores a secret under that name.
    fn set(&self, entry: &str, secret: &[u8]) -> Result<(), KeychainError>;

    /// Removes it; no error if it is not there.
    fn delete(&self, entry: &str) -> Result<(), KeychainError>;
}
