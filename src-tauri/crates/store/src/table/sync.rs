//! How far each account is synchronised, and what is still missing.

use super::row::{Sql, value};
use crate::{ReadTx, Result, Topic, WriteTx};
use model::{AccountId, ConversationId};
use rusqlite::Row;
use std::collections::BTreeSet;

/// A stretch of a conversation that is missing here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Its row.
    pub id: i64,
    /// Where.
    pub conversation_id: ConversationId,
    /// The cursor to ask history with; none = from the newest message.
    pub cursor: Option<String>,
    /// Between known messages (first), or older history.
    pub is_hole: bool,
}

const SELECT: &str = "SELECT gap.id, gap.conversation, gap.cursor, gap.is_hole FROM gap";

fn read(row: &Row<'_>) -> rusqlite::Result<Gap> {
    Ok(Gap {
        id: row.get("id")?,
        conversation_id: value(row, "conversation")?,
        cursor: row.get("cursor")?,
        is_hole: row.get("is_hole")?,
    })
}

impl ReadTx<'_> {
    /// Where the next pull of an account goes on; none = from the beginning.
    pub fn cursor(&self, account: AccountId) -> Result<Option<String>> {
        let sql = "SELECT cursor FROM account_state WHERE account = ?1";
        Ok(self.one(sql, [self.account_no(account)?], |row| row.get(0))?.flatten())
    }

    /// The most important gap of an account: the newest hole; then what a person waits for; then older history of the most
    /// recently active conversation, as long as fewer than `eager_pages` of it were fetched. Those in `set_aside` (by
    /// `Gap::id`) are passed over.
    pub fn next_gap(
        &self,
        account: AccountId,
        eager_pages: u32,
        set_aside: &BTreeSet<i64>,
    ) -> Result<Option<Gap>> {
        let no = self.account_no(account)?;
        let but = serde_json::to_string(set_aside)?;
        let but = but.as_str();
        let open = "gap.id NOT IN (SELECT value FROM json_each(?2))";
        let hole = format!("{SELECT} WHERE account = ?1 AND is_hole = 1 AND {open} ORDER BY id DESC LIMIT 1");
        let wanted = format!(
            "{SELECT} WHERE account = ?1 AND is_hole = 0 AND is_wanted = 1 AND {open} ORDER BY id LIMIT 1"
        );
        let older = format!(
            "{SELECT} JOIN conversation ON conversation.id = gap.conversation
             WHERE gap.account = ?1 AND is_hole = 0 AND pages < ?3 AND {open}
             ORDER BY last_activity_at DESC LIMIT 1"
        );
        for sql in [hole, wanted] {
            if let Some(gap) = self.one(&sql, (no, but), read)? {
                return Ok(Some(gap));
            }
        }
        self.one(&older, (no, but, eager_pages), read)
    }

    /// The most important gap of one conversation.
    pub fn gap(&self, conversation: ConversationId) -> Result<Option<Gap>> {
        let sql = format!("{SELECT} WHERE conversation = ?1 ORDER BY is_hole DESC, id DESC LIMIT 1");
        self.one(&sql, [Sql(conversation)], read)
    }

    /// Whether messages of a conversation are missing that can be had from the platform.
    pub fn has_gap(&self, conversation: ConversationId) -> Result<bool> {
        Ok(self.gap(conversation)?.is_some())
    }
}

impl WriteTx<'_> {
    /// Moves the cursor; in the same transaction as the rows it stands for. None = from the beginning again.
    pub fn set_cursor(&self, account: AccountId, cursor: Option<&str>) -> Result<()> {
        let sql = "UPDATE account_state SET cursor = ?2 WHERE account = ?1";
        self.execute(sql, (self.account_no(account)?, cursor))?;
        Ok(())
    }

    /// Notes a gap. A conversation has any number of holes, each filled by itself, and one stretch of older history: where
    /// that is under way already, it stays. The same hole twice is one.
    pub fn add_gap(&self, conversation: ConversationId, cursor: Option<&str>, is_hole: bool) -> Result<()> {
        let added = self.execute(
            "INSERT INTO gap (conversation, account, cursor, is_hole)
             SELECT id, account, ?2, ?3 FROM conversation WHERE id = ?1 AND NOT EXISTS (
               SELECT 1 FROM gap WHERE conversation = ?1 AND is_hole = ?3 AND (?3 = 0 OR cursor IS ?2)
             )",
            (Sql(conversation), cursor, is_hole),
        )?;
        if added > 0 {
            self.announce(Topic::Conversation(conversation));
        }
        Ok(())
    }

    /// A page of history was stored; the gap goes on at `cursor`.
    pub fn advance_gap(&self, gap: &Gap, cursor: &str) -> Result<()> {
        self.announce(Topic::Conversation(gap.conversation_id));
        let sql = "UPDATE gap SET cursor = ?2, pages = pages + 1, is_wanted = 0 WHERE id = ?1";
        self.execute(sql, (gap.id, cursor))?;
        Ok(())
    }

    /// A person waits for older messages: the next page of this conversation comes next.
    pub fn want_gap(&self, conversation: ConversationId) -> Result<()> {
        self.announce(Topic::Conversation(conversation));
        self.execute("UPDATE gap SET is_wanted = 1 WHERE conversation = ?1", [Sql(conversation)])?;
        Ok(())
    }

    /// Nothing is missing there any more.
    pub fn finish_gap(&self, gap: &Gap) -> Result<()> {
        self.announce(Topic::Conversation(gap.conversation_id));
        self.execute("DELETE FROM gap WHERE id = ?1", [gap.id])?;
        Ok(())
    }
}
