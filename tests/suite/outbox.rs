//! Replies: sent once, whatever happens; taken back in time; asked about when nobody can know.

use crate::support::{Ada, BRAND, Ben, Office};
use model::ConversationId;
use model::account::AccountStatus;
use model::outbox::{FailReason, OutboxState};
use sandbox::{Match, Mishap, RetryAfter};
use serde_json::{Value, json};
use std::io::ErrorKind;

struct Room {
    office: Office,
    room: String,
    conversation: ConversationId,
}

impl Room {
    async fn with_ada(seed: u64) -> Self {
        let office = Office::with_matrix(seed).await;
        let Ada { room, conversation, .. } = office.ada_writes("Hello?").await;
        Self { office, room, conversation }
    }

    fn on_server(&self, text: &str) -> usize {
        self.office.matrix().count_text(&self.room, text)
    }

    async fn state(&self, text: &str) -> Option<OutboxState> {
        let messages = self.office.messages(self.conversation).await;
        let found: Vec<_> = messages.iter().filter(|message| message.body == text).collect();
        assert_eq!(found.len(), 1, "copies of {text} on screen");
        found[0].delivery.map(|delivery| delivery.state)
    }
}

#[tokio::test(start_paused = true)]
async fn a_reply_is_shown_at_once_held_for_five_seconds_and_sent_once() {
    let ada = Room::with_ada(1).await;
    ada.office.reply(ada.conversation, "Yes, we are here 👋").await;
    assert_eq!(ada.state("Yes, we are here 👋").await, Some(OutboxState::Held));
    ada.office.pass(4).await;
    assert_eq!(ada.on_server("Yes, we are here 👋"), 0);
    ada.office.pass(3).await;
    assert_eq!(ada.on_server("Yes, we are here 👋"), 1);
    assert!(matches!(ada.state("Yes, we are here 👋").await, None | Some(OutboxState::Sent)));
    assert_eq!(ada.office.head(ada.conversation).await.waiting_since, None, "nobody waits any more");
}

#[tokio::test(start_paused = true)]
async fn a_reply_taken_back_never_leaves_and_is_a_draft_again() {
    let ada = Room::with_ada(2).await;
    let applied = ada.office.reply(ada.conversation, "Oops").await;
    ada.office.pass(3).await;
    let _: Value = ada.office.call("inbox_undo", json!({ "action": applied.action })).await;
    ada.office.pass(600).await;
    assert_eq!(ada.on_server("Oops"), 0);
    assert_eq!(ada.office.head(ada.conversation).await.draft_body, "Oops");
    assert_eq!(ada.office.texts(ada.conversation).await, ["Hello?"]);
}

#[tokio::test(start_paused = true)]
async fn too_late_to_take_back_is_said_and_changes_nothing() {
    let ada = Room::with_ada(3).await;
    let applied = ada.office.reply(ada.conversation, "On its way").await;
    ada.office.pass(10).await;
    let error = ada.office.refused("inbox_undo", json!({ "action": applied.action })).await;
    assert_eq!(error.code, api::ErrorCode::TooLate);
    assert_eq!(ada.on_server("On its way"), 1);
}

