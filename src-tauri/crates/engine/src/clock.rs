//! The real and the simulated time and chance. The only place that asks the machine for either.

use connect::{Clock, Dice};
use model::Timestamp;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealClock;

impl Clock for RealClock {
    #[allow(clippy::disallowed_methods)] // The one place that may ask.
    fn now(&self) -> Timestamp {
        let since_1970 =
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX))
    }

    #[cfg(unix)]
    fn steady(&self) -> Duration {
        use rustix::time::{ClockId, clock_gettime};
        // Each is the one that goes on while the machine sleeps.
        #[cfg(any(target_os = "linux", target_os = "android"))]
        const AWAKE_OR_ASLEEP: ClockId = ClockId::Boottime;
        #[cfg(not(any(target_os = "linux", target_os = "android")))]
        const AWAKE_OR_ASLEEP: ClockId = ClockId::Monotonic;
        let at = clock_gettime(AWAKE_OR_ASLEEP);
        Duration::new(at.tv_sec.unsigned_abs(), u32::try_from(at.tv_nsec).unwrap_or_default())
    }

    // Windows counts sleep in it.
    #[cfg(not(unix))]
    #[allow(clippy::disallowed_methods)] // The one place that may ask.
    fn steady(&self) -> Duration {
        static BEGAN: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
        BEGAN.get_or_init(std::time::Instant::now).elapsed()
    }
}

/// The operating system's chance.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDice;

impl Dice for RealDice {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system has random bytes");
    }
}

/// A clock that moves with tokio's: under a paused runtime a week passes in milliseconds. Clones are the same clock.
#[derive(Debug, Clone)]
pub struct SimulatedClock {
    began: tokio::time::Instant,
    at: Timestamp,
    slept_ms: Arc<AtomicI64>,
    wrong_by_ms: Arc<AtomicI64>,
}

impl SimulatedClock {
    /// Shows `at` now.
    pub fn starting_at(at: Timestamp) -> Self {
        let (slept_ms, wrong_by_ms) = Default::default();
        Self { began: tokio::time::Instant::now(), at, slept_ms, wrong_by_ms }
    }

    /// Another clock beside this one: both go on together, and each can be set wrong by itself.
    pub fn beside(&self) -> Self {
        Self { wrong_by_ms: Arc::default(), ..self.clone() }
    }

    /// Somebody sets it: from now on it is so far ahead (negative: behind) of the right time.
    pub fn set_wrong(&self, by_ms: i64) {
        self.wrong_by_ms.store(by_ms, Ordering::Relaxed);
    }

    /// The machine sleeps: the clock goes on, timers stand still.
    pub fn sleep(&self, how_long: Duration) {
        self.slept_ms.fetch_add(how_long.as_millis() as i64, Ordering::Relaxed);
    }
}

impl Clock for SimulatedClock {
    fn now(&self) -> Timestamp {
        let awake = self.at.plus(self.began.elapsed());
        let off_ms = self.slept_ms.load(Ordering::Relaxed) + self.wrong_by_ms.load(Ordering::Relaxed);
        Timestamp(awake.0.saturating_add(off_ms))
    }

    fn steady(&self) -> Duration {
        let slept_ms = self.slept_ms.load(Ordering::Relaxed);
        self.began.elapsed() + Duration::from_millis(slept_ms.unsigned_abs())
    }
}

/// Chance that a seed decides (xorshift64*): the same each time. Not for secrets.
#[derive(Debug)]
pub struct SeededDice(Mutex<u64>);

impl SeededDice {
    /// Dice of this seed.
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1))
    }
}

impl Dice for SeededDice {
    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.0.lock().expect("no holder of the dice panics");
        for byte in bytes {
            *state ^= *state >> 12;
            *state ^= *state << 25;
            *state ^= *state >> 27;
            *byte = (state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 56) as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_real_clocks_go_on() {
        let (before, after) = (RealClock.steady(), RealClock.steady());
        assert!(before > Duration::ZERO && after >= before);
        assert!(RealClock.now() > Timestamp(1_700_000_000_000));
    }
}
