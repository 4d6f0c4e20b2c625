//! Operations → calls. Pure.

use super::ids::{path, query};
use super::server::Call;
use bytes::Bytes;
use connect::Effect;
use http::Method;
use model::remote::{Outgoing, OutgoingFile};
use serde_json::{Map, Value, json};

const ROOMS: &str = "/_matrix/client/v3/rooms";

/// Sends one message. The operation's id is the transaction id: repeated from the same device it stays one message.
/// `uploaded` is the address of the file, which must have been uploaded before.
pub fn send(message: &Outgoing, uploaded: Option<&str>) -> Call {
    let room = message.conversation.as_str();
    let path = path(ROOMS, &[room, "send", "m.room.message", &message.op_id.to_string()]);
    Call::write(Method::PUT, path, &content(message, uploaded))
}

/// What is said. `m.mentions` is there and empty, so that no name in the text pings anybody.
fn content(message: &Outgoing, uploaded: Option<&str>) -> Value {
    let mut content = match (&message.file, uploaded) {
        (Some(file), Some(uri)) => json!({
            "msgtype": msgtype(&file.mime),
            "body": if message.body.is_empty() { &file.name } else { &message.body },
            "filename": file.name,
            "url": uri,
            "info": { "mimetype": file.mime, "size": file.bytes.len() },
        }),
        _ => json!({ "msgtype": "m.text", "body": message.body }),
    };
    content["m.mentions"] = json!({});
    if let Some(quoted) = &message.reply_to {
        content["m.relates_to"] = json!({ "m.in_reply_to": { "event_id": quoted.as_str() } });
    }
    content
}

fn msgtype(mime: &str) -> &'static str {
    match mime.split('/').next() {
        Some("image") => "m.image",
        Some("video") => "m.video",
        Some("audio") => "m.audio",
        _ => "m.file",
    }
}

/// Uploads a file. It has no effect anybody sees until a message names it.
pub fn upload(file: &OutgoingFile) -> Call {
    let path = format!("/_matrix/media/v3/upload{}", query(&[("filename", &file.name)]));
    let body = Some((file.mime.clone(), Bytes::from(file.bytes.clone())));
    Call { method: Method::POST, path, body, effect: Effect::Write }
}

/// Moves our read mark; a private one clears the count everywhere and is shown to nobody.
pub fn mark_read(room: &str, up_to: &str, is_public: bool) -> Call {
    let receipt = if is_public { "m.read" } else { "m.read.private" };
    let body = json!({ "m.fully_read": up_to, receipt: up_to });
    Call::write(Method::POST, path(ROOMS, &[room, "read_markers"]), &body)
}

/// Accepts an invitation. Joining twice is harmless.
pub fn join(room: &str) -> Call {
    Call::write(Method::POST, path(ROOMS, &[room, "join"]), &json!({}))
}

/// The account's list of direct conversations.
pub fn direct(me: &str) -> Call {
    Call::get(path("/_matrix/client/v3/user", &[me, "account_data", "m.direct"]))
}

/// Lists a room as direct with a user; none if it is listed already. The list is one value: all else in it stays.
pub fn add_direct(me: &str, current: Map<String, Value>, user: &str, room: &str) -> Option<Call> {
    let mut list = current;
    let rooms = list.entry(user).or_insert_with(|| json!([]));
    if !rooms.is_array() {
        *rooms = json!([]);
    }
    let rooms = rooms.as_array_mut()?;
    if rooms.iter().any(|listed| listed == room) {
        return None;
    }
    rooms.push(room.into());
    Some(Call::write(Method::PUT, direct(me).path, &Value::Object(list)))
}

/// The whole current state of a room.
pub fn state(room: &str) -> Call {
    Call::get(path(ROOMS, &[room, "state"]))
}

/// Whether a room is encrypted: 404 if not.
pub fn encryption(room: &str) -> Call {
    Call::get(format!("{}/", path(ROOMS, &[room, "state", "m.room.encryption"])))
}

/// A page of history, backwards.
pub fn messages(room: &str, from: Option<&str>, to: Option<&str>, limit: u32) -> Call {
    let limit = limit.to_string();
    let mut pairs =
        vec![("dir", "b"), ("limit", limit.as_str()), ("filter", r#"{"lazy_load_members":true}"#)];
    pairs.extend(from.map(|from| ("from", from)));
    pairs.extend(to.map(|to| ("to", to)));
    Call::get(format!("{}{}", path(ROOMS, &[room, "messages"]), query(&pairs)))
}

/// What has happened since. Presence stays offline: polling must not show the brand as online around the clock.
pub fn sync(since: Option<&str>, timeout_ms: u128) -> Call {
    // Typing is not asked for: nothing here shows it, and it would end every long poll.
    const FILTER: &str = concat!(
        r#"{"presence":{"types":[]},"account_data":{"types":["m.direct"]},"room":{"account_data":{"types":[]},"#,
        r#""timeline":{"limit":20},"ephemeral":{"types":["m.receipt"]},"state":{"lazy_load_members":true,"#,
        r#""types":["m.room.member","m.room.name","m.room.encryption","m.room.tombstone","m.room.create","#,
        r#""m.bridge","uk.half-shot.bridge","io.element.functional_members","com.beeper.room_features"]}}}"#
    );
    let timeout = timeout_ms.to_string();
    let mut pairs = vec![("timeout", timeout.as_str()), ("set_presence", "offline"), ("filter", FILTER)];
    pairs.extend(since.map(|since| ("since", since)));
    Call::get(format!("/_matrix/client/v3/sync{}", query(&pairs)))
}
