//! Two replies with the same words: one is never taken for the other, whatever waited for how long.

use crate::support::Office;
use model::outbox::OutboxState;
use sandbox::{Match, Mishap, RetryAfter};
use std::io::ErrorKind;

#[tokio::test(start_paused = true)]
async fn a_reply_that_was_written_long_before_it_left_is_not_taken_for_its_twin() {
    let office = Office::open(41).await;
    let messenger = office.messenger();
    let (app, secret) = messenger.create_app("Shop inbox", &[]);
    let owner = messenger.create_user("Owner");
    let page = messenger.create_page(&owner, "Shop", "Retail");
    let ben = messenger.create_customer(&page, "Ben", "Okafor");
    messenger.write(&ben, "Hello?");
    office.connect_page(&messenger.page_token(&app, &owner, &page), &secret).await;
    office.pass(60).await;
    let conversation = office.conversation("Ben Okafor").await;
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
