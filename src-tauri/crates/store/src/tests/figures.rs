//! Times at 100 000 conversations. Printed, not asserted: `cargo test -p store figures -- --ignored --nocapture`.

use super::fixture::{Profile, at, refresh, tell, text};
use crate::{Error, Stretch, View};
use std::time::Duration;

const COUNT: i64 = 100_000;
const BATCH: i64 = 400;
const WORDS: [&str; 24] = [
    "Paket",
    "Lieferung",
    "Straße",
    "Größe",
    "Rechnung",
    "danke",
    "Hallo",
    "wann",
    "kommt",
    "meine",
    "Bestellung",
    "Müller",
    "Farbe",
    "zurück",
    "shirt",
    "order",
    "where",
    "size",
    "thanks",
    "refund",
    "tomorrow",
    "blue",
    "gift",
    "card",
];

#[expect(clippy::disallowed_methods, reason = "this is what is measured")]
fn now() -> std::time::Instant {
    std::time::Instant::now()
}

fn print(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let (p50, p95) = (times[times.len() / 2], times[times.len() * 95 / 100]);
    println!("{what:<44} p50 {p50:>10.2?}  p95 {p95:>10.2?}  n {}", times.len());
}

#[tokio::test]
#[ignore = "prints figures and takes a minute"]
async fn figures_at_a_hundred_thousand_conversations() {
    let profile = Profile::new().await;
    let account = profile.account(1).await;
    let mut batches = Vec::new();
    for first in (0..COUNT).step_by(BATCH as usize) {
        let began = now();
        profile
            .store
            .write(move |tx| {
                // Newest first, as history comes.
                for n in (first..first + BATCH).rev() {
                    let words: Vec<&str> =
                        (0..8).map(|k| WORDS[((n * 7 + k * k * 31 + n / 24 * k) % 24) as usize]).collect();
                    let body = format!("{} {n}", words.join(" "));
                    tell(tx, account, &text(&format!("r{n}"), &format!("m{n}"), &format!("c{n}"), n, &body))?;
                }
                refresh(tx)
            })
            .await
            .unwrap();
        batches.push(began.elapsed());
    }
    let total: Duration = batches.iter().sum();
    println!("ingest: {:.0} new conversations with a message per second", COUNT as f64 / total.as_secs_f64());
    print("commit of 400", batches);
    for view in [View::All, View::Unread, View::Waiting, View::EndsSoon] {
        let (mut times, mut after) = (Vec::new(), None);
        for _ in 0..100 {
            let began = now();
            let list = move |tx: &crate::ReadTx<'_>| tx.list(view, None, after, None, 50, at(COUNT));
            let page = profile.store.read_list::<_, Error>(list).await.unwrap();
            times.push(began.elapsed());
            after = page.next;
        }
        print(&format!("page of 50, {view:?}, a hundred pages down"), times);
    }
    let mut times = Vec::new();
    for _ in 0..100 {
        let began = now();
        profile.store.read_list(|tx| tx.counts(at(COUNT))).await.unwrap();
        times.push(began.elapsed());
    }
    print("counts", times);
    for query in ["müller", "strasse rechnung", "pak", "\"meine bestellung\"", "m", "99999"] {
        let mut times = Vec::new();
        for _ in 0..50 {
            let began = now();
            profile.store.read(move |tx| tx.search_messages(query, None, 50)).await.unwrap();
            times.push(began.elapsed());
        }
        print(&format!("search {query}"), times);
    }
    let mut times = Vec::new();
    for n in 0..200 {
        let message = text("r500", &format!("live{n}"), "c500", COUNT + n, "noch da?");
        let began = now();
        profile.tell(account, message).await;
        times.push(began.elapsed());
    }
    print("one live message, durable", times);
    let room = super::fixture::room(&profile, account, "r500").await;
    let mut times = Vec::new();
    for _ in 0..100 {
        let began = now();
        profile.store.read(move |tx| tx.messages(room, Stretch::Newest, 50)).await.unwrap();
        times.push(began.elapsed());
    }
    print("50 messages of a conversation", times);
    profile.store.close().await.unwrap();
    let bytes = std::fs::metadata(profile.place().database()).unwrap().len();
    println!("{} bytes per conversation with a message", bytes / COUNT as u64);
}
