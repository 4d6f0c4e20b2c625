//! The only place of the libraries that starts tasks: named, watched, restarted after a panic, waited for at the end.

use connect::Dice;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Starts tasks and waits for them.
#[derive(Clone)]
pub struct Supervisor {
    tracker: TaskTracker,
    stop: CancellationToken,
    dice: Arc<dyn Dice>,
}

impl Supervisor {
    /// Of one engine, or of one account within it.
    pub fn new(dice: Arc<dyn Dice>) -> Self {
        Self { tracker: TaskTracker::new(), stop: CancellationToken::new(), dice }
    }

    /// A supervisor whose tasks can be stopped on their own, and that stops with this one.
    pub fn child(&self) -> Self {
        Self { tracker: TaskTracker::new(), stop: self.stop.child_token(), dice: self.dice.clone() }
    }

    /// Runs a task until it ends or is stopped. A panic is reported and the task begins anew, later each time.
    pub fn run<F, Fut>(&self, name: impl Into<String>, make: F)
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let (name, stop, dice, tracker) =
            (name.into(), self.stop.clone(), self.dice.clone(), self.tracker.clone());
        #[allow(clippy::disallowed_methods)] // The one place that may spawn.
        self.tracker.spawn(async move {
            for panics in 0_u32.. {
                let mut task = tracker.spawn(make());
                let ended = tokio::select! {
                    ended = &mut task => ended,
                    () = stop.cancelled() => {
                        task.abort();
                        let _ = task.await; // Aborted: wait until its parts are dropped.
                        return;
                    }
                };
                match ended {
                    Ok(()) => return,
                    Err(error) if error.is_panic() => {
                        tracing::error!(task = name, panics, "a task panicked and begins anew");
                        let wait = backoff(panics, dice.as_ref(), Duration::from_secs(60));
                        tokio::select! { () = tokio::time::sleep(wait) => {}, () = stop.cancelled() => return }
                    }
                    Err(_) => return,
                }
            }
        });
    }

    /// A token of its own that is cancelled with this supervisor at the latest.
    pub fn token(&self) -> CancellationToken {
        self.stop.child_token()
    }

    /// Stops every task and waits for the last one.
    pub async fn shut_down(&self) {
        self.stop.cancel();
        self.tracker.close();
        self.tracker.wait().await;
    }
}

/// The wait before try number `tries` (from 0): 1 s doubling up to `most`, of which a random half to whole.
pub fn backoff(tries: u32, dice: &dyn Dice, most: Duration) -> Duration {
    let whole = Duration::from_secs(1 << tries.min(12)).min(most);
    whole.mul_f64(0.5 + dice.fraction() / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SeededDice;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[tokio::test(start_paused = true)]
    async fn a_task_that_panics_begins_anew_and_shutdown_waits_for_it() {
        let supervisor = Supervisor::new(Arc::new(SeededDice::new(1)));
        let (runs, ended) = (Arc::new(AtomicU32::new(0)), Arc::new(AtomicU32::new(0)));
        let (runs2, ended2) = (runs.clone(), ended.clone());
        supervisor.run("test", move || {
            let (runs, ended) = (runs2.clone(), ended2.clone());
            async move {
                struct End(Arc<AtomicU32>);
                impl Drop for End {
                    fn drop(&mut self) {
                        self.0.fetch_add(1, Ordering::SeqCst);
                    }
                }
                let _end = End(ended);
                assert!(runs.fetch_add(1, Ordering::SeqCst) >= 2, "the first two runs panic");
                std::future::pending::<()>().await;
            }
        });
        tokio::time::sleep(Duration::from_secs(10)).await;
        assert_eq!(runs.load(Ordering::SeqCst), 3);
        supervisor.shut_down().await;
        assert_eq!(ended.load(Ordering::SeqCst), 3);
    }
}
