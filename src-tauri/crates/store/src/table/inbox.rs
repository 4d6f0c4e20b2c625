//! The inbox list and its counts.

use super::conversation::{self, columns};
use super::row::{Sql, direction, maybe, value};
use crate::{ReadTx, Result};
use model::attachment::AttachmentKind;
use model::conversation::Conversation;
use model::message::{Direction, MessageKind};
use model::outbox::OutboxState;
use model::{AccountId, ConversationId, MediaId, MessageId, PlatformId, Timestamp};
use rusqlite::{Row, StatementStatus, ToSql};
use std::time::Duration;

/// Which conversations, and in which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// All that have a message, or ask to write; newest activity first.
    All,
    /// With something not read; newest activity first.
    Unread,
    /// The customer waits for us; longest first.
    Waiting,
    /// The customer waits for us and the reply window closes within six hours; soonest first.
    EndsSoon,
    /// With a reply that failed or needs a person; newest activity first.
    Undelivered,
}

/// Where a row stands in its view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListKey {
    /// The view's sort value.
    pub at: Timestamp,
    /// Tie-break.
    pub id: ConversationId,
}

/// Rows in the view's order.
#[derive(Debug, Clone, PartialEq)]
pub struct ListPage {
    /// Rows.
    pub rows: Vec<ListRow>,
    /// The key of the last row if more follow.
    pub next: Option<ListKey>,
}

/// One conversation in the list, with what is shown of its surroundings.
#[derive(Debug, Clone, PartialEq)]
pub struct ListRow {
    /// The conversation.
    pub conversation: Conversation,
    /// Where it stands.
    pub key: ListKey,
    /// The account's name.
    pub account_name: String,
    /// The account's platform.
    pub platform: PlatformId,
    /// The customer's picture.
    pub avatar: Option<MediaId>,
    /// The newest message.
    pub preview: Option<Preview>,
    /// The worst state of our replies on the way.
    pub outbox: Option<OutboxState>,
    /// The beginning of the draft, at most 200 characters; empty if it has only files. None without a draft.
    pub draft: Option<String>,
}

/// The newest message, in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Which way.
    pub direction: Direction,
    /// What.
    pub kind: MessageKind,
    /// Its beginning, at most 200 characters, on one line.
    pub text: String,
    /// Its first file.
    pub attachment: Option<AttachmentKind>,
    /// Deleted.
    pub is_deleted: bool,
    /// Who wrote it, if not we.
    pub author: Option<String>,
}

/// How many conversations there are in each view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Unread.
    pub unread: u32,
    /// Waiting.
    pub waiting: u32,
    /// Ends soon.
    pub ends_soon: u32,
    /// Undelivered.
    pub undelivered: u32,
}

/// What the newest message, the customer, the account and the draft lend to a row.
const ROW: &str = concat!(
    "SELECT ",
    columns!(),
    ", account.name AS account_name, account.platform, person.avatar, c.outbox_state,
    m.id AS newest, m.is_outbound, m.kind AS message_kind, substr(m.body, 1, 800) AS body,
    m.deleted_at IS NOT NULL AS is_deleted,
    (SELECT kind FROM attachment WHERE message = m.id ORDER BY position LIMIT 1) AS attachment_kind,
    (SELECT name FROM contact WHERE id = m.author) AS author_name,
    substr(draft.body, 1, 800) AS draft_body FROM "
);
const JOINS: &str = " CROSS JOIN account ON account.no = c.account
    LEFT JOIN contact AS person ON person.id = c.contact
    LEFT JOIN message AS m ON m.id = c.last_message
    LEFT JOIN draft ON draft.conversation = c.id";

/// How long before its end a window ends soon. Platforms give a day: at its start nothing presses yet.
const SOON: Duration = Duration::from_secs(6 * 60 * 60);
/// Runs that one statement merges; SQLite takes 500.
const RUNS_AT_ONCE: usize = 100;
/// Longest excerpt, in characters.
const EXCERPT_CHARS: usize = 200;

/// How a view is read.
struct Plan {
    index: &'static str,
    /// Each of these, for one account, is a run of the index; together they are the view.
    runs: &'static [&'static str],
    sort: &'static str,
    is_greatest_first: bool,
}

impl View {
    fn plan(self) -> Plan {
        const UNREAD: &str = "is_listed = 1 AND is_unread = 1";
        const READ: &str = "is_listed = 1 AND is_unread = 0";
        let plan = |index, runs, sort, is_greatest_first| Plan { index, runs, sort, is_greatest_first };
        match self {
            Self::All => plan("inbox_active", &[UNREAD, READ], "last_activity_at", true),
            Self::Unread => plan("inbox_active", &[UNREAD], "last_activity_at", true),
            Self::Waiting => plan("inbox_waiting", &["is_waiting = 1"], "waiting_since", false),
            Self::EndsSoon => plan(
                "inbox_window",
                &["is_waiting = 1 AND window_closes_at > :now AND window_closes_at <= :soon"],
                "window_closes_at",
                false,
            ),
            Self::Undelivered => plan("inbox_undelivered", &["is_undelivered = 1"], "last_activity_at", true),
        }
    }
}

fn excerpt(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(EXCERPT_CHARS).collect()
}

