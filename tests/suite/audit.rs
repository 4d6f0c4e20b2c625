//! What a platform never announced is found once a day, silently, and once.

use crate::support::{Ada, BRAND, Office};
use serde_json::json;

const DAY: u64 = 86_400;
/// An audit begins within an hour of its time, and takes minutes.
const BOUND: u64 = DAY + 2 * 3600;

#[tokio::test(start_paused = true)]
async fn messages_that_were_never_announced_are_found_within_a_day_once_and_without_a_noise() {
    let office = Office::with_matrix(81).await;
    let Ada { user: ada, room, conversation } = office.ada_writes("first").await;
    let matrix = office.matrix();
    office.act("mark_read", conversation).await;
    office.pass(3600).await;
    for number in 0..30 {
        matrix.write_unannounced(&room, &ada, &format!("lost {number}"));
        matrix.write(&room, &ada, &format!("told {number}"));
        office.pass(60).await;
    }
    let before = office.texts(conversation).await;
    assert_eq!(before.len(), 31, "nobody knows of them yet");
    office.notices.take();
    office.pass(BOUND).await;
    let after = office.texts(conversation).await;
    let expected: Vec<String> = std::iter::once("first".to_owned())
        .chain((0..30).flat_map(|number| [format!("lost {number}"), format!("told {number}")]))
        .collect();
    assert_eq!(after, expected, "each once, where it belongs");
    let told: Vec<_> =
        office.notices.take().into_iter().filter(|notice| notice.body.contains("lost")).collect();
    assert!(told.is_empty(), "nobody is told of what is hours old: {told:?}");
    let rows = office.inbox("unread").await;
    assert_eq!(rows[0].unread_count, 60, "but it counts as unread");
    office.pass(BOUND).await;
    assert_eq!(office.texts(conversation).await, expected, "nothing is doubled by the next audit");
    let office = office.crash_and_restart().await;
    assert_eq!(office.texts(conversation).await, expected);
    let found: serde_json::Value = office.call("search", json!({ "text": "lost", "limit": 50 })).await;
    assert_eq!(found["hits"].as_array().unwrap().len(), 30);
}

#[tokio::test(start_paused = true)]
async fn an_audit_fetches_no_history_that_was_left_where_it_is_and_asks_no_more_than_it_must() {
    let office = Office::open(82).await;
    let matrix = office.matrix();
    matrix.create_user("brand", "secret-brand", "Brand");
    let ada = matrix.create_user("ada", "pw", "Ada Becker");
    let room = matrix.direct_room(BRAND, &ada);
    for number in 0..900 {
        matrix.write(&room, &ada, &format!("old {number}"));
    }
    office.connect_matrix("brand", "secret-brand").await;
    office.pass(600).await;
    let conversation = office.conversation("Ada Becker").await;
    let stored = async || {
        let rows = office.inbox("all").await;
        rows[0].unread_count
    };
    let before = stored().await;
    assert!(before < 900, "older history rests until somebody scrolls there: {before}");
    let asked = |office: &Office| {
        office.world.requests().iter().filter(|one| one.path.ends_with("/messages")).count()
    };
    let calls = asked(&office);
    office.pass(BOUND).await;
    assert_eq!(stored().await, before);
    assert!(asked(&office) > calls, "it was compared");
    assert!(asked(&office) - calls <= 20, "{} pages for {before} messages", asked(&office) - calls);
    assert_eq!(office.head(conversation).await.id, conversation);
}
