//! Looking back: pages of history, one event and its surroundings, a date.

use serde_json::{Value, json};

use super::error::Refusal;
use super::event::Event;
use super::login::Session;
use super::relations::{bundled, relating};
use super::room::Room;
use super::server::Server;
use super::sync::position;
use crate::wire::Params;

fn readable<'a>(server: &'a Server, room: &str, session: &Session) -> Result<(&'a Room, u64), Refusal> {
    let room = server.room(room)?;
    let until = room.readable_until(&session.user);
    let stranger = || Refusal::forbidden(&format!("User {} not in room {}", session.user, room.id));
    Ok((room, until.ok_or_else(stranger)?))
}

fn limit_of(params: &Params) -> usize {
    params.get("limit").and_then(|text| text.parse().ok()).unwrap_or(10).clamp(1, 1000)
}

/// `GET …/messages`: with `dir=b` newest first; `end` is absent once nothing is left, or `to` is reached.
pub(crate) fn messages(
    server: &Server,
    room: &str,
    session: &Session,
    params: &Params,
    now_ms: i64,
) -> Result<Value, Refusal> {
    let (room, until) = readable(server, room, session)?;
    let newest = server.stream;
    let read = |name: &str| params.get(name).map(|text| position(text, newest)).transpose();
    let (from, to) = (read("from")?, read("to")?);
    let back = params.get("dir").is_none_or(|dir| dir == "b");
    let limit = limit_of(params);
    let visible = room.events.iter().filter(|event| event.position <= until);
    let mut candidates: Vec<&Event> = if back {
        let from = from.unwrap_or(newest);
        visible.filter(|event| event.position <= from && event.position > to.unwrap_or(0)).collect()
    } else {
        let from = from.unwrap_or(0);
        visible.filter(|event| event.position > from && event.position <= to.unwrap_or(newest)).collect()
    };
    if back {
        candidates.reverse();
    }
    let page = &candidates[..candidates.len().min(limit)];
    let chunk: Vec<Value> = page.iter().map(|event| bundled(room, event, &session.device, now_ms)).collect();
    let start = from.unwrap_or(if back { newest } else { 0 });
    let mut answer = json!({ "start": format!("t{start}"), "chunk": chunk });
    if params.get("filter").is_some_and(|filter| filter.contains("lazy_load_members")) {
        answer["state"] = json!(senders(room, page, now_ms));
    }
    if candidates.len() > page.len()
        && let Some(last) = page.last()
    {
        let end = if back { last.position - 1 } else { last.position };
        answer["end"] = json!(format!("t{end}"));
    }
    Ok(answer)
}

fn senders(room: &Room, page: &[&Event], now_ms: i64) -> Vec<Value> {
    let speaks = |event: &&Event| {
        event.kind == "m.room.member"
            && page.iter().any(|spoken| Some(spoken.sender.as_str()) == event.state_key.as_deref())
    };
    let members = room.states_at(u64::MAX).into_iter().filter(speaks);
    members.map(|event| event.for_client(&room.id, None, now_ms)).collect()
}

/// `GET …/event/{id}`.
pub(crate) fn event(
    server: &Server,
    room: &str,
    session: &Session,
    id: &str,
    now_ms: i64,
) -> Result<Value, Refusal> {
    let (room, until) = readable(server, room, session)?;
    let event = room.event(id).filter(|event| event.position <= until).ok_or_else(Refusal::not_found)?;
    Ok(bundled(room, event, &session.device, now_ms))
}

/// `GET …/context/{id}`: the event with half of `limit` before and after it.
pub(crate) fn context(
    server: &Server,
    room: &str,
    session: &Session,
    id: &str,
    params: &Params,
    now_ms: i64,
) -> Result<Value, Refusal> {
    let (room, until) = readable(server, room, session)?;
    let visible: Vec<&Event> = room.events.iter().filter(|event| event.position <= until).collect();
    let place = visible.iter().position(|event| event.id == id).ok_or_else(Refusal::not_found)?;
    let half = limit_of(params).div_ceil(2);
    let first = place.saturating_sub(half);
    let last = (place + 1 + half).min(visible.len());
    let show = |event: &&Event| bundled(room, event, &session.device, now_ms);
    let before: Vec<Value> = visible[first..place].iter().rev().map(show).collect();
    let after: Vec<Value> = visible[place + 1..last].iter().map(show).collect();
    let state = room.states_at(visible[last - 1].position);
    let state: Vec<Value> = state.into_iter().map(|event| event.for_client(&room.id, None, now_ms)).collect();
    Ok(json!({
        "event": show(&visible[place]),
        "events_before": before,
        "events_after": after,
        "start": format!("t{}", visible[first].position - 1),
        "end": format!("t{}", visible[last - 1].position),
        "state": state,
    }))
}

/// `GET …/relations/{id}[/{relation}[/{type}]]`, newest first, on one page.
pub(crate) fn relations(
    server: &Server,
    room: &str,
    session: &Session,
    path: &[&str],
    now_ms: i64,
) -> Result<Value, Refusal> {
    let (room, _) = readable(server, room, session)?;
    let target = path.first().copied().unwrap_or_default();
    room.event(target).ok_or_else(Refusal::not_found)?;
    let found = relating(room, target, path.get(1).copied(), path.get(2).copied());
    let chunk: Vec<Value> =
        found.map(|event| event.for_client(&room.id, Some(&session.device), now_ms)).collect();
    Ok(json!({ "chunk": chunk }))
}

/// `GET …/timestamp_to_event`.
pub(crate) fn at_time(
    server: &Server,
    room: &str,
    session: &Session,
    params: &Params,
) -> Result<Value, Refusal> {
    let (room, _) = readable(server, room, session)?;
    let at_ms: i64 = params.get("ts").and_then(|text| text.parse().ok()).unwrap_or(0);
    let found = if params.get("dir").is_some_and(|dir| dir == "b") {
        room.events.iter().filter(|event| event.at_ms <= at_ms).max_by_key(|event| event.at_ms)
    } else {
        room.events.iter().filter(|event| event.at_ms >= at_ms).min_by_key(|event| event.at_ms)
    };
    let event = found.ok_or_else(Refusal::not_found)?;
    Ok(json!({ "event_id": event.id, "origin_server_ts": event.at_ms }))
}
