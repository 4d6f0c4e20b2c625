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
use model::outbox::{FailReason, OutboxRow, OutboxState};
use model::{AccountId, Timestamp};
use store::WriteTx;

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

/// What a crash cut off on an account with which nobody can look for it: a person is asked.
pub(crate) fn ask_about_cut_off(
    tx: &WriteTx,
    account: AccountId,
    now: Timestamp,
) -> Result<(), store::Error> {
    let cut_off = tx.outbox_in(&[OutboxState::Dispatching])?;
    for row in cut_off.into_iter().filter(|row| row.account_id == account) {
        let (state, reason) = (OutboxState::NeedsPerson, Some(FailReason::Unconfirmed));
        tx.cas_outbox(&[row.state], &OutboxRow { state, reason, due_at: now, ..row })?;
    }
    Ok(())
}
