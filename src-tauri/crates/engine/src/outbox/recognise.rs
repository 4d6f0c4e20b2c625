//! A reply that is being looked for may be here already: brought in by sync, without our operation id. Both are joined in
//! the commit in which the second of them appears, so that it never stands twice on the screen.
//!
//! It is the same judgement as the look on the platform (`Session::find_sent`), and a stricter one: what is not clear here
//! is left to the look.

use super::machine::{Event, Surroundings, step};
use super::moved;
use model::outbox::{OutboxRow, OutboxState};
use model::{ConversationId, RemoteId, Timestamp};
use std::time::Duration;
use store::WriteTx;

/// How much earlier than our attempt its message may seem to be sent: whole seconds, and clocks that are not quite ours.
const SKEW: Duration = Duration::from_secs(5);

/// Settles the reply of this conversation that is being looked for, if the one text it can be is here; answers with that
/// message.
pub(crate) fn recognise(
    tx: &WriteTx,
    conversation: ConversationId,
    around: &Surroundings,
) -> Result<Option<RemoteId>, store::Error> {
    // Where our ids come back, a message without one was written elsewhere.
    if around.is_idempotent {
        return Ok(None);
    }
    let looked_for = tx.under_way_in(conversation)?;
    let [row] = &looked_for[..] else { return Ok(None) };
    let Some(since) = row.dispatched_at.filter(|_| row.state == OutboxState::Unknown) else {
        return Ok(None);
    };
    let Some(remote_id) = the_only_one(tx, row, since.minus(SKEW))? else { return Ok(None) };
    let Some(change) = step(row, &Event::Found, around) else { return Ok(None) };
    tx.confirm_message(row.message_id, &remote_id)?;
    tx.cas_outbox(&[row.state], &moved(row, change))?;
    Ok(Some(remote_id))
}

/// Whether a message of ours that no operation is known for may be a reply that is on its way from here all the same.
pub(crate) fn may_be_from_here(
    tx: &WriteTx,
    conversation: ConversationId,
) -> Result<impl Fn(&str) -> bool, store::Error> {
    let mut texts = Vec::new();
    for row in tx.under_way_in(conversation)? {
        texts.extend(tx.payload(row.op_id)?.map(|payload| normal(&payload.body)));
    }
    Ok(move |text: &str| texts.contains(&normal(text)))
}

fn the_only_one(tx: &WriteTx, row: &OutboxRow, since: Timestamp) -> Result<Option<RemoteId>, store::Error> {
    let Some(ours) = tx.payload(row.op_id)?.filter(|payload| payload.file.is_none()) else { return Ok(None) };
    let told = tx.unmatched_texts(row.conversation_id, since)?;
    let mut same = told.into_iter().filter(|(_, text)| normal(text) == normal(&ours.body));
    Ok(same.next().filter(|_| same.next().is_none()).map(|(remote_id, _)| remote_id))
}

/// What a platform does to a text on the way must not hide it.
fn normal(text: &str) -> String {
    text.replace("\r\n", "\n").trim().to_owned()
}
