//! The settings: one row, one JSON value, so that a field an older file lacks takes its default.

use crate::{ReadTx, Result, WriteTx};
use model::settings::Settings;

impl ReadTx<'_> {
    /// The settings; defaults if nothing was set yet.
    pub fn settings(&self) -> Result<Settings> {
        todo!()
    }
}

impl WriteTx<'_> {
    /// Keeps the settings.
    pub fn set_settings(&self, settings: &Settings) -> Result<()> {
        todo!()
    }
}
