//! People and desks: an office runs Kontor on a simulated world; customers write from outside.

mod calls;
mod golden;
mod keychain;
mod office;
mod people;
mod recorder;

pub use calls::matrix_fields;
pub use golden::assert_golden;
pub use office::{BRAND, MATRIX_HOST, Office, START};
pub use people::{Ada, Ben};
