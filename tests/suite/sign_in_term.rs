//! Sign-ins that end by themselves: renewed in time without anybody; where that cannot be, said in time, once.

use crate::support::Office;
use api::types::account::AccountRow;
use api::types::login::{LoginStepView, LoginView};
use engine::notify::{NoticeKey, Target};
use model::account::AccountStatus;
use sandbox::{Consent, Match, Mishap};
use serde_json::{Value, json};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);

struct Shop {
    app: String,
    secret: String,
    owner: String,
    page: String,
}

/// An office with a Page, connected by its owner's consent. Its tokens end where `tokens_end`, after sixty days.
async fn with_page(seed: u64, tokens_end: bool) -> (Office, Shop) {
    let office = Office::open(seed).await;
    let messenger = office.messenger();
    let (app, secret) =
        messenger.create_app("Shop inbox", &["https://www.facebook.com/connect/login_success.html"]);
    let owner = messenger.create_user("Owner");
    let page = messenger.create_page(&owner, "Shop", "Retail");
    messenger.set_page_tokens_end(tokens_end);
    let shop = Shop { app, secret, owner, page };
    let _: Value = office.call("profile_prepare", json!({})).await;
    consent(&office, &shop, None).await;
    office.pass(60).await;
    (office, shop)
}

/// Signs in with the customer's own app, through the browser; `again` is an account that is to be signed in again.
async fn consent(office: &Office, shop: &Shop, again: Option<&AccountRow>) {
    let start = json!({ "platform": "messenger", "method": "own_app", "again": again.map(|row| row.id) });
    let view: LoginView = office.call("login_start", start).await;
    let step = async |input: Value| -> LoginView {
        office.call("login_next", json!({ "flow": view.flow, "input": input })).await
    };
    let fields = json!({ "app_id": shop.app, "app_secret": shop.secret, "bounce": "" });
    let browse = step(json!({ "kind": "fields", "values": fields })).await;
    let LoginStepView::Browse { url, .. } = browse.step else { panic!("{:?}", browse.step) };
    let landed = office.messenger().decide(&url, &shop.owner, &Consent::Allow).unwrap();
    let next = step(json!({ "kind": "pasted", "text": landed })).await;
    if again.is_none() {
        step(json!({ "kind": "chosen", "ids": [shop.page] })).await;
    } else {
        assert!(matches!(next.step, LoginStepView::Done { .. }), "{:?}", next.step);
    }
}

async fn account(office: &Office) -> AccountRow {
    office.accounts().await.remove(0)
}

/// The lid is closed for so many days; then there is a minute to look around.
async fn jump(office: &Office, days: u32) {
    office.sleep(DAY * days);
    office.pass(60).await;
}

/// On day 31 the platform has renewed the token, and Kontor dies before it has read the answer.
async fn crash_while_renewing(office: Office) -> Office {
    office.world.arrange(Match::any().path("/oauth/access_token"), Mishap::Delay { by_ms: 20_000 }, 1);
    office.sleep(DAY * 31);
    office.pass(10).await;
    assert_eq!(exchanges(&office), 2);
    office.crash_and_restart().await
}

/// How often a longer token was asked for.
fn exchanges(office: &Office) -> usize {
    let is_exchange = |query: &str| query.contains("fb_exchange_token");
    office.world.requests().iter().filter(|asked| is_exchange(&asked.query)).count()
}

/// What was said of sign-ins that end.
fn told(office: &Office) -> Vec<String> {
    let mut titles = Vec::new();
    for notice in office.notices.take() {
        let NoticeKey::SignIn(account) = notice.key else { continue };
        assert_eq!(notice.target, Some(Target::Account(account)), "a click leads to where it is put right");
        titles.push(notice.title);
    }
    titles
}

/// Days until the sign-in ends, as the accounts say it; none if no end is known.
async fn days_left(office: &Office) -> Option<i64> {
    let row = account(office).await;
    row.sign_in_ends_at.map(|at| (at.0 - office.now().0 + 43_200_000) / 86_400_000)
}

fn no_renewal() -> Mishap {
    let body = r#"{"error":{"message":"(#10) not now","type":"OAuthException","code":10}}"#;
    Mishap::Answer { status: 400, mime: "application/json".into(), body: body.into() }
}

