//! Signing in: the customer's own Meta app, or a pasted token. (Facebook Login, Manually Build a Login Flow.)
//!
//! There is no app of ours: its secret would lie in the binary for everybody to take.

use super::errors::{self, Failure};
use super::graph::Graph;
use super::pages::{self, Candidate};
use super::{ACCESS_TOKEN, APP_SECRET, Endpoints, USER_TOKEN};
use connect::oauth::{Client, Exchange, Loopback, RedeemError, State};
use connect::{
    Effect, Fault, FaultKind, FieldKind, Login, LoginFailure, LoginField, LoginInput, LoginParts,
    LoginProblem, LoginStep, Refusal, Secrets, SignedIn,
};
use model::RemoteId;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use url::Url;

/// The platform's id, as state and loopback path name it.
const PROVIDER: &str = "messenger";
/// What reading and answering a Page's inbox needs, and no more.
const SCOPES: [&str; 4] =
    ["pages_show_list", "pages_messaging", "pages_manage_metadata", "pages_read_engagement"];

/// Ways to sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    /// App id and secret of the customer's own app, consent in the browser.
    OwnApp,
    /// A token from the app's dashboard or of a system user.
    Token,
}

/// What an account keeps beside its secrets.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Config {
    pub app_id: String,
    pub bounce: String,
}

pub(super) struct MessengerLogin {
    method: Method,
    endpoints: Endpoints,
    parts: LoginParts,
    config: Config,
    app_secret: Option<SecretString>,
    /// What the Page tokens come from; kept, because only with it they can be made anew.
    user_token: Option<SecretString>,
    browsing: Option<(Client, State)>,
    loopback: Option<Loopback>,
    candidates: Vec<Candidate>,
}

impl MessengerLogin {
    pub(super) fn new(method: Method, endpoints: Endpoints, parts: LoginParts) -> Self {
        let config = parts.again.as_ref().and_then(|account| serde_json::from_str(&account.config).ok());
        let config = config.unwrap_or_default();
        let (app_secret, user_token, browsing, loopback, candidates) = Default::default();
        Self { method, endpoints, parts, config, app_secret, user_token, browsing, loopback, candidates }
    }

    fn ask(&self) -> LoginStep {
        let field = |name, kind, value: &str, is_optional| LoginField {
            name,
            kind,
            value: value.into(),
            is_optional,
        };
        LoginStep::Fields(match self.method {
            Method::OwnApp => vec![
                field("app_id", FieldKind::Text, &self.config.app_id, false),
                field("app_secret", FieldKind::Secret, "", false),
                field("bounce", FieldKind::Url, &self.config.bounce, true),
            ],
            Method::Token => vec![
                field("token", FieldKind::Secret, "", false),
                field("app_id", FieldKind::Text, &self.config.app_id, true),
                field("app_secret", FieldKind::Secret, "", true),
            ],
        })
    }

    async fn browse(&mut self, fields: &BTreeMap<String, SecretString>) -> Result<LoginStep, LoginFailure> {
        let app_id = text(fields, "app_id");
        let app_secret = text(fields, "app_secret");
        let bounce = text(fields, "bounce");
        if !is_app_id(&app_id) || app_secret.is_empty() {
            return Err(failed(LoginProblem::WrongApp, "app id or secret are not of the right form"));
        }
        if !bounce.is_empty() && !is_secure(&bounce) {
            return Err(failed(LoginProblem::BadAddress, "the bounce page is not on https"));
        }
        // Without a bounce page nothing can reach us: the person pastes the address that Meta's own page ends at.
        let paste_page = || self.endpoints.dialog.join("connect/login_success.html").map(String::from);
        let redirect = if bounce.is_empty() {
            paste_page().map_err(|_| failed(LoginProblem::Malformed, "the dialog's address is no base"))?
        } else {
            bounce.clone()
        };
        self.loopback = None;
        if !bounce.is_empty() {
            // All ports taken: the bounce page shows the code to paste.
            self.loopback = Loopback::bind(PROVIDER).await.ok();
        }
        let port = self.loopback.as_ref().map(Loopback::port);
        let state = State::new(PROVIDER, port).map_err(Failure::from)?;
        let (authorize, token) = pages::addresses(&self.endpoints);
        let secret = SecretString::from(app_secret);
        let client = Client {
            id: app_id.clone(),
            secret: Some(secret.clone()),
            authorize,
            token,
            redirect,
            exchange: Exchange::Query,
        };
        // No PKCE: Meta documents it for sign-in only, not for permissions of Pages; the secret guards the code.
        let (url, _) = client.browse(&state, &SCOPES, false, &[]).map_err(Failure::from)?;
        let step = LoginStep::Browse { url, state: state.as_str().to_owned(), port };
        self.config = Config { app_id, bounce };
        self.app_secret = Some(secret);
        self.browsing = Some((client, state));
        Ok(step)
    }

