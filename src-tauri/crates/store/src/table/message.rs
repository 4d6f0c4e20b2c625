//! Messages: reading them, and merging what platforms tell with what is stored. The same fact twice, late or out of order
//! ends the same.

use super::row::{Sql, direction, maybe, value};
use crate::{Error, ReadTx, Result, WriteTx};
use model::message::{Direction, Message, MessageKind, Reaction};
use model::outbox::{Delivery, OutboxState};
use model::remote::{Author, RemoteMessage};
use model::{AccountId, ContactId, ConversationId, MediaId, MessageId, OpId, RemoteId, Timestamp};
use rusqlite::Row;

/// What came of a message that a platform told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upserted {
    /// Its row.
    pub id: MessageId,
    /// There was no row before, neither by remote id nor by operation, and it has not been taken back already: news.
    pub is_new: bool,
    /// It is the reply of this operation: the platform gave our id back, or the reply has this remote id already.
    pub op_id: Option<OpId>,
    /// Media that nothing refers to any more; their files are to be deleted after the commit.
    pub erased: Vec<MediaId>,
}

/// The part of a row that merging looks at.
struct Stored {
    kind: MessageKind,
    sent_at: Timestamp,
    order: i64,
    body: String,
    reply_to: Option<RemoteId>,
    edited_at: Option<Timestamp>,
    edit_revision: String,
    is_deleted: bool,
    is_echo: bool,
}

const SELECT: &str =
    "SELECT m.id, m.conversation, account.id AS account_id, m.remote_id, m.is_outbound, m.author, m.kind,
    m.sent_at, m.order_in_ms, m.body, m.reply_to, m.edited_at, m.deleted_at, o.state, o.due_at, o.reason
    FROM message AS m JOIN account ON account.no = m.account LEFT JOIN outbox AS o ON o.message = m.id";

fn read(row: &Row<'_>) -> rusqlite::Result<Message> {
    let state: Option<OutboxState> = maybe(row, "state")?;
    let due_at: Option<Timestamp> = maybe(row, "due_at")?;
    let reason = maybe(row, "reason")?;
    Ok(Message {
        id: value(row, "id")?,
        conversation_id: value(row, "conversation")?,
        account_id: value(row, "account_id")?,
        remote_id: maybe(row, "remote_id")?,
        direction: direction(row, "is_outbound")?,
        author: maybe(row, "author")?,
        kind: value(row, "kind")?,
        sent_at: value(row, "sent_at")?,
        body: row.get("body")?,
        reply_to: maybe(row, "reply_to")?,
        edited_at: maybe(row, "edited_at")?,
        deleted_at: maybe(row, "deleted_at")?,
        delivery: state.map(|state| Delivery {
            state,
            held_until: due_at.filter(|_| state == OutboxState::Held),
            reason,
        }),
        attachments: Vec::new(),
        reactions: Vec::new(),
    })
}

impl ReadTx<'_> {
    /// One message.
    pub fn message(&self, id: MessageId) -> Result<Option<Message>> {
        let Some(mut message) = self.one(&format!("{SELECT} WHERE m.id = ?1"), [Sql(id)], read)? else {
            return Ok(None);
        };
        message.attachments = self.attachments_of(id)?;
        message.reactions = self.reactions_of(id)?;
        Ok(Some(message))
    }

    /// The message with this id on the platform.
    pub fn message_by_remote(&self, account: AccountId, remote: &RemoteId) -> Result<Option<Message>> {
        match self.message_id(self.account_no(account)?, remote)? {
            Some(id) => self.message(id),
            None => Ok(None),
        }
    }

    /// The newest message of a conversation that the platform knows: what a read mark names.
    pub fn newest_remote_id(&self, conversation: ConversationId) -> Result<Option<RemoteId>> {
        let sql = "SELECT remote_id FROM message WHERE conversation = ?1 AND remote_id IS NOT NULL
            ORDER BY sent_at DESC, order_in_ms DESC, id DESC LIMIT 1";
        self.one(sql, [Sql(conversation)], |row| value(row, "remote_id"))
    }

    pub(super) fn message_id(&self, account: i64, remote: &RemoteId) -> Result<Option<MessageId>> {
        let sql = "SELECT id FROM message WHERE account = ?1 AND remote_id = ?2";
        self.one(sql, (account, Sql(remote)), |row| value(row, "id"))
    }

    pub(super) fn conversation_of(&self, message: MessageId) -> Result<ConversationId> {
        let sql = "SELECT conversation FROM message WHERE id = ?1";
        self.one(sql, [Sql(message)], |row| value(row, "conversation"))?.ok_or(Error::Missing("message"))
    }

    fn reactions_of(&self, id: MessageId) -> Result<Vec<Reaction>> {
        let sql = "SELECT author, key FROM reaction WHERE message = ?1 GROUP BY author, key ORDER BY min(id)";
        self.all(sql, [Sql(id)], |row| {
            let author: ContactId = value(row, "author")?;
            let is_ours = author.0 == 0;
            Ok(Reaction {
                key: row.get("key")?,
                direction: if is_ours { Direction::Out } else { Direction::In },
                contact_id: (!is_ours).then_some(author),
            })
        })
    }

    fn stored(&self, id: MessageId) -> Result<Stored> {
        let sql = "SELECT kind, sent_at, order_in_ms, body, reply_to, edited_at, edit_revision, deleted_at,
            o.seq IS NOT NULL AS is_echo FROM message AS m LEFT JOIN outbox AS o ON o.message = m.id WHERE m.id = ?1";
        self.one(sql, [Sql(id)], |row| {
            Ok(Stored {
                kind: value(row, "kind")?,
                sent_at: value(row, "sent_at")?,
                order: row.get("order_in_ms")?,
                body: row.get("body")?,
                reply_to: maybe(row, "reply_to")?,
                edited_at: maybe(row, "edited_at")?,
                edit_revision: row.get("edit_revision")?,
                is_deleted: maybe::<Timestamp>(row, "deleted_at")?.is_some(),
                is_echo: row.get("is_echo")?,
            })
        })?
        .ok_or(Error::Missing("message"))
    }
}

