//! Signing in as steps: the connector says what to show next, any UI draws it, a new platform needs no new screen.

use crate::connector::Secrets;
use crate::fault::Fault;
use model::RemoteId;
use model::account::Barrier;
use std::collections::BTreeMap;

/// A way to sign in, offered before anything is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoginMethod {
    /// `password`, `own_app`, `token` …; its words are `login.<platform>.<id>` in the UI's files.
    pub id: &'static str,
}

/// One thing to ask for; words are `login.<platform>.field.<name>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginField {
    /// Name; also the key in [`LoginInput::Fields`].
    pub name: &'static str,
    /// How it is typed.
    pub kind: FieldKind,
    /// Filled in already.
    pub value: String,
    /// May be left empty.
    pub is_optional: bool,
}

/// How a field is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// Plain text.
    Text,
    /// An address (https, or http on loopback).
    Url,
    /// Never shown, never logged.
    Secret,
}

/// One choice of several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginChoice {
    /// Handed back.
    pub id: String,
    /// What the platform calls it.
    pub name: String,
    /// Whether it can be chosen; if not, `reason` says why.
    pub is_possible: bool,
    /// A key below `login.<platform>.reason`.
    pub reason: Option<&'static str>,
}

/// What to show next.
#[derive(Debug, Clone)]
pub enum LoginStep {
    /// Ask for these.
    Fields(Vec<LoginField>),
    /// Open this page in the system browser and wait: the redirect ends at our loopback listener, or is pasted.
    Browse {
        /// The page.
        url: url::Url,
        /// What the redirect's `state` must be; compared in constant time by whoever listens.
        state: String,
        /// Loopback port the redirect (or the bounce page) comes to; none = paste only.
        port: Option<u16>,
    },
    /// Let the person choose accounts (Pages); several may be chosen.
    Choose(Vec<LoginChoice>),
    /// Signed in. Where one account was to be signed in again, these may be others: the engine asks before it takes them.
    Done(Vec<SignedIn>),
}

/// What the person, the browser or the paste answered.
#[derive(Debug, Clone)]
pub enum LoginInput {
    /// The first call.
    Start,
    /// Values by field name; those of secret fields are wiped after use.
    Fields(BTreeMap<String, secrecy::SecretString>),
    /// The query parameters of the redirect (or of the pasted address).
    Redirect(BTreeMap<String, String>),
    /// Ids of the chosen.
    Chosen(Vec<String>),
}

/// One account, ready to be stored.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The platform's id of the identity.
    pub remote_id: RemoteId,
    /// Its name there.
    pub name: String,
    /// What the connector needs to reopen it beside the secrets; JSON of its own.
    pub config: String,
    /// Tokens and app secrets.
    pub secrets: Secrets,
}

/// Why a step did not lead on; each is a sentence with a next step in the UI's files (`login.problem.<id>`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LoginProblem {
    /// Wrong user or password.
    WrongPassword,
    /// The person refused consent.
    ConsentRefused,
    /// The redirect does not belong to this sign-in (wrong state, issuer or parameters).
    WrongRedirect,
    /// The code or token is used up, expired or revoked.
    TokenInvalid,
    /// App id or app secret are wrong.
    WrongApp,
    /// The server cannot be reached.
    Unreachable,
    /// The network answers with a page of its own instead of the platform.
    PageInBetween,
    /// A proxy wants a user name and a password.
    ProxyInBetween,
    /// A page answers at an address that nobody has tried before: a website, or the network in its place.
    PageAtAddress,
    /// There is a server, but it does not speak this platform.
    NotThisPlatform,
    /// The address is not one.
    BadAddress,
    /// Signed in, but a permission or role is missing.
    PermissionMissing,
    /// Signed in, but there is nothing to connect (no Page).
    NothingToConnect,
    /// Too many tries; wait.
    Throttled,
    /// This server does not offer this way to sign in.
    MethodNotOffered,
    /// The answer made no sense.
    Malformed,
}

impl From<Barrier> for LoginProblem {
    fn from(barrier: Barrier) -> Self {
        match barrier {
            Barrier::Page => Self::PageInBetween,
            Barrier::Proxy => Self::ProxyInBetween,
        }
    }
}

/// A failed step.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem:?}: {fault}")]
pub struct LoginFailure {
    /// For the person.
    pub problem: LoginProblem,
    /// For the log.
    pub fault: Fault,
}

/// A sign-in under way.
#[async_trait::async_trait]
pub trait Login: Send {
    /// Takes the answer to the last step and says what to show next. After a failure the same step may be answered again.
    async fn next(&mut self, input: LoginInput) -> Result<LoginStep, LoginFailure>;

    /// The listener of the last `Browse` step that named a port; handed out once, to be awaited beside the paste
    /// (see [`crate::oauth`]). Dropping it closes the port.
    fn loopback(&mut self) -> Option<crate::oauth::Loopback> {
        None
    }
}
