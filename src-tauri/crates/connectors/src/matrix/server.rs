//! One signed-in way to a homeserver: bearer token, renewal, and what failed answers mean.

use super::refusal;
use super::wire::{self, Tokens};
use bytes::Bytes;
use connect::{Effect, Fault, FaultKind, Http, SecretKeeper, Secrets, http::SMALL, transport::Bounds};
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// Names of the secrets of an account.
pub const ACCESS_TOKEN: &str = "access_token";
/// See [`ACCESS_TOKEN`]; only from servers that issue tokens that expire.
pub const REFRESH_TOKEN: &str = "refresh_token";

/// What to ask.
#[derive(Debug, Clone)]
pub struct Call {
    /// Verb.
    pub method: Method,
    /// Path and query below the server's address; every segment encoded.
    pub path: String,
    /// Type and bytes of what is sent along.
    pub body: Option<(String, Bytes)>,
    /// Whether it changes something.
    pub effect: Effect,
}

impl Call {
    /// A question.
    pub fn get(path: impl Into<String>) -> Self {
        Self { method: Method::GET, path: path.into(), body: None, effect: Effect::Read }
    }

    /// A change, told in JSON.
    pub fn write(method: Method, path: impl Into<String>, body: &Value) -> Self {
        let body = Some(("application/json".to_owned(), Bytes::from(body.to_string())));
        Self { method, path: path.into(), body, effect: Effect::Write }
    }

    /// As a request to `base`, with a token if there is one.
    pub fn request(&self, base: &str, token: Option<&SecretString>) -> Result<Request<Bytes>, Fault> {
        let mut request = Request::builder().method(&self.method).uri(format!("{base}{}", self.path));
        if let Some(token) = token {
            let value = format!("Bearer {}", token.expose_secret());
            let mut value = HeaderValue::try_from(value)
                .map_err(|_| Fault::not_done(FaultKind::SignInAgain, "token is not a header value"))?;
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        let body = match &self.body {
            Some((mime, bytes)) => {
                request = request.header(CONTENT_TYPE, mime);
                bytes.clone()
            }
            None => Bytes::new(),
        };
        request.body(body).map_err(|_| Fault::not_done(FaultKind::Unsupported, "request cannot be written"))
    }
}

/// A homeserver and our session on it.
pub struct Server {
    http: Http,
    base: String,
    keeper: Arc<dyn SecretKeeper>,
    secrets: Mutex<Secrets>,
    /// Held while tokens are renewed: everybody else waits and takes the new pair.
    renewal: tokio::sync::Mutex<()>,
}

impl Server {
    /// A session with the secrets it was stored with. `base` has no slash at its end.
    pub fn new(http: Http, base: &str, keeper: Arc<dyn SecretKeeper>, secrets: Secrets) -> Self {
        Self { http, base: base.to_owned(), keeper, secrets: Mutex::new(secrets), renewal: <_>::default() }
    }

    /// Its address, without a slash at the end.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The way out beside the session: redirects lead to other hosts, where our token has no business.
    pub fn http(&self) -> &Http {
        &self.http
    }

    /// One call, its answer if it is a success.
    pub async fn call(&self, call: &Call, bounds: Bounds) -> Result<Response<Bytes>, Fault> {
        refusal::check(self.exchange(call, bounds).await?, call.effect)
    }

    /// One call, its answer of whatever status. A token that has expired is renewed and the call repeated, once: an
    /// answer of 401 says that nothing was done.
    pub async fn exchange(&self, call: &Call, bounds: Bounds) -> Result<Response<Bytes>, Fault> {
        let used = self.token()?;
        let mut response =
            self.http.call(call.request(&self.base, Some(&used))?, bounds, call.effect).await?;
        if has_expired(&response) {
            self.renew(&used).await?;
            let request = call.request(&self.base, Some(&self.token()?))?;
            response = self.http.call(request, bounds, call.effect).await?;
            if has_expired(&response) {
                // It ended during a long poll: the next call renews it. The session itself goes on.
                let detail = "the renewed token has expired as well";
                return Err(Fault::not_done(FaultKind::Unavailable, detail));
            }
        }
        if response.status() == StatusCode::TOO_MANY_REQUESTS
            && let Some(wait) = refusal::wait(&response, &refusal::read(&response))
        {
            // Servers count messages apart from reads: whoever answers fast must not miss what comes in meanwhile, and
            // whoever reads much can still answer.
            self.http.pause(call.effect, wait);
        }
        Ok(response)
    }

    fn token(&self) -> Result<SecretString, Fault> {
        self.secret(ACCESS_TOKEN)
            .ok_or_else(|| Fault::not_done(FaultKind::SignInAgain, "no access token is stored"))
    }

    fn secret(&self, name: &str) -> Option<SecretString> {
        self.secrets.lock().expect("no holder of the secrets panics").get(name).cloned()
    }

    /// Renews the pair of tokens unless somebody has done so since `used` was read.
    ///
    /// The new pair is stored before it is used. Until it is used the server takes the old refresh token again, so an
    /// answer lost on the way, or a stop between answer and store, costs nothing.
    async fn renew(&self, used: &SecretString) -> Result<(), Fault> {
        let _turn = self.renewal.lock().await;
        if self.token()?.expose_secret() != used.expose_secret() {
            return Ok(());
        }
        let again = |detail: &str| Fault::not_done(FaultKind::SignInAgain, detail);
        let refresh =
            self.secret(REFRESH_TOKEN).ok_or_else(|| again("expired, and no refresh token is stored"))?;
        let body = json!({ "refresh_token": refresh.expose_secret() });
        let call = Call::write(Method::POST, "/_matrix/client/v3/refresh", &body);
        let response = self.http.call(call.request(&self.base, None)?, SMALL, call.effect).await;
        let response =
            response.and_then(|response| refusal::check(response, call.effect)).map_err(|fault| {
                match fault.kind {
                    FaultKind::Refused(_) | FaultKind::SignInAgain | FaultKind::Unsupported => {
                        again(&format!("refresh: {}", fault.detail))
                    }
                    // Whatever became of the refresh, the call it was for has not been made.
                    kind => Fault { kind, certainty: connect::Certainty::NotDone, ..fault },
                }
            })?;
        let tokens: Tokens = wire::parse(response.body())?;
        let access = tokens
            .access_token
            .ok_or_else(|| Fault::not_done(FaultKind::Malformed, "refresh: answer without a token"))?;
        let mut renewed = self.secrets.lock().expect("no holder of the secrets panics").clone();
        renewed.insert(ACCESS_TOKEN.into(), access);
        if let Some(refresh) = tokens.refresh_token {
            renewed.insert(REFRESH_TOKEN.into(), refresh);
        }
        self.keeper.keep(&renewed).await?;
        *self.secrets.lock().expect("no holder of the secrets panics") = renewed;
        Ok(())
    }
}

/// Whether the token has merely expired: the session goes on with a new one.
fn has_expired(response: &Response<Bytes>) -> bool {
    response.status() == StatusCode::UNAUTHORIZED && {
        let refused = refusal::read(response);
        refused.errcode.as_deref() == Some("M_UNKNOWN_TOKEN") && refused.is_soft_logout
    }
}
