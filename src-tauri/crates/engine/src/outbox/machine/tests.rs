//! What becomes of a reply, state by state.

use super::*;
use model::{AccountId, ConversationId, MessageId, OpId};

const NOW: Timestamp = Timestamp(1_000_000_000);
/// The same instant by the platforms' time: this machine's clock is weeks off.
const SENT: Timestamp = Timestamp(9_000_000_000);

const FOUND_AT_START: Event = Event::FoundAtStart { is_time_known: true };

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
        dispatched_at: (state != OutboxState::Held && state != OutboxState::Queued).then_some(SENT),
        reason: None,
        created_at: NOW,
    }
}

fn around(seconds: u64, is_idempotent: bool) -> Surroundings {
    let since = Duration::from_secs(seconds);
    Surroundings {
        now: NOW.plus(since),
        platform_now: SENT.plus(since),
        awake_since: NOW,
        is_idempotent,
        backoff: Duration::from_secs(4),
        left_before: None,
    }
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
        FOUND_AT_START,
        Event::FoundAtStart { is_time_known: false },
        Event::Retry,
    ];
    for kind in [FaultKind::SignInAgain, FaultKind::Throttled, FaultKind::Unavailable, FaultKind::Malformed] {
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
        now = around(change.due_at.since(NOW).as_secs(), false);
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

/// What a queued row is after it was sent with this outcome.
fn attempt(row: &OutboxRow, outcome: &Event, around: &Surroundings) -> OutboxRow {
    let sending = after(row, &Event::Due { blocked: None }, around);
    after(&sending, outcome, &Surroundings { left_before: row.dispatched_at, ..*around })
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
            it = attempt(&it, outcome, &around(seconds, true));
        }
        let left_at = may_have_left.map(|seconds| around(seconds, true).platform_now);
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
        it = attempt(&it, outcome, &now);
        assert_eq!((it.state, it.dispatched_at), (OutboxState::Queued, Some(SENT)), "after {hours} h");
    }
    let day_later = Surroundings { awake_since: it.due_at, ..around(24 * 3600, true) };
    assert_eq!(after(&it, &due, &day_later).state, OutboxState::Unknown, "looked for, not repeated");
    let looked = after(&after(&it, &due, &day_later), &Event::NotFound, &day_later);
    assert_eq!(looked.reason, Some(FailReason::Unconfirmed));
    let again = after(&looked, &Event::Retry, &day_later);
    assert_eq!(after(&again, &due, &day_later).state, OutboxState::Dispatching, "a person wants it anew");
}

#[test]
fn an_attempt_that_was_cut_off_long_ago_is_looked_for_and_not_repeated_unasked() {
    let lost = Event::Failed(Fault::unknown(FaultKind::Unavailable, "reset"));
    for event in [FOUND_AT_START, lost] {
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

#[test]
fn a_reply_that_may_have_left_is_looked_for_however_long_it_waited_and_never_called_held_back() {
    let lost = Event::Failed(Fault::unknown(FaultKind::Unavailable, "reset"));
    let it = attempt(&row(OutboxState::Queued), &lost, &around(0, true));
    let hour_later = around(3600, true);
    let woken = Surroundings { awake_since: hour_later.now, ..hour_later };
    for blocked in [None, Some(FailReason::RecipientUnavailable)] {
        let looked_for = after(&it, &Event::Due { blocked }, &woken);
        assert_eq!((looked_for.state, looked_for.due_at), (OutboxState::Unknown, woken.now));
        assert_eq!(after(&looked_for, &Event::Found, &woken).state, OutboxState::Sent);
        let asked = after(&looked_for, &Event::NotFound, &woken);
        assert_eq!((asked.state, asked.reason), (OutboxState::NeedsPerson, Some(FailReason::Unconfirmed)));
    }
}

#[test]
fn an_attempt_that_lies_ahead_of_now_or_a_day_back_is_asked_about_and_never_repeated() {
    for is_idempotent in [true, false] {
        for (ahead_s, back_s) in [(3600, 0), (0, 25 * 3600)] {
            let now = around(back_s, is_idempotent);
            for state in [OutboxState::Queued, OutboxState::Dispatching, OutboxState::Unknown] {
                let dispatched_at = Some(SENT.plus(Duration::from_secs(ahead_s)));
                let it = OutboxRow { dispatched_at, ..row(state) };
                let asked = after(&it, &FOUND_AT_START, &now);
                let unconfirmed = (OutboxState::NeedsPerson, Some(FailReason::Unconfirmed));
                assert_eq!((asked.state, asked.reason), unconfirmed, "{state:?}");
                // While nobody knows what time it is, it is only looked for; what comes of that is judged as strictly.
                let unsure = Event::FoundAtStart { is_time_known: false };
                let looked_for = after(&it, &unsure, &now);
                assert_eq!(looked_for.state, OutboxState::Unknown, "{state:?}");
                let asked = after(&looked_for, &Event::NotFound, &now);
                assert_eq!((asked.state, asked.reason), unconfirmed, "{state:?}");
            }
        }
    }
}

#[test]
fn what_an_earlier_run_began_is_looked_for_at_once_whenever_it_would_have_been_by_its_clock() {
    let late = NOW.plus(Duration::from_secs(86_400));
    for state in [OutboxState::Dispatching, OutboxState::Unknown] {
        let found = after(&OutboxRow { due_at: late, ..row(state) }, &FOUND_AT_START, &around(20, false));
        assert_eq!((found.state, found.due_at), (OutboxState::Unknown, around(20, false).now), "{state:?}");
        let next = after(&found, &Event::NotFound, &around(20, false));
        assert_eq!(next.due_at.since(NOW), Duration::from_secs(30), "the next look is the one after 30 s");
    }
    let held_back = row(OutboxState::Queued);
    assert_eq!(step(&held_back, &FOUND_AT_START, &around(20, true)), None, "it never left");
}
