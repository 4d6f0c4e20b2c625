//! Erases what has had its time: at the start, and every hour while Kontor runs.

use crate::engine::Engine;
use crate::inbox;
use std::sync::Arc;
use std::time::Duration;

/// Between two sweeps.
const EVERY: Duration = Duration::from_secs(3600);
/// For so long a reply that was taken back or out can come back.
const TAKEN_BACK: Duration = Duration::from_secs(3600);
/// For so long it is remembered what was told, so that nothing is told twice.
const TOLD: Duration = Duration::from_secs(90 * 86_400);

impl Engine {
    /// From now on what has had its time is erased.
    pub(crate) fn keep_swept(&self) {
        let (supervisor, engine) = (self.0.supervisor.clone(), Arc::downgrade(&self.0));
        supervisor.run("sweep", move || {
            let engine = engine.clone();
            async move {
                while let Some(inner) = engine.upgrade() {
                    if let Err(error) = Engine(inner).sweep().await {
                        tracing::warn!(%error, "what has had its time stays until the next sweep");
                    }
                    tokio::time::sleep(EVERY).await;
                }
            }
        });
    }

    async fn sweep(&self) -> Result<(), store::Error> {
        let (now, registry) = (self.now(), self.0.parts.registry.clone());
        let store = self.store();
        let erased = store
            .write(move |tx| {
                tx.forget_told(now.minus(TOLD))?;
                let erased = tx.forget_cancelled(now.minus(TAKEN_BACK))?;
                inbox::refresh_stale(tx, &|platform| registry.capabilities(platform))?;
                Ok::<_, store::Error>(erased)
            })
            .await?;
        store.delete_media(erased).await
    }
}
