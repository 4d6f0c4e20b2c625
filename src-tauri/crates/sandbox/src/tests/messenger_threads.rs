//! Behaviours 12, 14 to 16, 19 and 21: what is in a thread, and how it changes.

use serde_json::{Value, json};

use super::messenger_page::{Shop, refusal, shop};
use super::support::{ask, raw, sleep_ms};
use crate::{Attachment, Media, Profile};

const FIELDS: &str =
    "fields=id,message,created_time,from,attachments,shares,story,reply_to,reactions,sticker,is_unsupported";
const DAY_MS: u64 = 86_400_000;

async fn newest(shop: &Shop) -> Value {
    sleep_ms(1_001).await;
    shop.read(&format!("{}/messages?{FIELDS}&limit=1", shop.thread())).await["data"][0].clone()
}

#[tokio::test(start_paused = true)]
async fn messenger_12_the_whole_history_can_be_paged() {
    let shop = shop();
    for number in 0..60 {
        shop.meta.write(&shop.ada, &number.to_string());
    }
    let mut texts = Vec::new();
    let mut page = shop.read(&format!("{}/messages?fields=message&limit=25", shop.thread())).await;
    loop {
        texts.extend(
            page["data"].as_array().unwrap().iter().map(|node| node["message"].as_str().unwrap().to_owned()),
        );
        let Some(next) = page["paging"]["next"].as_str().map(str::to_owned) else { break };
        sleep_ms(600).await;
        page = ask(&shop.world, "GET", &next, "", "").await.1;
    }
    let expected: Vec<String> = (0..60).rev().map(|number| number.to_string()).collect();
    assert_eq!(texts, expected);
}

#[tokio::test(start_paused = true)]
async fn messenger_14_empty_keys_are_left_out_and_the_text_of_a_picture_is_empty_or_missing() {
    let shop = shop();
    let mut seen = [false; 2];
    for number in 0..20 {
        shop.meta.send(&shop.ada, Attachment::Image(Media::picture("a.png", number)), None);
        let node = newest(&shop).await;
        match node.get("message") {
            Some(text) => {
                assert_eq!(text, "");
                seen[0] = true;
            }
            None => seen[1] = true,
        }
        assert!(!node.as_object().unwrap().values().any(Value::is_null), "{node}");
        assert!(node.get("shares").is_none() && node.get("reactions").is_none());
    }
    assert_eq!(seen, [true, true]);
}

#[tokio::test(start_paused = true)]
async fn messenger_15_every_kind_of_attachment_has_its_shape() {
    let shop = shop();
    let image = || Media::picture("a.png", 1);
    let send = async |what: Attachment| {
        shop.meta.send(&shop.ada, what, None);
        newest(&shop).await
    };
    let node = send(Attachment::Image(image())).await;
    let first = |node: &Value| node["attachments"]["data"][0].clone();
    assert_eq!(first(&node)["image_data"]["width"], 480);
    assert_eq!(first(&node)["mime_type"], "image/png");
    assert!(first(&send(Attachment::Gif(image())).await)["image_data"]["animated_gif_url"].is_string());
    let film = Media::of("a.mp4", "video/mp4", vec![0; 10]);
    assert_eq!(first(&send(Attachment::Video(film)).await)["video_data"]["length"], 12);
    let voice = first(&send(Attachment::Audio(Media::sound("v.wav"))).await);
    let paper = first(&send(Attachment::File(Media::pdf("r.pdf", "Rechnung"))).await);
    assert!(voice["file_url"].is_string() && paper["file_url"].is_string(), "told apart by mime type only");
    assert_eq!((&voice["mime_type"], &paper["mime_type"]), (&json!("audio/wav"), &json!("application/pdf")));
    let node = send(Attachment::Sticker(image())).await;
    assert_eq!(first(&node)["type"], "sticker");
    assert!(node["sticker"].is_string() && first(&node).get("image_data").is_none(), "no picture twin");
    let share = Attachment::Share { link: "https://example.org/x".into(), name: "X".into() };
    assert_eq!(send(share).await["shares"]["data"][0]["link"], "https://example.org/x");
    let text = |text: &str| text.to_owned();
    let template =
        Attachment::Template { title: text("T"), subtitle: text("S"), link: text("https://example.org") };
    assert_eq!(first(&send(template).await)["generic_template"]["title"], "T");
    assert_eq!(first(&send(Attachment::EmptyTemplate).await)["generic_template"], json!({}));
    let stub = first(&send(Attachment::Unavailable { name: text("not available") }).await);
    assert!(stub["name"].is_string() && stub.get("mime_type").is_none());
    let node = send(Attachment::Unsupported).await;
    assert_eq!(node["is_unsupported"], true);
    assert!(node.get("attachments").is_none() && newest(&shop).await.get("sticker").is_none());
}

