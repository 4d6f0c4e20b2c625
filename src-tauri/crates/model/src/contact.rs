//! Contacts: the people who write.

use crate::{AccountId, ContactId, MediaId, RemoteId};

/// A person (or bot) on a platform, as seen from one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Ours.
    pub id: ContactId,
    /// The account that sees this contact.
    pub account_id: AccountId,
    /// The platform's id; (account, remote id) is unique.
    pub remote_id: RemoteId,
    /// Name to show; never empty (falls back to handle or id).
    pub name: String,
    /// User name or address on the platform, if it has one.
    pub handle: Option<String>,
    /// Picture.
    pub avatar: Option<MediaId>,
}
