//! How many tests ran, read from what the runners print at their end.

use std::fmt;

/// A count of tests, with the reasons for those that did not run.
#[derive(Default, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Ran and held.
    pub passed: usize,
    /// Ran and did not hold, or could not run.
    pub failed: usize,
    /// Did not run.
    pub skipped: usize,
    /// Why, one sentence each, as far as the runner says so.
    pub reasons: Vec<String>,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed, {} skipped", self.passed, self.failed, self.skipped)
    }
}

impl Tally {
    /// Adds up the summaries of cargo, Vitest, node:test and Playwright, and the reasons of what they skipped.
    pub fn of(lines: &[String]) -> Self {
        let mut tally = Self::default();
        for line in lines {
            let line = without_colour(line);
            let line = line.trim();
            if let Some(reason) = reason_in(line) {
                tally.reasons.push(reason);
            }
            if let Some(counts) = line.strip_prefix("test result: ") {
                tally.take(counts.split_once(". ").map_or("", |(_, counts)| counts), ';');
            } else if let Some(counts) = line.strip_prefix("Tests ") {
                tally.take(counts.split('(').next().unwrap_or_default(), '|');
            } else if let Some(count) = line.strip_prefix("ℹ ").or_else(|| line.strip_prefix("# ")) {
                tally.take_node(count);
            } else {
                tally.take_playwright(line);
            }
        }
        tally
    }

    /// Nothing ran and nothing was skipped.
    pub fn is_empty(&self) -> bool {
        self.passed + self.failed + self.skipped == 0
    }

    /// One more that did not run.
    pub fn skip(&mut self, reason: String) {
        self.skipped += 1;
        self.reasons.push(reason);
    }

    /// Adds a step's tally; its reasons get the step's name.
    pub fn add(&mut self, step: Self, name: &str) {
        self.passed += step.passed;
        self.failed += step.failed;
        self.skipped += step.skipped;
        self.reasons.extend(step.reasons.into_iter().map(|reason| format!("{name}: {reason}")));
    }

    fn take(&mut self, counts: &str, separator: char) {
        for part in counts.split(separator) {
            let mut words = part.split_whitespace();
            let (Some(Ok(count)), Some(kind)) = (words.next().map(str::parse), words.next()) else {
                continue;
            };
            self.count(kind, count);
        }
    }

    fn take_node(&mut self, line: &str) {
        let mut words = line.split_whitespace();
        if let (Some(kind), Some(Ok(count)), None) =
            (words.next(), words.next().map(str::parse), words.next())
        {
            self.count(kind, count);
        }
    }

    /// Lines such as `12 passed (8.1s)`: a number, one word, perhaps a time, and nothing else.
    fn take_playwright(&mut self, line: &str) {
        let words: Vec<&str> = line.split(" (").next().unwrap_or_default().split(' ').collect();
        if let [count, kind] = words.as_slice()
            && let Ok(count) = count.parse()
        {
            self.count(kind, count);
        }
    }

    fn count(&mut self, kind: &str, count: usize) {
        match kind {
            "passed" | "pass" => self.passed += count,
            // A test that needs a second attempt has failed; one that was cancelled never held.
            "failed" | "fail" | "flaky" | "cancelled" | "interrupted" => self.failed += count,
            "skipped" | "ignored" | "todo" => self.skipped += count,
            _ => {}
        }
    }
}

/// `test name ... ignored, why` (cargo), `﹣ name (0.2ms) # why` (node:test).
fn reason_in(line: &str) -> Option<String> {
    if let Some(rest) = line.strip_prefix("test ") {
        let (name, why) = rest.split_once(" ... ignored")?;
        return Some(format!("{name}{}", why.replacen(',', ":", 1)));
    }
    let rest = line.strip_prefix("﹣ ")?;
    let (name, why) = rest.split_once(" # ").unwrap_or((rest, "no reason given"));
    let name = name.rsplit_once(" (").map_or(name, |(name, _)| name);
    Some(format!("{name}: {why}"))
}

fn without_colour(line: &str) -> String {
    let mut plain = String::with_capacity(line.len());
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        if character == '\u{1b}' {
            characters.by_ref().find(|end| end.is_ascii_alphabetic());
        } else {
            plain.push(character);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::Tally;

    fn tally(output: &str) -> Tally {
        Tally::of(&output.lines().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn every_binary_of_cargo_is_added_and_an_ignored_test_keeps_its_reason() {
        let tally = tally(
            "running 3 tests\ntest a ... ok\ntest b::c ... ignored, needs a server\ntest d ... FAILED\n\
             test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n\
             test result: ok. 41 passed; 0 failed; 0 ignored; 0 measured; 7 filtered out; finished in 0.10s",
        );
        assert_eq!((tally.passed, tally.failed, tally.skipped), (42, 1, 1));
        assert_eq!(tally.reasons, ["b::c: needs a server"]);
    }

    #[test]
    fn of_vitest_the_tests_count_and_not_the_files() {
        let tally = tally(
            " Test Files  2 passed (2)\n\u{1b}[2m      Tests \u{1b}[22m 1 failed | 12 passed | 2 skipped (15)",
        );
        assert_eq!((tally.passed, tally.failed, tally.skipped), (12, 1, 2));
    }

    #[test]
    fn node_counts_what_was_cancelled_as_failed() {
        let tally = tally(
            "✔ one (3ms)\n﹣ the tray shows the count (0.2ms) # no tray here\nℹ tests 4\nℹ suites 0\nℹ pass 2\n\
             ℹ fail 0\nℹ cancelled 1\nℹ skipped 1\nℹ todo 0\nℹ duration_ms 812",
        );
        assert_eq!((tally.passed, tally.failed, tally.skipped), (2, 1, 1));
        assert_eq!(tally.reasons, ["the tray shows the count: no tray here"]);
    }

    #[test]
    fn playwright_counts_a_flaky_test_as_failed() {
        let tally =
            tally("  ✓  1 inbox.spec.ts:3:1 › opens (1.2s)\n  1 flaky\n  1 skipped\n  12 passed (8.1s)");
        assert_eq!((tally.passed, tally.failed, tally.skipped), (12, 1, 1));
    }

    #[test]
    fn prose_that_begins_with_a_number_is_no_count() {
        assert!(tally("12 passed the door and 3 failed to\n3 apples").is_empty());
    }
}
