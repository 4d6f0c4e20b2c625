//! The outbox: replies on their way. The transitions are the engine's; here they are compare-and-set.

use super::row::{Sql, json, maybe, value};
use crate::{Error, ReadTx, Result, Topic, WriteTx};
use model::draft::DraftFile;
use model::outbox::{OutboxRow, OutboxState};
use model::{AccountId, ConversationId, MediaId, MessageId, OpId, RemoteId, Timestamp};
use rusqlite::Row;

/// A reply that enters the outbox: its local echo and its row are made together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEcho {
    /// The operation.
    pub op_id: OpId,
    /// Where.
    pub conversation_id: ConversationId,
    /// The text; empty for a file.
    pub body: String,
    /// The file.
    pub file: Option<DraftFile>,
    /// Quoted message.
    pub reply_to: Option<RemoteId>,
    /// Held or queued.
    pub state: OutboxState,
    /// When it is let go, or due.
    pub due_at: Timestamp,
    /// When the person pressed Send, by this machine's clock.
    pub now: Timestamp,
    /// The same instant by the platforms' time: where the echo stands among their messages.
    pub sent_at: Timestamp,
}

/// What is needed to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    /// Where, as the platform calls it.
    pub conversation: RemoteId,
    /// The customer, as the platform calls them.
    pub recipient: Option<RemoteId>,
    /// The text; empty for a file.
    pub body: String,
    /// The file; its bytes lie in the media cache.
    pub file: Option<DraftFile>,
    /// Quoted message.
    pub reply_to: Option<RemoteId>,
}

const SELECT: &str = "SELECT op_id, account.id AS account_id, conversation, message, state, due_at, attempts, looks,
    is_accepted, dispatched_at, reason, outbox.created_at FROM outbox JOIN account ON account.no = outbox.account";

/// Stands behind everything of the same instant; below 2^53, as the UI's numbers are.
const ORDER_OF_ECHO: i64 = 1 << 52;

fn read(row: &Row<'_>) -> rusqlite::Result<OutboxRow> {
    Ok(OutboxRow {
        op_id: value(row, "op_id")?,
        account_id: value(row, "account_id")?,
        conversation_id: value(row, "conversation")?,
        message_id: value(row, "message")?,
        state: value(row, "state")?,
        due_at: value(row, "due_at")?,
        attempts: row.get("attempts")?,
        looks: row.get("looks")?,
        is_accepted: row.get("is_accepted")?,
        dispatched_at: maybe(row, "dispatched_at")?,
        reason: maybe(row, "reason")?,
        created_at: value(row, "created_at")?,
    })
}

/// The oldest unsettled operation of each conversation of account ?1, unless it is being sent right now.
const HEADS: &str = "outbox.account = ?1 AND state <> 'dispatching' AND seq IN (
    SELECT min(seq) FROM outbox WHERE account = ?1 AND state IN ('held', 'queued', 'dispatching', 'unknown')
    GROUP BY conversation)";

const HELD: &str = "outbox.account = ?1 AND state = 'held'";

