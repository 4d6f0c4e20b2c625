//! The only HTTP client: bounds, budgets, Retry-After, redaction.

use crate::budget::Budget;
pub use crate::budget::Effect;
use crate::fault::{Fault, FaultKind};
use crate::skew::Sighting;
use crate::time::Clock;
pub use crate::transport::Bounds;
use crate::transport::{Transport, TransportError};
use crate::turns::{Turn, Turns};
use ::http::{HeaderMap, Request, Response, StatusCode};
use bytes::Bytes;
use model::Timestamp;
use model::account::Barrier;
use std::sync::{Arc, Mutex};
use std::time::Duration;

const UNPOISONED: &str = "no holder of the budget or the dates panics";

/// How long a call waits for its budget.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// Bounds of an ordinary call: 30 s, 1 MiB.
pub const SMALL: Bounds = Bounds { timeout: Duration::from_secs(30), cap_bytes: 1 << 20 };
/// Bounds of a page of messages: 60 s, 8 MiB.
pub const PAGE: Bounds = Bounds { timeout: Duration::from_secs(60), cap_bytes: 8 << 20 };
/// Bounds of a first sync, which carries a whole account: 10 min, 256 MiB.
pub const FIRST_SYNC: Bounds = Bounds { timeout: Duration::from_secs(600), cap_bytes: 256 << 20 };
/// Bounds of a file: 5 min; the cap is the caller's.
pub const fn file(cap_bytes: u64) -> Bounds {
    Bounds { timeout: Duration::from_secs(300), cap_bytes }
}

/// The way out for one account or one sign-in: a transport, a budget, and the manners of every call.
#[derive(Clone)]
pub struct Http {
    transport: Transport,
    clock: Arc<dyn Clock>,
    budget: Arc<Mutex<Budget>>,
    turns: Option<Arc<Turns>>,
    /// What holds for the budgets apart as well: pauses of the whole account.
    account: Arc<Mutex<Budget>>,
    dates: Arc<Mutex<Dates>>,
}

/// What the answers since the last look said of the platform's clock.
#[derive(Default)]
enum Dates {
    #[default]
    None,
    Agree(Sighting),
    Contradict,
}

impl Http {
    /// A way out with a budget of its own. Clones share the budget.
    pub fn new(transport: Transport, clock: Arc<dyn Clock>, budget: Budget) -> Self {
        let turns = budget.turns().map(|(count, rest)| Arc::new(Turns::new(count, rest, clock.clone())));
        let account = Arc::new(Mutex::new(Budget::endless(clock.now())));
        Self { transport, clock, budget: Arc::new(Mutex::new(budget)), turns, account, dates: Arc::default() }
    }

    /// The same way out with a budget of its own, for calls that the platform counts apart.
    pub fn apart(&self, budget: impl FnOnce(Timestamp) -> Budget) -> Self {
        let apart = Self::new(self.transport.clone(), self.clock.clone(), budget(self.clock.now()));
        Self { account: self.account.clone(), ..apart }
    }

