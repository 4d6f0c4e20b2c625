//! The glue, against a homeserver that is a function.

use super::support::{Asked, ME, NOW, line, lines, session};
use connect::{Certainty, FaultKind, Refusal};
use model::OpId;
use model::account::Barrier;
use model::attachment::MediaRef;
use model::remote::{Outgoing, OutgoingFile, RemoteOp};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

const WAIT: Duration = Duration::from_secs(30);
const CURSOR: &str = r#"{"since":"s1","order":5,"bots":["@x:example.org"]}"#;

fn ok(text: &str) -> (u16, String) {
    (200, text.to_owned())
}

fn soft_logout() -> (u16, String) {
    (401, r#"{"errcode":"M_UNKNOWN_TOKEN","soft_logout":true}"#.into())
}

fn outgoing(body: &str) -> Outgoing {
    Outgoing {
        op_id: OpId::new(NOW, [1; 10]),
        conversation: "!r".into(),
        recipient: None,
        body: body.into(),
        file: None,
        reply_to: None,
        first_attempt_at: NOW,
    }
}

/// Answers as a room that is not encrypted; everything else is `otherwise`'s.
fn plain(asked: &Asked, otherwise: impl Fn(&Asked) -> (u16, String)) -> (u16, String) {
    if asked.line.contains("m.room.encryption") {
        return (404, r#"{"errcode":"M_NOT_FOUND"}"#.into());
    }
    otherwise(asked)
}

#[tokio::test]
async fn an_expired_token_is_renewed_once_for_all_who_wait_and_stored_before_it_is_used() {
    let (session, log, keeper) = session(|asked| match asked.token.as_str() {
        _ if asked.line.ends_with("/refresh") => ok(r#"{"access_token":"new","refresh_token":"refresh-2"}"#),
        "new" => ok(r#"{"chunk":[]}"#),
        _ => soft_logout(),
    });
    let room = "!r".into();
    let ask = || session.history(&room, None);
    let (a, b, c, d) = tokio::join!(ask(), ask(), ask(), ask());
    assert!([a, b, c, d].iter().all(Result::is_ok));
    let log = log.lock().unwrap();
    assert_eq!(log.iter().filter(|asked| asked.line.ends_with("/refresh")).count(), 1);
    assert_eq!(*keeper.pairs.lock().unwrap(), ["new"]);
}

#[tokio::test]
async fn an_ended_session_asks_for_a_new_sign_in() {
    let hard = |_: &Asked| (401, r#"{"errcode":"M_UNKNOWN_TOKEN"}"#.to_owned());
    let (ended, log, _) = session(hard);
    assert_eq!(ended.pull(None, WAIT).await.unwrap_err().kind, FaultKind::SignInAgain);
    assert_eq!(lines(&log), ["GET /_matrix/client/v3/sync"]);
    let (spent, ..) = session(|asked| match asked.line.as_str() {
        "POST /_matrix/client/v3/refresh" => (403, r#"{"errcode":"M_FORBIDDEN"}"#.into()),
        _ => soft_logout(),
    });
    assert_eq!(spent.pull(None, WAIT).await.unwrap_err().kind, FaultKind::SignInAgain);
}

#[tokio::test]
async fn a_server_that_fails_while_a_token_is_renewed_does_not_end_the_session() {
    let (session, ..) = session(|asked| match asked.line.as_str() {
        "POST /_matrix/client/v3/refresh" => (502, "<html>".into()),
        _ => soft_logout(),
    });
    let fault = session.perform(&RemoteOp::Send(outgoing("x"))).await.unwrap_err();
    assert_eq!((fault.kind, fault.certainty), (FaultKind::Unavailable, Certainty::NotDone));
}

#[tokio::test]
async fn a_first_sync_asks_without_waiting_and_the_next_one_waits_where_it_ended() {
    let (session, log, _) = session(|_| ok(r#"{"next_batch":"s1"}"#));
    let first = session.pull(None, WAIT).await.unwrap();
    session.pull(first.next.as_deref(), WAIT).await.unwrap();
    let log = log.lock().unwrap();
    assert!(log[0].line.contains("timeout=0&set_presence=offline") && !log[0].line.contains("since="));
    assert!(log[1].line.contains("timeout=30000") && log[1].line.ends_with("since=s1"));
}

#[tokio::test]
async fn a_position_the_server_does_not_know_starts_over() {
    let (session, ..) =
        session(|_| (400, r#"{"errcode":"M_UNKNOWN","error":"Invalid stream token"}"#.into()));
    assert_eq!(session.pull(Some(CURSOR), WAIT).await.unwrap_err().kind, FaultKind::CursorLost);
    assert_eq!(session.pull(Some("junk"), WAIT).await.unwrap_err().kind, FaultKind::CursorLost);
}

#[tokio::test]
async fn a_server_that_answers_a_long_poll_at_once_with_nothing_is_not_asked_at_once_again() {
    let (session, ..) = session(|_| ok(r#"{"next_batch":"s1"}"#));
    assert!(session.pull(Some(CURSOR), WAIT).await.unwrap().again_after > Duration::ZERO);
    assert_eq!(session.pull(Some(CURSOR), Duration::ZERO).await.unwrap().again_after, Duration::ZERO);
}

#[tokio::test]
async fn after_a_restart_a_room_that_speaks_is_asked_for_its_state_and_orders_stay_out() {
    let (session, log, _) = session(|asked| match asked.line.split('?').next().unwrap_or_default() {
        "GET /_matrix/client/v3/sync" => ok(r#"{"next_batch":"s2","rooms":{"join":{
            "!r":{"timeline":{"events":[{"type":"m.room.message","event_id":"$1","sender":"@anna:example.org",
                "origin_server_ts":1795444800000,"content":{"msgtype":"m.text","body":"da"}}]}},
            "!o":{"timeline":{"events":[{"type":"m.room.message","event_id":"$2","sender":"@x:example.org",
                "content":{"msgtype":"m.text","body":"ok"}}]}}}}}"#),
        "GET /_matrix/client/v3/rooms/%21r/state" => {
            ok(r#"[{"type":"m.room.create","state_key":"","sender":"@anna:example.org","content":{}},
            {"type":"m.room.member","state_key":"@anna:example.org","sender":"@anna:example.org",
             "content":{"membership":"join","displayname":"Anna"}}]"#)
        }
        "GET /_matrix/client/v3/rooms/%21o/state" => {
            ok(r#"[{"type":"m.room.member","state_key":"@x:example.org","sender":"@x:example.org",
             "content":{"membership":"join"}}]"#)
        }
        _ => (404, r#"{"errcode":"M_NOT_FOUND"}"#.into()),
    });
    let pulled = session.pull(Some(CURSOR), WAIT).await.unwrap();
    let told: Vec<String> = pulled.events.iter().map(line).collect();
    assert_eq!(
        told,
        [
            r#"contact @anna:example.org Some("Anna") Some("@anna:example.org") "#,
            r#"conversation !r Some(Direct) None with @anna:example.org on -"#,
            r#"$1 @anna:example.org Plain "da" new"#,
        ]
    );
    session.pull(pulled.next.as_deref(), WAIT).await.unwrap();
    assert_eq!(lines(&log).iter().filter(|line| line.ends_with("/state")).count(), 2);
}

#[tokio::test]
async fn a_hole_is_paged_to_its_end_and_not_beyond() {
    let (session, log, _) = session(|asked| match asked.line.split('?').next().unwrap_or_default() {
        "GET /_matrix/client/v3/rooms/%21r/messages" if asked.line.contains("from=t9") => ok(
            r#"{"chunk":[{"type":"m.room.message","event_id":"$1","sender":"@a:b","content":{}}],"end":"t8"}"#,
        ),
        "GET /_matrix/client/v3/rooms/%21r/messages" => ok(r#"{"chunk":[],"end":"t8"}"#),
        _ => ok("[]"),
    });
    let room = "!r".into();
    let one = session.history(&room, Some(r#"{"from":"t9","to":"s1","order":100}"#)).await.unwrap();
    assert_eq!(one.next.as_deref(), Some(r#"{"from":"t8","to":"s1","order":99}"#));
    let two = session.history(&room, one.next.as_deref()).await.unwrap();
    assert_eq!((two.next, two.events), (None, vec![]));
    assert!(
        log.lock()
            .unwrap()
            .iter()
            .filter(|asked| asked.line.contains("/messages"))
            .all(|a| a.line.contains("to=s1"))
    );
}

#[tokio::test]
async fn plain_text_is_never_sent_to_an_encrypted_room() {
    let (session, log, _) = session(|_| ok(r#"{"algorithm":"m.megolm.v1.aes-sha2"}"#));
    let fault = session.perform(&RemoteOp::Send(outgoing("x"))).await.unwrap_err();
    assert_eq!((fault.kind, fault.certainty), (FaultKind::Refused(Refusal::Encrypted), Certainty::NotDone));
    assert!(!lines(&log).iter().any(|line| line.starts_with("PUT")));
}

#[tokio::test]
async fn a_send_is_one_request_and_its_outcome_is_told_as_surely_as_it_is_known() {
    type Told = Result<Option<&'static str>, (FaultKind, Certainty)>;
    let cases: [(u16, &str, Told); 8] = [
        (200, r#"{"event_id":"$e"}"#, Ok(Some("$e"))),
        (200, "<html>", Err((FaultKind::Intercepted(Barrier::Page), Certainty::Unknown))),
        (200, "", Ok(None)),
        (502, "<html>", Err((FaultKind::Unavailable, Certainty::Unknown))),
        (1, "", Err((FaultKind::Unavailable, Certainty::Unknown))),
        (0, "", Err((FaultKind::Unavailable, Certainty::NotDone))),
        (
            413,
            r#"{"errcode":"M_TOO_LARGE"}"#,
            Err((FaultKind::Refused(Refusal::TooLong), Certainty::NotDone)),
        ),
        (429, r#"{"errcode":"M_LIMIT_EXCEEDED"}"#, Err((FaultKind::Throttled, Certainty::NotDone))),
    ];
    for (status, text, expected) in cases {
        let (session, log, _) = session(move |asked| plain(asked, |_| (status, text.to_owned())));
        let outcome = session.perform(&RemoteOp::Send(outgoing("x"))).await;
        let told = outcome.map(|receipt| receipt.remote_id).map_err(|fault| (fault.kind, fault.certainty));
        assert_eq!(told, expected.map(|id| id.map(Into::into)), "{status}");
        assert_eq!(lines(&log).iter().filter(|line| line.starts_with("PUT")).count(), 1);
    }
}

#[tokio::test]
async fn a_file_is_uploaded_once_however_often_its_message_is_tried() {
    let tries = AtomicUsize::new(0);
    let (session, log, _) = session(move |asked| {
        plain(asked, |asked| match asked.line.split(' ').next() {
            Some("POST") => ok(r#"{"content_uri":"mxc://example.org/up"}"#),
            Some("PUT") if tries.fetch_add(1, Ordering::Relaxed) == 0 => (504, String::new()),
            Some("PUT") => ok(r#"{"event_id":"$f"}"#),
            _ => ok(r#"{"m.upload.size":10}"#),
        })
    });
    let file = |bytes| OutgoingFile { media: "m".into(), name: "a.bin".into(), mime: "x/y".into(), bytes };
    let message = Outgoing { file: Some(file(vec![0; 10])), ..outgoing("") };
    assert!(session.perform(&RemoteOp::Send(message.clone())).await.is_err());
    assert!(session.perform(&RemoteOp::Send(message.clone())).await.is_ok());
    assert_eq!(lines(&log).iter().filter(|line| line.starts_with("POST")).count(), 1);
    let large = Outgoing { file: Some(file(vec![0; 11])), op_id: OpId::new(NOW, [2; 10]), ..message };
    let fault = session.perform(&RemoteOp::Send(large)).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Refused(Refusal::Attachment));
}

#[tokio::test]
async fn an_upload_that_breaks_has_sent_nothing() {
    let (session, ..) = session(|asked| {
        plain(asked, |asked| if asked.line.starts_with("POST") { (1, String::new()) } else { ok("{}") })
    });
    let file = OutgoingFile { media: "m".into(), name: "a".into(), mime: "x/y".into(), bytes: vec![1] };
    let message = Outgoing { file: Some(file), ..outgoing("") };
    let fault = session.perform(&RemoteOp::Send(message)).await.unwrap_err();
    assert_eq!((fault.kind, fault.certainty), (FaultKind::Unavailable, Certainty::NotDone));
}

#[tokio::test]
async fn a_captive_portal_neither_ends_the_session_nor_fails_a_reply() {
    let (session, log, _) = session(|_| ok("<html>Welcome to our café</html>"));
    let page = FaultKind::Intercepted(Barrier::Page);
    assert_eq!(session.pull(Some(CURSOR), WAIT).await.unwrap_err().kind, page);
    let fault = session.perform(&RemoteOp::Send(outgoing("x"))).await.unwrap_err();
    assert_eq!((fault.kind, fault.certainty), (page, Certainty::NotDone));
    assert!(!lines(&log).iter().any(|line| line.starts_with("PUT")));
}

#[tokio::test(start_paused = true)]
async fn nothing_leaves_while_the_server_asks_us_to_wait() {
    let calls = AtomicUsize::new(0);
    let (session, ..) = session(move |asked| {
        plain(asked, |_| match calls.fetch_add(1, Ordering::Relaxed) {
            0 => (429, r#"{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":4000}"#.into()),
            _ => ok(r#"{"event_id":"$e"}"#),
        })
    });
    let fault = session.perform(&RemoteOp::Send(outgoing("x"))).await.unwrap_err();
    assert_eq!((fault.kind, fault.retry_after), (FaultKind::Throttled, Some(Duration::from_secs(4))));
    // The clock of this test stands still, so the pause never ends.
    let again = tokio::time::timeout(WAIT, session.perform(&RemoteOp::Send(outgoing("x")))).await;
    assert!(again.is_err());
}

#[tokio::test]
async fn accepting_joins_and_lists_the_room_as_direct() {
    let (session, log, _) = session(|asked| match asked.line.as_str() {
        line if line.ends_with("/state") => (
            200,
            format!(
                r#"[{{"type":"m.room.member","state_key":"{ME}","sender":"{ME}","content":{{"membership":"join"}},
               "unsigned":{{"prev_content":{{"membership":"invite","is_direct":true}},"prev_sender":"@dora:example.net"}}}},
               {{"type":"m.room.member","state_key":"@dora:example.net","sender":"@dora:example.net","content":{{"membership":"join"}}}}]"#
            ),
        ),
        line if line.starts_with("GET") => (404, r#"{"errcode":"M_NOT_FOUND"}"#.into()),
        _ => ok("{}"),
    });
    session.perform(&RemoteOp::Accept { conversation: "!r".into() }).await.unwrap();
    let log = log.lock().unwrap();
    let put = log.iter().find(|asked| asked.line.starts_with("PUT")).unwrap();
    assert_eq!(put.body, serde_json::json!({ "@dora:example.net": ["!r"] }));
}

#[tokio::test]
async fn an_unknown_send_is_found_by_its_transaction_and_only_without_any_by_its_words() {
    let page = Mutex::new(String::new());
    let page = std::sync::Arc::new(page);
    let served = page.clone();
    let (session, ..) = session(move |_| (200, served.lock().unwrap().clone()));
    let sent = outgoing("Danke");
    let event = |id: &str, at: i64, unsigned: &str| {
        format!(
            r#"{{"type":"m.room.message","event_id":"{id}","sender":"{ME}","origin_server_ts":{at},
               "content":{{"msgtype":"m.text","body":"Danke"}},"unsigned":{unsigned}}}"#
        )
    };
    let set = |events: &[String]| *page.lock().unwrap() = format!(r#"{{"chunk":[{}]}}"#, events.join(","));
    let ours = format!(r#"{{"transaction_id":"{}"}}"#, sent.op_id);
    let at = NOW.0;
    set(&[event("$phone", at, "{}"), event("$ours", at - 9_000_000, &ours)]);
    assert_eq!(session.find_sent(&sent, &[]).await.unwrap(), Some("$ours".into()));
    set(&[event("$phone", at, "{}"), event("$else", at, r#"{"transaction_id":"else"}"#)]);
    assert_eq!(session.find_sent(&sent, &[]).await.unwrap(), None);
    set(&[event("$late", at + 5, "{}"), event("$first", at, "{}"), event("$old", at - 200_000, "{}")]);
    assert_eq!(session.find_sent(&sent, &[]).await.unwrap(), Some("$first".into()));
    assert_eq!(session.find_sent(&sent, &["$first".into()]).await.unwrap(), Some("$late".into()));
}

#[tokio::test]
async fn media_is_fetched_with_the_token_and_followed_elsewhere_without_it() {
    let (elsewhere, log, _) = session(|asked| match asked.line.as_str() {
        "GET /_matrix/client/v1/media/download/example.org/abc" => {
            (307, "location https://cdn.example.net/abc?s=1".into())
        }
        "GET /abc?s=1" => ok("bytes"),
        "GET /_matrix/client/v1/media/download/example.org/old" => {
            (404, r#"{"errcode":"M_UNRECOGNIZED"}"#.into())
        }
        "GET /_matrix/media/v3/download/example.org/old" => ok("older"),
        "GET /_matrix/client/v1/media/download/example.org/trap" => {
            (302, "location http://169.254.169.254/".into())
        }
        "GET /_matrix/client/v1/media/download/example.org/home" => {
            (302, "location https://127.0.0.1/".into())
        }
        "GET /_matrix/client/v1/media/download/example.org/loop" => {
            (302, "location https://cdn.example.net/loop".into())
        }
        "GET /loop" => (302, "location /loop".into()),
        _ => (404, r#"{"errcode":"M_NOT_FOUND"}"#.into()),
    });
    let media = |id: &str| {
        let uri = format!("mxc://example.org/{id}");
        MediaRef { key: uri.clone(), source: uri }
    };
    assert_eq!(elsewhere.fetch(&media("abc"), 9).await.unwrap().0, "bytes");
    assert_eq!(elsewhere.fetch(&media("old"), 9).await.unwrap().0, "older");
    for bad in ["trap", "home", "loop", "gone", "a/b"] {
        assert!(elsewhere.fetch(&media(bad), 9).await.is_err(), "{bad}");
    }
    assert!(elsewhere.fetch(&media("abc"), 4).await.is_err());
    let tokens: Vec<String> = log.lock().unwrap().iter().take(2).map(|asked| asked.token.clone()).collect();
    assert_eq!(tokens, ["old", ""]);
    let loops = lines(&log).iter().filter(|line| *line == "GET /loop").count();
    assert!(loops <= 4, "{loops}");
}

#[tokio::test]
async fn signing_out_of_an_ended_session_is_done() {
    let (ended, ..) = session(|_| (401, r#"{"errcode":"M_UNKNOWN_TOKEN"}"#.into()));
    assert!(ended.sign_out().await.is_ok());
}
