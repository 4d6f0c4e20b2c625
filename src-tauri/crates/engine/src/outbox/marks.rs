//! Tells the platform what was read here, as the account's owner wants it. Best effort: the newest mark says it all.

use connect::Session;
use connect::fault::FaultKind;
use model::AccountId;
use model::remote::RemoteOp;
use std::sync::Arc;
use std::time::Duration;
use store::{Store, Topic, UntoldMark};
use tokio::sync::broadcast::error::RecvError;

/// Marks told in one go.
const AT_ONCE: u32 = 20;
/// The wait after the platform did not take one.
const PAUSE: Duration = Duration::from_secs(30);

/// What telling works with.
pub(crate) struct Marks {
    pub account: AccountId,
    pub session: Arc<dyn Session>,
    pub store: Store,
}

impl Marks {
    /// Runs until stopped: tells what is untold, then waits for the next commit that could have moved a mark.
    pub async fn run(&self) {
        let mut commits = self.store.changes();
        loop {
            match self.tell().await {
                Ok(true) => {}
                Ok(false) => tokio::time::sleep(PAUSE).await,
                Err(error) => {
                    tracing::warn!(account = %self.account, %error, "a read mark could not be noted");
                    tokio::time::sleep(PAUSE).await;
                }
            }
            loop {
                match commits.recv().await {
                    Ok(commit) if commit.topics.contains(&Topic::Inbox) => break,
                    Ok(_) => {}
                    Err(RecvError::Lagged(_)) => break,
                    Err(RecvError::Closed) => return,
                }
            }
        }
    }

    /// False if the platform should be left alone for a while.
    async fn tell(&self) -> Result<bool, store::Error> {
        let account = self.account;
        loop {
            let marks = self.store.read(move |tx| tx.untold_read_marks(account, AT_ONCE)).await?;
            if marks.is_empty() {
                return Ok(true);
            }
            for mark in marks {
                if !self.tell_one(mark).await? {
                    return Ok(false);
                }
            }
        }
    }

    async fn tell_one(&self, mark: UntoldMark) -> Result<bool, store::Error> {
        let op = RemoteOp::MarkRead {
            conversation: mark.remote_conversation,
            up_to: mark.remote_message,
            is_public: mark.is_public,
        };
        match self.session.perform(&op).await {
            Err(fault)
                if matches!(
                    fault.kind,
                    FaultKind::Unavailable | FaultKind::Throttled | FaultKind::SignInAgain
                ) =>
            {
                return Ok(false);
            }
            // Refused for good: asking again would not help, and nobody is harmed.
            Err(fault) => tracing::debug!(account = %self.account, %fault, "a read mark was not taken"),
            Ok(_) => {}
        }
        self.store.write(move |tx| tx.set_read_mark_told(mark.conversation, mark.up_to)).await?;
        Ok(true)
    }
}