impl ReadTx<'_> {
    /// One operation.
    pub fn outbox_row(&self, op: OpId) -> Result<Option<OutboxRow>> {
        self.one(&format!("{SELECT} WHERE op_id = ?1"), [Sql(op)], read)
    }

    /// The operation of a local echo.
    pub fn outbox_by_message(&self, message: MessageId) -> Result<Option<OutboxRow>> {
        self.one(&format!("{SELECT} WHERE message = ?1"), [Sql(message)], read)
    }

    /// All operations in one of these states, oldest first.
    pub fn outbox_in(&self, states: &[OutboxState]) -> Result<Vec<OutboxRow>> {
        let mut rows = Vec::new();
        for state in states {
            rows.extend(self.all(
                &format!("{SELECT} WHERE state = ?1 ORDER BY seq"),
                [Sql(*state)],
                |row| Ok((row.get::<_, i64>("created_at")?, read(row)?)),
            )?);
        }
        rows.sort_by_key(|(created_at, row)| (*created_at, row.op_id));
        Ok(rows.into_iter().map(|(_, row)| row).collect())
    }

    /// Operations of an account that are due: the oldest unsettled one of each conversation, if it is held, queued or
    /// unknown and its time has come. Oldest first. One that is being sent holds its conversation back; but whatever is
    /// held is let go in time, so that a restart does not take an old reply for one whose countdown still runs.
    pub fn due(&self, account: AccountId, now: Timestamp) -> Result<Vec<OutboxRow>> {
        let sql = format!("{SELECT} WHERE ({HEADS} OR {HELD}) AND due_at <= ?2 ORDER BY seq");
        self.all(&sql, (self.account_no(account)?, Sql(now)), read)
    }

    /// When the next operation of an account becomes due after `now`; none if none will by itself.
    pub fn next_due_after(&self, account: AccountId, now: Timestamp) -> Result<Option<Timestamp>> {
        let sql = format!("SELECT min(due_at) AS at FROM outbox WHERE ({HEADS} OR {HELD}) AND due_at > ?2");
        Ok(self.one(&sql, (self.account_no(account)?, Sql(now)), |row| maybe(row, "at"))?.flatten())
    }

    /// What an operation sends. The text lies with the local echo.
    pub fn payload(&self, op: OpId) -> Result<Option<Payload>> {
        let sql = "SELECT c.remote_id AS conversation, contact.remote_id AS recipient, body, file, reply_to
            FROM outbox AS o JOIN message AS m ON m.id = o.message JOIN conversation AS c ON c.id = o.conversation
            LEFT JOIN contact ON contact.id = c.contact WHERE op_id = ?1";
        self.one(sql, [Sql(op)], |row| {
            let has_file = row.get::<_, Option<String>>("file")?.is_some();
            Ok(Payload {
                conversation: value(row, "conversation")?,
                recipient: maybe(row, "recipient")?,
                body: row.get("body")?,
                file: if has_file { Some(json(row, "file")?) } else { None },
                reply_to: maybe(row, "reply_to")?,
            })
        })
    }

    /// Operations of a conversation that may be on the platform already: being sent, or looked for. Oldest first.
    pub fn under_way_in(&self, conversation: ConversationId) -> Result<Vec<OutboxRow>> {
        let sql =
            format!("{SELECT} WHERE conversation = ?1 AND state IN ('dispatching', 'unknown') ORDER BY seq");
        self.all(&sql, [Sql(conversation)], read)
    }

    /// Texts of ours in a conversation that no operation of ours is matched to, sent at `since` or later.
    pub fn unmatched_texts(
        &self,
        conversation: ConversationId,
        since: Timestamp,
    ) -> Result<Vec<(RemoteId, String)>> {
        let sql = "SELECT remote_id, body FROM message AS m WHERE conversation = ?1 AND sent_at >= ?2 AND is_outbound
            AND remote_id IS NOT NULL AND deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM outbox WHERE message = m.id)
            AND NOT EXISTS (SELECT 1 FROM attachment WHERE message = m.id)";
        self.all(sql, (Sql(conversation), Sql(since)), |row| Ok((value(row, "remote_id")?, row.get("body")?)))
    }

    /// Remote ids in a conversation that are matched to operations of ours, sent at `since` or later: no other operation
    /// can be them. What was written long before it could leave counts from its dispatch, until the platform has told when
    /// it was sent.
    pub fn taken_remote_ids(&self, conversation: ConversationId, since: Timestamp) -> Result<Vec<RemoteId>> {
        let sql = "SELECT remote_id FROM outbox AS o JOIN message AS m ON m.id = o.message
            WHERE o.conversation = ?1 AND remote_id IS NOT NULL AND max(sent_at, coalesce(dispatched_at, 0)) >= ?2
            ORDER BY o.seq";
        self.all(sql, (Sql(conversation), Sql(since)), |row| value(row, "remote_id"))
    }
}

