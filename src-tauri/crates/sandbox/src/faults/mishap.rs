//! The ways a request can go wrong.

use std::io;

/// What happens to a request instead of a plain answer. "Accepted" means: the platform acted on it.
#[derive(Clone, Debug, PartialEq)]
pub enum Mishap {
    /// Name lookup, connection or TLS failed: no byte left. Not accepted.
    Refuse,
    /// The connection breaks after `after_ms` with this kind, before the platform acted. Not accepted.
    BreakBefore {
        /// ms until it breaks.
        after_ms: i64,
        /// `ConnectionReset`, `UnexpectedEof` or `TimedOut`.
        kind: io::ErrorKind,
    },
    /// Accepted, and then the answer is lost with this kind.
    LoseAnswer {
        /// `ConnectionReset`, `UnexpectedEof` or `TimedOut`.
        kind: io::ErrorKind,
    },
    /// Accepted at once, answered `by_ms` later.
    Delay {
        /// ms of delay.
        by_ms: i64,
    },
    /// The connection breaks after `give_up_after_ms`; the platform accepts the request `accept_after_ms` after it
    /// was sent, which may be long after that.
    AcceptLate {
        /// ms until the platform acts.
        accept_after_ms: i64,
        /// ms until the connection breaks.
        give_up_after_ms: i64,
    },
    /// 429 with the platform's own words. Not accepted.
    Throttle(RetryAfter),
    /// This status with this body. Not accepted.
    Answer {
        /// HTTP status.
        status: u16,
        /// `Content-Type`.
        mime: String,
        /// The whole body.
        body: String,
    },
    /// A proxy's HTML page with this status, e.g. 502, dated by the proxy's own clock, a week ahead. Not accepted.
    Html {
        /// HTTP status.
        status: u16,
    },
    /// This status without a body. Not accepted.
    Empty {
        /// HTTP status.
        status: u16,
    },
    /// Accepted; the answer's `Date` is so far off.
    AcceptThenDate {
        /// ms ahead of the world's time.
        ahead_ms: i64,
    },
    /// Accepted; the answer has the right status and this body instead of its own.
    AcceptThenBody(String),
    /// Accepted; the answer's body is cut in the middle, so that it is no JSON any more.
    AcceptThenCut,
    /// Accepted; the answer is JSON of about this many bytes.
    AcceptThenHuge {
        /// Size of the body.
        bytes: usize,
    },
    /// Accepted; the answer is JSON nested this deep.
    AcceptThenDeep {
        /// Levels of nesting.
        levels: usize,
    },
    /// Accepted; the answer is HTTP 500 with this Graph error. Meta's document knows `1`/`1357046` on delivered
    /// messages.
    AcceptThenGraphError {
        /// `error.code`.
        code: i64,
        /// `error.error_subcode`.
        subcode: Option<i64>,
    },
    /// HTTP 500 with this Graph error. Not accepted.
    GraphError {
        /// `error.code`.
        code: i64,
        /// `error.error_subcode`.
        subcode: Option<i64>,
    },
}

/// How a throttled answer says when to come back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RetryAfter {
    /// `Retry-After: 7`.
    Seconds(u64),
    /// `Retry-After` as an HTTP date this many ms from now.
    Date {
        /// ms from now.
        in_ms: i64,
    },
    /// `Retry-After: 99999999999999999999`.
    Absurd,
    /// A value that is neither a number nor a date.
    Nonsense,
    /// No header.
    Absent,
}
