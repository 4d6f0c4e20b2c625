//! Tells the platform what was read here, as the account's owner wants it. Best effort: the newest mark says it all.

use crate::accounts::AccountParts;
use connect::fault::{Fault, FaultKind};
use model::remote::RemoteOp;
use std::time::Duration;
use store::{Topic, UntoldMark};
use tokio::sync::broadcast::error::RecvError;

/// Marks told in one go.
const AT_ONCE: u32 = 20;
/// The wait after the platform did not take one.
const PAUSE: Duration = Duration::from_secs(30);

/// What telling works with.
pub(crate) struct Marks {
    pub parts: AccountParts,
}

/// What is to be done about the marks that are left.
enum Rest {
    /// Nothing, until another one moves.
    Nothing,
    /// Tried again after a pause.
    Later,
}

impl Marks {
    /// Runs until stopped: tells what is untold, then waits for the next commit that could have moved a mark.
    pub async fn run(&self) {
        let mut commits = self.parts.store.changes();
        loop {
            match self.tell().await {
                Ok(Rest::Nothing) => {}
                Ok(Rest::Later) => {
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
                Err(error) => {
                    tracing::warn!(account = %self.parts.account, %error, "a read mark could not be noted");
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

    async fn tell(&self) -> Result<Rest, store::Error> {
        let account = self.parts.account;
        loop {
            let marks = self.parts.store.read(move |tx| tx.untold_read_marks(account, AT_ONCE)).await?;
            if marks.is_empty() {
                return Ok(Rest::Nothing);
            }
            for mark in marks {
                if let Some(rest) = self.tell_one(mark).await? {
                    return Ok(rest);
                }
            }
        }
    }

    /// None if the next one can be told.
    async fn tell_one(&self, mark: UntoldMark) -> Result<Option<Rest>, store::Error> {
        let op = RemoteOp::MarkRead {
            conversation: mark.remote_conversation,
            up_to: mark.remote_message,
            is_public: mark.is_public,
        };
        match self.parts.session.perform(&op).await {
            Err(Fault {
                kind: FaultKind::Unavailable | FaultKind::Intercepted(_) | FaultKind::Throttled,
                ..
            }) => {
                return Ok(Some(Rest::Later));
            }
            // Whoever signs in again starts this task anew.
            Err(fault) if fault.kind == FaultKind::SignInAgain => return Ok(Some(Rest::Nothing)),
            // Refused for good: asking again would not help, and nobody is harmed.
            Err(fault) => tracing::debug!(account = %self.parts.account, %fault, "a read mark was not taken"),
            Ok(_) => {}
        }
        self.parts.store.write(move |tx| tx.set_read_mark_told(mark.conversation, mark.up_to)).await?;
        Ok(None)
    }
}
