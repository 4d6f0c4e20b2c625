//! One per account: pulls for ever, and fills history beside it.

use super::ingest::{self, BATCH, Ingested, Source};
use super::status::{self, Next};
use crate::accounts::{AccountParts, Registry};
use crate::notify::news;
use crate::notify::policy::Item;
use crate::supervisor::backoff;
use connect::Pulled;
use model::Timestamp;
use model::account::{Account, AccountStatus};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::sync::{Notify, mpsc, watch};

/// How long a long poll may wait.
const LONG_POLL: Duration = Duration::from_secs(30);
/// How long the worker waits after the store refused a write (full disk) before it asks the platform again.
const STORE_PAUSE: Duration = Duration::from_secs(10);

/// What the worker of an account works with.
pub(crate) struct Worker {
    pub parts: AccountParts,
    /// Look now: a person asked, or the network came back.
    pub wake: Arc<Notify>,
    /// There is history to fetch.
    pub wake_backfill: Arc<Notify>,
    /// Something of ours came in, or could be sent again.
    pub wake_sender: Arc<Notify>,
    pub registry: Arc<Registry>,
    /// To whoever tells.
    pub arrivals: mpsc::UnboundedSender<Vec<Item>>,
    /// Items that could not be understood since the start.
    pub problems: Arc<AtomicU32>,
}

impl Worker {
    /// Runs until the account has to be signed in again.
    pub async fn run(&self) {
        tokio::select! {
            () = self.pull_forever() => {}
            () = self.backfill_forever() => {}
            () = self.audit_forever() => {}
        }
    }

    async fn pull_forever(&self) {
        let (mut tries, mut woke, mut is_clock_in_doubt) = (0, self.parts.woke.clone(), false);
        loop {
            let next = match self.pull_once(&mut woke, &mut is_clock_in_doubt).await {
                Ok(wait) => {
                    tries = 0;
                    Next::Wait(wait)
                }
                Err(Trouble::Fault(fault)) => {
                    tracing::info!(account = %self.parts.account, %fault, tries, "a pull failed");
                    let pause = backoff(tries, self.parts.dice.as_ref(), Duration::from_secs(60));
                    tries += 1;
                    self.parts.lose_dates();
                    self.note_fault(&fault, pause).await
                }
                Err(Trouble::Store(error)) => {
                    self.parts.trouble.note(&error);
                    Next::Wait(STORE_PAUSE)
                }
            };
            match next {
                Next::Wait(wait) if wait.is_zero() => {}
                Next::Wait(wait) => {
                    tokio::select! {
                        () = tokio::time::sleep(wait) => {}
                        () = self.wake.notified() => {}
                        Ok(()) = woke.changed() => tries = 0,
                    }
                }
                Next::StartOver => {
                    let account = self.parts.account;
                    let forgot = self.parts.store.write(move |tx| tx.set_cursor(account, None)).await;
                    let forgot = forgot.inspect_err(|error: &store::Error| self.parts.trouble.note(error));
                    // Where forgetting does not help, or is not possible, nobody is asked without a pause.
                    if forgot.is_err() || tries > 1 {
                        tokio::time::sleep(backoff(tries, self.parts.dice.as_ref(), Duration::from_secs(60)))
                            .await;
                    }
                }
                Next::End => {
                    self.parts.forget_clock();
                    return;
                }
            }
        }
    }

    async fn pull_once(
        &self,
        woke: &mut watch::Receiver<u64>,
        is_clock_in_doubt: &mut bool,
    ) -> Result<Duration, Trouble> {
        let id = self.parts.account;
        let known = self.parts.store.read(move |tx| Ok::<_, store::Error>((tx.cursor(id)?, tx.account(id)?)));
        let (cursor, account) = known.await?;
        // Not before a first answer: where nobody writes, the account would be shown as broken for as long as the poll waits.
        let is_live = account.is_some_and(|account| account.status == AccountStatus::Live);
        let wait =
            if cursor.is_some() && is_live && !*is_clock_in_doubt { LONG_POLL } else { Duration::ZERO };
        woke.mark_unchanged();
        self.parts.forget_dates();
        let pulled = tokio::select! {
            pulled = self.parts.session.pull(cursor.as_deref(), wait) => pulled?,
            // It waits on a connection that died while the machine slept.
            Ok(()) = woke.changed() => return Ok(Duration::ZERO),
        };
        *is_clock_in_doubt = self.parts.trust_dates();
        let again_after = if *is_clock_in_doubt { Duration::ZERO } else { pulled.again_after };
        let held_up = pulled.held_up.clone();
        self.keep(pulled, Source::Pull).await?;
        held_up.map_or(Ok(again_after), |fault| Err(fault.into()))
    }

