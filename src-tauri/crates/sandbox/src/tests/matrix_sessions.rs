//! Matrix: finding the server, signing in, tokens.

use serde_json::json;

use super::support::{ask, raw, sleep_ms, world};
use crate::World;

const SERVER: &str = "https://matrix.alp.example/_matrix/client/v3";

fn with_brand() -> World {
    let world = world();
    world.matrix("matrix.alp.example").create_user("brand", "secret", "Alp");
    world
}

async fn log_in(world: &World, refreshable: bool) -> serde_json::Value {
    let body = json!({
        "type": "m.login.password", "identifier": { "type": "m.id.user", "user": "brand" }, "password": "secret",
        "device_id": "INBOX1", "refresh_token": refreshable,
    });
    let (status, answer) = ask(world, "POST", &format!("{SERVER}/login"), "", &body.to_string()).await;
    assert_eq!(status, 200);
    answer
}

#[tokio::test(start_paused = true)]
async fn the_users_domain_points_to_the_server_and_serves_nothing_else() {
    let world = with_brand();
    let (status, found) = ask(&world, "GET", "https://alp.example/.well-known/matrix/client", "", "").await;
    assert_eq!((status, &found["m.homeserver"]["base_url"]), (200, &json!("https://matrix.alp.example/")));
    let (status, _) = ask(&world, "GET", "https://alp.example/_matrix/client/versions", "", "").await;
    assert_eq!(status, 404);
    let (_, versions) =
        ask(&world, "GET", "https://matrix.alp.example/_matrix/client/versions", "", "").await;
    assert!(versions["versions"].as_array().unwrap().contains(&json!("v1.11")));
    let nowhere = raw(&world, "GET", "https://elsewhere.example/", "", "").await;
    assert_eq!(nowhere.unwrap_err().kind(), std::io::ErrorKind::ConnectionRefused);
}

#[tokio::test(start_paused = true)]
async fn a_wrong_password_is_403_and_a_missing_token_401() {
    let world = with_brand();
    let body =
        r#"{"type":"m.login.password","identifier":{"type":"m.id.user","user":"brand"},"password":"no"}"#;
    let (status, answer) = ask(&world, "POST", &format!("{SERVER}/login"), "", body).await;
    assert_eq!((status, &answer["errcode"]), (403, &json!("M_FORBIDDEN")));
    let (status, answer) = ask(&world, "GET", &format!("{SERVER}/account/whoami"), "", "").await;
    assert_eq!((status, &answer["errcode"]), (401, &json!("M_MISSING_TOKEN")));
}

#[tokio::test(start_paused = true)]
async fn a_refresh_token_works_again_until_its_successor_is_used() {
    let world = with_brand();
    let first = log_in(&world, true).await;
    assert_eq!(first["expires_in_ms"], 300_000);
    sleep_ms(300_001).await;
    let whoami = format!("{SERVER}/account/whoami");
    let (status, answer) = ask(&world, "GET", &whoami, first["access_token"].as_str().unwrap(), "").await;
    assert_eq!((status, &answer["soft_logout"]), (401, &json!(true)));

    let refresh = json!({ "refresh_token": first["refresh_token"] }).to_string();
    let (_, lost) = ask(&world, "POST", &format!("{SERVER}/refresh"), "", &refresh).await;
    assert!(lost["access_token"].is_string());
    let (status, second) = ask(&world, "POST", &format!("{SERVER}/refresh"), "", &refresh).await;
    assert_eq!(status, 200, "a lost answer can be asked for again");
    let (status, _) = ask(&world, "GET", &whoami, second["access_token"].as_str().unwrap(), "").await;
    assert_eq!(status, 200);
    let (status, answer) = ask(&world, "POST", &format!("{SERVER}/refresh"), "", &refresh).await;
    assert_eq!((status, &answer["errcode"]), (403, &json!("M_FORBIDDEN")));
}

#[tokio::test(start_paused = true)]
async fn a_removed_session_is_told_without_soft_logout() {
    let world = with_brand();
    let token = log_in(&world, false).await["access_token"].as_str().unwrap().to_owned();
    world.matrix("matrix.alp.example").end_sessions("@brand:alp.example");
    let (status, answer) = ask(&world, "GET", &format!("{SERVER}/sync"), &token, "").await;
    assert_eq!((status, &answer["errcode"]), (401, &json!("M_UNKNOWN_TOKEN")));
    assert_eq!(answer["soft_logout"], false);
}
