//! The history of actions, and how they are taken back.

use crate::{ReadTx, Result, WriteTx};
use model::action::{Action, Undo};
use model::{ActionId, Timestamp};

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

impl ReadTx<'_> {
    /// One action of the history.
    pub fn recorded(&self, id: ActionId) -> Result<Option<Recorded>> {
        todo!()
    }

    /// The newest action of a person since `since` that can be taken back and has not been.
    pub fn newest_undoable(&self, since: Timestamp) -> Result<Option<Recorded>> {
        todo!()
    }
}

impl WriteTx<'_> {
    /// Adds an action to the history. False if its id is there already: it has been applied.
    pub fn record_action(&self, action: &Action, undo: Option<&Undo>) -> Result<bool> {
        todo!()
    }

    /// Marks an action as taken back. False if it was already.
    pub fn mark_undone(&self, id: ActionId, at: Timestamp) -> Result<bool> {
        todo!()
    }
}
