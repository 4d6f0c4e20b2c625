//! The platforms, simulated: their HTTP interfaces as their own documents describe them, played by people with a
//! memory, a clock and moods.
//!
//! One [`World`] holds every simulated platform. A request goes in by [`World::answer`], an answer comes out, with no
//! socket between: the first-run demo, the development host and the tests in simulated time all use it in process.
//! Tests speak as customers through [`World::messenger`] and [`World::matrix`] and read there what a platform really
//! holds.
//!
//! This crate knows nothing of the connectors. It was written from the platforms' documents alone, so that two
//! readings of one document catch each other's mistakes.

mod brand_day;
mod faults;
mod matrix;
mod media;
mod messenger;
mod wire;
mod world;

#[cfg(test)]
mod tests;

pub use faults::{Faults, Match, Mishap, RetryAfter};
pub use matrix::{Bridge, Bridged, Matrix, RoomEvent};
pub use media::Media;
pub use messenger::{Attachment, Consent, Messenger, Profile, Refusing, StoredMessage, TokenState, WebFile};
pub use world::{Asked, BOUNCE_HOST, Credential, NowMs, SignIn, World};
