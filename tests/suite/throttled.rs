//! Platforms that ask for fewer calls of one kind: those wait, the others go on.

use crate::support::{Ada, Ben, Office};
use model::account::AccountStatus;
use sandbox::{Match, Mishap, RetryAfter};
use serde_json::json;

async fn is_throttled(office: &Office) -> bool {
    matches!(office.accounts().await[0].status, AccountStatus::Throttled { .. })
}

#[tokio::test(start_paused = true)]
async fn a_reply_leaves_while_the_list_of_a_page_may_not_be_read() {
    let office = Office::open(700).await;
    let Ben { customer, page, conversation, .. } = office.ben_writes("Hello?").await;
    office.set(json!({ "undoSendSeconds": 0 })).await;
    office.messenger().set_high_volume(&page, true);
    office.pass(90).await;
    assert!(is_throttled(&office).await, "the list answers 613");
    office.reply(conversation, "Still answered").await;
    office.pass(1).await;
    assert_eq!(office.messenger().count_sent(&customer, "Still answered"), 1);
    office.messenger().set_high_volume(&page, false);
    office.pass(90).await;
    assert!(!is_throttled(&office).await);
}

/// The busiest hour of a Page, in which Graph lists nothing: those who wrote last are still heard, and that others may not be
/// is said.
#[tokio::test(start_paused = true)]
async fn who_wrote_last_is_heard_while_the_inbox_of_a_page_is_frozen() {
    let office = Office::open(703).await;
    let Ben { customer, page, conversation, .. } = office.ben_writes("Hello?").await;
    let stranger = office.messenger().create_customer(&page, "Cleo", "Novak");
    office.messenger().set_high_volume(&page, true);
    office.messenger().write(&customer, "Are you there?");
    office.messenger().write(&stranger, "And you?");
    office.pass(90).await;
    assert_eq!(office.texts(conversation).await, ["Hello?", "Are you there?"]);
    assert!(is_throttled(&office).await);
    assert_eq!(office.inbox("all").await.len(), 1);
    office.messenger().set_high_volume(&page, false);
    office.pass(90).await;
    assert!(!is_throttled(&office).await);
    assert_eq!(office.texts(conversation).await, ["Hello?", "Are you there?"]);
    assert_eq!(office.texts(office.conversation("Cleo Novak").await).await, ["And you?"]);
}

#[tokio::test(start_paused = true)]
async fn nothing_leaves_while_the_whole_page_is_locked_out() {
    let office = Office::open(701).await;
    let Ben { customer, page, conversation, .. } = office.ben_writes("Hello?").await;
    office.set(json!({ "undoSendSeconds": 0 })).await;
    office.messenger().park(&page, 9);
    office.pass(90).await;
    assert!(is_throttled(&office).await);
    let asked = office.world.requests().len();
    office.reply(conversation, "Later").await;
    office.pass(60).await;
    assert_eq!(office.world.requests().len(), asked, "calling meanwhile would prolong it");
    office.pass(1800).await;
    assert_eq!(office.messenger().count_sent(&customer, "Later"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_reply_leaves_while_a_homeserver_asks_for_fewer_reads() {
    let office = Office::with_matrix(702).await;
    let Ada { user, room, conversation } = office.ada_writes("Hello?").await;
    office.set(json!({ "undoSendSeconds": 0 })).await;
    let throttle = Mishap::Throttle(RetryAfter::Seconds(60));
    office.world.arrange(Match::any().method("GET").path("/sync"), throttle, 1);
    office.matrix().write(&room, &user, "Anybody?");
    office.pass(40).await;
    office.reply(conversation, "Still answered").await;
    office.pass(1).await;
    assert_eq!(office.matrix().count_text(&room, "Still answered"), 1);
}
