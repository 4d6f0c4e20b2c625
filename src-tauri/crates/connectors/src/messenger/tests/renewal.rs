//! Keeping a Page signed in: when what is asked, what is kept before what is used.

use super::fake::{self, Answer, Call, Fake, NOON, account, error, ok};
use connect::{Fault, FaultKind, SecretKeeper, Secrets, Session, Term};
use model::Timestamp;
use secrecy::ExposeSecret;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

const DAY: i64 = 86_400;

/// Remembers what it was asked to keep; a broken disk keeps nothing.
#[derive(Default)]
struct Drawer {
    is_broken: Mutex<bool>,
    kept: Mutex<Vec<BTreeMap<String, String>>>,
}

#[async_trait::async_trait]
impl SecretKeeper for Drawer {
    async fn keep(&self, secrets: &Secrets) -> Result<(), Fault> {
        if *self.is_broken.lock().unwrap() {
            return Err(Fault::not_done(FaultKind::Unavailable, "the disk is full"));
        }
        let plain = |(name, secret): (&String, &secrecy::SecretString)| {
            (name.clone(), secret.expose_secret().to_owned())
        };
        self.kept.lock().unwrap().push(secrets.iter().map(plain).collect());
        Ok(())
    }
}

/// Tokens and what Graph says of them: seconds from now until the end, 0 for none.
fn graph(call: &Call, ends: &[(&str, i64)], consent_s: i64) -> Option<Answer> {
    let query = |name: &str| call.query.get(name).map_or("", String::as_str);
    Some(match call.path() {
        "debug_token" => {
            assert_eq!((query("access_token"), call.bearer.as_str()), ("4242|s3cret", "Bearer 4242|s3cret"));
            assert!(!call.query.contains_key("appsecret_proof"), "a proof of another token");
            let end = ends.iter().find(|(token, _)| *token == query("input_token"));
            let at = |left: i64| if left == 0 { 0 } else { NOON + left };
            ok(&json!({ "data": {
                "is_valid": end.is_some(),
                "expires_at": end.map_or(0, |(_, left)| at(*left)),
                "data_access_expires_at": at(consent_s),
            } }))
        }
        "oauth/access_token" => {
            assert_eq!((query("client_id"), query("client_secret")), ("4242", "s3cret"));
            assert!(!call.query.contains_key("appsecret_proof"), "a proof of another token");
            match query("fb_exchange_token") {
                "EAAuser" => ok(&json!({"access_token": "EAAuser2", "expires_in": 5_183_944})),
                _ => error(400, 190, 463, "Session has expired"),
            }
        }
        fake::PAGE if query("fields") == "id,access_token" => {
            assert!(call.query.contains_key("appsecret_proof"));
            let token = if call.bearer == "Bearer EAAuser2" { "EAApage2" } else { "EAApage" };
            ok(&json!({"id": fake::PAGE, "access_token": token}))
        }
        _ => return None,
    })
}

fn session(fake: &Fake, secrets: &[(&str, &str)], keeper: Arc<Drawer>) -> Box<dyn Session> {
    let secret = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned().into());
    fake::session_with(fake, account(fake::PAGE), secrets.iter().map(secret).collect(), keeper)
}

const ALL: [(&str, &str); 3] =
    [("access_token", "EAApage"), ("user_token", "EAAuser"), ("app_secret", "s3cret")];

fn at(days: i64) -> Option<Timestamp> {
    Some(Timestamp((NOON + days * DAY) * 1000))
}

