//! What a fault means for an account: its status, and how long the worker waits.

use connect::fault::{Fault, FaultKind, Refusal};
use model::Timestamp;
use model::account::AccountStatus;
use std::time::Duration;

/// What the worker does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Waits (or is woken) and tries again.
    Wait(Duration),
    /// Forgets its position and starts over; duplicates are harmless.
    StartOver,
    /// Ends until a person signs in again.
    End,
}

/// How long a refused account is left alone before it is tried again.
pub const REFUSED_PAUSE: Duration = Duration::from_secs(600);

/// A platform whose sign-in has ended may only say that it does not permit what it permitted before: once the end that
/// was known has passed, that is what it means.
pub fn at_the_end(fault: &Fault, ends_at: Option<Timestamp>, now: Timestamp) -> Fault {
    let is_over = ends_at.is_some_and(|at| at <= now);
    let kind = match fault.kind {
        FaultKind::Refused(Refusal::Permission) if is_over => FaultKind::SignInAgain,
        kind => kind,
    };
    Fault { kind, ..fault.clone() }
}

/// The new status (none = unchanged) and what to do, after a read failed.
pub fn after(
    fault: &Fault,
    before: AccountStatus,
    backoff: Duration,
    now: Timestamp,
) -> (Option<AccountStatus>, Next) {
    let since = match before {
        AccountStatus::Offline { since, .. } | AccountStatus::Unreadable { since } => since,
        _ => now,
    };
    match fault.kind {
        FaultKind::SignInAgain => (Some(AccountStatus::SignInAgain), Next::End),
        FaultKind::CursorLost => (None, Next::StartOver),
        FaultKind::Throttled => {
            let wait = fault.retry_after.unwrap_or(backoff).max(backoff);
            (Some(AccountStatus::Throttled { until: now.plus(wait) }), Next::Wait(wait))
        }
        FaultKind::Refused(_) | FaultKind::Unsupported => {
            (Some(AccountStatus::Refused), Next::Wait(REFUSED_PAUSE))
        }
        FaultKind::Unavailable | FaultKind::Intercepted(_) => {
            let barrier = match fault.kind {
                FaultKind::Intercepted(barrier) => Some(barrier),
                _ => None,
            };
            let wait = fault.retry_after.unwrap_or(backoff);
            (Some(AccountStatus::Offline { since, barrier }), Next::Wait(wait))
        }
        FaultKind::Malformed => (Some(AccountStatus::Unreadable { since }), Next::Wait(backoff)),
    }
}
