//! Accounts and their sealed secrets.

use super::row::{Sql, json, maybe, value};
use crate::{Error, ReadTx, Result, Topic, WriteTx};
use model::account::{Account, AccountSettings, AccountStatus};
use model::{AccountId, ConversationId, MediaId, MessageId, PlatformId, RemoteId, Timestamp};
use rusqlite::Row;
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;

const SELECT: &str =
    "SELECT id, platform, remote_id, name, config, status, settings, verified_at, created_at FROM account";

fn read(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        id: value(row, "id")?,
        platform: PlatformId(row.get("platform")?),
        remote_id: value(row, "remote_id")?,
        name: row.get("name")?,
        config: row.get("config")?,
        status: json(row, "status")?,
        settings: json(row, "settings")?,
        verified_at: maybe(row, "verified_at")?,
        created_at: value(row, "created_at")?,
    })
}

/// What a sealed field is bound to.
fn about(id: AccountId, field: &str, version: i64) -> Vec<u8> {
    [id.0.as_bytes().as_slice(), &version.to_be_bytes(), field.as_bytes()].concat()
}

impl ReadTx<'_> {
    /// All accounts, oldest first.
    pub fn accounts(&self) -> Result<Vec<Account>> {
        self.all(&format!("{SELECT} ORDER BY no"), [], read)
    }

    /// One account.
    pub fn account(&self, id: AccountId) -> Result<Option<Account>> {
        self.one(&format!("{SELECT} WHERE id = ?1"), [Sql(id)], read)
    }

    /// The account with this identity.
    pub fn account_by_remote(&self, platform: &PlatformId, remote: &RemoteId) -> Result<Option<Account>> {
        let sql = format!("{SELECT} WHERE platform = ?1 AND remote_id = ?2");
        self.one(&sql, [platform.as_str(), remote.as_str()], read)
    }

    /// Conversations with something unread, per account: the same meaning as in the views.
    pub fn unread_conversations(&self) -> Result<BTreeMap<AccountId, u32>> {
        self.counted("SELECT id, unread FROM account_state JOIN account ON no = account")
    }

    /// Inbound messages not read, per account.
    pub fn unread_messages(&self) -> Result<BTreeMap<AccountId, u32>> {
        self.counted("SELECT id, unread_messages FROM account_state JOIN account ON no = account")
    }

    fn counted(&self, sql: &str) -> Result<BTreeMap<AccountId, u32>> {
        let rows = self.all(sql, [], |row| Ok((value(row, "id")?, row.get(1)?)))?;
        Ok(rows.into_iter().collect())
    }

    /// When sign-ins end if nobody does anything, where that is known.
    pub fn sign_in_ends(&self) -> Result<BTreeMap<AccountId, Timestamp>> {
        let sql = "SELECT id, sign_in_ends_at FROM account WHERE sign_in_ends_at IS NOT NULL";
        let rows = self.all(sql, [], |row| Ok((value(row, "id")?, value(row, "sign_in_ends_at")?)))?;
        Ok(rows.into_iter().collect())
    }

    /// Whether a person was told that a sign-in ends.
    pub fn is_sign_in_end_told(&self, id: AccountId) -> Result<bool> {
        let sql = "SELECT is_sign_in_end_told FROM account WHERE id = ?1";
        Ok(self.one(sql, [Sql(id)], |row| row.get(0))?.unwrap_or(false))
    }

    /// The secrets of an account, opened. `Sealed` if one was not sealed for this account and field with this profile's key.
    pub fn secrets(&self, id: AccountId) -> Result<BTreeMap<String, SecretString>> {
        let sql = "SELECT field, version, sealed FROM account_secret WHERE account = ?1";
        let rows = self.all(sql, [self.account_no(id)?], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, Vec<u8>>(2)?))
        })?;
        let open = |(field, version, sealed): (String, i64, Vec<u8>)| {
            let plain = self.keys.secrets.open(&about(id, &field, version), &sealed).ok_or(Error::Sealed)?;
            let text = std::str::from_utf8(&plain).map_err(|_| Error::Sealed)?;
            Ok((field, SecretString::from(text)))
        };
        rows.into_iter().map(open).collect()
    }
}

