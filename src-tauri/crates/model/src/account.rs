//! Accounts: one signed-in identity on one platform.

use crate::{AccountId, PlatformId, RemoteId, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A signed-in identity on a platform, e.g. a Facebook Page or a Matrix user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Account {
    /// Ours.
    pub id: AccountId,
    /// Which connector speaks for it.
    pub platform: PlatformId,
    /// The platform's id of this identity; (platform, remote id) is unique.
    pub remote_id: RemoteId,
    /// What the platform calls it, e.g. the Page's name.
    pub name: String,
    /// What the connector needs to reopen it beside the secrets (server address, device id …); JSON of the connector's own.
    pub config: String,
    /// How it is doing.
    pub status: AccountStatus,
    /// What its owner chose.
    pub settings: AccountSettings,
    /// When a read from the platform last succeeded.
    pub verified_at: Option<Timestamp>,
    /// When it was connected.
    pub created_at: Timestamp,
}

/// How an account is doing; a variant exists only where the next step of a person or of the engine differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
#[ts(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum AccountStatus {
    /// Connected; the first sync has not finished.
    Importing,
    /// Reads succeed.
    Live,
    /// The platform cannot be reached; tried again with backoff.
    Offline {
        /// Since when.
        since: Timestamp,
        /// What answers in its place, if anything does: a person can put that right.
        #[serde(default)]
        barrier: Option<Barrier>,
    },
    /// The platform answers, but what it answers is broken or far too large; tried again with backoff.
    Unreadable {
        /// Since when.
        since: Timestamp,
    },
    /// The platform asked us to wait.
    Throttled {
        /// Until when we wait.
        until: Timestamp,
    },
    /// The sign-in ended; paused until a person signs in again. Drafts and outbox are kept.
    SignInAgain,
    /// The platform refuses us although we are signed in (permission or role missing); tried again rarely.
    Refused,
}

/// What stands between us and every platform, and answers in their place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum Barrier {
    /// A page where the network wants to be signed in to (hotel, train), or where it says no.
    Page,
    /// A proxy that wants a user name and a password.
    Proxy,
}

/// What the owner of an account chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct AccountSettings {
    /// Whether customers are shown that we have read; off: look first, answer when the facts are in.
    pub sends_read_receipts: bool,
    /// Whether its messages may make a notification.
    pub notifies: bool,
}

impl Default for AccountSettings {
    fn default() -> Self {
        Self { sends_read_receipts: false, notifies: true }
    }
}
