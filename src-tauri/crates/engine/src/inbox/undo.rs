//! Taking an action back. The undo is data kept beside the action; taking it twice changes nothing.

use super::{Refusal, refresh_stale};
use model::action::Undo;
use model::capability::Capabilities;
use model::draft::{Draft, DraftFile};
use model::outbox::{OutboxRow, OutboxState};
use model::{ActionId, ConversationId, OpId, PlatformId, Timestamp};
use std::collections::BTreeMap;
use std::time::Duration;
use store::WriteTx;

/// Without a name, only what was done in this time is taken back: nobody means yesterday's.
const RECENT: Duration = Duration::from_secs(3600);

/// Takes back one action, or the newest that can be. Answers with the conversation it was about; none if there was
/// nothing to take back. Fails with `TooLate` if the named one can no longer be.
pub fn take_back(
    tx: &WriteTx,
    action: Option<ActionId>,
    capabilities: &dyn Fn(&PlatformId) -> Option<Capabilities>,
    now: Timestamp,
) -> Result<Option<ConversationId>, Refusal> {
    let found = match action {
        Some(id) => tx.recorded(id)?.filter(|recorded| recorded.undone_at.is_none()),
        None => tx.newest_undoable(now.minus(RECENT))?,
    };
    let (recorded, undo) = match found.map(|recorded| (recorded.undo.clone(), recorded)) {
        Some((Some(undo), recorded)) => (recorded, undo),
        _ if action.is_some() => return Err(Refusal::TooLate),
        _ => return Ok(None),
    };
    let conversation = match &undo {
        Undo::TakeBackReply { conversation, ops } => {
            withdraw(tx, ops, now)?;
            *conversation
        }
        Undo::RestoreReadMark { conversation, read_up_to, is_marked_unread } => {
            tx.set_read_mark(*conversation, *read_up_to, *is_marked_unread)?;
            *conversation
        }
        Undo::RestoreOutbox { op, state, reason, dispatched_at } => {
            let row = tx.outbox_row(*op)?.ok_or(Refusal::Gone)?;
            if row.state == OutboxState::Cancelled {
                take_from_draft(tx, &row, now)?;
            }
            // It may have left once more since then.
            if row.dispatched_at.is_some_and(|at| Some(at) != *dispatched_at) {
                return Err(Refusal::TooLate);
            }
            let before = OutboxRow { state: *state, reason: *reason, dispatched_at: *dispatched_at, ..row };
            if !tx.cas_outbox(&[OutboxState::Queued, OutboxState::Cancelled], &before)? {
                return Err(Refusal::TooLate);
            }
            before.conversation_id
        }
    };
    tx.mark_undone(recorded.action.id, now)?;
    refresh_stale(tx, capabilities)?;
    Ok(Some(conversation))
}

/// At start: replies that were still held become drafts again, since nobody saw the countdown.
pub fn hand_back_held(
    tx: &WriteTx,
    capabilities: &dyn Fn(&PlatformId) -> Option<Capabilities>,
    now: Timestamp,
) -> Result<(), Refusal> {
    let mut held: BTreeMap<ConversationId, Vec<OpId>> = BTreeMap::new();
    for row in tx.outbox_in(&[OutboxState::Held])? {
        held.entry(row.conversation_id).or_default().push(row.op_id);
    }
    for ops in held.values() {
        withdraw(tx, ops, now)?;
    }
    refresh_stale(tx, capabilities)?;
    Ok(())
}

/// A discarded reply comes back as it was: what the draft took over from it goes out of the draft, if nobody changed it.
fn take_from_draft(tx: &WriteTx, row: &OutboxRow, now: Timestamp) -> Result<(), Refusal> {
    let (Some(draft), Some(payload)) = (tx.draft(row.conversation_id)?, tx.payload(row.op_id)?) else {
        return Ok(());
    };
    let body = if draft.body == payload.body { String::new() } else { draft.body };
    let is_other = |file: &DraftFile| payload.file.as_ref().is_none_or(|taken| taken.media != file.media);
    let files = draft.files.into_iter().filter(is_other).collect();
    tx.save_draft(&Draft { conversation_id: row.conversation_id, body, files, changed_at: now })?;
    Ok(())
}

/// Takes operations out of the outbox: their echoes vanish, their texts and files join the draft. All or nothing: fails with
/// `TooLate` if one of them has left.
pub(super) fn withdraw(tx: &WriteTx, ops: &[OpId], now: Timestamp) -> Result<(), Refusal> {
    let (mut texts, mut files, mut at) = (Vec::<String>::new(), Vec::<DraftFile>::new(), None);
    for op in ops {
        let row = tx.outbox_row(*op)?.ok_or(Refusal::Gone)?;
        if let Some(payload) = tx.payload(*op)? {
            texts.extend(Some(payload.body).filter(|body| !body.is_empty()));
            files.extend(payload.file);
        }
        // Waiting for another try after one that may have got through: it could be there.
        if row.state == OutboxState::Queued && row.dispatched_at.is_some() {
            return Err(Refusal::TooLate);
        }
        let from = [OutboxState::Held, OutboxState::Queued, OutboxState::Failed, OutboxState::NeedsPerson];
        let cancelled = OutboxRow { state: OutboxState::Cancelled, due_at: now, ..row };
        if !tx.cas_outbox(&from, &cancelled)? {
            return Err(Refusal::TooLate);
        }
        at = Some(cancelled.conversation_id);
    }
    let Some(conversation_id) = at else { return Ok(()) };
    let draft = tx.draft(conversation_id)?;
    texts.extend(draft.as_ref().map(|draft| draft.body.clone()).filter(|body| !body.is_empty()));
    files.extend(draft.map(|draft| draft.files).unwrap_or_default());
    tx.save_draft(&Draft { conversation_id, body: texts.join("\n\n"), files, changed_at: now })?;
    Ok(())
}
