//! Chance by a seed, with the distributions that people's writing follows.

use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};

/// One stream of random choices: the same seed, the same choices, on every 64-bit machine.
pub struct Chance(SmallRng);

impl Chance {
    /// The stream of a seed.
    pub fn of(seed: u64) -> Self {
        Self(SmallRng::seed_from_u64(seed))
    }

    /// From 0 (inclusive) to 1.
    pub fn fraction(&mut self) -> f64 {
        self.0.random()
    }

    /// True with this probability.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.fraction() < probability
    }

    /// From 0 (inclusive) to `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0.random_range(0..end)
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.below(choices.len())]
    }

    /// Lognormal, by its median and the deviation of its logarithm.
    pub fn lognormal(&mut self, median: f64, deviation: f64) -> f64 {
        // Box and Muller; 1 - x keeps the logarithm's argument above 0.
        let radius = (-2.0 * (1.0 - self.fraction()).ln()).sqrt();
        let normal = radius * (std::f64::consts::TAU * self.fraction()).cos();
        median * (deviation * normal).exp()
    }
}

/// Ranks by Zipf's law with a flattened head: rank `r` has the weight 1 / (r + 1 + flat)^steepness.
pub struct Zipf(Vec<f64>);

impl Zipf {
    /// Over `count` ranks.
    pub fn new(count: usize, flat: f64, steepness: f64) -> Self {
        let mut sum = 0.0;
        let mut sums: Vec<f64> = (0..count)
            .map(|rank| {
                #[expect(clippy::cast_precision_loss, reason = "ranks are far below 2^52")]
                let place = rank as f64 + 1.0 + flat;
                sum += place.powf(-steepness);
                sum
            })
            .collect();
        for one in &mut sums {
            *one /= sum;
        }
        Self(sums)
    }

    /// A rank.
    pub fn draw(&self, chance: &mut Chance) -> usize {
        let at = chance.fraction();
        self.0.partition_point(|sum| *sum < at).min(self.0.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_a_lognormal_lies_below_its_median() {
        let mut chance = Chance::of(1);
        let below = (0..10_000).filter(|_| chance.lognormal(8.0, 0.9) < 8.0).count();
        assert!((4_800..5_200).contains(&below), "{below}");
    }

    #[test]
    fn the_first_rank_of_zipf_is_the_most_frequent_and_the_tail_is_met() {
        let (zipf, mut chance) = (Zipf::new(1000, 2.7, 1.0), Chance::of(1));
        let mut met = [0; 1000];
        for _ in 0..50_000 {
            met[zipf.draw(&mut chance)] += 1;
        }
        assert!(met[0] > met[10] && met[10] > met[200], "{:?}", &met[..12]);
        assert!(met[900..].iter().sum::<u32>() > 200);
    }
}
