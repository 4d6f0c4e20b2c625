//! The rules of the repository, as tests. A rule is a function from what it looks at to a list of problems; its test runs
//! it over the tree, and a second one shows that it bites. Every failure names the file and the cure.

mod arrows;
mod documents;
mod layers;
mod licences;
mod logs;
mod names;
mod places;
mod reach;
mod sizes;
mod source;
mod texts;
mod unfinished;
mod words;

use source::File;
use std::path::Path;

/// The repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Fails with every problem in a line of its own and what to do about them.
#[track_caller]
fn assert_none(problems: Vec<String>, cure: &str) {
    assert!(problems.is_empty(), "\n  {}\n\n{cure}\n", problems.join("\n  "));
}

/// A file that is not there, to show that a rule bites.
fn invented(path: &str, text: &str) -> File {
    File { path: path.to_owned(), text: text.to_owned() }
}
