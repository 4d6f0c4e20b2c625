//! Turns: so many calls in any stretch of time, however long each of them is on its way.
//!
//! A platform counts what arrives; we see what leaves and what is answered. So a call holds a turn while it is on its way,
//! and from the answer on the turn rests for a stretch: what leaves with it next cannot arrive within a stretch of what it
//! brought before. Of two turns no more than two calls arrive in any stretch. A call that is dropped counts as answered
//! then; one that is dropped before it left gives its turn back as it was.

use crate::time::Clock;
use model::Timestamp;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};

const UNPOISONED: &str = "no holder of the turns panics";

/// The turns that the calls of one budget share, first come, first served.
pub(crate) struct Turns {
    rest: Duration,
    clock: Arc<dyn Clock>,
    /// As many as lie there.
    there: Semaphore,
    /// From when on each that lies there may be used.
    rested_at: Mutex<Vec<Timestamp>>,
}

/// A call's turn.
pub(crate) struct Turn<'a> {
    turns: &'a Turns,
    rested_at: Timestamp,
    has_left: bool,
    /// Given back after the instant above, since fields outlive `drop`.
    _place: SemaphorePermit<'a>,
}

impl Turns {
    pub fn new(count: usize, rest: Duration, clock: Arc<dyn Clock>) -> Self {
        let rested_at = Mutex::new(vec![Timestamp(0); count]);
        Self { rest, clock, there: Semaphore::new(count), rested_at }
    }

    /// Waits for a turn that has rested.
    pub async fn next(&self) -> Turn<'_> {
        let place = self.there.acquire().await.expect("the turns are never closed");
        let rested_at = {
            let mut lying = self.rested_at.lock().expect(UNPOISONED);
            let first = (0..lying.len()).min_by_key(|&at| lying[at]).expect("a place stands for a turn");
            lying.swap_remove(first)
        };
        let turn = Turn { turns: self, rested_at, has_left: false, _place: place };
        // Where the clock was set back, it rests no longer than it was meant to.
        tokio::time::sleep(rested_at.since(self.clock.now()).min(self.rest)).await;
        turn
    }
}

