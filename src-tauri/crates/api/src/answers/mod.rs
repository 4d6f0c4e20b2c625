//! The answers, one file per area; the names are those of the list.

mod accounts;
mod conversation;
mod desk;
mod inbox;
mod login;
mod profile;
mod search;
mod settings;

pub use accounts::*;
pub use conversation::*;
pub use desk::*;
pub use inbox::*;
pub use login::*;
pub use profile::*;
pub use search::*;
pub use settings::*;