    async fn redirected(&mut self, parameters: &BTreeMap<String, String>) -> Result<LoginStep, LoginFailure> {
        let Some((client, state)) = &self.browsing else {
            return Err(failed(LoginProblem::WrongRedirect, "no sign-in is under way"));
        };
        if !parameters.get("state").is_some_and(|brought| state.is(brought)) {
            return Err(failed(LoginProblem::WrongRedirect, "the redirect is of another sign-in"));
        }
        if parameters.contains_key("error") {
            return Err(failed(LoginProblem::ConsentRefused, "the person did not consent"));
        }
        let code = parameters.get("code").filter(|code| !code.is_empty());
        let code = code.ok_or_else(|| failed(LoginProblem::WrongRedirect, "the redirect brings no code"))?;
        let tokens = client.redeem(&self.parts.http, code, None).await.map_err(not_redeemed)?;
        let (app_id, secret) = (self.config.app_id.clone(), self.app_secret.clone().unwrap_or_default());
        // Bare: the exchange names its token in the query and must not carry another one's proof.
        let long =
            pages::lengthen(&self.graph(&tokens.access, None), &app_id, &secret, &tokens.access).await?;
        let graph = self.graph(&long, Some(&secret));
        // The app describes the tokens it gave.
        let app_token = pages::app_token(&app_id, &secret);
        let app = self.graph(&app_token, None);
        self.candidates = pages::candidates(&graph, (&app, &app_token), &long).await?;
        self.user_token = Some(long);
        self.offer()
    }

    async fn pasted(&mut self, fields: &BTreeMap<String, SecretString>) -> Result<LoginStep, LoginFailure> {
        let token = text(fields, "token");
        if token.is_empty() || token.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(failed(LoginProblem::TokenInvalid, "the token is empty or in several pieces"));
        }
        let token = SecretString::from(token);
        self.app_secret =
            Some(text(fields, "app_secret")).filter(|secret| !secret.is_empty()).map(Into::into);
        let graph = self.graph(&token, self.app_secret.as_ref());
        self.user_token = None;
        // Without an app id a token describes itself.
        self.candidates = match pages::candidates(&graph, (&graph, &token), &token).await {
            Ok(candidates) if !candidates.is_empty() => {
                self.user_token = Some(token.clone());
                candidates
            }
            Err(failure)
                if failure.code.is_none()
                    || matches!(failure.fault.kind, FaultKind::SignInAgain | FaultKind::Throttled) =>
            {
                return Err(failure.into());
            }
            // No Pages below it, or no such edge: it is a Page's own token.
            Ok(_) | Err(_) => match pages::own(&graph, &token).await {
                Ok(page) => vec![page],
                Err(failure) if failure.is_bad_parameter() && !failure.text.contains("appsecret_proof") => {
                    return Err(failed(LoginProblem::NothingToConnect, "a user's token without Pages"));
                }
                Err(failure) => return Err(failure.into()),
            },
        };
        self.check_app(&text(fields, "app_id"), &token).await?;
        self.offer()
    }

    /// Keeps the id of the app that a pasted token is of, if the person gives it; with the secret it is tried at once, since
    /// later nobody would notice that nothing can be renewed with it.
    async fn check_app(&mut self, app_id: &str, token: &SecretString) -> Result<(), LoginFailure> {
        let wrong = |detail: &str| failed(LoginProblem::WrongApp, detail);
        if !app_id.is_empty() && !is_app_id(app_id) {
            return Err(wrong("the app id is not of the right form"));
        }
        self.config.app_id = app_id.to_owned();
        let Some(secret) = self.app_secret.as_ref().filter(|_| !app_id.is_empty()) else { return Ok(()) };
        let app_token = pages::app_token(app_id, secret);
        match pages::describe(&self.graph(&app_token, None), &app_token, token).await {
            Ok(facts) if facts.is_valid => Ok(()),
            Ok(_) => Err(wrong("the token is not of this app")),
            Err(failure) if matches!(failure.fault.kind, FaultKind::Refused(_) | FaultKind::SignInAgain) => {
                Err(wrong("the app cannot describe the token"))
            }
            Err(failure) => Err(failure.into()),
        }
    }

    fn offer(&self) -> Result<LoginStep, LoginFailure> {
        if let Some(account) = &self.parts.again {
            let same = self.candidates.iter().find(|page| page.id == account.remote_id.0);
            let missing =
                || failed(LoginProblem::PermissionMissing, "this sign-in does not reach the same Page");
            return match same {
                Some(page) if page.reason.is_none() => Ok(LoginStep::Done(vec![self.signed_in(page)])),
                Some(_) => Err(missing()),
                // Somebody else's Pages: whoever keeps the accounts asks before it takes one of them.
                None => {
                    let others = self.candidates.iter().filter(|page| page.reason.is_none());
                    let others: Vec<SignedIn> = others.map(|page| self.signed_in(page)).collect();
                    if others.is_empty() { Err(missing()) } else { Ok(LoginStep::Done(others)) }
                }
            };
        }
        if self.candidates.is_empty() {
            return Err(failed(LoginProblem::NothingToConnect, "no Page"));
        }
        Ok(LoginStep::Choose(self.candidates.iter().map(Candidate::choice).collect()))
    }

    fn choose(&self, ids: &[String]) -> Result<LoginStep, LoginFailure> {
        let chosen: Vec<SignedIn> = self
            .candidates
            .iter()
            .filter(|page| page.reason.is_none() && ids.contains(&page.id))
            .map(|page| self.signed_in(page))
            .collect();
        if chosen.is_empty() {
            return Err(failed(LoginProblem::NothingToConnect, "nothing was chosen"));
        }
        Ok(LoginStep::Done(chosen))
    }

    fn signed_in(&self, page: &Candidate) -> SignedIn {
        let mut secrets = Secrets::new();
        secrets.extend(page.token.clone().map(|token| (ACCESS_TOKEN.to_owned(), token)));
        secrets.extend(self.user_token.clone().map(|token| (USER_TOKEN.to_owned(), token)));
        secrets.extend(self.app_secret.clone().map(|secret| (APP_SECRET.to_owned(), secret)));
        SignedIn {
            remote_id: RemoteId(page.id.clone()),
            name: page.name.clone(),
            config: serde_json::to_string(&self.config).expect("a config of texts is JSON"),
            secrets,
        }
    }

    fn graph(&self, token: &SecretString, app_secret: Option<&SecretString>) -> Graph {
        let LoginParts { http, clock, .. } = &self.parts;
        Graph::new(http.clone(), self.endpoints.clone(), clock.clone(), token.clone(), app_secret)
    }
}

