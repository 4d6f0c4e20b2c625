//! Where the platforms' clocks stand against this machine's, learnt from the `Date` of their answers.
//!
//! What is compared with an instant that a platform named (a reply window, a wait, the order of messages) is compared with
//! the platforms' time. What merely waits here (undo time, backoff, budgets) waits by a clock that nobody can set.

use crate::time::Clock;
use ::http::{HeaderMap, header};
use model::Timestamp;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};
use tokio::sync::watch;

/// `Date` has whole seconds, and clocks are kept to about one: a smaller difference is none.
pub const SLACK_MS: i64 = 2_000;
/// `Date` is cut to the second.
const RESOLUTION_MS: i64 = 999;
/// An answer that took longer says too little: its `Date` may be from any moment in between.
const LONGEST: Duration = Duration::from_secs(120);

const UNPOISONED: &str = "no holder of the sightings panics";

/// What answers said of a clock: it is ahead of ours by at least and at most so much (negative: behind).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sighting {
    least_ms: i64,
    most_ms: i64,
    answers: u32,
}

impl Sighting {
    /// What one answer says, by the instants of our clock between which it was made. None if it says nothing: it has no
    /// `Date`, comes out of a cache, or took too long.
    pub fn of(headers: &HeaderMap, asked: Timestamp, answered: Timestamp) -> Option<Self> {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        if answered < asked
            || answered.since(asked) > LONGEST
            || text(header::AGE).is_some_and(|age| age.trim() != "0")
        {
            return None;
        }
        let date = httpdate::parse_http_date(text(header::DATE)?).ok()?.duration_since(UNIX_EPOCH).ok()?;
        let date_ms = i64::try_from(date.as_millis()).ok()?;
        let (least_ms, most_ms) = (date_ms - answered.0, date_ms + RESOLUTION_MS - asked.0);
        Some(Self { least_ms, most_ms, answers: 1 })
    }

    /// Both together; none if they contradict each other.
    pub fn with(self, other: Self) -> Option<Self> {
        let (least_ms, most_ms) = (self.least_ms.max(other.least_ms), self.most_ms.min(other.most_ms));
        let answers = self.answers + other.answers;
        (least_ms - most_ms <= SLACK_MS).then(|| Self {
            least_ms: least_ms.min(most_ms),
            most_ms: most_ms.max(least_ms),
            answers,
        })
    }

    fn allows(self, ahead_ms: i64) -> bool {
        ahead_ms >= self.least_ms - SLACK_MS && ahead_ms <= self.most_ms + SLACK_MS
    }

    fn best_ms(self) -> i64 {
        if self.allows(0) { 0 } else { self.least_ms + (self.most_ms - self.least_ms) / 2 }
    }
}

/// How far the platforms' time is from ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Skew {
    /// The platforms' time less ours, in milliseconds; 0 below two seconds.
    pub ahead_ms: i64,
    /// A platform has said so since the start, and since our clock may have been set; else it is what was known last.
    pub is_confirmed: bool,
}

/// What is believed of one platform's clock.
#[derive(Debug, Clone, Copy, Default)]
struct Source {
    ahead_ms: Option<i64>,
    /// It contradicts what is believed. One answer alone changes nothing: somebody in between may have written its `Date`.
    doubt: Option<Sighting>,
    judges_windows: bool,
}

/// The platforms' time: this machine's clock, put right by what the platforms say of theirs.
///
/// It is one time for all of them, since lists and reminders go across accounts. Where platforms disagree, those with a
/// reply window are believed, because they judge it; and among them the one nearest to our own clock.
pub struct PlatformClock {
    own: Arc<dyn Clock>,
    sources: Mutex<BTreeMap<String, Source>>,
    skew: watch::Sender<Skew>,
}

impl PlatformClock {
    /// Starts with what was known last.
    pub fn new(own: Arc<dyn Clock>, last_known_ms: i64) -> Self {
        let skew = watch::Sender::new(Skew { ahead_ms: last_known_ms, is_confirmed: false });
        Self { own, sources: Mutex::default(), skew }
    }

