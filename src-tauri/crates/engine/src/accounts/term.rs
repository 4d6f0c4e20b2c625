//! How long a sign-in lasts: asked of the connector, which renews in time what it can, and kept for whoever warns.

use super::AccountParts;
use crate::supervisor::backoff;
use connect::FaultKind;
use model::Timestamp;
use model::account::AccountStatus;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// Between two questions.
const EVERY: Duration = Duration::from_secs(6 * 3600);
/// Longest wait after a question that the platform could not answer just now.
const SOON: Duration = Duration::from_secs(3600);
/// So long before the end somebody is told.
const WARNING: Duration = Duration::from_secs(10 * 86_400);

/// From when on somebody is warned that a sign-in ends.
pub fn warns_from(ends_at: Timestamp) -> Timestamp {
    ends_at.minus(WARNING)
}

/// What asks for one account.
pub(crate) struct TermKeeper {
    pub parts: AccountParts,
    /// A person asks for news of the account.
    pub wake: Arc<Notify>,
}

impl TermKeeper {
    /// Asks at once, and every few hours by the clock: a machine that slept over it asks when it wakes.
    pub async fn run(&self) {
        let (mut tries, mut woke) = (0, self.parts.woke.clone());
        loop {
            let pause = self.ask(&mut tries).await;
            let next = self.parts.clock.now().plus(pause);
            loop {
                let left = next.since(self.parts.clock.now());
                if left.is_zero() {
                    break;
                }
                tokio::select! {
                    () = tokio::time::sleep(left) => {}
                    Ok(()) = woke.changed() => {}
                    () = self.wake.notified() => break,
                }
            }
        }
    }

    /// Asks once; how long to wait then. What it cannot find out leaves as it was what was known.
    async fn ask(&self, tries: &mut u32) -> Duration {
        let id = self.parts.account;
        let is_signed_in = self.parts.store.read(move |tx| {
            Ok::<_, store::Error>(tx.account(id)?.is_some_and(|it| it.status != AccountStatus::SignInAgain))
        });
        match is_signed_in.await {
            Ok(true) => {}
            Ok(false) => return EVERY,
            Err(error) => {
                self.parts.trouble.note(&error);
                return SOON;
            }
        }
        let term = match self.parts.session.keep_signed_in().await {
            Ok(term) => term,
            Err(fault) => {
                tracing::info!(account = %id, %fault, "how long the sign-in lasts could not be found out");
                return self.pause_after(&fault, tries);
            }
        };
        let ends_at = term.ends_at;
        if let Err(error) = self.parts.store.write(move |tx| tx.set_sign_in_end(id, ends_at)).await {
            self.parts.trouble.note(&error);
            return SOON;
        }
        match term.not_renewed {
            Some(fault) => {
                tracing::warn!(account = %id, %fault, "the sign-in could not be renewed");
                self.pause_after(&fault, tries)
            }
            None => {
                *tries = 0;
                EVERY
            }
        }
    }

    /// What may pass is asked again soon, a refusal as seldom as an answer.
    fn pause_after(&self, fault: &connect::Fault, tries: &mut u32) -> Duration {
        match fault.kind {
            FaultKind::Unavailable
            | FaultKind::Intercepted(_)
            | FaultKind::Throttled
            | FaultKind::Malformed => {
                let pause = backoff(*tries, self.parts.dice.as_ref(), SOON);
                *tries += 1;
                fault.retry_after.unwrap_or(pause).max(pause)
            }
            _ => EVERY,
        }
    }
}
