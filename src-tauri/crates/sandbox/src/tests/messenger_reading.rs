//! Behaviours 8 to 11, 13, 17, 18 and 20: lists, cursors, batches.

use serde_json::{Value, json};

use super::messenger_page::{GRAPH, Shop, ids, refusal, shop};
use super::support::{NOON_MS, ask, raw, request, sleep_ms};

/// So many more customers, each with one message, a minute apart, the last one newest. Gives their ids.
fn crowd(shop: &Shop, count: i64) -> Vec<String> {
    let customers = (0..count).map(|number| {
        let customer = shop.meta.create_customer(&shop.page, "Nr", &number.to_string());
        let at_ms = NOON_MS - (count - number) * 60_000;
        shop.meta.at(at_ms).write(&customer, &format!("hello {number}"));
        customer
    });
    customers.collect()
}

#[tokio::test(start_paused = true)]
async fn messenger_8_lists_give_id_and_time_unless_more_is_asked_and_unknown_fields_are_refused() {
    let shop = shop();
    shop.meta.write(&shop.ada, "Hallo");
    let plain = shop.list("").await;
    let keys: Vec<&String> = plain["data"][0].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["id", "updated_time"]);
    assert_eq!(plain["data"][0]["updated_time"], "2026-11-23T12:00:00+0000");
    let fields = "id,participants{id,name,username},messages.limit(5){id,message,from{id},to{data{id}}}";
    sleep_ms(1_000).await;
    let full = shop.list(&format!("&fields={}", crate::wire::encode(fields))).await;
    let thread = &full["data"][0];
    assert_eq!(thread["participants"]["data"][0], json!({ "id": shop.ada, "name": "Ada Blum" }));
    let message = &thread["messages"]["data"][0];
    assert_eq!((&message["message"], &message["from"]), (&json!("Hallo"), &json!({ "id": shop.ada })));
    assert_eq!(message["to"]["data"], json!([{ "id": shop.page }]));
    sleep_ms(1_000).await;
    let (_, answer) = shop.get(&format!("{}/conversations?fields=messages%7Bcolour%7D", shop.page)).await;
    assert_eq!(answer["error"]["code"], 100);
    assert!(answer["error"]["message"].as_str().unwrap().contains("nonexisting field (colour)"));
}

#[tokio::test(start_paused = true)]
async fn messenger_9_cursors_lead_to_a_last_page_without_next_and_rot() {
    let shop = shop();
    crowd(&shop, 5);
    let first = shop.list("&limit=2&since=1&until=2").await;
    assert_eq!(ids(&first).len(), 2, "since and until are ignored");
    let (_, second) = ask(&shop.world, "GET", first["paging"]["next"].as_str().unwrap(), "", "").await;
    sleep_ms(1_001).await;
    let (_, third) = ask(&shop.world, "GET", second["paging"]["next"].as_str().unwrap(), "", "").await;
    assert_eq!(ids(&third).len(), 1);
    assert!(third["paging"].get("next").is_none() && third["paging"]["cursors"]["after"].is_string());
    shop.meta.forget_cursors();
    let stale = ask(&shop.world, "GET", second["paging"]["next"].as_str().unwrap(), "", "").await;
    assert_eq!(refusal(&stale).0, 100);
    shop.meta.set_short_pages(&shop.page, true);
    sleep_ms(1_001).await;
    let short = shop.list("&limit=3").await;
    assert_eq!(ids(&short).len(), 2);
    assert!(short["paging"]["next"].is_string(), "a short page is not the end");
}

#[tokio::test(start_paused = true)]
async fn messenger_10_a_message_between_two_pages_makes_a_double_and_a_gap() {
    let shop = shop();
    let customers = crowd(&shop, 4);
    let first = shop.list("&limit=2").await;
    shop.meta.write(&customers[0], "me again");
    let (_, second) = ask(&shop.world, "GET", first["paging"]["next"].as_str().unwrap(), "", "").await;
    let (first, second) = (ids(&first), ids(&second));
    assert_eq!(first[1], second[0], "seen twice");
    let moved = shop.meta.thread_of(&customers[0]).unwrap();
    assert!(!first.contains(&moved) && !second.contains(&moved), "not seen at all");
}

#[tokio::test(start_paused = true)]
async fn messenger_11_messages_come_newest_first_in_whole_seconds_with_ties() {
    let shop = shop();
    for text in ["one", "two", "three"] {
        shop.meta.write(&shop.ada, text);
        sleep_ms(100).await;
    }
    let page = shop.read(&format!("{}/messages?fields=message,created_time", shop.thread())).await;
    let texts: Vec<&str> =
        page["data"].as_array().unwrap().iter().map(|node| node["message"].as_str().unwrap()).collect();
    assert_eq!(texts, ["three", "two", "one"]);
    assert_eq!(page["data"][0]["created_time"], page["data"][2]["created_time"]);
}

