//! What was asked of the platforms.

use std::collections::VecDeque;
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

/// The newest requests; tests keep all of them, the demo only some, since it may run for days.
pub(crate) struct Log {
    kept: VecDeque<Asked>,
    /// The number of the oldest one kept.
    first: usize,
    pub most: usize,
}

impl Log {
    pub fn new() -> Log {
        Log { kept: VecDeque::new(), first: 0, most: usize::MAX }
    }

    /// Gives the request's number.
    pub fn add(&mut self, asked: Asked) -> usize {
        self.kept.push_back(asked);
        if self.kept.len() > self.most {
            self.kept.pop_front();
            self.first += 1;
        }
        self.first + self.kept.len() - 1
    }

    pub fn close(&mut self, number: usize, outcome: Result<u16, io::ErrorKind>) {
        let place = number.checked_sub(self.first);
        if let Some(asked) = place.and_then(|place| self.kept.get_mut(place)) {
            asked.outcome = Some(outcome);
        }
    }

    pub fn all(&self) -> Vec<Asked> {
        self.kept.iter().cloned().collect()
    }
}
