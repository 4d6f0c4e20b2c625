use super::Bystander;
use crate::support::Office;
use api::ErrorCode;
use api::types::login::{LoginProblem, LoginStepView, LoginView};
use sandbox::{Consent, Match, Mishap};
use serde_json::{Value, json};

/// Where Meta's own page ends without a bounce page.
const PASTE_PAGE: &str = "https://www.facebook.com/connect/login_success.html";

/// A brand with an app of its own, in front of Meta's consent dialog.
struct Dialog {
    office: Office,
    bystander: Bystander,
    app: String,
    secret: String,
    owner: String,
    page: String,
}

impl Dialog {
    async fn open(seed: u64) -> Self {
        let office = Office::open(seed).await;
        let bystander = Bystander::beside(&office).await;
        let messenger = office.messenger();
        let (app, secret) = messenger.create_app("Shop inbox", &[PASTE_PAGE]);
        let owner = messenger.create_user("Owner");
        let page = messenger.create_page(&owner, "Shop", "Retail");
        Self { office, bystander, app, secret, owner, page }
    }

    /// Up to the dialog: the sign-in and the address that the browser opens.
    async fn begin(&self, secret: &str) -> (String, String) {
        let fields = json!({ "app_id": self.app, "app_secret": secret, "bounce": "" });
        let view = self.office.sign_in("messenger", "own_app", fields).await.unwrap();
        let LoginStepView::Browse { url, is_listening: false } = view.step else { panic!("{:?}", view.step) };
        (view.flow, url)
    }

    fn decide(&self, url: &str, consent: &Consent) -> String {
        self.office.messenger().decide(url, &self.owner, consent).unwrap()
    }

    async fn paste(&self, flow: &str, text: &str) -> Result<LoginView, LoginProblem> {
        let answer = json!({ "flow": flow, "input": { "kind": "pasted", "text": text } });
        match self.office.app.call("login_next", answer).await {
            Ok(view) => Ok(serde_json::from_value(view).unwrap()),
            Err(error) => {
                assert_eq!(error.code, ErrorCode::Login);
                Err(error.login.expect("a failed sign-in says why"))
            }
        }
    }

