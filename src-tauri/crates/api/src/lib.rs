//! What a UI may ask. The list is in `calls.rs`; one file per area answers; no transport is known here.

#[allow(missing_docs)] // The list documents the calls; each answer has the name of its call.
mod answers;
mod app;
mod calls;
pub mod error;
pub mod export;
mod feed;
mod files;
mod router;
mod show;
pub mod types;

pub use app::{App, AppParts, Change, Host, Media};
pub use error::{ApiError, ErrorCode};
