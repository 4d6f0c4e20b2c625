//! Life: traffic that goes on by itself while a demo runs.

use super::World;
use crate::brand_day;

impl World {
    /// Live traffic for the demo world: every few seconds something happens somewhere, and customers answer the
    /// brand's replies. Runs until dropped; the host spawns it. An empty world has nobody to live in it, there it
    /// only waits.
    pub async fn live(&self) {
        brand_day::live(self).await;
    }
}
