//! Opening, listing, searching: milliseconds of the product's own reads, in process and warm.

use crate::line::{Figure, load};
use crate::profile::Profile;
use crate::statistics::quantile;
use crate::time::Watch;
use model::Timestamp;
use store::View;

const ROUNDS: usize = 5;
/// Hits that a search shows at once, rows that a page of a list has.
const PAGE: u32 = 50;

/// p95 of all queries, newest first; a pass before the rounds warms up.
pub async fn search(profile: &Profile, queries: &[(String, String)]) -> anyhow::Result<Figure> {
    let (mut p95s, mut found) = (Vec::new(), 0);
    for round in 0..=ROUNDS {
        let mut times = Vec::new();
        found = 0;
        for (_, text) in queries {
            let text = text.clone();
            let watch = Watch::start();
            let hits = profile.store.read(move |tx| tx.search_messages(&text, None, PAGE)).await?;
            times.push(watch.ms());
            found += hits.hits.len();
        }
        if round > 0 {
            p95s.push(quantile(&times, 0.95));
        }
    }
    Ok(in_ms("search", "a search, p95", p95s, format!("{} queries, {found} hits; {}", queries.len(), load())))
}

/// p95 of the first page of every view.
pub async fn list(profile: &Profile) -> anyhow::Result<Figure> {
    const EACH: usize = 100;
    let views = [View::All, View::Unread, View::Waiting, View::EndsSoon, View::Undelivered];
    let mut p95s = Vec::new();
    for round in 0..=ROUNDS {
        let mut times = Vec::new();
        for view in views.iter().cycle().take(views.len() * EACH) {
            let view = *view;
            let watch = Watch::start();
            profile
                .store
                .read_list(move |tx| tx.list(view, None, None, None, PAGE, Timestamp(i64::MAX)))
                .await?;
            times.push(watch.ms());
        }
        if round > 0 {
            p95s.push(quantile(&times, 0.95));
        }
    }
    Ok(in_ms("list", "a page of a list, p95", p95s, format!("5 views × {EACH}; {}", load())))
}

/// From a closed profile to the first rows.
pub async fn open(profile: &mut Profile) -> anyhow::Result<Figure> {
    let mut times = Vec::new();
    for _ in 0..ROUNDS * 2 {
        times.push(profile.reopen_ms().await?);
    }
    Ok(in_ms("open", "database opened → first rows", times, format!("files in memory; {}", load())))
}

fn in_ms(name: &'static str, what: &'static str, rounds: Vec<f64>, behind: String) -> Figure {
    Figure { name, what, rounds, unit: " ms", goal: None, behind }
}
