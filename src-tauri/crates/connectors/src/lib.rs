//! The platforms: one folder each, one line each in [`all`].
//!
//! Absent on purpose: anything that two platforms share (that is `connect`) and anything that stores.

pub mod matrix;
pub mod messenger;

use connect::Connector;

/// Where the platforms' servers are; the default is the real ones, tests and the sandbox put their own here.
#[derive(Debug, Clone, Default)]
pub struct Endpoints {
    /// Messenger's.
    pub messenger: messenger::Endpoints,
}

/// Every platform there is, in the order it is offered.
pub fn all(endpoints: &Endpoints) -> Vec<Box<dyn Connector>> {
    vec![Box::new(matrix::Matrix::new()), Box::new(messenger::Messenger::new(endpoints.messenger.clone()))]
}
