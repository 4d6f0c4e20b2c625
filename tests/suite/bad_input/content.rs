use super::Bystander;
use crate::support::{BRAND, Office};
use api::ErrorCode;
use model::account::AccountStatus;
use model::message::MessageKind;
use serde_json::{Value, json};

#[tokio::test(start_paused = true)]
async fn a_first_sync_of_many_megabytes_passes_whole() {
    let office = Office::open(11).await;
    let matrix = office.matrix();
    matrix.create_user("brand", "secret-brand", "Brand");
    // More than a page of messages may have (8 MiB), all within one answer.
    let (rooms, words) = (90, "Wörter ".repeat(700));
    for number in 0..rooms {
        let who = matrix.create_user(&format!("c{number}"), "pw", &format!("Customer {number:03}"));
        let room = matrix.direct_room(BRAND, &who);
        for line in 0..20 {
            matrix.write(&room, &who, &format!("{line} {words}"));
        }
    }
    office.connect_matrix("brand", "secret-brand").await;
    office.pass(120).await;
    assert_eq!(office.accounts().await[0].status, AccountStatus::Live);
    assert_eq!(office.inbox("all").await.len(), rooms);
    for number in [0, 44, 89] {
        let texts = office.texts(office.conversation(&format!("Customer {number:03}")).await).await;
        assert_eq!(texts.len(), 20, "customer {number}");
        assert!(texts.iter().enumerate().all(|(line, text)| *text == format!("{line} {}", words.trim_end())
            || *text == format!("{line} {words}")));
    }
}

#[tokio::test(start_paused = true)]
async fn kinds_of_messages_that_nobody_knows_are_shown_as_such_and_stop_nothing() {
    let office = Office::open(12).await;
    let bystander = Bystander::beside(&office).await;
    let matrix = office.matrix();
    let eve = matrix.create_user("eve", "pw", "Eve Adler");
    let room = matrix.direct_room(BRAND, &eve);
    let message = |content: Value| matrix.send_event(&room, &eve, "m.room.message", content);
    message(json!({ "msgtype": "org.example.hologram" }));
    message(json!({ "msgtype": "org.example.hologram", "body": "A hologram (update your app)" }));
    message(json!({ "msgtype": 7, "body": ["no", "text"] }));
    message(json!({ "body": { "deep": [[[[[[1]]]]]] } }));
    message(json!([]));
    matrix.send_event(&room, &eve, "org.example.event", json!({ "body": "no message at all" }));
    matrix.write(&room, &eve, "plain words");
    office.settle().await;
    let shown = office.messages(office.conversation("Eve Adler").await).await;
    let kinds: Vec<(MessageKind, &str)> =
        shown.iter().map(|message| (message.kind, message.body.as_str())).collect();
    assert_eq!(kinds.first(), Some(&(MessageKind::Unsupported, "")));
    assert!(
        kinds.contains(&(MessageKind::Plain, "A hologram (update your app)")),
        "its own words for those who do not know it"
    );
    assert_eq!(kinds.last(), Some(&(MessageKind::Plain, "plain words")));
    assert!(kinds.iter().all(|(_, body)| *body != "no message at all"));
    assert!(
        kinds.iter().all(|(kind, body)| *kind == MessageKind::Unsupported || !body.is_empty()),
        "{kinds:?}"
    );
    bystander.is_untouched(&office).await;
}

#[tokio::test(start_paused = true)]
async fn times_beyond_reason_neither_break_a_conversation_nor_the_list() {
    let office = Office::open(13).await;
    let bystander = Bystander::beside(&office).await;
    let matrix = office.matrix();
    let eve = matrix.create_user("eve", "pw", "Eve Adler");
    let room = matrix.direct_room(BRAND, &eve);
    for at_ms in [i64::MAX, i64::MIN, -1, 0, 8_640_000_000_000_001] {
        matrix.at(at_ms).write(&room, &eve, &format!("at {at_ms}"));
        office.settle().await;
    }
    let conversation = office.conversation("Eve Adler").await;
    assert_eq!(office.messages(conversation).await.len(), 5);
    office.reply(conversation, "What time is it there?").await;
    office.pass(10).await;
    assert_eq!(matrix.count_text(&room, "What time is it there?"), 1);
    let newest = office.inbox("all").await[0].last_activity_at;
    assert!(
        newest <= office.now().plus(std::time::Duration::from_secs(86_400)),
        "nobody stands on top for ever"
    );
    bystander.is_untouched(&office).await;
}

#[tokio::test(start_paused = true)]
async fn what_is_too_long_or_too_large_is_refused_before_anything_is_sent() {
    let office = Office::open(14).await;
    let bystander = Bystander::beside(&office).await;
    let conversation = office.conversation("Ada Becker").await;
    let head = office.head(conversation).await;
    let long = "ä".repeat(head.max_text as usize + 1);
    assert_eq!(office.reply_refused(conversation, &long).await, ErrorCode::TooLong);
    assert_eq!(office.reply_refused(conversation, " \n ").await, ErrorCode::NothingToSend);
    let begin = json!({ "conversation": conversation, "name": "film.mov", "sizeBytes": head.max_file_bytes + 1, "mime": "video/quicktime" });
    assert_eq!(office.refused("file_begin", begin).await.code, ErrorCode::FileRefused);
    let gone = json!({ "kind": "reply", "conversation": 999_999, "body": "x", "files": [], "replyTo": null });
    assert_eq!(office.refused("inbox_act", gone).await.code, ErrorCode::Gone);
    for (call, arguments) in
        [("inbox_act", json!({ "kind": "explode" })), ("no_such_call", json!({})), ("search", json!([]))]
    {
        assert_eq!(office.refused(call, arguments).await.code, ErrorCode::BadCall, "{call}");
    }
    office.pass(30).await;
    assert!(!office.world.requests().iter().any(|asked| asked.path.contains("/send/")));
    bystander.is_untouched(&office).await;
}

#[tokio::test(start_paused = true)]
async fn a_token_that_expires_again_while_a_poll_waits_does_not_end_the_sign_in() {
    let office = Office::open(15).await;
    let bystander = Bystander::beside(&office).await;
    for _ in 0..4 {
        office.matrix().expire_tokens(BRAND, false);
        // Long enough for the repeated poll to be waiting, too short for it to have come back.
        office.pass(31).await;
        office.matrix().expire_tokens(BRAND, false);
        office.matrix().write(&bystander.room, &bystander.ada, "wakes the poll");
        office.pass(10).await;
    }
    bystander.is_untouched(&office).await;
}
