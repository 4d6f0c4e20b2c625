//! From a mishap to what is done with the request.

use std::io;

use bytes::Bytes;
use serde_json::json;

use super::{Mishap, RetryAfter};
use crate::wire::{self, Answer};

/// How wrong the clocks of proxies are.
const PROXY_AHEAD_MS: i64 = 7 * 86_400_000;

type Change = Box<dyn FnOnce(Answer) -> io::Result<Answer> + Send>;

/// What the door does with one request.
pub(crate) enum Fate {
    Served,
    Failed { after_ms: i64, kind: io::ErrorKind },
    Replaced { answer: Answer },
    Late { accept_after_ms: i64, give_up_after_ms: i64 },
    ServedThen { wait_ms: i64, change: Change },
}

/// `to_graph` decides in whose words a throttled answer is written.
pub(crate) fn fate(mishap: Option<Mishap>, now_ms: i64, to_graph: bool) -> Fate {
    let Some(mishap) = mishap else { return Fate::Served };
    match mishap {
        Mishap::Refuse => Fate::Failed { after_ms: 0, kind: io::ErrorKind::ConnectionRefused },
        Mishap::BreakBefore { after_ms, kind } => Fate::Failed { after_ms, kind },
        Mishap::LoseAnswer { kind } => then(0, move |_| Err(kind.into())),
        Mishap::Delay { by_ms } => then(by_ms, Ok),
        Mishap::AcceptLate { accept_after_ms, give_up_after_ms } => {
            Fate::Late { accept_after_ms, give_up_after_ms }
        }
        Mishap::Throttle(retry) => Fate::Replaced { answer: throttled(&retry, now_ms, to_graph) },
        Mishap::Answer { status, mime, body } => {
            Fate::Replaced { answer: wire::typed(status, &mime, Bytes::from(body)) }
        }
        Mishap::Html { status } => {
            let page = format!("<html><head><title>{status}</title></head><body>nginx</body></html>");
            let mut answer = wire::html(status, page);
            wire::set(&mut answer, "date", &wire::http_date(now_ms + PROXY_AHEAD_MS));
            Fate::Replaced { answer }
        }
        Mishap::Empty { status } => {
            Fate::Replaced { answer: wire::typed(status, "text/plain", Bytes::new()) }
        }
        Mishap::AcceptThenDate { ahead_ms } => then(0, move |mut answer| {
            wire::set(&mut answer, "date", &wire::http_date(now_ms + ahead_ms));
            Ok(answer)
        }),
        Mishap::AcceptThenBody(body) => then(0, move |answer| Ok(answer.map(|_| Bytes::from(body)))),
        Mishap::AcceptThenCut => then(0, |answer| Ok(answer.map(|body| body.slice(..body.len() / 2)))),
        Mishap::AcceptThenHuge { bytes } => then(0, move |answer| {
            Ok(answer.map(|_| Bytes::from(format!("{{\"data\":[\"{}\"]}}", "x".repeat(bytes)))))
        }),
        Mishap::AcceptThenDeep { levels } => then(0, move |answer| {
            Ok(answer.map(|_| Bytes::from(format!("{}{}", "[".repeat(levels), "]".repeat(levels)))))
        }),
        Mishap::AcceptThenGraphError { code, subcode } => then(0, move |_| Ok(graph_error(code, subcode))),
        Mishap::GraphError { code, subcode } => Fate::Replaced { answer: graph_error(code, subcode) },
    }
}

fn then(wait_ms: i64, change: impl FnOnce(Answer) -> io::Result<Answer> + Send + 'static) -> Fate {
    Fate::ServedThen { wait_ms, change: Box::new(change) }
}

fn throttled(retry: &RetryAfter, now_ms: i64, to_graph: bool) -> Answer {
    let body = match retry {
        _ if to_graph => json!({ "error": {
            "message": "(#4) Application request limit reached", "type": "OAuthException", "code": 4,
            "is_transient": true, "fbtrace_id": "AbCdEfGhIjKlMnOpQrStUvW",
        }}),
        RetryAfter::Seconds(seconds) => {
            json!({ "errcode": "M_LIMIT_EXCEEDED", "error": "Too Many Requests", "retry_after_ms": seconds * 1000 })
        }
        _ => json!({ "errcode": "M_LIMIT_EXCEEDED", "error": "Too Many Requests" }),
    };
    let mut answer = wire::json(429, &body);
    let value = match retry {
        RetryAfter::Seconds(seconds) => Some(seconds.to_string()),
        RetryAfter::Date { in_ms } => Some(wire::http_date(now_ms + in_ms)),
        RetryAfter::Absurd => Some("99999999999999999999".to_owned()),
        RetryAfter::Nonsense => Some("soon".to_owned()),
        RetryAfter::Absent => None,
    };
    if let Some(value) = value {
        wire::set(&mut answer, "retry-after", &value);
    }
    answer
}

fn graph_error(code: i64, subcode: Option<i64>) -> Answer {
    let mut error = json!({
        "message": "An unknown error has occurred.",
        "type": "OAuthException",
        "code": code,
        "fbtrace_id": "AbCdEfGhIjKlMnOpQrStUvW",
    });
    if let Some(subcode) = subcode {
        error["error_subcode"] = json!(subcode);
    }
    wire::json(500, &json!({ "error": error }))
}
