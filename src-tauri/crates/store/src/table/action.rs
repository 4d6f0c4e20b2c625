//! The history of actions, and how they are taken back.

use super::row::{Sql, json, maybe, value};
use crate::{ReadTx, Result, WriteTx};
use model::action::{Action, Intent, Undo};
use model::{ActionId, Timestamp};
use rusqlite::Row;

/// An action in the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The action; a reply without its text and files, which lie with its messages and go when those go.
    pub action: Action,
    /// How it is taken back; none if it cannot be.
    pub undo: Option<Undo>,
    /// When it was taken back.
    pub undone_at: Option<Timestamp>,
}

const SELECT: &str = "SELECT id, by, at, intent, undo, undone_at FROM action";

fn read(row: &Row<'_>) -> rusqlite::Result<Recorded> {
    let has_undo = row.get::<_, Option<String>>("undo")?.is_some();
    Ok(Recorded {
        action: Action {
            id: value(row, "id")?,
            by: value(row, "by")?,
            at: value(row, "at")?,
            intent: json(row, "intent")?,
        },
        undo: if has_undo { Some(json(row, "undo")?) } else { None },
        undone_at: maybe(row, "undone_at")?,
    })
}

impl ReadTx<'_> {
    /// One action of the history.
    pub fn recorded(&self, id: ActionId) -> Result<Option<Recorded>> {
        self.one(&format!("{SELECT} WHERE id = ?1"), [Sql(id)], read)
    }

    /// The newest action of a person since `since` that can be taken back and has not been.
    pub fn newest_undoable(&self, since: Timestamp) -> Result<Option<Recorded>> {
        let sql = format!(
            "{SELECT} INDEXED BY action_undoable
             WHERE undo IS NOT NULL AND undone_at IS NULL AND by = 'person' AND at >= ?1 ORDER BY seq DESC LIMIT 1"
        );
        self.one(&sql, [Sql(since)], read)
    }
}

impl WriteTx<'_> {
    /// Adds an action to the history. False if its id is there already: it has been applied.
    pub fn record_action(&self, action: &Action, undo: Option<&Undo>) -> Result<bool> {
        let added = self.execute(
            "INSERT INTO action (id, by, at, intent, undo) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (id) DO NOTHING",
            (
                Sql(action.id),
                Sql(action.by),
                Sql(action.at),
                serde_json::to_string(&without_content(&action.intent))?,
                undo.map(serde_json::to_string).transpose()?,
            ),
        )?;
        Ok(added > 0)
    }

    /// Marks an action as taken back. False if it was already.
    pub fn mark_undone(&self, id: ActionId, at: Timestamp) -> Result<bool> {
        let sql = "UPDATE action SET undone_at = ?2 WHERE id = ?1 AND undone_at IS NULL";
        Ok(self.execute(sql, (Sql(id), Sql(at)))? > 0)
    }
}

/// The text lies once, with its message: what is erased there must not live on here.
fn without_content(intent: &Intent) -> Intent {
    match intent {
        Intent::Reply { conversation, reply_to, .. } => Intent::Reply {
            conversation: *conversation,
            body: String::new(),
            files: Vec::new(),
            reply_to: *reply_to,
        },
        Intent::MarkRead { .. }
        | Intent::See { .. }
        | Intent::MarkUnread { .. }
        | Intent::Retry { .. }
        | Intent::Discard { .. } => intent.clone(),
    }
}
