//! Stretches of a conversation, by keys and never by offset.

use super::row::{Sql, value};
use crate::{Error, ReadTx, Result};
use model::message::Message;
use model::{ConversationId, MessageId, Timestamp};
use rusqlite::Row;

/// Where a message stands: platform time, the platform's tie-break, row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MessageKey {
    /// Platform time.
    pub at: Timestamp,
    /// The platform's tie-break.
    pub order: i64,
    /// Row.
    pub id: MessageId,
}

/// Which stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stretch {
    /// The newest messages.
    Newest,
    /// The newest ones before this key.
    Before(MessageKey),
    /// From a key on (inclusive), up to another (exclusive) or the newest.
    From {
        /// First.
        from: MessageKey,
        /// Behind the last; none = up to the newest.
        before: Option<MessageKey>,
    },
    /// Around a message, about half before and half after it; empty if it is not in this conversation.
    Around(MessageId),
}

/// Messages with their keys, oldest first.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Messages {
    /// Messages.
    pub messages: Vec<(MessageKey, Message)>,
    /// Older ones are stored here.
    pub has_older: bool,
    /// Newer ones are stored here.
    pub has_newer: bool,
}

/// Before and behind every message.
const FIRST: MessageKey = MessageKey { at: Timestamp(i64::MIN), order: i64::MIN, id: MessageId(i64::MIN) };
const END: MessageKey = MessageKey { at: Timestamp(i64::MAX), order: i64::MAX, id: MessageId(i64::MAX) };

const RANGE: &str = "SELECT id, sent_at, order_in_ms FROM message
    WHERE conversation = ?1 AND is_withdrawn = 0
      AND (sent_at, order_in_ms, id) >= (?2, ?3, ?4) AND (sent_at, order_in_ms, id) < (?5, ?6, ?7)";

fn read(row: &Row<'_>) -> rusqlite::Result<MessageKey> {
    Ok(MessageKey { at: value(row, "sent_at")?, order: row.get("order_in_ms")?, id: value(row, "id")? })
}

impl ReadTx<'_> {
    /// At most `limit` messages of a conversation; of a longer stretch its newest end. Replies taken back are left out.
    pub fn messages(&self, conversation: ConversationId, stretch: Stretch, limit: u32) -> Result<Messages> {
        let keys = match stretch {
            Stretch::Newest => self.last_keys(conversation, FIRST, END, limit)?,
            Stretch::Before(before) => self.last_keys(conversation, FIRST, before, limit)?,
            Stretch::From { from, before } => {
                self.last_keys(conversation, from, before.unwrap_or(END), limit)?
            }
            Stretch::Around(id) => {
                let Some(middle) = self.message_key(conversation, id)? else {
                    return Ok(Messages::default());
                };
                let mut keys = self.last_keys(conversation, FIRST, middle, limit / 2)?;
                keys.extend(self.first_keys(conversation, middle, limit - limit / 2)?);
                keys
            }
        };
        // A stretch that has become empty still lies somewhere.
        let (first, end) = match (keys.first(), keys.last(), stretch) {
            (Some(first), Some(last), _) => (*first, MessageKey { id: MessageId(last.id.0 + 1), ..*last }),
            (_, _, Stretch::Before(before)) => (before, before),
            (_, _, Stretch::From { from, before }) => (from, before.unwrap_or(END)),
            _ => (END, END),
        };
        let mut messages = Vec::with_capacity(keys.len());
        for key in keys {
            messages.push((key, self.message(key.id)?.ok_or(Error::Missing("message"))?));
        }
        Ok(Messages {
            messages,
            has_older: !self.last_keys(conversation, FIRST, first, 1)?.is_empty(),
            has_newer: !self.first_keys(conversation, end, 1)?.is_empty(),
        })
    }

    /// Where a message of a conversation stands.
    pub fn message_key(&self, conversation: ConversationId, id: MessageId) -> Result<Option<MessageKey>> {
        let sql = "SELECT id, sent_at, order_in_ms FROM message
            WHERE id = ?2 AND conversation = ?1 AND is_withdrawn = 0";
        self.one(sql, (Sql(conversation), Sql(id)), read)
    }

    fn last_keys(
        &self,
        conversation: ConversationId,
        from: MessageKey,
        before: MessageKey,
        limit: u32,
    ) -> Result<Vec<MessageKey>> {
        let sql = format!("{RANGE} ORDER BY sent_at DESC, order_in_ms DESC, id DESC LIMIT ?8");
        let mut keys = self.keys(&sql, conversation, from, before, limit)?;
        keys.reverse();
        Ok(keys)
    }

    fn first_keys(
        &self,
        conversation: ConversationId,
        from: MessageKey,
        limit: u32,
    ) -> Result<Vec<MessageKey>> {
        self.keys(
            &format!("{RANGE} ORDER BY sent_at, order_in_ms, id LIMIT ?8"),
            conversation,
            from,
            END,
            limit,
        )
    }

    fn keys(
        &self,
        sql: &str,
        conversation: ConversationId,
        from: MessageKey,
        before: MessageKey,
        limit: u32,
    ) -> Result<Vec<MessageKey>> {
        let bounds = (
            Sql(conversation),
            Sql(from.at),
            from.order,
            Sql(from.id),
            Sql(before.at),
            before.order,
            Sql(before.id),
            limit,
        );
        self.all(sql, bounds, read)
    }
}
