//! What becomes of a reply: a pure function of its row, what happened, and the time.
//!
//! One rule gives at most once: `Dispatching` never goes back to `Queued` without a definite no — except where the
//! platform takes our operation id and repeats are harmless.

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
    /// It was found in `Dispatching` when the engine started: a crash.
    FoundAtStart,
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
    /// When the send began.
    pub dispatched_at: Option<Timestamp>,
}

/// What is known beside the row.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings {
    /// Now.
    pub now: Timestamp,
    /// Since when the sender has been awake without a pause.
    pub awake_since: Timestamp,
    /// Whether the platform takes our operation id and repeats are harmless.
    pub is_idempotent: bool,
    /// The wait before the next try, jitter included.
    pub backoff: Duration,
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
    let look = |looks: u32| {
        let began = row.dispatched_at.unwrap_or(now);
        let due_at = LOOKS.get(looks as usize).map(|after| began.plus(*after).max(now))?;
        Some(Change { state: Unknown, due_at, looks, ..stay })
    };
    // What may have left in an earlier attempt; a definite no is only about this one, which began at `due_at`.
    let left_before = row.dispatched_at.filter(|at| *at < row.due_at);
    match (row.state, event) {
        (Sent, _) => None,
        // Also what was taken back: it had left before, and a message that is there must not be hidden.
        (_, Event::Echoed) => to(Sent, now, None),
        (Cancelled, _) => None,

        (Held, Event::Due { .. }) if now < row.due_at => None,
        (Held | Queued, Event::Due { .. }) if around.awake_since.since(row.due_at) > OVERDUE => {
            to(NeedsPerson, now, Some(FailReason::Overdue))
        }
        (Held, Event::Due { .. }) => to(Queued, now, None),
        (Queued, Event::Due { blocked: Some(reason) }) => to(Failed, now, Some(*reason)),
        // The platform has forgotten the id, so a repeat might be a second one: it is looked for instead.
        (Queued, Event::Due { blocked: None }) if around.is_idempotent && is_forgotten(row, now) => {
            Some(Change { state: Unknown, due_at: now, looks: 0, ..stay })
        }
        (Queued, Event::Due { blocked: None }) => Some(Change {
            state: Dispatching,
            due_at: now,
            attempts: row.attempts + 1,
            dispatched_at: Some(row.dispatched_at.filter(|_| around.is_idempotent).unwrap_or(now)),
            ..stay
        }),

        (Dispatching, Event::Accepted { is_known: true }) => to(Sent, now, None),
        (Dispatching, Event::Accepted { is_known: false }) => {
            look(0).map(|c| Change { is_accepted: true, ..c })
        }
        (Dispatching, Event::Failed(fault)) => match (fault.certainty, fault.kind) {
            (Certainty::NotDone, FaultKind::Refused(why)) => to(Failed, now, Some(reason_for(why)))
                .map(|change| Change { dispatched_at: left_before, ..change }),
            (Certainty::NotDone, FaultKind::Unsupported | FaultKind::Malformed) => {
                to(Failed, now, Some(FailReason::Refused))
                    .map(|change| Change { dispatched_at: left_before, ..change })
            }
            (Certainty::NotDone, _) => {
                let wait = fault.retry_after.unwrap_or(around.backoff).max(around.backoff);
                Some(Change { state: Queued, due_at: now.plus(wait), dispatched_at: left_before, ..stay })
            }
            (Certainty::Unknown, _) => repeat_or_look(row, around, stay).or_else(|| look(0)),
        },
        (Dispatching, Event::FoundAtStart) => repeat_or_look(row, around, stay).or(Some(Change {
            state: Unknown,
            due_at: now,
            looks: 0,
            ..stay
        })),

        (Unknown, Event::Found) => to(Sent, now, None),
        // The longer it lasts, the rarer: there is no way through at the moment.
        (Unknown, Event::LookFailed) => {
            let half = now.since(row.dispatched_at.unwrap_or(now)).min(MOST_BETWEEN_LOOKS * 2) / 2;
            to(Unknown, now.plus(half.max(around.backoff)), None)
        }
        (Unknown, Event::NotFound) => {
            // By the time and not by their number: a message that comes in brings a look forward.
            let next = row.dispatched_at.map_or(row.looks as usize + 1, |began| {
                LOOKS.iter().filter(|after| began.plus(**after) <= now).count()
            });
            look(next as u32).or_else(|| {
                if row.is_accepted {
                    to(Sent, now, None)
                } else {
                    to(NeedsPerson, now, Some(FailReason::Unconfirmed))
                }
            })
        }

        (Failed | NeedsPerson, Event::Retry) => {
            // Who was asked because it lay here does not know that it may have left: the id stays, for the look. Who was
            // told so decides that it goes out anew.
            let dispatched_at = row.dispatched_at.filter(|_| {
                around.is_idempotent && (row.reason == Some(FailReason::Overdue) || !is_forgotten(row, now))
            });
            Some(Change { state: Queued, due_at: now, attempts: 0, looks: 0, dispatched_at, ..stay })
        }
        _ => None,
    }
}

