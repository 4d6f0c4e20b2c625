//! A network that comes and goes.

/// The way of a request to its platform, and of the answer back, each.
pub(crate) const TRAVEL_MS: i64 = 100;

/// A network that is there for half a period and gone for the other half, until it stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Flap {
    pub began_ms: i64,
    pub period_ms: i64,
    pub ends_ms: i64,
}

impl Flap {
    /// How long the network lasts from now on, in ms; 0 = it is gone, none = it stays.
    pub fn lasts_ms(&self, now_ms: i64) -> Option<i64> {
        if now_ms >= self.ends_ms {
            return None;
        }
        let place = (now_ms - self.began_ms).rem_euclid(self.period_ms);
        Some((self.period_ms / 2 - place).max(0))
    }
}
