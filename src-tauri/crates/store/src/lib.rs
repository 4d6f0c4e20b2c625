//! The local store: one SQLCipher database, its key, and the encrypted media cache beside it.
//!
//! The only crate that knows SQL. There are two ways in, [`Store::read`] and [`Store::write`]; both run a synchronous
//! closure on the blocking pool, so no transaction can be held across an await and simulated time stands still meanwhile.
//! Everything written is announced after COMMIT, in commit order, through [`Store::changes`].
//!
//! Absent on purpose: clocks (instants are passed in), platforms by name, policy (who is told what, what is sent when).

mod aside;
mod change;
mod connection;
mod error;
mod export;
mod fold;
mod halt;
mod lane;
mod media_files;
mod migrate;
mod place;
mod readers;
mod restore;
mod salvage;
mod snapshot;
mod snippet;
mod store;
pub mod table;
#[cfg(test)]
mod tests;
mod tx;
pub mod vault;

pub use aside::{finish_setting_aside, set_aside};
pub use change::{Commit, Topic};
pub use error::{Error, Result};
pub use export::export;
pub use fold::fold;
pub use place::Place;
pub use restore::{Restored, restore};
pub use salvage::Carried;
pub use store::Store;
pub use table::action::Recorded;
pub use table::contact::ContactFacts;
pub use table::inbox::{Counts, ListKey, ListPage, ListRow, Preview, View};
pub use table::media::{Media, MediaState};
pub use table::message::Upserted;
pub use table::mutation::Erased;
pub use table::outbox::{NewEcho, Payload};
pub use table::read_mark::UntoldMark;
pub use table::search::{Hit, Hits};
pub use table::stretch::{MessageKey, Messages, Stretch};
pub use table::sync::Gap;
pub use tx::{ReadTx, WriteTx};
pub use vault::DataKey;
