//! What becomes of a reply: a pure function of its row, what happened, and the time.
//!
//! One rule gives at most once: `Dispatching` never goes back to `Queued` without a definite no — except where the
//! platform takes our operation id and repeats are harmless.
//!
//! What waits goes by the clock of this run. How long ago a send began goes by the platforms' time, which outlives the run and
//! whatever this machine's clock showed.

use connect::fault::{Certainty, Fault, FaultKind, Refusal};
use model::Timestamp;
use model::outbox::{FailReason, OutboxRow, OutboxState};
use std::time::Duration;

/// After an unknown outcome the conversation is read back this long after the send began.
pub const LOOKS: [Duration; 6] = [
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(15),
    Duration::from_secs(30),
    Duration::from_secs(60),
    Duration::from_secs(120),
];

/// Longest wait between two looks while none of them gets through.
const MOST_BETWEEN_LOOKS: Duration = Duration::from_secs(60);

/// A reply whose time came this long before the sender woke (closed lid, crash, signed out) is asked about first.
pub const OVERDUE: Duration = Duration::from_secs(600);

/// An attempt of an earlier run that began longer ago is not looked for any more: too much may look like it by now.
const JUDGED_FOR: Duration = Duration::from_secs(86_400);

/// The platforms' time is put right by a little now and then; by more, and an attempt seems to lie ahead of now.
const TOLERANCE: Duration = Duration::from_secs(5);

/// For this long a platform with true idempotency knows our operation ids; an hour less than the day it promises.
pub const IDEMPOTENT_FOR: Duration = Duration::from_secs(23 * 3600);

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Its time has come; `blocked` says why it cannot be sent at all, if so.
    Due {
        /// A definite no that we know ourselves (window closed, encrypted, left).
        blocked: Option<FailReason>,
    },
    /// The platform took it.
    Accepted {
        /// Whether its answer gave the new id; otherwise it has to be found.
        is_known: bool,
    },
    /// The platform, or the way there, failed.
    Failed(Fault),
    /// A read-back found it.
    Found,
    /// A read-back did not find it.
    NotFound,
    /// The read-back itself failed.
    LookFailed,
    /// It came in by sync, with our operation id.
    Echoed,
    /// It was here when the engine started: an earlier run began to send it.
    FoundAtStart {
        /// A platform has said what time it is.
        is_time_known: bool,
    },
    /// A person wants it sent (again).
    Retry,
}

/// How the row changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// New state.
    pub state: OutboxState,
    /// When it is next looked at; meaningless once settled.
    pub due_at: Timestamp,
    /// Why it failed or needs a person.
    pub reason: Option<FailReason>,
    /// Sends begun.
    pub attempts: u32,
    /// Looks taken.
    pub looks: u32,
    /// The platform said yes.
    pub is_accepted: bool,
    /// When the send began, by the platforms' time.
    pub dispatched_at: Option<Timestamp>,
}

/// What is known beside the row.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings {
    /// Now, by the clock of this run.
    pub now: Timestamp,
    /// Now, by the platforms' time.
    pub platform_now: Timestamp,
    /// Since when the sender has been awake without a pause.
    pub awake_since: Timestamp,
    /// Whether the platform takes our operation id and repeats are harmless.
    pub is_idempotent: bool,
    /// The wait before the next try, jitter included.
    pub backoff: Duration,
    /// When an attempt before this one began that may have left: a definite no is only about this one.
    pub left_before: Option<Timestamp>,
}

