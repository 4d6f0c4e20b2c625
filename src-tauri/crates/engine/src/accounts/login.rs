//! Sign-ins under way: drives the connector's steps, the browser's redirect and the paste.

use crate::engine::Engine;
use connect::login::{LoginFailure, LoginProblem};
use connect::oauth::{Loopback, pasted};
use connect::{
    Budget, Fault, FaultKind, Http, Login, LoginChoice, LoginField, LoginInput, LoginParts, LoginStep,
    SignedIn,
};
use model::account::{Account, AccountSettings, AccountStatus};
use model::{AccountId, PlatformId};
use secrecy::SecretString;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Sign-ins at once; the oldest gives way.
const MOST: usize = 8;
/// So long a sign-in may take; then what was typed for it is forgotten.
const LIFE: Duration = Duration::from_secs(15 * 60);

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
    /// An account was to be signed in again, but these others were. None is connected unless the person chooses it;
    /// one that is an account here already cannot be chosen.
    Others(Vec<LoginChoice>),
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
    /// The account that shall be signed in again.
    again: Option<Account>,
    /// Signed in, but not as that account: they wait for the person's word.
    others: Mutex<Vec<SignedIn>>,
    login: tokio::sync::Mutex<Box<dyn Login>>,
    /// Its way out: it has seen the dates of the answers.
    http: Http,
    browsing: Mutex<Option<Browsing>>,
    /// Ends the wait for the redirect.
    give_up: CancellationToken,
    /// It is over, one way or the other.
    ended: CancellationToken,
}

struct Browsing {
    state: String,
    loopback: Option<Loopback>,
}

