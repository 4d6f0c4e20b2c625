//! Fills history: holes first and whole, then older messages from the newest conversation down, a little at a time.

use super::ingest::Source;
use super::worker::{Trouble, Worker};
use crate::supervisor::backoff;
use connect::fault::{Fault, FaultKind};
use std::collections::BTreeSet;
use std::time::Duration;

/// Older pages fetched without being asked for; more come when a person scrolls there.
pub const EAGER_PAGES: u32 = 4;
/// Between two pages nobody waits for: live messages and people go first.
const PAUSE: Duration = Duration::from_millis(250);

impl Worker {
    pub(super) async fn backfill_forever(&self) {
        // Gaps whose last try failed wait until the others are filled: one broken conversation holds up no other.
        let (mut tries, mut set_aside) = (0, BTreeSet::new());
        loop {
            match self.backfill_once(&mut set_aside).await {
                Ok(Some(pause)) => {
                    tries = 0;
                    tokio::time::sleep(pause).await;
                    continue;
                }
                Ok(None) if set_aside.is_empty() => {
                    self.wake_backfill.notified().await;
                    continue;
                }
                Ok(None) => set_aside.clear(),
                Err(Trouble::Fault(fault)) => {
                    tracing::info!(account = %self.parts.account, %fault, "history failed")
                }
                Err(Trouble::Store(error)) => self.parts.trouble.note(&error),
            }
            let pause = backoff(tries, self.parts.dice.as_ref(), Duration::from_secs(300));
            tries += 1;
            // A person who scrolls up does not wait for it.
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = self.wake_backfill.notified() => set_aside.clear(),
            }
        }
    }

    /// One page of the most urgent gap, and the pause after it; none if there is no gap but those set aside.
    async fn backfill_once(&self, set_aside: &mut BTreeSet<i64>) -> Result<Option<Duration>, Trouble> {
        let (account, but) = (self.parts.account, set_aside.clone());
        let Some(gap) = self.parts.store.read(move |tx| tx.next_gap(account, EAGER_PAGES, &but)).await?
        else {
            return Ok(None);
        };
        let id = gap.conversation_id;
        let Some(conversation) = self.parts.store.read(move |tx| tx.conversation(id)).await? else {
            return Ok(Some(Duration::ZERO));
        };
        // Holes, and conversations of which nothing is here yet, are news that somebody waits for.
        let is_urgent = gap.is_hole || conversation.last_message_id.is_none();
        match self.parts.session.history(&conversation.remote_id, gap.cursor.as_deref()).await {
            Ok(pulled) => self.keep(pulled, Source::History(gap)).await?,
            // The position rotted, or the conversation is closed to us: what is there stays, the gap is given up.
            Err(fault) if is_closed(&fault) => {
                tracing::info!(account = %self.parts.account, %fault, "history of a conversation ends here");
                self.parts.store.write(move |tx| tx.finish_gap(&gap)).await?;
            }
            Err(fault) => {
                set_aside.insert(gap.id);
                return Err(fault.into());
            }
        }
        Ok(Some(if is_urgent { Duration::ZERO } else { PAUSE }))
    }
}

/// History cannot be had: not now, and not later.
pub(super) fn is_closed(fault: &Fault) -> bool {
    matches!(fault.kind, FaultKind::CursorLost | FaultKind::Refused(_) | FaultKind::Unsupported)
}
