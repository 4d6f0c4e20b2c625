//! `/sync`: what is new since a position, waiting for it when nothing is.

use std::io;
use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use serde_json::{Map, Value, json};

use super::error::Refusal;
use super::filter::{Filter, passes};
use super::login::{Session, authenticate};
use super::server::Server;
use super::sync_room;
use crate::wire::{self, Answer, Params};
use crate::world::World;

/// Longest wait a server grants, ms.
const MAX_WAIT_MS: u64 = 120_000;

pub(crate) fn is_sync(request: &Request<Bytes>) -> bool {
    let path = request.uri().path();
    request.method() == "GET" && path.starts_with("/_matrix/client/") && path.ends_with("/sync")
}

pub(crate) async fn sync(world: &World, host: &str, request: &Request<Bytes>) -> io::Result<Answer> {
    let params = wire::query(request);
    let token = wire::bearer(request).or_else(|| params.get("access_token").cloned());
    let wait_ms =
        params.get("timeout").and_then(|text| text.parse::<u64>().ok()).unwrap_or(0).min(MAX_WAIT_MS);
    let mut wait = pin!(tokio::time::sleep(Duration::from_millis(wait_ms)));
    let mut waited = wait_ms == 0;
    loop {
        // Registered before looking, so that nothing slips in between.
        let mut changed = pin!(world.changed());
        changed.as_mut().enable();
        world.settle();
        match look(world, host, token.clone(), &params) {
            Err(refusal) => return Ok(refusal.answer()),
            Ok((answer, is_news)) => {
                if is_news || waited {
                    return Ok(wire::json(200, &answer));
                }
            }
        }
        tokio::select! {
            () = &mut wait => waited = true,
            () = changed => {}
            () = tokio::time::sleep(world.until_due()) => {}
        }
    }
}

fn look(world: &World, host: &str, token: Option<String>, params: &Params) -> Result<(Value, bool), Refusal> {
    let now_ms = world.now_ms();
    let mut state = world.lock();
    let server = state.matrix.get_mut(host).ok_or_else(Refusal::unrecognized)?;
    let session = authenticate(server, token, now_ms)?;
    let since = match params.get("since") {
        None => None,
        Some(text) => Some(position(text, server.stream)?),
    };
    server.end_typing(now_ms);
    let filter = Filter::of(params, server, &session.user);
    let full = since.is_none() || params.get("full_state").is_some_and(|text| text == "true");
    let (answer, has_news) = news(server, &session, since, full, &filter, now_ms);
    Ok((answer, has_news || since.is_none() || full))
}

/// A position out of a token: `s12` from sync, `t12` from timelines; either is taken.
pub(crate) fn position(text: &str, newest: u64) -> Result<u64, Refusal> {
    let digits = text.strip_prefix('s').or_else(|| text.strip_prefix('t'));
    let position =
        digits.and_then(|digits| digits.parse::<u64>().ok()).filter(|position| *position <= newest);
    position.ok_or_else(|| Refusal::new(400, "M_UNKNOWN", "Invalid stream token"))
}

fn news(
    server: &Server,
    session: &Session,
    since: Option<u64>,
    full: bool,
    filter: &Filter,
    now_ms: i64,
) -> (Value, bool) {
    let from = since.unwrap_or(0);
    let me = session.user.as_str();
    let (mut join, mut invite, mut leave) = (Map::new(), Map::new(), Map::new());
    for room in server.rooms.values().filter(|room| full || room.touched > from) {
        let Some(member) = room.member(me) else { continue };
        match room.membership(me) {
            "join" => {
                let view = sync_room::View { room, session, since, full, filter, now_ms };
                if let Some(entry) = view.joined(server.stream) {
                    join.insert(room.id.clone(), entry);
                }
            }
            "invite" if member.position > from => {
                let state = sync_room::invite_state(room, me);
                invite.insert(room.id.clone(), json!({ "invite_state": { "events": state } }));
            }
            "leave" | "ban" if since.is_some() && member.position > from => {
                let view = sync_room::View { room, session, since, full: false, filter, now_ms };
                leave.insert(room.id.clone(), view.left(member.position));
            }
            _ => {}
        }
    }
    let account_data: Vec<Value> = server
        .users
        .get(me)
        .into_iter()
        .flat_map(|user| &user.account_data)
        .filter(|(kind, (position, _))| *position > from && passes(filter.account_data_types.as_ref(), kind))
        .map(|(kind, (_, content))| json!({ "type": kind, "content": content }))
        .collect();
    let mut answer = json!({ "next_batch": format!("s{}", server.stream) });
    let mut rooms = Map::new();
    for (name, entries) in [("join", join), ("invite", invite), ("leave", leave)] {
        if !entries.is_empty() {
            rooms.insert(name.to_owned(), Value::Object(entries));
        }
    }
    let has_news = !rooms.is_empty() || !account_data.is_empty();
    if !rooms.is_empty() {
        answer["rooms"] = Value::Object(rooms);
    }
    if !account_data.is_empty() {
        answer["account_data"] = json!({ "events": account_data });
    }
    if has_news {
        answer["device_one_time_keys_count"] = json!({ "signed_curve25519": 0 });
    }
    (answer, has_news)
}
