//! The only error of a connector.

use model::account::Barrier;
use std::time::Duration;

/// What went wrong; a kind exists because the engine acts differently on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// The sign-in is over (revoked, expired, password changed): pause the account, ask the person.
    SignInAgain,
    /// Too many calls: wait.
    Throttled,
    /// The platform understood and refuses; why decides the words.
    Refused(Refusal),
    /// Not reachable, or failing on its side: try again with backoff.
    Unavailable,
    /// Something on the way answers in the platform's place; tried again like [`FaultKind::Unavailable`].
    Intercepted(Barrier),
    /// This platform or server cannot do that.
    Unsupported,
    /// The answer makes no sense (broken, too large, too deep).
    Malformed,
    /// The position handed in is no longer known: start over from the beginning, duplicates are harmless.
    CursorLost,
}

/// Why a platform refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// The reply window has closed.
    WindowClosed,
    /// Text longer than it takes.
    TooLong,
    /// File too large, or of a kind it does not take.
    Attachment,
    /// Blocked, left, deleted, not to be reached.
    RecipientUnavailable,
    /// Another app controls the conversation.
    OtherAppInControl,
    /// The conversation is encrypted end to end and we cannot encrypt.
    Encrypted,
    /// Permission, role, review or policy.
    Permission,
    /// The object is not there (any more).
    NotFound,
    /// Anything else it said no to.
    Other,
}

/// Whether what was asked for may have happened all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Certainty {
    /// A definite no: nothing left, or a parsed refusal came back.
    NotDone,
    /// Bytes may have left: it may have happened. Never repeated blindly.
    Unknown,
}

/// A failed call: what, whether it may have happened, and when to come back.
///
/// `detail` is for logs: status, error code, shape; never a text of a person, a token, or an address with a query.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind:?} ({certainty:?}): {detail}")]
pub struct Fault {
    /// What.
    pub kind: FaultKind,
    /// Whether it may have happened.
    pub certainty: Certainty,
    /// When the platform says to come back; already clamped to 1 s – 1 h.
    pub retry_after: Option<Duration>,
    /// Status, code, shape.
    pub detail: String,
}

impl Fault {
    /// A definite no.
    pub fn not_done(kind: FaultKind, detail: impl Into<String>) -> Self {
        Self { kind, certainty: Certainty::NotDone, retry_after: None, detail: detail.into() }
    }

    /// It may have happened.
    pub fn unknown(kind: FaultKind, detail: impl Into<String>) -> Self {
        Self { kind, certainty: Certainty::Unknown, retry_after: None, detail: detail.into() }
    }

    /// The same fault, with the time the platform asks for, clamped to 1 s – 1 h.
    pub fn after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait.clamp(Duration::from_secs(1), Duration::from_secs(3600)));
        self
    }
}
