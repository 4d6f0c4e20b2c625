//! What the tasks of one account share.

use crate::profile::Trouble;
use connect::{Clock, Dice, Session};
use model::AccountId;
use model::capability::Capabilities;
use std::sync::Arc;
use store::Store;
use tokio::sync::watch;

/// An account as its tasks work with it. Clones share everything.
#[derive(Clone)]
pub(crate) struct AccountParts {
    /// Which.
    pub account: AccountId,
    /// Its way to the platform.
    pub session: Arc<dyn Session>,
    /// What the platform takes.
    pub takes: Capabilities,
    /// Where everything is kept.
    pub store: Store,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub dice: Arc<dyn Dice>,
    /// The store's last refusal, for the banner.
    pub trouble: Arc<Trouble>,
    /// Changes whenever the machine has slept.
    pub woke: watch::Receiver<u64>,
}
