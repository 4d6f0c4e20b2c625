//! From method and path to what is done. Everything but `/sync`, which may wait.

use std::io;

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

use super::error::Refusal;
use super::login::{self, Session, authenticate};
use super::server::Server;
use super::{history, membership, send, upload};
use crate::wire::{self, Answer, Params};
use crate::world::World;

pub(crate) fn answer(
    world: &World,
    name: &str,
    host: &str,
    request: &Request<Bytes>,
    now_ms: i64,
) -> io::Result<Answer> {
    let answered = {
        let mut state = world.lock();
        let server = state.matrix.get_mut(name).ok_or(io::ErrorKind::ConnectionRefused)?;
        let before = server.stream;
        let answered = route(server, host, request, now_ms).unwrap_or_else(|refusal| refusal.answer());
        (answered, server.stream != before)
    };
    if answered.1 {
        world.wake();
    }
    Ok(answered.0)
}

fn route(server: &mut Server, host: &str, request: &Request<Bytes>, now_ms: i64) -> Result<Answer, Refusal> {
    let path = wire::segments(request.uri().path());
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let method = request.method().as_str();
    if let [".well-known", "matrix", "client"] = path[..] {
        let address = format!("https://{}/", server.host);
        return Ok(wire::json(200, &json!({ "m.homeserver": { "base_url": address } })));
    }
    // The users' domain serves the well-known document only.
    if host != server.host {
        return Ok(wire::html(404, "<html><body><h1>404 Not Found</h1></body></html>"));
    }
    let params = wire::query(request);
    match (method, &path[..]) {
        ("GET", ["_matrix", "client", "versions"]) => Ok(wire::json(200, &versions())),
        ("GET", ["_matrix", "client", _, "login"]) => Ok(wire::json(200, &login::flows())),
        ("POST", ["_matrix", "client", _, "login"]) => {
            login::log_in(server, &body(request)?, now_ms).map(|answer| wire::json(200, &answer))
        }
        ("POST", ["_matrix", "client", _, "refresh"]) => {
            login::refresh(server, &body(request)?, now_ms).map(|answer| wire::json(200, &answer))
        }
        ("GET", ["_matrix", "media", _, "download" | "thumbnail", ..]) => Err(Refusal::not_found()),
        (_, ["_matrix", "media", ..] | ["_matrix", "client", "v1", "media", ..]) => {
            signed_in(server, request, &params, now_ms)?;
            media(server, method, &path[2..], request, &params)
        }
        (_, ["_matrix", "client", _, rest @ ..]) => {
            let session = signed_in(server, request, &params, now_ms)?;
            let call = Call { session: &session, params: &params, request, now_ms };
            client(server, method, rest, &call).map(|answer| wire::json(200, &answer))
        }
        _ => Err(Refusal::unrecognized()),
    }
}

struct Call<'a> {
    session: &'a Session,
    params: &'a Params,
    request: &'a Request<Bytes>,
    now_ms: i64,
}

fn signed_in(
    server: &mut Server,
    request: &Request<Bytes>,
    params: &Params,
    now_ms: i64,
) -> Result<Session, Refusal> {
    authenticate(server, wire::bearer(request).or_else(|| params.get("access_token").cloned()), now_ms)
}

fn body(request: &Request<Bytes>) -> Result<Value, Refusal> {
    if request.body().is_empty() {
        return Ok(json!({}));
    }
    serde_json::from_slice(request.body()).map_err(|_| Refusal::new(400, "M_NOT_JSON", "Content not JSON."))
}

fn versions() -> Value {
    json!({
        "versions": ["r0.6.1", "v1.1", "v1.2", "v1.3", "v1.4", "v1.5", "v1.6", "v1.7", "v1.8", "v1.9", "v1.10", "v1.11", "v1.12"],
        "unstable_features": { "org.matrix.msc3440.stable": true },
    })
}

fn media(
    server: &mut Server,
    method: &str,
    path: &[&str],
    request: &Request<Bytes>,
    params: &Params,
) -> Result<Answer, Refusal> {
    let wide = params.get("width").and_then(|text| text.parse().ok());
    match (method, path) {
        ("POST", [_, "upload"]) => upload::upload(server, request, params),
        ("GET", [_, "config"] | ["v1", "media", "config"]) => {
            Ok(wire::json(200, &json!({ "m.upload.size": server.upload_max_bytes })))
        }
        ("GET", ["v1", "media", "download", domain, id, ..]) => upload::download(server, domain, id, None),
        ("GET", ["v1", "media", "thumbnail", domain, id]) => {
            upload::download(server, domain, id, Some(wide.unwrap_or(320)))
        }
        _ => Err(Refusal::unrecognized()),
    }
}

