//! Signing in with the customer's own app, and with a pasted token.

use super::fake::{Answer, Call, Fake, account, answer, error, login, ok};
use connect::{Login, LoginInput, LoginProblem, LoginStep};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const ACCOUNTS: &str = include_str!("../../../../../../tests/fixtures/messenger/accounts.json");
const DEBUG: &str = include_str!("../../../../../../tests/fixtures/messenger/debug_token.json");
const ONE: &str = "101000000000001";

fn fields(values: &[(&str, &str)]) -> LoginInput {
    let secret = |text: &str| SecretString::from(text.to_owned());
    LoginInput::Fields(values.iter().map(|(name, value)| ((*name).to_owned(), secret(value))).collect())
}

fn redirect(values: &[(&str, &str)]) -> LoginInput {
    LoginInput::Redirect(
        values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
    )
}

const APP: [(&str, &str); 3] =
    [("app_id", "4242"), ("app_secret", "s3cret"), ("bounce", "https://shop.example/kontor/")];

/// The endpoints of a sign-in; the code is good once.
fn graph(call: &Call) -> Answer {
    let query = |name: &str| call.query.get(name).map_or("", String::as_str);
    match call.path() {
        "oauth/access_token" if query("grant_type") == "fb_exchange_token" => {
            assert_eq!((query("fb_exchange_token"), query("client_secret")), ("EAAshort", "s3cret"));
            ok(&json!({"access_token": "EAAlong", "token_type": "bearer", "expires_in": 5_183_944}))
        }
        "oauth/access_token" => {
            assert_eq!(query("redirect_uri"), "https://shop.example/kontor/");
            match (query("code"), query("client_secret")) {
                ("good", "s3cret") => {
                    ok(&json!({"access_token": "EAAshort", "token_type": "bearer", "expires_in": 3600}))
                }
                ("good", _) => error(400, 1, 0, "Error validating client secret."),
                _ => error(400, 100, 36_009, "This authorization code has been used."),
            }
        }
        "me/accounts" => {
            assert_eq!(call.bearer, "Bearer EAAlong");
            answer(200, ACCOUNTS)
        }
        _ => error(400, 2500, 0, "Unknown path components"),
    }
}

async fn browse(login: &mut dyn Login) -> (url::Url, String, Option<u16>) {
    match login.next(fields(&APP)).await.unwrap() {
        LoginStep::Browse { url, state, port } => (url, state, port),
        other => panic!("{other:?}"),
    }
}

fn choices(step: &LoginStep) -> Vec<(&str, bool, Option<&str>)> {
    let LoginStep::Choose(choices) = step else { panic!("{step:?}") };
    choices.iter().map(|it| (it.id.as_str(), it.is_possible, it.reason)).collect()
}

