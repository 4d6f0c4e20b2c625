//! One per account: takes what is due out of the outbox, several conversations at once, one operation of each.

use super::machine::{Event, OVERDUE, Surroundings, step};
use super::post::{self, Parcel};
use super::{moved, recognise};
use crate::accounts::AccountParts;
use crate::supervisor::backoff;
use connect::Fault;
use connect::fault::FaultKind;
use futures_util::stream::{FuturesUnordered, StreamExt};
use model::account::AccountStatus;
use model::outbox::{OutboxRow, OutboxState};
use model::remote::RemoteOp;
use model::{RemoteId, Timestamp};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// Operations of different conversations on their way at once.
const AT_ONCE: usize = 4;
/// The sender looks at its rows at least this often.
const TICK: Duration = Duration::from_secs(60);

/// For so long at most it waits, after the start, for a platform to say what time it is: how old an attempt of an earlier
/// run is, and which window is open, is not to be judged by a clock that may be wrong.
const WITHOUT_TIME: Duration = Duration::from_secs(120);

/// How long it waits after the store refused (full disk).
const STORE_PAUSE: Duration = Duration::from_secs(5);

/// What the sender of an account works with.
pub(crate) struct Sender {
    pub parts: AccountParts,
    /// Something may be due, or be found now.
    pub wake: Arc<Notify>,
}

impl Sender {
    /// Runs until stopped.
    pub async fn run(&self) {
        let mut is_time_known = std::pin::pin!(self.is_time_known());
        let mut has_begun = false;
        let mut awake_since = self.parts.clock.now();
        let (mut looked_at, mut woke) = (awake_since, self.parts.woke.clone());
        // What is on its way, and whose: the store does not mark a look, so that a crash leaves nothing to clean up.
        let (mut under_way, mut busy) = (FuturesUnordered::new(), HashSet::new());
        loop {
            let now = self.parts.clock.now();
            if now.since(looked_at) > OVERDUE {
                awake_since = now;
            }
            looked_at = now;
            let due = self.look_what_is_due(now).await;
            // Whose countdown is over is let go all the same.
            for row in due.rows.into_iter().filter(|row| has_begun || row.state == OutboxState::Held) {
                if busy.len() < AT_ONCE && busy.insert(row.conversation_id) {
                    let place = row.conversation_id;
                    under_way.push(async move { (place, self.advance(row, awake_since).await) });
                }
            }
            tokio::select! {
                is_known = &mut is_time_known, if !has_begun => {
                    self.until_stored(|| self.resume(is_known)).await;
                    has_begun = true;
                }
                Some((place, outcome)) = under_way.next() => {
                    busy.remove(&place);
                    if let Err(error) = outcome {
                        self.parts.trouble.note(&error);
                        tokio::time::sleep(STORE_PAUSE).await;
                    }
                }
                () = tokio::time::sleep(due.next.min(TICK)) => {}
                () = self.wake.notified() => {}
                Ok(()) = woke.changed() => {}
            }
        }
    }

    /// What is due, and how long until the next is. Nothing while the account has to be signed in again.
    async fn look_what_is_due(&self, now: Timestamp) -> Due {
        let account = self.parts.account;
        let found = self.parts.store.read(move |tx| {
            if tx.account(account)?.is_none_or(|account| account.status == AccountStatus::SignInAgain) {
                return Ok(Due { rows: Vec::new(), next: TICK });
            }
            let rows = tx.due(account, now)?;
            // What is due already is either taken now or waits for what is under way, whose end wakes the loop.
            let next = tx.next_due_after(account, now)?.map_or(TICK, |at| at.since(now));
            Ok::<_, store::Error>(Due { rows, next })
        });
        found.await.unwrap_or_else(|error| {
            self.parts.trouble.note(&error);
            Due { rows: Vec::new(), next: STORE_PAUSE }
        })
    }

    /// Waits until a platform has said what time it is; false if none did in time.
    async fn is_time_known(&self) -> bool {
        let mut skew = self.parts.platform_clock.skew();
        let confirmed = skew.wait_for(|skew| skew.is_confirmed);
        tokio::time::timeout(WITHOUT_TIME, confirmed).await.is_ok_and(|confirmed| confirmed.is_ok())
    }