#[tokio::test(start_paused = true)]
async fn messenger_13_the_user_filter_gives_one_thread_or_none() {
    let shop = shop();
    let customers = crowd(&shop, 3);
    let one = shop.list(&format!("&user_id={}", customers[1])).await;
    assert_eq!(ids(&one), [shop.meta.thread_of(&customers[1]).unwrap()]);
    assert_eq!(shop.list("&user_id=4711").await, json!({ "data": [] }));
}

#[tokio::test(start_paused = true)]
async fn messenger_17_a_poisoned_thread_fails_every_list_that_reaches_its_messages() {
    let shop = shop();
    let customers = crowd(&shop, 6);
    shop.meta.set_poisoned(&customers[2], true);
    let with = "fields=messages.limit(1)%7Bid%7D";
    let path = format!("{}/conversations?{with}", shop.page);
    let (status, answer) = shop.get(&format!("{path}&limit=6")).await;
    assert_eq!((status, &answer["error"]["code"]), (500, &json!(1)));
    assert_eq!(shop.get(&format!("{path}&limit=3")).await.0, 200, "the small page ends before it");
    sleep_ms(1_001).await;
    assert_eq!(ids(&shop.list("&limit=6").await).len(), 6, "without expansion it is listed");
    let poisoned = shop.meta.thread_of(&customers[2]).unwrap();
    assert_eq!(shop.refused(&format!("{poisoned}/messages")).await.0, 1);
}

#[tokio::test(start_paused = true)]
async fn messenger_18_too_large_an_expansion_is_500_and_a_smaller_one_works() {
    let shop = shop();
    crowd(&shop, 2);
    let path =
        |limit: usize| format!("{}/conversations?fields=messages.limit(25)%7Bid%7D&limit={limit}", shop.page);
    let (status, answer) = shop.get(&path(100)).await;
    assert_eq!((status, &answer["error"]["code"]), (500, &json!(1)));
    assert!(answer["error"]["message"].as_str().unwrap().starts_with("Please reduce the amount of data"));
    assert_eq!(shop.get(&path(50)).await.0, 200);
}

async fn batch(shop: &Shop, items: &Value) -> (u16, Value) {
    let body = json!({ "batch": items }).to_string();
    ask(&shop.world, "POST", "https://graph.facebook.com/v25.0", &shop.token, &body).await
}

#[tokio::test(start_paused = true)]
async fn messenger_20_a_batch_answers_each_item_and_takes_fifty_at_most() {
    let shop = shop();
    shop.meta.lose_batch_items(&[1]);
    let items = json!([
        { "method": "GET", "relative_url": "v25.0/me?fields=name" },
        { "method": "GET", "relative_url": "v25.0/me" },
        { "method": "GET", "relative_url": "v25.0/4711" },
    ]);
    let (status, answer) = batch(&shop, &items).await;
    assert_eq!(status, 200);
    assert_eq!(answer[0]["code"], 200);
    let body: Value = serde_json::from_str(answer[0]["body"].as_str().unwrap()).unwrap();
    assert_eq!(body["name"], "Shop");
    assert!(answer[1].is_null());
    assert_eq!(answer[2]["code"], 400);
    let many: Vec<Value> = (0..51).map(|_| json!({ "method": "GET", "relative_url": "me" })).collect();
    let (_, refused) = batch(&shop, &json!(many)).await;
    assert_eq!(refused["error"]["type"], "GraphBatchException");
}

#[tokio::test(start_paused = true)]
async fn messenger_20_a_matching_etag_is_304_and_still_counts() {
    let shop = shop();
    shop.meta.set_engaged(&shop.page, 1);
    let url = format!("{GRAPH}/me");
    let first = raw(&shop.world, "GET", &url, &shop.token, "").await.unwrap();
    let mut again = request("GET", &url, &shop.token, "");
    again.headers_mut().insert("if-none-match", first.headers()["etag"].clone());
    let second = shop.world.answer(again).await.unwrap();
    assert_eq!((second.status().as_u16(), second.body().len()), (304, 0));
    let used = |answer: &http::Response<bytes::Bytes>| -> Value {
        serde_json::from_slice(answer.headers()["x-business-use-case-usage"].as_bytes()).unwrap()
    };
    let third = raw(&shop.world, "GET", &url, &shop.token, "").await.unwrap();
    assert_eq!(used(&third)[&shop.page][0]["call_count"], 1, "3 calls of 200");
}
