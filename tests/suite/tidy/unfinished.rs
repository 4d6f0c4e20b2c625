//! What is in the tree is done.

use super::source::{File, files, has_word};
use super::{assert_none, invented};

/// Spelt in halves, so that this file does not find itself.
fn marks() -> Vec<String> {
    [
        ("TO", "DO"),
        ("FIX", "ME"),
        ("HA", "CK"),
        ("to", "do!("),
        ("unimple", "mented!("),
        ("#[ig", "nore"),
        ("test.sk", "ip("),
        ("it.sk", "ip("),
        ("describe.sk", "ip("),
        ("test.on", "ly("),
        ("it.on", "ly("),
        ("describe.on", "ly("),
        ("sk", "ip: true"),
        ("eslint-dis", "able"),
        ("@ts-ig", "nore"),
        ("@ts-no", "check"),
    ]
    .iter()
    .map(|(one, other)| format!("{one}{other}"))
    .collect()
}

const IGNORED: &str = concat!("#[ig", "nore");
const SKIPPED: &str = concat!("test.sk", "ip(");

/// Where a mark is right, and why.
const REVIEWED: [(&str, &str); 4] = [
    // Each is a child process that the test beside it starts.
    ("src-tauri/src/keychain.rs", IGNORED),
    ("src-tauri/crates/store/src/tests/migration.rs", IGNORED),
    // A measurement that prints and asserts nothing.
    ("src-tauri/crates/store/src/tests/figures.rs", IGNORED),
    // Without PyPI there is no Synapse; the runner lists the reason, and CI does not accept it.
    ("tests/window/support/scene.mjs", SKIPPED),
];

fn problems(files: &[File]) -> Vec<String> {
    let marks = marks();
    let mut problems = Vec::new();
    for file in files {
        for (index, line) in file.text.lines().enumerate() {
            let Some(mark) = marks.iter().find(|mark| has_word(line, mark)) else { continue };
            if !REVIEWED.contains(&(file.path.as_str(), mark.as_str())) {
                problems.push(format!("{}: {mark}", file.at(index + 1)));
            }
        }
    }
    problems
}

#[test]
fn nothing_is_left_for_later_and_no_test_is_switched_off() {
    let files = files("", &[".rs", ".ts", ".svelte", ".css", ".mjs", ".js", ".toml", ".sql", ".html"]);
    assert_none(
        problems(&files),
        "Finish it, or take it out; a test that cannot run says why where it is skipped.",
    );
}

#[test]
fn a_mark_is_found_as_a_word() {
    for mark in marks() {
        assert_eq!(problems(&[invented("a.rs", &format!("fn a() {{ {mark} }}"))]).len(), 1, "{mark}");
    }
    assert!(problems(&[invented("a.rs", &format!("let {}S = 3; // HACKNEY", "TO"))]).is_empty());
}
