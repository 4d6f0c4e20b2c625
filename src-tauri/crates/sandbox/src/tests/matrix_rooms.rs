//! Matrix: edits, reactions, deletions, read marks, media, bridges, limits.

use serde_json::{Value, json};

use super::support::{ask, raw, world};
use crate::{Bridge, Matrix, Media, World};

const SERVER: &str = "https://matrix.alp.example/_matrix/client/v3";
const BRAND: &str = "@brand:alp.example";
const ADA: &str = "@ada:alp.example";

async fn room() -> (World, Matrix, String, String) {
    let world = world();
    let server = world.matrix("matrix.alp.example");
    server.create_user("brand", "secret", "Alp");
    server.create_user("ada", "x", "Ada");
    let room = server.direct_room(BRAND, ADA);
    let body =
        r#"{"type":"m.login.password","identifier":{"user":"brand"},"password":"secret","device_id":"D1"}"#;
    let (_, answer) = ask(&world, "POST", &format!("{SERVER}/login"), "", body).await;
    let token = answer["access_token"].as_str().unwrap().to_owned();
    (world, server, room, token)
}

fn at(room: &str, rest: &str) -> String {
    format!("{SERVER}/rooms/{}/{rest}", crate::wire::encode(room))
}

#[tokio::test(start_paused = true)]
async fn a_foreign_edit_is_stored_but_only_the_senders_own_is_bundled() {
    let (world, server, room, token) = room().await;
    let text = server.write(&room, ADA, "first");
    server.edit(&room, BRAND, &text, "forged");
    server.edit(&room, ADA, &text, "second");
    let (_, event) =
        ask(&world, "GET", &at(&room, &format!("event/{}", crate::wire::encode(&text))), &token, "").await;
    assert_eq!(event["content"]["body"], "first");
    assert_eq!(event["unsigned"]["m.relations"]["m.replace"]["content"]["m.new_content"]["body"], "second");
    assert_eq!(server.messages_in(&room), [(ADA.to_owned(), "second".to_owned())]);
    assert_eq!(server.count_text(&room, "* forged"), 1);
}

