//! The figures that need no window. Each measures its floor or ceiling in turn with the product, round by round.

mod commit;
mod import;
mod reading;

pub use commit::commit;
pub use import::import;
pub use reading::{list, open, search};
