//! Keeping a Page signed in. (Facebook Login, Access Tokens: long-lived tokens; Graph API reference, Debug Token.)
//!
//! Two things end by themselves. A long-lived user token lives for about sixty days, and until then it can be exchanged
//! for a new one; the Page token that is made from it has no end of its own, as far as the documents say. The app's access
//! to the user's data ends about ninety days after the last consent, and only a person can consent again.
//!
//! Absent on purpose: exchanging a Page's own token that was pasted. The documents know that for user tokens only.

use super::graph::Graph;
use super::login::Config;
use super::pages;
use super::wire::{Page, TokenFacts};
use super::{ACCESS_TOKEN, APP_SECRET, USER_TOKEN};
use connect::http::SMALL;
use connect::{Fault, FaultKind, SecretKeeper, Secrets, Term};
use model::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Half of a long-lived token's life: with less than this left it is renewed. A short one is lengthened at once.
const HALF_LIFE: Duration = Duration::from_secs(30 * 86_400);

/// What the sign-in of a Page lives on.
pub(super) struct Renewal {
    app_id: String,
    keeper: Arc<dyn SecretKeeper>,
    secrets: Mutex<Secrets>,
}

impl Renewal {
    /// `config` is the account's own.
    pub(super) fn new(config: &str, secrets: Secrets, keeper: Arc<dyn SecretKeeper>) -> Self {
        let Config { app_id, .. } = serde_json::from_str(config).unwrap_or_default();
        Self { app_id, keeper, secrets: Mutex::new(secrets) }
    }

    /// Renews in time what can be renewed, and says when the rest ends. `graph` goes on with the new Page token,
    /// and with it what is apart from it.
    pub(super) async fn keep_signed_in(
        &self,
        graph: &Graph,
        files: &Graph,
        page: &str,
    ) -> Result<Term, Fault> {
        let (Some(app_secret), Some(token)) = (self.secret(APP_SECRET), self.secret(ACCESS_TOKEN)) else {
            return Ok(Term::default());
        };
        if self.app_id.is_empty() {
            // Only the app can ask how long its tokens live.
            return Ok(Term::default());
        }
        let app_token = pages::app_token(&self.app_id, &app_secret);
        // Counted with the files: messages must not wait for these calls.
        let app = files.beside(app_token.clone(), None);
        let mut facts = pages::describe(&app, &app_token, &token).await?;
        if !facts.is_valid {
            return Err(Fault::not_done(FaultKind::SignInAgain, "the Page token is over"));
        }
        let now = graph.platform_now();
        let not_renewed = match self.renew((&app, &app_token), &app_secret, &token, &facts, page, now).await {
            Ok(Some(token)) => {
                graph.renew(token.clone());
                facts = pages::describe(&app, &app_token, &token).await?;
                None
            }
            Ok(None) => None,
            Err(fault) => Some(fault),
        };
        let ends_at = [facts.expires_at, facts.data_access_expires_at].into_iter().filter_map(end).min();
        Ok(Term { ends_at, not_renewed })
    }

    /// Lengthens the user token when it is time, and makes the Page token anew from it. None = the Page token stays.
    async fn renew(
        &self,
        (app, app_token): (&Graph, &SecretString),
        app_secret: &SecretString,
        token: &SecretString,
        facts: &TokenFacts,
        page: &str,
        now: Timestamp,
    ) -> Result<Option<SecretString>, Fault> {
        let Some(mut user) = self.secret(USER_TOKEN) else {
            let hindrance =
                || Fault::not_done(FaultKind::Unsupported, "a Page's own token cannot be renewed");
            return if is_due(facts, now) { Err(hindrance()) } else { Ok(None) };
        };
        let of_user = pages::describe(app, app_token, &user).await?;
        if !of_user.is_valid {
            return Err(Fault::not_done(FaultKind::SignInAgain, "the user token is over"));
        }
        if is_due(&of_user, now) {
            // Bare: the exchange names its token in the query and must not carry another one's proof.
            let bare = app.beside(user.clone(), None);
            user = pages::lengthen(&bare, &self.app_id, app_secret, &user).await?;
            self.keep(USER_TOKEN, &user).await?;
        } else if !is_due(facts, now) {
            return Ok(None);
        }
        let fields = [("fields", "id,access_token")];
        let answer: Page = app.beside(user, Some(app_secret)).get(&[page], &fields, SMALL).await?;
        let fresh = answer.access_token.filter(|fresh| !fresh.is_empty() && fresh != token.expose_secret());
        let Some(fresh) = fresh.map(SecretString::from) else { return Ok(None) };
        self.keep(ACCESS_TOKEN, &fresh).await?;
        Ok(Some(fresh))
    }

    /// On disk first: a new token that is not kept is not used.
    async fn keep(&self, name: &str, secret: &SecretString) -> Result<(), Fault> {
        let mut secrets = self.secrets.lock().expect("no holder panics").clone();
        secrets.insert(name.to_owned(), secret.clone());
        self.keeper.keep(&secrets).await?;
        *self.secrets.lock().expect("no holder panics") = secrets;
        Ok(())
    }

    fn secret(&self, name: &str) -> Option<SecretString> {
        let secrets = self.secrets.lock().expect("no holder panics");
        secrets.get(name).filter(|secret| !secret.expose_secret().is_empty()).cloned()
    }
}

/// Whether half of a token's life is over.
fn is_due(facts: &TokenFacts, now: Timestamp) -> bool {
    end(facts.expires_at).is_some_and(|at| at.since(now) < HALF_LIFE)
}

/// An end as Graph tells it, in seconds; 0 means that there is none.
fn end(seconds: i64) -> Option<Timestamp> {
    (seconds > 0).then(|| Timestamp(seconds.saturating_mul(1000)))
}
