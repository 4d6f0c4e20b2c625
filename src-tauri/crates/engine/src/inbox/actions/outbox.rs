//! What a person decides about a reply that did not simply go out: send it again, or take it out.

use super::super::{Applied, Refusal, Surroundings, capabilities_of};
use crate::outbox::machine::{self, Event};
use crate::outbox::moved;
use model::action::Undo;
use model::outbox::{OutboxRow, OutboxState};
use model::{MessageId, Timestamp};
use std::time::Duration;
use store::WriteTx;

pub fn retry(
    tx: &WriteTx,
    message: MessageId,
    now: Timestamp,
    around: &Surroundings,
) -> Result<Applied, Refusal> {
    let row = tx.outbox_by_message(message)?.ok_or(Refusal::Gone)?;
    let (_, takes) = capabilities_of(tx, row.conversation_id, around.capabilities)?;
    let surroundings = machine::Surroundings {
        now,
        platform_now: around.platform_now,
        awake_since: now,
        is_idempotent: takes.is_send_idempotent,
        backoff: Duration::ZERO,
        left_before: None,
    };
    let change = machine::step(&row, &Event::Retry, &surroundings).ok_or(Refusal::TooLate)?;
    tx.cas_outbox(&[row.state], &moved(&row, change))?;
    Ok(Applied { messages: vec![message], undo: Some(restoring(&row)), ..Applied::default() })
}

/// Takes a reply out of the outbox; what was typed joins the draft again.
pub fn discard(tx: &WriteTx, message: MessageId, now: Timestamp) -> Result<Applied, Refusal> {
    let row = tx.outbox_by_message(message)?.ok_or(Refusal::Gone)?;
    // While it is on its way or being looked for, it may exist on the platform: taking it out would hide that.
    if matches!(row.state, OutboxState::Dispatching | OutboxState::Unknown | OutboxState::Sent) {
        return Err(Refusal::TooLate);
    }
    super::super::undo::withdraw(tx, &[row.op_id], now)?;
    Ok(Applied { undo: Some(restoring(&row)), ..Applied::default() })
}

fn restoring(row: &OutboxRow) -> Undo {
    let OutboxRow { op_id: op, state, reason, dispatched_at, .. } = *row;
    Undo::RestoreOutbox { op, state, reason, dispatched_at }
}
