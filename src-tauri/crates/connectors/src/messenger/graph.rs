//! Calls to the Graph API: addresses, the token and its proof, errors, usage.

use super::Endpoints;
use super::errors::{self, Failure, LockOut};
use super::usage::Usage;
use bytes::Bytes;
use connect::http::{Bounds, json};
use connect::{Budget, Clock, Effect, Fault, FaultKind, Http};
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, Request};
use model::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use sha2::Sha256;
use std::sync::{Arc, Mutex};
use url::Url;

/// One token's way into Graph.
pub(super) struct Graph {
    http: Http,
    endpoints: Endpoints,
    clock: Arc<dyn Clock>,
    app_secret: Option<SecretString>,
    access: Arc<Mutex<Access>>,
    usage: Mutex<Usage>,
}

/// A token and the proof that goes with it.
#[derive(Clone)]
struct Access {
    token: SecretString,
    proof: Option<String>,
}

impl Access {
    /// With a known app secret every call carries its proof (Graph API, Securing Graph API Requests).
    fn of(token: SecretString, app_secret: Option<&SecretString>) -> Self {
        let proof = app_secret
            .filter(|secret| !secret.expose_secret().is_empty())
            .map(|secret| proof(secret, token.expose_secret()));
        Self { token, proof }
    }
}

impl Graph {
    /// With an app secret every call carries its proof.
    pub(super) fn new(
        http: Http,
        endpoints: Endpoints,
        clock: Arc<dyn Clock>,
        token: SecretString,
        app_secret: Option<&SecretString>,
    ) -> Self {
        let access = Arc::new(Mutex::new(Access::of(token, app_secret)));
        Self { http, endpoints, clock, app_secret: app_secret.cloned(), access, usage: Mutex::default() }
    }

    /// The same way into Graph for another token; `app_secret` is for its proof, none for a token that must carry none.
    pub(super) fn beside(&self, token: SecretString, app_secret: Option<&SecretString>) -> Self {
        Self::new(self.http.clone(), self.endpoints.clone(), self.clock.clone(), token, app_secret)
    }

    /// The same token's way into Graph with an allowance of its own: a pause that Graph asks for here holds up nothing
    /// else, unless it is one of the whole Page.
    pub(super) fn apart(&self, budget: impl FnOnce(Timestamp) -> Budget) -> Self {
        let beside = self.beside(self.access().token, self.app_secret.as_ref());
        Self { http: self.http.apart(budget), access: self.access.clone(), ..beside }
    }

    /// From the next call on, this token; also where allowances are apart.
    pub(super) fn renew(&self, token: SecretString) {
        *self.access.lock().expect("no holder panics") = Access::of(token, self.app_secret.as_ref());
    }

    fn access(&self) -> Access {
        self.access.lock().expect("no holder panics").clone()
    }

