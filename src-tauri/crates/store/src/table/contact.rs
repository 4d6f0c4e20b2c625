//! Contacts.

use super::conversation;
use super::row::{Sql, maybe, value};
use crate::{Error, ReadTx, Result, Topic, WriteTx};
use model::contact::Contact;
use model::conversation::Conversation;
use model::remote::RemoteContact;
use model::{AccountId, ContactId, ConversationId, RemoteId, Timestamp};
use rusqlite::Row;
use std::collections::BTreeMap;

/// What the store knows about a contact beside the contact.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactFacts {
    /// Their first message in the conversation, platform time.
    pub first_seen_at: Option<Timestamp>,
    /// Their messages in the conversation.
    pub message_count: u32,
    /// Other conversations with them on the same account, newest activity first, at most 20.
    pub other_conversations: Vec<Conversation>,
}

const SELECT: &str =
    "SELECT contact.id, account.id AS account_id, contact.remote_id, contact.name, handle, avatar
    FROM contact JOIN account ON account.no = contact.account";

fn read(row: &Row<'_>) -> rusqlite::Result<Contact> {
    Ok(Contact {
        id: value(row, "id")?,
        account_id: value(row, "account_id")?,
        remote_id: value(row, "remote_id")?,
        name: row.get("name")?,
        handle: row.get("handle")?,
        avatar: maybe(row, "avatar")?,
    })
}

impl ReadTx<'_> {
    /// One contact.
    pub fn contact(&self, id: ContactId) -> Result<Option<Contact>> {
        self.one(&format!("{SELECT} WHERE contact.id = ?1"), [Sql(id)], read)
    }

    /// The contact with this id on the platform.
    pub fn contact_by_remote(&self, account: AccountId, remote: &RemoteId) -> Result<Option<Contact>> {
        let sql = format!("{SELECT} WHERE contact.account = ?1 AND contact.remote_id = ?2");
        self.one(&sql, (self.account_no(account)?, Sql(remote)), read)
    }

    /// Several contacts; unknown ids are absent.
    pub fn contacts(&self, ids: &[ContactId]) -> Result<BTreeMap<ContactId, Contact>> {
        let found = ids.iter().map(|id| Ok(self.contact(*id)?.map(|contact| (*id, contact))));
        found.filter_map(Result::transpose).collect()
    }

    /// What is known about a contact, seen from one conversation.
    pub fn contact_facts(&self, contact: ContactId, conversation: ConversationId) -> Result<ContactFacts> {
        let sql = "SELECT min(sent_at), count(*) FROM message
            WHERE conversation = ?1 AND is_from_customer = 1 AND author = ?2";
        let (first_seen_at, message_count) = self
            .one(sql, (Sql(conversation), Sql(contact)), |row| {
                Ok((row.get::<_, Option<Sql<Timestamp>>>(0)?.map(|at| at.0), row.get(1)?))
            })?
            .unwrap_or_default();
        let others = format!(
            "{} WHERE c.contact = ?1 AND c.id <> ?2 AND is_listed = 1 ORDER BY last_activity_at DESC LIMIT 20",
            conversation::SELECT
        );
        let other_conversations = self.all(&others, (Sql(contact), Sql(conversation)), conversation::read)?;
        Ok(ContactFacts { first_seen_at, message_count, other_conversations })
    }
}

impl WriteTx<'_> {
    /// Adds or changes a contact; absent fields keep what is stored. The name falls back to the handle, then the id.
    pub fn upsert_contact(&self, account: AccountId, remote: &RemoteContact) -> Result<ContactId> {
        let no = self.account_no(account)?;
        let avatar = remote.avatar.as_ref().map(|avatar| self.register_media(account, avatar)).transpose()?;
        let written = self.execute(
            "INSERT INTO contact (account, remote_id, own_name, handle, avatar, name)
             VALUES (?1, ?2, nullif(?3, ''), nullif(?4, ''), ?5, coalesce(nullif(?3, ''), nullif(?4, ''), ?2))
             ON CONFLICT (account, remote_id) DO UPDATE SET
               own_name = coalesce(nullif(?3, ''), own_name),
               handle = coalesce(nullif(?4, ''), handle),
               avatar = coalesce(?5, avatar),
               name = coalesce(nullif(?3, ''), own_name, nullif(?4, ''), handle, remote_id)
             WHERE coalesce(nullif(?3, '') <> coalesce(own_name, ''), 0)
               OR coalesce(nullif(?4, '') <> coalesce(handle, ''), 0)
               OR coalesce(?5 <> coalesce(avatar, ''), 0)",
            (no, Sql(&remote.remote_id), &remote.name, &remote.handle, avatar.as_ref().map(Sql)),
        )?;
        let sql = "SELECT id FROM contact WHERE account = ?1 AND remote_id = ?2";
        let id = self
            .one(sql, (no, Sql(&remote.remote_id)), |row| value(row, "id"))?
            .ok_or(Error::Missing("contact"))?;
        if written > 0 {
            self.announce(Topic::Contacts);
            self.rename_conversations_of(id)?;
        }
        Ok(id)
    }

    /// The contact with this id, made if it is not there yet.
    pub fn ensure_contact(&self, account: AccountId, remote: &RemoteId) -> Result<ContactId> {
        let sql = "SELECT id FROM contact WHERE account = ?1 AND remote_id = ?2";
        if let Some(id) = self.one(sql, (self.account_no(account)?, Sql(remote)), |row| value(row, "id"))? {
            return Ok(id);
        }
        let known = RemoteContact { remote_id: remote.clone(), name: None, handle: None, avatar: None };
        self.upsert_contact(account, &known)
    }
}
