//! Matrix: what is new, and waiting for it.

use serde_json::{Value, json};

use super::support::{NOON_MS, ask, sleep_ms, world};
use crate::{Matrix, Mishap, World};

const SERVER: &str = "https://matrix.alp.example/_matrix/client/v3";
const LAZY: &str = r#"{"room":{"timeline":{"limit":3},"state":{"lazy_load_members":true}}}"#;

struct Room {
    world: World,
    server: Matrix,
    room: String,
    token: String,
}

async fn room() -> Room {
    let world = world();
    let server = world.matrix("matrix.alp.example");
    server.create_user("brand", "secret", "Alp");
    server.create_user("ada", "x", "Ada");
    let room = server.direct_room("@brand:alp.example", "@ada:alp.example");
    let body =
        r#"{"type":"m.login.password","identifier":{"user":"brand"},"password":"secret","device_id":"D1"}"#;
    let (_, answer) = ask(&world, "POST", &format!("{SERVER}/login"), "", body).await;
    let token = answer["access_token"].as_str().unwrap().to_owned();
    Room { world, server, room, token }
}

impl Room {
    async fn sync(&self, since: &str, timeout_ms: u64) -> Value {
        let since = if since.is_empty() { String::new() } else { format!("&since={since}") };
        let filter = crate::wire::encode(LAZY);
        let url = format!("{SERVER}/sync?timeout={timeout_ms}&filter={filter}{since}");
        let (status, answer) = ask(&self.world, "GET", &url, &self.token, "").await;
        assert_eq!(status, 200, "{answer}");
        answer
    }

    fn ada(&self, text: &str) -> String {
        self.server.write(&self.room, "@ada:alp.example", text)
    }
}

fn bodies(events: &Value) -> Vec<&str> {
    events.as_array().unwrap().iter().filter_map(|event| event["content"]["body"].as_str()).collect()
}

