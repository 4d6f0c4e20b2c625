//! What goes wrong: now and then, for a while, or just at the worst moment.

use rand::Rng;
use rand::rngs::SmallRng;
use sandbox::{Faults, Match, Mishap, RetryAfter};
use std::io::ErrorKind;

/// Random faults of a stretch of the day: from a fair wind to a gale.
pub fn faults(rng: &mut SmallRng) -> Faults {
    let mut rate = |most: f64| if rng.random_bool(0.5) { rng.random_range(0.0..most) } else { 0.0 };
    let (refuse, break_before, lose_answer, delay) = (rate(0.1), rate(0.06), rate(0.08), rate(0.1));
    let (throttle, outage, cut) = (rate(0.03), rate(0.06), rate(0.04));
    let (late_send, delivered_with_error, send_error) = (rate(0.15), rate(0.1), rate(0.1));
    Faults {
        seed: rng.random(),
        refuse,
        break_before,
        lose_answer,
        delay,
        throttle,
        outage,
        cut,
        late_send,
        // A later one than we look for is a person's to decide.
        late_at_most_ms: 90_000,
        delivered_with_error,
        send_error,
    }
}

/// What meets the next send.
pub fn on_a_send(rng: &mut SmallRng) -> (Match, Mishap) {
    let kind =
        [ErrorKind::ConnectionReset, ErrorKind::TimedOut, ErrorKind::UnexpectedEof][rng.random_range(0..3)];
    let retry =
        [RetryAfter::Seconds(9), RetryAfter::Date { in_ms: 20_000 }, RetryAfter::Absurd, RetryAfter::Absent];
    let mishap = match rng.random_range(0..9) {
        0 => Mishap::Refuse,
        1 => Mishap::BreakBefore { after_ms: rng.random_range(0..5_000), kind },
        2 | 3 => Mishap::LoseAnswer { kind },
        4 => Mishap::Delay { by_ms: rng.random_range(1..25_000) },
        5 => Mishap::AcceptLate { accept_after_ms: rng.random_range(0..90_000), give_up_after_ms: 800 },
        6 => Mishap::Throttle(retry[rng.random_range(0..4)].clone()),
        7 => Mishap::AcceptThenCut,
        _ => Mishap::Html { status: 502 },
    };
    let at = if rng.random_bool(0.5) {
        Match::any().method("PUT").path("/send/")
    } else {
        Match::any().method("POST").path("/messages")
    };
    (at, mishap)
}
