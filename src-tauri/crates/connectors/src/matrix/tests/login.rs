//! Signing in, against a homeserver that is a function.

use super::support::{Asked, Log, ME, Still, account, http, lines};
use crate::matrix::Matrix;
use connect::{Connector, LoginFailure, LoginInput, LoginParts, LoginProblem, LoginStep, SignedIn};
use model::account::Account;
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;
use std::sync::Arc;

const VERSIONS: &str = r#"{"versions":["r0.6.1","v1.1","v1.11"]}"#;
const FLOWS: &str = r#"{"flows":[{"type":"m.login.sso"},7,{"type":"m.login.password"}]}"#;
const TOKENS: &str =
    r#"{"user_id":"@brand:example.org","access_token":"a","refresh_token":"r","device_id":"D1"}"#;

/// A homeserver at hs.example.org that example.org points to, with one answer replaced.
fn server(replaced: &'static str, with: (u16, &'static str)) -> impl Fn(&Asked) -> (u16, String) {
    move |asked| {
        let (status, text) = match asked.line.as_str() {
            line if line == replaced => with,
            "GET /.well-known/matrix/client" => {
                (200, r#"{"m.homeserver":{"base_url":"https://hs.example.org/"}}"#)
            }
            "GET /_matrix/client/versions" => (200, VERSIONS),
            "GET /_matrix/client/v3/login" => (200, FLOWS),
            "POST /_matrix/client/v3/login" => (200, TOKENS),
            "GET /_matrix/client/v3/profile/%40brand%3Aexample.org" => (200, r#"{"displayname":"Acme"}"#),
            _ => (404, r#"{"errcode":"M_UNRECOGNIZED"}"#),
        };
        (status, text.to_owned())
    }
}

async fn sign_in(
    answer: impl Fn(&Asked) -> (u16, String) + Send + Sync + 'static,
    again: Option<Account>,
    fields: [&str; 3],
) -> (Result<SignedIn, LoginFailure>, Log) {
    let (http, log) = http(answer);
    let parts = LoginParts { http, clock: Arc::new(Still), dice: Arc::new(Still), again };
    let mut login = Matrix::new().login("password", parts).unwrap();
    let LoginStep::Fields(asked) = login.next(LoginInput::Start).await.unwrap() else { panic!("no fields") };
    assert_eq!(asked.iter().map(|field| field.name).collect::<Vec<_>>(), ["user", "password", "server"]);
    let fields = ["user", "password", "server"].into_iter().zip(fields);
    let fields: BTreeMap<_, _> =
        fields.map(|(name, value)| (name.to_owned(), SecretString::from(value.to_owned()))).collect();
    let outcome = login.next(LoginInput::Fields(fields)).await.map(|step| match step {
        LoginStep::Done(mut accounts) => accounts.remove(0),
        other => panic!("{other:?}"),
    });
    (outcome, log)
}

#[tokio::test]
async fn a_full_user_id_is_enough_to_find_the_server() {
    let (outcome, log) = sign_in(server("", (0, "")), None, [ME, "secret", ""]).await;
    let account = outcome.unwrap();
    assert_eq!((account.remote_id.as_str(), account.name.as_str()), (ME, "Acme"));
    assert_eq!(account.config, r#"{"homeserver":"https://hs.example.org","device_id":"D1"}"#);
    assert_eq!(account.secrets["refresh_token"].expose_secret(), "r");
    let log = log.lock().unwrap();
    let asked = log.iter().find(|asked| asked.line == "POST /_matrix/client/v3/login").unwrap();
    assert_eq!(asked.body["refresh_token"], true);
    assert!(asked.body["device_id"].as_str().unwrap().starts_with("KONTOR"));
}

#[tokio::test]
async fn signing_in_again_keeps_the_device() {
    for (user, device) in
        [(ME, "KONTOROLD"), ("brand", "KONTOROLD"), ("@other:example.org", "KONTORHHHHHHHHHH")]
    {
        let fields = [user, "secret", "https://hs.example.org"];
        let (_, log) = sign_in(server("", (0, "")), Some(account()), fields).await;
        let log = log.lock().unwrap();
        let asked = log.iter().find(|asked| asked.line == "POST /_matrix/client/v3/login").unwrap();
        assert_eq!(asked.body["device_id"], device, "{user}");
    }
}

#[tokio::test]
async fn a_server_named_by_its_address_is_asked_there_and_nowhere_else() {
    let (outcome, log) = sign_in(server("", (0, "")), None, ["brand", "x", "http://127.0.0.1:8008/"]).await;
    assert!(outcome.unwrap().config.contains("http://127.0.0.1:8008\""));
    assert!(!lines(&log).iter().any(|line| line.contains("well-known")));
}

#[tokio::test]
async fn every_way_to_fail_has_its_own_name() {
    let well_known = "GET /.well-known/matrix/client";
    let versions = "GET /_matrix/client/versions";
    let flows = "GET /_matrix/client/v3/login";
    let login = "POST /_matrix/client/v3/login";
    let cases = [
        (login, (403, r#"{"errcode":"M_FORBIDDEN"}"#), LoginProblem::WrongPassword),
        (login, (429, r#"{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":333000}"#), LoginProblem::Throttled),
        (login, (502, "<html>"), LoginProblem::Unreachable),
        (login, (200, "<html>"), LoginProblem::PageInBetween),
        (login, (511, "<html>"), LoginProblem::PageInBetween),
        (login, (200, "[]"), LoginProblem::Malformed),
        (login, (200, r#"{"user_id":"brand","access_token":"a"}"#), LoginProblem::Malformed),
        (login, (200, r#"{"user_id":"@brand:example.org","access_token":["a"]}"#), LoginProblem::Malformed),
        (flows, (200, r#"{"flows":[{"type":"m.login.sso"}]}"#), LoginProblem::MethodNotOffered),
        (flows, (200, "<html>"), LoginProblem::PageInBetween),
        (versions, (404, "not here"), LoginProblem::NotThisPlatform),
        (versions, (200, "<html>"), LoginProblem::PageInBetween),
        (versions, (200, r#"{"versions":["v1.10"]}"#), LoginProblem::NotThisPlatform),
        (versions, (0, ""), LoginProblem::Unreachable),
        (versions, (503, ""), LoginProblem::Unreachable),
        (
            well_known,
            (200, r#"{"m.homeserver":{"base_url":"http://127.0.0.1:1"}}"#),
            LoginProblem::WrongPassword,
        ),
    ];
    for (line, with, expected) in cases {
        let answer = server(line, with);
        // The last case must not lead to this machine; the domain itself then answers, and refuses the password.
        let answer = move |asked: &Asked| match asked.line.as_str() {
            "POST /_matrix/client/v3/login" if expected == LoginProblem::WrongPassword => {
                (403, r#"{"errcode":"M_FORBIDDEN"}"#.to_owned())
            }
            _ => answer(asked),
        };
        let (outcome, _) = sign_in(answer, None, [ME, "x", ""]).await;
        assert_eq!(outcome.unwrap_err().problem, expected, "{line} {with:?}");
    }
}

#[tokio::test]
async fn an_address_that_is_none_is_said_to_be_none_and_nothing_is_sent_there() {
    for (user, address) in [("brand", ""), ("brand", "http://example.org"), (ME, "ftp://x"), (ME, "a b")] {
        let (outcome, log) = sign_in(server("", (0, "")), None, [user, "x", address]).await;
        assert_eq!(outcome.unwrap_err().problem, LoginProblem::BadAddress, "{user} {address}");
        assert!(lines(&log).is_empty());
    }
}
