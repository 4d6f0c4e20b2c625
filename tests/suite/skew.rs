//! This machine's clock is two days off. Everything that a platform judges goes by the platforms' time, and what waits here
//! by this machine's.

use crate::support::{BRAND, Office, START};
use api::ErrorCode;
use api::types::conversation::ComposerState;
use api::types::inbox::InboxCounts;
use api::types::profile::ProfileStatus;
use model::outbox::{FailReason, OutboxState};
use model::{ConversationId, Timestamp};
use sandbox::{Match, Messenger, Mishap};
use serde_json::{Value, json};
use std::io::ErrorKind;
use std::time::Duration;

const HOUR: u64 = 3600;
const DAY_MS: i64 = 86_400_000;
/// Two days ahead, and two days behind.
const OFF_MS: [i64; 2] = [2 * DAY_MS, -2 * DAY_MS];

/// A Page whose inbox is open on such a machine.
struct Shop {
    office: Office,
    page: String,
    token: String,
    secret: String,
}

impl Shop {
    async fn with_wrong_clock(seed: u64, by_ms: i64) -> Self {
        let office = Office::open_with_wrong_clock(seed, by_ms).await;
        let messenger = office.messenger();
        let (app, secret) = messenger.create_app("Shop inbox", &[]);
        let user = messenger.create_user("Owner");
        let page = messenger.create_page(&user, "Shop", "Retail");
        let token = messenger.page_token(&app, &user, &page);
        Self { office, page, token, secret }
    }

    fn messenger(&self) -> Messenger {
        self.office.messenger()
    }

    fn customer(&self, name: &str) -> String {
        self.messenger().create_customer(&self.page, name, "Okafor")
    }

    async fn connect(&self) {
        self.office.connect_page(&self.token, &self.secret).await;
        self.office.pass(60).await;
    }

    /// Connected, and one customer has just written.
    async fn with_ben(seed: u64, by_ms: i64) -> (Self, String, ConversationId) {
        let shop = Self::with_wrong_clock(seed, by_ms).await;
        let ben = shop.customer("Ben");
        shop.messenger().write(&ben, "Do you ship to Graz?");
        shop.connect().await;
        let conversation = shop.office.conversation("Ben Okafor").await;
        (shop, ben, conversation)
    }

    async fn delivery(
        &self,
        conversation: ConversationId,
        text: &str,
    ) -> Option<(OutboxState, Option<FailReason>)> {
        let messages = self.office.messages(conversation).await;
        let of: Vec<_> = messages.iter().filter(|message| message.body == text).collect();
        assert_eq!(of.len(), 1, "shown once: {text}");
        of[0].delivery.map(|delivery| (delivery.state, delivery.reason))
    }
}

async fn status(office: &Office) -> ProfileStatus {
    office.call("profile_status", json!({})).await
}

