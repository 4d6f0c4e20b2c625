//! Sign-ins under way: drives the connector's steps, the browser's redirect and the paste.

use crate::engine::Engine;
use connect::login::{LoginFailure, LoginProblem};
use connect::oauth::{Loopback, pasted};
use connect::{
    Budget, Fault, FaultKind, Http, Login, LoginChoice, LoginField, LoginInput, LoginParts, LoginStep,
};
use model::{AccountId, PlatformId};
use secrecy::SecretString;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use tokio_util::sync::CancellationToken;

/// Sign-ins at once; the oldest gives way.
const MOST: usize = 8;

/// What to show.
#[derive(Debug, Clone)]
pub enum LoginStage {
    /// Ask for these.
    Fields(Vec<LoginField>),
    /// The page to open in the system browser.
    Browse {
        /// The page.
        url: url::Url,
        /// Whether `login_wait` can hear the redirect; otherwise only a paste leads on.
        is_listening: bool,
    },
    /// Let the person choose.
    Choose(Vec<LoginChoice>),
    /// Connected.
    Done(Vec<AccountId>),
}

/// Why a step did not lead on.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// The step can be answered again.
    #[error(transparent)]
    Failed(#[from] LoginFailure),
    /// Nobody came back from the browser in time, or the wait was given up for a paste.
    #[error("no redirect came")]
    TimedOut,
    /// There is no such sign-in (any more).
    #[error("no such sign-in")]
    Gone,
    /// It could not be stored.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// What the person did.
pub enum LoginAnswer {
    /// Filled in.
    Fields(BTreeMap<String, SecretString>),
    /// Pasted an address or a code.
    Pasted(String),
    /// Chose.
    Chosen(Vec<String>),
}

/// The sign-ins under way.
#[derive(Default)]
pub struct Logins {
    flows: Mutex<HashMap<String, Arc<Flow>>>,
}

struct Flow {
    begun_at: model::Timestamp,
    platform: PlatformId,
    login: tokio::sync::Mutex<Box<dyn Login>>,
    browsing: Mutex<Option<Browsing>>,
    /// Ends the wait for the redirect.
    give_up: CancellationToken,
}

struct Browsing {
    state: String,
    loopback: Option<Loopback>,
}

impl Engine {
    /// Begins a sign-in. `again` keeps what must stay of a known account (device id, app id).
    pub async fn login_start(
        &self,
        platform: PlatformId,
        method: &str,
        again: Option<AccountId>,
    ) -> Result<(String, LoginStage), LoginError> {
        let again = match again {
            Some(id) => self.store().read(move |tx| tx.account(id)).await?,
            None => None,
        };
        let parts = &self.0.parts;
        let connector = parts.registry.connector(&platform).ok_or(LoginError::Gone)?;
        let budget = Budget::new(10, 2.0, parts.clock.now());
        let http = Http::new(parts.transport.clone(), parts.clock.clone(), budget);
        let (clock, dice) = (parts.clock.clone(), parts.dice.clone());
        let login = connector
            .login(method, LoginParts { http, clock, dice, again })
            .map_err(|fault| LoginFailure { problem: LoginProblem::MethodNotOffered, fault })?;
        let flow = Arc::new(Flow {
            begun_at: self.now(),
            platform,
            login: tokio::sync::Mutex::new(login),
            browsing: Mutex::default(),
            give_up: self.0.supervisor.token(),
        });
        let id = hex::encode(self.random());
        {
            let mut flows = self.0.logins.flows.lock().expect("no holder of the sign-ins panics");
            if flows.len() >= MOST {
                let oldest = flows.iter().min_by_key(|(_, flow)| flow.begun_at).map(|(id, _)| id.clone());
                oldest.and_then(|id| flows.remove(&id)).inspect(|flow| flow.give_up.cancel());
            }
            flows.insert(id.clone(), flow.clone());
        }
        let stage = self.login_step(&id, &flow, LoginInput::Start).await?;
        Ok((id, stage))
    }

    /// Takes the answer to a step.
    pub async fn login_next(&self, id: &str, answer: LoginAnswer) -> Result<LoginStage, LoginError> {
        let flow = self.login_flow(id)?;
        let input = match answer {
            LoginAnswer::Fields(values) => LoginInput::Fields(values),
            LoginAnswer::Chosen(ids) => LoginInput::Chosen(ids),
            LoginAnswer::Pasted(text) => {
                let state = {
                    let browsing = flow.browsing.lock().expect("no holder of the sign-in panics");
                    browsing.as_ref().map(|browsing| browsing.state.clone()).ok_or(LoginError::Gone)?
                };
                let parameters = pasted(&text, &state).map_err(|problem| LoginFailure {
                    problem,
                    fault: Fault::not_done(FaultKind::Malformed, "pasted text"),
                })?;
                flow.give_up.cancel();
                LoginInput::Redirect(parameters)
            }
        };
        self.login_step(id, &flow, input).await
    }

    /// Waits for the browser to come back, then goes on.
    pub async fn login_wait(&self, id: &str) -> Result<LoginStage, LoginError> {
        let flow = self.login_flow(id)?;
        let (state, loopback) = {
            let mut browsing = flow.browsing.lock().expect("no holder of the sign-in panics");
            let browsing = browsing.as_mut().ok_or(LoginError::Gone)?;
            (browsing.state.clone(), browsing.loopback.take().ok_or(LoginError::TimedOut)?)
        };
        let redirect = tokio::select! {
            redirect = loopback.wait(&state) => redirect,
            () = flow.give_up.cancelled() => return Err(LoginError::TimedOut),
        };
        match redirect {
            Ok(parameters) => self.login_step(id, &flow, LoginInput::Redirect(parameters)).await,
            Err(error) => {
                tracing::info!(%error, "no redirect came");
                Err(LoginError::TimedOut)
            }
        }
    }

    /// Forgets a sign-in.
    pub fn login_cancel(&self, id: &str) {
        let flow = self.0.logins.flows.lock().expect("no holder of the sign-ins panics").remove(id);
        flow.inspect(|flow| flow.give_up.cancel());
    }

    fn login_flow(&self, id: &str) -> Result<Arc<Flow>, LoginError> {
        let flows = self.0.logins.flows.lock().expect("no holder of the sign-ins panics");
        flows.get(id).cloned().ok_or(LoginError::Gone)
    }

    async fn login_step(&self, id: &str, flow: &Flow, input: LoginInput) -> Result<LoginStage, LoginError> {
        let mut login = flow.login.lock().await;
        let step = login.next(input).await.inspect_err(|failure| {
            tracing::info!(platform = %flow.platform, fault = %failure.fault, problem = ?failure.problem, "a sign-in step failed");
        })?;
        Ok(match step {
            LoginStep::Fields(fields) => LoginStage::Fields(fields),
            LoginStep::Choose(choices) => LoginStage::Choose(choices),
            LoginStep::Browse { url, state, .. } => {
                let loopback = login.loopback();
                let is_listening = loopback.is_some();
                *flow.browsing.lock().expect("no holder of the sign-in panics") =
                    Some(Browsing { state, loopback });
                LoginStage::Browse { url, is_listening }
            }
            LoginStep::Done(signed_in) => {
                // Given up while the platform answered: nothing may be connected behind the person's back.
                self.login_flow(id)?;
                let mut accounts = Vec::new();
                for one in signed_in {
                    accounts.push(self.connect_account(flow.platform.clone(), one).await?);
                }
                self.login_cancel(id);
                LoginStage::Done(accounts)
            }
        })
    }
}
