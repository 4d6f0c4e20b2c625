//! The index over message texts. It is written once per transaction, in the order of ids: FTS5 starts a new segment
//! whenever an id is smaller than the one before, and history comes newest first.

use super::row::Sql;
use crate::fold::FOLD_VERSION;
use crate::{ReadTx, Result, WriteTx, fold};
use model::MessageId;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

/// What is merged at once: about a millisecond, for which the next write may have to wait.
const PAGES_PER_MERGE: i64 = 16;

impl ReadTx<'_> {
    /// What the index holds, or should hold, for a message as it is stored now; none if nothing.
    fn folded(&self, id: MessageId) -> Result<Option<String>> {
        let sql = "SELECT body FROM message WHERE id = ?1 AND is_withdrawn = 0 AND body <> ''";
        let body = self.one(sql, [Sql(id)], |row| row.get::<_, String>(0))?;
        Ok(body.map(|body| fold(&body)).filter(|folded| !folded.is_empty()))
    }
}

impl WriteTx<'_> {
    /// To be called before the text of a message, or whether it is shown at all, changes.
    pub(super) fn will_change_text(&self, id: MessageId) -> Result<()> {
        if !self.reindex.borrow().contains_key(&id) {
            let old = self.folded(id)?;
            self.reindex.borrow_mut().insert(id, old);
        }
        Ok(())
    }

    /// To be called before a message is added. The id may have been another message's in this very transaction.
    pub(super) fn will_add_text(&self, id: MessageId) {
        self.reindex.borrow_mut().entry(id).or_insert(None);
    }

    /// Takes a message out of the index at once, before its row goes.
    pub(super) fn unindex_message(&self, id: MessageId) -> Result<()> {
        let waiting = self.reindex.borrow_mut().remove(&id);
        let old = match waiting {
            Some(old) => old,
            None => self.folded(id)?,
        };
        match old {
            Some(old) => self.delete_entry(id, &old),
            None => Ok(()),
        }
    }

    /// Writes what was put off; answers whether there was anything.
    pub(crate) fn write_index(&self) -> Result<bool> {
        let mut has_grown = false;
        for (id, old) in self.reindex.take() {
            let now = self.folded(id)?;
            if old == now {
                continue;
            }
            has_grown = true;
            if let Some(old) = old {
                self.delete_entry(id, &old)?;
            }
            if let Some(now) = now {
                self.execute("INSERT INTO message_fts (rowid, body) VALUES (?1, ?2)", (Sql(id), now))?;
            }
        }
        Ok(has_grown)
    }

    /// A contentless index forgets an entry only if it is told the same text again.
    fn delete_entry(&self, id: MessageId, folded: &str) -> Result<()> {
        self.execute(
            "INSERT INTO message_fts (message_fts, rowid, body) VALUES ('delete', ?1, ?2)",
            (Sql(id), folded),
        )?;
        Ok(())
    }
}

/// Merges a little of the index, in a transaction of its own; answers whether there may be more to merge. Every write adds a
/// segment and every search looks into all of them; merging them within a write would make one message in sixteen wait
/// for up to hundreds of pages.
pub(crate) fn merge_some(connection: &Connection) -> Result<bool> {
    merge_pages(connection, PAGES_PER_MERGE)
}

pub(crate) fn merge_pages(connection: &Connection, pages: i64) -> Result<bool> {
    let before = connection.total_changes();
    connection
        .prepare_cached("INSERT INTO message_fts (message_fts, rank) VALUES ('merge', ?1)")?
        .execute([pages])?;
    // By the documentation of FTS5's `merge`: a change of less than two is one of nothing.
    Ok(connection.total_changes() - before >= 2)
}

/// Builds the indexes anew if they were built with another fold than this program's.
pub(crate) fn rebuild_if_folded_otherwise(connection: &mut Connection) -> Result<()> {
    let built_with = "SELECT value FROM meta WHERE key = 'fold'";
    let found: Option<String> = connection.query_row(built_with, [], |row| row.get(0)).optional()?;
    if found.as_deref() == Some(FOLD_VERSION) {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(
        "INSERT INTO message_fts (message_fts) VALUES ('delete-all');
         INSERT INTO name_fts (name_fts) VALUES ('delete-all');",
    )?;
    {
        let mut insert = transaction.prepare("INSERT INTO message_fts (rowid, body) VALUES (?1, ?2)")?;
        let mut messages = transaction
            .prepare("SELECT id, body FROM message WHERE is_withdrawn = 0 AND body <> '' ORDER BY id")?;
        let mut rows = messages.query([])?;
        while let Some(row) = rows.next()? {
            let folded = fold(&row.get::<_, String>(1)?);
            if !folded.is_empty() {
                insert.execute((row.get::<_, i64>(0)?, folded))?;
            }
        }
        let mut names = transaction.prepare(
            "SELECT c.id, title, contact.name, handle FROM conversation AS c LEFT JOIN contact ON contact.id = c.contact",
        )?;
        let names: Vec<(i64, String, Option<String>, Option<String>)> = names
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let mut insert = transaction.prepare("INSERT INTO name_fts (rowid, name) VALUES (?1, ?2)")?;
        let mut update = transaction.prepare("UPDATE conversation SET folded_name = ?2 WHERE id = ?1")?;
        for (id, title, name, handle) in names {
            let folded = searchable_name(&title, name, handle);
            update.execute((id, &folded))?;
            insert.execute((id, &folded))?;
        }
    }
    transaction.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('fold', ?1)", [FOLD_VERSION])?;
    Ok(transaction.commit()?)
}

/// What a conversation is found by.
pub(super) fn searchable_name(title: &str, contact: Option<String>, handle: Option<String>) -> String {
    let others = contact.into_iter().chain(handle).filter(|part| part != title);
    fold(&std::iter::once(title.to_owned()).chain(others).collect::<Vec<_>>().join("\n"))
}
