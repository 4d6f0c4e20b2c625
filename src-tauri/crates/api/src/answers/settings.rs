//! Settings of the open profile.

use crate::app::App;
use crate::error::ApiError;
use crate::types::Nothing;
use model::settings::Settings;

pub async fn settings_get(app: &App, _: Nothing) -> Result<Settings, ApiError> {
    // From the store, not from the engine's copy: the copy follows the commit, and the commit is what the UI hears of.
    Ok(app.engine()?.store().read_list(|tx| tx.settings()).await?)
}

pub async fn settings_set(app: &App, settings: Settings) -> Result<Settings, ApiError> {
    Ok(app.engine()?.set_settings(settings).await?)
}