impl Flow {
    fn end(&self) {
        self.give_up.cancel();
        self.ended.cancel();
    }
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
            .login(method, LoginParts { http: http.clone(), clock, dice, again: again.clone() })
            .map_err(|fault| LoginFailure { problem: LoginProblem::MethodNotOffered, fault })?;
        let flow = Arc::new(Flow {
            begun_at: self.now(),
            platform,
            again,
            others: Mutex::default(),
            login: tokio::sync::Mutex::new(login),
            http,
            browsing: Mutex::default(),
            give_up: self.0.supervisor.token(),
            ended: self.0.supervisor.token(),
        });
        let id = hex::encode(self.random());
        {
            let mut flows = self.0.logins.flows.lock().expect("no holder of the sign-ins panics");
            if flows.len() >= MOST {
                let oldest = flows.iter().min_by_key(|(_, flow)| flow.begun_at).map(|(id, _)| id.clone());
                oldest.and_then(|id| flows.remove(&id)).inspect(|flow| flow.end());
            }
            flows.insert(id.clone(), flow.clone());
        }
        self.let_login_expire(id.clone(), flow.ended.clone());
        let stage = self.login_step(&id, &flow, LoginInput::Start).await?;
        Ok((id, stage))
    }

    /// Takes the answer to a step.
    pub async fn login_next(&self, id: &str, answer: LoginAnswer) -> Result<LoginStage, LoginError> {
        let flow = self.login_flow(id)?;
        let waiting = std::mem::take(&mut *flow.others.lock().expect("no holder of the sign-in panics"));
        if !waiting.is_empty() {
            return self.take_others(id, &flow, waiting, answer).await;
        }
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
            Ok(parameters) => {
                let step = self.login_step(id, &flow, LoginInput::Redirect(parameters)).await;
                if step.is_err()
                    && let Some(browsing) =
                        &mut *flow.browsing.lock().expect("no holder of the sign-in panics")
                {
                    // Refused, and perhaps to be thought over: the same page can be opened again.
                    browsing.loopback = Some(loopback);
                }
                step
            }
            Err(error) => {
                tracing::info!(%error, "no redirect came");
                Err(LoginError::TimedOut)
            }
        }
    }

    /// Forgets a sign-in.
    pub fn login_cancel(&self, id: &str) {
        let flow = self.0.logins.flows.lock().expect("no holder of the sign-ins panics").remove(id);
        let Some(flow) = flow else { return };
        flow.end();
        let others = std::mem::take(&mut *flow.others.lock().expect("no holder of the sign-in panics"));
        self.sign_out_unwanted(&flow.platform, others);
    }

    /// A sign-in that nobody ends, ends by itself: in time, and at the next look where a sleeping machine missed that.
    fn let_login_expire(&self, id: String, ended: CancellationToken) {
        let engine = Arc::downgrade(&self.0);
        self.0.supervisor.run(format!("sign-in {id}"), move || {
            let (engine, ended, id) = (engine.clone(), ended.clone(), id.clone());
            async move {
                tokio::select! { () = tokio::time::sleep(LIFE) => {}, () = ended.cancelled() => return }
                if let Some(inner) = engine.upgrade() {
                    Engine(inner).login_cancel(&id);
                }
            }
        });
    }

    fn login_flow(&self, id: &str) -> Result<Arc<Flow>, LoginError> {
        let now = self.now();
        let mut flows = self.0.logins.flows.lock().expect("no holder of the sign-ins panics");
        flows.retain(|_, flow| {
            let is_fresh = now < flow.begun_at.plus(LIFE);
            if !is_fresh {
                flow.end();
            }
            is_fresh
        });
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
                let is_meant =
                    |one: &SignedIn| flow.again.as_ref().is_none_or(|it| it.remote_id == one.remote_id);
                if signed_in.iter().all(is_meant) {
                    return self.login_done(id, flow, signed_in).await;
                }
                let others = self.show_others(flow, &signed_in).await?;
                *flow.others.lock().expect("no holder of the sign-in panics") = signed_in;
                others
            }
        })
    }

    async fn login_done(
        &self,
        id: &str,
        flow: &Flow,
        signed_in: Vec<SignedIn>,
    ) -> Result<LoginStage, LoginError> {
        let mut accounts = Vec::new();
        let sighting = flow.http.take_sighting();
        for one in signed_in {
            if let Some(sighting) = sighting {
                self.see_clock(&flow.platform, &one.remote_id, sighting);
            }
            accounts.push(self.connect_account(flow.platform.clone(), one).await?);
        }
        self.login_cancel(id);
        Ok(LoginStage::Done(accounts))
    }

    async fn show_others(&self, flow: &Flow, signed_in: &[SignedIn]) -> Result<LoginStage, LoginError> {
        let (platform, ids) = (flow.platform.clone(), signed_in.iter().map(|one| one.remote_id.clone()));
        let ids: Vec<_> = ids.collect();
        let known = self.store().read(move |tx| {
            ids.iter().map(|id| tx.account_by_remote(&platform, id)).collect::<Result<Vec<_>, store::Error>>()
        });
        let choices = signed_in.iter().zip(known.await?).map(|(one, known)| LoginChoice {
            id: one.remote_id.as_str().to_owned(),
            name: one.name.clone(),
            is_possible: known.is_none(),
            reason: None,
        });
        Ok(LoginStage::Others(choices.collect()))
    }

    /// The person's word on others than the one that was meant: those chosen become accounts of their own.
    async fn take_others(
        &self,
        id: &str,
        flow: &Flow,
        waiting: Vec<SignedIn>,
        answer: LoginAnswer,
    ) -> Result<LoginStage, LoginError> {
        let LoginAnswer::Chosen(ids) = answer else { return Err(LoginError::Gone) };
        let (chosen, unwanted): (Vec<_>, Vec<_>) =
            waiting.into_iter().partition(|one| ids.iter().any(|id| id == one.remote_id.as_str()));
        self.sign_out_unwanted(&flow.platform, unwanted);
        if chosen.is_empty() {
            return Err(LoginError::Gone);
        }
        self.login_done(id, flow, chosen).await
    }

    /// Ends sessions that nobody wants, where the platform keeps any; they were never stored.
    fn sign_out_unwanted(&self, platform: &PlatformId, unwanted: Vec<SignedIn>) {
        for one in unwanted {
            let account = Account {
                id: AccountId::new(self.now(), self.random()),
                platform: platform.clone(),
                remote_id: one.remote_id,
                name: one.name,
                config: one.config,
                status: AccountStatus::Importing,
                settings: AccountSettings::default(),
                verified_at: None,
                created_at: self.now(),
            };
            let session = match self.session_of(account, one.secrets) {
                Some(Ok(opened)) => opened.session,
                Some(Err(_)) | None => continue,
            };
            self.0.supervisor.run("sign out", move || {
                let session = session.clone();
                async move {
                    if let Err(fault) = session.sign_out().await {
                        tracing::info!(%fault, "the platform was not told of the sign-out");
                    }
                }
            });
        }
    }
}
