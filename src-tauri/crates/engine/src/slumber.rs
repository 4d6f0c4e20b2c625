//! Notices that the machine slept (a closed lid): the clock went on, the timers stood still. Or that somebody set the clock,
//! or that the machine stood still unnoticed (a virtual one) and its clock was put right.
//!
//! Then every open connection is dead, and a long poll would wait on one for half a minute or more.

use crate::engine::Engine;
use std::sync::Arc;
use std::time::Duration;

/// Between two looks at the clock: so soon after waking it is noticed.
const TICK: Duration = Duration::from_secs(1);
/// A look so much later than the one before says that the machine slept. A machine too busy to look is taken for it as well;
/// that costs one more poll.
const LATE: Duration = Duration::from_secs(6);

impl Engine {
    /// From now on whoever waits on the network hears when the machine wakes.
    pub(crate) fn watch_slumber(&self) {
        let (supervisor, engine) = (self.0.supervisor.clone(), Arc::downgrade(&self.0));
        supervisor.run("slumber", move || {
            let engine = engine.clone();
            async move {
                while let Some(inner) = engine.upgrade() {
                    Engine(inner).look_at_clock();
                    tokio::time::sleep(TICK).await;
                }
            }
        });
    }

    /// Looks whether the clock jumped since the last look. Who acts by the clock alone looks first.
    pub(crate) fn look_at_clock(&self) {
        let now = self.now();
        let before = self.0.looked_at.lock().expect("no holder of the last look panics").replace(now);
        if self.look_whether_clock_was_set() || before.is_some_and(|before| now.since(before) > LATE) {
            tracing::info!("the machine slept, or its clock was set: everybody asks anew");
            self.0.platform_clock.doubt();
            self.0.parts.transport.forget_connections();
            self.0.woke.send_modify(|times| *times += 1);
        }
    }
}