impl WriteTx<'_> {
    /// Adds or merges a message: by remote id, or by our operation (the local echo keeps its row and takes the remote id).
    /// The latest edit wins, a deletion sticks, what was waiting for the message is applied.
    pub fn upsert_message(
        &self,
        account: AccountId,
        conversation: ConversationId,
        remote: &RemoteMessage,
    ) -> Result<Upserted> {
        let no = self.account_no(account)?;
        let echo = match remote.op_id {
            Some(op) => self.echo_of(op, &remote.remote_id)?.map(|echo| (op, echo)),
            None => None,
        };
        if let Some((op, echo)) = echo {
            let mut media = self.confirm_message(echo, &remote.remote_id)?;
            media.extend(self.merge_message(account, echo, remote)?);
            return Ok(Upserted { id: echo, is_new: false, op_id: Some(op), erased: media });
        }
        if let Some(id) = self.message_id(no, &remote.remote_id)? {
            let media = self.merge_message(account, id, remote)?;
            return Ok(Upserted { id, is_new: false, op_id: self.op_of(id)?, erased: media });
        }
        let author = match &remote.author {
            Author::Us => None,
            Author::Them(contact) => Some(self.ensure_contact(account, contact)?),
        };
        let id = self.insert_message_row(no, conversation, author, remote)?;
        self.mark_stale(conversation);
        self.write_attachments(account, id, &remote.attachments)?;
        let mut media = self.apply_pending(account, &remote.remote_id)?;
        if remote.is_deleted {
            media.extend(self.erase_message(id, remote.sent_at)?);
        }
        Ok(Upserted { id, is_new: !self.is_deleted(id)?, op_id: None, erased: media })
    }

    /// A reply of ours has this id on the platform, unless it is known to be another message there. If that message has come in
    /// by itself meanwhile, both become one row. Returns media that nothing refers to any more.
    pub fn confirm_message(&self, id: MessageId, remote: &RemoteId) -> Result<Vec<MediaId>> {
        let sql = "SELECT account.no, account.id, m.remote_id FROM message AS m JOIN account ON no = account WHERE m.id = ?1";
        let (no, account, known) = self
            .one(sql, [Sql(id)], |row| {
                Ok((row.get(0)?, value(row, "id")?, maybe::<RemoteId>(row, "remote_id")?))
            })?
            .ok_or(Error::Missing("message"))?;
        if known.is_some() {
            return Ok(Vec::new());
        }
        let twin = self.message_id(no, remote)?;
        let mut media = match twin {
            // It is another reply of ours: taking it over would make that one vanish.
            Some(twin) if self.op_of(twin)?.is_some() => return Ok(Vec::new()),
            Some(twin) => self.take_over(id, twin)?,
            None => Vec::new(),
        };
        self.execute("UPDATE message SET remote_id = ?2 WHERE id = ?1", (Sql(id), Sql(remote)))?;
        self.mark_stale(self.conversation_of(id)?);
        media.extend(self.apply_pending(account, remote)?);
        Ok(media)
    }

    /// The operation whose local echo this is.
    fn op_of(&self, id: MessageId) -> Result<Option<OpId>> {
        self.one("SELECT op_id FROM outbox WHERE message = ?1", [Sql(id)], |row| value(row, "op_id"))
    }

    /// The local echo of an operation, unless it already is another message of the platform.
    fn echo_of(&self, op: OpId, remote: &RemoteId) -> Result<Option<MessageId>> {
        let sql = "SELECT m.id FROM outbox JOIN message AS m ON m.id = message
            WHERE op_id = ?1 AND (remote_id IS NULL OR remote_id = ?2)";
        self.one(sql, (Sql(op), Sql(remote)), |row| value(row, "id"))
    }

    /// `id` takes over what the platform told of `twin`, whose row goes.
    fn take_over(&self, id: MessageId, twin: MessageId) -> Result<Vec<MediaId>> {
        let media = self.media_of_message(twin)?;
        let old = self.stored(twin)?;
        let deleted_at = self.one("SELECT deleted_at FROM message WHERE id = ?1", [Sql(twin)], |row| {
            maybe::<Timestamp>(row, "deleted_at")
        })?;
        self.execute("UPDATE OR IGNORE reaction SET message = ?2 WHERE message = ?1", (Sql(twin), Sql(id)))?;
        self.will_change_text(twin)?;
        self.will_change_text(id)?;
        self.execute("DELETE FROM message WHERE id = ?1", [Sql(twin)])?;
        self.execute(
            "UPDATE message SET sent_at = ?2, order_in_ms = ?3, body = ?4, edited_at = ?5, edit_revision = ?6 WHERE id = ?1",
            (Sql(id), Sql(old.sent_at), old.order, old.body, old.edited_at.map(Sql), old.edit_revision),
        )?;
        let mut media = self.release_media(media)?;
        if let Some(at) = deleted_at.flatten() {
            media.extend(self.erase_message(id, at)?);
        }
        Ok(media)
    }

    /// Brings a stored message to what the platform tells now; writes nothing if it tells nothing new.
    fn merge_message(
        &self,
        account: AccountId,
        id: MessageId,
        remote: &RemoteMessage,
    ) -> Result<Vec<MediaId>> {
        let old = self.stored(id)?;
        let mut media = Vec::new();
        if remote.is_deleted && !old.is_deleted {
            media.extend(self.erase_message(id, remote.sent_at)?);
        }
        let is_gone = remote.is_deleted || old.is_deleted;
        let is_newer_text = match (old.edited_at, remote.edited_at) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(stored), Some(told)) => told > stored,
        };
        let takes_text = !is_gone && is_newer_text;
        let body = if takes_text { &remote.body } else { &old.body };
        let edited_at = if takes_text { remote.edited_at } else { old.edited_at };
        let has_moved = (old.sent_at, old.order) != (remote.sent_at, remote.order);
        let has_changed = (old.kind, &old.reply_to) != (remote.kind, &remote.reply_to);
        if !is_gone && (*body != old.body || edited_at != old.edited_at) {
            self.will_change_text(id)?;
            self.execute(
                "UPDATE message SET body = ?2, edited_at = ?3, edit_revision = '' WHERE id = ?1",
                (Sql(id), body, edited_at.map(Sql)),
            )?;
            self.mark_stale(self.conversation_of(id)?);
        }
        if has_moved || has_changed {
            self.execute(
                "UPDATE message SET sent_at = ?2, order_in_ms = ?3, kind = ?4, reply_to = ?5,
                   is_from_customer = is_outbound = 0 AND ?4 <> 'notice' WHERE id = ?1",
                (
                    Sql(id),
                    Sql(remote.sent_at),
                    remote.order,
                    Sql(remote.kind),
                    remote.reply_to.as_ref().map(Sql),
                ),
            )?;
            self.mark_stale(self.conversation_of(id)?);
        }
        // The files of a reply from this device are here already; the platform's copies are not fetched again.
        if !is_gone && (!old.is_echo || self.attachments_of(id)?.is_empty()) {
            media.extend(self.merge_attachments(account, id, &remote.attachments)?);
        }
        Ok(media)
    }

    fn insert_message_row(
        &self,
        no: i64,
        conversation: ConversationId,
        author: Option<ContactId>,
        remote: &RemoteMessage,
    ) -> Result<MessageId> {
        let id = self.free_message_id(remote.sent_at)?;
        let is_outbound = remote.direction() == Direction::Out;
        self.will_add_text(id);
        self.execute(
            "INSERT INTO message (id, conversation, account, remote_id, is_outbound, is_from_customer, author, kind,
               sent_at, order_in_ms, body, reply_to, edited_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            (
                Sql(id),
                Sql(conversation),
                no,
                Sql(&remote.remote_id),
                is_outbound,
                !is_outbound && remote.kind != MessageKind::Notice,
                author.map(Sql),
                Sql(remote.kind),
                Sql(remote.sent_at),
                remote.order,
                &remote.body,
                remote.reply_to.as_ref().map(Sql),
                remote.edited_at.map(Sql),
            ),
        )?;
        Ok(id)
    }

    /// The first free slot of the second in which it was sent, or of the seconds after it.
    pub(super) fn free_message_id(&self, sent_at: Timestamp) -> Result<MessageId> {
        let mut first = MessageId::first_of_second(sent_at).0;
        loop {
            let end = first + MessageId::SLOTS_PER_SECOND;
            let sql = "SELECT max(id) FROM message WHERE id >= ?1 AND id < ?2";
            match self.one(sql, (first, end), |row| row.get::<_, Option<i64>>(0))?.flatten() {
                None => return Ok(MessageId(first)),
                Some(last) if last + 1 < end => return Ok(MessageId(last + 1)),
                Some(_) => first = end,
            }
        }
    }
}
