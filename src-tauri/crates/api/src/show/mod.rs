//! From nouns of the store to what the UI draws: joins within one read transaction.

pub mod head;
pub mod messages;