#[tokio::test(start_paused = true)]
async fn the_same_reaction_twice_is_refused_until_it_is_taken_back() {
    let (world, server, room, token) = room().await;
    let text = server.write(&room, ADA, "Danke");
    let body =
        json!({ "m.relates_to": { "rel_type": "m.annotation", "event_id": text, "key": "👍" } }).to_string();
    let (_, first) = ask(&world, "PUT", &at(&room, "send/m.reaction/a"), &token, &body).await;
    let (status, answer) = ask(&world, "PUT", &at(&room, "send/m.reaction/b"), &token, &body).await;
    assert_eq!((status, &answer["errcode"]), (400, &json!("M_DUPLICATE_ANNOTATION")));
    let reaction = crate::wire::encode(first["event_id"].as_str().unwrap());
    let (status, _) = ask(&world, "PUT", &at(&room, &format!("redact/{reaction}/c")), &token, "{}").await;
    assert_eq!(status, 200);
    let (status, _) = ask(&world, "PUT", &at(&room, "send/m.reaction/d"), &token, &body).await;
    assert_eq!(status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_deleted_message_comes_empty_with_its_reason() {
    let (world, server, room, token) = room().await;
    let text = server.write(&room, ADA, "oops");
    server.redact(&room, ADA, &text);
    let (_, page) = ask(&world, "GET", &at(&room, "messages?dir=b&limit=2"), &token, "").await;
    let [redaction, message] = &page["chunk"].as_array().unwrap()[..] else { panic!("two events") };
    assert_eq!((&redaction["redacts"], &redaction["content"]["redacts"]), (&json!(text), &json!(text)));
    assert_eq!(message["content"], json!({}));
    assert_eq!(message["unsigned"]["redacted_because"]["type"], "m.room.redaction");
}

#[tokio::test(start_paused = true)]
async fn a_private_read_mark_clears_the_count_and_stays_hidden() {
    let (world, server, room, token) = room().await;
    let text = server.write(&room, ADA, "da?");
    let body = json!({ "m.fully_read": text, "m.read.private": text }).to_string();
    ask(&world, "POST", &at(&room, "read_markers"), &token, &body).await;
    let (_, sync) = ask(&world, "GET", &format!("{SERVER}/sync"), &token, "").await;
    let entry = &sync["rooms"]["join"][&room];
    assert_eq!(entry["unread_notifications"]["notification_count"], 0);
    assert!(server.read_mark(&room, BRAND, false).is_none());
    assert_eq!(server.read_mark(&room, BRAND, true), Some(text));
}

#[tokio::test(start_paused = true)]
async fn media_needs_the_token_and_the_new_path() {
    let (world, server, room, token) = room().await;
    server.send_media(&room, ADA, Media::picture("boot.png", 3), Some("so sieht er aus"));
    let event = server.events_in(&room).pop().unwrap();
    assert_eq!(
        (&event.content["body"], &event.content["filename"]),
        (&json!("so sieht er aus"), &json!("boot.png"))
    );
    let address = event.content["url"].as_str().unwrap().replace("mxc://", "");
    let host = "https://matrix.alp.example/_matrix";
    let new = format!("{host}/client/v1/media/download/{address}");
    let file = raw(&world, "GET", &new, &token, "").await.unwrap();
    assert_eq!(file.body().len(), usize::try_from(event.content["info"]["size"].as_u64().unwrap()).unwrap());
    assert_eq!(raw(&world, "GET", &new, "", "").await.unwrap().status(), 401);
    let old = format!("{host}/media/v3/download/{address}");
    assert_eq!(raw(&world, "GET", &old, &token, "").await.unwrap().status(), 404);
    let small = format!("{host}/client/v1/media/thumbnail/{address}?width=60&height=60&method=scale");
    assert!(raw(&world, "GET", &small, &token, "").await.unwrap().body().len() < 6_000);
    server.set_upload_limit(4);
    let (status, answer) =
        ask(&world, "POST", &format!("{host}/media/v3/upload?filename=a"), &token, "12345").await;
    assert_eq!((status, &answer["errcode"]), (413, &json!("M_TOO_LARGE")));
}

#[tokio::test(start_paused = true)]
async fn a_bridged_room_is_labelled_by_its_bot_in_both_state_events() {
    let (world, server, _, token) = room().await;
    let bridged = server.bridged_room(BRAND, Bridge::X, "4711", "Noor", None);
    let (_, sync) = ask(
        &world,
        "GET",
        &format!("{SERVER}/sync?filter={{\"room\":{{\"timeline\":{{\"limit\":1}}}}}}")
            .replace(['{', '}', '"'], ""),
        &token,
        "",
    )
    .await;
    let entry = &sync["rooms"]["join"][&bridged.room];
    let all = entry["state"]["events"]
        .as_array()
        .unwrap()
        .iter()
        .chain(entry["timeline"]["events"].as_array().unwrap());
    let of = |kind: &str| -> Value { all.clone().find(|event| event["type"] == kind).cloned().unwrap() };
    for kind in ["m.bridge", "uk.half-shot.bridge"] {
        assert_eq!(of(kind)["content"]["protocol"]["id"], "twitter");
        assert_eq!(of(kind)["sender"], of(kind)["content"]["bridgebot"]);
    }
    assert_eq!(of("io.element.functional_members")["content"]["service_members"], json!([bridged.bot]));
    assert_eq!(of("com.beeper.room_features")["content"]["max_text_length"], 10_000);
}

#[tokio::test(start_paused = true)]
async fn a_fast_brand_meets_429_with_the_wait_and_a_huge_event_413() {
    let (world, server, room, token) = room().await;
    server.set_send_limit(Some((0.2, 2.0)));
    let body = r#"{"msgtype":"m.text","body":"x"}"#;
    for id in ["1", "2"] {
        assert_eq!(
            ask(&world, "PUT", &at(&room, &format!("send/m.room.message/{id}")), &token, body).await.0,
            200
        );
    }
    let answer = raw(&world, "PUT", &at(&room, "send/m.room.message/3"), &token, body).await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers()["retry-after"].to_str().unwrap()), (429, "6"));
    super::support::sleep_ms(5_000).await;
    assert_eq!(ask(&world, "PUT", &at(&room, "send/m.room.message/3"), &token, body).await.0, 200);
    let huge = json!({ "msgtype": "m.text", "body": "x".repeat(70_000) }).to_string();
    let (status, answer) = ask(&world, "PUT", &at(&room, "send/m.room.message/4"), &token, &huge).await;
    assert_eq!((status, &answer["errcode"]), (413, &json!("M_TOO_LARGE")));
}