#[tokio::test]
async fn an_own_app_leads_from_consent_to_the_chosen_pages() {
    let fake = Fake::default();
    fake.rule(|call, _| Some(graph(call)));
    let mut login = login(&fake, "own_app", None);
    let LoginStep::Fields(asked) = login.next(LoginInput::Start).await.unwrap() else { panic!() };
    assert_eq!(
        asked.iter().map(|it| (it.name, it.is_optional)).collect::<Vec<_>>(),
        [("app_id", false), ("app_secret", false), ("bounce", true)]
    );
    let (url, state, port) = browse(&mut *login).await;
    let query: BTreeMap<_, _> = url.query_pairs().into_owned().collect();
    assert!(url.as_str().starts_with("https://www.facebook.com/v25.0/dialog/oauth?"));
    assert_eq!((query["client_id"].as_str(), query["response_type"].as_str()), ("4242", "code"));
    assert_eq!((&query["state"], &query["redirect_uri"][..]), (&state, "https://shop.example/kontor/"));
    assert!(query["scope"].contains("pages_messaging") && !url.as_str().contains("s3cret"));
    let loopback = login.loopback();
    assert_eq!(loopback.as_ref().map(connect::oauth::Loopback::port), port);
    assert!(login.loopback().is_none(), "handed out once");

    let step = login.next(redirect(&[("code", "good"), ("state", &state)])).await.unwrap();
    assert_eq!(
        choices(&step),
        [(ONE, true, None), ("102", false, Some("no_messaging_task")), ("103", false, Some("no_token"))]
    );
    let nothing = login.next(LoginInput::Chosen(vec!["102".into(), "555".into()])).await.unwrap_err();
    assert_eq!(nothing.problem, LoginProblem::NothingToConnect);
    let LoginStep::Done(done) = login.next(LoginInput::Chosen(vec![ONE.into()])).await.unwrap() else {
        panic!()
    };
    assert_eq!((done.len(), done[0].remote_id.as_str(), done[0].name.as_str()), (1, ONE, "Kerzenwerk"));
    assert_eq!(done[0].secrets["access_token"].expose_secret(), "EAApageone");
    assert_eq!(done[0].secrets["user_token"].expose_secret(), "EAAlong");
    assert_eq!(done[0].secrets["app_secret"].expose_secret(), "s3cret");
    assert_eq!(done[0].config, r#"{"app_id":"4242","bounce":"https://shop.example/kontor/"}"#);
    assert!(!format!("{done:?}").contains("EAA"));
}

#[tokio::test]
async fn every_wrong_redirect_has_its_word_and_the_right_one_still_works_after_it() {
    let fake = Fake::default();
    fake.rule(|call, _| Some(graph(call)));
    let mut login = login(&fake, "own_app", None);
    let early = login.next(redirect(&[("code", "good")])).await.unwrap_err();
    assert_eq!(early.problem, LoginProblem::WrongRedirect);
    let (_, state, _) = browse(&mut *login).await;
    for (parameters, problem) in [
        (vec![("code", "good")], LoginProblem::WrongRedirect),
        (vec![("code", "good"), ("state", "kontor.messenger.23811.x")], LoginProblem::WrongRedirect),
        (vec![("state", state.as_str())], LoginProblem::WrongRedirect),
        (vec![("code", ""), ("state", &state)], LoginProblem::WrongRedirect),
        (vec![("error", "access_denied"), ("state", &state)], LoginProblem::ConsentRefused),
        (vec![("code", "used"), ("state", &state)], LoginProblem::TokenInvalid),
    ] {
        let failure = login.next(redirect(&parameters)).await.unwrap_err();
        assert_eq!(failure.problem, problem, "{parameters:?}");
    }
    assert!(login.next(redirect(&[("code", "good"), ("state", &state)])).await.is_ok());
}

#[tokio::test]
async fn wrong_apps_and_addresses_are_told_before_or_by_the_exchange() {
    let fake = Fake::default();
    fake.rule(|call, _| Some(graph(call)));
    let mut login = login(&fake, "own_app", None);
    for (values, problem) in [
        ([("app_id", "abc"), ("app_secret", "s"), ("bounce", "")], LoginProblem::WrongApp),
        ([("app_id", "42"), ("app_secret", " "), ("bounce", "")], LoginProblem::WrongApp),
        (
            [("app_id", "42"), ("app_secret", "s"), ("bounce", "http://shop.example/")],
            LoginProblem::BadAddress,
        ),
        ([("app_id", "42"), ("app_secret", "s"), ("bounce", "shop")], LoginProblem::BadAddress),
    ] {
        assert_eq!(login.next(fields(&values)).await.unwrap_err().problem, problem, "{values:?}");
    }
    assert_eq!(fake.paths().len(), 0);
    let wrong = [APP[0], ("app_secret", "guessed"), APP[2]];
    let LoginStep::Browse { state, .. } = login.next(fields(&wrong)).await.unwrap() else { panic!() };
    let failure = login.next(redirect(&[("code", "good"), ("state", &state)])).await.unwrap_err();
    assert_eq!(failure.problem, LoginProblem::WrongApp);
    assert!(!format!("{failure}").contains("guessed"));
}

#[tokio::test]
async fn without_a_bounce_page_the_address_is_pasted() {
    let fake = Fake::default();
    let mut login = login(&fake, "own_app", None);
    let step =
        login.next(fields(&[("app_id", "4242"), ("app_secret", "s3cret"), ("bounce", "")])).await.unwrap();
    let LoginStep::Browse { url, state, port } = step else { panic!() };
    assert_eq!((port, login.loopback().is_none()), (None, true));
    let query: BTreeMap<_, _> = url.query_pairs().into_owned().collect();
    assert_eq!(query["redirect_uri"], "https://www.facebook.com/connect/login_success.html");
    let pasted =
        format!("https://www.facebook.com/connect/login_success.html?code=AQabcdefg&state={state}#_=_");
    assert_eq!(connect::oauth::pasted(&pasted, &state).unwrap()["code"], "AQabcdefg");
}

#[tokio::test]
async fn pages_of_a_portfolio_are_found_although_the_list_is_empty() {
    let fake = Fake::default();
    fake.rule(|call, _| {
        Some(match call.path() {
            "me/accounts" => ok(&json!({"data": []})),
            "debug_token" => {
                assert_eq!(call.query["input_token"], "EAAlong");
                assert_eq!(call.query["access_token"], "4242|s3cret");
                assert!(!call.query.contains_key("appsecret_proof"), "a proof of another token");
                answer(200, DEBUG)
            }
            "104" if call.query["fields"].contains("tasks") => {
                error(400, 100, 0, "nonexisting field (tasks)")
            }
            id @ (ONE | "104") => ok(&json!({"id": id, "name": "P", "access_token": format!("EAA{id}")})),
            _ => graph(call),
        })
    });
    let mut login = login(&fake, "own_app", None);
    let (_, state, _) = browse(&mut *login).await;
    let step = login.next(redirect(&[("code", "good"), ("state", &state)])).await.unwrap();
    assert_eq!(choices(&step), [(ONE, true, None), ("104", true, None)]);
}

#[tokio::test]
async fn the_list_of_pages_is_followed_to_its_end() {
    let fake = Fake::default();
    fake.rule(|call, _| {
        let page = |id: u32| json!({"id": id.to_string(), "name": "P", "access_token": "EAAx", "tasks": ["MESSAGING"]});
        let paging = json!({"cursors": {"after": "c1"}, "next": "https://graph.facebook.com/x"});
        Some(match (call.path(), call.query.get("after").map(String::as_str)) {
            ("me/accounts", None) => ok(&json!({"data": [page(1)], "paging": paging})),
            ("me/accounts", Some("c1")) => ok(&json!({"data": [page(2)], "paging": {"cursors": {"after": "c2"}}})),
            _ => error(400, 2500, 0, ""),
        })
    });
    let mut login = login(&fake, "token", None);
    let step = login.next(fields(&[("token", "EAAuser"), ("app_secret", "")])).await.unwrap();
    assert_eq!(choices(&step).len(), 2);
    let calls = fake.calls();
    assert!(
        calls
            .iter()
            .all(|call| call.bearer == "Bearer EAAuser" && !call.query.contains_key("appsecret_proof"))
    );
}

/// Answers for a token that belongs to a Page; the list of Pages is no edge of a Page.
fn page_token(call: &Call, conversations: impl Fn() -> Answer) -> Answer {
    match call.path() {
        "me/accounts" => {
            error(400, 100, 0, "(#100) Tried accessing nonexisting field (accounts) on node type (Page)")
        }
        "me" => ok(&json!({"id": "101", "name": "Kerzenwerk"})),
        "101/conversations" => conversations(),
        _ => error(400, 2500, 0, ""),
    }
}

#[tokio::test]
async fn a_pages_own_token_is_checked_by_reading_its_inbox() {
    let fake = Fake::default();
    fake.rule(|call, _| Some(page_token(call, || ok(&json!({"data": []})))));
    let mut login = login(&fake, "token", None);
    let step = login.next(fields(&[("token", " EAApage\n"), ("app_secret", "s3cret")])).await.unwrap();
    assert_eq!(choices(&step), [("101", true, None)]);
    assert!(fake.calls().iter().all(|call| call.query.contains_key("appsecret_proof")));
    let LoginStep::Done(done) = login.next(LoginInput::Chosen(vec!["101".into()])).await.unwrap() else {
        panic!()
    };
    assert_eq!(done[0].secrets["access_token"].expose_secret(), "EAApage");
}

#[tokio::test(start_paused = true)]
async fn a_page_that_its_account_is_just_looking_at_is_looked_at_later_and_never_turned_away() {
    for (refusals, looks) in [(2, 3), (u32::MAX, 3)] {
        let (fake, mut left) = (Fake::default(), refusals);
        fake.rule(move |call, _| {
            if call.path() != "101/conversations" || left == 0 {
                return Some(page_token(call, || ok(&json!({"data": []}))));
            }
            left -= 1;
            Some(error(400, 613, 0, "Calls to this api have exceeded the rate limit."))
        });
        let mut login = login(&fake, "token", None);
        let step = login.next(fields(&[("token", "EAApage"), ("app_secret", "")])).await.unwrap();
        assert_eq!(choices(&step), [("101", true, None)]);
        assert_eq!(fake.calls().iter().filter(|call| call.path() == "101/conversations").count(), looks);
    }
}

#[tokio::test(start_paused = true)]
async fn the_app_of_a_pasted_token_is_tried_at_once_and_the_users_token_is_kept() {
    let secret_of = |secret: &'static str, is_valid: bool| {
        let fake = Fake::default();
        fake.rule(move |call, _| {
            Some(match call.path() {
                "me/accounts" => answer(200, ACCOUNTS),
                "debug_token" if call.query["access_token"] == "4242|s3cret" => {
                    ok(&json!({ "data": { "is_valid": is_valid, "expires_at": 0 } }))
                }
                _ => error(400, 100, 0, "(#100) You must provide an app access token"),
            })
        });
        (fake, [("token", "EAAuser"), ("app_id", "4242"), ("app_secret", secret)])
    };
    for (secret, is_valid) in [("guessed", true), ("s3cret", false)] {
        let (fake, values) = secret_of(secret, is_valid);
        let failure = login(&fake, "token", None).next(fields(&values)).await.unwrap_err();
        assert_eq!(failure.problem, LoginProblem::WrongApp);
        assert!(!failure.to_string().contains(secret));
    }
    let (fake, values) = secret_of("s3cret", true);
    let mut login = login(&fake, "token", None);
    login.next(fields(&values)).await.unwrap();
    let LoginStep::Done(done) = login.next(LoginInput::Chosen(vec![ONE.into()])).await.unwrap() else {
        panic!()
    };
    assert_eq!(done[0].secrets["user_token"].expose_secret(), "EAAuser");
    assert_eq!(done[0].config, r#"{"app_id":"4242","bounce":""}"#);
    let mistyped = [values[0], ("app_id", "42x"), values[2]];
    assert_eq!(login.next(fields(&mistyped)).await.unwrap_err().problem, LoginProblem::WrongApp);
}

#[tokio::test]
async fn a_bad_token_says_what_is_wrong_with_it() {
    type Rule = fn(&Call) -> Answer;
    let cases: [(Rule, LoginProblem); 6] = [
        (|_| error(400, 190, 463, "expired"), LoginProblem::TokenInvalid),
        (|_| error(400, 100, 0, "API calls require an appsecret_proof argument"), LoginProblem::WrongApp),
        (|_| error(400, 4, 0, "(#4) Application request limit reached"), LoginProblem::Throttled),
        (|_| answer(502, "<html>"), LoginProblem::Unreachable),
        (
            |call| page_token(call, || error(400, 10, 0, "requires pages_messaging")),
            LoginProblem::PermissionMissing,
        ),
        (
            |call| page_token(call, || error(400, 100, 0, "nonexisting field (conversations)")),
            LoginProblem::NothingToConnect,
        ),
    ];
    for (rule, problem) in cases {
        let fake = Fake::default();
        fake.rule(move |call, _| Some(rule(call)));
        let mut login = login(&fake, "token", None);
        let failure = login.next(fields(&[("token", "EAAx"), ("app_secret", "")])).await.unwrap_err();
        assert_eq!(failure.problem, problem);
        assert!(!format!("{failure}").contains("EAAx"));
    }
    let fake = Fake::default();
    let mut login = login(&fake, "token", None);
    for token in ["", "two words"] {
        let failure = login.next(fields(&[("token", token)])).await.unwrap_err();
        assert_eq!(failure.problem, LoginProblem::TokenInvalid);
    }
    assert_eq!(fake.paths().len(), 0);
}

#[tokio::test]
async fn signing_in_again_ends_at_the_same_page_and_as_somebody_else_with_their_pages() {
    let fake = Fake::default();
    fake.rule(|call, _| Some(graph(call)));
    let mut login_again = login(&fake, "own_app", Some(account(ONE)));
    let LoginStep::Fields(asked) = login_again.next(LoginInput::Start).await.unwrap() else { panic!() };
    assert_eq!((asked[0].value.as_str(), asked[2].value.as_str()), ("4242", "https://shop.example/kontor/"));
    assert_eq!(asked[1].value, "");
    let (_, state, _) = browse(&mut *login_again).await;
    let step = login_again.next(redirect(&[("code", "good"), ("state", &state)])).await.unwrap();
    assert!(matches!(&step, LoginStep::Done(done) if done[0].remote_id.as_str() == ONE));

    let mut other = login(&fake, "own_app", Some(account("777")));
    let (_, state, _) = browse(&mut *other).await;
    let step = other.next(redirect(&[("code", "good"), ("state", &state)])).await.unwrap();
    let LoginStep::Done(others) = step else { panic!("others' Pages are for the person to judge") };
    assert!(!others.is_empty() && others.iter().all(|page| page.remote_id.as_str() != "777"));
}

#[test]
fn the_fixtures_are_json_with_their_source() {
    for text in [ACCOUNTS, DEBUG] {
        let value: Value = serde_json::from_str(text).unwrap();
        assert!(value["_source"].is_string() && value["_date"].is_string());
    }
}
