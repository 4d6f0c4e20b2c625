//! What crosses the border, both ways. Nothing here is stored.

pub mod account;
pub mod conversation;
pub mod inbox;
pub mod login;
pub mod profile;
pub mod search;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// For calls without arguments.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, TS)]
pub struct Nothing {}

macro_rules! border {
    ($($(#[$doc:meta])* $kind:ident $name:ident $body:tt)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, serde::Serialize, serde::Deserialize, ts_rs::TS)]
        #[serde(rename_all = "camelCase")]
        #[ts(rename_all = "camelCase")]
        pub $kind $name $body
    )+};
}
pub(crate) use border;
