//! Signing in: the engine's steps, for any screen to draw.

use crate::app::App;
use crate::error::{ApiError, ErrorCode};
use crate::types::Nothing;
use crate::types::login::*;
use connect::login as words;
use engine::accounts::{LoginAnswer as Answer, LoginError, LoginStage};

pub async fn login_start(app: &App, start: LoginStart) -> Result<LoginView, ApiError> {
    let (flow, stage) = app.engine()?.login_start(start.platform, &start.method, start.again).await?;
    Ok(LoginView { flow, step: show(stage) })
}

pub async fn login_next(app: &App, answer: LoginAnswer) -> Result<LoginView, ApiError> {
    let input = match answer.input {
        LoginAnswerInput::Fields { values } => {
            Answer::Fields(values.into_iter().map(|(name, value)| (name, value.into())).collect())
        }
        LoginAnswerInput::Pasted { text } => Answer::Pasted(text),
        LoginAnswerInput::Chosen { ids } => Answer::Chosen(ids),
    };
    let stage = app.engine()?.login_next(&answer.flow, input).await?;
    Ok(LoginView { flow: answer.flow, step: show(stage) })
}

pub async fn login_wait(app: &App, which: LoginRef) -> Result<LoginView, ApiError> {
    let stage = app.engine()?.login_wait(&which.flow).await?;
    app.0.host.show_window();
    Ok(LoginView { flow: which.flow, step: show(stage) })
}

pub async fn login_cancel(app: &App, which: LoginRef) -> Result<Nothing, ApiError> {
    app.engine()?.login_cancel(&which.flow);
    Ok(Nothing {})
}

fn show(stage: LoginStage) -> LoginStepView {
    match stage {
        LoginStage::Fields(fields) => {
            LoginStepView::Fields { fields: fields.into_iter().map(field).collect() }
        }
        // The UI opens it by `link_open`, once: in the system browser, never in a web view.
        LoginStage::Browse { url, is_listening } => LoginStepView::Browse { url: url.into(), is_listening },
        LoginStage::Choose(choices) => {
            LoginStepView::Choose { choices: choices.into_iter().map(choice).collect() }
        }
        LoginStage::Others(choices) => {
            LoginStepView::Others { choices: choices.into_iter().map(choice).collect() }
        }
        LoginStage::Done(accounts) => LoginStepView::Done { accounts },
    }
}

fn field(field: words::LoginField) -> LoginFieldView {
    LoginFieldView {
        name: field.name.to_owned(),
        kind: match field.kind {
            words::FieldKind::Text => LoginFieldKind::Text,
            words::FieldKind::Url => LoginFieldKind::Url,
            words::FieldKind::Secret => LoginFieldKind::Secret,
        },
        value: field.value,
        is_optional: field.is_optional,
    }
}

fn choice(choice: words::LoginChoice) -> LoginChoiceView {
    LoginChoiceView {
        id: choice.id,
        name: choice.name,
        is_possible: choice.is_possible,
        reason: choice.reason.map(str::to_owned),
    }
}

impl From<LoginError> for ApiError {
    fn from(error: LoginError) -> Self {
        let login = match error {
            LoginError::Failed(failure) => problem(failure.problem),
            LoginError::TimedOut => LoginProblem::TimedOut,
            LoginError::Gone => return ErrorCode::Gone.into(),
            LoginError::Store(error) => return error.into(),
        };
        Self { code: ErrorCode::Login, problem: None, login: Some(login) }
    }
}

fn problem(problem: words::LoginProblem) -> LoginProblem {
    use words::LoginProblem as From;
    match problem {
        From::WrongPassword => LoginProblem::WrongPassword,
        From::ConsentRefused => LoginProblem::ConsentRefused,
        From::WrongRedirect => LoginProblem::WrongRedirect,
        From::TokenInvalid => LoginProblem::TokenInvalid,
        From::WrongApp => LoginProblem::WrongApp,
        From::Unreachable => LoginProblem::Unreachable,
        From::PageInBetween => LoginProblem::PageInBetween,
        From::ProxyInBetween => LoginProblem::ProxyInBetween,
        From::PageAtAddress => LoginProblem::PageAtAddress,
        From::NotThisPlatform => LoginProblem::NotThisPlatform,
        From::BadAddress => LoginProblem::BadAddress,
        From::PermissionMissing => LoginProblem::PermissionMissing,
        From::NothingToConnect => LoginProblem::NothingToConnect,
        From::Throttled => LoginProblem::Throttled,
        From::MethodNotOffered => LoginProblem::MethodNotOffered,
        From::Malformed => LoginProblem::Malformed,
    }
}
