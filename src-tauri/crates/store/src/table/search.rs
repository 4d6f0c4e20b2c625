//! Search over messages and over names.

use super::row::{Sql, direction, maybe, value};
use crate::snippet::Query;
use crate::{ListRow, ReadTx, Result};
use model::message::Direction;
use model::{ConversationId, MediaId, MessageId, PlatformId, Timestamp};

/// Messages found, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hits {
    /// Messages.
    pub hits: Vec<Hit>,
    /// More follow.
    pub has_more: bool,
}

/// A message found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Where.
    pub conversation: ConversationId,
    /// Which.
    pub message: MessageId,
    /// Name of the conversation.
    pub title: String,
    /// Picture.
    pub avatar: Option<MediaId>,
    /// Platform.
    pub platform: PlatformId,
    /// The network behind a bridge.
    pub network: Option<String>,
    /// Which way.
    pub direction: Direction,
    /// When.
    pub sent_at: Timestamp,
    /// The text around the first match, in pieces; every second piece (1, 3, 5 …) is a match.
    pub snippet: Vec<String>,
}

/// How many conversations a search for names looks at before it takes the most recently active ones.
const MAX_NAMES: u32 = 2000;

impl ReadTx<'_> {
    /// Messages with all the words of `text`, newest first: words in any order, the last one may be unfinished, quoted
    /// words in this order. `before` continues behind a hit.
    pub fn search_messages(&self, text: &str, before: Option<MessageId>, limit: u32) -> Result<Hits> {
        let query = Query::parse(text);
        let Some(expression) = query.expression() else { return Ok(Hits::default()) };
        let sql = "SELECT rowid AS id FROM message_fts WHERE message_fts MATCH ?1 AND rowid < ?2
            ORDER BY rowid DESC LIMIT ?3";
        let before = before.unwrap_or(MessageId(i64::MAX));
        let mut ids: Vec<MessageId> =
            self.all(sql, (expression, Sql(before), limit.saturating_add(1)), |row| value(row, "id"))?;
        let has_more = ids.len() > limit as usize;
        ids.truncate(limit as usize);
        let mut hits = Vec::with_capacity(ids.len());
        for id in ids {
            hits.extend(self.hit(id, &query)?);
        }
        Ok(Hits { hits, has_more })
    }

    fn hit(&self, id: MessageId, query: &Query) -> Result<Option<Hit>> {
        let sql = "SELECT m.id, m.conversation, title, avatar, platform, network, is_outbound, sent_at, body
            FROM message AS m JOIN conversation AS c ON c.id = m.conversation JOIN account ON account.no = m.account
            LEFT JOIN contact ON contact.id = c.contact WHERE m.id = ?1";
        self.one(sql, [Sql(id)], |row| {
            Ok(Hit {
                conversation: value(row, "conversation")?,
                message: value(row, "id")?,
                title: row.get("title")?,
                avatar: maybe(row, "avatar")?,
                platform: PlatformId(row.get("platform")?),
                network: row.get("network")?,
                direction: direction(row, "is_outbound")?,
                sent_at: value(row, "sent_at")?,
                snippet: query.snippet(&row.get::<_, String>("body")?),
            })
        })
    }

    /// Conversations whose name, customer or handle has a word beginning with each word of `text`; newest activity first.
    pub fn search_names(&self, text: &str, limit: u32) -> Result<Vec<ListRow>> {
        let Some(expression) = Query::parse(text).prefix_expression() else { return Ok(Vec::new()) };
        let sql = "SELECT id FROM conversation WHERE is_listed = 1 AND id IN (
              SELECT rowid FROM name_fts WHERE name_fts MATCH ?1 LIMIT ?2
            ) ORDER BY last_activity_at DESC, id DESC LIMIT ?3";
        let ids: Vec<ConversationId> =
            self.all(sql, (expression, MAX_NAMES, limit), |row| value(row, "id"))?;
        ids.into_iter().filter_map(|id| self.list_row(id).transpose()).collect()
    }
}
