//! Which Pages a token leads to.

use super::errors::Failure;
use super::graph::Graph;
use super::lenient::List;
use super::wire::{Debugged, Page, Thread, TokenFacts};
use super::{Endpoints, conversations};
use connect::http::SMALL;
use connect::{Fault, FaultKind, LoginChoice};
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;

/// What is asked of a Page.
const FIELDS: &str = "id,name,access_token,tasks";
/// Pages of `/me/accounts` followed, of 100 Pages each.
const MAX_LISTS: usize = 50;
/// Pages read one by one, where only their ids are told.
const MAX_SINGLE: usize = 100;
/// So often an inbox is looked at that somebody else is just looking at.
const MAX_LOOKS: u32 = 3;
/// The wait after each: the second has passed.
const BREATH: Duration = Duration::from_millis(1300);

/// A Page that can be connected, or why not.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub id: String,
    pub name: String,
    pub token: Option<SecretString>,
    /// Key below `login.messenger.reason`.
    pub reason: Option<&'static str>,
}

impl Candidate {
    fn of(page: Page) -> Self {
        let token = page.access_token.filter(|token| !token.is_empty()).map(SecretString::from);
        // Without the task MESSAGING every read of the inbox is refused; where tasks are not told, we try.
        let may_message = page.tasks.is_none_or(|tasks| tasks.iter().any(|task| task == "MESSAGING"));
        let reason = match (&token, may_message) {
            (_, false) => Some("no_messaging_task"),
            (None, true) => Some("no_token"),
            (Some(_), true) => None,
        };
        Self { name: page.name.unwrap_or_else(|| page.id.0.clone()), id: page.id.0, token, reason }
    }

    pub(super) fn choice(&self) -> LoginChoice {
        LoginChoice {
            id: self.id.clone(),
            name: self.name.clone(),
            is_possible: self.reason.is_none(),
            reason: self.reason,
        }
    }
}

/// The Pages of a user's or system user's token: `/me/accounts`, and where that is empty although Pages were granted
/// (Pages of a business portfolio), the ids that the token's description names; `reader` is who may ask for it.
pub(super) async fn candidates(
    graph: &Graph,
    reader: (&Graph, &SecretString),
    token: &SecretString,
) -> Result<Vec<Candidate>, Failure> {
    let mut candidates = Vec::new();
    let mut after = String::new();
    for _ in 0..MAX_LISTS {
        let mut query = vec![("fields", FIELDS), ("limit", "100")];
        if !after.is_empty() {
            query.push(("after", &after));
        }
        let list: List<Page> = graph.get(&["me", "accounts"], &query, SMALL).await?;
        let next = list.after();
        candidates.extend(list.items.into_iter().map(Candidate::of));
        match next {
            Some(next) => after = next,
            None => break,
        }
    }
    if candidates.is_empty() {
        candidates = granted(graph, reader, token).await?;
    }
    Ok(candidates)
}

/// What Graph knows of a token; asked with the app's own token, or with the token itself where the app is not known.
pub(super) async fn describe(
    reader: &Graph,
    reader_token: &SecretString,
    token: &SecretString,
) -> Result<TokenFacts, Failure> {
    let query = [("input_token", token.expose_secret()), ("access_token", reader_token.expose_secret())];
    Ok(reader.get::<Debugged>(&["debug_token"], &query, SMALL).await?.data)
}

/// The token with which an app speaks for itself.
pub(super) fn app_token(app_id: &str, app_secret: &SecretString) -> SecretString {
    SecretString::from(format!("{app_id}|{}", app_secret.expose_secret()))
}

async fn granted(
    graph: &Graph,
    (reader, reader_token): (&Graph, &SecretString),
    token: &SecretString,
) -> Result<Vec<Candidate>, Failure> {
    let mut ids: Vec<String> = describe(reader, reader_token, token)
        .await?
        .granular_scopes
        .items
        .into_iter()
        .filter(|granted| matches!(granted.scope.as_str(), "pages_messaging" | "pages_show_list"))
        .flat_map(|granted| granted.target_ids.items)
        .map(|id| id.0)
        .collect();
    ids.sort_unstable();
    ids.dedup();
    let mut candidates = Vec::new();
    for id in ids.iter().take(MAX_SINGLE) {
        match graph.get::<Page>(&[id], &[("fields", FIELDS)], SMALL).await {
            Ok(page) => candidates.push(Candidate::of(page)),
            // Tasks may be no field of the node for this token; a Page that cannot be read at all is left out.
            Err(failure) if failure.is_bad_parameter() => {
                let fields = [("fields", "id,name,access_token")];
                candidates.extend(graph.get::<Page>(&[id], &fields, SMALL).await.ok().map(Candidate::of));
            }
            Err(failure) if failure.fault.kind == FaultKind::SignInAgain => return Err(failure),
            Err(_) => {}
        }
    }
    Ok(candidates)
}

/// The Page that a Page's own token belongs to; reads its inbox once, so that a missing permission shows now.
pub(super) async fn own(graph: &Graph, token: &SecretString) -> Result<Candidate, Failure> {
    let me: Page = graph.get(&["me"], &[("fields", "id,name")], SMALL).await?;
    look_once(graph, &me.id.0).await?;
    Ok(Candidate { token: Some(token.clone()), ..Candidate::of(me) }.possible())
}

/// Graph allows two looks a second at a Page's inbox; one that is connected already is looked at by its account as well, and
/// without a gap while its history comes. Then the look is left to the account: nobody is turned away because we are busy.
async fn look_once(graph: &Graph, page: &str) -> Result<(), Failure> {
    let query = [("platform", "messenger"), ("fields", "id,updated_time"), ("limit", "1")];
    for _ in 0..MAX_LOOKS {
        match graph.apart(conversations).get::<List<Thread>>(&[page, "conversations"], &query, SMALL).await {
            Err(failure) if failure.asks_for_a_breath() => tokio::time::sleep(BREATH).await,
            looked => return looked.map(|_| ()),
        }
    }
    Ok(())
}

impl Candidate {
    fn possible(self) -> Self {
        Self { reason: None, ..self }
    }
}

/// A long-lived user token out of a short one: Page tokens made from it do not expire.
pub(super) async fn lengthen(
    graph: &Graph,
    app_id: &str,
    app_secret: &SecretString,
    short: &SecretString,
) -> Result<SecretString, Failure> {
    let query = [
        ("grant_type", "fb_exchange_token"),
        ("client_id", app_id),
        ("client_secret", app_secret.expose_secret()),
        ("fb_exchange_token", short.expose_secret()),
    ];
    let page: serde_json::Value = graph.get(&["oauth", "access_token"], &query, SMALL).await?;
    let token = page["access_token"].as_str().filter(|token| !token.is_empty());
    token
        .map(|token| SecretString::from(token.to_owned()))
        .ok_or_else(|| Fault::not_done(FaultKind::Malformed, "no token in the answer").into())
}

/// Where the person consents and where the code is redeemed.
pub(super) fn addresses(endpoints: &Endpoints) -> (url::Url, url::Url) {
    let join = |base: &url::Url, path: &str| {
        let mut url = base.clone();
        url.set_path(&format!("{}/{}/{path}", base.path().trim_end_matches('/'), endpoints.version));
        url
    };
    (join(&endpoints.dialog, "dialog/oauth"), join(&endpoints.graph, "oauth/access_token"))
}
