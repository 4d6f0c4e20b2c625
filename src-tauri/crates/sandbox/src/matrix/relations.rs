//! What points at an event: edits, reactions, threads.

use serde_json::{Value, json};

use super::event::Event;
use super::room::Room;

/// Live events that relate to `target`, newest first, optionally of one relation and one type.
pub(crate) fn relating<'a>(
    room: &'a Room,
    target: &'a str,
    relation: Option<&'a str>,
    kind: Option<&'a str>,
) -> impl Iterator<Item = &'a Event> {
    room.events.iter().rev().filter(move |event| {
        event.redacted_because.is_none()
            && event
                .relation()
                .is_some_and(|(found, of)| of == target && relation.is_none_or(|wanted| wanted == found))
            && kind.is_none_or(|wanted| wanted == event.kind)
    })
}

/// The newest edit the server takes for one: same sender, same type. Foreign edits are stored, but never bundled.
pub(crate) fn newest_edit<'a>(room: &'a Room, event: &'a Event) -> Option<&'a Event> {
    relating(room, &event.id, Some("m.replace"), Some(&event.kind))
        .filter(|edit| edit.sender == event.sender)
        .max_by(|a, b| (a.at_ms, &a.id).cmp(&(b.at_ms, &b.id)))
}

/// The event for a client, with its newest edit in `unsigned.m.relations`.
pub(crate) fn bundled(room: &Room, event: &Event, device: &str, now_ms: i64) -> Value {
    let mut shown = event.for_client(&room.id, Some(device), now_ms);
    if event.redacted_because.is_none()
        && let Some(edit) = newest_edit(room, event)
    {
        shown["unsigned"]["m.relations"] =
            json!({ "m.replace": edit.for_client(&room.id, Some(device), now_ms) });
    }
    shown
}

/// Whether this person already reacted so.
pub(crate) fn has_reacted(room: &Room, user: &str, target: &str, key: &str) -> bool {
    relating(room, target, Some("m.annotation"), Some("m.reaction"))
        .any(|event| event.sender == user && event.content["m.relates_to"]["key"] == key)
}
