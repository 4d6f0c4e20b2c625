//! The repository stands alone: it names no place of the machine it was written on.

use super::source::{File, files};
use super::{assert_none, invented};

/// Spelt in halves, so that this file does not find itself.
fn marks() -> Vec<String> {
    [
        ("/ho", "me/"),
        ("/ro", "ot/"),
        ("/Us", "ers/"),
        ("C:\\", "Users"),
        ("../sha", "red"),
        ("/wo", "rk/"),
        ("/wo", "rkspace"),
    ]
    .iter()
    .map(|(one, other)| format!("{one}{other}"))
    .collect()
}

fn problems(files: &[File]) -> Vec<String> {
    let marks = marks();
    let mut problems = Vec::new();
    for file in files {
        for (index, line) in file.text.lines().enumerate() {
            // In an address such a part is the server's, not a machine's.
            let is_ours = |mark: &String| line.split("://").next().is_some_and(|local| local.contains(mark));
            if let Some(mark) = marks.iter().find(|mark| is_ours(mark)) {
                problems.push(format!("{}: {mark}", file.at(index + 1)));
            }
        }
    }
    problems
}

#[test]
fn no_file_names_a_place_outside_the_repository() {
    let endings = [
        ".rs", ".ts", ".svelte", ".css", ".mjs", ".js", ".toml", ".sql", ".html", ".md", ".json", ".txt",
        ".ci/run",
    ];
    assert_none(
        problems(&files("", &endings)),
        "Take the file into the repository, or find the place from an environment variable or the root.",
    );
}

#[test]
fn a_path_of_a_machine_is_found_and_an_address_is_not() {
    for mark in marks() {
        assert_eq!(problems(&[invented("a.md", &format!("see {mark}x"))]).len(), 1, "{mark}");
    }
    let address = format!("see https://example.org{}x", marks()[0]);
    assert!(problems(&[invented("a.md", &address)]).is_empty());
}
