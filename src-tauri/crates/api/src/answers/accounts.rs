//! Accounts.

use crate::app::App;
use crate::error::ApiError;
use crate::types::Nothing;
use crate::types::account::*;

pub async fn accounts_list(app: &App, _: Nothing) -> Result<Vec<AccountRow>, ApiError> {
    let engine = app.engine()?;
    let (accounts, unread, ends) = engine
        .store()
        .read_list(|tx| {
            Ok::<_, store::Error>((tx.accounts()?, tx.unread_conversations()?, tx.sign_in_ends()?))
        })
        .await?;
    let row = |account: model::account::Account| AccountRow {
        unread_count: unread.get(&account.id).copied().unwrap_or(0),
        problem_count: engine.problem_count(account.id),
        sign_in_ends_at: ends.get(&account.id).copied(),
        sign_in_warns_from: ends.get(&account.id).map(|at| engine::accounts::warns_from(*at)),
        id: account.id,
        platform: account.platform,
        name: account.name,
        handle: account.remote_id.0,
        status: account.status,
        verified_at: account.verified_at,
        settings: account.settings,
    };
    Ok(accounts.into_iter().map(row).collect())
}

pub async fn account_set(app: &App, change: AccountChange) -> Result<Nothing, ApiError> {
    app.engine()?.set_account(change.account, change.settings).await?;
    Ok(Nothing {})
}

pub async fn account_sync(app: &App, which: AccountRef) -> Result<Nothing, ApiError> {
    app.engine()?.sync_now(which.account);
    Ok(Nothing {})
}

pub async fn account_remove(app: &App, which: AccountRef) -> Result<Nothing, ApiError> {
    app.engine()?.remove_account(which.account).await?;
    Ok(Nothing {})
}
