//! Somebody sets this machine's clock while Kontor runs: what waits takes as long as it was meant to, neither more nor less.

use crate::support::{Ada, Ben, Office};
use api::types::conversation::MessageView;
use model::ConversationId;
use model::outbox::{Delivery, FailReason, OutboxState};
use sandbox::{Match, Mishap};
use serde_json::{Value, json};
use std::io::ErrorKind;
use std::time::Duration;

const HOUR_MS: i64 = 3_600_000;
/// Two hours back, and two hours forward.
const SET_BY_MS: [i64; 2] = [-2 * HOUR_MS, 2 * HOUR_MS];

/// Ada wrote to the brand and is answered.
struct Talk {
    office: Office,
    room: String,
    conversation: ConversationId,
}

impl Talk {
    async fn with_ada(seed: u64) -> Self {
        let office = Office::with_matrix(seed).await;
        let Ada { room, conversation, .. } = office.ada_writes("Hello?").await;
        Self { office, room, conversation }
    }

    fn times_sent(&self, text: &str) -> usize {
        self.office.matrix().count_text(&self.room, text)
    }

    async fn delivery(&self) -> Option<Delivery> {
        let last: MessageView = self.office.messages(self.conversation).await.pop().unwrap();
        last.delivery
    }
}

#[tokio::test(start_paused = true)]
async fn a_held_reply_leaves_when_its_seconds_are_over_however_the_clock_is_set_meanwhile() {
    for (seed, by_ms) in SET_BY_MS.into_iter().enumerate() {
        let talk = Talk::with_ada(seed as u64).await;
        let office = &talk.office;
        office.reply(talk.conversation, "We do").await;
        office.pass(2).await;
        office.set_clock_wrong(by_ms);
        office.pass(1).await;
        let left = office.machine_now().plus(Duration::from_secs(2));
        let held = Delivery { state: OutboxState::Held, held_until: Some(left), reason: None };
        assert_eq!(talk.delivery().await, Some(held), "the window counts by the clock that it sees");
        assert_eq!(talk.times_sent("We do"), 0, "it can still be taken back");
        office.pass(3).await;
        assert_eq!(talk.times_sent("We do"), 1, "{by_ms}");

        // The next one is held by the same clock and shown by the one that was set.
        let next = office.reply(talk.conversation, "Also to Graz").await;
        assert_eq!(next.held_until, Some(office.machine_now().plus(Duration::from_secs(5))));
        office.pass(4).await;
        let _: Value = office.call("inbox_undo", json!({ "action": next.action })).await;
        assert_eq!(office.head(talk.conversation).await.draft_body, "Also to Graz");
        office.pass(60).await;
        assert_eq!(talk.times_sent("Also to Graz"), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn the_next_try_of_a_reply_comes_in_time_and_without_a_question() {
    for (seed, by_ms) in SET_BY_MS.into_iter().enumerate() {
        let talk = Talk::with_ada(10 + seed as u64).await;
        let office = &talk.office;
        office.world.arrange(Match::any().method("PUT").path("/send/"), Mishap::Refuse, 4);
        office.reply(talk.conversation, "Here we are").await;
        office.pass(8).await;
        assert_eq!(talk.delivery().await.map(|it| it.state), Some(OutboxState::Queued));
        office.set_clock_wrong(by_ms);
        office.pass(30).await;
        assert_eq!(talk.times_sent("Here we are"), 1, "{by_ms}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_waits_over_a_restart_does_not_wait_for_a_clock_that_was_set_back() {
    let mut talk = Talk::with_ada(20).await;
    talk.office.set_clock_wrong(2 * HOUR_MS);
    talk.office = talk.office.crash_and_restart().await;
    talk.office.world.arrange(Match::any().method("PUT").path("/send/"), Mishap::Refuse, 1_000);
    talk.office.reply(talk.conversation, "Here we are").await;
    talk.office.pass(60).await;
    talk.office.set_clock_wrong(0);
    talk.office = talk.office.crash_and_restart().await;
    talk.office.world.arrange_nothing();
    talk.office.pass(70).await;
    assert_eq!(talk.times_sent("Here we are"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_reply_without_an_answer_is_found_though_the_clock_is_set_while_it_is_looked_for() {
    for (seed, by_ms) in SET_BY_MS.into_iter().enumerate() {
        let office = Office::open(30 + seed as u64).await;
        let messenger = office.messenger();
        let (app, secret) = messenger.create_app("Shop inbox", &[]);
        let user = messenger.create_user("Owner");
        let page = messenger.create_page(&user, "Shop", "Retail");
        let token = messenger.page_token(&app, &user, &page);
        let ben = messenger.create_customer(&page, "Ben", "Okafor");
        messenger.write(&ben, "Do you ship to Graz?");
        office.connect_page(&token, &secret).await;
        office.pass(60).await;
        let conversation = office.conversation("Ben Okafor").await;
        // It is there; but for the next minute nobody gets through.
        let lost = Mishap::LoseAnswer { kind: ErrorKind::ConnectionReset };
        office.world.arrange(Match::any().method("POST").path("/messages"), lost, 1);
        office.world.arrange(Match::any().method("GET"), Mishap::Refuse, 10);
        office.reply(conversation, "We do").await;
        office.pass(8).await;
        office.set_clock_wrong(by_ms);
        office.pass(900).await;
        assert_eq!(messenger.count_sent(&ben, "We do"), 1);
        assert_eq!(office.texts(conversation).await, ["Do you ship to Graz?", "We do"], "{by_ms}");
        let delivery = office.messages(conversation).await.pop().unwrap().delivery;
        assert!(delivery.is_none_or(|it| it.state == OutboxState::Sent), "{by_ms}: {delivery:?}");
    }
}

/// Kontor dies, and is started again on a clock that was put right meanwhile.
async fn restarted_on_a_right_clock(office: Office) -> Office {
    office.set_clock_wrong(0);
    office.crash_and_restart().await
}

#[tokio::test(start_paused = true)]
async fn a_lost_reply_is_found_after_a_restart_with_the_clock_put_right_and_holds_up_nothing() {
    for (seed, by_ms) in SET_BY_MS.into_iter().enumerate() {
        let office = Office::open_with_wrong_clock(40 + seed as u64, by_ms).await;
        let Ben { customer, conversation, .. } = office.ben_writes("Do you ship to Graz?").await;
        let messenger = office.messenger();
        let lost = Mishap::LoseAnswer { kind: ErrorKind::ConnectionReset };
        office.world.arrange(Match::any().method("POST").path("/messages"), lost, 1);
        office.world.arrange(Match::any().method("GET"), Mishap::Refuse, u32::MAX);
        office.reply(conversation, "We do").await;
        office.pass(20).await;
        let office = restarted_on_a_right_clock(office).await;
        office.world.arrange_nothing();
        office.pass(30).await;
        office.reply(conversation, "And to Linz").await;
        office.pass(60).await;
        for text in ["We do", "And to Linz"] {
            assert_eq!(messenger.count_sent(&customer, text), 1, "{by_ms}: {text}");
        }
        assert_eq!(office.texts(conversation).await, ["Do you ship to Graz?", "We do", "And to Linz"]);
        for message in office.messages(conversation).await {
            let is_there = message.delivery.is_none_or(|it| it.state == OutboxState::Sent);
            assert!(is_there, "{by_ms}: {:?}", message.delivery);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_written_on_a_phone_before_is_not_taken_for_a_lost_reply_after_the_clock_was_put_right() {
    for (seed, by_ms) in SET_BY_MS.into_iter().enumerate() {
        let office = Office::open_with_wrong_clock(50 + seed as u64, by_ms).await;
        let Ben { customer, conversation, .. } = office.ben_writes("Do you ship to Graz?").await;
        office.messenger().write_as_page(&customer, "We do");
        office.pass(3600).await;
        let never_arrives = Mishap::BreakBefore { after_ms: 10, kind: ErrorKind::ConnectionReset };
        office.world.arrange(Match::any().method("POST").path("/messages"), never_arrives, 1);
        office.world.arrange(Match::any().method("GET"), Mishap::Refuse, u32::MAX);
        let reply = office.reply(conversation, "We do").await.messages[0];
        office.pass(20).await;
        let office = restarted_on_a_right_clock(office).await;
        office.world.arrange_nothing();
        office.pass(300).await;
        let messages = office.messages(conversation).await;
        let ours = messages.iter().find(|message| message.id == reply).expect("a reply never vanishes");
        let said = ours.delivery.map(|it| (it.state, it.reason));
        let asked = Some((OutboxState::NeedsPerson, Some(FailReason::Unconfirmed)));
        assert_eq!(said, asked, "{by_ms}: it never arrived");
    }
}

#[tokio::test(start_paused = true)]
async fn a_send_that_a_crash_cut_off_is_repeated_without_a_question_though_the_clock_was_put_right() {
    for (seed, by_ms) in SET_BY_MS.into_iter().enumerate() {
        let mut talk = Talk::with_ada(60 + seed as u64).await;
        talk.office.set_clock_wrong(by_ms);
        talk.office = talk.office.crash_and_restart().await;
        talk.office.pass(60).await;
        let hangs = Mishap::BreakBefore { after_ms: 25_000, kind: ErrorKind::TimedOut };
        talk.office.world.arrange(Match::any().method("PUT").path("/send/"), hangs, 1);
        talk.office.reply(talk.conversation, "Here we are").await;
        talk.office.pass(10).await;
        talk.office = restarted_on_a_right_clock(talk.office).await;
        talk.office.pass(60).await;
        assert_eq!(talk.times_sent("Here we are"), 1, "{by_ms}");
        assert!(talk.delivery().await.is_none_or(|it| it.state == OutboxState::Sent), "{by_ms}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_send_that_the_server_has_forgotten_is_not_repeated_though_the_clock_was_days_off() {
    for (seed, by_ms) in SET_BY_MS.into_iter().enumerate() {
        let mut talk = Talk::with_ada(70 + seed as u64).await;
        talk.office.set_clock_wrong(24 * by_ms);
        talk.office = talk.office.crash_and_restart().await;
        talk.office.pass(60).await;
        // It is there at once, but neither its answer nor any news or history comes through: only a look can tell.
        talk.office.world.arrange(Match::any().path("/sync"), Mishap::Refuse, u32::MAX);
        talk.office.world.arrange(Match::any().query("limit=100"), Mishap::Refuse, u32::MAX);
        let slow = Mishap::Delay { by_ms: 25_000 };
        talk.office.world.arrange(Match::any().method("PUT").path("/send/"), slow, 1);
        talk.office.reply(talk.conversation, "Here we are").await;
        talk.office.pass(10).await;
        talk.office.sleep(Duration::from_secs(25 * 3600));
        talk.office = restarted_on_a_right_clock(talk.office).await;
        talk.office.pass(300).await;
        talk.office.world.arrange_nothing();
        talk.office.pass(300).await;
        assert_eq!(talk.times_sent("Here we are"), 1, "{by_ms}");
        assert_eq!(talk.office.texts(talk.conversation).await, ["Hello?", "Here we are"], "{by_ms}");
        assert!(talk.delivery().await.is_none_or(|it| it.state == OutboxState::Sent), "{by_ms}");
    }
}
