//! Settings of the open profile.

use crate::app::App;
use crate::error::ApiError;
use crate::types::Nothing;
use model::settings::Settings;

pub async fn settings_get(app: &App, _: Nothing) -> Result<Settings, ApiError> {
    Ok(app.engine()?.settings().borrow().clone())
}

pub async fn settings_set(app: &App, settings: Settings) -> Result<Settings, ApiError> {
    Ok(app.engine()?.set_settings(settings).await?)
}
