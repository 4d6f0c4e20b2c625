//! Behaviours 22 to 31: sending, and what stands against it.

use std::io::ErrorKind;

use bytes::Bytes;
use serde_json::{Value, json};

use super::messenger_page::{GRAPH, Shop, refusal, shop};
use super::support::{ask, sleep_ms};
use crate::{Match, Media, Mishap, Refusing};

const HOUR_MS: u64 = 3_600_000;

fn open_shop() -> Shop {
    let shop = shop();
    shop.meta.write(&shop.ada, "Hallo");
    shop
}

fn to_ada(shop: &Shop, rest: &Value) -> Value {
    let mut body = json!({ "recipient": { "id": shop.ada } });
    for (name, value) in rest.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

#[tokio::test(start_paused = true)]
async fn messenger_22_a_sent_message_answers_with_its_id_and_is_readable_after_the_lag() {
    let shop = open_shop();
    shop.meta.set_read_back_lag(&shop.page, 10_000);
    let (status, answer) = shop.say("Guten Tag").await;
    assert_eq!((status, &answer["recipient_id"]), (200, &json!(shop.ada)));
    let id = answer["message_id"].as_str().unwrap();
    assert!(id.starts_with("m_"));
    let early = shop.get(id).await.0;
    sleep_ms(10_000).await;
    let node = shop.read(&format!("{id}?fields=message,from")).await;
    assert_eq!((&node["message"], &node["from"]["id"]), (&json!("Guten Tag"), &json!(shop.page)));
    assert_eq!(early, 400, "this seed's lag is longer than nothing");
}

#[tokio::test(start_paused = true)]
async fn messenger_23_a_reply_after_24_hours_is_refused_with_10_2018278() {
    let shop = open_shop();
    sleep_ms(24 * HOUR_MS).await;
    assert_eq!(shop.say("in time").await.0, 200);
    sleep_ms(1_000).await;
    assert_eq!(
        refusal(&shop.say("too late").await),
        (10, 2_018_278),
        "our own message does not open the window"
    );
    let human = to_ada(
        &shop,
        &json!({ "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT", "message": { "text": "x" } }),
    );
    assert_eq!(refusal(&shop.post(&human).await), (10, 0), "the feature is off");
    shop.meta.allow_human_agent(&shop.app, true);
    assert_eq!(shop.post(&human).await.0, 200);
    sleep_ms(6 * 24 * HOUR_MS).await;
    assert_eq!(refusal(&shop.post(&human).await), (10, 2_018_278), "seven days are over");
    shop.meta.write(&shop.ada, "noch da?");
    assert_eq!(shop.say("ja").await.0, 200);
}

#[tokio::test(start_paused = true)]
async fn messenger_24_dead_tags_are_refused_and_no_type_means_response() {
    let shop = open_shop();
    for tag in ["CONFIRMED_EVENT_UPDATE", "ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE"] {
        let body = to_ada(
            &shop,
            &json!({ "messaging_type": "MESSAGE_TAG", "tag": tag, "message": { "text": "x" } }),
        );
        assert_eq!(refusal(&shop.post(&body).await), (100, 1_893_061));
    }
    assert_eq!(shop.post(&to_ada(&shop, &json!({ "message": { "text": "x" } }))).await.0, 200);
    sleep_ms(25 * HOUR_MS).await;
    assert_eq!(
        refusal(&shop.post(&to_ada(&shop, &json!({ "message": { "text": "x" } }))).await),
        (10, 2_018_278)
    );
}

#[tokio::test(start_paused = true)]
async fn messenger_25_two_thousand_characters_pass_and_one_more_does_not() {
    let shop = open_shop();
    assert_eq!(shop.say(&"ü".repeat(2_000)).await.0, 200);
    assert_eq!(refusal(&shop.say(&"ü".repeat(2_001)).await).0, 100);
}

#[tokio::test(start_paused = true)]
async fn messenger_26_reply_to_stands_beside_the_message_not_in_it() {
    let shop = shop();
    let mid = shop.meta.write(&shop.ada, "Welche Größe?");
    let inside = json!({ "message": { "text": "M", "reply_to": { "mid": mid } } });
    assert_eq!(refusal(&shop.post(&to_ada(&shop, &inside)).await).0, 100);
    let empty = json!({ "message": { "text": "M" }, "reply_to": {} });
    assert_eq!(refusal(&shop.post(&to_ada(&shop, &empty)).await).0, 100);
    let beside = json!({ "message": { "text": "M" }, "reply_to": { "mid": mid } });
    assert_eq!(shop.post(&to_ada(&shop, &beside)).await.0, 200);
    assert_eq!(shop.meta.messages_in(&shop.ada).last().unwrap().reply_to.as_deref(), Some(mid.as_str()));
}

fn by_url(shop: &Shop, kind: &str, url: &str) -> Value {
    to_ada(
        shop,
        &json!({ "message": { "attachment": { "type": kind, "payload": { "url": url, "is_reusable": true } } } }),
    )
}

#[tokio::test(start_paused = true)]
async fn messenger_27_attachments_fail_each_in_their_own_way() {
    let shop = open_shop();
    let there = "https://web.example/a";
    shop.meta.publish(there, Media::picture("a.png", 1));
    shop.meta.publish("https://web.example/huge", Media::of("h.png", "image/png", vec![0; 9 << 20]));
    shop.meta.publish_slow("https://web.example/slow", Media::of("s.mp4", "video/mp4", vec![0; 10]));
    for (kind, url, subcode) in [
        ("video", there, 2_018_047),
        ("image", "https://web.example/missing", 2_018_008),
        ("image", "https://web.example/huge", 2_018_109),
        ("video", "https://web.example/slow", 2_018_294),
    ] {
        assert_eq!(refusal(&shop.post(&by_url(&shop, kind, url)).await), (100, subcode));
    }
    let (_, sent) = shop.post(&by_url(&shop, "image", there)).await;
    let reuse = json!({ "message": { "attachment": { "type": "image", "payload": { "attachment_id": sent["attachment_id"] } } } });
    assert_eq!(shop.post(&to_ada(&shop, &reuse)).await.0, 200);
    sleep_ms(91 * 24 * HOUR_MS).await;
    let token = shop.meta.page_token(&shop.app, &shop.user, &shop.page);
    assert_eq!(token, shop.token, "consented anew: the same token, without an end");
    shop.meta.write(&shop.ada, "nochmal");
    assert_eq!(refusal(&shop.post(&to_ada(&shop, &reuse)).await), (100, 2_018_074));
}

#[tokio::test(start_paused = true)]
async fn messenger_27_a_local_file_goes_as_multipart() {
    let shop = open_shop();
    let picture = Media::picture("boot.png", 4);
    let mut body = Vec::new();
    let part = |head: &str| format!("--B\r\nContent-Disposition: form-data; {head}\r\n");
    body.extend_from_slice(part("name=\"recipient\"").as_bytes());
    body.extend_from_slice(format!("\r\n{{\"id\":\"{}\"}}\r\n", shop.ada).as_bytes());
    body.extend_from_slice(part("name=\"message\"").as_bytes());
    body.extend_from_slice(b"\r\n{\"attachment\":{\"type\":\"image\",\"payload\":{}}}\r\n");
    body.extend_from_slice(part("name=\"filedata\"; filename=\"boot.png\"").as_bytes());
    body.extend_from_slice(b"Content-Type: image/png\r\n\r\n");
    body.extend_from_slice(&picture.bytes());
    body.extend_from_slice(b"\r\n--B--\r\n");
    let request = http::Request::post(format!("{GRAPH}/{}/messages", shop.page))
        .header("authorization", format!("Bearer {}", shop.token))
        .header("content-type", "multipart/form-data; boundary=B")
        .body(Bytes::from(body))
        .unwrap();
    assert_eq!(shop.world.answer(request).await.unwrap().status(), 200);
    let sent = shop.meta.messages_in(&shop.ada).pop().unwrap();
    let Some(crate::Attachment::Image(held)) = sent.attachments.first() else {
        panic!("a picture: {sent:?}")
    };
    assert_eq!(held.bytes(), picture.bytes());
}

#[tokio::test(start_paused = true)]
async fn messenger_28_three_ways_to_be_in_doubt() {
    let shop = open_shop();
    let send = || Match::any().method("POST").path("/messages");
    shop.world.arrange(send(), Mishap::LoseAnswer { kind: ErrorKind::ConnectionReset }, 1);
    assert_eq!(shop.say_raw("lost").await.unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert_eq!(shop.meta.count_sent(&shop.ada, "lost"), 1);
    shop.world.arrange(send(), Mishap::AcceptThenGraphError { code: 1, subcode: Some(1_357_046) }, 1);
    assert_eq!(refusal(&shop.say("delivered").await), (1, 1_357_046));
    assert_eq!(shop.meta.count_sent(&shop.ada, "delivered"), 1);
    shop.world.arrange(send(), Mishap::GraphError { code: 2, subcode: None }, 1);
    assert_eq!(refusal(&shop.say("nothing").await), (2, 0));
    assert_eq!(shop.meta.count_sent(&shop.ada, "nothing"), 0);
}

#[tokio::test(start_paused = true)]
async fn messenger_29_the_same_body_twice_is_two_messages() {
    let shop = open_shop();
    let (first, second) = (shop.say("Ja").await.1, shop.say("Ja").await.1);
    assert_ne!(first["message_id"], second["message_id"]);
    assert_eq!(shop.meta.count_sent(&shop.ada, "Ja"), 2);
}

#[tokio::test(start_paused = true)]
async fn messenger_30_people_and_pages_that_cannot_be_written_to_say_why() {
    let shop = open_shop();
    for (why, expected) in [
        (Refusing::Unavailable, (551, 1_545_041)),
        (Refusing::Blocked, (10, 2_018_108)),
        (Refusing::OtherApp, (10, 2_018_300)),
    ] {
        shop.meta.set_refusing(&shop.ada, Some(why));
        assert_eq!(refusal(&shop.say("x").await), expected);
    }
    shop.meta.set_refusing(&shop.ada, None);
    for (why, expected) in
        [(Refusing::Restricted, (10, 1_893_063)), (Refusing::AppsSwitchedOff, (200, 2_534_041))]
    {
        shop.meta.set_page_refusing(&shop.page, Some(why));
        assert_eq!(refusal(&shop.say("x").await), expected);
    }
    shop.meta.set_page_refusing(&shop.page, None);
    shop.meta.set_advanced(&shop.app, false);
    assert_eq!(refusal(&shop.say("x").await), (200, 2_018_028));
    shop.meta.give_role(&shop.ada);
    assert_eq!(shop.say("x").await.0, 200);
    let nobody = json!({ "recipient": { "id": "4711" }, "message": { "text": "x" } });
    assert_eq!(refusal(&shop.post(&nobody).await), (100, 2_018_001));
}

#[tokio::test(start_paused = true)]
async fn messenger_31_sender_actions_answer_with_the_recipient_and_reactions_may_fail() {
    let shop = shop();
    let mid = shop.meta.write(&shop.ada, "Danke");
    for action in ["typing_on", "mark_seen"] {
        let (status, answer) = shop.post(&to_ada(&shop, &json!({ "sender_action": action }))).await;
        assert_eq!((status, answer), (200, json!({ "recipient_id": shop.ada })));
    }
    assert!(shop.meta.is_page_typing(&shop.ada) && shop.meta.unread_of(&shop.ada) == 0);
    let react = to_ada(
        &shop,
        &json!({ "sender_action": "react", "payload": { "message_id": mid, "reaction": "love" } }),
    );
    assert_eq!(shop.post(&react).await.0, 200);
    assert_eq!(shop.meta.messages_in(&shop.ada)[0].reactions, [("love".to_owned(), shop.page.clone())]);
    shop.meta.set_fails_reactions(&shop.page, true);
    let failed =
        ask(&shop.world, "POST", &format!("{GRAPH}/me/messages"), &shop.token, &react.to_string()).await;
    assert_eq!(refusal(&failed).0, 2);
}