    /// Reads a node or an edge. `path` are the segments below the version.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        path: &[&str],
        query: &[(&str, &str)],
        bounds: Bounds,
    ) -> Result<T, Failure> {
        let access = self.access();
        let request = Request::get(self.address(&access, path, query)?.as_str());
        let body = self.ask(&access, request, Bytes::new(), bounds, Effect::Read).await?;
        Ok(json(&body)?)
    }

    /// Changes something: one request, never repeated here. None = done, but the answer could not be read.
    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        path: &[&str],
        content_type: &str,
        body: Bytes,
        bounds: Bounds,
    ) -> Result<Option<T>, Failure> {
        let access = self.access();
        let request = Request::post(self.address(&access, path, &[])?.as_str())
            .header(http::header::CONTENT_TYPE, content_type);
        let body = self.ask(&access, request, body, bounds, Effect::Write).await?;
        connect::http::refuse_page(&body)?;
        Ok(json(&body).ok())
    }

    /// The bytes behind an address of the CDN: without our token, and only from hosts of Meta.
    pub(super) async fn download(
        &self,
        address: &str,
        cap_bytes: u64,
    ) -> Result<(Bytes, Option<String>), Fault> {
        let mut address = Url::parse(address).ok().filter(|url| self.endpoints.is_media(url));
        for _ in 0..4 {
            let Some(url) = address else {
                return Err(Fault::not_done(FaultKind::Malformed, "a file's address is not on Meta's CDN"));
            };
            let request = Request::get(url.as_str()).body(Bytes::new());
            let request = request.map_err(|_| malformed("address of a file"))?;
            let answer = self.http.call(request, connect::http::file(cap_bytes), Effect::Read).await?;
            let status = answer.status();
            let header = |name| answer.headers().get(name).and_then(|value| value.to_str().ok());
            if status.is_success() {
                let mime = header(http::header::CONTENT_TYPE).map(str::to_owned);
                return Ok((answer.into_body(), mime));
            }
            if !status.is_redirection() {
                let gone = status.is_client_error() && status.as_u16() != 429;
                let kind = FaultKind::Refused(connect::Refusal::NotFound);
                let kind = if gone { kind } else { FaultKind::Unavailable };
                return Err(Fault::not_done(kind, format!("file, status {}", status.as_u16())));
            }
            // The transport follows nothing: every hop is judged by its host.
            let next = header(http::header::LOCATION).and_then(|location| url.join(location).ok());
            address = next.filter(|url| self.endpoints.is_media(url));
        }
        Err(malformed("redirects of a file"))
    }

    /// The last word on the allowance.
    pub(super) fn usage(&self) -> Usage {
        *self.usage.lock().expect("no holder panics")
    }

    /// Now, as the platforms tell it.
    pub(super) fn platform_now(&self) -> Timestamp {
        self.clock.now()
    }

    fn address(&self, access: &Access, path: &[&str], query: &[(&str, &str)]) -> Result<Url, Failure> {
        let mut url = self.endpoints.graph.clone();
        url.path_segments_mut()
            .map_err(|()| Failure::from(malformed("graph address")))?
            .pop_if_empty()
            .push(&self.endpoints.version)
            .extend(path);
        if !query.is_empty() || access.proof.is_some() {
            let proof = access.proof.iter().map(|proof| ("appsecret_proof", proof.as_str()));
            url.query_pairs_mut().extend_pairs(query.iter().copied().chain(proof));
        }
        Ok(url)
    }

    async fn ask(
        &self,
        access: &Access,
        request: http::request::Builder,
        body: Bytes,
        bounds: Bounds,
        effect: Effect,
    ) -> Result<Bytes, Failure> {
        // In the header, not in the address: addresses end up in logs of proxies.
        let mut bearer = http::HeaderValue::from_str(&format!("Bearer {}", access.token.expose_secret()))
            .map_err(|_| {
                Failure::from(Fault::not_done(FaultKind::SignInAgain, "the token is no header text"))
            })?;
        bearer.set_sensitive(true);
        let request = request
            .header(http::header::AUTHORIZATION, bearer)
            .body(body)
            .map_err(|_| Failure::from(malformed("request")))?;
        let answer = self.http.call(request, bounds, effect).await?;
        self.listen(answer.headers());
        let has_error = answer.body().trim_ascii_start().starts_with(br#"{"error""#);
        if !answer.status().is_success() || has_error {
            let failure = errors::read(answer.status(), answer.headers(), answer.body(), effect);
            if let (FaultKind::Throttled, Some(wait)) = (failure.fault.kind, failure.fault.retry_after) {
                // Calls made while throttled make the lock-out longer.
                match failure.locks_out() {
                    LockOut::Call => {}
                    LockOut::Pool => self.http.pause(effect, wait),
                    LockOut::Page => self.http.pause_account(wait),
                }
            }
            return Err(failure);
        }
        Ok(answer.into_body())
    }

    fn listen(&self, headers: &HeaderMap) {
        if let Some(usage) = Usage::read(headers) {
            *self.usage.lock().expect("no holder panics") = usage;
        }
    }
}

/// Lower-case hexadecimal HMAC-SHA256 of the token, keyed by the app secret.
fn proof(app_secret: &SecretString, token: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(app_secret.expose_secret().as_bytes())
        .expect("HMAC takes keys of every length");
    mac.update(token.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

fn malformed(what: &str) -> Fault {
    Fault::not_done(FaultKind::Malformed, format!("the {what} cannot be built"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proof_is_the_documented_hmac() {
        // RFC 4231, test case 2.
        let secret = SecretString::from("Jefe");
        assert_eq!(
            proof(&secret, "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
