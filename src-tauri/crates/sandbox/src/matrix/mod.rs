//! A Matrix homeserver, as far as a client sees it: the client-server API with Synapse's manners.
//!
//! Absent on purpose: federation between servers, end-to-end encryption (rooms and events look encrypted, nothing can
//! be opened), single sign-on, and Synapse's two-minute cache of identical `/sync` requests.

mod bridge;
mod error;
mod event;
mod filter;
mod history;
mod login;
mod membership;
mod people;
mod relations;
mod room;
mod routes;
mod script;
mod send;
mod server;
mod sync;
mod sync_room;
mod upload;

pub use bridge::{Bridge, Bridged};
pub use people::RoomEvent;
pub use script::Matrix;

pub(crate) use routes::answer;
pub(crate) use server::Server;
pub(crate) use sync::{is_sync, sync};
