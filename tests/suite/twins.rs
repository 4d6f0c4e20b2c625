//! Two replies with the same words: one is never taken for the other, whatever waited for how long.

use crate::support::Office;
use model::ConversationId;
use model::outbox::OutboxState;
use sandbox::{Match, Mishap, RetryAfter};
use serde_json::{Value, json};
use std::io::ErrorKind;
use std::time::Duration;

#[tokio::test(start_paused = true)]
async fn a_reply_that_was_written_long_before_it_left_is_not_taken_for_its_twin() {
    let (office, ben, conversation) = with_ben(41).await;
    let messenger = office.messenger();
    let sends = || Match::any().method("POST").path("/messages");
    let never_arrives = || Mishap::BreakBefore { after_ms: 10, kind: ErrorKind::ConnectionReset };

    // The first has to wait for an hour, the second waits behind it.
    office.world.arrange(sends(), Mishap::Throttle(RetryAfter::Absurd), 1);
    let first = office.reply(conversation, "Thanks").await.messages[0];
    office.pass(30).await;
    office.world.arrange(sends(), never_arrives(), 1);
    office.reply(conversation, "Thanks").await;
    // From here on no news comes in that would tell when the second was really sent.
    office.pass(3_300).await;
    office.world.arrange(
        Match::any().method("GET").path("/conversations").query("participants"),
        Mishap::Refuse,
        1_000,
    );
    for _ in 0..200 {
        if messenger.count_sent(&ben, "Thanks") == 1 {
            break;
        }
        office.pass(5).await;
    }
    let state = async |message| {
        let shown = office.messages(conversation).await;
        let found = shown.iter().find(|shown| shown.id == message).expect("a reply never vanishes");
        found.delivery.map(|delivery| delivery.state)
    };
    assert_eq!(state(first).await, Some(OutboxState::NeedsPerson), "the first could not be confirmed");

    // Sent again it is lost again: what is found there now is the second.
    office.world.arrange(sends(), never_arrives(), 1);
    office.decide("retry", first).await;
    office.pass(400).await;
    assert_eq!(state(first).await, Some(OutboxState::NeedsPerson));
    assert_eq!(messenger.count_sent(&ben, "Thanks"), 1);
    assert_eq!(office.texts(conversation).await.iter().filter(|text| *text == "Thanks").count(), 2);
}

/// A Page and one of its customers, who can be answered.
async fn with_ben(seed: u64) -> (Office, String, ConversationId) {
    let office = Office::open(seed).await;
    let ben = office.ben_writes("Hello?").await;
    (office, ben.customer, ben.conversation)
}

/// The same; replies leave at once, and the platform cannot be asked whether one is there: only what comes in by itself
/// can tell.
async fn unasked(seed: u64) -> (Office, String, ConversationId) {
    let (office, ben, conversation) = with_ben(seed).await;
    office.set(json!({ "undoSendSeconds": 0 })).await;
    office.world.arrange(Match::any().path("/conversations").query("user_id"), Mishap::Refuse, u32::MAX);
    (office, ben, conversation)
}

/// How often a text stands in the pane, and what is said of each.
async fn shown(office: &Office, conversation: ConversationId, text: &str) -> Vec<Option<OutboxState>> {
    let messages = office.messages(conversation).await;
    let found = messages.iter().filter(|message| message.body == text);
    found.map(|message| message.delivery.map(|delivery| delivery.state)).collect()
}