    /// One request, one answer of whatever status: the connector decides what a status means.
    ///
    /// Waits for the budget first; a call that would have to wait longer than [`PATIENCE`] is `Throttled` instead, so that
    /// a write can still be taken back, and that nobody takes a long silence for an empty inbox. Without an answer: a read was certainly not done; a write is
    /// `NotDone` if no byte left and `Unknown` otherwise.
    pub async fn call(
        &self,
        request: Request<Bytes>,
        bounds: Bounds,
        effect: Effect,
    ) -> Result<Response<Bytes>, Fault> {
        let mut turn = self.wait_for_turn(effect).await?;
        self.wait_for_budget(effect).await?;
        if let Some(turn) = &mut turn {
            turn.leave();
        }
        let (method, host) = (request.method().clone(), request.uri().host().unwrap_or("-").to_owned());
        let asked = self.clock.now();
        let answer = self.transport.exchange(request, bounds).await;
        match &answer {
            Ok(response) => {
                tracing::debug!(%method, host, status = response.status().as_u16(), "answered");
                self.note_date(response, asked);
            }
            Err(error) => tracing::debug!(%method, host, %error, "no answer"),
        }
        let answer = answer.and_then(|response| match response.status() {
            StatusCode::PROXY_AUTHENTICATION_REQUIRED => Err(TransportError::ProxyWantsSignIn),
            StatusCode::NETWORK_AUTHENTICATION_REQUIRED => Err(TransportError::NetworkWantsSignIn),
            _ => Ok(response),
        });
        answer.map_err(|error| {
            let kind = match error {
                TransportError::ProxyWantsSignIn => {
                    let kind = FaultKind::Intercepted(Barrier::Proxy);
                    return Fault::not_done(kind, error.to_string());
                }
                TransportError::NetworkWantsSignIn => {
                    let kind = FaultKind::Intercepted(Barrier::Page);
                    return Fault::not_done(kind, error.to_string());
                }
                TransportError::NotSent(_) => {
                    return Fault::not_done(FaultKind::Unavailable, error.to_string());
                }
                TransportError::Broken(_) => FaultKind::Unavailable,
                TransportError::TooLarge { .. } => FaultKind::Malformed,
            };
            match effect {
                Effect::Read => Fault::not_done(kind, error.to_string()),
                Effect::Write => Fault::unknown(kind, error.to_string()),
            }
        })
    }

    /// The platform asks for a pause of calls that read, or of calls that change something, and counts the others apart:
    /// they go on, and so does what has a budget apart.
    pub fn pause(&self, effect: Effect, wait: Duration) {
        self.budget.lock().expect(UNPOISONED).pause(effect, self.end_of(wait));
    }

    /// The platform asks for a pause of everything: no call of this account leaves before it is over.
    pub fn pause_account(&self, wait: Duration) {
        let (mut account, until) = (self.account.lock().expect(UNPOISONED), self.end_of(wait));
        account.pause(Effect::Read, until);
        account.pause(Effect::Write, until);
    }

    /// What the answers since the last call said of the platform's clock; none if they said nothing or contradict each
    /// other. Only the caller knows whether they were the platform's own.
    pub fn take_sighting(&self) -> Option<Sighting> {
        match std::mem::take(&mut *self.dates.lock().expect(UNPOISONED)) {
            Dates::Agree(sighting) => Some(sighting),
            Dates::None | Dates::Contradict => None,
        }
    }

    fn note_date(&self, response: &Response<Bytes>, asked: Timestamp) {
        let seen = Sighting::of(response.headers(), asked, self.clock.now());
        let Some(seen) = seen.filter(|_| response.status().is_success()) else { return };
        let mut dates = self.dates.lock().expect(UNPOISONED);
        *dates = match *dates {
            Dates::None => Dates::Agree(seen),
            Dates::Agree(before) => before.with(seen).map_or(Dates::Contradict, Dates::Agree),
            Dates::Contradict => Dates::Contradict,
        };
    }

    fn end_of(&self, wait: Duration) -> Timestamp {
        self.clock.now().plus(wait.min(Duration::from_secs(3600)))
    }

    /// A read stands in the queue as long as it takes: who is before it ends with the bounds of its call.
    async fn wait_for_turn(&self, effect: Effect) -> Result<Option<Turn<'_>>, Fault> {
        let Some(turns) = &self.turns else { return Ok(None) };
        match effect {
            Effect::Read => Ok(Some(turns.next().await)),
            Effect::Write => match tokio::time::timeout(PATIENCE, turns.next()).await {
                Ok(turn) => Ok(Some(turn)),
                Err(_) => Err(Fault::not_done(FaultKind::Throttled, "no turn came").after(PATIENCE)),
            },
        }
    }

    async fn wait_for_budget(&self, effect: Effect) -> Result<(), Fault> {
        loop {
            match self.take(effect) {
                Ok(()) => return Ok(()),
                Err(wait) if wait > PATIENCE => {
                    return Err(Fault::not_done(FaultKind::Throttled, "asked to wait").after(wait));
                }
                Err(wait) => tokio::time::sleep(wait).await,
            }
        }
    }

    fn take(&self, effect: Effect) -> Result<(), Duration> {
        let now = self.clock.now();
        self.account.lock().expect(UNPOISONED).take(effect, now)?;
        self.budget.lock().expect(UNPOISONED).take(effect, now)
    }
}

