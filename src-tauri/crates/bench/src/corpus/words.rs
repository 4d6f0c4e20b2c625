//! The vocabulary: frequent words of chats first, then invented compounds until there are enough.

use super::chance::{Chance, Zipf};
use std::collections::HashSet;

/// Words of a language.
const COUNT: usize = 30_000;

/// A language's words, most frequent first.
pub struct Words {
    words: Vec<String>,
    ranks: Zipf,
}

impl Words {
    /// German.
    pub fn german(chance: &mut Chance) -> Self {
        Self::of(include_str!("german.txt"), chance)
    }

    /// English.
    pub fn english(chance: &mut Chance) -> Self {
        Self::of(include_str!("english.txt"), chance)
    }

    fn of(frequent: &str, chance: &mut Chance) -> Self {
        let syllables: Vec<&str> = include_str!("syllables.txt").split_whitespace().collect();
        let mut seen = HashSet::new();
        let mut words = Vec::with_capacity(COUNT);
        for word in frequent.split_whitespace() {
            if seen.insert(word.to_owned()) {
                words.push(word.to_owned());
            }
        }
        while words.len() < COUNT {
            // Two to four syllables, rather two.
            let length = 2 + chance.below(3) * chance.below(3) / 2;
            let word: String = (0..length).map(|_| *chance.pick(&syllables)).collect();
            if seen.insert(word.clone()) {
                words.push(word);
            }
        }
        Self { words, ranks: Zipf::new(COUNT, 2.7, 1.0) }
    }

    /// A word, as often as people use it.
    pub fn draw(&self, chance: &mut Chance) -> &str {
        &self.words[self.ranks.draw(chance)]
    }
}
