//! From what a person typed to the address of a homeserver that answers.
//!
//! Source: Matrix client-server specification, "Server discovery".

use super::ids;
use super::refusal;
use super::server::Call;
use super::wire::{self, Versions, WellKnown};
use bytes::Bytes;
use connect::http::SMALL;
use connect::{Effect, Fault, FaultKind, Http, LoginFailure, LoginProblem};
use http::{Request, Response};
use url::Url;

/// Oldest version spoken to: the first with media behind a token.
const OLDEST: (u32, u32) = (1, 11);
const MAX_REDIRECTS: usize = 3;

/// A homeserver that answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Address without a slash at the end.
    pub base: String,
    /// The person named this very address: what the server says of itself elsewhere does not replace it.
    pub is_as_typed: bool,
}

/// A failed step.
pub fn failure(problem: LoginProblem, detail: &str) -> LoginFailure {
    LoginFailure { problem, fault: Fault::not_done(FaultKind::Unavailable, detail) }
}

/// Looks for the homeserver of a domain or at an address. `known` is one that has answered before: a page there is in between.
pub async fn find(http: &Http, typed: &str, known: Option<&str>) -> Result<Found, LoginFailure> {
    let typed_url = ids::base(typed)
        .ok_or_else(|| failure(LoginProblem::BadAddress, "not an https address, nor http on this machine"))?;
    let typed_base = trimmed(&typed_url);
    if typed.contains("://") && probe(http, &typed_base).await.is_ok() {
        return Ok(Found { base: typed_base, is_as_typed: true });
    }
    let told = well_known(http, &typed_url).await;
    let is_known = told.is_some() || known == Some(&typed_base);
    let base = told.unwrap_or(typed_base);
    probe(http, &base).await.map_err(|failure| match failure.problem {
        LoginProblem::PageAtAddress if is_known => {
            LoginFailure { problem: LoginProblem::PageInBetween, ..failure }
        }
        _ => failure,
    })?;
    Ok(Found { base, is_as_typed: false })
}

/// The address a server gives for itself, if it may be believed: never from elsewhere to this machine.
pub fn adopt(from: &Url, well_known: WellKnown) -> Option<String> {
    let url = ids::base(&well_known.homeserver.base_url?)?;
    (ids::is_loopback(from) || !ids::is_loopback(&url)).then(|| trimmed(&url))
}

/// An address as calls are appended to it.
fn trimmed(url: &Url) -> String {
    url.as_str().trim_end_matches('/').to_owned()
}

/// What the domain says in its well-known file; none sends us to the domain itself, which then must answer.
async fn well_known(http: &Http, domain: &Url) -> Option<String> {
    let mut here = domain.join("/.well-known/matrix/client").ok()?;
    for _ in 0..=MAX_REDIRECTS {
        let request = Request::get(here.as_str()).body(Bytes::new()).ok()?;
        let answer = http.call(request, SMALL, Effect::Read).await.ok()?;
        if answer.status().is_redirection() {
            let target = answer.headers().get(http::header::LOCATION)?.to_str().ok()?;
            here = here.join(target).ok().filter(ids::is_trustworthy)?;
            continue;
        }
        return answer
            .status()
            .is_success()
            .then(|| wire::parse(answer.body()).ok())
            .flatten()
            .and_then(|told| adopt(domain, told));
    }
    None
}

/// Whether a Matrix server of a fit version answers there.
async fn probe(http: &Http, base: &str) -> Result<(), LoginFailure> {
    let call = Call::get("/_matrix/client/versions");
    let request = call
        .request(base, None)
        .map_err(|fault| LoginFailure { problem: LoginProblem::BadAddress, fault })?;
    let answer = http.call(request, SMALL, Effect::Read).await.map_err(unanswered)?;
    let answer = refusal::check(answer, Effect::Read).map_err(|fault| {
        let is_down = fault.detail.starts_with('5');
        let problem = match fault.kind {
            FaultKind::Intercepted(barrier) => barrier.into(),
            FaultKind::Throttled => LoginProblem::Throttled,
            _ if is_down => LoginProblem::Unreachable,
            _ => LoginProblem::NotThisPlatform,
        };
        LoginFailure { problem, fault }
    })?;
    versions(&answer)
}

fn versions(answer: &Response<Bytes>) -> Result<(), LoginFailure> {
    let spoken = match wire::parse::<Versions>(answer.body()) {
        Ok(versions) => versions.versions,
        // The network's, or an ordinary website's: from here nobody can tell.
        Err(fault) if matches!(fault.kind, FaultKind::Intercepted(_)) => {
            return Err(LoginFailure { problem: LoginProblem::PageAtAddress, fault });
        }
        Err(_) => None,
    };
    let Some(spoken) = spoken else {
        return Err(failure(LoginProblem::NotThisPlatform, "answer names no versions"));
    };
    let is_fit = |text: &String| {
        let numbers = text.strip_prefix('v').and_then(|numbers| numbers.split_once('.'));
        let numbers = numbers.and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?)));
        numbers.is_some_and(|version: (u32, u32)| version >= OLDEST)
    };
    if spoken.iter().any(is_fit) {
        return Ok(());
    }
    Err(failure(LoginProblem::NotThisPlatform, "server speaks no version from v1.11 on"))
}

/// An answer that cannot be read.
pub fn unread(fault: Fault) -> LoginFailure {
    let problem = match fault.kind {
        FaultKind::Intercepted(barrier) => barrier.into(),
        _ => LoginProblem::Malformed,
    };
    LoginFailure { problem, fault }
}

/// A call without an answer.
pub fn unanswered(fault: Fault) -> LoginFailure {
    let problem = match fault.kind {
        FaultKind::Malformed => LoginProblem::Malformed,
        FaultKind::Intercepted(barrier) => barrier.into(),
        _ => LoginProblem::Unreachable,
    };
    LoginFailure { problem, fault }
}
