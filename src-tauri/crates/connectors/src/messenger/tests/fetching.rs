//! Files: a fresh address each time, and only from where Meta keeps them.

use super::fake::{Answer, Fake, NOON, answer, error, ok, session};
use bytes::Bytes;
use connect::{FaultKind, Refusal};
use http::Response;
use model::attachment::MediaRef;
use serde_json::json;

fn picture(id: &str) -> MediaRef {
    MediaRef { key: format!("{id}/0"), source: format!(r#"{{"k":"message","m":"{id}","i":0}}"#) }
}

fn redirect(to: &str) -> Answer {
    Ok(Response::builder().status(302).header("location", to).body(Bytes::new()).unwrap())
}

fn with_picture(address: &str) -> Fake {
    let fake = Fake::default();
    fake.say("t_1", "m_1", false, "", NOON);
    let attachment = json!({"mime_type": "image/png", "image_data": {"url": address}});
    fake.change("t_1", "m_1", |message| message["attachments"] = json!({"data": [attachment]}));
    fake
}

#[tokio::test(start_paused = true)]
async fn a_file_is_read_from_the_address_that_the_message_names_now() {
    let fake = with_picture("https://lookaside.fbsbx.com/a");
    fake.rule(|call, _| match call.url.host_str().unwrap() {
        "lookaside.fbsbx.com" => Some(redirect("https://scontent.xx.fbcdn.net/b")),
        "scontent.xx.fbcdn.net" => Some(answer(200, "bytes").map(|mut answer| {
            answer.headers_mut().insert("content-type", "image/png".parse().unwrap());
            answer
        })),
        _ => None,
    });
    let (bytes, mime) = session(&fake).fetch(&picture("m_1"), 100).await.unwrap();
    assert_eq!((bytes.as_ref(), mime.as_deref()), (b"bytes".as_ref(), Some("image/png")));
    let calls = fake.calls();
    assert_eq!(calls[0].path(), "m_1");
    for call in &calls[1..] {
        assert!(call.bearer.is_empty() && call.query.is_empty(), "neither token nor proof leave Graph");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_fetched_from_a_host_that_is_not_metas() {
    for address in [
        "https://evil.example/a",
        "https://fbcdn.net.evil.example/a",
        "https://evilfbcdn.net/a",
        "http://scontent.xx.fbcdn.net/a",
        "https://scontent.xx.fbcdn.net:8443/a",
        "https://user@evil.example/a",
        "file:///etc/passwd",
        "http://169.254.169.254/latest",
        "",
    ] {
        let fake = with_picture(address);
        assert!(session(&fake).fetch(&picture("m_1"), 100).await.is_err());
        assert_eq!(fake.paths(), ["GET m_1"], "{address}");
        let fake = with_picture("https://cdn.fbsbx.com/a");
        fake.rule(move |call, _| (call.url.host_str() == Some("cdn.fbsbx.com")).then(|| redirect(address)));
        assert!(session(&fake).fetch(&picture("m_1"), 100).await.is_err());
        assert!(
            fake.calls().iter().skip(1).all(|call| call.url.host_str() == Some("cdn.fbsbx.com")),
            "{address}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_simulated_platform_may_serve_files_from_its_own_host() {
    let fake = with_picture("http://media.test:8080/a");
    fake.rule(|call, _| (call.url.host_str() == Some("media.test")).then(|| answer(200, "bytes")));
    assert!(session(&fake).fetch(&picture("m_1"), 100).await.is_ok());
    assert!(session(&fake).fetch(&picture("m_1"), 3).await.is_err(), "larger than the caller takes");
}

#[tokio::test(start_paused = true)]
async fn what_is_gone_is_gone_and_no_reason_to_sign_in() {
    let not_found = FaultKind::Refused(Refusal::NotFound);
    let fake = with_picture("https://cdn.fbsbx.com/a");
    fake.rule(|call, _| (call.url.host_str() == Some("cdn.fbsbx.com")).then(|| answer(404, "")));
    assert_eq!(session(&fake).fetch(&picture("m_1"), 100).await.unwrap_err().kind, not_found);
    assert_eq!(session(&fake).fetch(&picture("m_unsent"), 100).await.unwrap_err().kind, not_found);

    let profile = MediaRef { key: "profile/71".into(), source: r#"{"k":"profile","p":"71"}"#.into() };
    for (code, subcode) in [(230, 0), (9010, 0), (100, 33)] {
        fake.rule(move |_, _| Some(error(400, code, subcode, "User consent is required")));
        assert_eq!(session(&fake).fetch(&profile, 100).await.unwrap_err().kind, not_found, "{code}");
    }
    fake.rule(|_, _| Some(ok(&json!({"id": "71", "profile_pic": null}))));
    assert_eq!(session(&fake).fetch(&profile, 100).await.unwrap_err().kind, not_found);
    fake.rule(|call, _| match call.url.host_str() {
        Some("platform-lookaside.fbsbx.com") => Some(answer(200, "face")),
        _ => Some(ok(&json!({"profile_pic": "https://platform-lookaside.fbsbx.com/p"}))),
    });
    assert_eq!(session(&fake).fetch(&profile, 100).await.unwrap().0.as_ref(), b"face");
    let junk = MediaRef { key: "x".into(), source: "mxc://x".into() };
    assert_eq!(session(&fake).fetch(&junk, 100).await.unwrap_err().kind, FaultKind::Malformed);
}
