//! The nouns of Kontor and the pure rules between them.
//!
//! Absent on purpose: input and output, async, clocks, randomness, SQL, platforms by name.

pub mod account;
pub mod action;
pub mod attachment;
pub mod capability;
pub mod contact;
pub mod conversation;
pub mod draft;
pub mod id;
pub mod message;
pub mod outbox;
pub mod remote;
pub mod settings;
pub mod time;

pub use id::{
    AccountId, ActionId, AttachmentId, ContactId, ConversationId, MediaId, MessageId, OpId, PlatformId,
    RemoteId,
};
pub use time::Timestamp;
