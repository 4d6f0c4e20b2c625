//! OAuth 2.0 for desktops: PKCE, state, the loopback redirect and the bounce page.
//!
//! How a sign-in by browser is driven:
//! 1. The connector binds a [`Loopback`], makes a [`State`] for its port, asks [`Client::browse`] for the address and
//!    answers `LoginStep::Browse`; the listener is handed out once by `Login::loopback`.
//! 2. The engine opens the address in the system browser and awaits [`Loopback::wait`] and the paste dialog together,
//!    whichever comes first; a pasted text goes through [`pasted`]. Both give the redirect's parameters, state checked.
//! 3. The engine hands them in as `LoginInput::Redirect`; the connector redeems the code by [`Client::redeem`].
//!
//! Absent on purpose: a web view of our own, custom URL schemes (any program can claim one), secrets of a vendor.

mod loopback;
mod paste;
mod state;

pub use loopback::{Loopback, LoopbackError, PORTS};
pub use paste::pasted;
pub use state::State;

use crate::budget::Effect;
use crate::fault::{Fault, FaultKind};
use crate::http::{Http, SMALL};
use ::http::{Request, StatusCode};
use bytes::Bytes;
use oauth2::basic::{BasicClient, BasicTokenResponse};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, Scope, TokenResponse, TokenUrl,
};
use secrecy::{ExposeSecret, SecretString};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use url::Url;

/// How a provider takes the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exchange {
    /// As RFC 6749 says: a form by POST.
    Form,
    /// As the Graph API documents it: the same parameters in the query of a GET.
    Query,
}

/// Our side of the authorization code flow with one provider.
#[derive(Debug, Clone)]
pub struct Client {
    /// Client or app id.
    pub id: String,
    /// Client or app secret; none for public clients.
    pub secret: Option<SecretString>,
    /// Where the person consents.
    pub authorize: Url,
    /// Where the code is redeemed.
    pub token: Url,
    /// The registered redirect address, exactly as the person or the provider writes it.
    pub redirect: String,
    /// How the code is taken.
    pub exchange: Exchange,
}

/// What redeeming a code brought.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// For calls.
    pub access: SecretString,
    /// For renewal.
    pub refresh: Option<SecretString>,
    /// How long `access` lives, if stated.
    pub expires_in: Option<Duration>,
}

/// Why a code could not be redeemed.
#[derive(Debug, thiserror::Error)]
#[error("{fault}")]
pub struct RedeemError {
    /// For the log and the engine.
    pub fault: Fault,
    /// What the provider answered, for its own reading of errors; none if it did not.
    pub answer: Option<(StatusCode, Bytes)>,
}

impl Client {
    /// The page to open, and with `is_pkce` the verifier to redeem with (S256).
    ///
    /// Extra parameters are the provider's own. Fails if the redirect is no address.
    pub fn browse(
        &self,
        state: &State,
        scopes: &[&str],
        is_pkce: bool,
        extra: &[(&str, &str)],
    ) -> Result<(Url, Option<SecretString>), Fault> {
        let client = BasicClient::new(ClientId::new(self.id.clone()))
            .set_auth_uri(AuthUrl::from_url(self.authorize.clone()))
            .set_redirect_uri(self.redirect_url()?);
        let mut request = client.authorize_url(|| CsrfToken::new(state.as_str().to_owned()));
        request = request.add_scopes(scopes.iter().map(|scope| Scope::new((*scope).to_owned())));
        for (name, value) in extra {
            request = request.add_extra_param((*name).to_owned(), (*value).to_owned());
        }
        if !is_pkce {
            return Ok((request.url().0, None));
        }
        let verifier = PkceCodeVerifier::new(state::random_text()?);
        request = request.set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        Ok((request.url().0, Some(verifier.into_secret().into())))
    }

    /// Turns the code into tokens: one request, never repeated, because a code lives once.
    pub async fn redeem(
        &self,
        http: &Http,
        code: &str,
        verifier: Option<&SecretString>,
    ) -> Result<Tokens, RedeemError> {
        let without_answer = |fault| RedeemError { fault, answer: None };
        let mut client = BasicClient::new(ClientId::new(self.id.clone()))
            .set_token_uri(TokenUrl::from_url(self.token.clone()))
            .set_redirect_uri(self.redirect_url().map_err(without_answer)?)
            .set_auth_type(AuthType::RequestBody);
        if let Some(secret) = &self.secret {
            client = client.set_client_secret(ClientSecret::new(secret.expose_secret().to_owned()));
        }
        let mut request = client.exchange_code(AuthorizationCode::new(code.to_owned()));
        if let Some(verifier) = verifier {
            request = request.set_pkce_verifier(PkceCodeVerifier::new(verifier.expose_secret().to_owned()));
        }

        // Owned by each call: a borrowing future would not be `Send` for every lifetime, which the trait asks for.
        let seen = Arc::new(Mutex::new(None));
        let send = |request: oauth2::HttpRequest| {
            let (shaped, http, seen) = (self.shape(request), http.clone(), Arc::clone(&seen));
            async move {
                let response = http.call(shaped?, SMALL, Effect::Write).await?;
                let (status, body) = (response.status(), response.into_body());
                *seen.lock().expect("no holder panics") = Some((status, body.clone()));
                // Only status and body go on: Graph names several content types for the same JSON.
                let mut answer = oauth2::HttpResponse::new(body.to_vec());
                *answer.status_mut() = status;
                Ok::<_, Fault>(answer)
            }
        };
        let result: Result<BasicTokenResponse, _> = request.request_async(&send).await;
        let answer = seen.lock().expect("no holder panics").take();
        match result {
            Ok(tokens) => Ok(Tokens {
                access: tokens.access_token().secret().clone().into(),
                refresh: tokens.refresh_token().map(|token| token.secret().clone().into()),
                expires_in: tokens.expires_in(),
            }),
            Err(oauth2::RequestTokenError::Request(fault)) => Err(RedeemError { fault, answer }),
            // The texts of the other errors may repeat the answer, which may hold a token.
            Err(_) => {
                let status = answer.as_ref().map_or(0, |(status, _)| status.as_u16());
                let fault =
                    Fault::not_done(FaultKind::Malformed, format!("code not redeemed, status {status}"));
                Err(RedeemError { fault, answer })
            }
        }
    }

    fn redirect_url(&self) -> Result<RedirectUrl, Fault> {
        RedirectUrl::new(self.redirect.clone())
            .map_err(|_| Fault::not_done(FaultKind::Malformed, "the redirect is no address"))
    }

    fn shape(&self, request: oauth2::HttpRequest) -> Result<Request<Bytes>, Fault> {
        if self.exchange == Exchange::Form {
            return Ok(request.map(Bytes::from));
        }
        let mut address = self.token.clone();
        address.query_pairs_mut().extend_pairs(url::form_urlencoded::parse(request.body()));
        Request::get(address.as_str())
            .header(::http::header::ACCEPT, "application/json")
            .body(Bytes::new())
            .map_err(|_| Fault::not_done(FaultKind::Malformed, "the token address is no address"))
    }
}

#[cfg(test)]
mod tests;
