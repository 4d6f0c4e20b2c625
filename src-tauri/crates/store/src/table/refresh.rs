//! The derived columns of a conversation: one function computes them all from its messages and outbox rows.

use super::row::{Sql, maybe, value};
use crate::{Error, ReadTx, Result, WriteTx};
use model::conversation::ConversationKind;
use model::outbox::OutboxState;
use model::{ConversationId, MessageId, Timestamp};
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

/// Where a message stands.
type Place = (i64, i64, i64);

impl ReadTx<'_> {
    fn given(&self, id: ConversationId) -> Result<Given> {
        let sql = "SELECT kind, is_open, created_at, read_up_to FROM conversation WHERE id = ?1";
        self.one(sql, [Sql(id)], |row| {
            Ok(Given {
                kind: value(row, "kind")?,
                is_open: row.get("is_open")?,
                created_at: value(row, "created_at")?,
                read_up_to: maybe(row, "read_up_to")?,
            })
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
        let given = self.given(id)?;
        let newest = self.newest_message(id)?;
        let last_inbound_at = self.newest_inbound_at(id)?;
        let asks_to_write = given.is_open && newest.is_none() && given.kind == ConversationKind::Request;
        let is_unseen = given.read_up_to.is_none_or(|mark| mark < given.created_at);
        let waiting_since = match (given.is_open, asks_to_write) {
            (false, _) => None,
            (true, true) => Some(given.created_at),
            (true, false) => {
                let behind = self.newest_answer(id)?.unwrap_or((i64::MIN, i64::MIN, i64::MIN));
                self.oldest_inbound_behind(id, behind)?
            }
        };
        let unread_count =
            if asks_to_write { u32::from(is_unseen) } else { self.count_unread(id, given.read_up_to)? };
        let window_closes_at = match (last_inbound_at, reply_window) {
            (Some(at), Some(window)) if given.is_open => Some(at.plus(window)),
            _ => None,
        };
        self.mark_stale(id);
        self.execute(
            "UPDATE conversation SET last_activity_at = ?2, last_message = ?3, last_inbound_at = ?4, waiting_since = ?5,
               window_closes_at = ?6, unread_count = ?7, outbox_state = ?8 WHERE id = ?1",
            (
                Sql(id),
                Sql(newest.map_or(given.created_at, |(_, at)| at)),
                newest.map(|(message, _)| Sql(message)),
                last_inbound_at.map(Sql),
                waiting_since.map(Sql),
                window_closes_at.map(Sql),
                unread_count,
                self.worst_outbox_state(id)?.map(Sql),
            ),
        )?;
        self.mark_fresh(id);
        Ok(())
    }
}
