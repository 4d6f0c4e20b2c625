//! Every platform there is, by id.

use connect::{Connector, Descriptor};
use model::PlatformId;
use model::capability::Capabilities;

/// The connectors of this program, in the order they are offered.
pub struct Registry(Vec<Box<dyn Connector>>);

impl Registry {
    /// Of these.
    pub fn new(connectors: Vec<Box<dyn Connector>>) -> Self {
        Self(connectors)
    }

    /// What each is and can do.
    pub fn descriptors(&self) -> impl Iterator<Item = &Descriptor> {
        self.0.iter().map(|connector| connector.descriptor())
    }

    /// One of them.
    pub fn connector(&self, id: &PlatformId) -> Option<&dyn Connector> {
        self.0.iter().map(Box::as_ref).find(|connector| connector.descriptor().id == *id)
    }

    /// What a platform takes.
    pub fn capabilities(&self, id: &PlatformId) -> Option<Capabilities> {
        self.connector(id).map(|connector| connector.descriptor().capabilities.clone())
    }
}