#[tokio::test(start_paused = true)]
async fn a_sign_in_is_renewed_from_the_half_of_its_life_on_and_outlives_it_without_anybody() {
    let (office, shop) = with_page(1, true).await;
    assert_eq!((exchanges(&office), days_left(&office).await), (1, Some(60)));
    jump(&office, 29).await;
    assert_eq!((exchanges(&office), days_left(&office).await), (1, Some(31)), "not before it is time");
    jump(&office, 2).await;
    assert_eq!((exchanges(&office), days_left(&office).await), (2, Some(59)), "the consent lasts 90 days");
    let office = office.crash_and_restart().await;
    jump(&office, 34).await;
    let ada = office.messenger().create_customer(&shop.page, "Ada", "Becker");
    office.messenger().write(&ada, "Are you there?");
    office.pass(120).await;
    assert_eq!(account(&office).await.status, AccountStatus::Live, "day 65");
    assert_eq!(office.texts(office.conversation("Ada Becker").await).await, ["Are you there?"]);
    assert_eq!((exchanges(&office), days_left(&office).await), (3, Some(25)));
    assert_eq!(told(&office), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_sign_in_that_cannot_be_renewed_is_told_ten_days_before_its_end_once_also_over_a_restart() {
    let (office, shop) = with_page(2, true).await;
    office.world.arrange(Match::any().path("/oauth/access_token"), no_renewal(), 100_000);
    jump(&office, 45).await;
    let before = account(&office).await;
    assert_eq!(
        (told(&office).len(), before.status),
        (0, AccountStatus::Live),
        "it tried, and it still lasts"
    );
    assert!(exchanges(&office) > 1 && before.sign_in_warns_from.unwrap() > office.now());
    jump(&office, 5).await;
    assert_eq!(told(&office), ["The sign-in of Shop ends in 10 days"]);
    assert!(account(&office).await.sign_in_warns_from.unwrap() <= office.now());
    let office = office.crash_and_restart().await;
    office.pass(7 * 3600).await;
    jump(&office, 2).await;
    assert_eq!(told(&office), Vec::<String>::new(), "once");
    assert_eq!(days_left(&office).await, Some(8), "the page goes on saying it");

    office.world.arrange_nothing();
    consent(&office, &shop, Some(&account(&office).await)).await;
    office.pass(60).await;
    assert_eq!(days_left(&office).await, Some(60));
    assert!(account(&office).await.sign_in_warns_from.unwrap() > office.now(), "the warning is gone");
    office.world.arrange(Match::any().path("/oauth/access_token"), no_renewal(), 100_000);
    jump(&office, 51).await;
    assert_eq!(told(&office), ["The sign-in of Shop ends in 9 days"], "another end is another cause");
    jump(&office, 9).await;
    assert_eq!(account(&office).await.status, AccountStatus::SignInAgain, "nobody did anything");
}

#[tokio::test(start_paused = true)]
async fn consent_that_runs_out_is_said_in_time_and_at_its_end_asks_for_signing_in_again() {
    let (office, shop) = with_page(3, false).await;
    assert_eq!(days_left(&office).await, Some(90), "the token has no end, the consent has");
    jump(&office, 79).await;
    assert_eq!(told(&office), Vec::<String>::new());
    jump(&office, 2).await;
    assert_eq!(told(&office), ["The sign-in of Shop ends in 9 days"]);
    let before = account(&office).await;
    consent(&office, &shop, Some(&before)).await;
    office.pass(60).await;
    assert_eq!(office.notices.withdrawn(), [NoticeKey::SignIn(before.id)]);
    assert_eq!(days_left(&office).await, Some(90));
    jump(&office, 91).await;
    let status = account(&office).await.status;
    assert_eq!(status, AccountStatus::SignInAgain, "and not a refusal that nobody understands");
    consent(&office, &shop, Some(&before)).await;
    office.pass(60).await;
    assert_eq!(account(&office).await.status, AccountStatus::Live);
}

#[tokio::test(start_paused = true)]
async fn a_crash_between_the_answer_of_a_renewal_and_its_saving_tries_the_old_token_once_more() {
    let (office, _) = with_page(4, true).await;
    let office = crash_while_renewing(office).await;
    office.pass(60).await;
    assert_eq!(exchanges(&office), 3);
    jump(&office, 34).await;
    assert_eq!(account(&office).await.status, AccountStatus::Live, "day 65");
}

#[tokio::test(start_paused = true)]
async fn where_that_old_token_is_over_it_is_left_alone_and_the_end_is_said_in_time() {
    let (office, _) = with_page(5, true).await;
    office.messenger().set_exchange_ends_old(true);
    let office = crash_while_renewing(office).await;
    office.pass(13 * 3600).await;
    assert_eq!(exchanges(&office), 2, "it is no longer one");
    assert_eq!(account(&office).await.status, AccountStatus::Live, "the Page token still works");
    jump(&office, 20).await;
    assert_eq!(told(&office), ["The sign-in of Shop ends in 8 days"]);
    jump(&office, 10).await;
    assert_eq!(account(&office).await.status, AccountStatus::SignInAgain);
}

#[tokio::test(start_paused = true)]
async fn a_pasted_token_that_lives_an_hour_lasts_where_its_app_is_known_and_says_its_end_where_it_cannot() {
    let office = Office::open(6).await;
    let messenger = office.messenger();
    let (app, secret) = messenger.create_app("Shop inbox", &[]);
    let owner = messenger.create_user("Owner");
    let page = messenger.create_page(&owner, "Shop", "Retail");
    let scopes = ["pages_show_list", "pages_messaging", "pages_read_engagement"];
    let _: Value = office.call("profile_prepare", json!({})).await;
    let paste = async |token: &str, again: Option<&AccountRow>| {
        let start = json!({ "platform": "messenger", "method": "token", "again": again.map(|row| row.id) });
        let view: LoginView = office.call("login_start", start).await;
        let step = async |input: Value| -> LoginView {
            office.call("login_next", json!({ "flow": view.flow, "input": input })).await
        };
        let fields = json!({ "token": token, "app_id": app, "app_secret": secret });
        let next = step(json!({ "kind": "fields", "values": fields })).await;
        if matches!(next.step, LoginStepView::Choose { .. }) {
            step(json!({ "kind": "chosen", "ids": [page] })).await;
        }
    };
    paste(&messenger.user_token(&app, &owner, &scopes, 3600), None).await;
    office.pass(60).await;
    assert_eq!(days_left(&office).await, Some(90), "lengthened at once");
    jump(&office, 1).await;
    let row = account(&office).await;
    assert_eq!((row.status, told(&office).len()), (AccountStatus::Live, 0));

    // A Page's own token is all that was pasted: nobody can renew it.
    let own = messenger.page_token(&app, &owner, &page);
    messenger.expire_token_in(&own, 3600);
    paste(&own, Some(&row)).await;
    office.pass(60).await;
    assert_eq!(told(&office), ["The sign-in of Shop ends today"]);
    office.pass(3600).await;
    assert_eq!(account(&office).await.status, AccountStatus::SignInAgain);
}
