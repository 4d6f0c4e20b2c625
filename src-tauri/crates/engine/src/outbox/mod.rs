//! Replies on their way. `machine` is pure; `post` packs; `sender` performs.

pub mod machine;
mod post;
mod sender;

pub(crate) use sender::Sender;

use machine::Change;
use model::outbox::OutboxRow;

/// The row after a change.
pub(crate) fn moved(row: &OutboxRow, change: Change) -> OutboxRow {
    OutboxRow {
        state: change.state,
        due_at: change.due_at,
        reason: change.reason,
        attempts: change.attempts,
        looks: change.looks,
        is_accepted: change.is_accepted,
        dispatched_at: change.dispatched_at,
        ..row.clone()
    }
}