/// Whether the platform may no longer know the id of an attempt that may have left.
fn is_forgotten(row: &OutboxRow, now: Timestamp) -> bool {
    row.dispatched_at.is_some_and(|at| now.since(at) >= IDEMPOTENT_FOR)
}

/// Where repeats are harmless, an unknown outcome is simply repeated with the same id, as long as the id is known there.
/// Not where the attempt was cut off long ago (a crash, a closed lid): nothing that old goes out without a question.
fn repeat_or_look(row: &OutboxRow, around: &Surroundings, stay: Change) -> Option<Change> {
    let is_recent = around.now.since(row.due_at) <= OVERDUE && !is_forgotten(row, around.now);
    (around.is_idempotent && is_recent).then(|| Change {
        state: OutboxState::Queued,
        due_at: around.now.plus(around.backoff),
        ..stay
    })
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
mod tests {
    use super::*;
    use model::{AccountId, ConversationId, MessageId, OpId};

    const NOW: Timestamp = Timestamp(1_000_000_000);

    fn row(state: OutboxState) -> OutboxRow {
        OutboxRow {
            op_id: OpId::new(NOW, [1; 10]),
            account_id: AccountId::new(NOW, [2; 10]),
            conversation_id: ConversationId(1),
            message_id: MessageId(1),
            state,
            due_at: NOW,
            attempts: 1,
            looks: 0,
            is_accepted: false,
            dispatched_at: (state != OutboxState::Held && state != OutboxState::Queued).then_some(NOW),
            reason: None,
            created_at: NOW,
        }
    }

    fn around(seconds: u64, is_idempotent: bool) -> Surroundings {
        let now = NOW.plus(Duration::from_secs(seconds));
        Surroundings { now, awake_since: NOW, is_idempotent, backoff: Duration::from_secs(4) }
    }

    fn all_events() -> Vec<Event> {
        let mut events = vec![
            Event::Due { blocked: None },
            Event::Due { blocked: Some(FailReason::WindowClosed) },
            Event::Accepted { is_known: true },
            Event::Accepted { is_known: false },
            Event::Found,
            Event::NotFound,
            Event::LookFailed,
            Event::Echoed,
            Event::FoundAtStart,
            Event::Retry,
        ];
        for kind in
            [FaultKind::SignInAgain, FaultKind::Throttled, FaultKind::Unavailable, FaultKind::Malformed]
        {
            events.push(Event::Failed(Fault::not_done(kind, "")));
            events.push(Event::Failed(Fault::unknown(kind, "")));
        }
        events
    }

    #[test]
    fn without_idempotency_a_send_that_may_have_left_is_never_queued_again_by_itself() {
        for state in [OutboxState::Dispatching, OutboxState::Unknown] {
            for event in all_events() {
                let may_have_left =
                    !matches!(&event, Event::Failed(fault) if fault.certainty == Certainty::NotDone);
                for seconds in [0, 1, 5, 60, 119, 120, 3600, 90_000] {
                    let change = step(&row(state), &event, &around(seconds, false));
                    let is_queued = change.is_some_and(|c| c.state == OutboxState::Queued);
                    assert!(
                        !(is_queued && (may_have_left || state == OutboxState::Unknown)),
                        "{state:?} {event:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn an_unknown_outcome_is_looked_for_six_times_and_then_a_person_is_asked() {
        let mut row = row(OutboxState::Dispatching);
        let mut event = Event::Failed(Fault::unknown(FaultKind::Unavailable, "reset"));
        let mut now = around(0, false);
        let mut due_after_s = vec![];
        while !row.state.is_settled() {
            let change = step(&row, &event, &now).expect("every look leads on");
            row = OutboxRow {
                state: change.state,
                due_at: change.due_at,
                looks: change.looks,
                reason: change.reason,
                ..row
            };
            due_after_s.push(change.due_at.since(NOW).as_secs());
            now.now = change.due_at;
            event = Event::NotFound;
        }
        assert_eq!(due_after_s[..6], [2, 5, 15, 30, 60, 120]);
        assert_eq!((row.state, row.reason), (OutboxState::NeedsPerson, Some(FailReason::Unconfirmed)));
    }

    #[test]
    fn a_platform_that_knows_our_ids_gets_the_same_send_again_for_a_day() {
        let lost = Event::Failed(Fault::unknown(FaultKind::Unavailable, "reset"));
        let state =
            |seconds| step(&row(OutboxState::Dispatching), &lost, &around(seconds, true)).map(|c| c.state);
        assert_eq!(state(10), Some(OutboxState::Queued));
        assert_eq!(state(24 * 3600), Some(OutboxState::Unknown));
    }

    #[test]
    fn a_broken_yes_is_never_sent_again_and_never_asked_about() {
        let accepted = OutboxRow { is_accepted: true, ..row(OutboxState::Unknown) };
        let change = step(&accepted, &Event::NotFound, &around(500, false)).unwrap();
        assert_eq!(change.state, OutboxState::Sent);
    }

    #[test]
    fn a_reply_that_was_due_long_before_we_woke_is_asked_about() {
        let mut late = around(0, false);
        late.now = NOW.plus(Duration::from_secs(3600));
        late.awake_since = late.now;
        for state in [OutboxState::Held, OutboxState::Queued] {
            let change = step(&row(state), &Event::Due { blocked: None }, &late).unwrap();
            assert_eq!((change.state, change.reason), (OutboxState::NeedsPerson, Some(FailReason::Overdue)));
        }
    }

    #[test]
    fn nothing_moves_a_reply_that_was_sent_or_taken_back_but_proof_that_it_is_there() {
        for state in [OutboxState::Sent, OutboxState::Cancelled] {
            for event in all_events() {
                let change = step(&row(state), &event, &around(5, false)).map(|change| change.state);
                let is_proof = state == OutboxState::Cancelled && event == Event::Echoed;
                assert_eq!(change, is_proof.then_some(OutboxState::Sent), "{event:?}");
            }
        }
    }

    /// What a row is after an event.
    fn after(row: &OutboxRow, event: &Event, around: &Surroundings) -> OutboxRow {
        let change = step(row, event, around).unwrap_or_else(|| panic!("{:?} {event:?}", row.state));
        crate::outbox::moved(row, change)
    }

    #[test]
    fn a_queued_reply_remembers_whether_it_may_have_left() {
        let no = Event::Failed(Fault::not_done(FaultKind::Unavailable, "refused"));
        let lost = Event::Failed(Fault::unknown(FaultKind::Unavailable, "reset"));
        for (outcomes, may_have_left) in
            [([&no, &no, &no], None), ([&no, &no, &lost], Some(20)), ([&lost, &no, &no], Some(0))]
        {
            let mut it = row(OutboxState::Queued);
            for (outcome, seconds) in outcomes.into_iter().zip([0, 10, 20]) {
                it = after(&it, &Event::Due { blocked: None }, &around(seconds, true));
                it = after(&it, outcome, &around(seconds + 1, true));
            }
            let left_at = may_have_left.map(|seconds| around(seconds, true).now);
            assert_eq!((it.state, it.dispatched_at), (OutboxState::Queued, left_at), "{outcomes:?}");
        }
    }

    #[test]
    fn an_id_that_the_platform_has_forgotten_is_never_used_for_a_repeat() {
        let lost = Event::Failed(Fault::unknown(FaultKind::Unavailable, "reset"));
        let refused = Event::Failed(Fault::not_done(FaultKind::Unavailable, "refused"));
        let due = Event::Due { blocked: None };
        let mut it = row(OutboxState::Queued);
        for (hours, outcome) in [(0, &lost), (1, &refused), (22, &refused)] {
            let now = Surroundings { awake_since: it.due_at, ..around(hours * 3600, true) };
            it = after(&after(&it, &due, &now), outcome, &now);
            assert_eq!((it.state, it.dispatched_at), (OutboxState::Queued, Some(NOW)), "after {hours} h");
        }
        let day_later = Surroundings { awake_since: it.due_at, ..around(24 * 3600, true) };
        assert_eq!(after(&it, &due, &day_later).state, OutboxState::Unknown, "looked for, not repeated");
        // Asked because it lay here too long, the answer must not skip the look either.
        let overdue = after(&it, &due, &Surroundings { awake_since: day_later.now, ..day_later });
        assert_eq!(overdue.reason, Some(FailReason::Overdue));
        let again = after(&overdue, &Event::Retry, &day_later);
        let looked = after(&after(&again, &due, &day_later), &Event::NotFound, &day_later);
        assert_eq!(looked.reason, Some(FailReason::Unconfirmed));
        let again = after(&looked, &Event::Retry, &day_later);
        assert_eq!(after(&again, &due, &day_later).state, OutboxState::Dispatching, "a person wants it anew");
    }

    #[test]
    fn an_attempt_that_was_cut_off_long_ago_is_looked_for_and_not_repeated_unasked() {
        let lost = Event::Failed(Fault::unknown(FaultKind::Unavailable, "reset"));
        for event in [Event::FoundAtStart, lost] {
            let state = |seconds| after(&row(OutboxState::Dispatching), &event, &around(seconds, true)).state;
            assert_eq!(state(60), OutboxState::Queued, "{event:?}");
            assert_eq!(state(3600), OutboxState::Unknown, "{event:?}");
        }
    }

    #[test]
    fn looks_that_do_not_get_through_become_rarer() {
        let wait = |seconds| {
            let now = Surroundings { backoff: Duration::from_secs(1), ..around(seconds, false) };
            after(&row(OutboxState::Unknown), &Event::LookFailed, &now).due_at.since(now.now).as_secs()
        };
        assert_eq!([wait(0), wait(2), wait(20), wait(120), wait(86_400)], [1, 1, 10, 60, 60]);
    }
}
