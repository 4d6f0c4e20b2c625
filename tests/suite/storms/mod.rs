//! Seeded storms: a day of random people, random traffic and random faults in seconds; then the weather clears, and what
//! is on screen must be what the platforms hold, each thing once.
//!
//! A failure names its seed. `KONTOR_STORM_SEED=<seed>` plays that one alone and tells every step; `KONTOR_STORMS=<n>`
//! plays so many more than usual.

mod check; // what must hold at the end
mod day; // what people and machines do
mod decisions; // what the person at the desk does
mod town; // who there is
mod truth; // what the platforms hold
mod weather; // what goes wrong

use day::Day;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::str::FromStr;

/// Played by every run of the tests: between them they notice when a guard of sending or reading is taken away.
const USUAL: [u64; 12] = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 1_018, 1_028];

#[test]
fn nothing_is_lost_and_nothing_comes_twice_whatever_the_weather() {
    let only: Option<u64> = of_environment("KONTOR_STORM_SEED");
    let more: u64 = of_environment("KONTOR_STORMS").unwrap_or(0);
    let seeds: Vec<u64> = match only {
        Some(seed) => vec![seed],
        None => USUAL.into_iter().chain(2_000..2_000 + more).collect(),
    };
    let mut failed = Vec::new();
    for seed in seeds {
        let played = catch_unwind(AssertUnwindSafe(|| play(seed, only.is_some())));
        if played.is_err() {
            eprintln!(
                "storm {seed} failed; rerun: KONTOR_STORM_SEED={seed} cargo test --test suite storms -- --nocapture"
            );
            failed.push(seed);
        }
    }
    assert!(failed.is_empty(), "storms failed: {failed:?}; each one's reason stands above");
}

fn play(seed: u64, tells: bool) {
    let log = tracing_subscriber::fmt().without_time().with_writer(std::io::stderr).finish();
    let _log = tells.then(|| tracing::subscriber::set_default(log));
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    // One thread for the disk: what is asked first ends first, each time.
    let runtime = runtime.enable_all().start_paused(true).max_blocking_threads(1).build().unwrap();
    runtime.block_on(async {
        let mut day = Day::begin(seed, tells).await;
        day.pass_through_the_storm().await;
        day.clear_up().await;
        check::everything(&day).await;
    });
}

fn of_environment<T: FromStr>(name: &str) -> Option<T> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")))
}