impl WriteTx<'_> {
    /// Makes the local echo and the outbox row of a reply. The echo stands behind everything that is in the conversation,
    /// also where this machine's clock is behind the platform's.
    pub fn insert_echo(&self, echo: &NewEcho) -> Result<OutboxRow> {
        let sql = "SELECT account, max(?2, coalesce((SELECT max(sent_at) FROM message WHERE conversation = ?1), ?2))
            FROM conversation WHERE id = ?1";
        let (no, sent_at): (i64, i64) = self
            .one(sql, (Sql(echo.conversation_id), Sql(echo.sent_at)), |row| Ok((row.get(0)?, row.get(1)?)))?
            .ok_or(Error::Missing("conversation"))?;
        let id = self.free_message_id(Timestamp(sent_at))?;
        self.will_add_text(id);
        self.mark_stale(echo.conversation_id);
        self.announce(Topic::Outbox);
        self.execute(
            "INSERT INTO message (id, conversation, account, is_outbound, is_from_customer, kind, sent_at, order_in_ms,
               body, reply_to) VALUES (?1, ?2, ?3, 1, 0, 'plain', ?4, ?5, ?6, ?7)",
            (
                Sql(id),
                Sql(echo.conversation_id),
                no,
                sent_at,
                ORDER_OF_ECHO,
                &echo.body,
                echo.reply_to.as_ref().map(Sql),
            ),
        )?;
        if let Some(file) = &echo.file {
            self.attach_own_file(id, file)?;
        }
        self.execute(
            "INSERT INTO outbox (op_id, account, conversation, message, file, state, due_at, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            (
                Sql(echo.op_id),
                no,
                Sql(echo.conversation_id),
                Sql(id),
                echo.file.as_ref().map(serde_json::to_string).transpose()?,
                Sql(echo.state),
                Sql(echo.due_at),
                Sql(echo.now),
            ),
        )?;
        self.outbox_row(echo.op_id)?.ok_or(Error::Missing("outbox"))
    }

    /// Sets state, due time, counters and reason of `to.op_id` as they are in `to`, if its state is one of `from`; false
    /// if it is not. The local echo of a cancelled operation disappears and comes back if the operation does.
    pub fn cas_outbox(&self, from: &[OutboxState], to: &OutboxRow) -> Result<bool> {
        let Some(row) = self.outbox_row(to.op_id)? else { return Ok(false) };
        if !from.contains(&row.state) {
            return Ok(false);
        }
        self.announce(Topic::Outbox);
        self.mark_stale(row.conversation_id);
        let (was_cancelled, is_cancelled) =
            (row.state == OutboxState::Cancelled, to.state == OutboxState::Cancelled);
        if was_cancelled != is_cancelled {
            self.will_change_text(row.message_id)?;
            self.execute(
                "UPDATE message SET is_withdrawn = ?2 WHERE id = ?1",
                (Sql(row.message_id), is_cancelled),
            )?;
        }
        self.execute(
            "UPDATE outbox SET state = ?2, due_at = ?3, attempts = ?4, looks = ?5, dispatched_at = ?6, reason = ?7,
               is_accepted = ?8 WHERE op_id = ?1",
            (
                Sql(to.op_id),
                Sql(to.state),
                Sql(to.due_at),
                to.attempts,
                to.looks,
                to.dispatched_at.map(Sql),
                to.reason.map(Sql),
                to.is_accepted,
            ),
        )?;
        Ok(true)
    }

    /// A message of ours has come in that no operation knows: what is being looked for there, and what could not be confirmed
    /// and was sent at `since` or later, by the platforms' time, is looked for now.
    pub fn look_again(&self, conversation: ConversationId, now: Timestamp, since: Timestamp) -> Result<()> {
        let sql =
            "UPDATE outbox SET state = 'unknown', due_at = ?2, reason = NULL WHERE conversation = ?1 AND (
            (state = 'unknown' AND due_at > ?2)
            OR (state = 'needs_person' AND reason = 'unconfirmed' AND dispatched_at >= ?3))";
        if self.execute(sql, (Sql(conversation), Sql(now), Sql(since)))? > 0 {
            self.announce(Topic::Outbox);
            self.mark_stale(conversation);
        }
        Ok(())
    }

    /// What would wait longer than this for its next try or look is due now.
    pub fn hurry_outbox(&self, now: Timestamp, longest: std::time::Duration) -> Result<()> {
        let sql = "UPDATE outbox SET due_at = ?1 WHERE state IN ('queued', 'unknown') AND due_at > ?2";
        if self.execute(sql, (Sql(now), Sql(now.plus(longest))))? > 0 {
            self.announce(Topic::Outbox);
        }
        Ok(())
    }

    /// Erases replies that were taken back before `before`, whenever they were written: their undo is over. Returns media
    /// that nothing refers to any more.
    pub fn forget_cancelled(&self, before: Timestamp) -> Result<Vec<MediaId>> {
        let sql = "SELECT message FROM outbox WHERE state = 'cancelled' AND due_at < ?1";
        let messages: Vec<MessageId> = self.all(sql, [Sql(before)], |row| value(row, "message"))?;
        let mut media = Vec::new();
        for id in messages {
            self.announce(Topic::Outbox);
            self.announce(Topic::Conversation(self.conversation_of(id)?));
            self.mark_erased();
            media.extend(self.media_of_message(id)?);
            self.unindex_message(id)?;
            self.execute("DELETE FROM message WHERE id = ?1", [Sql(id)])?;
        }
        self.release_media(media)
    }
}
