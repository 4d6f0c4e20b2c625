//! P3c: one live message, durable.

use crate::corpus::Line;
use crate::disk::Disk;
use crate::line::{Figure, Goal, load};
use crate::profile::Profile;
use crate::statistics::{Spread, median};
use crate::time::Watch;

const ROUNDS: usize = 5;
const PER_ROUND: usize = 200;
/// A disk that takes longer than this for a page is slow, in ms.
const SLOW_MS: f64 = 0.3;
/// Times the disk's own time, with encryption.
const GOAL_ON_A_FAST_DISK: Goal = Goal(2.5);
const GOAL_ON_A_SLOW_DISK: Goal = Goal(1.5);

/// The commit of one inbound message against a page written durably in the same folder, in turn.
pub async fn commit(profile: &mut Profile, live: &[Line]) -> anyhow::Result<Figure> {
    anyhow::ensure!(live.len() >= ROUNDS * PER_ROUND, "too few messages to commit one by one");
    let mut disk = Disk::at(profile.folder())?;
    let (mut ratios, mut commits, mut floors) = (Vec::new(), Vec::new(), Vec::new());
    for round in live.chunks_exact(PER_ROUND).take(ROUNDS) {
        let (mut own, mut floor) = (Vec::new(), Vec::new());
        for line in round {
            floor.push(disk.append_ms()?);
            let watch = Watch::start();
            profile.commit(std::slice::from_ref(line)).await?;
            own.push(watch.ms());
        }
        ratios.push(median(&own) / median(&floor));
        commits.push(median(&own));
        floors.push(median(&floor));
    }
    let is_slow = median(&floors) > SLOW_MS;
    Ok(Figure {
        name: "P3c",
        what: "one live message durable / fdatasync, p50",
        rounds: ratios,
        unit: "×",
        goal: Some(if is_slow { GOAL_ON_A_SLOW_DISK } else { GOAL_ON_A_FAST_DISK }),
        behind: format!(
            "{} against {}, a {} disk; {ROUNDS} × {PER_ROUND}; {}",
            Spread::of(&commits).with_unit(" ms"),
            Spread::of(&floors).with_unit(" ms"),
            if is_slow { "slow" } else { "fast" },
            load()
        ),
    })
}
