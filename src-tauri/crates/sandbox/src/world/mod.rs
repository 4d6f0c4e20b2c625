//! The world: who exists, what time it is, and the one door through which a request comes in.

mod answer;
mod chance;
mod live;
mod log;
mod meddle;
mod sign_in;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

pub use answer::BOUNCE_HOST;
pub(crate) use chance::Chance;
pub use log::Asked;
pub use sign_in::{Credential, SignIn};

use crate::faults::{Book, Faults, Flap, Match, Mishap};
use crate::{brand_day, matrix, messenger};

/// The world's clock: milliseconds since 1970, handed in so that tests can simulate it.
pub type NowMs = Arc<dyn Fn() -> i64 + Send + Sync>;

/// What happens later by itself: given the world and the moment it was meant for, in ms.
pub(crate) type Deed = Box<dyn FnOnce(&World, i64) + Send>;

/// All simulated platforms and the people on them. A cheap handle: clones share one world.
#[derive(Clone)]
pub struct World {
    inner: Arc<Inner>,
}

struct Inner {
    now: NowMs,
    state: Mutex<State>,
    /// Locked before `state`, never after it.
    day: Mutex<Option<brand_day::Day>>,
    changed: Notify,
}

/// Everything that is remembered. Locked for moments only, never across an await.
pub(crate) struct State {
    pub chance: Chance,
    pub messenger: messenger::Platform,
    pub matrix: BTreeMap<String, matrix::Server>,
    pub book: Book,
    pub flap: Option<Flap>,
    pub requests: log::Log,
    pub sign_ins: Vec<SignIn>,
    pub practice: Vec<SignIn>,
    scheduled: BTreeMap<(i64, u64), Deed>,
    schedule_count: u64,
}

impl World {
    /// An empty world: platforms, no people. `seed` decides every random choice; the same seed and the same calls
    /// make the same world.
    pub fn new(seed: u64, now: NowMs) -> World {
        let mut chance = Chance::of(seed);
        let state = State {
            messenger: messenger::Platform::new(chance.branch()),
            chance,
            matrix: BTreeMap::new(),
            book: Book::new(),
            flap: None,
            requests: log::Log::new(),
            sign_ins: Vec::new(),
            practice: Vec::new(),
            scheduled: BTreeMap::new(),
            schedule_count: 0,
        };
        World {
            inner: Arc::new(Inner {
                now,
                state: Mutex::new(state),
                day: Mutex::new(None),
                changed: Notify::new(),
            }),
        }
    }

    /// The first-run demo: two invented brands with two accounts each, some months of history with their customers
    /// in German and English, and a busy last day. [`World::live`] keeps it moving.
    pub fn brand_day(seed: u64, now: NowMs) -> World {
        let world = World::new(seed, now);
        world.lock().requests.most = 500;
        brand_day::people(&world, seed);
        world
    }

    /// The accounts a demo connects, and how to sign in to each.
    pub fn sign_ins(&self) -> Vec<SignIn> {
        self.lock().sign_ins.clone()
    }

    /// What a person can type to practise signing in: every account of a demo, some that are not connected yet, and the
    /// brands' own apps.
    pub fn practice(&self) -> Vec<SignIn> {
        let state = self.lock();
        state.sign_ins.iter().chain(&state.practice).cloned().collect()
    }

    /// Lets every Meta app of a demo send its people back to these addresses, too.
    pub fn allow_redirects(&self, redirect_uris: &[&str]) {
        for sign_in in self.practice() {
            if let Credential::OwnApp { app_id, .. } = sign_in.credential {
                for redirect_uri in redirect_uris {
                    self.messenger().allow_redirect(&app_id, redirect_uri);
                }
            }
        }
    }

    /// The simulated Messenger: write as customers, read what it holds.
    pub fn messenger(&self) -> messenger::Messenger {
        messenger::Messenger::of(self)
    }

    /// The simulated Matrix server with this host name (`matrix.example.org`), made when it does not exist yet. Its
    /// users live on the domain without the leading `matrix.`, where the well-known document is served.
    pub fn matrix(&self, host: &str) -> matrix::Matrix {
        matrix::Matrix::of(self, host)
    }

    /// Every request so far, oldest first, with what became of it; in the demo the last 500.
    pub fn requests(&self) -> Vec<Asked> {
        self.settle();
        self.lock().requests.all()
    }

    /// Lets the next `times` requests that match meet `mishap`. Mishaps set first are used up first.
    pub fn arrange(&self, matching: Match, mishap: Mishap, times: u32) {
        self.lock().book.arrange(matching, mishap, times);
    }

    /// Forgets every arranged mishap that has not happened yet.
    pub fn arrange_nothing(&self) {
        self.lock().book.clear();
    }

    /// Random faults from now on, by their own seed. `Faults::default()` has none.
    pub fn set_faults(&self, faults: Faults) {
        self.lock().book.set_faults(faults);
    }

    /// From now on the network comes and goes, half of each period each, for so long. What is under way when it goes
    /// breaks off; the platform may have acted on it.
    pub fn flap(&self, period_ms: i64, for_ms: i64) {
        let began_ms = self.now_ms();
        self.lock().flap = Some(Flap { began_ms, period_ms, ends_ms: began_ms + for_ms });
    }

    /// Lets `deed` happen at `at_ms`, or at once when that has passed. It runs when the world is next looked at; a
    /// waiting long poll looks in time.
    pub fn schedule(&self, at_ms: i64, deed: impl FnOnce(&World, i64) + Send + 'static) {
        {
            let mut state = self.lock();
            state.schedule_count += 1;
            let place = (at_ms, state.schedule_count);
            state.scheduled.insert(place, Box::new(deed));
        }
        self.wake();
    }

    /// The world's time in ms since 1970.
    pub fn now_ms(&self) -> i64 {
        (self.inner.now)()
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The demo's memory; none in other worlds.
    pub(crate) fn day(&self) -> MutexGuard<'_, Option<brand_day::Day>> {
        self.inner.day.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells every waiting long poll to look again.
    pub(crate) fn wake(&self) {
        self.inner.changed.notify_waiters();
    }

    pub(crate) fn changed(&self) -> tokio::sync::futures::Notified<'_> {
        self.inner.changed.notified()
    }

    /// Runs everything that is due. Every look at the world begins with it.
    pub(crate) fn settle(&self) {
        loop {
            let due = {
                let mut state = self.lock();
                match state.scheduled.first_key_value() {
                    Some((&(at_ms, _), _)) if at_ms <= self.now_ms() => state.scheduled.pop_first(),
                    _ => None,
                }
            };
            let Some(((at_ms, _), deed)) = due else { return };
            deed(self, at_ms);
        }
    }

    /// How long until something scheduled is due; a day when nothing is. Never zero, so that waiting for it cannot
    /// spin.
    pub(crate) fn until_due(&self) -> Duration {
        let due = self.lock().scheduled.first_key_value().map(|(&(at_ms, _), _)| at_ms);
        let wait_ms = due.map_or(86_400_000, |at_ms| (at_ms - self.now_ms()).clamp(1, 86_400_000));
        Duration::from_millis(wait_ms.unsigned_abs())
    }
}