#[tokio::test(start_paused = true)]
async fn a_waiting_poll_answers_at_once_when_something_comes_and_after_its_time_when_nothing_does() {
    let room = room().await;
    let first = room.sync("", 0).await;
    let since = first["next_batch"].as_str().unwrap();
    let before_ms = room.world.now_ms();
    let quiet = room.sync(since, 30_000).await;
    assert_eq!(room.world.now_ms() - before_ms, 30_000);
    assert!(quiet.get("rooms").is_none());

    let poll = room.sync(since, 30_000);
    let (news, ()) = tokio::join!(poll, async {
        sleep_ms(4_000).await;
        room.ada("Hallo");
    });
    assert_eq!(room.world.now_ms() - before_ms, 34_000);
    let entry = &news["rooms"]["join"][&room.room];
    assert_eq!(bodies(&entry["timeline"]["events"]), ["Hallo"]);
    assert_eq!(entry["unread_notifications"]["notification_count"], 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_scheduled_wakes_a_waiting_poll_in_time() {
    let room = room().await;
    let since = room.sync("", 0).await["next_batch"].as_str().unwrap().to_owned();
    let (server, id) = (room.server.clone(), room.room.clone());
    room.world.schedule(NOON_MS + 7_000, move |_, at_ms| {
        server.at(at_ms).write(&id, "@ada:alp.example", "later");
    });
    let news = room.sync(&since, 30_000).await;
    assert_eq!(room.world.now_ms(), NOON_MS + 7_000);
    assert_eq!(bodies(&news["rooms"]["join"][&room.room]["timeline"]["events"]), ["later"]);
}

#[tokio::test(start_paused = true)]
async fn a_gap_is_limited_and_one_page_back_to_the_old_position_fills_it() {
    let room = room().await;
    let since = room.sync("", 0).await["next_batch"].as_str().unwrap().to_owned();
    for number in 0..8 {
        room.ada(&format!("nr {number}"));
    }
    let news = room.sync(&since, 0).await;
    let timeline = &news["rooms"]["join"][&room.room]["timeline"];
    assert_eq!(timeline["limited"], true);
    assert_eq!(bodies(&timeline["events"]), ["nr 5", "nr 6", "nr 7"]);
    let from = timeline["prev_batch"].as_str().unwrap();
    let path = crate::wire::encode(&room.room);
    let url = format!("{SERVER}/rooms/{path}/messages?dir=b&from={from}&to={since}&limit=100");
    let (_, page) = ask(&room.world, "GET", &url, &room.token, "").await;
    assert_eq!(bodies(&page["chunk"]), ["nr 4", "nr 3", "nr 2", "nr 1", "nr 0"]);
    assert!(page.get("end").is_none());
    // The same `since` again gives the same again.
    assert_eq!(room.sync(&since, 0).await["rooms"]["join"][&room.room]["timeline"], *timeline);
}

#[tokio::test(start_paused = true)]
async fn an_echo_can_come_before_the_answer_and_names_its_transaction() {
    let room = room().await;
    let since = room.sync("", 0).await["next_batch"].as_str().unwrap().to_owned();
    room.world.arrange(crate::Match::any().path("/send/"), Mishap::Delay { by_ms: 5_000 }, 1);
    let path = crate::wire::encode(&room.room);
    let url = format!("{SERVER}/rooms/{path}/send/m.room.message/txn-1");
    let body = r#"{"msgtype":"m.text","body":"Guten Tag"}"#;
    let put = ask(&room.world, "PUT", &url, &room.token, body);
    let poll = async {
        let news = room.sync(&since, 30_000).await;
        assert_eq!(room.world.now_ms(), NOON_MS, "before the answer");
        news
    };
    let ((_, put), news) = tokio::join!(put, poll);
    let event = &news["rooms"]["join"][&room.room]["timeline"]["events"][0];
    assert_eq!(event["event_id"], put["event_id"]);
    assert_eq!(event["unsigned"]["transaction_id"], "txn-1");
    let (_, again) =
        ask(&room.world, "PUT", &url, &room.token, r#"{"msgtype":"m.text","body":"anders"}"#).await;
    assert_eq!(again["event_id"], put["event_id"]);
    assert_eq!(room.server.count_text(&room.room, "Guten Tag"), 1);
}

#[tokio::test(start_paused = true)]
async fn an_unknown_position_is_400_invalid_stream_token() {
    let room = room().await;
    for since in ["s999999", "rubbish"] {
        let url = format!("{SERVER}/sync?since={since}");
        let (status, answer) = ask(&room.world, "GET", &url, &room.token, "").await;
        assert_eq!((status, &answer["errcode"]), (400, &json!("M_UNKNOWN")));
        assert_eq!(answer["error"], "Invalid stream token");
    }
}

#[tokio::test(start_paused = true)]
async fn a_room_just_joined_comes_limited_and_empty_with_its_state() {
    let room = room().await;
    room.server.create_user("eve", "x", "Eve");
    let invited = room.server.invitation("@brand:alp.example", "@eve:alp.example");
    room.server.write(&invited, "@eve:alp.example", "before you came");
    let first = room.sync("", 0).await;
    let stripped = &first["rooms"]["invite"][&invited]["invite_state"]["events"];
    assert!(stripped.as_array().unwrap().iter().any(|event| event["content"]["is_direct"] == true));
    let since = first["next_batch"].as_str().unwrap();
    let url = format!("{SERVER}/rooms/{}/join", crate::wire::encode(&invited));
    ask(&room.world, "POST", &url, &room.token, "{}").await;
    let news = room.sync(since, 0).await;
    let entry = &news["rooms"]["join"][&invited];
    assert_eq!(entry["timeline"]["limited"], true);
    assert_eq!(entry["timeline"]["events"], json!([]));
    assert!(!entry["state"]["events"].as_array().unwrap().is_empty());
    assert_eq!(entry["summary"]["m.heroes"], json!(["@eve:alp.example"]));
}

#[tokio::test(start_paused = true)]
async fn typing_wakes_the_poll_and_fades_by_itself() {
    let room = room().await;
    let since = room.sync("", 0).await["next_batch"].as_str().unwrap().to_owned();
    room.server.set_typing(&room.room, "@ada:alp.example", true);
    let news = room.sync(&since, 30_000).await;
    let typing = |news: &Value| {
        news["rooms"]["join"][&room.room]["ephemeral"]["events"][0]["content"]["user_ids"].clone()
    };
    assert_eq!(typing(&news), json!(["@ada:alp.example"]));
    sleep_ms(20_000).await;
    let news = room.sync(news["next_batch"].as_str().unwrap(), 0).await;
    assert_eq!(typing(&news), json!([]));
}

#[tokio::test(start_paused = true)]
async fn an_uploaded_filter_keeps_out_what_it_does_not_name_and_lazy_members_bring_the_summary() {
    let room = room().await;
    room.ada("Hallo");
    let filter = r#"{"account_data":{"types":[]},"room":{"timeline":{"limit":1},"state":{"lazy_load_members":true,"types":["m.room.member"]}}}"#;
    let me = crate::wire::encode("@brand:alp.example");
    let (_, made) =
        ask(&room.world, "POST", &format!("{SERVER}/user/{me}/filter"), &room.token, filter).await;
    let id = made["filter_id"].as_str().unwrap();
    let (_, sync) = ask(&room.world, "GET", &format!("{SERVER}/sync?filter={id}"), &room.token, "").await;
    assert!(sync.get("account_data").is_none());
    let entry = &sync["rooms"]["join"][&room.room];
    assert_eq!(entry["summary"]["m.joined_member_count"], 2);
    let kinds =
        entry["state"]["events"].as_array().unwrap().iter().map(|event| event["type"].as_str().unwrap());
    assert!(kinds.clone().all(|kind| kind == "m.room.member") && kinds.count() == 2);
    let (_, plain) = ask(&room.world, "GET", &format!("{SERVER}/sync"), &room.token, "").await;
    assert!(plain["rooms"]["join"][&room.room].get("summary").is_none());
    assert!(
        plain["account_data"]["events"].as_array().unwrap().iter().any(|event| event["type"] == "m.direct")
    );
}

#[tokio::test(start_paused = true)]
async fn a_room_one_left_is_told_once() {
    let room = room().await;
    let since = room.sync("", 0).await["next_batch"].as_str().unwrap().to_owned();
    room.server.leave(&room.room, "@brand:alp.example");
    let news = room.sync(&since, 0).await;
    assert!(news["rooms"]["leave"].get(&room.room).is_some());
    let next = news["next_batch"].as_str().unwrap();
    assert!(room.sync(next, 0).await.get("rooms").is_none());
}
