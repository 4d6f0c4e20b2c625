//! Sync: pull, history and long poll all end in one `ingest`.

mod audit;
mod backfill;
pub mod ingest;
mod status;
mod worker;

pub(crate) use worker::Worker;
