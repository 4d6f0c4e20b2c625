//! A network that comes and goes, or that answers in the platforms' place: nothing is lost, nothing happens twice, and
//! what is in the way is said for what it is.

use crate::support::{Ada, BRAND, Ben, MATRIX_HOST, Office};
use api::types::login::{LoginProblem, LoginStepView, LoginView};
use model::ConversationId;
use model::account::{AccountStatus, Barrier};
use model::outbox::{FailReason, OutboxState};
use sandbox::{Asked, Match, Mishap};
use std::collections::HashSet;

const MINUTES: u64 = 60;

/// One customer on each platform, who can be answered; replies leave at once.
struct Counter {
    office: Office,
    ada: Ada,
    ben: Ben,
}

impl Counter {
    async fn open(seed: u64) -> Self {
        let office = Office::with_matrix(seed).await;
        let ada = office.ada_writes("Hello?").await;
        let ben = office.ben_writes("Hello?").await;
        office.set(serde_json::json!({ "undoSendSeconds": 0 })).await;
        office.pass(MINUTES).await;
        office.notices.take();
        Self { office, ada, ben }
    }

    fn conversations(&self) -> [ConversationId; 2] {
        [self.ada.conversation, self.ben.conversation]
    }

    fn customers_write(&self, text: &str) {
        self.office.matrix().write(&self.ada.room, &self.ada.user, text);
        self.office.messenger().write(&self.ben.customer, text);
    }

    async fn reply(&self, text: &str) {
        for conversation in self.conversations() {
            self.office.reply(conversation, text).await;
        }
    }

    /// How often each platform holds this reply.
    fn on_servers(&self, text: &str) -> [usize; 2] {
        let (matrix, messenger) = (self.office.matrix(), self.office.messenger());
        [matrix.count_text(&self.ada.room, text), messenger.count_sent(&self.ben.customer, text)]
    }

    /// What is said of this reply in each conversation, where it stands once.
    async fn said(&self, text: &str) -> [Option<(OutboxState, Option<FailReason>)>; 2] {
        let mut said = [None; 2];
        for (place, conversation) in said.iter_mut().zip(self.conversations()) {
            let messages = self.office.messages(conversation).await;
            let found: Vec<_> = messages.iter().filter(|message| message.body == text).collect();
            assert_eq!(found.len(), 1, "copies of “{text}” on screen");
            *place = found[0].delivery.map(|delivery| (delivery.state, delivery.reason));
        }
        said
    }

    async fn statuses(&self) -> Vec<AccountStatus> {
        self.office.accounts().await.into_iter().map(|account| account.status).collect()
    }

    /// What was asked since `from_ms`.
    fn asked_since(&self, from_ms: i64) -> Vec<Asked> {
        self.office.world.requests().into_iter().filter(|asked| asked.at_ms >= from_ms).collect()
    }
}

fn is_sent(said: Option<(OutboxState, Option<FailReason>)>) -> bool {
    matches!(said, None | Some((OutboxState::Sent, _)))
}

