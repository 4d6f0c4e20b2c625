//! Somebody sets this machine's clock while Kontor runs: what waits takes as long as it was meant to, neither more nor less.

use crate::support::{Ada, Office};
use api::types::conversation::MessageView;
use model::ConversationId;
use model::outbox::{Delivery, OutboxState};
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