    /// Takes what the answers of one platform said, once they have proved to be its own. True if it should be asked again
    /// soon: it contradicts what was believed, and one answer is not enough.
    pub fn see(&self, source: &str, judges_windows: bool, sighting: Sighting) -> bool {
        let mut sources = self.sources.lock().expect(UNPOISONED);
        let believed = sources.entry(source.to_owned()).or_default();
        believed.judges_windows = judges_windows;
        let known_ms = believed.ahead_ms.unwrap_or(self.skew.borrow().ahead_ms);
        if sighting.allows(known_ms) {
            (believed.ahead_ms, believed.doubt) = (Some(known_ms), None);
        } else {
            let again = believed.doubt.and_then(|doubt| doubt.with(sighting));
            match again.or_else(|| (sighting.answers > 1).then_some(sighting)) {
                Some(sighting) => (believed.ahead_ms, believed.doubt) = (Some(sighting.best_ms()), None),
                None => return believed.doubt.replace(sighting).is_none(),
            }
        }
        self.conclude(&sources);
        false
    }

    /// The platform does not answer: what it said is no longer of now. Until one that judges windows says something, what was
    /// known last holds.
    pub fn lose(&self, source: &str) {
        let mut sources = self.sources.lock().expect(UNPOISONED);
        if let Some(source) = sources.get_mut(source) {
            (source.ahead_ms, source.doubt) = (None, None);
            self.conclude(&sources);
        }
    }

    /// The platform will not be asked any more.
    pub fn forget(&self, source: &str) {
        let mut sources = self.sources.lock().expect(UNPOISONED);
        sources.remove(source);
        self.conclude(&sources);
    }

    /// Our clock may have been set: until a platform confirms it, what is known is only what was known last.
    pub fn doubt(&self) {
        self.skew.send_if_modified(|now| {
            now.is_confirmed = false;
            false
        });
    }

    /// An instant of our clock, told by the platforms'.
    pub fn at(&self, ours: Timestamp) -> Timestamp {
        Timestamp(ours.0.saturating_add(self.skew.borrow().ahead_ms))
    }

    /// How far it is from ours.
    pub fn skew(&self) -> watch::Receiver<Skew> {
        self.skew.subscribe()
    }

    fn conclude(&self, sources: &BTreeMap<String, Source>) {
        let is_judged = sources.values().any(|source| source.judges_windows);
        let asked = sources.values().filter(|source| source.judges_windows == is_judged);
        let told = asked.filter_map(|source| source.ahead_ms);
        let Some(ahead_ms) = told.min_by_key(|ahead_ms| ahead_ms.unsigned_abs()) else { return };
        let skew = Skew { ahead_ms, is_confirmed: true };
        self.skew.send_if_modified(|now| std::mem::replace(now, skew) != skew);
    }
}

impl Clock for PlatformClock {
    fn now(&self) -> Timestamp {
        self.at(self.own.now())
    }

