//! What a fault means for an account: its status, and how long the worker waits.

use connect::fault::{Fault, FaultKind};
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
