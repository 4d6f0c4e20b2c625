//! Accounts and their sealed secrets.

use crate::{ReadTx, Result, WriteTx};
use model::account::{Account, AccountSettings, AccountStatus};
use model::{AccountId, MediaId, PlatformId, RemoteId, Timestamp};
use secrecy::SecretString;
use std::collections::BTreeMap;

impl ReadTx<'_> {
    /// All accounts, oldest first.
    pub fn accounts(&self) -> Result<Vec<Account>> {
        todo!()
    }

    /// One account.
    pub fn account(&self, id: AccountId) -> Result<Option<Account>> {
        todo!()
    }

    /// The account with this identity.
    pub fn account_by_remote(&self, platform: &PlatformId, remote: &RemoteId) -> Result<Option<Account>> {
        todo!()
    }

    /// Inbound messages not read, per account; an account without any is absent.
    pub fn unread_messages(&self) -> Result<BTreeMap<AccountId, u32>> {
        todo!()
    }

    /// The secrets of an account, opened. `Sealed` if one was not sealed for this account and field with this profile's key.
    pub fn secrets(&self, id: AccountId) -> Result<BTreeMap<String, SecretString>> {
        todo!()
    }
}

impl WriteTx<'_> {
    /// Adds an account. `Sql` (constraint) if the identity is there already: look with `account_by_remote` first.
    pub fn insert_account(&self, account: &Account) -> Result<()> {
        todo!()
    }

    /// Sets how an account is doing; `verified_at` only moves forward and stays if none.
    pub fn set_account_status(
        &self,
        id: AccountId,
        status: AccountStatus,
        verified_at: Option<Timestamp>,
    ) -> Result<()> {
        todo!()
    }

    /// Sets what its owner chose.
    pub fn set_account_settings(&self, id: AccountId, settings: AccountSettings) -> Result<()> {
        todo!()
    }

    /// Sets what the platform calls it, and the connector's own configuration (after signing in again).
    pub fn set_account_identity(&self, id: AccountId, name: &str, config: &str) -> Result<()> {
        todo!()
    }

    /// Removes an account with everything that belongs to it. Returns the media whose files are to be deleted after the commit.
    pub fn remove_account(&self, id: AccountId) -> Result<Vec<MediaId>> {
        todo!()
    }

    /// Replaces all secrets of an account; sealed per field.
    pub fn keep_secrets(&self, id: AccountId, secrets: &BTreeMap<String, SecretString>) -> Result<()> {
        todo!()
    }
}