impl Turn<'_> {
    /// The call leaves now.
    pub fn leave(&mut self) {
        self.has_left = true;
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let Turns { rest, clock, rested_at, .. } = self.turns;
        let at = if self.has_left { clock.now().plus(*rest) } else { self.rested_at };
        rested_at.lock().expect(UNPOISONED).push(at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Budget, Effect, Fault, FaultKind, Http, Transport, http};
    use ::http::{Request, Response};
    use bytes::Bytes;
    use futures_util::future::join_all;
    use rand::rngs::SmallRng;
    use rand::{Rng, SeedableRng};
    use tokio::time::Instant;

    const SECOND: Duration = Duration::from_secs(1);

    struct Simulated(Instant);

    impl Clock for Simulated {
        fn now(&self) -> Timestamp {
            Timestamp(1_000_000).plus(self.0.elapsed())
        }

        fn steady(&self) -> Duration {
            self.0.elapsed()
        }
    }

    /// A platform at the end of a line that takes up to this long each way, and when each call arrived there. Of
    /// `/silence` nothing is heard again.
    fn line(delay_ms: u64) -> (Http, Arc<Mutex<Vec<Instant>>>) {
        let (arrived, dice) = (Arc::<Mutex<Vec<Instant>>>::default(), Mutex::new(SmallRng::seed_from_u64(7)));
        let arrivals = arrived.clone();
        let transport = Transport::direct(move |request: Request<Bytes>| {
            let way = || Duration::from_millis(dice.lock().unwrap().random_range(0..=delay_ms));
            let (there, back, arrivals) = (way(), way(), arrivals.clone());
            async move {
                if request.uri().path() == "/silence" {
                    std::future::pending::<()>().await;
                }
                tokio::time::sleep(there).await;
                arrivals.lock().unwrap().push(Instant::now());
                tokio::time::sleep(back).await;
                Ok(Response::new(Bytes::new()))
            }
        });
        let clock = Arc::new(Simulated(Instant::now()));
        let budget = Budget::in_any(SECOND, 2, clock.now());
        (Http::new(transport, clock, budget), arrived)
    }

    async fn ask(http: &Http, effect: Effect) -> Result<Response<Bytes>, Fault> {
        let request = Request::get("https://graph.example/").body(Bytes::new()).unwrap();
        http.call(request, http::SMALL, effect).await
    }

    async fn meet_silence(http: &Http) {
        let request = Request::get("https://graph.example/silence").body(Bytes::new()).unwrap();
        let _ = http.call(request, http::SMALL, Effect::Read).await;
    }

    #[tokio::test(start_paused = true)]
    async fn three_calls_never_arrive_within_a_second_however_they_are_delayed() {
        for delay_ms in [0, 112, 400, 3000] {
            let (http, arrived) = line(delay_ms);
            let callers = (0..6).map(|_| async {
                for _ in 0..20 {
                    ask(&http, Effect::Read).await.unwrap();
                }
            });
            let began = Instant::now();
            join_all(callers).await;
            let mut arrived = arrived.lock().unwrap().clone();
            arrived.sort_unstable();
            let nearest = arrived.windows(3).map(|three| three[2] - three[0]).min();
            assert!(nearest >= Some(SECOND), "{delay_ms} ms: three within {nearest:?}");
            let most = Duration::from_secs(70) + Duration::from_millis(60 * 2 * delay_ms);
            assert!(began.elapsed() < most, "{delay_ms} ms: two at a time took {:?}", began.elapsed());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_is_dropped_counts_as_answered_then_and_one_that_never_left_counts_nothing() {
        let (http, arrived) = line(0);
        for _ in 0..4 {
            // Both turns go out and are given up half a second later: they rest from then on.
            let half = Duration::from_millis(500);
            let given_up = || tokio::time::timeout(half, meet_silence(&http));
            assert!(tokio::join!(given_up(), given_up()).0.is_err());
            let dropped_at = Instant::now();
            assert!(
                tokio::time::timeout(half, ask(&http, Effect::Read)).await.is_err(),
                "no turn has rested"
            );
            ask(&http, Effect::Read).await.unwrap();
            assert_eq!(arrived.lock().unwrap().last().unwrap().duration_since(dropped_at), SECOND);
            tokio::time::sleep(SECOND).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_write_gives_up_its_place_in_the_queue_while_it_can_still_be_taken_back() {
        let (http, arrived) = line(0);
        let began = Instant::now();
        let ((), (), refused) = tokio::join!(meet_silence(&http), meet_silence(&http), async {
            let refused = ask(&http, Effect::Write).await.unwrap_err();
            assert_eq!(began.elapsed(), http::PATIENCE);
            refused
        });
        assert_eq!((refused.kind, refused.certainty), (FaultKind::Throttled, crate::Certainty::NotDone));
        assert_eq!(arrived.lock().unwrap().len(), 0);
        ask(&http, Effect::Read).await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_holds_what_it_names_and_one_of_the_account_what_is_apart_as_well() {
        let (http, _) = line(0);
        let apart = http.apart(|now| Budget::new(10, 10.0, now));
        http.pause(Effect::Read, 30 * SECOND);
        assert_eq!(ask(&http, Effect::Read).await.unwrap_err().kind, FaultKind::Throttled);
        assert!(ask(&http, Effect::Write).await.is_ok() && ask(&apart, Effect::Read).await.is_ok());
        apart.pause_account(30 * SECOND);
        for http in [http, apart] {
            for effect in [Effect::Read, Effect::Write] {
                assert_eq!(ask(&http, effect).await.unwrap_err().kind, FaultKind::Throttled);
            }
        }
    }
}
