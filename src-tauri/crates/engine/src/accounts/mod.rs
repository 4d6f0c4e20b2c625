//! Accounts at work: opened, run, signed in again, removed.

mod keeper;
mod login;
mod parts;
mod registry;
mod term;

pub use login::{LoginAnswer, LoginError, LoginStage, Logins};
pub(crate) use parts::AccountParts;
pub use registry::Registry;
pub use term::warns_from;

use crate::engine::Engine;
use crate::inbox::refresh_stale;
use crate::outbox::{Marks, Sender, ask_about_cut_off};
use crate::supervisor::Supervisor;
use crate::sync::Worker;
use connect::{Fault, Http, Secrets, SessionParts};
use keeper::Keeper;
use model::AccountId;
use model::account::{Account, AccountSettings, AccountStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use term::TermKeeper;
use tokio::sync::Notify;

/// An account at work.
#[derive(Clone)]
pub struct Running {
    pub(crate) supervisor: Supervisor,
    pub(crate) session: Arc<dyn connect::Session>,
    pub(crate) wake: Arc<Notify>,
    pub(crate) wake_backfill: Arc<Notify>,
    pub(crate) wake_sender: Arc<Notify>,
    wake_term: Arc<Notify>,
    problems: Arc<AtomicU32>,
}

impl Engine {
    /// Opens an account and sets it to work. One that must be signed in again stays closed.
    pub(crate) async fn run_account(&self, account: Account) -> Result<(), store::Error> {
        let (id, inner) = (account.id, &self.0);
        let Some(connector) = inner.parts.registry.connector(&account.platform) else {
            tracing::warn!(account = %id, platform = %account.platform, "no connector for this platform");
            return Ok(());
        };
        if account.status == AccountStatus::SignInAgain {
            return self.rest(id).await;
        }
        let secrets = match inner.store.read(move |tx| tx.secrets(id)).await {
            // One damaged account keeps nobody from the others; signing in again brings new secrets.
            Err(store::Error::Sealed) => {
                tracing::error!(account = %id, "the secrets of an account do not open");
                return self.rest(id).await;
            }
            secrets => secrets?,
        };
        let (clock, dice) = (inner.parts.clock.clone(), inner.parts.dice.clone());
        let origin = origin(&account.platform, &account.remote_id);
        let takes = connector.descriptor().capabilities.clone();
        let Some(opened) = self.session_of(account, secrets) else { return Ok(()) };
        let Opened { session, http } = match opened {
            Ok(opened) => opened,
            Err(fault) => {
                tracing::error!(account = %id, %fault, "an account could not be opened");
                return self.rest(id).await;
            }
        };
        let running = Running {
            supervisor: inner.supervisor.child(),
            session: session.clone(),
            wake: Arc::default(),
            wake_backfill: Arc::default(),
            wake_sender: Arc::default(),
            wake_term: Arc::default(),
            problems: Arc::default(),
        };
        let parts = AccountParts {
            account: id,
            session,
            takes,
            store: inner.store.clone(),
            clock,
            platform_clock: inner.platform_clock.clone(),
            http,
            origin,
            dice,
            trouble: inner.trouble.clone(),
            woke: inner.woke.subscribe(),
        };
        let worker = Arc::new(Worker {
            parts: parts.clone(),
            wake: running.wake.clone(),
            wake_backfill: running.wake_backfill.clone(),
            wake_sender: running.wake_sender.clone(),
            registry: inner.parts.registry.clone(),
            arrivals: inner.arrivals.clone(),
            problems: running.problems.clone(),
        });
        let marks = Arc::new(Marks { parts: parts.clone() });
        let term = Arc::new(TermKeeper { parts: parts.clone(), wake: running.wake_term.clone() });
        let sender = Arc::new(Sender { parts, wake: running.wake_sender.clone() });
        let desk = inner.parts.desk.clone();
        let desk_of_term = desk.clone();
        running.supervisor.run(format!("sign-in term {id}"), move || {
            let (term, desk) = (term.clone(), desk_of_term.clone());
            async move {
                desk.drawn().await;
                term.run().await;
            }
        });
        running.supervisor.run(format!("sync {id}"), move || {
            let (worker, desk) = (worker.clone(), desk.clone());
            async move {
                desk.drawn().await;
                worker.run().await;
            }
        });
        running.supervisor.run(format!("read marks {id}"), move || {
            let marks = marks.clone();
            async move { marks.run().await }
        });
        running.supervisor.run(format!("send {id}"), move || {
            let sender = sender.clone();
            async move { sender.run().await }
        });
        self.replace(id, Some(running)).await;
        Ok(())
    }

    /// An account stays closed until it is signed in again. Until then nobody can look for what a crash cut off.
    async fn rest(&self, id: AccountId) -> Result<(), store::Error> {
        let (now, registry) = (self.now(), self.0.parts.registry.clone());
        self.0
            .store
            .write(move |tx| {
                tx.set_account_status(id, AccountStatus::SignInAgain, None)?;
                ask_about_cut_off(tx, id, now)?;
                refresh_stale(tx, &|platform| registry.capabilities(platform))
            })
            .await
    }

    /// A session of an account and its way out, with a budget of its own; none if there is no connector for its platform.
    fn session_of(&self, account: Account, secrets: Secrets) -> Option<Result<Opened, Fault>> {
        let (id, parts) = (account.id, &self.0.parts);
        let connector = parts.registry.connector(&account.platform)?;
        let budget = connector.budget(parts.clock.now());
        let http = Http::new(parts.transport.clone(), parts.clock.clone(), budget);
        let opened = connector.open(SessionParts {
            account,
            secrets,
            keeper: Arc::new(Keeper { account: id, store: self.0.store.clone() }),
            http: http.clone(),
            clock: self.0.platform_clock.clone(),
            dice: parts.dice.clone(),
        });
        Some(opened.map(|session| Opened { session: Arc::from(session), http }))
    }

    /// Stores a signed-in account (or signs a known one in again) and sets it to work.
    pub(crate) async fn connect_account(
        &self,
        platform: model::PlatformId,
        signed_in: connect::SignedIn,
    ) -> Result<AccountId, store::Error> {
        let now = self.platform_now();
        let fresh = AccountId::new(now, self.random());
        let identity = (platform.clone(), signed_in.remote_id.clone());
        let before = self.0.store.read(move |tx| tx.account_by_remote(&identity.0, &identity.1)).await?;
        // The old sign-in has its last word before the new one is kept: a token it renewed, or that it is over.
        if let Some(before) = &before {
            self.replace(before.id, None).await;
        }
        let stored = self
            .0
            .store
            .write(move |tx| {
                let known = tx.account_by_remote(&platform, &signed_in.remote_id)?;
                let account = Account {
                    id: known.as_ref().map_or(fresh, |known| known.id),
                    platform,
                    remote_id: signed_in.remote_id,
                    name: signed_in.name,
                    config: signed_in.config,
                    status: AccountStatus::Importing,
                    settings: known.as_ref().map_or_else(AccountSettings::default, |known| known.settings),
                    verified_at: known.as_ref().and_then(|known| known.verified_at),
                    created_at: known.as_ref().map_or(now, |known| known.created_at),
                };
                match &known {
                    Some(known) => {
                        tx.set_account_identity(known.id, &account.name, &account.config)?;
                        tx.set_account_status(known.id, account.status, None)?;
                        // How long this sign-in lasts is asked for anew.
                        tx.set_sign_in_end(known.id, None)?;
                    }
                    None => tx.insert_account(&account)?,
                }
                tx.keep_secrets(account.id, &signed_in.secrets)?;
                Ok::<_, store::Error>(account)
            })
            .await;
        if let (Err(_), Some(before)) = (&stored, before) {
            // What could not be stored ends nothing.
            self.run_account(before).await?;
        }
        let account = stored?;
        let id = account.id;
        self.replace(id, None).await;
        self.run_account(account).await?;
        Ok(id)
    }

    /// Ends an account here: erases everything that came through it, and signs out on the platform if it answers.
    pub async fn remove_account(&self, id: AccountId) -> Result<(), store::Error> {
        let account = self.0.store.read(move |tx| tx.account(id)).await?;
        let session = self.session(id);
        self.replace(id, None).await;
        let media = match (self.0.store.write(move |tx| tx.remove_account(id)).await, account) {
            // What could not be stored ends nothing.
            (Err(error), Some(account)) => {
                self.run_account(account).await?;
                return Err(error);
            }
            (removed, Some(account)) => {
                self.0.platform_clock.forget(&origin(&account.platform, &account.remote_id));
                removed?
            }
            (removed, None) => removed?,
        };
        if let Some(session) = session {
            let out = session.sign_out();
            if let Err(fault) =
                tokio::time::timeout(std::time::Duration::from_secs(5), out).await.unwrap_or(Ok(()))
            {
                tracing::info!(account = %id, %fault, "the platform was not told of the sign-out");
            }
        }
        self.0.store.delete_media(media).await?;
        self.0.store.forget_snapshot().await?;
        self.0.store.checkpoint_truncate().await?;
        Ok(())
    }

    /// Keeps what an account's owner chose.
    pub async fn set_account(&self, id: AccountId, settings: AccountSettings) -> Result<(), store::Error> {
        self.0.store.write(move |tx| tx.set_account_settings(id, settings)).await
    }

    /// Looks for news now, whatever the schedule says.
    pub fn sync_now(&self, id: AccountId) {
        if let Some(running) = self.0.running.lock().expect("no holder of the accounts panics").get(&id) {
            running.wake.notify_one();
            running.wake_backfill.notify_one();
            running.wake_term.notify_one();
        }
    }

    /// A person scrolled to the beginning of what is here: older messages come next.
    pub async fn want_history(&self, conversation: model::ConversationId) -> Result<(), store::Error> {
        let account = self
            .0
            .store
            .write(move |tx| {
                tx.want_gap(conversation)?;
                Ok::<_, store::Error>(
                    tx.conversation(conversation)?.map(|conversation| conversation.account_id),
                )
            })
            .await?;
        let running = self.0.running.lock().expect("no holder of the accounts panics");
        account
            .and_then(|account| running.get(&account))
            .inspect(|running| running.wake_backfill.notify_one());
        Ok(())
    }

    /// Items of an account that could not be understood since the start.
    pub fn problem_count(&self, id: AccountId) -> u32 {
        let running = self.0.running.lock().expect("no holder of the accounts panics");
        running.get(&id).map_or(0, |running| running.problems.load(Ordering::Relaxed))
    }

    pub(crate) fn session(&self, id: AccountId) -> Option<Arc<dyn connect::Session>> {
        let running = self.0.running.lock().expect("no holder of the accounts panics");
        running.get(&id).map(|running| running.session.clone())
    }

    /// Puts an account in the place of its predecessor, which is waited for.
    async fn replace(&self, id: AccountId, running: Option<Running>) {
        let before = {
            let mut all = self.0.running.lock().expect("no holder of the accounts panics");
            match running {
                Some(running) => all.insert(id, running),
                None => all.remove(&id),
            }
        };
        if let Some(before) = before {
            before.supervisor.shut_down().await;
        }
    }
}

/// A session, and its way out.
struct Opened {
    session: Arc<dyn connect::Session>,
    http: Http,
}

/// Whose clock an account's answers are dated by.
pub(crate) fn origin(platform: &model::PlatformId, remote_id: &model::RemoteId) -> String {
    format!("{platform} {remote_id}")
}
