//! The door: arranged and random faults, the log, late acceptance.

use std::io::ErrorKind;

use super::support::{ask, raw, sleep_ms, world};
use crate::{Faults, Match, Mishap, RetryAfter};

const VERSIONS: &str = "https://matrix.alp.example/_matrix/client/versions";

#[tokio::test(start_paused = true)]
async fn arranged_mishaps_happen_once_and_in_order_and_are_logged() {
    let world = world();
    world.matrix("matrix.alp.example");
    world.arrange(Match::any().path("/versions"), Mishap::Refuse, 1);
    world.arrange(Match::any().path("/versions"), Mishap::LoseAnswer { kind: ErrorKind::UnexpectedEof }, 1);
    world.arrange(Match::any().path("/versions"), Mishap::Throttle(RetryAfter::Date { in_ms: 60_000 }), 1);
    let first = raw(&world, "GET", VERSIONS, "", "").await.unwrap_err().kind();
    let second = raw(&world, "GET", VERSIONS, "", "").await.unwrap_err().kind();
    assert_eq!((first, second), (ErrorKind::ConnectionRefused, ErrorKind::UnexpectedEof));
    let third = raw(&world, "GET", VERSIONS, "", "").await.unwrap();
    assert_eq!(third.headers()["retry-after"], "Mon, 23 Nov 2026 12:01:00 GMT");
    assert_eq!(ask(&world, "GET", VERSIONS, "", "").await.0, 200);
    let outcomes: Vec<_> = world.requests().iter().map(|asked| asked.outcome.unwrap()).collect();
    assert_eq!(
        outcomes,
        [Err(ErrorKind::ConnectionRefused), Err(ErrorKind::UnexpectedEof), Ok(429), Ok(200)]
    );
}

#[tokio::test(start_paused = true)]
async fn a_late_accepted_send_is_there_after_its_time_and_not_before() {
    let world = world();
    let server = world.matrix("matrix.alp.example");
    let brand = server.create_user("brand", "secret", "Alp");
    let ada = server.create_user("ada", "x", "Ada");
    let room = server.direct_room(&brand, &ada);
    let login = r#"{"type":"m.login.password","identifier":{"user":"brand"},"password":"secret"}"#;
    let (_, answer) = ask(&world, "POST", &VERSIONS.replace("versions", "v3/login"), "", login).await;
    let token = answer["access_token"].as_str().unwrap();
    world.arrange(
        Match::any().path("/send/"),
        Mishap::AcceptLate { accept_after_ms: 90_000, give_up_after_ms: 10_000 },
        1,
    );
    let url = VERSIONS
        .replace("versions", &format!("v3/rooms/{}/send/m.room.message/1", crate::wire::encode(&room)));
    let lost = raw(&world, "PUT", &url, token, r#"{"msgtype":"m.text","body":"late"}"#).await;
    assert_eq!(lost.unwrap_err().kind(), ErrorKind::ConnectionReset);
    assert_eq!(server.count_text(&room, "late"), 0);
    sleep_ms(79_000).await;
    assert_eq!(server.count_text(&room, "late"), 0);
    sleep_ms(1_000).await;
    assert_eq!(server.count_text(&room, "late"), 1);
}

#[tokio::test(start_paused = true)]
async fn random_faults_are_the_same_for_the_same_seed() {
    let run = || async {
        let world = world();
        world.matrix("matrix.alp.example");
        world.set_faults(Faults { seed: 3, refuse: 0.2, lose_answer: 0.2, outage: 0.2, ..Faults::default() });
        let mut seen = Vec::new();
        for _ in 0..200 {
            let answer = raw(&world, "GET", VERSIONS, "", "").await;
            seen.push(answer.map(|answer| answer.status().as_u16()).map_err(|error| error.kind()));
        }
        seen
    };
    let first = run().await;
    assert_eq!(first, run().await);
    let plain = first.iter().filter(|outcome| **outcome == Ok(200)).count();
    assert!((50..110).contains(&plain), "{plain} of 200 went well");
}

#[tokio::test(start_paused = true)]
async fn answers_and_life_can_run_on_any_thread() {
    fn on_any_thread<T: Send>(_: &T) {}
    let world = world();
    let request = super::support::request("GET", VERSIONS, "", "");
    on_any_thread(&world.answer(request));
    on_any_thread(&world.live());
}

#[tokio::test(start_paused = true)]
async fn the_page_an_oauth_redirect_comes_back_to_is_served() {
    let page = raw(&world(), "GET", "https://bounce.kontor.example/?code=x", "", "").await.unwrap();
    assert!(page.status() == 200 && page.body().starts_with(b"<!doctype html"));
}
