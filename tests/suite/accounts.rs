//! Signing in; trouble with one account, which never touches another; signing in again.

use crate::support::{BRAND, Ben, Office};
use api::ErrorCode;
use api::types::login::{LoginProblem, LoginStepView, LoginView};
use model::account::AccountStatus;
use sandbox::{Match, Mishap, RetryAfter, TokenState};
use serde_json::{Value, json};

#[tokio::test(start_paused = true)]
async fn every_way_a_matrix_sign_in_fails_has_its_own_words_and_can_be_tried_again() {
    let office = Office::open(1).await;
    office.matrix().create_user("brand", "right", "Brand");
    let _: Value = office.call("profile_prepare", json!({})).await;
    let problem = async |fields: Value| {
        let error =
            office.sign_in("matrix", "password", fields.clone()).await.expect_err(&fields.to_string());
        assert_eq!(error.code, ErrorCode::Login);
        error.login.unwrap()
    };
    let fields =
        |server: &str, password: &str| json!({ "server": server, "user": "brand", "password": password });
    let here = "https://matrix.brand.example";
    assert_eq!(problem(fields(here, "wrong")).await, LoginProblem::WrongPassword);
    assert_eq!(problem(fields("not an address", "right")).await, LoginProblem::BadAddress);
    assert_eq!(problem(fields("https://nowhere.example", "right")).await, LoginProblem::Unreachable);
    office.world.arrange(Match::any().path("/versions"), Mishap::Html { status: 200 }, 2);
    assert_eq!(problem(fields(here, "right")).await, LoginProblem::PageInBetween);
    // Nothing but pages: a website, or a network that answers for everybody.
    office.world.arrange(Match::any(), Mishap::Html { status: 200 }, 3);
    assert_eq!(problem(fields(here, "right")).await, LoginProblem::PageAtAddress);
    office.world.arrange(
        Match::any().method("POST").path("/login"),
        Mishap::Throttle(RetryAfter::Seconds(333)),
        1,
    );
    assert_eq!(problem(fields(here, "right")).await, LoginProblem::Throttled);
    office.pass(400).await;
    assert_eq!(office.accounts().await.len(), 0);
    let done = office.sign_in("matrix", "password", fields(here, "right")).await.unwrap();
    assert!(matches!(done.step, LoginStepView::Done { .. }));
    assert_eq!(office.accounts().await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_removed_session_pauses_its_account_alone_and_signing_in_again_fills_the_gap() {
    let office = Office::with_matrix(2).await;
    let matrix = office.matrix();
    let ada = matrix.create_user("ada", "pw", "Ada Becker");
    let room = matrix.direct_room(BRAND, &ada);
    let other = matrix.create_user("second", "pw2", "Second brand");
    let bob = matrix.create_user("bob", "pw", "Bob");
    let room_of_second = matrix.direct_room(&other, &bob);
    office.connect_matrix("second", "pw2").await;
    matrix.write(&room, &ada, "before");
    office.settle().await;
    matrix.end_sessions(BRAND);
    matrix.write(&room, &ada, "while signed out");
    matrix.write(&room_of_second, &bob, "the other account goes on");
    office.pass(90).await;
    let status = async |name: &str| office.accounts().await.into_iter().find(|it| it.name == name).unwrap();
    assert_eq!(status("Brand").await.status, AccountStatus::SignInAgain);
    assert_eq!(status("Second brand").await.status, AccountStatus::Live);
    assert_eq!(office.texts(office.conversation("Bob").await).await, ["the other account goes on"]);
    let again = json!({ "platform": "matrix", "method": "password", "again": status("Brand").await.id });
    let view: api::types::login::LoginView = office.call("login_start", again).await;
    let fields =
        json!({ "server": "https://matrix.brand.example", "user": "brand", "password": "secret-brand" });
    let answer = json!({ "flow": view.flow, "input": { "kind": "fields", "values": fields } });
    let _: Value = office.call("login_next", answer).await;
    office.pass(30).await;
    assert_eq!(status("Brand").await.status, AccountStatus::Live);
    assert_eq!(office.accounts().await.len(), 2, "the same account, not a third");
    assert_eq!(office.texts(office.conversation("Ada Becker").await).await, ["before", "while signed out"]);
}

#[tokio::test(start_paused = true)]
async fn a_revoked_page_token_is_one_clear_status_and_drafts_stay() {
    let office = Office::open(3).await;
    let Ben { token, conversation, .. } = office.ben_writes("Hello?").await;
    let draft = json!({ "conversation": conversation, "body": "half a sentence", "files": [] });
    let _: Value = office.call("draft_save", draft).await;
    office.messenger().set_token_state(&token, TokenState::PasswordChanged);
    office.pass(900).await;
    assert_eq!(office.accounts().await[0].status, AccountStatus::SignInAgain);
    let head = office.head(conversation).await;
    assert_eq!(head.draft_body, "half a sentence");
    assert!(matches!(head.composer, api::types::conversation::ComposerState::SignInAgain));
}

#[tokio::test(start_paused = true)]
async fn an_unreachable_server_is_offline_and_not_a_failure_and_comes_back_by_itself() {
    let office = Office::with_matrix(4).await;
    office.world.arrange(Match::any(), Mishap::Refuse, 1000);
    office.pass(120).await;
    assert!(matches!(office.accounts().await[0].status, AccountStatus::Offline { .. }));
    office.world.arrange_nothing();
    office.pass(120).await;
    assert_eq!(office.accounts().await[0].status, AccountStatus::Live);
}

#[tokio::test(start_paused = true)]
async fn a_sign_in_given_up_while_the_server_answers_connects_nothing() {
    let office = Office::open(6).await;
    office.matrix().create_user("brand", "right", "Brand");
    let _: Value = office.call("profile_prepare", json!({})).await;
    let start = json!({ "platform": "matrix", "method": "password" });
    let view: api::types::login::LoginView = office.call("login_start", start).await;
    let fields = json!({ "server": "https://matrix.brand.example", "user": "brand", "password": "right" });
    let answer = json!({ "flow": view.flow, "input": { "kind": "fields", "values": fields } });
    office.world.arrange(Match::any().method("POST").path("/login"), Mishap::Delay { by_ms: 10_000 }, 1);
    let (answered, ()) = tokio::join!(office.app.call("login_next", answer), async {
        office.pass(3).await;
        let _: Value = office.call("login_cancel", json!({ "flow": view.flow })).await;
    });
    assert_eq!(answered.unwrap_err().code, ErrorCode::Gone);
    assert_eq!(office.accounts().await.len(), 0);
}

#[tokio::test(start_paused = true)]
async fn removing_an_account_signs_out_and_erases_all_that_came_through_it() {
    let office = Office::with_matrix(5).await;
    let matrix = office.matrix();
    let ada = matrix.create_user("ada", "pw", "Ada Becker");
    let room = matrix.direct_room(BRAND, &ada);
    matrix.write(&room, &ada, "a secret word: Rhabarberkuchen");
    office.settle().await;
    let conversation = office.conversation("Ada Becker").await;
    let account = office.accounts().await[0].id;
    let _: Value = office.call("account_remove", json!({ "account": account })).await;
    assert_eq!(office.inbox("all").await.len(), 0);
    let typed_meanwhile = json!({ "conversation": conversation, "body": "half a sentence", "files": [] });
    assert_eq!(office.refused("draft_save", typed_meanwhile).await.code, ErrorCode::Gone);
    let found: Value = office.call("search", json!({ "text": "Rhabarberkuchen", "limit": 10 })).await;
    assert_eq!(found["hits"], json!([]));
    assert!(office.world.requests().iter().any(|asked| asked.path.ends_with("/logout")));
}

#[tokio::test(start_paused = true)]
async fn answers_that_make_no_sense_are_said_to_be_that_and_nothing_is_lost() {
    let office = Office::with_matrix(90).await;
    let matrix = office.matrix();
    let ada = matrix.create_user("ada", "pw", "Ada Becker");
    let room = matrix.direct_room(BRAND, &ada);
    for mishap in [Mishap::AcceptThenCut, Mishap::AcceptThenHuge { bytes: 300 << 20 }] {
        office.world.arrange(Match::any().path("/sync"), mishap, 1000);
        office.pass(100).await;
        let status = office.accounts().await[0].status;
        assert!(matches!(status, AccountStatus::Unreadable { .. }), "{status:?}");
        office.world.arrange_nothing();
        office.pass(120).await;
        assert_eq!(office.accounts().await[0].status, AccountStatus::Live);
    }
    matrix.write(&room, &ada, "still there?");
    office.pass(60).await;
    assert_eq!(office.texts(office.conversation("Ada Becker").await).await, ["still there?"]);
}

#[tokio::test(start_paused = true)]
async fn a_platform_that_takes_no_replies_for_a_while_is_still_read_or_said_to_ask_for_patience() {
    let office = Office::with_matrix(7).await;
    let matrix = office.matrix();
    let ada = matrix.create_user("ada", "pw", "Ada Becker");
    let room = matrix.direct_room(BRAND, &ada);
    matrix.write(&room, &ada, "Hello?");
    let messenger = office.messenger();
    let (app, secret) = messenger.create_app("Shop inbox", &[]);
    let user = messenger.create_user("Owner");
    let page = messenger.create_page(&user, "Shop", "Retail");
    let ben = messenger.create_customer(&page, "Ben", "Okafor");
    messenger.write(&ben, "Hello?");
    office.connect_page(&messenger.page_token(&app, &user, &page), &secret).await;
    office.pass(30).await;
    let throttled = || Mishap::Throttle(RetryAfter::Seconds(600));
    office.world.arrange(Match::any().method("PUT").path("/send/"), throttled(), 1);
    office.world.arrange(Match::any().method("POST").path("/messages"), throttled(), 1);
    for customer in ["Ada Becker", "Ben Okafor"] {
        office.reply(office.conversation(customer).await, "One moment").await;
    }
    office.pass(10).await;
    for text in ["Are you there?", "Still there?"] {
        matrix.write(&room, &ada, text);
        office.settle().await;
    }
    let texts = office.texts(office.conversation("Ada Becker").await).await;
    assert!(texts.contains(&"Still there?".to_owned()), "messages are counted apart: {texts:?}");
    office.pass(90).await;
    let status = office.accounts().await.into_iter().find(|account| account.name == "Shop").unwrap().status;
    assert!(matches!(status, AccountStatus::Throttled { .. }), "one allowance for all: {status:?}");
}

#[tokio::test(start_paused = true)]
async fn signing_in_as_somebody_else_changes_nothing_until_a_person_says_so() {
    let office = Office::with_matrix(91).await;
    office.matrix().create_user("other", "pw-other", "Other brand");
    let before = office.accounts().await;
    let start = json!({ "platform": "matrix", "method": "password", "again": before[0].id });
    let fields = json!({ "server": "https://matrix.brand.example", "user": "other", "password": "pw-other" });
    let attempt = async || {
        let view: LoginView = office.call("login_start", start.clone()).await;
        let answer = json!({ "flow": view.flow, "input": { "kind": "fields", "values": fields } });
        office.call::<LoginView>("login_next", answer).await
    };
    let view = attempt().await;
    let LoginStepView::Others { choices } = &view.step else { panic!("{:?}", view.step) };
    assert_eq!((choices[0].name.as_str(), choices[0].is_possible), ("Other brand", true));
    assert_eq!(office.accounts().await.len(), 1, "nothing was added");
    let _: Value = office.call("login_cancel", json!({ "flow": view.flow })).await;
    office.settle().await;
    let out = office.world.requests().into_iter().filter(|asked| asked.path.ends_with("/logout")).count();
    assert_eq!(out, 1, "the session that nobody wanted is over");
    assert_eq!(office.accounts().await[0].status, AccountStatus::Live);

    let view = attempt().await;
    let chosen = json!({ "flow": view.flow, "input": { "kind": "chosen", "ids": ["@other:brand.example"] } });
    let done: LoginView = office.call("login_next", chosen).await;
    assert!(matches!(done.step, LoginStepView::Done { .. }), "{:?}", done.step);
    assert_eq!(office.accounts().await.len(), 2);
    let known = attempt().await;
    let LoginStepView::Others { choices } = &known.step else { panic!("{:?}", known.step) };
    assert!(!choices[0].is_possible, "it is an account already");
}

#[tokio::test(start_paused = true)]
async fn a_sign_in_that_nobody_ends_is_forgotten_after_a_quarter_of_an_hour() {
    let office = Office::with_matrix(92).await;
    let start = json!({ "platform": "matrix", "method": "password" });
    let fields =
        json!({ "server": "https://matrix.brand.example", "user": "brand", "password": "secret-brand" });
    for (waits_s, is_there) in [(14 * 60, true), (15 * 60 + 1, false)] {
        let view: LoginView = office.call("login_start", start.clone()).await;
        office.pass(waits_s).await;
        let answer = json!({ "flow": view.flow, "input": { "kind": "fields", "values": fields } });
        let answered = office.app.call("login_next", answer).await;
        assert_eq!(answered.is_ok(), is_there, "after {waits_s} s: {answered:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_account_to_which_nobody_writes_is_shown_as_working_as_soon_as_it_is_signed_in_again() {
    let office = Office::with_matrix(12).await;
    office.settle().await;
    office.matrix().end_sessions(BRAND);
    office.pass(90).await;
    let account = office.accounts().await.remove(0);
    assert_eq!(account.status, AccountStatus::SignInAgain);
    let again = json!({ "platform": "matrix", "method": "password", "again": account.id });
    let view: LoginView = office.call("login_start", again).await;
    let fields =
        json!({ "server": "https://matrix.brand.example", "user": "brand", "password": "secret-brand" });
    let answer = json!({ "flow": view.flow, "input": { "kind": "fields", "values": fields } });
    let _: Value = office.call("login_next", answer).await;
    office.pass(3).await;
    assert_eq!(office.accounts().await[0].status, AccountStatus::Live);
}