fn client(server: &mut Server, method: &str, path: &[&str], call: &Call) -> Result<Value, Refusal> {
    let me = call.session.user.as_str();
    match (method, path) {
        ("GET", ["account", "whoami"]) => {
            Ok(json!({ "user_id": me, "device_id": call.session.device, "is_guest": false }))
        }
        ("POST", ["logout"]) => {
            server.sessions.end(me, &call.session.device);
            Ok(json!({}))
        }
        ("GET", ["capabilities"]) => {
            Ok(json!({ "capabilities": { "m.change_password": { "enabled": false } } }))
        }
        ("GET", ["profile", user, ..]) => {
            if server.users.contains_key(*user) {
                Ok(server.profile(user))
            } else {
                Err(Refusal::not_found())
            }
        }
        ("GET", ["joined_rooms"]) => {
            let rooms = server.rooms.values().filter(|room| room.membership(me) == "join");
            Ok(json!({ "joined_rooms": rooms.map(|room| room.id.clone()).collect::<Vec<_>>() }))
        }
        (_, ["user", user, rest @ ..]) if *user == me => account(server, method, rest, call),
        (_, ["user", ..]) => Err(Refusal::forbidden("Cannot act for another user")),
        ("POST", ["createRoom"]) => {
            membership::create(server, call.session, &body(call.request)?, call.now_ms)
        }
        ("POST", ["join", room] | ["rooms", room, "join"]) => {
            membership::join(server, call.session, room, call.now_ms)
        }
        (_, ["rooms", room, rest @ ..]) => in_room(server, method, room, rest, call),
        _ => Err(Refusal::unrecognized()),
    }
}

fn account(server: &mut Server, method: &str, path: &[&str], call: &Call) -> Result<Value, Refusal> {
    let me = call.session.user.as_str();
    match (method, path) {
        ("POST", ["filter"]) => {
            let filter = body(call.request)?;
            let user = server.users.get_mut(me).ok_or_else(Refusal::not_found)?;
            user.filters.push(filter);
            Ok(json!({ "filter_id": (user.filters.len() - 1).to_string() }))
        }
        ("GET", ["filter", id]) => {
            let place = id.parse::<usize>().ok();
            let user = server.users.get(me);
            place.and_then(|place| user?.filters.get(place).cloned()).ok_or_else(Refusal::not_found)
        }
        ("PUT", ["account_data", kind]) => {
            server.set_account_data(me, kind, body(call.request)?);
            Ok(json!({}))
        }
        ("GET", ["account_data", kind]) => {
            let data = server.users.get(me).and_then(|user| user.account_data.get(*kind));
            data.map(|(_, content)| content.clone()).ok_or_else(Refusal::not_found)
        }
        ("PUT", ["rooms", room, "account_data", kind]) => {
            server.set_room_data(room, me, kind, body(call.request)?);
            Ok(json!({}))
        }
        _ => Err(Refusal::unrecognized()),
    }
}

fn in_room(
    server: &mut Server,
    method: &str,
    room: &str,
    path: &[&str],
    call: &Call,
) -> Result<Value, Refusal> {
    let Call { session, params, request, now_ms } = *call;
    match (method, path) {
        ("PUT", ["send", kind, id]) => send::send(server, session, room, kind, id, body(request)?, now_ms),
        ("PUT", ["redact", event, id]) => {
            send::redact(server, session, room, event, id, &body(request)?, now_ms)
        }
        ("PUT", ["typing", user]) => send::typing(server, session, room, user, &body(request)?, now_ms),
        ("POST", ["read_markers"]) => send::read_markers(server, session, room, &body(request)?, now_ms),
        ("POST", ["receipt", kind, event]) => {
            send::read_markers(server, session, room, &json!({ *kind: event }), now_ms)
        }
        ("POST", ["leave"]) => membership::leave(server, session, room, now_ms),
        ("POST", ["report", _]) => server.room(room).map(|_| json!({})),
        ("GET", ["messages"]) => history::messages(server, room, session, params, now_ms),
        ("GET", ["event", id]) => history::event(server, room, session, id, now_ms),
        ("GET", ["context", id]) => history::context(server, room, session, id, params, now_ms),
        ("GET", ["relations", rest @ ..]) => history::relations(server, room, session, rest, now_ms),
        ("GET", ["timestamp_to_event"]) => history::at_time(server, room, session, params),
        ("PUT", ["state", kind]) => send::put_state(server, session, room, kind, "", body(request)?, now_ms),
        ("PUT", ["state", kind, key]) => {
            send::put_state(server, session, room, kind, key, body(request)?, now_ms)
        }
        ("GET", ["state" | "members" | "joined_members", ..]) => state_of(server, room, path, call),
        _ => Err(Refusal::unrecognized()),
    }
}

fn state_of(server: &Server, room: &str, path: &[&str], call: &Call) -> Result<Value, Refusal> {
    let room = server.room(room)?;
    let until = room.readable_until(&call.session.user);
    let until = until.ok_or_else(|| Refusal::forbidden("You aren't a member of the room"))?;
    let shown = |wanted: &str| -> Vec<Value> {
        let states =
            room.states_at(until).into_iter().filter(|event| wanted.is_empty() || event.kind == wanted);
        states.map(|event| event.for_client(&room.id, None, call.now_ms)).collect()
    };
    match path {
        ["state"] => Ok(Value::Array(shown(""))),
        ["state", kind, rest @ ..] => {
            let key = rest.first().copied().unwrap_or_default();
            let event = room.state_at(kind, key, until).ok_or_else(Refusal::not_found)?;
            Ok(event.content.clone())
        }
        ["joined_members"] => {
            let members = room.members("join").into_iter();
            let joined: serde_json::Map<_, _> =
                members.map(|user| (user.to_owned(), server.profile(user))).collect();
            Ok(json!({ "joined": joined }))
        }
        _ => Ok(json!({ "chunk": shown("m.room.member") })),
    }
}
