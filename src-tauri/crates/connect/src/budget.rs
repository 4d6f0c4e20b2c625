//! Call budgets as arithmetic on time passed in.

use model::Timestamp;
use std::time::Duration;

/// What a call is for: sends go before reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Reads; may be repeated.
    Read,
    /// Changes something on the platform; at most once.
    Write,
}

/// A token bucket with pauses: so many calls at once, so many per second, none while the platform asks us to wait.
#[derive(Debug, Clone)]
pub struct Budget {
    capacity: f64,
    per_second: f64,
    calls: f64,
    counted_at: Timestamp,
    reads_paused_until: Timestamp,
    writes_paused_until: Timestamp,
    turns: Option<(usize, Duration)>,
}

impl Budget {
    /// A full bucket. Reads leave a fifth of the capacity to writes.
    pub fn new(capacity: u32, per_second: f64, now: Timestamp) -> Self {
        let capacity = f64::from(capacity.max(1));
        let (reads_paused_until, writes_paused_until, turns) = (Timestamp(0), Timestamp(0), None);
        let (calls, counted_at) = (capacity, now);
        Self { capacity, per_second, calls, counted_at, reads_paused_until, writes_paused_until, turns }
    }

    /// For a platform that counts so many calls in any stretch of this length and refuses the next: a bucket would pace
    /// what leaves, and a delay on the way brings two nearer together. How it holds is said in `turns`.
    pub fn in_any(stretch: Duration, calls: usize, now: Timestamp) -> Self {
        Self { turns: Some((calls, stretch)), ..Self::endless(now) }
    }

    /// A bucket that nobody empties: only pauses count.
    pub(crate) fn endless(now: Timestamp) -> Self {
        Self::new(u32::MAX, f64::from(u32::MAX), now)
    }

    /// How many calls hold a turn at once, and how long each turn rests after the answer.
    pub(crate) fn turns(&self) -> Option<(usize, Duration)> {
        self.turns
    }

    /// Takes one call, or says how long to wait before asking again.
    pub fn take(&mut self, effect: Effect, now: Timestamp) -> Result<(), Duration> {
        // Where the clock was set back, a pause stays as long as it was asked for.
        let set_back = self.counted_at.since(now);
        self.reads_paused_until = self.reads_paused_until.minus(set_back);
        self.writes_paused_until = self.writes_paused_until.minus(set_back);
        let passed = now.since(self.counted_at).as_secs_f64();
        self.calls = (self.calls + passed * self.per_second).min(self.capacity);
        self.counted_at = now;
        let paused_until = *self.paused_until(effect);
        if now < paused_until {
            return Err(paused_until.since(now));
        }
        let reserve = if effect == Effect::Read && self.capacity >= 5.0 { self.capacity / 5.0 } else { 0.0 };
        if self.calls >= 1.0 + reserve {
            self.calls -= 1.0;
            return Ok(());
        }
        let missing = 1.0 + reserve - self.calls;
        Err(Duration::from_secs_f64((missing / self.per_second).clamp(0.001, 3600.0)))
    }

    /// No such call before this instant; those of the other kind go on.
    pub fn pause(&mut self, effect: Effect, until: Timestamp) {
        let paused_until = self.paused_until(effect);
        *paused_until = until.max(*paused_until);
    }

    fn paused_until(&mut self, effect: Effect) -> &mut Timestamp {
        match effect {
            Effect::Read => &mut self.reads_paused_until,
            Effect::Write => &mut self.writes_paused_until,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_leave_a_fifth_of_the_bucket_to_writes() {
        let mut budget = Budget::new(10, 1.0, Timestamp(0));
        let reads = (0..20).filter(|_| budget.take(Effect::Read, Timestamp(0)).is_ok()).count();
        let writes = (0..20).filter(|_| budget.take(Effect::Write, Timestamp(0)).is_ok()).count();
        assert_eq!((reads, writes), (8, 2));
        assert_eq!(budget.take(Effect::Write, Timestamp(0)), Err(Duration::from_secs(1)));
        assert!(budget.take(Effect::Write, Timestamp(1000)).is_ok());
    }

    #[test]
    fn while_one_kind_of_call_is_paused_the_other_goes_on() {
        for (paused, other) in [(Effect::Read, Effect::Write), (Effect::Write, Effect::Read)] {
            let mut budget = Budget::new(10, 1.0, Timestamp(0));
            budget.pause(paused, Timestamp(5000));
            assert!(budget.take(other, Timestamp(2000)).is_ok());
            assert_eq!(budget.take(paused, Timestamp(2000)), Err(Duration::from_secs(3)));
            assert!(budget.take(paused, Timestamp(5000)).is_ok());
        }
    }

    #[test]
    fn a_clock_that_jumps_back_gives_no_calls_away() {
        let mut budget = Budget::new(1, 1.0, Timestamp(10_000));
        assert!(budget.take(Effect::Write, Timestamp(10_000)).is_ok());
        assert!(budget.take(Effect::Write, Timestamp(0)).is_err());
        assert!(budget.take(Effect::Write, Timestamp(1000)).is_ok());
    }

    #[test]
    fn a_clock_that_jumps_back_makes_no_pause_longer_than_it_was_asked_for() {
        let two_hours = 7_200_000;
        let mut budget = Budget::new(10, 1.0, Timestamp(two_hours));
        budget.pause(Effect::Read, Timestamp(two_hours + 30_000));
        assert_eq!(budget.take(Effect::Read, Timestamp(two_hours)), Err(Duration::from_secs(30)));
        assert_eq!(budget.take(Effect::Read, Timestamp(5000)), Err(Duration::from_secs(30)));
        assert_eq!(budget.take(Effect::Read, Timestamp(20_000)), Err(Duration::from_secs(15)));
        assert!(budget.take(Effect::Read, Timestamp(35_000)).is_ok());
    }
}
