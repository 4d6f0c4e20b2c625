//! The settings: one row, one JSON value, so that a field an older file lacks takes its default.

use super::row::json;
use crate::{ReadTx, Result, Topic, WriteTx};
use model::settings::Settings;

impl ReadTx<'_> {
    /// The settings; defaults if nothing was set yet.
    pub fn settings(&self) -> Result<Settings> {
        Ok(self
            .one("SELECT value FROM setting WHERE id = 1", [], |row| json(row, "value"))?
            .unwrap_or_default())
    }
}

impl WriteTx<'_> {
    /// Keeps the settings.
    pub fn set_settings(&self, settings: &Settings) -> Result<()> {
        self.announce(Topic::Settings);
        self.execute(
            "INSERT INTO setting (id, value) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET value = ?1",
            [serde_json::to_string(settings)?],
        )?;
        Ok(())
    }
}
