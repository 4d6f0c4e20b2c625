//! What a person typed into the search field: as an expression for FTS5, and as matches in a text.

use crate::fold::{Folded, fold, fold_with_places};
use std::ops::Range;

/// More words than this are not looked at.
const MAX_TERMS: usize = 16;
/// How much of a text a snippet shows, and how much of it before the first match; in characters.
const SNIPPET_CHARS: usize = 160;
const LEAD_CHARS: usize = 40;

/// Words that follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Term {
    words: Vec<String>,
    /// The last word may go on.
    is_unfinished: bool,
}

/// A search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Query {
    terms: Vec<Term>,
}

impl Query {
    /// Any text is a query. Quotes hold words together; nothing else has a meaning.
    pub(crate) fn parse(text: &str) -> Self {
        let mut terms = Vec::new();
        let is_quote = |c| matches!(c, '"' | '“' | '”' | '„' | '«' | '»');
        let parts: Vec<&str> = text.split(is_quote).collect();
        let last = parts.len() - 1;
        for (at, part) in parts.into_iter().enumerate() {
            let is_open = at == last;
            if at % 2 == 1 {
                terms.extend(Term::new(part, is_open));
            } else {
                let words: Vec<&str> = part.split_whitespace().collect();
                let count = words.len();
                terms.extend(
                    words
                        .into_iter()
                        .enumerate()
                        .filter_map(|(n, word)| Term::new(word, is_open && n + 1 == count)),
                );
            }
        }
        terms.truncate(MAX_TERMS);
        Self { terms }
    }

    /// For FTS5; none if there is nothing to look for. Folded words hold no character that FTS5 gives a meaning to.
    pub(crate) fn expression(&self) -> Option<String> {
        self.join(|term| term.is_unfinished)
    }

    /// For FTS5, every word unfinished.
    pub(crate) fn prefix_expression(&self) -> Option<String> {
        self.join(|_| true)
    }

    fn join(&self, is_unfinished: impl Fn(&Term) -> bool) -> Option<String> {
        let parts = self.terms.iter().map(|term| {
            let star = if is_unfinished(term) { " *" } else { "" };
            format!("\"{}\"{star}", term.words.join(" "))
        });
        let parts: Vec<String> = parts.collect();
        (!parts.is_empty()).then(|| parts.join(" AND "))
    }

    /// The text around the first match, in pieces: every second one (1, 3, 5 …) is a match.
    pub(crate) fn snippet(&self, text: &str) -> Vec<String> {
        let matches = self.matches(text);
        let first = matches.first().map_or(0, |found| found.start);
        let start = before(text, first, LEAD_CHARS);
        let end = text[start..].char_indices().nth(SNIPPET_CHARS).map_or(text.len(), |(at, _)| start + at);
        let mut pieces = vec![if start > 0 { "…".to_owned() } else { String::new() }];
        let mut at = start;
        for found in matches {
            if found.start < at || found.end > end {
                continue;
            }
            push_line(&mut pieces, &text[at..found.start]);
            pieces.extend([one_line(&text[found.clone()]), String::new()]);
            at = found.end;
        }
        push_line(&mut pieces, &text[at..end]);
        if end < text.len() {
            push_line(&mut pieces, "…");
        }
        pieces
    }

    /// Where the words stand in a text, in order; overlapping ones are joined.
    fn matches(&self, text: &str) -> Vec<Range<usize>> {
        let folded = fold_with_places(text);
        let words: Vec<&[Folded]> =
            folded.split(|part| part.c == ' ').filter(|word| !word.is_empty()).collect();
        let mut found: Vec<Range<usize>> = Vec::new();
        for term in &self.terms {
            for stretch in words.windows(term.words.len()).filter(|stretch| term.is_in(stretch)) {
                if let (Some(start), Some(end)) = (stretch.first(), stretch.last()) {
                    found.push(start[0].start..end[end.len() - 1].end);
                }
            }
        }
        found.sort_by_key(|range| (range.start, range.end));
        found.dedup_by(|later, earlier| {
            let overlaps = later.start < earlier.end;
            if overlaps {
                earlier.end = earlier.end.max(later.end);
            }
            overlaps
        });
        found
    }
}

impl Term {
    fn new(text: &str, is_unfinished: bool) -> Option<Self> {
        let words: Vec<String> =
            fold(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        (!words.is_empty()).then_some(Self { words, is_unfinished })
    }

    fn is_in(&self, stretch: &[&[Folded]]) -> bool {
        let last = self.words.len() - 1;
        self.words.iter().zip(stretch).enumerate().all(|(n, (word, letters))| {
            let mut letters = letters.iter().map(|part| part.c);
            let begins = word.chars().all(|c| letters.next() == Some(c));
            begins && (letters.next().is_none() || (n == last && self.is_unfinished))
        })
    }
}

/// The place `chars` before `at`, moved to the beginning of a word.
fn before(text: &str, at: usize, chars: usize) -> usize {
    let Some((start, _)) = text[..at].char_indices().rev().nth(chars) else { return 0 };
    text[start..at].find(char::is_whitespace).map_or(start, |space| {
        let space = start + space;
        space + text[space..].chars().next().map_or(0, char::len_utf8)
    })
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect()
}

fn push_line(pieces: &mut [String], text: &str) {
    if let Some(last) = pieces.last_mut() {
        last.push_str(&one_line(text));
    }
}

#[cfg(test)]
mod tests {
    use super::Query;

    #[test]
    fn words_become_an_expression_and_signs_lose_their_meaning() {
        let table = [
            ("Müller", Some("\"muller\" *")),
            ("neue Straße", Some("\"neu\" AND \"strasse\" *")),
            ("\"neue Straße\" 5", Some("\"neu strasse\" AND \"5\" *")),
            ("„im Lager“", Some("\"im lager\"")),
            ("\"im La", Some("\"im la\" *")),
            ("a@b.de", Some("\"a b de\" *")),
            ("x OR y*) NOT NEAR(", Some("\"x\" AND \"or\" AND \"y\" AND \"not\" AND \"near\" *")),
            ("body:geheim^2", Some("\"body geheim 2\" *")),
            ("\"\" * -- ;", None),
            ("", None),
        ];
        for (text, expression) in table {
            assert_eq!(Query::parse(text).expression().as_deref(), expression, "{text:?}");
        }
    }

    #[test]
    fn every_second_piece_of_a_snippet_is_a_match_in_the_text_as_written() {
        let pieces = Query::parse("strasse mul").snippet("Frau Mueller, Lange Straße 5\nBerlin");
        assert_eq!(pieces, ["Frau ", "Mueller", ", Lange ", "Straße", " 5 Berlin"]);
        assert_eq!(Query::parse("neu").snippet("neue Ware"), ["", "neue", " Ware"]);
        assert_eq!(Query::parse("👍").snippet("gut👍🏽!"), ["gut", "👍🏽", "!"]);
    }

    #[test]
    fn a_snippet_is_cut_around_the_first_match() {
        let text = format!("{} Nadel {}", "Heu ".repeat(100), "Heu ".repeat(100));
        let pieces = Query::parse("nadel").snippet(&text);
        assert_eq!(pieces.len(), 3);
        assert_eq!(pieces[1], "Nadel");
        assert!(pieces[0].starts_with("…Heu") && pieces[2].ends_with('…'));
        assert!(pieces.concat().chars().count() <= 165);
    }
}