/// What becomes of the row; none if the event means nothing in its state.
pub fn step(row: &OutboxRow, event: &Event, around: &Surroundings) -> Option<Change> {
    use OutboxState::{Cancelled, Dispatching, Failed, Held, NeedsPerson, Queued, Sent, Unknown};
    let now = around.now;
    let stay = Change {
        state: row.state,
        due_at: row.due_at,
        reason: None,
        attempts: row.attempts,
        looks: row.looks,
        is_accepted: row.is_accepted,
        dispatched_at: row.dispatched_at,
    };
    let to = |state, due_at, reason| Some(Change { state, due_at, reason, ..stay });
    let age = age(row, around);
    let look_now = Change { state: Unknown, due_at: now, looks: 0, ..stay };
    let look = |looks: usize| {
        let after = LOOKS.get(looks)?.saturating_sub(age.unwrap_or_default());
        Some(Change { due_at: now.plus(after), looks: looks as u32, ..look_now })
    };
    // Where repeats are harmless, an unknown outcome is simply repeated with the same id, as long as the id is known there.
    // Not where the attempt was cut off long ago (a crash, a closed lid): nothing that old goes out without a question.
    let repeat = |began_ago: Duration| {
        let is_harmless = around.is_idempotent && began_ago <= OVERDUE && !is_forgotten(row, age);
        is_harmless.then(|| Change { state: Queued, due_at: now.plus(around.backoff), ..stay })
    };
    let not_found = || match row.is_accepted {
        true => to(Sent, now, None),
        false => to(NeedsPerson, now, Some(FailReason::Unconfirmed)),
    };
    let is_overdue = around.awake_since.since(row.due_at) > OVERDUE;
    match (row.state, event) {
        (Sent, _) => None,
        // Also what was taken back: it had left before, and a message that is there must not be hidden.
        (_, Event::Echoed) => to(Sent, now, None),
        (Cancelled, _) => None,

        (Held, Event::Due { .. }) if now < row.due_at => None,
        // It may have arrived: nobody is asked, and nothing repeated under an id that the platform has forgotten, before it
        // was looked for.
        (Queued, Event::Due { .. })
            if row.dispatched_at.is_some() && (is_overdue || is_forgotten(row, age)) =>
        {
            Some(look_now)
        }
        (Held | Queued, Event::Due { .. }) if is_overdue => to(NeedsPerson, now, Some(FailReason::Overdue)),
        (Held, Event::Due { .. }) => to(Queued, now, None),
        (Queued, Event::Due { blocked: Some(reason) }) => to(Failed, now, Some(*reason)),
        (Queued, Event::Due { blocked: None }) => {
            let first = row.dispatched_at.filter(|_| around.is_idempotent);
            Some(Change {
                state: Dispatching,
                due_at: now,
                attempts: row.attempts + 1,
                dispatched_at: first.or(Some(around.platform_now)),
                ..stay
            })
        }

        (Dispatching, Event::Accepted { is_known: true }) => to(Sent, now, None),
        (Dispatching, Event::Accepted { is_known: false }) => {
            look(0).map(|c| Change { is_accepted: true, ..c })
        }
        (Dispatching, Event::Failed(fault)) => match (fault.certainty, fault.kind) {
            (Certainty::NotDone, kind) => {
                let (state, due_at, reason) = match kind {
                    FaultKind::Refused(why) => (Failed, now, Some(reason_for(why))),
                    FaultKind::Unsupported | FaultKind::Malformed => (Failed, now, Some(FailReason::Refused)),
                    _ => {
                        let wait = fault.retry_after.unwrap_or(around.backoff).max(around.backoff);
                        (Queued, now.plus(wait), None)
                    }
                };
                Some(Change { state, due_at, reason, dispatched_at: around.left_before, ..stay })
            }
            (Certainty::Unknown, _) => repeat(now.since(row.due_at)).or_else(|| look(0)),
        },

        (Queued | Dispatching | Unknown, Event::FoundAtStart { is_time_known }) => {
            match age.filter(|age| *age <= JUDGED_FOR) {
                // An earlier run did not begin to send it.
                _ if row.dispatched_at.is_none() => None,
                // When it is, or was, nobody can tell yet; by the time of the next look somebody may.
                _ if !is_time_known => Some(look_now),
                None => not_found(),
                Some(_) if row.state == Queued => None,
                Some(age) if row.state == Dispatching => repeat(age).or(Some(look_now)),
                Some(_) => Some(look_now),
            }
        }

        (Dispatching | Unknown, Event::Found) => to(Sent, now, None),
        // The longer it lasts, the rarer: there is no way through at the moment.
        (Unknown, Event::LookFailed) => {
            let half = age.map_or(MOST_BETWEEN_LOOKS, |age| MOST_BETWEEN_LOOKS.min(age / 2));
            to(Unknown, now.plus(half.max(around.backoff)), None)
        }
        (Unknown, Event::NotFound) => {
            // By the time and not by their number: a message that comes in brings a look forward.
            let taken = |age| LOOKS.iter().filter(|after| **after <= age).count();
            look(age.map_or(LOOKS.len(), taken)).or_else(not_found)
        }

        (Failed | NeedsPerson, Event::Retry) => {
            // Under an id that is known there it cannot become two; else the person decides that it goes out anew.
            let dispatched_at = row.dispatched_at.filter(|_| around.is_idempotent && !is_forgotten(row, age));
            Some(Change { state: Queued, due_at: now, attempts: 0, looks: 0, dispatched_at, ..stay })
        }
        _ => None,
    }
}

/// How long ago the send began, if it did. None also if that seems to lie ahead: the platforms' time was not what it was
/// taken for, then or now, and nothing follows from it.
fn age(row: &OutboxRow, around: &Surroundings) -> Option<Duration> {
    let began = row.dispatched_at?;
    (began <= around.platform_now.plus(TOLERANCE)).then(|| around.platform_now.since(began))
}

/// Whether the platform may no longer know the id of an attempt that may have left.
fn is_forgotten(row: &OutboxRow, age: Option<Duration>) -> bool {
    row.dispatched_at.is_some() && age.is_none_or(|age| age >= IDEMPOTENT_FOR)
}

/// The words for a refusal.
pub fn reason_for(refusal: Refusal) -> FailReason {
    match refusal {
        Refusal::WindowClosed => FailReason::WindowClosed,
        Refusal::TooLong => FailReason::TooLong,
        Refusal::Attachment => FailReason::AttachmentRefused,
        Refusal::RecipientUnavailable | Refusal::NotFound => FailReason::RecipientUnavailable,
        Refusal::OtherAppInControl => FailReason::OtherAppInControl,
        Refusal::Encrypted => FailReason::Encrypted,
        Refusal::Permission | Refusal::Other => FailReason::Refused,
    }
}

#[cfg(test)]
mod tests;