    /// Whatever went wrong before: a sign-in from the beginning works, and nobody else noticed anything.
    async fn ends_well(self) {
        assert_eq!(self.office.accounts().await.len(), 1, "nothing was connected on the way");
        let (flow, url) = self.begin(&self.secret).await;
        let landed = self.decide(&url, &Consent::Allow);
        let view = self.paste(&flow, &landed).await.unwrap();
        assert!(matches!(view.step, LoginStepView::Choose { .. }), "{:?}", view.step);
        let chosen = json!({ "flow": flow, "input": { "kind": "chosen", "ids": [self.page] } });
        let done: LoginView = self.office.call("login_next", chosen).await;
        assert!(matches!(done.step, LoginStepView::Done { .. }), "{:?}", done.step);
        self.bystander.is_untouched(&self.office).await;
        assert_eq!(self.office.accounts().await.len(), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn who_refuses_consent_is_told_so_and_may_think_again() {
    let dialog = Dialog::open(1).await;
    let (flow, url) = dialog.begin(&dialog.secret).await;
    let refused = dialog.decide(&url, &Consent::Deny);
    assert_eq!(dialog.paste(&flow, &refused).await.unwrap_err(), LoginProblem::ConsentRefused);
    dialog.ends_well().await;
}

#[tokio::test(start_paused = true)]
async fn who_leaves_a_permission_out_is_told_which_step_is_missing() {
    let dialog = Dialog::open(2).await;
    let (flow, url) = dialog.begin(&dialog.secret).await;
    let partly = dialog.decide(&url, &Consent::AllowWithout(vec!["pages_show_list".into()]));
    let problem = dialog.paste(&flow, &partly).await.unwrap_err();
    assert!(
        matches!(problem, LoginProblem::PermissionMissing | LoginProblem::NothingToConnect),
        "{problem:?}"
    );
    dialog.ends_well().await;
}

#[tokio::test(start_paused = true)]
async fn a_redirect_that_is_not_of_this_sign_in_is_not_taken() {
    let dialog = Dialog::open(3).await;
    let (_, of_another) = dialog.begin(&dialog.secret).await;
    let (flow, url) = dialog.begin(&dialog.secret).await;
    let landed = dialog.decide(&url, &Consent::Allow);
    let state = landed.split("state=").nth(1).unwrap().split(['&', '#']).next().unwrap().to_owned();
    for (pasted, problem) in [
        (dialog.decide(&of_another, &Consent::Allow), LoginProblem::WrongRedirect),
        (landed.replace(&state, "somebodyelse"), LoginProblem::WrongRedirect),
        (landed.replace("state=", "stat="), LoginProblem::WrongRedirect),
        (format!("{PASTE_PAGE}?state={state}"), LoginProblem::WrongRedirect),
        (landed.replace("code=", "code=AQ&code="), LoginProblem::WrongRedirect),
        ("see above".into(), LoginProblem::BadAddress),
        ("javascript:alert(1)".into(), LoginProblem::BadAddress),
        (String::new(), LoginProblem::BadAddress),
        ("x".repeat(100_000), LoginProblem::BadAddress),
    ] {
        let answer = dialog.paste(&flow, &pasted).await.unwrap_err();
        assert_eq!(answer, problem, "{}", pasted.chars().take(120).collect::<String>());
    }
    dialog.paste(&flow, &landed).await.expect("after all that the right one still leads on");
    dialog.ends_well().await;
}

#[tokio::test(start_paused = true)]
async fn a_code_that_is_old_or_used_up_is_told_apart_from_a_wrong_app() {
    let dialog = Dialog::open(4).await;
    let (flow, url) = dialog.begin(&dialog.secret).await;
    let landed = dialog.decide(&url, &Consent::Allow);
    dialog.office.pass(11 * 60).await;
    assert_eq!(
        dialog.paste(&flow, &landed).await.unwrap_err(),
        LoginProblem::TokenInvalid,
        "ten minutes are all it has"
    );
    let (flow, url) = dialog.begin("0123456789abcdef0123456789abcdef").await;
    let landed = dialog.decide(&url, &Consent::Allow);
    assert_eq!(dialog.paste(&flow, &landed).await.unwrap_err(), LoginProblem::WrongApp);
    let (flow, url) = dialog.begin(&dialog.secret).await;
    let landed = dialog.decide(&url, &Consent::Allow);
    dialog.office.world.arrange(Match::any().path("/oauth/access_token"), Mishap::Html { status: 502 }, 1);
    assert_eq!(dialog.paste(&flow, &landed).await.unwrap_err(), LoginProblem::Unreachable);
    dialog.ends_well().await;
}

#[tokio::test(start_paused = true)]
async fn a_page_of_the_network_in_place_of_the_exchange_is_said_and_the_same_code_is_taken_afterwards() {
    for (seed, status, problem) in [
        (7, 200, LoginProblem::PageInBetween),
        (8, 511, LoginProblem::PageInBetween),
        (9, 407, LoginProblem::ProxyInBetween),
    ] {
        let dialog = Dialog::open(seed).await;
        let (flow, url) = dialog.begin(&dialog.secret).await;
        let landed = dialog.decide(&url, &Consent::Allow);
        let exchange = Match::any().path("/oauth/access_token");
        dialog.office.world.arrange(exchange, Mishap::Html { status }, 5);
        assert_eq!(dialog.paste(&flow, &landed).await.unwrap_err(), problem, "{status}");
        dialog.office.world.arrange_nothing();
        let view = dialog.paste(&flow, &landed).await.unwrap();
        assert!(matches!(view.step, LoginStepView::Choose { .. }), "{:?}", view.step);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_no_matrix_server_is_called_that() {
    let office = Office::open(5).await;
    let bystander = Bystander::beside(&office).await;
    for (status, body) in [
        (404, "<html>not here</html>"),
        (200, "{}"),
        (200, r#"{"versions":["r0.6.1","v1.2"]}"#),
        (200, r#"{"versions":7}"#),
        (403, r#"{"error":{"message":"Graph","code":190}}"#),
    ] {
        let answer = Mishap::Answer { status, mime: "application/json".into(), body: body.into() };
        office.world.arrange(Match::any().path("/versions"), answer, 2);
        let error = office
            .sign_in("matrix", "password", crate::support::matrix_fields("brand", "secret-brand"))
            .await;
        office.world.arrange_nothing();
        assert_eq!(error.unwrap_err().login, Some(LoginProblem::NotThisPlatform), "{status} {body}");
    }
    bystander.is_untouched(&office).await;
}

#[tokio::test(start_paused = true)]
async fn answers_to_a_sign_in_that_does_not_exist_are_refused() {
    let office = Office::open(6).await;
    let bystander = Bystander::beside(&office).await;
    for (call, arguments, code) in [
        ("login_next", json!({ "flow": "00", "input": { "kind": "fields", "values": {} } }), ErrorCode::Gone),
        (
            "login_next",
            json!({ "flow": "00", "input": { "kind": "pasted", "text": "AQcode12345" } }),
            ErrorCode::Gone,
        ),
        ("login_wait", json!({ "flow": "00" }), ErrorCode::Gone),
        ("login_start", json!({ "platform": "telegraph", "method": "wire" }), ErrorCode::Gone),
        ("login_next", json!({ "flow": 7 }), ErrorCode::BadCall),
    ] {
        assert_eq!(office.refused(call, arguments).await.code, code, "{call}");
    }
    let _: Value = office.call("login_cancel", json!({ "flow": "00" })).await;
    bystander.is_untouched(&office).await;
}
