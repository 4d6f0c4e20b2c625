//! The derived columns of a conversation: one function computes them all from its messages and outbox rows.

use super::row::{Sql, maybe, value};
use crate::{Error, ReadTx, Result, WriteTx};
use model::conversation::ConversationKind;
use model::outbox::OutboxState;
use model::{ConversationId, MessageId, Timestamp};
use rusqlite::{ToSql, params_from_iter};
use std::time::Duration;

/// From the one a person must see first to the one that is nearly done. Not here: what has arrived or was taken back.
const WORST_FIRST: [OutboxState; 6] = [
    OutboxState::Failed,
    OutboxState::NeedsPerson,
    OutboxState::Unknown,
    OutboxState::Dispatching,
    OutboxState::Queued,
    OutboxState::Held,
];

/// What a platform and a person have set.
struct Given {
    kind: ConversationKind,
    is_open: bool,
    created_at: Timestamp,
    read_up_to: Option<Timestamp>,
}

/// What follows from messages and outbox.
#[derive(Clone, Copy, PartialEq)]
struct Derived {
    last_activity_at: Timestamp,
    last_message: Option<MessageId>,
    last_inbound_at: Option<Timestamp>,
    waiting_since: Option<Timestamp>,
    window_closes_at: Option<Timestamp>,
    unread_count: u32,
    outbox_state: Option<OutboxState>,
}

/// Where a message stands.
type Place = (i64, i64, i64);

