//! Behaviours 32 and 33: rates and volume.

use serde_json::Value;

use super::messenger_page::{GRAPH, Shop, refusal, shop};
use super::support::{ask, raw, sleep_ms};

const MINUTE_MS: u64 = 60_000;

fn list_path(shop: &Shop) -> String {
    format!("{}/conversations?platform=messenger", shop.page)
}

#[tokio::test(start_paused = true)]
async fn messenger_32_two_conversation_calls_a_second_and_the_third_is_613() {
    let shop = shop();
    shop.list("").await;
    shop.list("").await;
    assert_eq!(shop.refused(&list_path(&shop)).await.0, 613);
    sleep_ms(1_001).await;
    shop.list("").await;
}

async fn usage(shop: &Shop) -> (u16, Value) {
    let answer =
        raw(&shop.world, "GET", &format!("{GRAPH}/{}", list_path(shop)), &shop.token, "").await.unwrap();
    let header = answer.headers().get("x-business-use-case-usage").expect("a usage header");
    let usage: Value = serde_json::from_slice(header.as_bytes()).unwrap();
    (answer.status().as_u16(), usage[&shop.page][0].clone())
}

#[tokio::test(start_paused = true)]
async fn messenger_32_usage_rises_to_100_percent_then_parks_the_page_and_calling_prolongs_it() {
    let shop = shop();
    shop.meta.set_engaged(&shop.page, 1);
    let mut last = 0;
    for _ in 0..200 {
        let (status, seen) = usage(&shop).await;
        assert_eq!((status, &seen["type"]), (200, &Value::from("messenger")));
        last = seen["call_count"].as_i64().unwrap();
        sleep_ms(600).await;
    }
    assert_eq!(last, 100);
    assert_eq!(shop.refused(&list_path(&shop)).await, (80_006, 2_446_079));
    sleep_ms(10 * MINUTE_MS).await;
    assert_eq!(usage(&shop).await.1["estimated_time_to_regain_access"], 15, "the call moved the end");
    sleep_ms(15 * MINUTE_MS + 1_000).await;
    assert_eq!(usage(&shop).await.0, 200);
    shop.meta.set_sends_no_usage(&shop.page, true);
    let silent = raw(&shop.world, "GET", &format!("{GRAPH}/me"), &shop.token, "").await.unwrap();
    assert!(silent.headers().get("x-business-use-case-usage").is_none());
}

#[tokio::test(start_paused = true)]
async fn messenger_32_user_tokens_share_the_apps_hour_and_end_with_code_4() {
    let shop = shop();
    shop.meta.set_daily_users(&shop.app, 1);
    let token = shop.meta.user_token(&shop.app, &shop.user, &["pages_show_list"], 3_600);
    let url = format!("{GRAPH}/me");
    for _ in 0..201 {
        let answer = raw(&shop.world, "GET", &url, &token, "").await.unwrap();
        assert!(answer.headers().contains_key("x-app-usage") && answer.status() == 200);
    }
    let mut over = (200, Value::Null);
    for _ in 0..2 {
        over = ask(&shop.world, "GET", &url, &token, "").await;
    }
    assert_eq!(refusal(&over).0, 4);
    sleep_ms(61 * MINUTE_MS).await;
    let fresh = shop.meta.user_token(&shop.app, &shop.user, &["pages_show_list"], 3_600);
    assert_eq!(ask(&shop.world, "GET", &url, &fresh, "").await.0, 200);
}

#[tokio::test(start_paused = true)]
async fn messenger_33_in_high_volume_lists_fail_and_single_threads_work() {
    let shop = shop();
    shop.meta.write(&shop.ada, "eine von vielen");
    shop.meta.set_high_volume(&shop.page, true);
    assert_eq!(shop.refused(&list_path(&shop)).await.0, 613);
    sleep_ms(1_001).await;
    let one = shop.list(&format!("&user_id={}", shop.ada)).await;
    assert_eq!(one["data"].as_array().unwrap().len(), 1);
    assert_eq!(shop.get(&format!("{}/messages", shop.thread())).await.0, 200);
}
