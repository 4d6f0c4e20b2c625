//! What was asked of the platforms.

use std::io;

use bytes::Bytes;
use http::Request;

/// One request as it arrived, and what became of it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// When it arrived, ms since 1970.
    pub at_ms: i64,
    /// `GET`, `PUT` …
    pub method: String,
    /// The host it was for.
    pub host: String,
    /// The path as sent, still percent-encoded.
    pub path: String,
    /// The query as sent, empty when there was none.
    pub query: String,
    /// The body as sent.
    pub body: Bytes,
    /// The answer's status, or how the connection failed. None while it is still being answered, and for good when
    /// the asker went away first.
    pub outcome: Option<Result<u16, io::ErrorKind>>,
}

impl Asked {
    pub(crate) fn of(request: &Request<Bytes>, at_ms: i64) -> Asked {
        Asked {
            at_ms,
            method: request.method().as_str().to_owned(),
            host: crate::wire::host(request),
            path: request.uri().path().to_owned(),
            query: request.uri().query().unwrap_or_default().to_owned(),
            body: request.body().clone(),
            outcome: None,
        }
    }
}