    /// What an earlier run began to send: nobody knows whether it went out.
    async fn resume(&self, is_time_known: bool) -> Result<(), store::Error> {
        use OutboxState::{Dispatching, Queued, Unknown};
        let account = self.parts.account;
        let rows = self.parts.store.read(|tx| tx.outbox_in(&[Queued, Dispatching, Unknown])).await?;
        for row in rows.into_iter().filter(|row| row.account_id == account) {
            let around = self.surroundings(&row, self.parts.clock.now());
            self.move_row(row, &Event::FoundAtStart { is_time_known }, &around).await?;
        }
        Ok(())
    }

    async fn advance(&self, row: OutboxRow, awake_since: Timestamp) -> Result<(), store::Error> {
        match row.state {
            OutboxState::Held | OutboxState::Queued => self.send(row, awake_since).await,
            OutboxState::Unknown => self.look(row).await,
            _ => Ok(()),
        }
    }

    async fn send(&self, row: OutboxRow, awake_since: Timestamp) -> Result<(), store::Error> {
        let (op, takes, left_before) = (row.op_id, self.parts.takes.clone(), row.dispatched_at);
        let around = Surroundings { awake_since, ..self.surroundings(&row, self.parts.clock.now()) };
        let platform_now = around.platform_now;
        let parcel = self.parts.store.read(move |tx| post::pack(tx, op, &takes, platform_now)).await?;
        let (parcel, blocked) = match parcel {
            Parcel::Ready(parcel) => (Some(parcel), None),
            Parcel::Blocked(reason) => (None, Some(reason)),
        };
        let Some(row) = self.move_row(row, &Event::Due { blocked }, &around).await? else { return Ok(()) };
        let (OutboxState::Dispatching, Some(parcel)) = (row.state, parcel) else { return Ok(()) };
        // From here on the mark is durable; the first byte may leave.
        let event = match self.dispatch(*parcel, &row).await {
            Ok(remote_id) => {
                let event = Event::Accepted { is_known: remote_id.is_some() };
                return self.settle(row, event, remote_id, left_before).await;
            }
            Err(fault) => {
                tracing::info!(account = %self.parts.account, op = %row.op_id, %fault, "a send failed");
                self.note_fault(&fault).await;
                Event::Failed(fault)
            }
        };
        self.settle(row, event, None, left_before).await
    }

    async fn dispatch(&self, parcel: post::Packed, row: &OutboxRow) -> Result<Option<RemoteId>, Fault> {
        if parcel.is_request {
            let accept = RemoteOp::Accept { conversation: parcel.outgoing.conversation.clone() };
            // Nothing of ours has left if accepting fails.
            self.parts
                .session
                .perform(&accept)
                .await
                .map_err(|fault| Fault { certainty: connect::Certainty::NotDone, ..fault })?;
        }
        let mut outgoing = parcel.outgoing;
        outgoing.first_attempt_at = row.dispatched_at.unwrap_or(outgoing.first_attempt_at);
        if let Some(file) = &mut outgoing.file {
            let bytes = self.parts.store.media_bytes(file.media.clone()).await.ok().flatten();
            file.bytes = bytes.ok_or_else(|| {
                Fault::not_done(
                    FaultKind::Refused(connect::Refusal::Attachment),
                    "the file is not in the cache",
                )
            })?;
        }
        Ok(self.parts.session.perform(&RemoteOp::Send(outgoing)).await?.remote_id)
    }

    /// After an unknown outcome: reads the conversation back.
    async fn look(&self, row: OutboxRow) -> Result<(), store::Error> {
        let (op, place) = (row.op_id, row.conversation_id);
        let since = row.dispatched_at.unwrap_or_else(|| self.parts.platform_clock.at(row.created_at));
        let (parcel, taken) = self
            .parts
            .store
            .read(move |tx| {
                let taken = tx.taken_remote_ids(place, since.minus(Duration::from_secs(600)))?;
                Ok::<_, store::Error>((post::pack_for_look(tx, op, since)?, taken))
            })
            .await?;
        let Some(mut packed) = parcel else { return Ok(()) };
        if let Some(file) = &mut packed.outgoing.file {
            // Its size tells it from other files.
            let bytes = self.parts.store.media_bytes(file.media.clone()).await;
            file.bytes = bytes.ok().flatten().unwrap_or_default();
        }
        match self.parts.session.find_sent(&packed.outgoing, &taken).await {
            Ok(Some(remote_id)) => self.settle(row, Event::Found, Some(remote_id), None).await,
            Ok(None) => self.settle(row, Event::NotFound, None, None).await,
            Err(fault) => {
                tracing::info!(account = %self.parts.account, op = %row.op_id, %fault, "a read-back failed");
                self.note_fault(&fault).await;
                self.settle(row, Event::LookFailed, None, None).await
            }
        }
    }

