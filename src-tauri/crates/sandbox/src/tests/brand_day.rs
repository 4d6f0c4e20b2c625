//! The first-run demo: its size, its variety, its life.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::support::{ask, clock, raw, sleep_ms};
use crate::{Credential, SignIn, World};

const DAY_MS: i64 = 86_400_000;

async fn log_in(world: &World, sign_in: &SignIn) -> String {
    match &sign_in.credential {
        Credential::PageToken { page_token, .. } => page_token.clone(),
        Credential::Password { user, password } => {
            let body =
                json!({ "type": "m.login.password", "identifier": { "user": user }, "password": password });
            let url = format!("{}/_matrix/client/v3/login", sign_in.server);
            let (status, answer) = ask(world, "POST", &url, "", &body.to_string()).await;
            assert_eq!(status, 200, "{answer}");
            answer["access_token"].as_str().unwrap().to_owned()
        }
        Credential::OwnApp { .. } => panic!("a demo connects no app"),
    }
}

/// Every conversation an account shows: newest message's time in ms, and the customers' texts, newest first.
async fn conversations(world: &World, sign_in: &SignIn) -> Vec<(i64, Vec<String>)> {
    let token = log_in(world, sign_in).await;
    match &sign_in.credential {
        Credential::PageToken { page_id, .. } => {
            let fields = crate::wire::encode("updated_time,unread_count,messages.limit(20){message,from}");
            let mut url = format!(
                "{}/v25.0/{page_id}/conversations?platform=messenger&limit=50&fields={fields}&access_token={token}",
                sign_in.server
            );
            let mut all = Vec::new();
            loop {
                let (status, page) = ask(world, "GET", &url, "", "").await;
                assert_eq!(status, 200, "{page}");
                for thread in page["data"].as_array().unwrap() {
                    let at: jiff::Timestamp = thread["updated_time"].as_str().unwrap().parse().unwrap();
                    let theirs = thread["messages"]["data"].as_array().unwrap().iter();
                    let theirs = theirs.filter(|message| message["from"]["id"] != *page_id);
                    let texts =
                        theirs.filter_map(|message| message["message"].as_str()).map(str::to_owned).collect();
                    all.push((at.as_millisecond(), texts));
                }
                sleep_ms(600).await;
                match page["paging"]["next"].as_str() {
                    Some(next) => url = next.to_owned(),
                    None => return all,
                }
            }
        }
        Credential::Password { user, .. } => {
            let filter = crate::wire::encode(r#"{"room":{"timeline":{"limit":20}}}"#);
            let url = format!("{}/_matrix/client/v3/sync?filter={filter}", sign_in.server);
            let (status, sync) = ask(world, "GET", &url, &token, "").await;
            assert_eq!(status, 200);
            let rooms = sync["rooms"]["join"].as_object().unwrap().values();
            rooms
                .map(|room| {
                    let events = room["timeline"]["events"].as_array().unwrap();
                    let texts = events.iter().rev().filter(|event| event["sender"] != *user);
                    let texts = texts
                        .filter_map(|event| event["content"]["body"].as_str())
                        .map(str::to_owned)
                        .collect();
                    (events.last().unwrap()["origin_server_ts"].as_i64().unwrap(), texts)
                })
                .collect()
        }
        Credential::OwnApp { .. } => panic!("a demo connects no app"),
    }
}

#[tokio::test(start_paused = true)]
async fn two_brands_with_two_accounts_each_hold_more_than_320_conversations_over_three_months() {
    let world = World::brand_day(1, clock());
    let now_ms = world.now_ms();
    let sign_ins = world.sign_ins();
    assert_eq!(sign_ins.len(), 4);
    assert_eq!(sign_ins.iter().map(|sign_in| &sign_in.brand).collect::<BTreeSet<_>>().len(), 2);
    let (mut total, mut recent, mut old) = (0, 0, 0);
    let mut heads: BTreeMap<String, usize> = BTreeMap::new();
    for sign_in in &sign_ins {
        for (at_ms, texts) in conversations(&world, sign_in).await {
            total += 1;
            recent += usize::from(now_ms - at_ms < DAY_MS);
            old += usize::from(now_ms - at_ms > 30 * DAY_MS);
            if let Some(first) = texts.first() {
                *heads.entry(first.clone()).or_default() += 1;
            }
            for text in &texts {
                assert!(!text.contains(['{', '}', '[', ']', '|']), "unfilled: {text}");
            }
        }
    }
    assert!(total >= 320, "{total} conversations");
    assert!(recent >= 60 && old >= 30, "{recent} of the last day, {old} older than a month");
    let most = heads.values().max().copied().unwrap_or_default();
    assert!(
        heads.len() > 180 && most <= 10,
        "{} different last lines, one of them {most} times",
        heads.len()
    );
}

#[tokio::test(start_paused = true)]
async fn the_same_seed_makes_the_same_day() {
    let list = async |seed: u64| {
        let world = World::brand_day(seed, clock());
        conversations(&world, &world.sign_ins()[0]).await
    };
    assert_eq!(list(5).await, list(5).await);
    assert_ne!(list(5).await, list(6).await);
}

#[tokio::test(start_paused = true)]
async fn a_morning_of_work_waits_and_some_of_it_is_about_to_close() {
    let world = World::brand_day(1, clock());
    let meta = world.messenger();
    let now_ms = world.now_ms();
    let (mut unread, mut closing) = (0, 0);
    for sign_in in world.sign_ins() {
        match &sign_in.credential {
            Credential::PageToken { page_id, .. } => {
                for customer in meta.customers_of(page_id) {
                    unread += usize::from(meta.unread_of(&customer) > 0);
                    let last = meta.messages_in(&customer).pop().unwrap();
                    let left_ms = last.at_ms + DAY_MS - now_ms;
                    closing += usize::from(!last.is_ours && (0..2 * 3_600_000).contains(&left_ms));
                }
            }
            Credential::Password { .. } => {
                let token = log_in(&world, &sign_in).await;
                let url = format!("{}/_matrix/client/v3/sync", sign_in.server);
                let (_, sync) = ask(&world, "GET", &url, &token, "").await;
                let rooms = sync["rooms"]["join"].as_object().unwrap().values();
                unread +=
                    rooms.filter(|room| room["unread_notifications"]["notification_count"] != 0).count();
            }
            Credential::OwnApp { .. } => panic!("a demo connects no app"),
        }
    }
    assert!((10..=25).contains(&unread), "{unread} unread");
    assert!(closing >= 2, "{closing} about to close");
}

#[tokio::test(start_paused = true)]
async fn a_customer_answers_our_reply_within_twenty_seconds_while_the_day_lives() {
    let world = World::brand_day(2, clock());
    let SignIn { server, credential: Credential::PageToken { page_id, page_token, .. }, .. } =
        &world.sign_ins()[0]
    else {
        panic!("a Page first")
    };
    let meta = world.messenger();
    let now_ms = world.now_ms();
    let waiting = |customer: &String| {
        let last = meta.messages_in(customer).pop().unwrap();
        !last.is_ours && now_ms - last.at_ms < DAY_MS / 2
    };
    let customer = meta.customers_of(page_id).into_iter().find(waiting).unwrap();
    let body = json!({ "recipient": { "id": customer }, "message": { "text": "Gern, wir kümmern uns." } })
        .to_string();
    let ours = async {
        sleep_ms(100).await;
        let url = format!("{server}/v25.0/{page_id}/messages");
        assert_eq!(ask(&world, "POST", &url, page_token, &body).await.0, 200);
        let before = meta.messages_in(&customer).len();
        sleep_ms(20_000).await;
        let messages = meta.messages_in(&customer);
        let reacted = messages.iter().any(|message| message.is_ours && !message.reactions.is_empty());
        assert!(messages.len() > before || reacted, "no answer");
        assert_eq!(messages[before - 1].text.as_deref(), Some("Gern, wir kümmern uns."));
    };
    tokio::select! {
        () = world.live() => unreachable!("it never ends"),
        () = ours => {}
    }
}

#[tokio::test(start_paused = true)]
async fn an_hour_of_life_brings_a_few_hundred_events_and_the_same_ones_each_time() {
    let hour = async || {
        let world = World::brand_day(3, clock());
        tokio::select! {
            () = world.live() => unreachable!("it never ends"),
            () = sleep_ms(3_600_000) => {}
        }
        let meta = world.messenger();
        let mut new = Vec::new();
        for sign_in in world.sign_ins() {
            if let Credential::PageToken { page_id, .. } = &sign_in.credential {
                for customer in meta.customers_of(page_id) {
                    let messages = meta.messages_in(&customer).into_iter();
                    let fresh = messages.filter(|message| message.at_ms > super::support::NOON_MS);
                    new.extend(fresh.map(|message| (message.at_ms, message.id)));
                }
            }
        }
        new
    };
    let first = hour().await;
    assert!((60..400).contains(&first.len()), "{} messages on Messenger", first.len());
    assert_eq!(first, hour().await);
}

#[tokio::test(start_paused = true)]
async fn every_picture_of_the_day_can_be_fetched() {
    let world = World::brand_day(4, clock());
    let sign_in = &world.sign_ins()[1];
    let token = log_in(&world, sign_in).await;
    let url = format!("{}/_matrix/client/v3/sync", sign_in.server);
    let (_, sync) = ask(&world, "GET", &url, &token, "").await;
    let mut fetched = 0;
    for room in sync["rooms"]["join"].as_object().unwrap().values() {
        let events = room["timeline"]["events"].as_array().unwrap().iter();
        for address in events.filter_map(|event| event["content"]["url"].as_str()).take(2) {
            let path = address.replace("mxc://", "/_matrix/client/v1/media/download/");
            let answer = raw(&world, "GET", &format!("{}{path}", sign_in.server), &token, "").await.unwrap();
            assert_eq!(answer.status(), 200);
            let is_known =
                [&b"\x89PNG"[..], b"%PDF", b"RIFF"].iter().any(|start| answer.body().starts_with(start));
            assert!(is_known, "{:?}", answer.headers());
            fetched += 1;
        }
    }
    assert!(fetched >= 5, "{fetched} files");
}

#[tokio::test(start_paused = true)]
async fn strangers_ask_to_write_one_after_the_other_in_the_course_of_the_day() {
    let world = World::brand_day(4, clock());
    let sign_in = &world.sign_ins()[1];
    let token = log_in(&world, sign_in).await;
    let url = format!("{}/_matrix/client/v3/sync", sign_in.server);
    let mut asked = Vec::new();
    for _ in 0..3 {
        let (_, sync) = ask(&world, "GET", &url, &token, "").await;
        asked.push(sync["rooms"]["invite"].as_object().map_or(0, serde_json::Map::len));
        sleep_ms(60 * 60_000).await;
    }
    assert_eq!(asked, [0, 1, 2]);
}
