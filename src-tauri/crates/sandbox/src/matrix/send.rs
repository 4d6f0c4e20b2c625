//! Writing into rooms: messages, redactions, typing, read marks.

use serde_json::{Value, json};

use super::error::Refusal;
use super::event::Draft;
use super::login::Session;
use super::relations::has_reacted;
use super::server::Server;

/// An event larger than this is refused, bytes.
const MAX_EVENT_BYTES: usize = 65_536;
/// A server remembers transactions for a day (Synapse; the specification names no time).
const REMEMBERED_MS: i64 = 86_400_000;

fn must_be_in(server: &Server, room: &str, session: &Session) -> Result<(), Refusal> {
    if server.room(room)?.membership(&session.user) == "join" {
        return Ok(());
    }
    Err(Refusal::forbidden(&format!("User {} not in room {room}", session.user)))
}

/// `PUT …/send/{type}/{transaction}`: the same device, room, type and transaction id gives the first event id again,
/// whatever the body says now.
pub(crate) fn send(
    server: &mut Server,
    session: &Session,
    room: &str,
    kind: &str,
    transaction: &str,
    content: Value,
    now_ms: i64,
) -> Result<Value, Refusal> {
    once(server, (session, room, kind, transaction), now_ms, |server| {
        if !content.is_object() {
            return Err(Refusal::bad_json("Content must be a JSON object"));
        }
        must_be_in(server, room, session)?;
        if content.to_string().len() > MAX_EVENT_BYTES {
            return Err(Refusal::new(413, "M_TOO_LARGE", "event too large"));
        }
        if kind == "m.reaction" {
            let relates = &content["m.relates_to"];
            let target = relates["event_id"].as_str().unwrap_or_default();
            let key = relates["key"].as_str().unwrap_or_default();
            if has_reacted(server.room(room)?, &session.user, target, key) {
                let error = "Can't send same reaction twice";
                return Err(Refusal::new(400, "M_DUPLICATE_ANNOTATION", error));
            }
        }
        take_from_bucket(server, &session.user, now_ms)?;
        let device = Some((session.device.clone(), transaction.to_owned()));
        let draft = Draft { transaction: device, ..Draft::event(&session.user, kind, content) };
        Ok(server.append(room, draft, now_ms))
    })
}

/// `PUT …/redact/{event}/{transaction}`: own messages, or any with the room's power.
pub(crate) fn redact(
    server: &mut Server,
    session: &Session,
    room: &str,
    target: &str,
    transaction: &str,
    body: &Value,
    now_ms: i64,
) -> Result<Value, Refusal> {
    once(server, (session, room, "m.room.redaction", transaction), now_ms, |server| {
        must_be_in(server, room, session)?;
        let here = server.room(room)?;
        let event = here.event(target).ok_or_else(Refusal::not_found)?;
        let is_creator = here.state("m.room.create", "").is_some_and(|create| create.sender == session.user);
        if event.sender != session.user && !is_creator {
            return Err(Refusal::forbidden("You don't have permission to redact events"));
        }
        let mut content = json!({ "redacts": target });
        if let Some(reason) = body.get("reason") {
            content["reason"] = reason.clone();
        }
        let device = Some((session.device.clone(), transaction.to_owned()));
        let draft = Draft { transaction: device, ..Draft::event(&session.user, "m.room.redaction", content) };
        Ok(server.append(room, draft, now_ms))
    })
}

fn once(
    server: &mut Server,
    (session, room, kind, transaction): (&Session, &str, &str, &str),
    now_ms: i64,
    act: impl FnOnce(&mut Server) -> Result<String, Refusal>,
) -> Result<Value, Refusal> {
    let key = (
        session.user.clone(),
        session.device.clone(),
        room.to_owned(),
        kind.to_owned(),
        transaction.to_owned(),
    );
    if let Some((known, at_ms)) = server.transactions.get(&key)
        && now_ms - at_ms < REMEMBERED_MS
    {
        return Ok(json!({ "event_id": known }));
    }
    let id = act(server)?;
    server.transactions.insert(key, (id.clone(), now_ms));
    Ok(json!({ "event_id": id }))
}

fn take_from_bucket(server: &mut Server, user: &str, now_ms: i64) -> Result<(), Refusal> {
    let Some((per_second, burst)) = server.send_limit else { return Ok(()) };
    let Some(user) = server.users.get_mut(user) else { return Ok(()) };
    let (left, counted_ms) = user.bucket.unwrap_or((burst, now_ms));
    let elapsed_s = (now_ms - counted_ms).max(0) as f64 / 1000.0;
    let left = (left + elapsed_s * per_second).min(burst);
    if left < 1.0 {
        user.bucket = Some((left, now_ms));
        return Err(Refusal::limited(((1.0 - left) / per_second * 1000.0).ceil() as i64));
    }
    user.bucket = Some((left - 1.0, now_ms));
    Ok(())
}

/// `PUT …/typing/{user}`.
pub(crate) fn typing(
    server: &mut Server,
    session: &Session,
    room: &str,
    user: &str,
    body: &Value,
    now_ms: i64,
) -> Result<Value, Refusal> {
    must_be_in(server, room, session)?;
    if user != session.user {
        return Err(Refusal::forbidden("Cannot set another user's typing state"));
    }
    let lasts_ms = body["timeout"].as_i64().unwrap_or(30_000).clamp(1, 120_000);
    server.set_typing(room, user, (body["typing"] == true).then_some(now_ms + lasts_ms));
    Ok(json!({}))
}

/// `POST …/read_markers` and `POST …/receipt/{type}/{event}`. Unknown event ids are taken without a word.
pub(crate) fn read_markers(
    server: &mut Server,
    session: &Session,
    room: &str,
    body: &Value,
    now_ms: i64,
) -> Result<Value, Refusal> {
    must_be_in(server, room, session)?;
    for (name, private) in [("m.read", false), ("m.read.private", true)] {
        if let Some(event) = body[name].as_str() {
            server.set_receipt(room, &session.user, event, private, now_ms);
        }
    }
    if let Some(event) = body["m.fully_read"].as_str() {
        server.set_room_data(room, &session.user, "m.fully_read", json!({ "event_id": event }));
    }
    Ok(json!({}))
}

/// `PUT …/state/{type}/{key}`: any member of a room of the brand may.
pub(crate) fn put_state(
    server: &mut Server,
    session: &Session,
    room: &str,
    kind: &str,
    key: &str,
    content: Value,
    now_ms: i64,
) -> Result<Value, Refusal> {
    must_be_in(server, room, session)?;
    let id = server.append(room, Draft::state(&session.user, kind, key, content), now_ms);
    Ok(json!({ "event_id": id }))
}
