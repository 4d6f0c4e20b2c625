//! Replies on their way. `machine` is pure; `post` packs; `sender` performs; `recognise` joins what came in by sync;
//! `marks` tells what was read.

pub mod machine;
mod marks;
mod post;
mod recognise;
mod sender;

pub(crate) use marks::Marks;
pub(crate) use recognise::{may_be_from_here, recognise};
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
