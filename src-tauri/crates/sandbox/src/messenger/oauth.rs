//! Codes for tokens, short tokens for long ones, and asking what a token is.

use serde_json::{Value, json};

use super::call::Call;
use super::error::GraphError;
use super::platform::{Owner, Platform, Token, TokenState};
use super::tokens::state_error;

/// About 60 days, s: what Graph gives as `expires_in` of a long token.
const LONG_S: i64 = 5_183_944;
const SHORT_S: i64 = 3_600;
/// A code can be exchanged for this long, ms.
const CODE_LIFE_MS: i64 = 600_000;

/// `GET|POST /oauth/access_token`: a code, or a token to be lengthened. Both need the app's secret.
pub(crate) fn access_token(platform: &mut Platform, call: &Call) -> Result<Value, GraphError> {
    let app = call.param("client_id");
    let known = platform.apps.get(app);
    let known =
        known.ok_or_else(|| GraphError::new(101, "Error validating application. Invalid application ID."))?;
    if known.secret != call.param("client_secret") {
        return Err(GraphError::new(1, "Error validating client secret."));
    }
    if call.param("grant_type") == "fb_exchange_token" {
        return lengthen(platform, app, call);
    }
    let text = call.param("code");
    let refuse = |message: &str, subcode: i64| Err(GraphError::invalid(message).sub(subcode));
    let Some(code) = platform.codes.get_mut(text).filter(|code| code.app == app) else {
        return refuse("Invalid verification code format.", 36_008);
    };
    if code.is_spent {
        return refuse("This authorization code has been used.", 36_009);
    }
    if call.now_ms - code.issued_ms > CODE_LIFE_MS {
        return refuse("This authorization code has expired.", 36_007);
    }
    if code.redirect_uri != call.param("redirect_uri") {
        return refuse(
            "Error validating verification code. Please make sure your redirect_uri is identical to the one you used \
             in the OAuth dialog request",
            36_008,
        );
    }
    code.is_spent = true;
    let (user, scopes) = (code.user.clone(), code.scopes.clone());
    Ok(issue(platform, app, Owner::User(user), scopes, Some(SHORT_S), call.now_ms))
}

fn lengthen(platform: &mut Platform, app: &str, call: &Call) -> Result<Value, GraphError> {
    let text = call.param("fb_exchange_token");
    let token = platform.tokens.get(text).filter(|token| token.app == app).cloned();
    let token = token.ok_or_else(|| GraphError::new(190, "Invalid OAuth access token."))?;
    if let Some(error) = state_error(&token, call.now_ms) {
        return Err(error);
    }
    if platform.exchange_ends_old
        && let Some(old) = platform.tokens.get_mut(text)
    {
        old.state = TokenState::Invalidated;
    }
    Ok(issue(platform, app, token.owner, token.scopes, Some(LONG_S), call.now_ms))
}

fn issue(
    platform: &mut Platform,
    app: &str,
    owner: Owner,
    scopes: Vec<String>,
    lives_s: Option<i64>,
    now_ms: i64,
) -> Value {
    let text = mint(platform, app, owner, scopes, lives_s, now_ms);
    let mut answer = json!({ "access_token": text, "token_type": "bearer" });
    if let Some(lives_s) = lives_s {
        answer["expires_in"] = json!(lives_s);
    }
    answer
}

/// Makes a token.
pub(crate) fn mint(
    platform: &mut Platform,
    app: &str,
    owner: Owner,
    scopes: Vec<String>,
    lives_s: Option<i64>,
    now_ms: i64,
) -> String {
    let text = format!("EAA{}", platform.chance.id(120).replace(['-', '_'], "Z"));
    let token = Token {
        owner,
        app: app.to_owned(),
        scopes,
        issued_ms: now_ms,
        expires_at_ms: lives_s.map(|lives_s| now_ms + lives_s * 1000),
        state: TokenState::Valid,
    };
    platform.tokens.insert(text.clone(), token);
    text
}

/// The Page token that belongs to a user token: the same one each time, without an end when the user token is a long
/// one (unless `page_tokens_end`), else ending with it.
pub(crate) fn page_token(
    platform: &mut Platform,
    from: &Token,
    page: &str,
    user: &str,
    now_ms: i64,
) -> String {
    let is_long = from.expires_at_ms.is_none_or(|at_ms| at_ms - from.issued_ms > 86_400_000);
    let ends_ms = if is_long && !platform.page_tokens_end { None } else { from.expires_at_ms };
    let same = |token: &Token| {
        matches!(&token.owner, Owner::Page { page: p, user: u } if p == page && u == user)
            && token.app == from.app
            && token.expires_at_ms == ends_ms
            && token.scopes == from.scopes
            && token.state == TokenState::Valid
    };
    if let Some((text, _)) = platform.tokens.iter().find(|(_, token)| same(token)) {
        return text.clone();
    }
    let owner = Owner::Page { page: page.to_owned(), user: user.to_owned() };
    let text = mint(platform, &from.app, owner, from.scopes.clone(), None, now_ms);
    if let Some(token) = platform.tokens.get_mut(&text) {
        token.expires_at_ms = ends_ms;
    }
    text
}

/// `GET /debug_token`, with the app's own token `{id}|{secret}`.
pub(crate) fn debug_token(platform: &Platform, call: &Call) -> Result<Value, GraphError> {
    let own = call.token.as_deref().and_then(|text| text.split_once('|'));
    let app = own.filter(|(id, secret)| platform.apps.get(*id).is_some_and(|app| app.secret == *secret));
    let (app, _) = app.ok_or_else(|| {
        GraphError::invalid("(#100) You must provide an app access token, or a user access token that is an owner or developer of the app")
    })?;
    let unknown = json!({ "data": { "is_valid": false, "scopes": [], "error": {
        "code": 190, "message": "Invalid OAuth access token.",
    } } });
    let Some(token) = platform.tokens.get(call.param("input_token")).filter(|token| token.app == app) else {
        return Ok(unknown);
    };
    let (kind, user, pages) = match &token.owner {
        Owner::User(user) => {
            let pages = platform.users.get(user).map(|user| user.pages.as_slice()).unwrap_or_default();
            ("USER", user, pages.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>())
        }
        Owner::Page { page, user } => ("PAGE", user, vec![page.clone()]),
    };
    let granular: Vec<Value> =
        token.scopes.iter().map(|scope| json!({ "scope": scope, "target_ids": pages })).collect();
    let seconds = |at_ms: i64| at_ms / 1000;
    let mut data = json!({
        "app_id": token.app,
        "application": platform.apps.get(app).map(|app| app.name.clone()),
        "type": kind,
        "is_valid": state_error(token, call.now_ms).is_none(),
        "issued_at": seconds(token.issued_ms),
        "expires_at": token.expires_at_ms.map_or(0, seconds),
        "data_access_expires_at": platform.data_access_ends_ms(token).map_or(0, seconds),
        "scopes": token.scopes,
        "granular_scopes": granular,
        "user_id": user,
    });
    if let Owner::Page { page, .. } = &token.owner {
        data["profile_id"] = json!(page);
    }
    if let Some(error) = state_error(token, call.now_ms) {
        data["error"] = json!({ "code": error.code, "subcode": error.subcode, "message": error.message });
    }
    Ok(json!({ "data": data }))
}
