//! The two hidden inputs of every program, made visible: the time and chance.

use model::Timestamp;
use std::sync::Arc;
use std::time::Duration;

/// Tells the time. The engine has the real one and a simulated one.
pub trait Clock: Send + Sync {
    /// Now, by this machine's clock. Somebody may set it at any time.
    fn now(&self) -> Timestamp;

    /// Time since an instant that does not matter: goes on evenly, also while the machine sleeps, and nobody can set it.
    fn steady(&self) -> Duration;
}

/// A clock that nobody can set: it began with what this machine's clock showed, and goes on evenly from there. What waits
/// waits by it, and takes as long as it was meant to.
pub struct EvenClock {
    machine: Arc<dyn Clock>,
    began_at: Timestamp,
    began: Duration,
}

impl EvenClock {
    /// Shows what the machine's clock shows now.
    pub fn new(machine: Arc<dyn Clock>) -> Self {
        Self { began_at: machine.now(), began: machine.steady(), machine }
    }

    /// By how much the machine's clock was set since then, in milliseconds (negative: back).
    pub fn set_by_ms(&self) -> i64 {
        self.machine.now().0.saturating_sub(self.now().0)
    }
}

impl Clock for EvenClock {
    fn now(&self) -> Timestamp {
        self.began_at.plus(self.steady().saturating_sub(self.began))
    }

    fn steady(&self) -> Duration {
        self.machine.steady()
    }
}

/// Rolls dice: jitter, ids, nonces that need not be secret.
pub trait Dice: Send + Sync {
    /// Fills the slice.
    fn fill(&self, bytes: &mut [u8]);

    /// A number from 0 (included) to 1 (excluded).
    fn fraction(&self) -> f64 {
        let mut bytes = [0; 4];
        self.fill(&mut bytes);
        f64::from(u32::from_le_bytes(bytes)) / (f64::from(u32::MAX) + 1.0)
    }
}
