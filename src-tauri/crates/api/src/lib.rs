//! What a UI may ask. The list is in `calls.rs`; one file per area answers; no transport is known here.

mod calls;
pub mod error;
pub mod export;
pub mod types;
