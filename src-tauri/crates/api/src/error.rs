//! The only error that crosses the border.

use crate::types::login::LoginProblem;
use crate::types::profile::ProfileProblem;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why a call failed; a code exists only if the UI does something with it. Its words are `error.<code>` in the UI's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The call or its arguments are not of the list's form: a fault of the UI.
    BadCall,
    /// No profile is open.
    NoProfile,
    /// The profile could not be opened or made: `problem` has the reason.
    Profile,
    /// A sign-in step did not lead on: `login` has the reason.
    Login,
    /// It is no longer there.
    Gone,
    /// The reply window has closed.
    WindowClosed,
    /// Longer than the platform takes.
    TooLong,
    /// Neither text nor file.
    NothingToSend,
    /// The file is larger than the platform takes, or of a kind it does not take.
    FileRefused,
    /// Plain text must not go into an encrypted conversation.
    Encrypted,
    /// We may not write here.
    ReadOnly,
    /// It is too late: the reply is on its way.
    TooLate,
    /// The address is neither http, https nor mailto.
    BadLink,
    /// No room on the disk; nothing was changed.
    DiskFull,
    /// The disk could not read, write or flush: nothing is stored any more until Kontor is started anew.
    DiskFailed,
    /// The profile's folder cannot be written.
    NotWritable,
    /// The database is damaged.
    Damaged,
    /// The platform did not answer; it was a read, try again.
    Unreachable,
    /// Anything else; logged with its cause.
    Internal,
}

/// A failed call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
#[error("{code:?}")]
pub struct ApiError {
    /// What the UI does.
    pub code: ErrorCode,
    /// With `Profile`.
    pub problem: Option<ProfileProblem>,
    /// With `Login`.
    pub login: Option<LoginProblem>,
}

impl From<ErrorCode> for ApiError {
    fn from(code: ErrorCode) -> Self {
        Self { code, problem: None, login: None }
    }
}

impl From<store::Error> for ApiError {
    fn from(error: store::Error) -> Self {
        match error {
            store::Error::Full => ErrorCode::DiskFull.into(),
            store::Error::Missing(_) => ErrorCode::Gone.into(),
            store::Error::Closed => ErrorCode::NoProfile.into(),
            // These two are logged where they are noted: see `App::call`.
            store::Error::DiskFailed => ErrorCode::DiskFailed.into(),
            store::Error::Corrupt | store::Error::WrongKey => ErrorCode::Damaged.into(),
            error => {
                tracing::error!(%error, "the store refused a call");
                let is_file = matches!(error, store::Error::Io(_));
                if is_file { ErrorCode::NotWritable.into() } else { ErrorCode::Internal.into() }
            }
        }
    }
}

impl From<engine::inbox::Refusal> for ApiError {
    fn from(refusal: engine::inbox::Refusal) -> Self {
        use engine::inbox::Refusal;
        let code = match refusal {
            Refusal::Gone => ErrorCode::Gone,
            Refusal::WindowClosed => ErrorCode::WindowClosed,
            Refusal::TooLong => ErrorCode::TooLong,
            Refusal::NothingToSend => ErrorCode::NothingToSend,
            Refusal::FileRefused => ErrorCode::FileRefused,
            Refusal::Encrypted => ErrorCode::Encrypted,
            Refusal::ReadOnly => ErrorCode::ReadOnly,
            Refusal::TooLate => ErrorCode::TooLate,
            Refusal::Store(error) => return error.into(),
        };
        code.into()
    }
}
