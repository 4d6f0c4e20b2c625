//! Conversations: what the platform says of them, and the marks people set.

use super::row::{Sql, json, maybe, value};
use super::text_index::searchable_name;
use crate::{Error, ReadTx, Result, Topic, WriteTx};
use model::conversation::Conversation;
use model::remote::RemoteConversation;
use model::{AccountId, ContactId, ConversationId, MessageId, RemoteId, Timestamp};
use rusqlite::Row;

/// The columns that [`read`] reads, of `conversation AS c` joined with `account`.
macro_rules! columns {
    () => {
        "c.id, account.id AS account_id, c.remote_id, c.kind, c.contact, c.title, c.network, c.limits,
        c.last_activity_at, c.last_message, c.last_inbound_at, c.waiting_since, c.window_closes_at,
        c.unread_count, c.is_marked_unread, c.read_up_to, c.is_open"
    };
}
pub(super) use columns;

pub(super) const SELECT: &str =
    concat!("SELECT ", columns!(), " FROM conversation AS c JOIN account ON account.no = c.account");

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Conversation> {
    Ok(Conversation {
        id: value(row, "id")?,
        account_id: value(row, "account_id")?,
        remote_id: value(row, "remote_id")?,
        kind: value(row, "kind")?,
        contact_id: maybe(row, "contact")?,
        title: row.get("title")?,
        network: row.get("network")?,
        limits: json(row, "limits")?,
        last_activity_at: value(row, "last_activity_at")?,
        last_message_id: maybe(row, "last_message")?,
        last_inbound_at: maybe(row, "last_inbound_at")?,
        waiting_since: maybe(row, "waiting_since")?,
        window_closes_at: maybe(row, "window_closes_at")?,
        unread_count: row.get("unread_count")?,
        is_marked_unread: row.get("is_marked_unread")?,
        read_up_to: maybe(row, "read_up_to")?,
        is_open: row.get("is_open")?,
    })
}

impl ReadTx<'_> {
    /// One conversation.
    pub fn conversation(&self, id: ConversationId) -> Result<Option<Conversation>> {
        self.one(&format!("{SELECT} WHERE c.id = ?1"), [Sql(id)], read)
    }

    /// The conversation with this id on the platform.
    pub fn conversation_by_remote(
        &self,
        account: AccountId,
        remote: &RemoteId,
    ) -> Result<Option<Conversation>> {
        let sql = format!("{SELECT} WHERE c.account = ?1 AND c.remote_id = ?2");
        self.one(&sql, (self.account_no(account)?, Sql(remote)), read)
    }

    /// Up to where the customer has read.
    pub fn read_by_them_up_to(&self, id: ConversationId) -> Result<Option<Timestamp>> {
        let sql = "SELECT read_by_them_up_to FROM conversation WHERE id = ?1";
        Ok(self.one(sql, [Sql(id)], |row| maybe(row, "read_by_them_up_to"))?.flatten())
    }

    /// The first message not read.
    pub fn first_unread(&self, id: ConversationId) -> Result<Option<MessageId>> {
        let sql =
            "SELECT id FROM message WHERE conversation = ?1 AND is_from_customer = 1 AND deleted_at IS NULL
            AND sent_at > coalesce((SELECT read_up_to FROM conversation WHERE id = ?1), -1)
            ORDER BY sent_at, order_in_ms, id LIMIT 1";
        self.one(sql, [Sql(id)], |row| value(row, "id"))
    }

    /// Conversations in which the customer waits for us, longest waiting first: what a reminder can be about.
    pub fn conversations_waiting(&self) -> Result<Vec<Conversation>> {
        self.all(&format!("{SELECT} WHERE is_waiting = 1 ORDER BY waiting_since, c.id"), [], read)
    }
}