#[tokio::test(start_paused = true)]
async fn a_reply_whose_answer_was_lost_stands_in_the_pane_once_at_every_moment() {
    // The answer breaks off at once, or so late that the message comes in before anybody knows.
    for (seed, mishap) in [
        Mishap::LoseAnswer { kind: ErrorKind::ConnectionReset },
        Mishap::AcceptLate { accept_after_ms: 3_000, give_up_after_ms: 10 },
        Mishap::AcceptThenCut,
    ]
    .into_iter()
    .enumerate()
    {
        let (office, ben, conversation) = unasked(42 + seed as u64).await;
        let what = format!("{mishap:?}");
        office.world.arrange(Match::any().method("POST").path("/messages"), mishap, 1);
        office.reply(conversation, "Yes, to Graz too").await;
        let mut was_unsure = false;
        for _ in 0..1_200 {
            let said = shown(&office, conversation, "Yes, to Graz too").await;
            assert_eq!(said.len(), 1, "{what}: {said:?}");
            was_unsure |= said[0] == Some(OutboxState::Unknown);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        assert!(was_unsure, "{what}: the answer was lost");
        let said = shown(&office, conversation, "Yes, to Graz too").await;
        assert!(
            matches!(said[..], [None | Some(OutboxState::Sent)]),
            "{what}: known without asking: {said:?}"
        );
        assert_eq!(office.messenger().count_sent(&ben, "Yes, to Graz too"), 1, "{what}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_looks_like_a_lost_reply_but_is_not_clear_proves_nothing() {
    // Typed twice on a phone, or in other words, or by the customer: none of these is the reply that never arrived.
    type Meanwhile = fn(&Office, &str);
    let cases: [Meanwhile; 3] = [
        |office, ben| {
            for _ in 0..2 {
                office.messenger().write_as_page(ben, "On its way");
            }
        },
        |office, ben| drop(office.messenger().write_as_page(ben, "On its way!")),
        |office, ben| drop(office.messenger().write(ben, "On its way")),
    ];
    for (seed, meanwhile) in cases.into_iter().enumerate() {
        let (office, ben, conversation) = unasked(52 + seed as u64).await;
        let never_arrives = Mishap::BreakBefore { after_ms: 10, kind: ErrorKind::ConnectionReset };
        office.world.arrange(Match::any().method("POST").path("/messages"), never_arrives, 1);
        let reply = office.reply(conversation, "On its way").await.messages[0];
        office.pass(1).await;
        meanwhile(&office, &ben);
        office.pass(100).await;
        let messages = office.messages(conversation).await;
        let ours = messages.iter().find(|message| message.id == reply).expect("a reply never vanishes");
        assert_eq!(ours.delivery.map(|delivery| delivery.state), Some(OutboxState::Unknown), "case {seed}");
    }
}

/// Looks for news now.
async fn sync_now(office: &Office) {
    let _: Value = office.call("account_sync", json!({ "account": office.accounts().await[0].id })).await;
    office.pass(2).await;
}

#[tokio::test(start_paused = true)]
async fn a_reply_whose_answer_is_slow_stands_in_the_pane_once_though_it_comes_in_before_it() {
    let (office, ben, conversation) = unasked(60).await;
    office.world.arrange(Match::any().method("POST").path("/messages"), Mishap::Delay { by_ms: 25_000 }, 1);
    office.reply(conversation, "Yes, to Graz too").await;
    office.pass(1).await;
    assert_eq!(shown(&office, conversation, "Yes, to Graz too").await, [Some(OutboxState::Dispatching)]);
    sync_now(&office).await;
    let said = shown(&office, conversation, "Yes, to Graz too").await;
    assert!(matches!(said[..], [None | Some(OutboxState::Sent)]), "{said:?}");
    office.pass(60).await;
    let said = shown(&office, conversation, "Yes, to Graz too").await;
    assert!(matches!(said[..], [None | Some(OutboxState::Sent)]), "the answer changes nothing: {said:?}");
    assert_eq!(office.messenger().count_sent(&ben, "Yes, to Graz too"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_arrives_after_a_twin_was_taken_for_it_is_shown_beside_it() {
    let (office, ben, conversation) = unasked(61).await;
    // Typed on a phone while the reply is still on its way, which arrives later all the same.
    let slow = Mishap::AcceptLate { accept_after_ms: 10_000, give_up_after_ms: 20_000 };
    office.world.arrange(Match::any().method("POST").path("/messages"), slow, 1);
    office.reply(conversation, "On its way").await;
    office.pass(1).await;
    office.messenger().write_as_page(&ben, "On its way");
    sync_now(&office).await;
    assert_eq!(shown(&office, conversation, "On its way").await.len(), 1);
    office.pass(300).await;
    assert_eq!(office.messenger().count_sent(&ben, "On its way"), 2);
    let said = shown(&office, conversation, "On its way").await;
    assert_eq!(said.len(), 2, "both are there: {said:?}");
}

#[tokio::test(start_paused = true)]
async fn the_platforms_copy_of_a_file_is_not_kept_beside_our_own() {
    let (office, _, conversation) = unasked(62).await;
    let begin = json!({ "conversation": conversation, "name": "prices.pdf", "sizeBytes": 19, "mime": "application/pdf" });
    let upload: Value = office.call("file_begin", begin).await;
    let piece = json!({ "upload": upload["upload"], "base64": "JVBERi0xLjcgcHJpY2UgbGlzdA==" });
    let _: Value = office.call("file_append", piece).await;
    let file: Value = office.call("file_finish", upload).await;
    office.world.arrange(Match::any().method("POST").path("/messages"), Mishap::Delay { by_ms: 25_000 }, 1);
    let reply = json!({ "kind": "reply", "conversation": conversation, "body": "", "files": [file], "replyTo": null });
    let _: Value = office.call("inbox_act", reply).await;
    office.pass(1).await;
    sync_now(&office).await;
    // Somebody looks at it before anybody knows that it is the same.
    for file in office.messages(conversation).await.into_iter().flat_map(|message| message.attachments) {
        let _: Value = office.call("attachment_save", json!({ "attachment": file.id })).await;
    }
    let kept = || std::fs::read_dir(office.dir.path().join("profile/media")).unwrap().count();
    assert_eq!(kept(), 2, "the platform's copy was fetched");
    office.pass(60).await;
    assert_eq!(office.messages(conversation).await.len(), 2, "shown once");
    assert_eq!(kept(), 1);
}