impl ReadTx<'_> {
    /// What is set, and what was derived the last time.
    fn given(&self, id: ConversationId) -> Result<(Given, Derived)> {
        let sql = "SELECT kind, is_open, created_at, read_up_to, last_activity_at, last_message, last_inbound_at, waiting_since,
            window_closes_at, unread_count, outbox_state FROM conversation WHERE id = ?1";
        self.one(sql, [Sql(id)], |row| {
            let given = Given {
                kind: value(row, "kind")?,
                is_open: row.get("is_open")?,
                created_at: value(row, "created_at")?,
                read_up_to: maybe(row, "read_up_to")?,
            };
            let derived = Derived {
                last_activity_at: value(row, "last_activity_at")?,
                last_message: maybe(row, "last_message")?,
                last_inbound_at: maybe(row, "last_inbound_at")?,
                waiting_since: maybe(row, "waiting_since")?,
                window_closes_at: maybe(row, "window_closes_at")?,
                unread_count: row.get("unread_count")?,
                outbox_state: maybe(row, "outbox_state")?,
            };
            Ok((given, derived))
        })?
        .ok_or(Error::Missing("conversation"))
    }

    fn newest_message(&self, id: ConversationId) -> Result<Option<(MessageId, Timestamp)>> {
        let sql = "SELECT id, sent_at FROM message WHERE conversation = ?1 AND is_withdrawn = 0
            ORDER BY sent_at DESC, order_in_ms DESC, id DESC LIMIT 1";
        self.one(sql, [Sql(id)], |row| Ok((value(row, "id")?, value(row, "sent_at")?)))
    }

    fn newest_inbound_at(&self, id: ConversationId) -> Result<Option<Timestamp>> {
        let sql = "SELECT max(sent_at) AS at FROM message WHERE conversation = ?1 AND is_from_customer = 1";
        Ok(self.one(sql, [Sql(id)], |row| maybe(row, "at"))?.flatten())
    }

    /// Our newest message that answers: on its way or there, not failed, not taken back, no notice of a bot.
    fn newest_answer(&self, id: ConversationId) -> Result<Option<Place>> {
        let sql =
            "SELECT sent_at, order_in_ms, m.id FROM message AS m LEFT JOIN outbox AS o ON o.message = m.id
            WHERE m.conversation = ?1 AND is_outbound = 1 AND deleted_at IS NULL AND m.kind <> 'notice'
              AND coalesce(o.state, 'sent') NOT IN ('failed', 'needs_person', 'cancelled')
            ORDER BY sent_at DESC, order_in_ms DESC, m.id DESC LIMIT 1";
        self.one(sql, [Sql(id)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    }

    fn oldest_inbound_behind(&self, id: ConversationId, place: Place) -> Result<Option<Timestamp>> {
        let sql = "SELECT sent_at FROM message
            WHERE conversation = ?1 AND is_from_customer = 1 AND deleted_at IS NULL
              AND (sent_at, order_in_ms, id) > (?2, ?3, ?4) ORDER BY sent_at, order_in_ms, id LIMIT 1";
        self.one(sql, (Sql(id), place.0, place.1, place.2), |row| value(row, "sent_at"))
    }

    fn count_unread(&self, id: ConversationId, read_up_to: Option<Timestamp>) -> Result<u32> {
        let sql = "SELECT count(*) FROM message WHERE conversation = ?1 AND is_from_customer = 1
            AND deleted_at IS NULL AND sent_at > ?2";
        let mark = read_up_to.unwrap_or(Timestamp(i64::MIN));
        Ok(self.one(sql, (Sql(id), Sql(mark)), |row| row.get(0))?.unwrap_or(0))
    }

    fn worst_outbox_state(&self, id: ConversationId) -> Result<Option<OutboxState>> {
        // Six seeks of one statement: what has arrived, the most, is never looked at.
        let sql = "SELECT DISTINCT state FROM outbox WHERE conversation = ?1
            AND state IN ('failed', 'needs_person', 'unknown', 'dispatching', 'queued', 'held')";
        let found: Vec<OutboxState> = self.all(sql, [Sql(id)], |row| value(row, "state"))?;
        Ok(WORST_FIRST.into_iter().find(|state| found.contains(state)))
    }
}

impl WriteTx<'_> {
    /// Computes activity, newest message, waiting, unread, window and undelivered anew. Due once per conversation and
    /// transaction after anything in it changed; a debug build refuses to commit without (`stale_conversations`).
    ///
    /// `reply_window` is the platform's; none = no window.
    pub fn refresh_conversation(&self, id: ConversationId, reply_window: Option<Duration>) -> Result<()> {
        let (given, before) = self.given(id)?;
        let newest = self.newest_message(id)?;
        let last_inbound_at = self.newest_inbound_at(id)?;
        let asks_to_write = given.is_open && newest.is_none() && given.kind == ConversationKind::Request;
        let is_unseen = given.read_up_to.is_none_or(|mark| mark < given.created_at);
        let waiting_since = match (given.is_open, asks_to_write) {
            (false, _) => None,
            (true, true) => Some(given.created_at),
            (true, false) => {
                // What nobody has seen is not answered by a reply that was written before it and left after it.
                let behind = self.newest_answer(id)?.unwrap_or((i64::MIN, i64::MIN, i64::MIN));
                let seen = given.read_up_to.map_or(behind, |mark| (mark.0, i64::MAX, i64::MAX));
                self.oldest_inbound_behind(id, behind.min(seen))?
            }
        };
        let unread_count =
            if asks_to_write { u32::from(is_unseen) } else { self.count_unread(id, given.read_up_to)? };
        let window_closes_at = match (last_inbound_at, reply_window) {
            (Some(at), Some(window)) if given.is_open => Some(at.plus(window)),
            _ => None,
        };
        self.mark_stale(id);
        let now = Derived {
            last_activity_at: newest.map_or(given.created_at, |(_, at)| at),
            last_message: newest.map(|(message, _)| message),
            last_inbound_at,
            waiting_since,
            window_closes_at,
            unread_count,
            outbox_state: self.worst_outbox_state(id)?,
        };
        self.write_derived(id, before, now)?;
        self.mark_fresh(id);
        Ok(())
    }

    /// Names only columns that change: SQLite writes the entry of every index anew that has a column named.
    fn write_derived(&self, id: ConversationId, before: Derived, now: Derived) -> Result<()> {
        let (activity, message) = (Sql(now.last_activity_at), now.last_message.map(Sql));
        let (inbound, waiting) = (now.last_inbound_at.map(Sql), now.waiting_since.map(Sql));
        let (window, outbox) = (now.window_closes_at.map(Sql), now.outbox_state.map(Sql));
        let columns: [(&str, &dyn ToSql, bool); 7] = [
            ("last_activity_at", &activity, before.last_activity_at != now.last_activity_at),
            ("last_message", &message, before.last_message != now.last_message),
            ("last_inbound_at", &inbound, before.last_inbound_at != now.last_inbound_at),
            ("waiting_since", &waiting, before.waiting_since != now.waiting_since),
            ("window_closes_at", &window, before.window_closes_at != now.window_closes_at),
            ("unread_count", &now.unread_count, before.unread_count != now.unread_count),
            ("outbox_state", &outbox, before.outbox_state != now.outbox_state),
        ];
        let changed: Vec<_> = columns.into_iter().filter(|(_, _, has_changed)| *has_changed).collect();
        if changed.is_empty() {
            return Ok(());
        }
        let named = changed.iter().zip(2..).map(|((name, ..), number)| format!("{name} = ?{number}"));
        let sql = format!("UPDATE conversation SET {} WHERE id = ?1", named.collect::<Vec<_>>().join(", "));
        let id = Sql(id);
        let values = std::iter::once(&id as &dyn ToSql).chain(changed.iter().map(|(_, value, _)| *value));
        self.execute(&sql, params_from_iter(values))?;
        Ok(())
    }
}
