//! The consent dialog at www.facebook.com: a page with links, or the same decision by a test's own hand.

use bytes::Bytes;
use http::Request;

use super::oauth::mint;
use super::platform::{Code, Owner, Platform};
use crate::wire::{self, Answer, Params};

/// What the person in front of the dialog decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Everything that was asked for.
    Allow,
    /// Everything but these permissions.
    AllowWithout(Vec<String>),
    /// Nothing.
    Deny,
}

/// Permissions of a configuration (`config_id`), which names none in its address.
const CONFIGURED: [&str; 4] =
    ["pages_show_list", "pages_messaging", "pages_manage_metadata", "pages_read_engagement"];

pub(crate) fn answer(platform: &mut Platform, request: &Request<Bytes>, now_ms: i64) -> Answer {
    let path = request.uri().path();
    if path == "/connect/login_success.html" {
        return wire::html(200, "<html><body>Success</body></html>");
    }
    if !path.ends_with("/dialog/oauth") {
        return wire::html(404, "<html><body>Sorry, this page isn't available</body></html>");
    }
    let params = wire::query(request);
    if let Err(reason) = check(platform, &params) {
        return error_page(reason);
    }
    let user = params.get("user").cloned().unwrap_or_default();
    let consent = match params.get("decision").map(String::as_str) {
        Some("allow") => Consent::Allow,
        Some("deny") => Consent::Deny,
        _ => return page(platform, request.uri().query().unwrap_or_default(), &params),
    };
    match decide(platform, &params, &user, &consent, now_ms) {
        Ok(address) => {
            let mut answer = wire::html(302, "");
            wire::set(&mut answer, "location", &address);
            answer
        }
        Err(reason) => error_page(reason),
    }
}

/// A wrong app or redirect address never redirects.
fn check(platform: &Platform, params: &Params) -> Result<(), &'static str> {
    let app = params.get("client_id").and_then(|id| platform.apps.get(id));
    let app = app.ok_or("Invalid App ID: The provided app ID does not look like a valid app ID.")?;
    let redirect = params.get("redirect_uri").map_or("", String::as_str);
    if app.redirect_uris.iter().any(|known| known == redirect) {
        return Ok(());
    }
    Err(
        "URL blocked: This redirect failed because the redirect URI is not white-listed in the app's client OAuth settings.",
    )
}

/// Where the browser goes after the decision.
pub(crate) fn decide(
    platform: &mut Platform,
    params: &Params,
    user: &str,
    consent: &Consent,
    now_ms: i64,
) -> Result<String, &'static str> {
    check(platform, params)?;
    let read = |name: &str| params.get(name).cloned().unwrap_or_default();
    let (redirect_uri, state, app) = (read("redirect_uri"), read("state"), read("client_id"));
    let joint = if redirect_uri.contains('?') { '&' } else { '?' };
    let state_part =
        if params.contains_key("state") { format!("&state={}", wire::encode(&state)) } else { String::new() };
    let without = match consent {
        Consent::Deny => {
            return Ok(format!(
                "{redirect_uri}{joint}error=access_denied&error_code=200&error_description=Permissions+error\
                 &error_reason=user_denied{state_part}#_=_"
            ));
        }
        Consent::Allow => Vec::new(),
        Consent::AllowWithout(scopes) => scopes.clone(),
    };
    if !platform.users.contains_key(user) {
        return Err("Nobody is signed in.");
    }
    platform.consent(&app, user, now_ms);
    let asked: Vec<String> = match params.get("scope") {
        Some(scope) => scope.split([',', ' ']).filter(|scope| !scope.is_empty()).map(str::to_owned).collect(),
        None => CONFIGURED.map(str::to_owned).to_vec(),
    };
    let mut scopes: Vec<String> = asked.into_iter().filter(|scope| !without.contains(scope)).collect();
    if !scopes.iter().any(|scope| scope == "public_profile") {
        scopes.push("public_profile".to_owned());
    }
    if params.get("response_type").is_some_and(|kind| kind == "token") {
        let token = mint(platform, &app, Owner::User(user.to_owned()), scopes, Some(3_600), now_ms);
        return Ok(format!("{redirect_uri}#access_token={token}&expires_in=3600{state_part}"));
    }
    let code = format!("AQ{}", platform.chance.id(60));
    let entry = Code {
        app,
        user: user.to_owned(),
        redirect_uri: redirect_uri.clone(),
        scopes,
        issued_ms: now_ms,
        is_spent: false,
    };
    platform.codes.insert(code.clone(), entry);
    Ok(format!("{redirect_uri}{joint}code={code}{state_part}#_=_"))
}

/// The links are relative, so that the page works wherever a host mounts it.
fn page(platform: &Platform, query: &str, params: &Params) -> Answer {
    let app =
        params.get("client_id").and_then(|id| platform.apps.get(id)).map_or("", |app| app.name.as_str());
    let query = escape(query);
    let people: String = platform
        .users
        .iter()
        .map(|(id, user)| {
            let name = escape(&user.name);
            format!("<p><a class=\"allow\" href=\"?{query}&amp;decision=allow&amp;user={id}\">Continue as {name}</a></p>")
        })
        .collect();
    wire::html(
        200,
        format!(
            "<!doctype html><html><head><meta charset=\"utf-8\"><title>Log in with Facebook (simulated)</title></head>\
             <body><h1>{} wants to manage your Pages</h1>{people}\
             <p><a class=\"deny\" href=\"?{query}&amp;decision=deny\">Cancel</a></p></body></html>",
            escape(app)
        ),
    )
}

fn error_page(reason: &str) -> Answer {
    wire::html(
        400,
        format!("<!doctype html><html><body><h1>Sorry</h1><p>{}</p></body></html>", escape(reason)),
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
