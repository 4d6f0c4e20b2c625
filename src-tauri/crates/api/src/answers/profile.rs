//! Which profile is open, and how one comes to be.

use crate::app::App;
use crate::error::{ApiError, ErrorCode};
use crate::types::Nothing;
use crate::types::conversation::Saved;
use crate::types::profile::*;
use engine::profile::{Error, FolderRisk, Kind, State, StoreTrouble};
use store::vault::{KeychainError, VaultError};

pub async fn profile_status(app: &App, _: Nothing) -> Result<ProfileStatus, ApiError> {
    Ok(status(app))
}

pub async fn profile_prepare(app: &App, _: Nothing) -> Result<Prepared, ApiError> {
    match app.0.profiles.prepare().await {
        Ok(()) => Ok(Prepared { is_ready: true, problem: None }),
        Err(error @ Error::Vault(VaultError::Keychain(_) | VaultError::KeyGone)) => {
            tracing::info!(%error, "no usable keychain: asking for a passphrase");
            Ok(Prepared { is_ready: false, problem: problem_of(&error) })
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn profile_protect(app: &App, chosen: Passphrase) -> Result<ProfileStatus, ApiError> {
    app.0.profiles.protect(chosen.passphrase.into()).await?;
    Ok(status(app))
}

pub async fn profile_make_temporary(app: &App, _: Nothing) -> Result<ProfileStatus, ApiError> {
    app.0.profiles.make_temporary().await?;
    Ok(status(app))
}

pub async fn profile_unlock(app: &App, typed: Passphrase) -> Result<ProfileStatus, ApiError> {
    app.0.profiles.unlock(typed.passphrase.into()).await?;
    Ok(status(app))
}

pub async fn profile_try_again(app: &App, _: Nothing) -> Result<ProfileStatus, ApiError> {
    app.0.profiles.try_again().await;
    Ok(status(app))
}

pub async fn profile_restore(app: &App, _: Nothing) -> Result<ProfileStatus, ApiError> {
    app.0.profiles.restore().await?;
    Ok(status(app))
}

pub async fn profile_export(app: &App, _: Nothing) -> Result<Saved, ApiError> {
    let downloads = app.0.host.downloads().map_err(|error| {
        tracing::warn!(kind = ?error.kind(), "there is no place for downloads");
        ErrorCode::Internal
    })?;
    match app.0.profiles.export(downloads).await {
        Ok(folder) => {
            let name = folder.file_name().unwrap_or_default().to_string_lossy();
            Ok(Saved { file_name: name.into_owned() })
        }
        // It is the place for downloads that could not be written, and not the profile.
        Err(error @ Error::Store(store::Error::Io(_))) => {
            tracing::warn!(%error, "a profile could not be copied");
            Err(ErrorCode::Internal.into())
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn profile_opened_by(app: &App, _: Nothing) -> Result<OpenedBy, ApiError> {
    Ok(OpenedBy { version: app.0.profiles.opened_by() })
}

pub async fn profile_place(app: &App, _: Nothing) -> Result<ProfilePlace, ApiError> {
    Ok(place(app.0.profiles.folder()))
}

pub async fn profile_begin_anew(app: &App, _: Nothing) -> Result<ProfilePlace, ApiError> {
    Ok(place(&app.0.profiles.begin_anew().await?))
}

fn place(folder: &std::path::Path) -> ProfilePlace {
    ProfilePlace { folder: folder.display().to_string() }
}

pub async fn profile_folder_seen(app: &App, _: Nothing) -> Result<ProfileStatus, ApiError> {
    app.0.profiles.note_folder_risk_seen().await?;
    Ok(status(app))
}

pub async fn sandbox_enter(app: &App, _: Nothing) -> Result<ProfileStatus, ApiError> {
    app.0.profiles.enter_sandbox().await?;
    Ok(status(app))
}

pub async fn sandbox_leave(app: &App, _: Nothing) -> Result<ProfileStatus, ApiError> {
    app.0.profiles.leave_sandbox().await;
    Ok(status(app))
}

pub async fn sandbox_practice(app: &App, _: Nothing) -> Result<Vec<PracticeSignIn>, ApiError> {
    let practice = app.0.profiles.practice();
    let show = |one: &engine::profile::PracticeSignIn| PracticeSignIn {
        platform: one.platform.clone(),
        method: one.method.clone(),
        name: one.name.clone(),
        handle: one.remote_id.as_ref().map(|id| id.as_str().to_owned()),
        fields: one.fields.clone(),
    };
    Ok(practice.iter().map(show).collect())
}

fn status(app: &App) -> ProfileStatus {
    let (state, problem) = app.0.profiles.status();
    let engine = app.0.profiles.engine();
    let trouble = engine.as_ref().and_then(|engine| engine.trouble().now());
    ProfileStatus {
        state: match state {
            State::Empty => ProfileState::Empty,
            State::PassphraseNeeded => ProfileState::PassphraseNeeded,
            State::Blocked => ProfileState::Blocked,
            State::Open(Kind::Kept) => ProfileState::Open,
            State::Open(Kind::Temporary) => ProfileState::Temporary,
            State::Open(Kind::Sandbox) => ProfileState::Sandbox,
        },
        problem: problem.and_then(|error| problem_of(&error)),
        trouble: trouble.map(|trouble| match trouble {
            StoreTrouble::DiskFull => ProfileProblem::DiskFull,
            StoreTrouble::Damaged => ProfileProblem::Damaged,
            StoreTrouble::NotWritable => ProfileProblem::NotWritable,
            StoreTrouble::DiskFailed => ProfileProblem::DiskFailed,
        }),
        restorable: app.0.profiles.restorable(),
        may_begin_anew: app.0.profiles.may_begin_anew(),
        folder: app.0.profiles.folder_risk().map(|risk| FolderWarning {
            is_remote: matches!(risk, FolderRisk::Remote(_)),
            name: risk.name().to_owned(),
        }),
        platforms_ahead_ms: engine.as_ref().map_or(0, |engine| *engine.ahead_ms().borrow()),
        is_clock_wrong: engine.is_some_and(|engine| engine.is_clock_wrong()),
    }
}

/// The words for what stands in the way; none for faults of ours.
fn problem_of(error: &Error) -> Option<ProfileProblem> {
    Some(match error {
        Error::Vault(VaultError::Keychain(KeychainError::Locked)) => ProfileProblem::KeychainLocked,
        Error::Vault(VaultError::Keychain(_)) => ProfileProblem::KeychainMissing,
        Error::Vault(VaultError::KeyGone) => ProfileProblem::KeyGone,
        Error::Vault(VaultError::WrongPassphrase) => ProfileProblem::WrongPassphrase,
        Error::Vault(VaultError::PassphraseTooShort) => ProfileProblem::PassphraseTooShort,
        Error::Vault(VaultError::Newer) | Error::Store(store::Error::Newer { .. }) => {
            ProfileProblem::NewerDatabase
        }
        Error::Vault(VaultError::Full) | Error::Store(store::Error::Full) => ProfileProblem::DiskFull,
        Error::Vault(VaultError::Damaged) => ProfileProblem::Damaged,
        Error::Store(store::Error::Corrupt | store::Error::WrongKey | store::Error::Sealed) => {
            ProfileProblem::Damaged
        }
        Error::Store(store::Error::DiskFailed) => ProfileProblem::DiskFailed,
        Error::Vault(VaultError::Io(_)) | Error::Store(store::Error::Io(_)) | Error::Io(_) => {
            ProfileProblem::NotWritable
        }
        Error::Store(store::Error::AlreadyOpen | store::Error::Busy) => ProfileProblem::InUse,
        Error::Vault(VaultError::NotThisWay | VaultError::Taken | VaultError::Absent)
        | Error::Store(_)
        | Error::WrongState => return None,
    })
}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        tracing::warn!(%error, "a profile could not be opened or made");
        let problem = problem_of(&error);
        let code = if problem.is_some() { ErrorCode::Profile } else { ErrorCode::Internal };
        Self { code, problem, login: None }
    }
}
