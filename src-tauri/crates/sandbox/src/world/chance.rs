//! Chance, by a seed.

use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};

/// One stream of random choices. Each part of the world has its own, so that what happens in one does not change the
/// ids of another.
pub(crate) struct Chance {
    pub rng: SmallRng,
}

impl Chance {
    pub fn of(seed: u64) -> Chance {
        Chance { rng: SmallRng::seed_from_u64(seed) }
    }

    /// Another stream, split off this one.
    pub fn branch(&mut self) -> Chance {
        Chance::of(self.rng.random())
    }

    /// Random characters of the URL-safe base64 alphabet, for ids and tokens.
    pub fn id(&mut self, length: usize) -> String {
        const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        (0..length).map(|_| char::from(ALPHABET[self.rng.random_range(0..64)])).collect()
    }

    /// Random decimal digits, the first not zero.
    pub fn digits(&mut self, length: usize) -> String {
        (0..length)
            .map(|place| char::from(self.rng.random_range(if place == 0 { b'1' } else { b'0' }..=b'9')))
            .collect()
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, choices: &'a [T]) -> &'a T {
        &choices[self.rng.random_range(0..choices.len())]
    }

    /// Brings a list into random order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for place in (1..list.len()).rev() {
            list.swap(place, self.rng.random_range(0..=place));
        }
    }

    /// True in `percent` of all cases.
    pub fn percent(&mut self, percent: u32) -> bool {
        self.rng.random_range(0..100) < percent
    }
}