fn read(row: &Row<'_>, sort: &str) -> rusqlite::Result<ListRow> {
    let conversation = conversation::read(row)?;
    let newest: Option<MessageId> = maybe(row, "newest")?;
    let preview = match newest {
        None => None,
        Some(_) => Some(Preview {
            direction: direction(row, "is_outbound")?,
            kind: value(row, "message_kind")?,
            text: excerpt(&row.get::<_, String>("body")?),
            attachment: maybe(row, "attachment_kind")?,
            is_deleted: row.get("is_deleted")?,
            author: row.get("author_name")?,
        }),
    };
    Ok(ListRow {
        key: ListKey { at: value(row, sort)?, id: conversation.id },
        account_name: row.get("account_name")?,
        platform: PlatformId(row.get("platform")?),
        avatar: maybe(row, "avatar")?,
        preview,
        outbox: maybe(row, "outbox_state")?,
        draft: row.get::<_, Option<String>>("draft_body")?.map(|body| excerpt(&body)),
        conversation,
    })
}

impl ReadTx<'_> {
    /// Rows behind `after`, up to `until` (inclusive); never more than `limit`.
    pub fn list(
        &self,
        view: View,
        account: Option<AccountId>,
        after: Option<ListKey>,
        until: Option<ListKey>,
        limit: u32,
        now: Timestamp,
    ) -> Result<ListPage> {
        let mut rows = self.rows(view, account, after, until, limit.saturating_add(1), now)?;
        let is_cut = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        let next = match (is_cut, until) {
            (true, _) => rows.last().map(|row| row.key),
            (false, Some(until)) => {
                (!self.rows(view, account, Some(until), None, 1, now)?.is_empty()).then_some(until)
            }
            (false, None) => None,
        };
        Ok(ListPage { rows, next })
    }

    fn rows(
        &self,
        view: View,
        account: Option<AccountId>,
        after: Option<ListKey>,
        until: Option<ListKey>,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<ListRow>> {
        let Plan { index, runs, sort, is_greatest_first } = view.plan();
        let (behind, up_to, direction) =
            if is_greatest_first { ("<", ">=", " DESC") } else { (">", "<=", "") };
        let accounts = match account {
            Some(id) => vec![self.account_no(id)?],
            None => self.all("SELECT no FROM account", [], |row| row.get(0))?,
        };
        let (mut bounds, soon) = (String::new(), Sql(now.plus(SOON)));
        let (now, after, until) = (Sql(now), after.unwrap_or(NOWHERE), until.unwrap_or(NOWHERE));
        let mut params: Vec<(&str, &dyn ToSql)> = vec![(":limit", &limit)];
        if view == View::EndsSoon {
            params.extend([(":now", &now as &dyn ToSql), (":soon", &soon)]);
        }
        let (after_at, after_id, until_at, until_id) =
            (Sql(after.at), Sql(after.id), Sql(until.at), Sql(until.id));
        if after != NOWHERE {
            bounds += &format!(" AND ({sort}, id) {behind} (:after_at, :after_id)");
            params.extend([(":after_at", &after_at as &dyn ToSql), (":after_id", &after_id)]);
        }
        if until != NOWHERE {
            bounds += &format!(" AND ({sort}, id) {up_to} (:until_at, :until_id)");
            params.extend([(":until_at", &until_at as &dyn ToSql), (":until_id", &until_id)]);
        }
        // The index is named: a plan that scans would be an error here and not a slow list. SQLite merges the runs as far as
        // rows are asked for.
        let run = |(no, run): (&i64, &&str)| {
            format!(
                "SELECT id, {sort} AS at FROM conversation INDEXED BY {index} WHERE account = {no} AND {run}{bounds}"
            )
        };
        let all_runs: Vec<String> =
            accounts.iter().flat_map(|no| runs.iter().map(move |run| (no, run))).map(run).collect();
        let mut rows = Vec::new();
        for some in all_runs.chunks(RUNS_AT_ONCE) {
            let merged = some.join(" UNION ALL ");
            let sql = format!(
                "{ROW} ({merged} ORDER BY at{direction}, id{direction} LIMIT :limit) AS place
                 CROSS JOIN conversation AS c ON c.id = place.id {JOINS}"
            );
            rows.extend(self.all(&sql, params.as_slice(), |row| read(row, sort))?);
            debug_assert_eq!(self.prepare(&sql)?.get_status(StatementStatus::Sort), 0, "a list was sorted");
        }
        rows.sort_by_key(|row| (row.key.at, row.key.id));
        if is_greatest_first {
            rows.reverse();
        }
        rows.truncate(limit as usize);
        Ok(rows)
    }

    /// One conversation as a row, with its activity as its key.
    pub(super) fn list_row(&self, id: ConversationId) -> Result<Option<ListRow>> {
        let sql = format!("{ROW} conversation AS c {JOINS} WHERE c.id = ?1");
        self.one(&sql, [Sql(id)], |row| read(row, "last_activity_at"))
    }

    /// The numbers beside the views, exact. Kept up to date by triggers, not counted.
    pub fn counts(&self, now: Timestamp) -> Result<Counts> {
        let sql = "SELECT coalesce(sum(unread), 0), coalesce(sum(waiting), 0), coalesce(sum(undelivered), 0),
            (SELECT count(*) FROM account CROSS JOIN conversation AS c INDEXED BY inbox_window ON c.account = account.no
             WHERE is_waiting = 1 AND window_closes_at > ?1 AND window_closes_at <= ?2)
            FROM account_state";
        let counts = self.one(sql, (Sql(now), Sql(now.plus(SOON))), |row| {
            Ok(Counts {
                unread: row.get(0)?,
                waiting: row.get(1)?,
                undelivered: row.get(2)?,
                ends_soon: row.get(3)?,
            })
        })?;
        Ok(counts.unwrap_or_default())
    }
}

/// No key: no conversation has this id.
const NOWHERE: ListKey = ListKey { at: Timestamp(0), id: ConversationId(0) };
