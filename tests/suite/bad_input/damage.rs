//! A damaged database: it is said, kept, and brought back from its copy; what was not delivered is carried over, and
//! nothing is sent twice.

use crate::support::{Ada, BRAND, Office};
use api::types::inbox::InboxPage;
use api::types::profile::{ProfileProblem, ProfileState, ProfileStatus};
use model::outbox::{FailReason, OutboxState};
use model::{ConversationId, Timestamp};
use sandbox::{Match, Mishap};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const DAY: u64 = 86_400;

async fn status(office: &Office) -> ProfileStatus {
    office.call("profile_status", json!({})).await
}

fn profile(office: &Office) -> PathBuf {
    office.dir.path().join("profile")
}

fn named(office: &Office, beginning: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(profile(office)).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with(beginning)).collect()
}

/// Overwrites pages of a file, from one to another.
fn spoil(path: &Path, pages: std::ops::Range<usize>) -> Vec<u8> {
    let mut bytes = std::fs::read(path).unwrap();
    let end = (pages.end * 4096).min(bytes.len());
    bytes[pages.start * 4096..end].fill(0x5a);
    std::fs::write(path, &bytes).unwrap();
    bytes
}

/// How a reply stands on the screen; it is there once.
async fn delivery(
    office: &Office,
    conversation: ConversationId,
    body: &str,
) -> (OutboxState, Option<FailReason>) {
    let messages = office.messages(conversation).await;
    let found: Vec<_> = messages.iter().filter(|message| message.body == body).collect();
    assert_eq!(found.len(), 1, "copies of {body} on screen");
    found[0].delivery.map_or((OutboxState::Sent, None), |delivery| (delivery.state, delivery.reason))
}

/// A profile in which much happened after its copy was made. The server refuses while `queued` waits.
struct Past {
    office: Office,
    room: String,
    ada: String,
    conversation: ConversationId,
    copied_at: Timestamp,
}

impl Past {
    async fn happened(seed: u64) -> Self {
        let office = Office::with_matrix(seed).await;
        let Ada { user: ada, room, conversation } = office.ada_writes("Before the copy").await;
        let matrix = office.matrix();
        let sending = || Match::any().method("PUT").path("/send/");
        // In the copy it waits; afterwards it goes out.
        office.world.arrange(sending(), Mishap::Refuse, 100_000);
        office.reply(conversation, "Waits in the copy").await;
        office.pass(130).await;
        let copied_at = office.app_snapshot().expect("a copy was made two minutes after the start");
        office.world.arrange_nothing();
        office.pass(120).await;
        assert_eq!(matrix.count_text(&room, "Waits in the copy"), 1, "it went out after the copy");
        matrix.write(&room, &ada, "After the copy");
        let bob = matrix.create_user("bob", "pw", "Bob");
        let room_of_bob = matrix.direct_room(BRAND, &bob);
        matrix.write(&room_of_bob, &bob, "New since the copy");
        office.settle().await;
        office.reply(conversation, "Sent after the copy").await;
        office.pass(20).await;
        let of_bob = office.conversation("Bob").await;
        office.world.arrange(sending(), Mishap::Refuse, 100_000);
        office.reply(of_bob, "Not delivered yet").await;
        let draft = json!({ "conversation": of_bob, "body": "half a sentence", "files": [] });
        let _: Value = office.call("draft_save", draft).await;
        office.pass(20).await;
        Self { office, room, ada, conversation, copied_at }
    }
}

/// None if it cannot be read.
async fn draft_of_bob(office: &Office) -> Option<String> {
    let rows = office.app.call("inbox_list", json!({ "view": "all", "limit": 200 })).await.ok()?;
    let rows: InboxPage = serde_json::from_value(rows).unwrap();
    let bob = rows.rows.iter().find(|row| row.title == "Bob")?.id;
    let head = office.app.call("conversation_open", json!({ "conversation": bob })).await.ok()?;
    office.app.call("conversation_messages", json!({ "conversation": bob, "limit": 200 })).await.ok()?;
    Some(head["draftBody"].as_str().unwrap().to_owned())
}

impl Office {
    fn app_snapshot(&self) -> Option<Timestamp> {
        store::Place::new(profile(self)).snapshot_made_at()
    }
}