impl WriteTx<'_> {
    /// The conversation with this id, made if it is not there yet; `now` counts as its activity until it has a message.
    pub fn ensure_conversation(
        &self,
        account: AccountId,
        remote: &RemoteId,
        now: Timestamp,
    ) -> Result<ConversationId> {
        let no = self.account_no(account)?;
        let find = "SELECT id FROM conversation WHERE account = ?1 AND remote_id = ?2";
        if let Some(id) = self.one(find, (no, Sql(remote)), |row| value(row, "id"))? {
            return Ok(id);
        }
        self.execute(
            "INSERT INTO conversation (account, remote_id, title, created_at, last_activity_at)
             VALUES (?1, ?2, ?2, ?3, ?3)",
            (no, Sql(remote), Sql(now)),
        )?;
        let id = ConversationId(self.connection.last_insert_rowid());
        self.mark_stale(id);
        self.rename(id)?;
        Ok(id)
    }

    /// Adds or changes a conversation; absent fields keep what is stored. Told of again, a conversation is open again.
    pub fn merge_conversation(
        &self,
        account: AccountId,
        remote: &RemoteConversation,
        now: Timestamp,
    ) -> Result<ConversationId> {
        let id = self.ensure_conversation(account, &remote.remote_id, now)?;
        let contact =
            remote.contact.as_ref().map(|contact| self.ensure_contact(account, contact)).transpose()?;
        let limits = remote.limits.as_ref().map(serde_json::to_string).transpose()?;
        let changed = self.execute(
            "UPDATE conversation SET
               kind = coalesce(?2, kind), own_title = coalesce(nullif(?3, ''), own_title),
               contact = coalesce(?4, contact), network = coalesce(?5, network), limits = coalesce(?6, limits), is_open = 1
             WHERE id = ?1 AND (
               is_open = 0 OR coalesce(?2 <> kind, 0) OR coalesce(nullif(?3, '') <> coalesce(own_title, ''), 0)
               OR coalesce(?4 <> coalesce(contact, 0), 0) OR coalesce(?5 <> coalesce(network, ''), 0)
               OR coalesce(?6 <> limits, 0)
             )",
            (
                Sql(id),
                remote.kind.map(Sql),
                &remote.title,
                contact.map(Sql),
                &remote.network,
                limits,
            ),
        )?;
        if changed > 0 {
            self.mark_stale(id);
            self.rename(id)?;
        }
        Ok(id)
    }

    /// Sets our read mark exactly: to undo. `refresh_conversation` counts anew.
    pub fn set_read_mark(
        &self,
        id: ConversationId,
        read_up_to: Option<Timestamp>,
        is_marked_unread: bool,
    ) -> Result<()> {
        self.mark_stale(id);
        self.execute(
            "UPDATE conversation SET read_up_to = ?2, is_marked_unread = ?3 WHERE id = ?1",
            (Sql(id), read_up_to.map(Sql), is_marked_unread),
        )?;
        Ok(())
    }

    /// Moves our read mark forward, never back, and takes a hand-made unread mark away. False if nothing changed.
    pub fn advance_read_mark(&self, id: ConversationId, up_to: Timestamp) -> Result<bool> {
        let changed = self.execute(
            "UPDATE conversation SET read_up_to = max(coalesce(read_up_to, ?2), ?2), is_marked_unread = 0
             WHERE id = ?1 AND (is_marked_unread = 1 OR coalesce(read_up_to < ?2, 1))",
            (Sql(id), Sql(up_to)),
        )?;
        if changed > 0 {
            self.mark_stale(id);
        }
        Ok(changed > 0)
    }

    /// Moves the customer's read mark forward, never back.
    pub fn advance_their_read_mark(&self, id: ConversationId, up_to: Timestamp) -> Result<()> {
        let changed = self.execute(
            "UPDATE conversation SET read_by_them_up_to = ?2 WHERE id = ?1 AND coalesce(read_by_them_up_to < ?2, 1)",
            (Sql(id), Sql(up_to)),
        )?;
        if changed > 0 {
            self.announce(Topic::Conversation(id));
            self.announce(Topic::Inbox);
        }
        Ok(())
    }

    /// We are no longer in it, or it is gone: it stays readable.
    pub fn leave_conversation(&self, id: ConversationId) -> Result<()> {
        self.mark_stale(id);
        self.execute("UPDATE conversation SET is_open = 0 WHERE id = ?1", [Sql(id)])?;
        Ok(())
    }

    /// A contact has another name: conversations called after them, and found by it, follow.
    pub(super) fn rename_conversations_of(&self, contact: ContactId) -> Result<()> {
        let sql = "SELECT id FROM conversation WHERE contact = ?1";
        let conversations: Vec<ConversationId> = self.all(sql, [Sql(contact)], |row| value(row, "id"))?;
        conversations.into_iter().try_for_each(|id| self.rename(id))
    }

    /// Computes the shown title and the searchable name.
    fn rename(&self, id: ConversationId) -> Result<()> {
        let sql = "SELECT coalesce(own_title, contact.name, conversation.remote_id) AS title, contact.name, handle, folded_name
            FROM conversation LEFT JOIN contact ON contact.id = contact WHERE conversation.id = ?1";
        let (title, name, handle, old): (String, Option<String>, Option<String>, String) = self
            .one(sql, [Sql(id)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
            .ok_or(Error::Missing("conversation"))?;
        let folded = searchable_name(&title, name, handle);
        self.announce(Topic::Inbox);
        self.announce(Topic::Conversation(id));
        if folded != old {
            self.unindex_name(id)?;
        }
        if folded != old && !folded.is_empty() {
            self.execute("INSERT INTO name_fts (rowid, name) VALUES (?1, ?2)", (Sql(id), &folded))?;
        }
        self.execute(
            "UPDATE conversation SET title = ?2, folded_name = ?3 WHERE id = ?1 AND (title <> ?2 OR folded_name <> ?3)",
            (Sql(id), title, folded),
        )?;
        Ok(())
    }

    /// Takes a conversation out of the index of names.
    pub(super) fn unindex_name(&self, id: ConversationId) -> Result<()> {
        self.execute(
            "INSERT INTO name_fts (name_fts, rowid, name)
             SELECT 'delete', id, folded_name FROM conversation WHERE id = ?1 AND folded_name <> ''",
            [Sql(id)],
        )?;
        Ok(())
    }
}
