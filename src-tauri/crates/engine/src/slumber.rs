//! Notices that the machine slept (a closed lid): the clock went on, the timers stood still.
//!
//! Then every open connection is dead, and a long poll would wait on one for half a minute or more.

use crate::engine::Engine;
use std::sync::Arc;
use std::time::Duration;

/// Between two looks at the clock: so soon after waking it is noticed.
const TICK: Duration = Duration::from_secs(1);
/// A look so much later than the one before says that the machine slept. A clock that was set, or a machine too busy to
/// look, is taken for it as well; that costs one more poll.
const LATE: Duration = Duration::from_secs(6);

impl Engine {
    /// From now on whoever waits on the network hears when the machine wakes.
    pub(crate) fn watch_slumber(&self) {
        let (supervisor, engine) = (self.0.supervisor.clone(), Arc::downgrade(&self.0));
        supervisor.run("slumber", move || {
            let engine = engine.clone();
            async move {
                let mut looked_at = None;
                while let Some(inner) = engine.upgrade() {
                    let now = inner.parts.clock.now();
                    if looked_at.is_some_and(|before| now.since(before) > LATE) {
                        tracing::info!("the machine slept: everybody asks anew");
                        inner.parts.transport.forget_connections();
                        inner.woke.send_modify(|times| *times += 1);
                    }
                    looked_at = Some(now);
                    drop(inner);
                    tokio::time::sleep(TICK).await;
                }
            }
        });
    }
}