#[tokio::test(start_paused = true)]
async fn an_answer_lost_on_the_way_back_does_not_double_the_reply() {
    for (seed, mishap) in [
        Mishap::LoseAnswer { kind: ErrorKind::ConnectionReset },
        Mishap::LoseAnswer { kind: ErrorKind::TimedOut },
        Mishap::BreakBefore { after_ms: 50, kind: ErrorKind::UnexpectedEof },
        Mishap::AcceptLate { accept_after_ms: 90_000, give_up_after_ms: 1_000 },
        Mishap::AcceptThenCut,
        Mishap::Html { status: 502 },
        Mishap::Throttle(RetryAfter::Seconds(7)),
        Mishap::Throttle(RetryAfter::Absurd),
        Mishap::Refuse,
    ]
    .into_iter()
    .enumerate()
    {
        let ada = Room::with_ada(100 + seed as u64).await;
        let what = format!("{mishap:?}");
        ada.office.world.arrange(Match::any().method("PUT").path("/send/"), mishap, 1);
        ada.office.reply(ada.conversation, "Once").await;
        ada.office.pass(4000).await;
        assert_eq!(ada.on_server("Once"), 1, "{what}");
        assert!(matches!(ada.state("Once").await, None | Some(OutboxState::Sent)), "{what}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_crash_at_any_moment_of_a_send_neither_loses_nor_doubles_the_reply() {
    for millis in [5_001, 5_010, 5_050, 5_200, 6_000] {
        let ada = Room::with_ada(200 + millis).await;
        ada.office.world.arrange(Match::any().method("PUT").path("/send/"), Mishap::Delay { by_ms: 100 }, 1);
        ada.office.reply(ada.conversation, "Survives").await;
        tokio::time::sleep(std::time::Duration::from_millis(millis)).await;
        let Room { office, room, conversation } = ada;
        let ada = Room { office: office.crash_and_restart().await, room, conversation };
        ada.office.pass(300).await;
        assert_eq!(ada.on_server("Survives"), 1, "crash after {millis} ms");
        assert!(
            matches!(ada.state("Survives").await, None | Some(OutboxState::Sent)),
            "crash after {millis} ms"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_crash_cut_off_on_an_account_that_must_be_signed_in_again_is_asked_about() {
    let mut ada = Room::with_ada(15).await;
    let hangs = Mishap::BreakBefore { after_ms: 25_000, kind: ErrorKind::TimedOut };
    ada.office.world.arrange(Match::any().method("PUT").path("/send/"), hangs, 1);
    ada.office.reply(ada.conversation, "Cut off").await;
    ada.office.pass(6).await;
    ada.office.matrix().end_sessions(BRAND);
    ada.office.pass(5).await;
    assert_eq!(ada.office.accounts().await[0].status, AccountStatus::SignInAgain);
    assert_eq!(ada.state("Cut off").await, Some(OutboxState::Dispatching));
    ada.office = ada.office.crash_and_restart().await;
    ada.office.pass(1).await;
    assert_eq!(ada.state("Cut off").await, Some(OutboxState::NeedsPerson));
    assert_eq!(ada.office.inbox("undelivered").await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_reply_still_held_when_kontor_died_is_a_draft_after_the_restart() {
    let ada = Room::with_ada(4).await;
    ada.office.reply(ada.conversation, "Held").await;
    ada.office.pass(2).await;
    let Room { office, room, conversation } = ada;
    let ada = Room { office: office.crash_and_restart().await, room, conversation };
    ada.office.pass(600).await;
    assert_eq!(ada.on_server("Held"), 0);
    assert_eq!(ada.office.head(ada.conversation).await.draft_body, "Held");
}

#[tokio::test(start_paused = true)]
async fn replies_of_one_conversation_keep_their_order_through_trouble() {
    let ada = Room::with_ada(5).await;
    ada.office.set(json!({ "undoSendSeconds": 0 })).await;
    let lost = Mishap::LoseAnswer { kind: ErrorKind::TimedOut };
    ada.office.world.arrange(Match::any().method("PUT").path("/send/"), lost, 2);
    for text in ["first", "second", "second", "third"] {
        ada.office.reply(ada.conversation, text).await;
    }
    ada.office.pass(600).await;
    let ours: Vec<String> =
        ada.office.matrix().messages_in(&ada.room).into_iter().skip(1).map(|(_, it)| it).collect();
    assert_eq!(
        ours,
        ["first", "second", "second", "third"],
        "the same text twice on purpose is two messages"
    );
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_shown_with_its_reason_and_the_text_can_be_taken_out() {
    let ada = Room::with_ada(6).await;
    ada.office.matrix().leave(&ada.room, BRAND);
    let refused = Mishap::Answer {
        status: 403,
        mime: "application/json".into(),
        body: r#"{"errcode":"M_FORBIDDEN","error":"not in room"}"#.into(),
    };
    ada.office.world.arrange(Match::any().method("PUT").path("/send/"), refused, 1);
    let applied = ada.office.reply(ada.conversation, "Into the void").await;
    ada.office.pass(8).await;
    assert_eq!(ada.state("Into the void").await, Some(OutboxState::Failed));
    assert_eq!(ada.office.inbox("undelivered").await.len(), 1);
    ada.office.decide("discard", applied.messages[0]).await;
    assert_eq!(ada.office.head(ada.conversation).await.draft_body, "Into the void");
    assert_eq!(ada.office.inbox("undelivered").await.len(), 0);
    let _: Value = ada.office.call("inbox_undo", json!({ "action": null })).await;
    assert_eq!(ada.state("Into the void").await, Some(OutboxState::Failed), "back as it was");
    assert_eq!(ada.office.head(ada.conversation).await.draft_body, "", "and not twice");
}

struct Page {
    office: Office,
    customer: String,
    conversation: ConversationId,
}

impl Page {
    async fn with_ben(seed: u64) -> Self {
        let office = Office::open(seed).await;
        let Ben { customer, conversation, .. } = office.ben_writes("Do you ship to Graz?").await;
        Self { office, customer, conversation }
    }

    fn on_server(&self, text: &str) -> usize {
        self.office.messenger().count_sent(&self.customer, text)
    }

    async fn delivery(&self, text: &str) -> Vec<Option<(OutboxState, Option<FailReason>)>> {
        let messages = self.office.messages(self.conversation).await;
        let of = messages.iter().filter(|message| message.body == text);
        of.map(|message| message.delivery.map(|delivery| (delivery.state, delivery.reason))).collect()
    }
}

#[tokio::test(start_paused = true)]
async fn without_idempotency_a_lost_answer_is_looked_up_and_found() {
    for (seed, mishap) in [
        Mishap::LoseAnswer { kind: ErrorKind::ConnectionReset },
        Mishap::AcceptThenGraphError { code: 1, subcode: Some(1_357_046) },
        Mishap::AcceptThenCut,
        Mishap::AcceptLate { accept_after_ms: 20_000, give_up_after_ms: 500 },
    ]
    .into_iter()
    .enumerate()
    {
        let ben = Page::with_ben(300 + seed as u64).await;
        let what = format!("{mishap:?}");
        ben.office.world.arrange(Match::any().method("POST").path("/messages"), mishap, 1);
        ben.office.reply(ben.conversation, "Yes, to all of Austria").await;
        ben.office.pass(600).await;
        assert_eq!(ben.on_server("Yes, to all of Austria"), 1, "{what}");
        let delivery = ben.delivery("Yes, to all of Austria").await;
        assert_eq!(delivery.len(), 1, "{what}: shown once");
        assert!(delivery[0].is_none_or(|(state, _)| state == OutboxState::Sent), "{what}: {delivery:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_confirmed_is_asked_about_and_never_sent_again_by_itself() {
    let ben = Page::with_ben(7).await;
    let never_arrived = Mishap::BreakBefore { after_ms: 100, kind: ErrorKind::ConnectionReset };
    ben.office.world.arrange(Match::any().method("POST").path("/messages"), never_arrived, 1);
    let applied = ben.office.reply(ben.conversation, "Unclear").await;
    ben.office.pass(600).await;
    assert_eq!(ben.on_server("Unclear"), 0);
    let asked = [Some((OutboxState::NeedsPerson, Some(FailReason::Unconfirmed)))];
    assert_eq!(ben.delivery("Unclear").await, asked);
    ben.office.decide("retry", applied.messages[0]).await;
    ben.office.pass(30).await;
    assert_eq!(ben.on_server("Unclear"), 1);
}

#[tokio::test(start_paused = true)]
async fn what_arrives_after_we_have_given_up_is_recognised_and_shown_once() {
    let ben = Page::with_ben(70).await;
    let late = Mishap::AcceptLate { accept_after_ms: 300_000, give_up_after_ms: 500 };
    ben.office.world.arrange(Match::any().method("POST").path("/messages"), late, 1);
    ben.office.reply(ben.conversation, "Slow but there").await;
    ben.office.pass(200).await;
    let asked = [Some((OutboxState::NeedsPerson, Some(FailReason::Unconfirmed)))];
    assert_eq!(ben.delivery("Slow but there").await, asked);
    ben.office.pass(900).await;
    assert_eq!(ben.on_server("Slow but there"), 1);
    let delivery = ben.delivery("Slow but there").await;
    assert_eq!(delivery.len(), 1, "shown once");
    assert!(delivery[0].is_none_or(|(state, _)| state == OutboxState::Sent), "{delivery:?}");
}

#[tokio::test(start_paused = true)]
async fn taking_back_that_it_is_sent_again_does_not_forget_that_it_may_have_left() {
    let ben = Page::with_ben(71).await;
    let sends = || Match::any().method("POST").path("/messages");
    ben.office.world.arrange(
        sends(),
        Mishap::AcceptLate { accept_after_ms: 200_000, give_up_after_ms: 500 },
        1,
    );
    let reply = ben.office.reply(ben.conversation, "Slow but there").await;
    ben.office.pass(150).await;
    let asked = [Some((OutboxState::NeedsPerson, Some(FailReason::Unconfirmed)))];
    assert_eq!(ben.delivery("Slow but there").await, asked);
    ben.office.world.arrange(sends(), Mishap::Refuse, 1_000);
    let again = ben.office.decide("retry", reply.messages[0]).await;
    ben.office.pass(5).await;
    let _: Value = ben.office.call("inbox_undo", json!({ "action": again.action })).await;
    assert_eq!(ben.delivery("Slow but there").await, asked, "as it was");
    ben.office.pass(600).await;
    assert_eq!(ben.on_server("Slow but there"), 1);
    let delivery = ben.delivery("Slow but there").await;
    assert_eq!(delivery.len(), 1, "shown once");
    assert!(delivery[0].is_none_or(|(state, _)| state == OutboxState::Sent), "{delivery:?}");
}

#[tokio::test(start_paused = true)]
async fn the_reply_window_closes_the_composer_and_stops_what_is_queued() {
    let ben = Page::with_ben(8).await;
    ben.office.pass(23 * 3600 + 3500).await;
    ben.office.world.arrange(Match::any().method("POST").path("/messages"), Mishap::Refuse, 50);
    ben.office.reply(ben.conversation, "Just in time?").await;
    ben.office.pass(120).await;
    assert_eq!(ben.on_server("Just in time?"), 0);
    let closed = [Some((OutboxState::Failed, Some(FailReason::WindowClosed)))];
    assert_eq!(ben.delivery("Just in time?").await, closed);
    assert_eq!(ben.office.reply_refused(ben.conversation, "Too late").await, api::ErrorCode::WindowClosed);
    ben.office.world.arrange_nothing();
    ben.office.messenger().write(&ben.customer, "Hello again");
    ben.office.pass(400).await;
    ben.office.reply(ben.conversation, "Open again").await;
    ben.office.pass(30).await;
    assert_eq!(ben.on_server("Open again"), 1);
}

#[tokio::test(start_paused = true)]
async fn one_conversation_in_trouble_does_not_hold_up_another() {
    let ada = Room::with_ada(9).await;
    let matrix = ada.office.matrix();
    let bob = matrix.create_user("bob", "pw", "Bob");
    let room_of_bob = matrix.direct_room(BRAND, &bob);
    matrix.write(&room_of_bob, &bob, "Me too?");
    ada.office.settle().await;
    let conversation_of_bob = ada.office.conversation("Bob").await;
    ada.office.set(json!({ "undoSendSeconds": 0 })).await;
    let hangs = Mishap::BreakBefore { after_ms: 25_000, kind: ErrorKind::TimedOut };
    ada.office.world.arrange(Match::any().method("PUT").path("/send/"), hangs, 1);
    ada.office.reply(ada.conversation, "Slow").await;
    ada.office.pass(1).await;
    ada.office.reply(conversation_of_bob, "Quick").await;
    ada.office.pass(2).await;
    assert_eq!(matrix.count_text(&room_of_bob, "Quick"), 1, "sent while the other one hangs");
    assert_eq!(ada.on_server("Slow"), 0);
    ada.office.pass(60).await;
    assert_eq!(ada.on_server("Slow"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_waits_for_a_throttled_platform_can_still_be_taken_out() {
    let ada = Room::with_ada(10).await;
    ada.office.set(json!({ "undoSendSeconds": 0 })).await;
    let throttled = Mishap::Throttle(RetryAfter::Seconds(300));
    ada.office.world.arrange(Match::any().method("PUT").path("/send/"), throttled, 1);
    ada.office.reply(ada.conversation, "First").await;
    ada.office.pass(5).await;
    let second = ada.office.reply(ada.conversation, "Second thoughts").await;
    ada.office.pass(5).await;
    ada.office.decide("discard", second.messages[0]).await;
    ada.office.pass(600).await;
    assert_eq!(ada.on_server("First"), 1);
    assert_eq!(ada.on_server("Second thoughts"), 0);
    assert_eq!(ada.office.head(ada.conversation).await.draft_body, "Second thoughts");
}

#[tokio::test(start_paused = true)]
async fn what_was_taken_out_can_come_back_for_an_hour_and_is_then_erased_while_kontor_runs() {
    let ada = Room::with_ada(14).await;
    let refused = Mishap::Answer {
        status: 403,
        mime: "application/json".into(),
        body: r#"{"errcode":"M_FORBIDDEN","error":"not in room"}"#.into(),
    };
    for (minutes, is_there) in [(50, true), (130, false)] {
        ada.office.world.arrange(Match::any().method("PUT").path("/send/"), refused.clone(), 1);
        let text = format!("Second thoughts after {minutes} minutes");
        let reply = ada.office.reply(ada.conversation, &text).await;
        ada.office.pass(3 * 3600).await; // However old the reply is: what counts is when it was taken out.
        let discarded = ada.office.decide("discard", reply.messages[0]).await;
        ada.office.pass(minutes * 60).await;
        let undone = ada.office.app.call("inbox_undo", json!({ "action": discarded.action })).await;
        assert_eq!(undone.is_ok(), is_there, "after {minutes} minutes: {undone:?}");
        if let Err(error) = undone {
            assert_eq!(error.code, api::ErrorCode::Gone);
        }
    }
}
