//! One step of the tests: what runs, how long it took, what came of it.

use super::tally::Tally;
use crate::process::transcribe;
use std::process::Command;
use std::time::Instant;

/// Something to run.
pub struct Step {
    name: &'static str,
    command: Command,
    cure: &'static str,
    has_tests: bool,
}

impl Step {
    /// A step that counts as one: it holds or it does not.
    pub fn check(name: &'static str, command: Command, cure: &'static str) -> Self {
        Self { name, command, cure, has_tests: false }
    }

    /// A step whose runner counts its own tests.
    pub fn tests(name: &'static str, command: Command, cure: &'static str) -> Self {
        Self { name, command, cure, has_tests: true }
    }
}

/// What came of all the steps.
#[derive(Default)]
pub struct Report {
    tally: Tally,
    failures: Vec<String>,
    is_broken: bool,
}

impl Report {
    /// Runs a step that later ones need, such as a build. It counts only when it fails.
    pub fn prepare(&mut self, name: &str, work: impl FnOnce() -> Result<(), String>) {
        println!("\n── {name}");
        let started = Instant::now();
        if let Err(sentence) = work() {
            self.is_broken = true;
            self.tally.failed += 1;
            self.failures.push(format!("{name}: {sentence}"));
        }
        println!("── {name}: {:.1} s", started.elapsed().as_secs_f32());
    }

    /// Can the steps that need a build go on?
    pub fn is_prepared(&self) -> bool {
        !self.is_broken
    }

    /// Notes that something was not run, and why.
    pub fn skip(&mut self, reason: &str) {
        self.tally.skip(reason.to_owned());
    }

    /// Runs a step and adds up what its runner counted.
    pub fn run(&mut self, mut step: Step) {
        println!("\n── {}", step.name);
        let started = Instant::now();
        let mut tally = Tally::default();
        let mut sentence = None;
        match transcribe(&mut step.command) {
            Err(error) => sentence = Some(error),
            Ok(transcript) => {
                if step.has_tests {
                    tally = Tally::of(&transcript.lines);
                }
                if !transcript.is_success || tally.failed > 0 {
                    sentence = Some(step.cure.to_owned());
                } else if !step.has_tests {
                    tally.passed = 1;
                } else if tally.is_empty() {
                    sentence =
                        Some("it ended well but ran no test at all; its runner's output is above.".into());
                }
            }
        }
        if let Some(sentence) = sentence {
            tally.failed = tally.failed.max(1);
            self.failures.push(format!("{}: {sentence}", step.name));
        }
        println!("── {}: {tally}, {:.1} s", step.name, started.elapsed().as_secs_f32());
        self.tally.add(tally, step.name);
    }

    /// Says what was skipped and what failed; the last line is the count.
    pub fn close(mut self, is_ci: bool) -> Result<(), String> {
        if is_ci {
            // On a developer's train there may be no PyPI; in CI the proof against a real server must be had.
            let missed: Vec<_> =
                self.tally.reasons.iter().filter(|reason| reason.contains("Synapse")).cloned().collect();
            self.tally.failed += missed.len();
            self.tally.skipped = self.tally.skipped.saturating_sub(missed.len());
            self.failures
                .extend(missed.iter().map(|reason| format!("skipped, which CI does not allow: {reason}")));
        }
        if self.tally.skipped > 0 {
            println!("\nskipped:");
            self.tally.reasons.iter().for_each(|reason| println!("  {reason}"));
            let unnamed = self.tally.skipped.saturating_sub(self.tally.reasons.len());
            if unnamed > 0 {
                println!("  {unnamed} more without a reason");
            }
        }
        if !self.failures.is_empty() {
            println!("\nfailed:");
            self.failures.iter().for_each(|failure| println!("  {failure}"));
        }
        println!("\n{}", self.tally);
        if self.failures.is_empty() { Ok(()) } else { std::process::exit(1) }
    }
}