#[tokio::test(start_paused = true)]
async fn a_damaged_profile_comes_back_from_its_copy_with_what_was_not_delivered_and_sends_nothing_twice() {
    let Past { office, room, ada, conversation, copied_at } = Past::happened(61).await;
    let database = profile(&office).join("kontor.db");
    office.app.shut_down().await;
    let whole = std::fs::read(&database).unwrap();
    let pages = whole.len() / 4096;
    // A page that the start does not meet, and that holds nothing of what is looked for below.
    let mut found = None;
    for page in (1..pages).rev() {
        spoil(&database, page..page + 1);
        let again = office.second_instance().await;
        if status(&again).await.state == ProfileState::Open
            && draft_of_bob(&again).await.is_some()
            && again.app.call("search", json!({ "text": "Before", "limit": 10 })).await.is_err()
        {
            found = Some(again);
            break;
        }
        again.app.shut_down().await;
        std::fs::write(&database, &whole).unwrap();
        for log in named(&again, "kontor.db-") {
            std::fs::remove_file(log).unwrap();
        }
    }
    let again = found.expect("the index of texts lies on pages of its own");
    assert_eq!(status(&again).await.trouble, Some(ProfileProblem::Damaged), "the search has met it");
    again.app.shut_down().await;
    let again = office.second_instance().await;
    assert_eq!(status(&again).await.trouble, None, "not met yet");
    again.pass(DAY + 3700).await;
    assert_eq!(status(&again).await.trouble, Some(ProfileProblem::Damaged), "the daily copy meets it");
    assert_eq!(status(&again).await.restorable, Some(copied_at), "a damaged database replaces no copy");
    let restored: ProfileStatus = again.call("profile_restore", json!({})).await;
    assert_eq!((restored.state, restored.restorable, restored.trouble), (ProfileState::Open, None, None));
    let mut kept = named(&again, "kontor.damaged-");
    kept.retain(|path| path.extension().unwrap() == "db");
    assert_eq!(kept.len(), 1, "the damaged file is kept");
    let matrix = again.matrix();
    again.pass(60).await;
    matrix.write(&room, &ada, "After all of it");
    again.world.arrange_nothing();
    again.pass(3 * 3600).await;
    let texts = again.texts(again.conversation("Ada Becker").await).await;
    for text in
        ["Before the copy", "After the copy", "Waits in the copy", "Sent after the copy", "After all of it"]
    {
        assert_eq!(texts.iter().filter(|shown| *shown == text).count(), 1, "{text} in {texts:?}");
    }
    for text in ["Waits in the copy", "Sent after the copy"] {
        assert_eq!(matrix.count_text(&room, text), 1, "{text} on the server");
        assert_eq!(delivery(&again, conversation, text).await.0, OutboxState::Sent);
    }
    let of_bob = again.conversation("Bob").await;
    assert_eq!(again.head(of_bob).await.draft_body, "half a sentence");
    let (state, reason) = delivery(&again, of_bob, "Not delivered yet").await;
    assert_eq!(state, OutboxState::NeedsPerson, "{reason:?}");
    let waits =
        again.messages(of_bob).await.into_iter().find(|message| message.body == "Not delivered yet").unwrap();
    again.decide("retry", waits.id).await;
    again.pass(20).await;
    assert_eq!(delivery(&again, of_bob, "Not delivered yet").await.0, OutboxState::Sent);
}

#[tokio::test(start_paused = true)]
async fn of_a_file_that_says_nothing_any_more_every_unsettled_reply_of_the_copy_is_asked_about() {
    let Past { office, room, conversation, copied_at, .. } = Past::happened(62).await;
    office.app.shut_down().await;
    let database = profile(&office).join("kontor.db");
    let broken = spoil(&database, 0..usize::MAX / 4096);
    let again = office.second_instance().await;
    let blocked = status(&again).await;
    assert_eq!((blocked.state, blocked.problem), (ProfileState::Blocked, Some(ProfileProblem::Damaged)));
    assert_eq!(blocked.restorable, Some(copied_at));
    again.refused("profile_prepare", json!({})).await;
    assert!(std::fs::read(&database).unwrap() == broken, "untouched until somebody decides");
    let restored: ProfileStatus = again.call("profile_restore", json!({})).await;
    assert_eq!(restored.state, ProfileState::Open);
    let kept = named(&again, "kontor.damaged-");
    assert!(kept.iter().any(|path| std::fs::read(path).unwrap() == broken), "kept byte for byte: {kept:?}");
    assert_eq!(
        delivery(&again, conversation, "Waits in the copy").await,
        (OutboxState::NeedsPerson, Some(FailReason::Unconfirmed)),
        "nobody knows here that it went out"
    );
    again.world.arrange_nothing();
    again.pass(3 * 3600).await;
    let matrix = again.matrix();
    assert_eq!(matrix.count_text(&room, "Waits in the copy"), 1);
    assert_eq!(
        delivery(&again, conversation, "Waits in the copy").await.0,
        OutboxState::Sent,
        "the server says so"
    );
    let texts = again.texts(conversation).await;
    for text in ["After the copy", "Sent after the copy"] {
        assert_eq!(texts.iter().filter(|shown| *shown == text).count(), 1, "{text} in {texts:?}");
    }
    assert_eq!(again.texts(again.conversation("Bob").await).await, ["New since the copy"]);
}

#[tokio::test(start_paused = true)]
async fn a_database_that_was_emptied_or_deleted_is_not_taken_for_a_new_profile() {
    let office = Office::with_matrix(63).await;
    office.pass(130).await;
    office.app.shut_down().await;
    let database = profile(&office).join("kontor.db");
    let empty: fn(&Path) = |path| std::fs::write(path, b"").unwrap();
    for lose in [empty, |path| std::fs::remove_file(path).unwrap()] {
        lose(&database);
        let again = office.second_instance().await;
        let blocked = status(&again).await;
        assert_eq!((blocked.state, blocked.problem), (ProfileState::Blocked, Some(ProfileProblem::Damaged)));
        let restored: ProfileStatus = again.call("profile_restore", json!({})).await;
        assert_eq!(restored.state, ProfileState::Open);
        assert_eq!(again.accounts().await.len(), 1);
        again.app.shut_down().await;
    }
}

#[tokio::test(start_paused = true)]
async fn one_copy_is_kept_a_day_old_at_most_and_none_of_what_was_removed() {
    let office = Office::with_matrix(64).await;
    assert_eq!(office.app_snapshot(), None);
    office.pass(130).await;
    let first = office.app_snapshot().unwrap();
    office.pass(DAY - 3600).await;
    assert_eq!(office.app_snapshot(), Some(first), "once a day");
    office.pass(3 * 3600).await;
    let second = office.app_snapshot().unwrap();
    assert!(second > first);
    assert_eq!(named(&office, "kontor.snapshot").len(), 1);
    assert_eq!(status(&office).await.restorable, None, "nothing is damaged");
    office.refused("profile_restore", json!({})).await;
    let account = office.accounts().await[0].id;
    let _: Value = office.call("account_remove", json!({ "account": account })).await;
    assert_eq!(named(&office, "kontor.snapshot").len(), 0, "it held what was removed");
}