    fn steady(&self) -> Duration {
        self.own.steady()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-23T12:00:00Z.
    const NOON: i64 = 1_795_435_200_000;
    const DAY_MS: i64 = 86_400_000;

    struct Noon;

    impl Clock for Noon {
        fn now(&self) -> Timestamp {
            Timestamp(NOON)
        }

        fn steady(&self) -> Duration {
            Duration::ZERO
        }
    }

    fn clock() -> PlatformClock {
        PlatformClock::new(Arc::new(Noon), 0)
    }

    /// An answer of a platform so far ahead of us, asked at noon, that took so long.
    fn sighting(ahead_ms: i64, took_ms: i64) -> Option<Sighting> {
        let made_at = UNIX_EPOCH + Duration::from_millis((NOON + ahead_ms).unsigned_abs());
        let mut headers = HeaderMap::new();
        headers.insert(header::DATE, httpdate::fmt_http_date(made_at).parse().unwrap());
        Sighting::of(&headers, Timestamp(NOON), Timestamp(NOON + took_ms))
    }

    fn see(clock: &PlatformClock, source: &str, judges_windows: bool, ahead_ms: i64) -> i64 {
        clock.see(source, judges_windows, sighting(ahead_ms, 300).unwrap());
        clock.now().0 - NOON
    }

    #[test]
    fn a_difference_below_two_seconds_is_none() {
        for ahead_ms in [-1_900, -1, 0, 1_900] {
            assert_eq!(see(&clock(), "a", true, ahead_ms), 0, "{ahead_ms}");
        }
    }

    #[test]
    fn one_answer_changes_nothing_and_two_that_agree_do() {
        for ahead_ms in [-2 * DAY_MS, -60_000, 60_000, 2 * DAY_MS] {
            let clock = clock();
            assert_eq!(see(&clock, "a", true, ahead_ms), 0);
            assert_eq!(see(&clock, "a", true, 0), 0, "a single wrong one is forgotten");
            assert_eq!(see(&clock, "a", true, ahead_ms), 0);
            assert_eq!(see(&clock, "a", true, -3 * ahead_ms), 0, "two wrong ones that disagree");
            let learnt_ms = (see(&clock, "a", true, ahead_ms), see(&clock, "a", true, ahead_ms)).1;
            assert!((learnt_ms - ahead_ms).abs() < 1_000, "{learnt_ms} for {ahead_ms}");
            let back_ms = (see(&clock, "a", true, 0), see(&clock, "a", true, 0)).1;
            assert_eq!(back_ms, 0, "the clock was put right");
        }
    }

    #[test]
    fn a_contradiction_asks_for_a_second_answer_once_and_not_for_ever() {
        let clock = clock();
        let doubts: Vec<bool> = [DAY_MS, -DAY_MS, 7 * DAY_MS]
            .map(|ahead_ms| clock.see("a", true, sighting(ahead_ms, 0).unwrap()))
            .into();
        assert_eq!(doubts, [true, false, false]);
    }

    #[test]
    fn a_long_poll_that_is_dated_when_it_was_asked_says_nothing_wrong() {
        let clock = clock();
        assert!(!clock.see("a", false, sighting(0, 30_000).unwrap()));
        assert_eq!(clock.skew().borrow().ahead_ms, 0);
        assert_eq!(sighting(0, 121_000), None, "too long to say anything");
        assert_eq!(sighting(0, -1), None, "our clock was set back meanwhile");
    }

    #[test]
    fn answers_out_of_a_cache_and_without_a_date_say_nothing() {
        let mut headers = HeaderMap::new();
        assert_eq!(Sighting::of(&headers, Timestamp(NOON), Timestamp(NOON)), None);
        headers.insert(header::DATE, "Mon, 23 Nov 2026 12:00:00 GMT".parse().unwrap());
        assert!(Sighting::of(&headers, Timestamp(NOON), Timestamp(NOON)).is_some());
        headers.insert(header::AGE, "3600".parse().unwrap());
        assert_eq!(Sighting::of(&headers, Timestamp(NOON), Timestamp(NOON)), None);
        headers.insert(header::AGE, "0".parse().unwrap());
        headers.insert(header::DATE, "soon".parse().unwrap());
        assert_eq!(Sighting::of(&headers, Timestamp(NOON), Timestamp(NOON)), None);
    }

    #[test]
    fn who_judges_windows_is_believed_before_others_and_our_own_clock_before_strangers() {
        let clock = clock();
        let twice = |source, judges_windows, ahead_ms| {
            see(&clock, source, judges_windows, ahead_ms);
            see(&clock, source, judges_windows, ahead_ms)
        };
        assert!(twice("a server with a wrong clock", false, 3_600_000) > 3_599_000);
        assert_eq!(twice("one with a right clock", false, 0), 0);
        assert!(twice("a platform with windows", true, 2 * DAY_MS) > 2 * DAY_MS - 1_000);
        assert_eq!(twice("another with windows", true, 0), 0);
        clock.lose("another with windows");
        assert!(clock.now().0 - NOON > 2 * DAY_MS - 1_000, "what cannot be asked any more does not count");
        clock.lose("a platform with windows");
        assert!(clock.now().0 - NOON > 2 * DAY_MS - 1_000, "the last known stays");
        clock.forget("a platform with windows");
        clock.forget("another with windows");
        assert_eq!(clock.now().0, NOON, "nobody judges windows any more");
        clock.forget("one with a right clock");
        assert!(clock.now().0 - NOON > 3_599_000);
    }
}
