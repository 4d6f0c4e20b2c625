//! A reply that may be on the platform (being sent, or looked for) may be here already: brought in by sync, without our
//! operation id. Both are joined in the commit in which the second of them appears, so that it never stands twice on the
//! screen.
//!
//! It is the same judgement as the look on the platform (`Session::find_sent`), and a stricter one: what is not clear here
//! is left to the answer or the look. A file is never clear: pictures are packed anew on the way, so that another one sent
//! from a phone meanwhile has neither another name nor another size.

use super::machine::{Event, Surroundings, step};
use super::moved;
use model::outbox::OutboxRow;
use model::{ConversationId, MediaId, RemoteId, Timestamp};
use std::time::Duration;
use store::WriteTx;

/// How much earlier than our attempt its message may seem to be sent: whole seconds, and clocks that are not quite ours.
const SKEW: Duration = Duration::from_secs(5);

/// A reply that was here already.
pub(crate) struct Recognised {
    /// The message that it is.
    pub remote_id: RemoteId,
    /// Files that nothing refers to any more; their bytes are deleted after the commit.
    pub erased: Vec<MediaId>,
}

/// Settles the one reply of this conversation that may be on the platform, if the one text it can be is here.
pub(crate) fn recognise(
    tx: &WriteTx,
    conversation: ConversationId,
    around: &Surroundings,
) -> Result<Option<Recognised>, store::Error> {
    // Where our ids come back, a message without one was written elsewhere.
    if around.is_idempotent {
        return Ok(None);
    }
    let under_way = tx.under_way_in(conversation)?;
    let [row] = &under_way[..] else { return Ok(None) };
    let Some(since) = row.dispatched_at else { return Ok(None) };
    let Some(remote_id) = the_only_one(tx, row, since.minus(SKEW))? else { return Ok(None) };
    let Some(change) = step(row, &Event::Found, around) else { return Ok(None) };
    tx.cas_outbox(&[row.state], &moved(row, change))?;
    let erased = tx.confirm_message(row.message_id, &remote_id)?;
    Ok(Some(Recognised { remote_id, erased }))
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
