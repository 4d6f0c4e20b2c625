//! Signing in, refreshing, signing out.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::error::Refusal;
use super::server::Server;

/// How long an access token lives when the client asked for refresh tokens, ms.
const ACCESS_LIFETIME_MS: i64 = 300_000;

#[derive(Default)]
pub(crate) struct Sessions {
    access: HashMap<String, Access>,
    refresh: HashMap<String, Refresh>,
    /// Lifetime of refreshable access tokens, ms, when it is not the usual one.
    pub lifetime_ms: Option<i64>,
}

struct Access {
    user: String,
    device: String,
    expires_at_ms: Option<i64>,
    /// The refresh token this one came from.
    parent: Option<String>,
}

struct Refresh {
    user: String,
    device: String,
    /// A refresh token is spent once what it gave out has been used.
    spent: bool,
    parent: Option<String>,
}

/// Who asks, by which device.
#[derive(Clone)]
pub(crate) struct Session {
    pub user: String,
    pub device: String,
}

pub(crate) fn flows() -> Value {
    json!({ "flows": [{ "type": "m.login.password" }, { "type": "org.example.unknown" }] })
}

pub(crate) fn authenticate(
    server: &mut Server,
    token: Option<String>,
    now_ms: i64,
) -> Result<Session, Refusal> {
    let token = token.ok_or_else(|| Refusal::new(401, "M_MISSING_TOKEN", "Missing access token"))?;
    let access = server.sessions.access.get(&token).ok_or_else(|| Refusal::unknown_token(false))?;
    if access.expires_at_ms.is_some_and(|at_ms| at_ms <= now_ms) {
        return Err(Refusal::unknown_token(true));
    }
    let session = Session { user: access.user.clone(), device: access.device.clone() };
    if let Some(parent) = access.parent.clone() {
        server.sessions.spend(&parent);
    }
    Ok(session)
}

pub(crate) fn log_in(server: &mut Server, body: &Value, now_ms: i64) -> Result<Value, Refusal> {
    if body["type"] != "m.login.password" {
        return Err(Refusal::new(400, "M_UNKNOWN", "Unknown login type"));
    }
    let named = body["identifier"]["user"].as_str().or(body["user"].as_str()).unwrap_or_default();
    let user = if named.starts_with('@') { named.to_owned() } else { format!("@{named}:{}", server.domain) };
    let password = body["password"].as_str().unwrap_or_default();
    if server.users.get(&user).is_none_or(|known| known.password != password) {
        return Err(Refusal::forbidden("Invalid username or password"));
    }
    let device = match body["device_id"].as_str() {
        Some(device) => device.to_owned(),
        None => server.chance.id(10).to_uppercase(),
    };
    let refreshable = body["refresh_token"] == true;
    let mut answer = issue(server, &user, &device, refreshable, None, now_ms);
    answer["user_id"] = json!(user);
    answer["device_id"] = json!(device);
    answer["home_server"] = json!(server.domain);
    answer["well_known"] = json!({ "m.homeserver": { "base_url": format!("https://{}/", server.host) } });
    Ok(answer)
}

pub(crate) fn refresh(server: &mut Server, body: &Value, now_ms: i64) -> Result<Value, Refusal> {
    let spent = || Refusal::forbidden("refresh token isn't valid anymore");
    let token = body["refresh_token"].as_str().unwrap_or_default().to_owned();
    let known = server.sessions.refresh.get(&token).ok_or_else(spent)?;
    if known.spent {
        return Err(spent());
    }
    let (user, device, parent) = (known.user.clone(), known.device.clone(), known.parent.clone());
    if let Some(parent) = parent {
        server.sessions.spend(&parent);
    }
    Ok(issue(server, &user, &device, true, Some(token), now_ms))
}

fn issue(
    server: &mut Server,
    user: &str,
    device: &str,
    refreshable: bool,
    parent: Option<String>,
    now_ms: i64,
) -> Value {
    let token = format!("syt_{}", server.chance.id(32));
    let lifetime_ms = server.sessions.lifetime_ms.unwrap_or(ACCESS_LIFETIME_MS);
    let access = Access {
        user: user.to_owned(),
        device: device.to_owned(),
        expires_at_ms: refreshable.then_some(now_ms + lifetime_ms),
        parent: parent.clone(),
    };
    server.sessions.access.insert(token.clone(), access);
    let mut answer = json!({ "access_token": token });
    if refreshable {
        let refresh = format!("syr_{}", server.chance.id(32));
        let entry = Refresh { user: user.to_owned(), device: device.to_owned(), spent: false, parent };
        server.sessions.refresh.insert(refresh.clone(), entry);
        answer["refresh_token"] = json!(refresh);
        answer["expires_in_ms"] = json!(lifetime_ms);
    }
    answer
}

impl Sessions {
    fn spend(&mut self, refresh: &str) {
        if let Some(refresh) = self.refresh.get_mut(refresh) {
            refresh.spent = true;
        }
    }

    /// Ends one device's session for good.
    pub fn end(&mut self, user: &str, device: &str) {
        self.access.retain(|_, access| access.user != user || access.device != device);
        self.refresh.retain(|_, refresh| refresh.user != user || refresh.device != device);
    }

    /// Ends every session of a user for good.
    pub fn end_all(&mut self, user: &str) {
        self.access.retain(|_, access| access.user != user);
        self.refresh.retain(|_, refresh| refresh.user != user);
    }

    /// Lets every access token of a user expire; with `and_refresh`, refreshing fails as well.
    pub fn expire(&mut self, user: &str, and_refresh: bool) {
        for access in self.access.values_mut().filter(|access| access.user == user) {
            access.expires_at_ms = Some(i64::MIN);
        }
        if and_refresh {
            self.refresh.retain(|_, refresh| refresh.user != user);
        }
    }
}