#[tokio::test(start_paused = true)]
async fn nothing_is_renewed_in_the_first_half_and_the_nearest_end_is_told() {
    for (page, consent, told) in [(0, 90, at(90)), (60, 90, at(60)), (0, 0, None), (80, 70, at(70))] {
        let (fake, drawer) = (Fake::default(), Arc::new(Drawer::default()));
        fake.rule(move |call, _| {
            graph(call, &[("EAApage", page * DAY), ("EAAuser", 31 * DAY)], consent * DAY)
        });
        let term = session(&fake, &ALL, drawer.clone()).keep_signed_in().await.unwrap();
        assert_eq!(term, Term { ends_at: told, not_renewed: None });
        assert_eq!(fake.paths(), ["GET debug_token", "GET debug_token"]);
        assert!(drawer.kept.lock().unwrap().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn in_the_second_half_the_user_token_is_renewed_and_then_the_page_token_and_each_is_kept_first() {
    let (fake, drawer) = (Fake::default(), Arc::new(Drawer::default()));
    fake.rule(|call, _| {
        let ends = [("EAApage", 29 * DAY), ("EAAuser", 29 * DAY), ("EAApage2", 60 * DAY)];
        graph(call, &ends, 59 * DAY)
    });
    let session = session(&fake, &ALL, drawer.clone());
    let term = session.keep_signed_in().await.unwrap();
    assert_eq!(term, Term { ends_at: at(59), not_renewed: None });
    let kept = drawer.kept.lock().unwrap().clone();
    let names = |name: &str| kept.iter().map(|all| all[name].clone()).collect::<Vec<_>>();
    assert_eq!(names("user_token"), ["EAAuser2", "EAAuser2"]);
    assert_eq!(names("access_token"), ["EAApage", "EAApage2"]);
    assert_eq!(names("app_secret"), ["s3cret", "s3cret"]);
    fake.calls();
    session.pull(None, std::time::Duration::ZERO).await.unwrap();
    assert!(fake.calls().iter().all(|call| call.bearer == "Bearer EAApage2"), "from now on");
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_kept_is_not_used_and_the_end_is_told_all_the_same() {
    let (fake, drawer) = (Fake::default(), Arc::new(Drawer::default()));
    *drawer.is_broken.lock().unwrap() = true;
    fake.rule(|call, _| graph(call, &[("EAApage", 9 * DAY), ("EAAuser", 9 * DAY)], 0));
    let session = session(&fake, &ALL, drawer.clone());
    let term = session.keep_signed_in().await.unwrap();
    assert_eq!(term.ends_at, at(9));
    assert_eq!(term.not_renewed.unwrap().kind, FaultKind::Unavailable);
    assert!(fake.calls().iter().all(|call| call.bearer != "Bearer EAAuser2"), "not on disk, not used");
    *drawer.is_broken.lock().unwrap() = false;
    session.keep_signed_in().await.unwrap();
    assert_eq!(drawer.kept.lock().unwrap()[0]["user_token"], "EAAuser2", "the old one was tried again");
}

#[tokio::test(start_paused = true)]
async fn a_dead_user_token_is_not_tried_and_a_pages_own_token_cannot_be_renewed() {
    let own = [ALL[0], ALL[2]];
    for (secrets, kind) in [(&ALL[..], FaultKind::SignInAgain), (&own[..], FaultKind::Unsupported)] {
        let fake = Fake::default();
        fake.rule(|call, _| graph(call, &[("EAApage", 20 * DAY)], 0));
        let term = session(&fake, secrets, Arc::default()).keep_signed_in().await.unwrap();
        assert_eq!((term.ends_at, term.not_renewed.map(|fault| fault.kind)), (at(20), Some(kind)));
        assert!(fake.paths().iter().all(|path| path == "GET debug_token"));
    }
}

#[tokio::test(start_paused = true)]
async fn without_the_app_nothing_is_asked_and_what_is_no_answer_is_a_fault() {
    let fake = Fake::default();
    let term = session(&fake, &ALL[..2], Arc::default()).keep_signed_in().await.unwrap();
    assert_eq!(term, Term::default());
    assert_eq!(fake.paths().len(), 0);
    type Rule = fn(&Call) -> Answer;
    let cases: [(Rule, FaultKind); 3] = [
        (|_| fake::answer(502, "<html>"), FaultKind::Unavailable),
        (|_| error(400, 4, 0, "(#4) Application request limit reached"), FaultKind::Throttled),
        (|_| ok(&json!({ "data": { "is_valid": false } })), FaultKind::SignInAgain),
    ];
    for (rule, kind) in cases {
        let fake = Fake::default();
        fake.rule(move |call, _| Some(rule(call)));
        let fault = session(&fake, &ALL, Arc::default()).keep_signed_in().await.unwrap_err();
        assert_eq!(fault.kind, kind);
        assert!(!fault.to_string().contains("EAA") && !fault.to_string().contains("s3cret"));
    }
}
