//! Queries drawn from a corpus, so that each finds something.

use super::chance::Chance;
use super::generate::Corpus;

/// The kinds of queries, a quarter of all each.
const KINDS: [&str; 4] = ["word", "and", "prefix", "phrase"];
const PER_KIND: usize = 50;
/// Words shorter than this are not looked for.
const SHORTEST: usize = 3;

impl Corpus {
    /// 200 lines `kind TAB text` that a corpus of this size and seed answers.
    pub fn queries(count: usize, seed: u64) -> Vec<String> {
        let mut corpus = Self::new(count, seed);
        let every = (count / 2000).max(1);
        let mut messages = Vec::new();
        let mut index = 0;
        while corpus.next().is_some() {
            if index % every == 0 && corpus.last_words().len() >= 4 {
                messages.push(corpus.last_words().to_vec());
            }
            index += 1;
        }
        let mut chance = Chance::of(seed ^ 0x5EA2C);
        let mut queries = Vec::new();
        for kind in KINDS {
            let before = queries.len();
            // A tiny corpus may hold too little for all.
            for _ in 0..PER_KIND * 100 {
                if queries.len() - before == PER_KIND || messages.is_empty() {
                    break;
                }
                let message = chance.pick(&messages).clone();
                if let Some(text) = drawn(kind, &message, &mut chance) {
                    queries.push(format!("{kind}\t{text}"));
                }
            }
        }
        queries
    }
}

fn drawn(kind: &str, message: &[String], chance: &mut Chance) -> Option<String> {
    let is_fit = |word: &str| word.chars().count() >= SHORTEST;
    let place = chance.below(message.len() - 1);
    let (one, next) = (&message[place], &message[place + 1]);
    let text = match kind {
        "word" => one.clone(),
        "and" => {
            let other = chance.pick(message);
            (other != one && is_fit(other)).then(|| format!("{one}\t{other}"))?
        }
        "prefix" => {
            let prefix: String = one.chars().take(SHORTEST + chance.below(3)).collect();
            (prefix.len() < one.len()).then_some(prefix)?
        }
        _ => is_fit(next).then(|| format!("{one}\t{next}"))?,
    };
    is_fit(one).then_some(text)
}

/// As a person types it: quotes around a phrase, a blank behind whole words so that the last one is not unfinished.
pub fn typed(kind: &str, text: &str) -> String {
    let text = text.replace('\t', " ");
    match kind {
        "phrase" => format!("\"{text}\""),
        "prefix" => text,
        _ => format!("{text} "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_query_comes_from_a_message_of_the_corpus() {
        let queries = Corpus::queries(2000, 3);
        assert_eq!(queries, Corpus::queries(2000, 3));
        let texts: Vec<String> = Corpus::new(2000, 3).map(|line| line.text.replace(',', "")).collect();
        for kind in KINDS {
            let of_kind: Vec<&str> = queries.iter().filter_map(|query| query.strip_prefix(kind)).collect();
            assert_eq!(of_kind.len(), PER_KIND, "{kind}");
            for words in of_kind {
                let words: Vec<&str> = words.trim().split('\t').collect();
                let found = |text: &String| match kind {
                    "phrase" => text.contains(&words.join(" ")),
                    _ => words.iter().all(|word| text.contains(word)),
                };
                assert!(texts.iter().any(found), "{kind}: {words:?}");
            }
        }
    }

    #[test]
    fn a_phrase_is_typed_in_quotes_and_a_whole_word_is_finished() {
        assert_eq!(typed("phrase", "a\tb"), "\"a b\"");
        assert_eq!(typed("and", "a\tb"), "a b ");
        assert_eq!(typed("prefix", "ab"), "ab");
    }
}
