//! Once a day everything of the last seven days is compared with the platform. What it never announced is stored then,
//! and counted: a count that is not zero is a mistake, of theirs or of ours.

use super::ingest::ingest;
use super::worker::{Trouble, Worker};
use crate::notify::news;
use model::remote::{RemoteEvent, RemoteMessage};
use model::{RemoteId, Timestamp};
use std::time::Duration;

/// Between two audits of an account.
const EVERY: Duration = Duration::from_secs(86_400);
/// How far back it looks.
const SPAN: Duration = Duration::from_secs(7 * 86_400);
/// What is younger is still on its way, and the pull's business.
const SETTLED: Duration = Duration::from_secs(600);
/// Between two looks at the clock, and before a failed audit is begun anew.
const LOOK: Duration = Duration::from_secs(3600);
/// Between two pages: nobody waits for them.
const PAUSE: Duration = Duration::from_secs(2);
/// Most pages of one conversation.
const MAX_PAGES: u32 = 40;

impl Worker {
    pub(super) async fn audit_forever(&self) {
        loop {
            let (account, now) = (self.parts.account, self.parts.now().platform);
            let outcome = match self.parts.store.read(move |tx| tx.audited_at(account)).await {
                Ok(Some(at)) if at <= now && now.since(at) < EVERY => Ok(()),
                Ok(Some(_)) => self.audit(now).await,
                // Just connected: the import has read everything.
                Ok(None) => self.note_audited(now).await.map_err(Trouble::from),
                Err(error) => Err(Trouble::Store(error)),
            };
            match outcome {
                Ok(()) => {}
                Err(Trouble::Fault(fault)) => tracing::info!(%account, %fault, "an audit was cut off"),
                Err(Trouble::Store(error)) => self.parts.trouble.note(&error),
            }
            // Not all accounts at once.
            tokio::time::sleep(LOOK.mul_f64(0.5 + self.parts.dice.fraction() / 2.0)).await;
        }
    }

    async fn audit(&self, now: Timestamp) -> Result<(), Trouble> {
        let (account, since) = (self.parts.account, now.minus(SPAN));
        let mut healed = 0;
        for (conversation, from) in self.parts.store.read(move |tx| tx.to_audit(account, since)).await? {
            healed += self.audit_one(&conversation, from.max(since), now.minus(SETTLED)).await?;
        }
        if healed > 0 {
            tracing::warn!(%account, healed, "messages that were never announced were found by the audit");
        }
        Ok(self.note_audited(now).await?)
    }

    /// Pages back to `from`; how many messages up to `until` were not here.
    async fn audit_one(
        &self,
        conversation: &RemoteId,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<u32, Trouble> {
        let (mut healed, mut cursor) = (0, None::<String>);
        for _ in 0..MAX_PAGES {
            let page = match self.parts.session.history(conversation, cursor.as_deref()).await {
                // One that is closed to us keeps nobody from the others.
                Err(fault) if super::backfill::is_closed(&fault) => break,
                page => page?,
            };
            let messages = page.events.iter().filter_map(message);
            let reaches_back =
                messages.map(|message| message.sent_at).min().is_none_or(|oldest| oldest < from);
            healed += self.heal(page.events, from, until).await?;
            tokio::time::sleep(PAUSE).await;
            match page.next {
                Some(next) if !reaches_back => cursor = Some(next),
                _ => break,
            }
        }
        Ok(healed)
    }

    /// Stores what is not here of a page. What is here stays as it is: a page of history does not know its order better.
    async fn heal(
        &self,
        events: Vec<RemoteEvent>,
        from: Timestamp,
        until: Timestamp,
    ) -> Result<u32, Trouble> {
        let (id, takes, now) = (self.parts.account, self.parts.takes.clone(), self.parts.now());
        let registry = self.registry.clone();
        let (healed, ingested, news) = self
            .parts
            .store
            .write(move |tx| {
                let Some(account) = tx.account(id)? else { return Ok(Default::default()) };
                let mut missing = Vec::new();
                for event in events {
                    let Some(found) = message(&event) else { continue };
                    let is_due = found.sent_at >= from && found.sent_at <= until;
                    if is_due && tx.message_by_remote(id, &found.remote_id)?.is_none() {
                        missing.push(event);
                    }
                }
                let ingested = ingest(tx, &account, &takes, &missing, now)?;
                let news = news(tx, &registry, &ingested.arrived)?;
                Ok::<_, store::Error>((u32::try_from(missing.len()).unwrap_or(u32::MAX), ingested, news))
            })
            .await?;
        self.pass_on(ingested, news).await;
        Ok(healed)
    }

    async fn note_audited(&self, now: Timestamp) -> Result<(), store::Error> {
        let account = self.parts.account;
        self.parts.store.write(move |tx| tx.set_audited_at(account, now)).await
    }
}

fn message(event: &RemoteEvent) -> Option<&RemoteMessage> {
    match event {
        RemoteEvent::Message(message) => Some(message),
        _ => None,
    }
}
