//! The contract: a `Connector` per platform, a `Session` per signed-in account.

use crate::budget::Budget;
use crate::fault::Fault;
use crate::http::Http;
use crate::login::{Login, LoginMethod};
use crate::time::{Clock, Dice};
use bytes::Bytes;
use model::account::Account;
use model::attachment::MediaRef;
use model::capability::Capabilities;
use model::remote::{Outgoing, RemoteEvent, RemoteOp};
use model::{PlatformId, RemoteId, Timestamp};
use secrecy::SecretString;
use std::sync::Arc;
use std::time::Duration;

/// What a platform is and can do: all that the UI and the engine ever know of it by name.
#[derive(Debug, Clone)]
pub struct Descriptor {
    /// Its id, for ever: stored with accounts.
    pub id: PlatformId,
    /// Its own name, as people write it.
    pub name: &'static str,
    /// One colour that people recognise, `#rrggbb`, dark enough for white on it.
    pub colour: &'static str,
    /// Its mark as SVG: one path or shape, `currentColor`, 24×24 view box; drawn by us.
    pub logo_svg: &'static str,
    /// Ways to sign in, best first.
    pub login_methods: Vec<LoginMethod>,
    /// What it takes.
    pub capabilities: Capabilities,
}

/// A platform.
pub trait Connector: Send + Sync {
    /// What it is and can do.
    fn descriptor(&self) -> &Descriptor;

    /// The call budget that one account's [`Http`] starts with: the platform's own limits as arithmetic.
    fn budget(&self, now: Timestamp) -> Budget {
        Budget::new(50, 20.0, now)
    }

    /// Begins a sign-in by one of the descriptor's methods. No I/O yet.
    fn login(&self, method: &str, parts: LoginParts) -> Result<Box<dyn Login>, Fault>;

    /// Opens a signed-in account. No I/O yet.
    fn open(&self, parts: SessionParts) -> Result<Box<dyn Session>, Fault>;
}

/// What a sign-in works with.
#[derive(Clone)]
pub struct LoginParts {
    /// The way out.
    pub http: Http,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance (state, PKCE verifier come from the operating system, not from here).
    pub dice: Arc<dyn Dice>,
    /// Set when an account signs in again: what must stay (device id, app id) is read from it.
    pub again: Option<Account>,
}

/// What a session works with.
#[derive(Clone)]
pub struct SessionParts {
    /// The account as stored.
    pub account: Account,
    /// Its secrets, newest version.
    pub secrets: Secrets,
    /// Keeps renewed secrets; returns once they are durable.
    pub keeper: Arc<dyn SecretKeeper>,
    /// The way out, metered by this account's budget.
    pub http: Http,
    /// Time, as the platforms tell it.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub dice: Arc<dyn Dice>,
}

/// Named secrets of an account (`access_token`, `refresh_token`, `app_secret` …).
pub type Secrets = std::collections::BTreeMap<String, SecretString>;

/// Durable place for renewed secrets: a new token is on disk before it is used.
#[async_trait::async_trait]
pub trait SecretKeeper: Send + Sync {
    /// Stores all secrets of the account in one commit.
    async fn keep(&self, secrets: &Secrets) -> Result<(), Fault>;
}

/// What one read brought.
#[derive(Debug, Clone, Default)]
pub struct Pulled {
    /// Facts, in the platform's order.
    pub events: Vec<RemoteEvent>,
    /// What could not be understood: shapes, never content.
    pub problems: Vec<String>,
    /// Where to go on; stored in the same commit as the events. None = the end was reached (history) or unchanged (pull).
    pub next: Option<String>,
    /// Pull only: when to look again. Zero = at once (a long poll, or more pages wait).
    pub again_after: Duration,
    /// Pull only: what stood in the way of the rest. What came is kept; the account is shown as the fault says, and the next
    /// look comes as after one that failed, whatever `again_after` says.
    pub held_up: Option<Fault>,
}

/// What the platform answered to an operation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Receipt {
    /// The new message's id, if there is one and the answer could be read. A send without it is looked up by `find_sent`.
    pub remote_id: Option<RemoteId>,
}

/// How long a sign-in lasts if nobody does anything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Term {
    /// When it ends, by the platform's clock; none = no end is known.
    pub ends_at: Option<Timestamp>,
    /// It was time to renew it, and this stood in the way. Asked again later.
    pub not_renewed: Option<Fault>,
}

/// A signed-in account. One `pull` runs at a time; everything else may run beside it and beside each other.
#[async_trait::async_trait]
pub trait Session: Send + Sync {
    /// New facts since `from` (none = from the beginning). `wait` > 0 allows a long poll of that length, if the platform has one.
    /// Cancel-safe. Errors: see [`Fault`]; `CursorLost` starts over.
    async fn pull(&self, from: Option<&str>, wait: Duration) -> Result<Pulled, Fault>;

    /// Older messages of one conversation, newest first by page; `before` from `Pulled::next` or `RemoteEvent::Gap`.
    async fn history(&self, conversation: &RemoteId, before: Option<&str>) -> Result<Pulled, Fault>;

    /// Does one thing. At most one request that has an effect; never retried inside.
    async fn perform(&self, op: &RemoteOp) -> Result<Receipt, Fault>;

    /// Looks for a send with an unknown outcome, by reading. `taken` are remote ids already matched to other messages of ours.
    async fn find_sent(&self, sent: &Outgoing, taken: &[RemoteId]) -> Result<Option<RemoteId>, Fault>;

    /// The bytes of a file (at most `max_bytes`), with the stated mime type.
    async fn fetch(&self, media: &MediaRef, max_bytes: u64) -> Result<(Bytes, Option<String>), Fault>;

    /// Renews what the sign-in lives on once half of its life is over, where the platform allows that without a person,
    /// and says how long it lasts now. Asked at the start and every few hours; the default is for platforms whose
    /// sign-ins have no end, or are renewed by the call that finds them ended.
    ///
    /// A new secret is kept before it is used. Where we stop between the platform's answer and that, the next call
    /// tries the old one once more; if the platform has ended it, the term says what is left, and at last every call
    /// answers `SignInAgain`. A fault tells nothing about the sign-in: what was known of its term still holds.
    async fn keep_signed_in(&self) -> Result<Term, Fault> {
        Ok(Term::default())
    }

    /// Ends the session on the platform when the account is removed. Best effort.
    async fn sign_out(&self) -> Result<(), Fault> {
        Ok(())
    }
}
