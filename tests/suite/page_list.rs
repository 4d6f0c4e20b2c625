//! The list of a Page's threads, which Graph cannot always read to its end.

use crate::support::Office;
use model::account::AccountStatus;
use sandbox::{Match, Mishap};
use serde_json::{Value, json};

#[tokio::test(start_paused = true)]
async fn threads_below_one_that_graph_cannot_read_are_told_when_it_can_be_read_again() {
    let office = Office::open(1).await;
    let messenger = office.messenger();
    let (app, secret) = messenger.create_app("Shop inbox", &[]);
    let owner = messenger.create_user("Owner");
    let page = messenger.create_page(&owner, "Shop", "Retail");
    let old = messenger.create_customer(&page, "Ben", "Okafor");
    messenger.write(&old, "Do you ship to Graz?");
    office.connect_page(&messenger.page_token(&app, &owner, &page), &secret).await;
    office.pass(60).await;
    let unread = async || office.call::<Value>("inbox_counts", json!({})).await["unread"].clone();
    let before = unread().await;
    office.notices.take();

    // A busy morning without a network: more threads than the first pages show, and one of them blocks the way down.
    office.world.arrange(Match::any(), Mishap::Refuse, u32::MAX);
    for number in 0..80 {
        let customer = messenger.create_customer(&page, &format!("Customer {number}"), "Novak");
        messenger.write(&customer, "Is the shop down?");
        office.pass(2).await;
    }
    office.world.arrange_nothing();
    let blocks = Mishap::GraphError { code: 1, subcode: None };
    office.world.arrange(Match::any().path("/conversations").query("after="), blocks, u32::MAX);
    office.pass(900).await;
    let count = async || office.inbox("all").await.len();
    assert!((2..81).contains(&count().await), "what rises above it is read: {}", count().await);
    let late = messenger.create_customer(&page, "Late", "Novak");
    messenger.write(&late, "And now?");
    office.pass(300).await;
    office.conversation("Late Novak").await;
    let account = &office.accounts().await[0];
    assert_eq!((account.status, account.problem_count), (AccountStatus::Live, 1), "said, and said once");

    office.notices.take();
    office.world.arrange_nothing();
    office.pass(900).await;
    assert_eq!(count().await, 82);
    assert_eq!(unread().await.as_u64(), before.as_u64().map(|before| before + 81));
    assert!(!office.notices.take().is_empty(), "somebody wrote hours ago: it is said");
}