#[tokio::test(start_paused = true)]
async fn a_network_that_flaps_for_ten_minutes_loses_and_doubles_nothing() {
    let counter = Counter::open(34).await;
    let office = &counter.office;
    let from_ms = office.now().0;
    office.world.flap(1000, 600_000);
    let (mut written, mut was_offline) = (Vec::new(), HashSet::new());
    for second in 0..600 {
        if second % 40 == 7 {
            written.push(format!("question {second}"));
            counter.customers_write(written.last().unwrap());
        }
        if second % 150 == 60 {
            counter.reply(&format!("answer {second}")).await;
        }
        office.pass(1).await;
        for account in office.accounts().await {
            let status = account.status;
            let is_trouble =
                matches!(status, AccountStatus::Live | AccountStatus::Offline { barrier: None, .. });
            assert!(is_trouble, "after {second} s: {status:?}");
            if status != AccountStatus::Live {
                was_offline.insert(account.id);
            }
        }
    }
    assert_eq!(was_offline.len(), 2, "both said that they are offline");
    let asked = counter.asked_since(from_ms);
    assert!(
        asked.len() < 4_000,
        "{} requests in ten minutes: nobody hammers a network that flaps",
        asked.len()
    );

    office.pass(10 * MINUTES).await;
    assert!(counter.statuses().await.iter().all(|status| *status == AccountStatus::Live));
    for conversation in counter.conversations() {
        let texts = office.texts(conversation).await;
        let questions: Vec<_> = texts.iter().filter(|text| text.starts_with("question")).collect();
        assert_eq!(questions, written.iter().collect::<Vec<_>>(), "each once, in their order");
    }
    let told: Vec<_> = office.notices.take().into_iter().map(|notice| notice.body).collect();
    for text in &written {
        assert!(told.iter().filter(|body| *body == text).count() <= 2, "told once for each customer: {text}");
    }
    for second in [60, 210, 360, 510] {
        let text = format!("answer {second}");
        let (said, copies) = (counter.said(&text).await, counter.on_servers(&text));
        for (said, copies) in said.into_iter().zip(copies) {
            let is_asked = matches!(said, Some((OutboxState::NeedsPerson, Some(FailReason::Unconfirmed))));
            assert!(is_sent(said) || is_asked, "{text}: {said:?}");
            assert_eq!(copies, usize::from(is_sent(said)), "{text}: {said:?}");
        }
        assert!(is_sent(said[0]), "where a repeat is harmless nobody is asked: {text}");
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_network_the_tries_become_rarer_and_uneven_and_what_waits_goes_out_once() {
    let counter = Counter::open(35).await;
    let office = &counter.office;
    let from_ms = office.now().0;
    office.world.arrange(Match::any(), Mishap::Refuse, u32::MAX);
    counter.reply("as soon as it is back").await;
    office.pass(10 * MINUTES).await;
    let statuses = counter.statuses().await;
    assert!(
        statuses.iter().all(|status| matches!(status, AccountStatus::Offline { barrier: None, .. })),
        "{statuses:?}"
    );
    let queued = Some((OutboxState::Queued, None));
    assert_eq!(counter.said("as soon as it is back").await, [queued; 2], "waiting, and not failed");

    let asked = counter.asked_since(from_ms);
    for is_pull in
        [|asked: &Asked| asked.path.ends_with("/sync"), |asked: &Asked| asked.path.contains("/send/")]
    {
        let at_ms: Vec<i64> = asked.iter().filter(|asked| is_pull(asked)).map(|asked| asked.at_ms).collect();
        let gaps: Vec<i64> = at_ms.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!((10..40).contains(&gaps.len()), "{gaps:?}");
        let late = &gaps[gaps.len() - 6..];
        assert!(
            late.iter().all(|gap| (29_000..=61_000).contains(gap)),
            "half a minute to a minute: {gaps:?}"
        );
        let spread = late.iter().max().unwrap() - late.iter().min().unwrap();
        assert!(spread > 3_000, "never in step: {gaps:?}");
    }

    office.world.arrange_nothing();
    office.pass(5 * MINUTES).await;
    assert_eq!(counter.on_servers("as soon as it is back"), [1, 1]);
    assert!(counter.said("as soon as it is back").await.into_iter().all(is_sent));
    assert!(counter.statuses().await.iter().all(|status| *status == AccountStatus::Live));
}

#[tokio::test(start_paused = true)]
async fn a_network_that_answers_with_its_own_page_is_said_and_takes_no_reply_for_sent() {
    let counter = Counter::open(36).await;
    let office = &counter.office;
    office.world.arrange(Match::any(), Mishap::Html { status: 200 }, u32::MAX);
    counter.customers_write("through the hotel");
    counter.reply("swallowed by the hotel").await;
    office.pass(10 * MINUTES).await;
    for status in counter.statuses().await {
        assert!(matches!(status, AccountStatus::Offline { barrier: Some(Barrier::Page), .. }), "{status:?}");
    }
    assert!(!counter.said("swallowed by the hotel").await.into_iter().any(is_sent), "it is not");

    office.world.arrange_nothing();
    office.pass(10 * MINUTES).await;
    assert!(counter.statuses().await.iter().all(|status| *status == AccountStatus::Live));
    let asked = Some((OutboxState::NeedsPerson, Some(FailReason::Unconfirmed)));
    let [on_matrix, on_messenger] = counter.said("swallowed by the hotel").await;
    assert!(is_sent(on_matrix), "a repeat is harmless there: {on_matrix:?}");
    assert_eq!(on_messenger, asked, "nobody can know, so somebody is asked");
    assert_eq!(counter.on_servers("swallowed by the hotel"), [1, 0]);
    for conversation in counter.conversations() {
        let texts = office.texts(conversation).await;
        assert_eq!(texts.iter().filter(|text| *text == "through the hotel").count(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn signing_in_again_behind_a_networks_page_is_not_taken_for_another_address() {
    let counter = Counter::open(38).await;
    let office = &counter.office;
    let account = office.accounts().await.into_iter().find(|one| one.platform.as_str() == "matrix").unwrap();
    office.world.arrange(Match::any(), Mishap::Html { status: 200 }, u32::MAX);
    let again = serde_json::json!({ "platform": "matrix", "method": "password", "again": account.id });
    let view: LoginView = office.call("login_start", again).await;
    let fields = serde_json::json!({ "user": BRAND, "password": "secret-brand", "server": format!("https://{MATRIX_HOST}") });
    let answer = serde_json::json!({ "flow": view.flow, "input": { "kind": "fields", "values": fields } });
    let refused = office.refused("login_next", answer.clone()).await;
    assert_eq!(refused.login, Some(LoginProblem::PageInBetween));
    office.world.arrange_nothing();
    let view: LoginView = office.call("login_next", answer).await;
    assert!(matches!(view.step, LoginStepView::Done { .. }), "{:?}", view.step);
}

#[tokio::test(start_paused = true)]
async fn a_proxy_that_wants_a_sign_in_is_said_and_what_waits_goes_out_once() {
    let counter = Counter::open(37).await;
    let office = &counter.office;
    office.world.arrange(Match::any(), Mishap::Html { status: 407 }, u32::MAX);
    counter.reply("after the proxy").await;
    office.pass(3 * MINUTES).await;
    for status in counter.statuses().await {
        assert!(matches!(status, AccountStatus::Offline { barrier: Some(Barrier::Proxy), .. }), "{status:?}");
    }
    let queued = Some((OutboxState::Queued, None));
    assert_eq!(counter.said("after the proxy").await, [queued; 2], "nothing has left");

    // The proxy lets us through, and now the platforms are gone: another sentence, the same trouble.
    office.world.arrange_nothing();
    office.world.arrange(Match::any(), Mishap::Refuse, u32::MAX);
    office.pass(3 * MINUTES).await;
    for status in counter.statuses().await {
        assert!(matches!(status, AccountStatus::Offline { barrier: None, .. }), "{status:?}");
    }
    office.world.arrange_nothing();
    office.pass(5 * MINUTES).await;
    assert_eq!(counter.on_servers("after the proxy"), [1, 1]);
    assert!(counter.said("after the proxy").await.into_iter().all(is_sent));
}
