//! Where a session puts renewed secrets: on disk before they are used.

use connect::fault::{Fault, FaultKind};
use connect::{SecretKeeper, Secrets};
use model::AccountId;
use store::Store;

pub(super) struct Keeper {
    pub account: AccountId,
    pub store: Store,
}

#[async_trait::async_trait]
impl SecretKeeper for Keeper {
    async fn keep(&self, secrets: &Secrets) -> Result<(), Fault> {
        let (account, secrets) = (self.account, secrets.clone());
        self.store.write(move |tx| tx.keep_secrets(account, &secrets)).await.map_err(|error: store::Error| {
            Fault::not_done(FaultKind::Unavailable, format!("renewed secrets could not be stored: {error}"))
        })
    }
}
