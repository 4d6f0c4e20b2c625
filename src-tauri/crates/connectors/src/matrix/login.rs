//! Signing in with a password: server, user and password in one step.

use super::config::Config;
use super::discovery::{self, Found, failure, unanswered, unread};
use super::ids::{self, path};
use super::refusal;
use super::server::{ACCESS_TOKEN, Call, REFRESH_TOKEN};
use super::wire::{self, Flow, Flows, Profile, Tokens, read};
use connect::http::SMALL;
use connect::{
    Effect, Fault, FaultKind, FieldKind, Http, Login, LoginFailure, LoginField, LoginInput, LoginParts,
    LoginProblem, LoginStep, Refusal, Secrets, SignedIn,
};
use http::Method;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use std::collections::BTreeMap;
use url::Url;

/// A sign-in by password.
pub struct PasswordLogin {
    parts: LoginParts,
    /// Chosen once, so that trying again after a lost answer leaves one device and not two.
    device_id: String,
}

impl PasswordLogin {
    /// A new sign-in; one that signs an account in again keeps its device, to which its transaction ids belong.
    pub fn new(parts: LoginParts) -> Self {
        let mut random = [0; 10];
        parts.dice.fill(&mut random);
        let letters = random.map(|byte| char::from(b'A' + byte % 26));
        let device_id = format!("KONTOR{}", String::from_iter(letters));
        Self { parts, device_id }
    }

    /// The account that signs in again, and what it was reached by.
    fn again(&self) -> Option<(&str, Config)> {
        let account = self.parts.again.as_ref()?;
        Some((account.remote_id.as_str(), Config::read(&account.config).ok()?))
    }

    fn ask(&self) -> LoginStep {
        let (user, server) =
            self.again().map_or_else(Default::default, |(user, config)| (user.to_owned(), config.homeserver));
        let field = |name, kind, value, is_optional| LoginField { name, kind, value, is_optional };
        LoginStep::Fields(vec![
            field("user", FieldKind::Text, user, false),
            field("password", FieldKind::Secret, String::new(), false),
            field("server", FieldKind::Url, server, true),
        ])
    }

    async fn sign_in(&self, fields: &BTreeMap<String, SecretString>) -> Result<SignedIn, LoginFailure> {
        let field = |name| fields.get(name).map_or("", |value: &SecretString| value.expose_secret());
        let (user, server) = (field("user").trim(), field("server").trim());
        let domain = ids::user(user).map(|(_, server)| server);
        let typed = if server.is_empty() { domain } else { Some(server) };
        let typed = typed.ok_or_else(|| failure(LoginProblem::BadAddress, "a local name needs a server"))?;
        let password = field("password");
        if user.is_empty() || password.is_empty() {
            return Err(failure(LoginProblem::WrongPassword, "user or password is empty"));
        }
        let http = &self.parts.http;
        let known = self.again().map(|(_, config)| config.homeserver);
        let found = discovery::find(http, typed, known.as_deref()).await?;
        offers_password(http, &found.base).await?;
        let is_same = |account: &str| {
            account == user
                || ids::user(account).is_some_and(|(local, _)| local == user.trim_start_matches('@'))
        };
        let kept = self.again().filter(|(account, _)| is_same(account)).map(|(_, config)| config.device_id);
        let body = json!({
            "type": "m.login.password",
            "identifier": { "type": "m.id.user", "user": user },
            "password": password,
            "device_id": kept.as_ref().unwrap_or(&self.device_id),
            "initial_device_display_name": "Kontor",
            "refresh_token": true,
        });
        let call = Call::write(Method::POST, "/_matrix/client/v3/login", &body);
        let request = call.request(&found.base, None).map_err(unanswered)?;
        let answer = http.call(request, SMALL, call.effect).await.map_err(unanswered)?;
        let answer = refusal::check(answer, call.effect).map_err(refused)?;
        let tokens: Tokens = wire::parse(answer.body()).map_err(unread)?;
        self.finish(found, tokens).await
    }

    async fn finish(&self, found: Found, tokens: Tokens) -> Result<SignedIn, LoginFailure> {
        let malformed = |what: &str| failure(LoginProblem::Malformed, what);
        let user = tokens.user_id.filter(|user| ids::user(user).is_some());
        let user = user.ok_or_else(|| malformed("answer without a user id"))?;
        let access = tokens.access_token.ok_or_else(|| malformed("answer without a token"))?;
        let told = Url::parse(&found.base).ok().and_then(|from| discovery::adopt(&from, tokens.well_known));
        let homeserver = told.filter(|_| !found.is_as_typed).unwrap_or(found.base);
        let name = name(&self.parts.http, &homeserver, &user, &access).await.unwrap_or_else(|| user.clone());
        let device_id = tokens.device_id.unwrap_or_else(|| self.device_id.clone());
        let mut secrets = Secrets::from([(ACCESS_TOKEN.to_owned(), access)]);
        secrets.extend(tokens.refresh_token.map(|refresh| (REFRESH_TOKEN.to_owned(), refresh)));
        let config = Config { homeserver, device_id }.write();
        Ok(SignedIn { remote_id: user.into(), name, config, secrets })
    }
}

#[async_trait::async_trait]
impl Login for PasswordLogin {
    async fn next(&mut self, input: LoginInput) -> Result<LoginStep, LoginFailure> {
        match input {
            LoginInput::Start => Ok(self.ask()),
            LoginInput::Fields(fields) => Ok(LoginStep::Done(vec![self.sign_in(&fields).await?])),
            LoginInput::Redirect(_) | LoginInput::Chosen(_) => {
                Err(failure(LoginProblem::WrongRedirect, "a password was asked for"))
            }
        }
    }
}

/// What a refused sign-in means.
fn refused(fault: Fault) -> LoginFailure {
    let problem = match fault.kind {
        FaultKind::Throttled => LoginProblem::Throttled,
        FaultKind::SignInAgain | FaultKind::Refused(Refusal::Permission) => LoginProblem::WrongPassword,
        FaultKind::Unsupported => LoginProblem::MethodNotOffered,
        FaultKind::Unavailable => LoginProblem::Unreachable,
        FaultKind::Intercepted(barrier) => barrier.into(),
        _ => LoginProblem::Malformed,
    };
    LoginFailure { problem, fault }
}

async fn offers_password(http: &Http, base: &str) -> Result<(), LoginFailure> {
    let request = Call::get("/_matrix/client/v3/login").request(base, None).map_err(unanswered)?;
    let answer = http.call(request, SMALL, Effect::Read).await.map_err(unanswered)?;
    let answer = refusal::check(answer, Effect::Read).map_err(refused)?;
    let flows: Flows<'_> = wire::parse(answer.body()).map_err(unread)?;
    let kinds = flows.flows.iter().filter_map(|flow| read::<Flow>(flow)?.kind);
    if kinds.into_iter().any(|kind| kind == "m.login.password") {
        return Ok(());
    }
    Err(failure(LoginProblem::MethodNotOffered, "server offers no sign-in by password"))
}

/// What the account calls itself. Worth asking for, not worth failing for.
async fn name(http: &Http, base: &str, user: &str, token: &SecretString) -> Option<String> {
    let call = Call::get(path("/_matrix/client/v3/profile", &[user]));
    let answer = http.call(call.request(base, Some(token)).ok()?, SMALL, Effect::Read).await.ok()?;
    let answer = refusal::check(answer, Effect::Read).ok()?;
    let name = wire::parse::<Profile>(answer.body()).ok()?.displayname?;
    (!name.trim().is_empty()).then_some(name)
}
