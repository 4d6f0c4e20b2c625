//! From host and path to what is done.

use std::io;

use bytes::Bytes;
use http::Request;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::call::Call;
use super::conversation::Reading;
use super::error::GraphError;
use super::limits::{self, Pool, Usage};
use super::platform::{Owner, Platform};
use super::tokens::grant;
use super::{accounts, batch, cdn, dialog, oauth, profile, send, upload};
use crate::wire::{self, Answer};
use crate::world::World;

pub(crate) fn answer(world: &World, host: &str, request: &Request<Bytes>, now_ms: i64) -> io::Result<Answer> {
    let mut state = world.lock();
    let platform = &mut state.messenger;
    if host.ends_with(".fbcdn.net") || host.ends_with(".fbsbx.com") {
        return Ok(cdn::answer(platform, request, now_ms));
    }
    if host == "www.facebook.com" {
        return Ok(dialog::answer(platform, request, now_ms));
    }
    let call = match Call::of(request, now_ms) {
        Ok(call) => call,
        Err(error) => return Ok(error.answer(&mut platform.chance)),
    };
    let reply = reply(platform, host, &call);
    let mut answer = wire::json(reply.status, &reply.body);
    for (name, value) in &reply.headers {
        wire::set(&mut answer, name, value);
    }
    if request.method() == "GET" && reply.status == 200 {
        // A matching tag saves the body, not the call: it was counted above.
        let tag = format!("\"{}\"", hex::encode(&Sha256::digest(answer.body())[..20]));
        let held = request.headers().get("if-none-match").and_then(|value| value.to_str().ok());
        if held == Some(tag.as_str()) {
            answer = wire::typed(304, "application/json", Bytes::new());
        }
        wire::set(&mut answer, "etag", &tag);
    }
    Ok(answer)
}

/// A Graph answer, alone or inside a batch.
pub(crate) struct Reply {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Value,
}

impl Reply {
    pub fn refused(platform: &mut Platform, error: &GraphError) -> Reply {
        let status = error.status(&mut platform.chance);
        Reply { status, headers: Vec::new(), body: error.body(&mut platform.chance) }
    }
}

pub(crate) fn reply(platform: &mut Platform, host: &str, call: &Call) -> Reply {
    let (usage, outcome) = dispatch(platform, host, call);
    let mut reply = match outcome {
        Ok(body) => Reply { status: 200, headers: Vec::new(), body },
        Err(error) => Reply::refused(platform, &error),
    };
    reply.headers.extend(usage);
    reply.headers.push(("facebook-api-version", call.version.to_owned()));
    reply
}

fn dispatch(platform: &mut Platform, host: &str, call: &Call) -> (Usage, Result<Value, GraphError>) {
    let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
    let method = call.method.as_str();
    match (method, &path[..]) {
        ("GET" | "POST", ["oauth", "access_token"]) => return (None, oauth::access_token(platform, call)),
        ("GET", ["debug_token"]) => return (None, oauth::debug_token(platform, call)),
        ("POST", []) if call.body.contains_key("batch") => return (None, batch::run(platform, host, call)),
        _ => {}
    }
    let grant = match grant(platform, call, host) {
        Ok(grant) => grant,
        Err(error) => return (None, Err(error)),
    };
    let pool = match (method, &path[..]) {
        (_, [_, "conversations"]) | ("GET", [_, "messages"]) => Pool::Conversations,
        ("GET", [id]) if id.starts_with("t_") || id.starts_with("m_") => Pool::Conversations,
        (_, [_, "messages" | "message_attachments"]) => Pool::Messages,
        _ => Pool::Pages,
    };
    let (usage, charged) = match &grant.token.owner {
        Owner::Page { page, .. } => limits::charge_page(platform, page, pool, call.now_ms),
        Owner::User(_) => match platform.apps.get_mut(&grant.token.app) {
            Some(app) => limits::charge_app(app, call.now_ms),
            None => (None, Ok(())),
        },
    };
    if let Err(error) = charged {
        return (usage, Err(error));
    }
    let outcome = match (method, &path[..]) {
        ("GET", ["me"]) => accounts::me(platform, call, &grant),
        ("GET", ["me", "accounts"]) => accounts::list(platform, call, &grant),
        ("GET", [page, "conversations"]) => Reading { platform, call, grant: &grant }.list(page),
        ("GET", [thread, "messages"]) => Reading { platform, call, grant: &grant }.messages(thread),
        ("POST", [page, "messages"]) => send::send(platform, call, &grant, page),
        ("POST", [page, "message_attachments"]) => upload::upload(platform, call, &grant, page),
        ("GET", [id]) if id.starts_with("t_") => Reading { platform, call, grant: &grant }.thread(id),
        ("GET", [id]) if id.starts_with("m_") => Reading { platform, call, grant: &grant }.message(id),
        ("GET", [id]) if platform.pages.contains_key(*id) => accounts::page(platform, call, &grant, id),
        ("GET", [id]) => profile::look_up(platform, call, &grant, id),
        (_, [id, ..]) => Err(GraphError::unsupported(method, id)),
        _ => Err(GraphError::unsupported(method, "")),
    };
    (usage, outcome)
}