#[tokio::test(start_paused = true)]
async fn messenger_15_a_storys_link_is_empty_after_a_day() {
    let shop = shop();
    shop.meta.send(&shop.ada, Attachment::Story(Media::picture("s.png", 1)), Some("toll"));
    assert!(newest(&shop).await["story"]["reply_to"]["link"].as_str().unwrap().starts_with("https://"));
    sleep_ms(DAY_MS).await;
    let node = newest(&shop).await;
    assert_eq!((&node["story"]["reply_to"]["link"], &node["message"]), (&json!(""), &json!("toll")));
}

#[tokio::test(start_paused = true)]
async fn messenger_16_media_addresses_end_and_reading_again_gives_fresh_ones() {
    let shop = shop();
    shop.meta.send(&shop.ada, Attachment::Video(Media::of("a.mp4", "video/mp4", vec![7; 10])), None);
    let address =
        |node: &Value| node["attachments"]["data"][0]["video_data"]["url"].as_str().unwrap().to_owned();
    let old = address(&newest(&shop).await);
    assert!(old.contains("&oe="));
    let status = async |url: &str| raw(&shop.world, "GET", url, "", "").await.unwrap().status().as_u16();
    assert_eq!(status(&old).await, 200);
    sleep_ms(2 * DAY_MS).await;
    assert_eq!(status(&old).await, 403);
    assert_eq!(status(&address(&newest(&shop).await)).await, 200);
}

#[tokio::test(start_paused = true)]
async fn messenger_16_loose_addresses_die_without_notice() {
    let shop = shop();
    let mut old = Vec::new();
    for number in 0..40 {
        shop.meta.send(&shop.ada, Attachment::File(Media::pdf("r.pdf", &number.to_string())), None);
        let url = newest(&shop).await["attachments"]["data"][0]["file_url"].as_str().unwrap().to_owned();
        assert!(!url.contains("oe="));
        old.push(url);
    }
    sleep_ms(13 * DAY_MS).await;
    let mut dead = 0;
    for url in &old {
        dead += usize::from(raw(&shop.world, "GET", url, "", "").await.unwrap().status() == 404);
    }
    assert!((10..=30).contains(&dead), "{dead} of 40 are dead after 13 days");
}

#[tokio::test(start_paused = true)]
async fn messenger_19_profiles_are_known_nameless_or_refused_in_three_ways() {
    let shop = shop();
    shop.meta.set_picture(&shop.ada, Media::picture("ada.png", 2));
    let path = format!("{}?fields=first_name,last_name,profile_pic", shop.ada);
    let known = shop.read(&path).await;
    assert_eq!((&known["first_name"], &known["last_name"]), (&json!("Ada"), &json!("Blum")));
    let picture = known["profile_pic"].as_str().unwrap().to_owned();
    assert_eq!(raw(&shop.world, "GET", &picture, "", "").await.unwrap().status(), 200);
    sleep_ms(6 * DAY_MS).await;
    assert_eq!(raw(&shop.world, "GET", &picture, "", "").await.unwrap().status(), 403);
    shop.meta.set_profile(&shop.ada, Profile::Nameless);
    assert!(shop.read(&path).await["first_name"].is_null());
    let refusals =
        [(Profile::NeedsConsent, (230, 0)), (Profile::NotFound, (9010, 0)), (Profile::Hidden, (100, 33))];
    for (profile, expected) in refusals {
        shop.meta.set_profile(&shop.ada, profile);
        assert_eq!(shop.refused(&path).await, expected);
    }
}

#[tokio::test(start_paused = true)]
async fn messenger_21_edits_reactions_and_unsends_show_on_reading_again_and_move_no_time() {
    let shop = shop();
    let first = shop.meta.write(&shop.ada, "frist");
    sleep_ms(5_000).await;
    shop.meta.write(&shop.ada, "last");
    let before = shop.list("").await["data"][0]["updated_time"].clone();
    sleep_ms(60_000).await;
    shop.meta.edit(&first, "first");
    shop.meta.react(&shop.ada, &first, Some("love"));
    let node = shop.read(&format!("{first}?{FIELDS}")).await;
    assert_eq!(node["message"], "first");
    let reactions = &node["reactions"];
    let reaction = if reactions.get("data").is_some() { &reactions["data"][0] } else { reactions };
    assert_eq!((&reaction["reaction"], &reaction["users"][0]["id"]), (&json!("love"), &json!(shop.ada)));
    sleep_ms(1_001).await;
    shop.meta.unsend(&first);
    assert_eq!(refusal(&shop.get(&first).await), (100, 33));
    assert_eq!(shop.list("").await["data"][0]["updated_time"], before);
}
