//! One file per family of tables: rows become nouns of `model`, reads on [`crate::ReadTx`], writes on [`crate::WriteTx`].

pub mod account;
pub mod action;
mod attachment;
pub mod contact;
pub mod conversation;
pub mod draft;
pub mod inbox;
pub mod media;
pub mod message;
pub mod meta;
pub mod mutation;
pub mod outbox;
mod pending;
pub mod read_mark;
pub mod refresh;
pub(crate) mod row;
pub mod search;
pub mod setting;
pub mod stretch;
pub mod sync;
pub(crate) mod text_index;
pub mod told;