    /// Stores what happened. The outcome of a send must not be lost to a full disk: tried until it is stored.
    async fn settle(
        &self,
        row: OutboxRow,
        event: Event,
        remote_id: Option<RemoteId>,
        left_before: Option<Timestamp>,
    ) -> Result<(), store::Error> {
        let erased = self.until_stored(|| {
            let (row, remote_id, window) = (row.clone(), remote_id.clone(), self.parts.takes.reply_window);
            let around = Surroundings { left_before, ..self.surroundings(&row, self.parts.clock.now()) };
            let change = step(&row, &event, &around);
            async move {
                self.parts
                    .store
                    .write(move |tx| {
                        let Some(change) = change else { return Ok(Vec::new()) };
                        let mut erased = Vec::new();
                        // If sync was faster, it knew which message it is.
                        if tx.cas_outbox(&[row.state], &moved(&row, change))?
                            && let Some(remote_id) = &remote_id
                        {
                            erased = tx.confirm_message(row.message_id, remote_id)?;
                        }
                        // The platform may have told it by sync before the answer was given up.
                        let recognised = recognise(tx, row.conversation_id, &around)?;
                        erased.extend(recognised.map(|it| it.erased).unwrap_or_default());
                        refresh(tx, window)?;
                        Ok::<_, store::Error>(erased)
                    })
                    .await
            }
        });
        self.parts.delete_media(erased.await).await;
        Ok(())
    }

    /// One step, durably; none if someone else (undo, retry) was faster.
    async fn move_row(
        &self,
        row: OutboxRow,
        event: &Event,
        around: &Surroundings,
    ) -> Result<Option<OutboxRow>, store::Error> {
        let Some(change) = step(&row, event, around) else { return Ok(None) };
        let window = self.parts.takes.reply_window;
        self.parts
            .store
            .write(move |tx| {
                let after = moved(&row, change);
                let is_ours = tx.cas_outbox(&[row.state], &after)?;
                refresh(tx, window)?;
                Ok::<_, store::Error>(is_ours.then_some(after))
            })
            .await
    }

    fn surroundings(&self, row: &OutboxRow, now: Timestamp) -> Surroundings {
        let backoff =
            backoff(row.attempts.saturating_sub(1), self.parts.dice.as_ref(), Duration::from_secs(60));
        Surroundings {
            now,
            platform_now: self.parts.platform_clock.at(now),
            awake_since: now,
            is_idempotent: self.parts.takes.is_send_idempotent,
            backoff,
            left_before: None,
        }
    }

    async fn note_fault(&self, fault: &Fault) {
        if fault.kind == FaultKind::SignInAgain {
            let id = self.parts.account;
            let noted =
                self.parts.store.write(move |tx| tx.set_account_status(id, AccountStatus::SignInAgain, None));
            let _ = noted.await.inspect_err(|error| self.parts.trouble.note(error));
        }
    }

    async fn until_stored<T, F, Fut>(&self, attempt: F) -> T
    where
        F: Fn() -> Fut,
        Fut: Future<Output = Result<T, store::Error>>,
    {
        loop {
            match attempt().await {
                Ok(stored) => return stored,
                Err(error) => self.parts.trouble.note(&error),
            }
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
    }
}

struct Due {
    rows: Vec<OutboxRow>,
    next: Duration,
}

fn refresh(tx: &store::WriteTx, window: Option<Duration>) -> Result<(), store::Error> {
    tx.stale_conversations().into_iter().try_for_each(|id| tx.refresh_conversation(id, window))
}
