//! Which request meets which mishap.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;

use bytes::Bytes;
use http::Request;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};

use super::{Mishap, RetryAfter};
use crate::wire;

/// Which requests are meant. Empty parts match everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Match {
    host: String,
    method: String,
    path: String,
    query: String,
    body: String,
}

impl Match {
    /// Every request.
    pub fn any() -> Match {
        Match::default()
    }

    /// Only requests whose host contains this.
    pub fn host(mut self, part: &str) -> Match {
        self.host = part.to_owned();
        self
    }

    /// Only requests of this method.
    pub fn method(mut self, method: &str) -> Match {
        self.method = method.to_owned();
        self
    }

    /// Only requests whose path, as sent, contains this.
    pub fn path(mut self, part: &str) -> Match {
        self.path = part.to_owned();
        self
    }

    /// Only requests whose query, as sent, contains this.
    pub fn query(mut self, part: &str) -> Match {
        self.query = part.to_owned();
        self
    }

    /// Only requests whose body contains this.
    pub fn body(mut self, part: &str) -> Match {
        self.body = part.to_owned();
        self
    }

    fn fits(&self, request: &Request<Bytes>) -> bool {
        (self.method.is_empty() || self.method == request.method().as_str())
            && request.uri().path().contains(&self.path)
            && request.uri().query().unwrap_or_default().contains(&self.query)
            && wire::host(request).contains(&self.host)
            && (self.body.is_empty() || String::from_utf8_lossy(request.body()).contains(&self.body))
    }
}

/// Random faults: each rate is the share of requests (0.0 to 1.0) that meets it. Faults that need a send apply to
/// sends only (`POST …/messages`, `PUT …/send/…`).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Faults {
    /// Decides which requests are hit; independent of the world's seed.
    pub seed: u64,
    /// Nothing left the machine.
    pub refuse: f64,
    /// Broken before the platform acted.
    pub break_before: f64,
    /// The platform acted, the answer was lost.
    pub lose_answer: f64,
    /// The platform acted, the answer came up to 20 s late.
    pub delay: f64,
    /// 429 with one of the kinds of `Retry-After`.
    pub throttle: f64,
    /// 502 with HTML, or 503 without a body, nothing done.
    pub outage: f64,
    /// The platform acted, the answer's body is cut.
    pub cut: f64,
    /// Sends only: accepted up to `late_at_most_ms` after the connection broke.
    pub late_send: f64,
    /// Longest delay of a late send, ms.
    pub late_at_most_ms: i64,
    /// Messenger sends only: delivered, answered with code 1, subcode 1357046.
    pub delivered_with_error: f64,
    /// Sends only: 500 and not delivered.
    pub send_error: f64,
}

/// Arranged mishaps first, then the dice.
pub(crate) struct Book {
    arranged: Vec<(Match, Mishap, u32)>,
    faults: Faults,
    /// How often each host and path was asked for since the weather changed.
    asked: HashMap<String, u64>,
}

impl Book {
    pub fn new() -> Book {
        Book { arranged: Vec::new(), faults: Faults::default(), asked: HashMap::new() }
    }

    pub fn arrange(&mut self, matching: Match, mishap: Mishap, times: u32) {
        self.arranged.push((matching, mishap, times));
    }

    /// How many arranged mishaps have not happened yet.
    pub fn count_arranged(&self) -> u32 {
        self.arranged.iter().map(|(_, _, left)| left).sum()
    }

    pub fn clear(&mut self) {
        self.arranged.clear();
    }

    pub fn set_faults(&mut self, faults: Faults) {
        self.asked.clear();
        self.faults = faults;
    }

    pub fn choose(&mut self, request: &Request<Bytes>) -> Option<Mishap> {
        if let Some(place) = self.arranged.iter().position(|(matching, _, _)| matching.fits(request)) {
            let (_, mishap, left) = &mut self.arranged[place];
            let mishap = mishap.clone();
            *left = left.saturating_sub(1);
            if *left == 0 {
                self.arranged.remove(place);
            }
            return Some(mishap);
        }
        if self.faults == Faults::default() { None } else { self.roll(request) }
    }

    /// The dice of one request: they depend on what is asked for and how often it was before, not on what others ask for
    /// meanwhile, so that accounts that run beside each other do not change each other's luck.
    fn dice(&mut self, request: &Request<Bytes>) -> SmallRng {
        // Without the ids of single operations, which are chance themselves.
        let path: Vec<&str> = request.uri().path().split('/').take(7).collect();
        let place = format!("{} {}{}", request.method(), wire::host(request), path.join("/"));
        let mut hasher = DefaultHasher::new();
        (self.faults.seed, &place).hash(&mut hasher);
        let times = self.asked.entry(place).or_default();
        *times += 1;
        times.hash(&mut hasher);
        SmallRng::seed_from_u64(hasher.finish())
    }

    /// One throw decides, so that the rates add up; a second one picks the variant.
    fn roll(&mut self, request: &Request<Bytes>) -> Option<Mishap> {
        let mut rng = self.dice(request);
        let path = request.uri().path();
        let to_graph = wire::host(request).ends_with("facebook.com");
        let send = (request.method() == "POST" && path.ends_with("/messages")) || path.contains("/send/");
        let kind = *[io::ErrorKind::ConnectionReset, io::ErrorKind::UnexpectedEof, io::ErrorKind::TimedOut]
            .get(rng.random_range(0..3))
            .unwrap_or(&io::ErrorKind::ConnectionReset);
        let variant: u32 = rng.random_range(0..4);
        let late_ms = rng.random_range(0..=self.faults.late_at_most_ms.max(1));
        let delay_ms = rng.random_range(1..=20_000);
        let retry = match variant {
            0 => RetryAfter::Seconds(rng.random_range(1..20)),
            1 => RetryAfter::Date { in_ms: 5_000 },
            2 => RetryAfter::Absurd,
            _ => RetryAfter::Absent,
        };
        let outage = if variant < 2 { Mishap::Html { status: 502 } } else { Mishap::Empty { status: 503 } };
        let send_error = if to_graph {
            Mishap::GraphError { code: 2, subcode: None }
        } else {
            Mishap::Html { status: 500 }
        };
        let faults = &self.faults;
        let table = [
            (faults.refuse, Mishap::Refuse),
            (faults.break_before, Mishap::BreakBefore { after_ms: i64::from(variant) * 700, kind }),
            (faults.lose_answer, Mishap::LoseAnswer { kind }),
            (faults.delay, Mishap::Delay { by_ms: delay_ms }),
            (faults.throttle, Mishap::Throttle(retry)),
            (faults.outage, outage),
            (faults.cut, Mishap::AcceptThenCut),
            (
                if send { faults.late_send } else { 0.0 },
                Mishap::AcceptLate { accept_after_ms: late_ms, give_up_after_ms: 1_000 },
            ),
            (
                if send && to_graph { faults.delivered_with_error } else { 0.0 },
                Mishap::AcceptThenGraphError { code: 1, subcode: Some(1_357_046) },
            ),
            (if send { faults.send_error } else { 0.0 }, send_error),
        ];
        let mut throw: f64 = rng.random();
        for (rate, mishap) in table {
            if throw < rate {
                return Some(mishap);
            }
            throw -= rate;
        }
        None
    }
}