    /// Stores a page in batches; the mark moves with the last one.
    pub(super) async fn keep(&self, mut pulled: Pulled, source: Source) -> Result<(), store::Error> {
        for problem in &pulled.problems {
            tracing::warn!(account = %self.parts.account, problem, "an item could not be understood");
        }
        self.problems.fetch_add(u32::try_from(pulled.problems.len()).unwrap_or(u32::MAX), Ordering::Relaxed);
        let mut events = std::mem::take(&mut pulled.events);
        loop {
            let rest = events.split_off(events.len().min(BATCH));
            let is_last = rest.is_empty();
            let (id, takes, now) = (self.parts.account, self.parts.takes.clone(), self.parts.now());
            let (mark, batch) = (is_last.then(|| (source.clone(), pulled.clone())), events);
            let registry = self.registry.clone();
            let (ingested, news) = self
                .parts
                .store
                .write(move |tx| {
                    // The account may have been removed while the answer was on its way.
                    let Some(account) = tx.account(id)? else { return Ok(Default::default()) };
                    let ingested = ingest::ingest(tx, &account, &takes, &batch, now)?;
                    if let Some((source, pulled)) = mark {
                        ingest::move_mark(tx, &account, &source, &pulled, &ingested)?;
                        let is_whole = matches!(source, Source::Pull) && pulled.held_up.is_none();
                        if is_whole && !is_fresh(&account, now.platform) {
                            tx.set_account_status(id, AccountStatus::Live, Some(now.platform))?;
                        }
                    }
                    let news = news(tx, &registry, &ingested.arrived)?;
                    Ok::<_, store::Error>((ingested, news))
                })
                .await?;
            self.parts.trouble.clear();
            self.pass_on(ingested, news).await;
            if is_last {
                return Ok(());
            }
            events = rest;
        }
    }

    pub(super) async fn pass_on(&self, ingested: Ingested, news: Vec<Item>) {
        // First of all: somebody waits to be told.
        if !news.is_empty() {
            // The receiver ends only with the engine.
            let _ = self.arrivals.send(news);
        }
        self.parts.delete_media(ingested.erased).await;
        if ingested.has_own {
            self.wake_sender.notify_one();
        }
        if ingested.has_gap {
            self.wake_backfill.notify_one();
        }
    }

    async fn note_fault(&self, fault: &connect::Fault, pause: Duration) -> Next {
        let (id, now) = (self.parts.account, self.parts.clock.now());
        let known = self
            .parts
            .store
            .read(move |tx| Ok::<_, store::Error>((tx.account(id)?, tx.sign_in_ends()?.get(&id).copied())));
        let (before, ends_at) = match known.await {
            Ok((Some(account), ends_at)) => (account.status, ends_at),
            Ok((None, _)) => return Next::End,
            Err(error) => {
                self.parts.trouble.note(&error);
                return Next::Wait(STORE_PAUSE);
            }
        };
        let fault = status::at_the_end(fault, ends_at, self.parts.platform_clock.at(now));
        let (status, next) = status::after(&fault, before, pause, now);
        if let Some(status) = status.filter(|status| *status != before)
            && let Err(error) =
                self.parts.store.write(move |tx| tx.set_account_status(id, status, None)).await
        {
            self.parts.trouble.note(&error);
            if next == Next::End {
                // An account that rests without saying so would never be signed in again.
                return Next::Wait(STORE_PAUSE);
            }
        }
        next
    }
}

/// Not worth a commit: a poll of a quiet account every few seconds would otherwise write for ever.
fn is_fresh(account: &Account, now: Timestamp) -> bool {
    account.status == AccountStatus::Live
        && account.verified_at.is_some_and(|at| now.since(at) < Duration::from_secs(60) && at <= now)
}

pub(super) enum Trouble {
    Fault(connect::Fault),
    Store(store::Error),
}
impl From<connect::Fault> for Trouble {
    fn from(fault: connect::Fault) -> Self {
        Self::Fault(fault)
    }
}
impl From<store::Error> for Trouble {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}