impl WriteTx<'_> {
    /// Adds an account. `Sql` (constraint) if the identity is there already: look with `account_by_remote` first.
    pub fn insert_account(&self, account: &Account) -> Result<()> {
        self.announce(Topic::Accounts);
        self.execute(
            "INSERT INTO account (id, platform, remote_id, name, config, status, settings, verified_at, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            (
                Sql(account.id),
                account.platform.as_str(),
                Sql(&account.remote_id),
                &account.name,
                &account.config,
                serde_json::to_string(&account.status)?,
                serde_json::to_string(&account.settings)?,
                account.verified_at.map(Sql),
                Sql(account.created_at),
            ),
        )?;
        Ok(())
    }

    /// Sets how an account is doing; `verified_at` only moves forward and stays if none. Says nothing if nothing changed.
    pub fn set_account_status(
        &self,
        id: AccountId,
        status: AccountStatus,
        verified_at: Option<Timestamp>,
    ) -> Result<()> {
        let changed = self.execute(
            "UPDATE account SET status = ?2, verified_at = max(coalesce(verified_at, ?3), coalesce(?3, verified_at))
             WHERE id = ?1 AND (status <> ?2 OR coalesce(verified_at, -1) < ?3)",
            (Sql(id), serde_json::to_string(&status)?, verified_at.map(Sql)),
        )?;
        if changed > 0 {
            self.announce(Topic::Accounts);
        }
        Ok(())
    }

    /// Sets when a sign-in ends if nobody does anything (none = no end is known). An end that moved by more than a day is
    /// another one, which nobody was told of. Says nothing if nothing changed.
    pub fn set_sign_in_end(&self, id: AccountId, ends_at: Option<Timestamp>) -> Result<()> {
        let changed = self.execute(
            "UPDATE account SET sign_in_ends_at = ?2,
               is_sign_in_end_told = is_sign_in_end_told AND coalesce(abs(?2 - sign_in_ends_at) < 86400000, 0)
             WHERE id = ?1 AND sign_in_ends_at IS NOT ?2",
            (Sql(id), ends_at.map(Sql)),
        )?;
        if changed > 0 {
            self.announce(Topic::Accounts);
        }
        Ok(())
    }

    /// Notes that a person is being told that a sign-in ends. False if they were already.
    pub fn tell_sign_in_end_once(&self, id: AccountId) -> Result<bool> {
        let sql = "UPDATE account SET is_sign_in_end_told = 1 WHERE id = ?1 AND is_sign_in_end_told = 0";
        let changed = self.execute(sql, [Sql(id)])?;
        if changed > 0 {
            self.announce(Topic::Accounts);
        }
        Ok(changed > 0)
    }

    /// Sets what its owner chose.
    pub fn set_account_settings(&self, id: AccountId, settings: AccountSettings) -> Result<()> {
        self.announce(Topic::Accounts);
        let settings = serde_json::to_string(&settings)?;
        self.execute("UPDATE account SET settings = ?2 WHERE id = ?1", (Sql(id), settings))?;
        Ok(())
    }

    /// Sets what the platform calls it, and the connector's own configuration (after signing in again).
    pub fn set_account_identity(&self, id: AccountId, name: &str, config: &str) -> Result<()> {
        self.announce(Topic::Accounts);
        self.execute("UPDATE account SET name = ?2, config = ?3 WHERE id = ?1", (Sql(id), name, config))?;
        Ok(())
    }

    /// Removes an account with everything that belongs to it. Returns the media whose files are to be deleted after the commit.
    pub fn remove_account(&self, id: AccountId) -> Result<Vec<MediaId>> {
        let no = self.account_no(id)?;
        for topic in [Topic::Accounts, Topic::Inbox, Topic::Contacts, Topic::Outbox] {
            self.announce(topic);
        }
        let conversations: Vec<ConversationId> =
            self.all("SELECT id FROM conversation WHERE account = ?1", [no], |row| value(row, "id"))?;
        let mut media = Vec::new();
        for conversation in conversations {
            media.extend(self.remove_conversation(conversation)?);
        }
        media.extend(self.all("SELECT id FROM media WHERE account = ?1", [no], |row| value(row, "id"))?);
        self.execute("DELETE FROM media WHERE account = ?1", [no])?;
        self.execute("DELETE FROM account WHERE no = ?1", [no])?;
        self.account.set(None);
        self.mark_erased();
        Ok(media)
    }

    fn remove_conversation(&self, id: ConversationId) -> Result<Vec<MediaId>> {
        let messages: Vec<MessageId> =
            self.all("SELECT id FROM message WHERE conversation = ?1 ORDER BY id", [Sql(id)], |row| {
                value(row, "id")
            })?;
        let mut media = Vec::new();
        for message in messages {
            self.unindex_message(message)?;
            media.extend(self.media_of_message(message)?);
        }
        media.extend(self.media_of_draft(id)?);
        self.unindex_name(id)?;
        self.announce(Topic::Conversation(id));
        self.execute("DELETE FROM message WHERE conversation = ?1", [Sql(id)])?;
        self.execute("DELETE FROM conversation WHERE id = ?1", [Sql(id)])?;
        self.mark_fresh(id);
        self.release_media(media)
    }

    /// Replaces all secrets of an account; sealed per field.
    pub fn keep_secrets(&self, id: AccountId, secrets: &BTreeMap<String, SecretString>) -> Result<()> {
        let no = self.account_no(id)?;
        let sql = "SELECT coalesce(max(version), 0) + 1 FROM account_secret WHERE account = ?1";
        let version: i64 = self.one(sql, [no], |row| row.get(0))?.unwrap_or(1);
        self.execute("DELETE FROM account_secret WHERE account = ?1", [no])?;
        for (field, secret) in secrets {
            let sealed =
                self.keys.secrets.seal(&about(id, field, version), secret.expose_secret().as_bytes());
            self.execute(
                "INSERT INTO account_secret (account, field, version, sealed) VALUES (?1, ?2, ?3, ?4)",
                (no, field, version, sealed),
            )?;
        }
        Ok(())
    }
}
