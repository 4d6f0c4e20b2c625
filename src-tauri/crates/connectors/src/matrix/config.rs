//! What is stored of an account beside its secrets.

use connect::{Fault, FaultKind};
use serde::{Deserialize, Serialize};

/// Where the account lives, and which of its devices we are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Config {
    /// Address of the homeserver, without a slash at the end.
    pub homeserver: String,
    /// Our device: transaction ids are idempotent for it, and signing in again must not make another one.
    pub device_id: String,
}

impl Config {
    /// Reads what [`write`](Self::write) wrote.
    pub fn read(text: &str) -> Result<Self, Fault> {
        serde_json::from_str(text)
            .map_err(|_| Fault::not_done(FaultKind::SignInAgain, "stored configuration is not one of ours"))
    }

    /// As it is stored.
    pub fn write(&self) -> String {
        serde_json::to_string(self).expect("two texts are always JSON")
    }
}
