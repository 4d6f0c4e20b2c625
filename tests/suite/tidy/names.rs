//! Names say what a thing is.

use super::source::{File, files, has_word};
use super::{assert_none, invented};

/// Words that say nothing: whatever it is, it is managed, served, helped or handled.
const EMPTY: [&str; 9] =
    ["Manager", "Service", "Helper", "Helpers", "Util", "Utils", "Handler", "Data", "Info"];
const DECLARES: [&str; 6] = ["struct ", "enum ", "trait ", "class ", "interface ", "type "];

fn empty_names(file: &File) -> Vec<String> {
    let mut problems = Vec::new();
    for (number, line) in file.code() {
        let Some(name) = DECLARES.iter().find_map(|word| declared(line, word)) else { continue };
        if let Some(word) = EMPTY.iter().find(|word| name.ends_with(*word)) {
            problems.push(format!("{}: `{name}` is called a {word}", file.at(number)));
        }
    }
    problems
}

fn declared<'a>(line: &'a str, keyword: &str) -> Option<&'a str> {
    let (before, after) = line.split_once(keyword)?;
    let is_start = before.split_whitespace().all(|word| {
        ["pub", "export", "default", "abstract", "declare"].contains(&word) || word.starts_with("pub(")
    });
    let end = after.find(|character: char| !character.is_alphanumeric() && character != '_');
    is_start.then(|| &after[..end.unwrap_or(after.len())]).filter(|name| !name.is_empty())
}

/// Who may know a platform by name: its connector, its simulation, and what tests or documents them.
fn platforms() -> Vec<String> {
    let ids = connectors::all(&connectors::Endpoints::default());
    let ids: Vec<String> =
        ids.iter().map(|connector| connector.descriptor().id.as_str().to_owned()).collect();
    assert!(ids.len() > 1, "the registry is read");
    ids
}

/// Folders that treat all platforms alike.
const ALIKE: [&str; 10] = [
    "src-tauri/src",
    "src-tauri/crates/model/src",
    "src-tauri/crates/store/src",
    "src-tauri/crates/connect/src",
    "src-tauri/crates/engine/src",
    "src-tauri/crates/api/src",
    "src-tauri/crates/hub/src",
    "ui/src/design",
    "ui/src/features",
    "ui/src/app",
];

fn platform_names(file: &File, platforms: &[String]) -> Vec<String> {
    let mut problems = Vec::new();
    for (number, line) in file.code() {
        let line = line.to_lowercase();
        if let Some(name) = platforms.iter().find(|name| has_word(&line, name)) {
            problems.push(format!("{}: {name}", file.at(number)));
        }
    }
    problems
}

#[test]
fn nothing_is_called_a_manager() {
    let files = files("", &[".rs", ".ts", ".svelte", ".mjs"]);
    let problems = files.iter().flat_map(empty_names).collect();
    assert_none(problems, "Call it by what it is or does, in the words of an inbox.");
}

#[test]
fn no_platform_is_known_by_name_outside_its_connector() {
    let platforms = platforms();
    let files = ALIKE.iter().flat_map(|folder| files(folder, &[".rs", ".ts", ".svelte", ".css"]));
    let files: Vec<File> = files.filter(|file| !file.is_test()).collect();
    let problems = files.iter().flat_map(|file| platform_names(file, &platforms)).collect();
    assert_none(
        problems,
        "What a platform can do is data: put it into its Descriptor or the conversation's Limits.",
    );
}

#[test]
fn an_empty_name_and_a_platform_by_name_are_found() {
    assert_eq!(empty_names(&invented("a.rs", "pub(crate) struct AccountManager;")).len(), 1);
    assert_eq!(empty_names(&invented("a.ts", "export interface RowData {")).len(), 1);
    assert!(empty_names(&invented("a.rs", "let kind = \"type Info\"; // struct RowData")).is_empty());
    let source =
        "// as matrix does\nmatch id { \"matrix\" => 1 }\nlet matrixes = 1;\nif (platform === 'Matrix') {}";
    let found = platform_names(&invented("a.rs", source), &["matrix".into()]);
    assert_eq!(found, ["a.rs:2: matrix", "a.rs:4: matrix"]);
}