/// What `Retry-After` says: seconds, or an HTTP date compared with the answer's own `Date` (our clock may be wrong).
pub fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(::http::header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        return (seconds.is_finite() && seconds >= 0.0).then(|| Duration::from_secs_f64(seconds.min(3600.0)));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    let now = httpdate::parse_http_date(headers.get(::http::header::DATE)?.to_str().ok()?).ok()?;
    Some(until.duration_since(now).unwrap_or_default().min(Duration::from_secs(3600)))
}

/// Who wrote what is no JSON: a page of the network we are in, or the platform in trouble.
pub fn kind_of_unread(body: &[u8]) -> FaultKind {
    match body.trim_ascii_start().first() {
        Some(b'<') => FaultKind::Intercepted(Barrier::Page),
        Some(b'{' | b'[') => FaultKind::Malformed,
        _ => FaultKind::Unavailable,
    }
}

/// Whether what answered a write with a success is not the platform: then nobody knows whether it was done.
pub fn refuse_page(body: &[u8]) -> Result<(), Fault> {
    match kind_of_unread(body) {
        kind @ FaultKind::Intercepted(_) => Err(Fault::unknown(kind, "a page where JSON was expected")),
        _ => Ok(()),
    }
}

/// Parses an answer as JSON, at most 64 levels deep, whatever its stated type.
///
/// Fails with `Malformed`; the caller sets the certainty by what the status told it.
pub fn json<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Fault> {
    if is_deeper_than(body, 64) {
        return Err(Fault::not_done(FaultKind::Malformed, "JSON deeper than 64 levels"));
    }
    serde_json::from_slice(body).map_err(|error| {
        let shape = format!("JSON {:?} at {}:{}", error.classify(), error.line(), error.column());
        let kind = match kind_of_unread(body) {
            page @ FaultKind::Intercepted(_) => page,
            _ => FaultKind::Malformed,
        };
        Fault::not_done(kind, shape)
    })
}

fn is_deeper_than(body: &[u8], limit: usize) -> bool {
    let (mut depth, mut in_text, mut is_escaped) = (0_usize, false, false);
    for byte in body {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if in_text => is_escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => depth += 1,
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > limit {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use ::http::header::{DATE, RETRY_AFTER};

    fn headers(retry_after: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, retry_after.parse().unwrap());
        headers.insert(DATE, "Mon, 23 Nov 2026 12:00:00 GMT".parse().unwrap());
        headers
    }

    #[test]
    fn retry_after_is_read_as_seconds_or_as_a_date_and_never_exceeds_an_hour() {
        assert_eq!(retry_after(&headers("7")), Some(Duration::from_secs(7)));
        assert_eq!(retry_after(&headers("Mon, 23 Nov 2026 12:00:30 GMT")), Some(Duration::from_secs(30)));
        assert_eq!(retry_after(&headers("99999999999")), Some(Duration::from_secs(3600)));
        assert_eq!(retry_after(&headers("-4")), None);
        assert_eq!(retry_after(&headers("soon")), None);
    }

    #[test]
    fn a_depth_bomb_is_refused_before_it_is_parsed() {
        let bomb = [b"[".repeat(65), b"]".repeat(65)].concat();
        assert_eq!(json::<serde_json::Value>(&bomb).unwrap_err().kind, FaultKind::Malformed);
        assert!(json::<serde_json::Value>(br#"{"a":["[[[[",{"b":"\"{{{"}]}"#).is_ok());
    }
}
