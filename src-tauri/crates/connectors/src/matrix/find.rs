//! Looking for a send whose outcome is unknown. Pure.

use super::content::Message;
use super::wire::{Event, Page};
use model::RemoteId;
use model::remote::Outgoing;

/// How far the server's clock may be behind ours.
const SKEW_MS: i64 = 120_000;

/// The event that is the sent message, in a page of the room's newest events.
///
/// The transaction id proves it. Only where a server gives none back, the text and the time have to do: beside events
/// that carry one, an event without was written on another device, by somebody who may well have typed the same.
pub fn find(page: &Page<'_>, me: &str, sent: &Outgoing, taken: &[RemoteId]) -> Option<RemoteId> {
    let own = || page.chunk.iter().filter_map(|raw| Event::read(raw)).filter(|event| event.sender == me);
    let op = sent.op_id.to_string();
    let transaction = |event: &Event<'_>| event.unsigned.transaction_id.clone();
    if let Some(event) = own().find(|event| transaction(event).is_some_and(|id| id.eq_ignore_ascii_case(&op)))
    {
        return event.event_id.map(RemoteId);
    }
    if own().any(|event| transaction(&event).is_some()) {
        return None;
    }
    let earliest = sent.first_attempt_at.0.saturating_sub(SKEW_MS);
    own()
        .filter(|event| event.kind == "m.room.message" && event.state_key.is_none())
        .filter(|event| event.origin_server_ts.is_some_and(|at| at >= earliest))
        .filter(|event| is_same(&event.content(), sent))
        .filter_map(|event| event.event_id.map(RemoteId))
        // Newest first: the oldest that fits is the one that was sent first.
        .rfind(|id| !taken.contains(id))
}

fn is_same(content: &Message<'_>, sent: &Outgoing) -> bool {
    if content.relates_to.rel_type.as_deref() == Some("m.replace") {
        return false;
    }
    let body = content.body.as_deref().unwrap_or_default();
    match &sent.file {
        None => content.msgtype.as_deref() == Some("m.text") && body.trim() == sent.body.trim(),
        Some(file) => {
            let name = content.filename.as_deref().unwrap_or(body);
            name == file.name && content.info.size == Some(file.bytes.len() as u64)
        }
    }
}
