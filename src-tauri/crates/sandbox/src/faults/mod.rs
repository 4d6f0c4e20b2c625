//! What goes wrong: arranged, one request at a time, or at random by a seed.

mod book;
mod fate;
mod flap;
mod mishap;

pub use book::{Faults, Match};
pub use mishap::{Mishap, RetryAfter};

pub(crate) use book::Book;
pub(crate) use fate::{Fate, fate};
pub(crate) use flap::{Flap, TRAVEL_MS};