#[async_trait::async_trait]
impl Login for MessengerLogin {
    async fn next(&mut self, input: LoginInput) -> Result<LoginStep, LoginFailure> {
        match (input, self.method) {
            (LoginInput::Start, _) => Ok(self.ask()),
            (LoginInput::Fields(fields), Method::OwnApp) => self.browse(&fields).await,
            (LoginInput::Fields(fields), Method::Token) => self.pasted(&fields).await,
            (LoginInput::Redirect(parameters), _) => self.redirected(&parameters).await,
            (LoginInput::Chosen(ids), _) => self.choose(&ids),
        }
    }

    fn loopback(&mut self) -> Option<Loopback> {
        self.loopback.take()
    }
}

fn text(fields: &BTreeMap<String, SecretString>, name: &str) -> String {
    fields.get(name).map(|value| value.expose_secret().trim().to_owned()).unwrap_or_default()
}

fn is_app_id(text: &str) -> bool {
    !text.is_empty() && text.len() <= 32 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// https, or http on this very machine (a simulated platform).
fn is_secure(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| {
        let is_loopback = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        url.scheme() == "https" || (url.scheme() == "http" && is_loopback)
    })
}

fn failed(problem: LoginProblem, detail: &str) -> LoginFailure {
    LoginFailure { problem, fault: Fault::not_done(FaultKind::Refused(Refusal::Other), detail) }
}

/// What the exchange says in its own words: Graph has no codes of their own for these.
fn not_redeemed(error: RedeemError) -> LoginFailure {
    let RedeemError { fault, answer } = error;
    let Some((status, body)) = answer else { return Failure::from(fault).into() };
    let failure = errors::read(status, &http::HeaderMap::new(), &body, Effect::Read);
    let says = |words: &[&str]| words.iter().any(|word| failure.text.contains(word));
    let problem =
        if failure.code == Some(101) || says(&["client secret", "client_secret", "validating application"]) {
            LoginProblem::WrongApp
        } else if says(&["redirect_uri"]) {
            LoginProblem::WrongRedirect
        } else if matches!(failure.code, Some(100 | 190)) {
            LoginProblem::TokenInvalid
        } else {
            return failure.into();
        };
    LoginFailure { problem, fault: failure.fault }
}

impl From<Failure> for LoginFailure {
    fn from(failure: Failure) -> Self {
        let problem = match failure.fault.kind {
            FaultKind::SignInAgain => LoginProblem::TokenInvalid,
            FaultKind::Throttled => LoginProblem::Throttled,
            FaultKind::Unavailable => LoginProblem::Unreachable,
            FaultKind::Intercepted(barrier) => barrier.into(),
            // Graph refuses a call without the proof that an app demands.
            FaultKind::Refused(_) if failure.text.contains("appsecret_proof") => LoginProblem::WrongApp,
            FaultKind::Refused(_) | FaultKind::Unsupported => LoginProblem::PermissionMissing,
            FaultKind::Malformed | FaultKind::CursorLost => LoginProblem::Malformed,
        };
        Self { problem, fault: failure.fault }
    }
}