async fn is_open_until(office: &Office, conversation: ConversationId) -> Option<Timestamp> {
    match office.head(conversation).await.composer {
        ComposerState::Open { closes_at } => closes_at,
        other => panic!("not open: {other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn the_composer_opens_and_closes_as_the_platform_judges_it_and_not_by_this_clock() {
    for (seed, off_ms) in OFF_MS.into_iter().enumerate() {
        let (shop, ben, conversation) = Shop::with_ben(seed as u64, off_ms).await;
        let office = &shop.office;
        assert_eq!(
            is_open_until(office, conversation).await,
            Some(START.plus(Duration::from_secs(24 * HOUR)))
        );
        office.pass(23 * HOUR).await;
        office.reply(conversation, "We do").await;
        office.pass(30).await;
        assert_eq!(shop.messenger().count_sent(&ben, "We do"), 1, "inside the true window");

        office.pass(HOUR - 300).await;
        let hang = Match::any().method("POST").path("/messages");
        office.world.arrange(hang, Mishap::Refuse, 50);
        office.reply(conversation, "One more thing").await;
        office.pass(300).await;
        let closed = Some((OutboxState::Failed, Some(FailReason::WindowClosed)));
        assert_eq!(shop.delivery(conversation, "One more thing").await, closed, "it closed while it waited");
        assert!(matches!(office.head(conversation).await.composer, ComposerState::WindowClosed { .. }));
        assert_eq!(office.reply_refused(conversation, "Too late").await, ErrorCode::WindowClosed);

        office.world.arrange_nothing();
        shop.messenger().write(&ben, "Thanks");
        office.pass(400).await;
        office.reply(conversation, "You are welcome").await;
        office.pass(30).await;
        assert_eq!(shop.messenger().count_sent(&ben, "You are welcome"), 1, "open again");
    }
}

#[tokio::test(start_paused = true)]
async fn reminders_come_at_the_true_time_and_once_whatever_this_clock_shows() {
    for (seed, off_ms) in OFF_MS.into_iter().enumerate() {
        let (shop, _, _) = Shop::with_ben(10 + seed as u64, 0).await;
        shop.office.set(json!({ "replyTargetMinutes": 240 })).await;
        shop.office.pass(3 * HOUR).await;
        assert_eq!(shop.office.notices.take(), []);
        // The clock is set wrong while Kontor is not running: it knows nothing of it when it starts.
        shop.office.set_clock_wrong(off_ms);
        let office = shop.office.crash_and_restart().await;
        office.pass(HOUR - 300).await;
        assert_eq!(office.notices.take(), [], "neither the wait nor the window is over");
        office.pass(600).await;
        assert_eq!(office.notices.take().len(), 1, "waits for four hours");
        office.pass(18 * HOUR - 600).await;
        assert_eq!(office.notices.take(), []);
        office.pass(600).await;
        assert_eq!(office.notices.take().len(), 1, "under two hours left");
        // And it is put right while it runs: the same is not told again.
        office.set_clock_wrong(0);
        office.pass(HOUR).await;
        assert_eq!(office.notices.take(), []);
        office.pass(HOUR / 2).await;
        assert_eq!(office.notices.take().len(), 1, "under half an hour left");
        office.pass(2 * HOUR).await;
        assert_eq!(office.notices.take(), []);
    }
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_set_while_kontor_runs_hurries_nobody() {
    let (shop, _, conversation) = Shop::with_ben(15, 0).await;
    let closes_at = is_open_until(&shop.office, conversation).await;
    shop.office.notices.take();
    // At every second of the half minute between two looks, there and back.
    for second in 0..31 {
        for off_ms in [OFF_MS[second % 2], 0] {
            shop.office.set_clock_wrong(off_ms);
            shop.office.pass(60).await;
            assert_eq!(shop.office.notices.take(), [], "{off_ms} at {second}");
            assert_eq!(is_open_until(&shop.office, conversation).await, closes_at);
        }
        shop.office.pass(1).await;
    }
}

#[tokio::test(start_paused = true)]
async fn ends_soon_holds_whose_window_really_ends_soon() {
    for (seed, off_ms) in OFF_MS.into_iter().enumerate() {
        let shop = Shop::with_wrong_clock(20 + seed as u64, off_ms).await;
        for (name, hours_ago) in [("Ada", 2), ("Ben", 21), ("Cem", 30), ("Dora", 23)] {
            let at_ms = START.0 - hours_ago * 3_600_000;
            let customer = shop.customer(name);
            shop.messenger().at(at_ms).write(&customer, "Hello?");
        }
        shop.connect().await;
        let titles = |rows: Vec<api::types::inbox::InboxRow>| -> Vec<String> {
            rows.into_iter().map(|row| row.title).collect()
        };
        let soon = titles(shop.office.inbox("ends_soon").await);
        assert_eq!(soon, ["Dora Okafor", "Ben Okafor"]);
        let counts: InboxCounts = shop.office.call("inbox_counts", json!({})).await;
        assert_eq!((counts.ends_soon, counts.waiting), (2, 4));
        shop.office.pass(HOUR).await;
        assert_eq!(titles(shop.office.inbox("ends_soon").await), ["Ben Okafor"], "one window has closed");
    }
}

#[tokio::test(start_paused = true)]
async fn our_replies_stand_where_they_were_said_among_the_platforms_messages() {
    for (seed, off_ms) in OFF_MS.into_iter().enumerate() {
        let (shop, ben, conversation) = Shop::with_ben(30 + seed as u64, off_ms).await;
        let (office, messenger) = (&shop.office, shop.messenger());
        let ada = shop.customer("Ada");
        office.pass(60).await;
        let sent_at = office.now();
        office.reply(conversation, "We do").await;
        let echo = office.messages(conversation).await.pop().unwrap();
        assert_eq!(echo.body, "We do");
        assert!(
            (echo.sent_at.0 - sent_at.0).abs() < 2_000,
            "shown by the platforms' time, while it is held too"
        );
        assert_eq!(office.head(conversation).await.waiting_since, None, "nobody waits any more");
        office.pass(20).await;
        messenger.write(&ada, "And I?");
        messenger.write(&ben, "How long does it take?");
        office.pass(10).await;
        messenger.write(&ada, "Hello?");
        office.pass(300).await;
        let said = ["Do you ship to Graz?", "We do", "How long does it take?"];
        assert_eq!(office.texts(conversation).await, said);
        assert!(office.head(conversation).await.waiting_since.is_some(), "he waits again");
        let titles: Vec<String> = office.inbox("all").await.into_iter().map(|row| row.title).collect();
        assert_eq!(titles, ["Ada Okafor", "Ben Okafor"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_reply_without_an_answer_is_found_on_the_platform_however_wrong_this_clock_is() {
    for (seed, off_ms) in OFF_MS.into_iter().enumerate() {
        let (shop, ben, conversation) = Shop::with_ben(40 + seed as u64, off_ms).await;
        // Said before: it must not be taken for the reply that is looked for.
        shop.messenger().write_as_page(&ben, "Yes");
        shop.office.pass(600).await;
        let lost = Mishap::LoseAnswer { kind: ErrorKind::ConnectionReset };
        shop.office.world.arrange(Match::any().method("POST").path("/messages"), lost, 1);
        shop.office.reply(conversation, "Yes, to all of Austria").await;
        shop.office.pass(600).await;
        assert_eq!(shop.messenger().count_sent(&ben, "Yes, to all of Austria"), 1);
        let delivery = shop.delivery(conversation, "Yes, to all of Austria").await;
        assert!(delivery.is_none_or(|(state, _)| state == OutboxState::Sent), "{delivery:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wrong_clock_is_said_and_no_longer_said_once_it_is_right() {
    let (shop, _, _) = Shop::with_ben(50, 2 * DAY_MS).await;
    let office = &shop.office;
    let said = status(office).await;
    assert!(said.is_clock_wrong);
    assert!((said.platforms_ahead_ms + 2 * DAY_MS).abs() < 2_000, "{}", said.platforms_ahead_ms);
    let mut changes = office.app.changes();
    office.set_clock_wrong(0);
    office.pass(300).await;
    let said = status(office).await;
    assert_eq!((said.is_clock_wrong, said.platforms_ahead_ms), (false, 0));
    let (mut is_announced, mut numbers) = (false, Vec::new());
    while let Ok(change) = changes.try_recv() {
        is_announced |= change.topics.contains(&"profile".to_owned());
        numbers.push(change.seq);
    }
    assert!(is_announced, "the window is told");
    let leaves_one_out = numbers.windows(2).any(|pair| pair[1] > pair[0] + 1);
    assert!(
        leaves_one_out,
        "and asks for everything anew, even if these are the first it hears: {numbers:?}"
    );
    office.set_clock_wrong(-90_000);
    office.pass(300).await;
    let said = status(office).await;
    assert!(!said.is_clock_wrong, "a minute and a half is nothing to speak of");
    assert!((said.platforms_ahead_ms - 90_000).abs() < 2_000, "{}", said.platforms_ahead_ms);
}

#[tokio::test(start_paused = true)]
async fn a_wrong_date_of_a_portal_or_of_a_single_answer_closes_no_composer() {
    let (shop, _, conversation) = Shop::with_ben(60, 0).await;
    let office = &shop.office;
    let closes_at = is_open_until(office, conversation).await;
    for (mishap, times) in [
        (Mishap::Html { status: 200 }, 6),
        (Mishap::Html { status: 502 }, 6),
        (Mishap::AcceptThenDate { ahead_ms: 7 * DAY_MS }, 1),
        (Mishap::AcceptThenDate { ahead_ms: -7 * DAY_MS }, 1),
    ] {
        office.world.arrange(Match::any(), mishap.clone(), times);
        for _ in 0..120 {
            office.pass(5).await;
            assert_eq!(status(office).await.platforms_ahead_ms, 0, "{mishap:?}");
            assert_eq!(is_open_until(office, conversation).await, closes_at, "{mishap:?}");
        }
    }
    assert_eq!(office.notices.take().len(), 0, "and nobody is hurried");
}

#[tokio::test(start_paused = true)]
async fn where_there_is_no_window_a_wrong_clock_changes_nothing_and_undo_takes_its_five_seconds() {
    for (seed, off_ms) in OFF_MS.into_iter().enumerate() {
        let office = Office::open_with_wrong_clock(70 + seed as u64, off_ms).await;
        let matrix = office.matrix();
        matrix.create_user("brand", "secret-brand", "Brand");
        let ada = matrix.create_user("ada", "pw", "Ada Becker");
        let room = matrix.direct_room(BRAND, &ada);
        office.connect_matrix("brand", "secret-brand").await;
        matrix.write(&room, &ada, "Hello?");
        office.pass(60).await;
        office.notices.take();
        let conversation = office.conversation("Ada Becker").await;
        assert_eq!(is_open_until(&office, conversation).await, None);

        let held = office.reply(conversation, "Oops").await;
        assert_eq!(held.held_until, Some(office.machine_now().plus(Duration::from_secs(5))));
        office.pass(4).await;
        let _: Value = office.call("inbox_undo", json!({ "action": held.action })).await;
        assert_eq!(office.head(conversation).await.draft_body, "Oops");
        let refused = Match::any().method("PUT").path("/send/");
        office.world.arrange(refused, Mishap::Refuse, 3);
        office.reply(conversation, "Here we are").await;
        office.pass(60).await;
        assert_eq!(matrix.count_text(&room, "Here we are"), 1, "held, refused three times, and then sent");
        assert_eq!(matrix.count_text(&room, "Oops"), 0);

        matrix.write(&room, &ada, "And today?");
        office.pass(60).await;
        assert_eq!(office.notices.take().len(), 1, "the message");
        office.pass(4 * HOUR - 180).await;
        assert_eq!(office.notices.take(), []);
        office.pass(240).await;
        assert_eq!(office.notices.take().len(), 1, "it waits for four hours");
        assert_eq!(office.texts(conversation).await, ["Hello?", "Here we are", "And today?"]);
    }
}
