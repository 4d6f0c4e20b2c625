//! The documents are there, and what they point to is there too.

use super::source::{File, file, files};
use super::{assert_none, root};

const DOCUMENTS: [&str; 8] = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "LICENSE-MIT",
    "LICENSE-APACHE",
    "ui/README.md",
];

/// Links of a document to files of the repository that are not there.
fn broken(document: &File) -> Vec<String> {
    let folder = document.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut problems = Vec::new();
    for link in document.text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        let path = link.split('#').next().unwrap_or_default();
        if !path.is_empty() && !link.contains("://") && !root().join(folder).join(path).exists() {
            problems.push(format!("{} points to {path}, which is not there", document.path));
        }
    }
    problems
}

/// Paths of ours in backticks that are not there. A path has a folder of the root in front and no blank nor `<`.
fn gone(document: &File) -> Vec<String> {
    let code = document.text.split("```").step_by(2).flat_map(|prose| prose.split('`').skip(1).step_by(2));
    let is_path = |word: &&str| {
        ["src-tauri/", "ui/", "tests/"].iter().any(|folder| word.starts_with(folder))
            && !word.contains([' ', '<', '*', '{', '…', ':'])
            // Built, not written.
            && !word.starts_with("ui/dist")
    };
    let missing = code.filter(is_path).filter(|path| !root().join(path).exists());
    missing.map(|path| format!("{} names {path}, which is not there", document.path)).collect()
}

#[test]
fn the_documents_are_there_and_point_to_what_is_there() {
    let missing: Vec<String> =
        DOCUMENTS.iter().filter(|path| !root().join(path).is_file()).map(|path| (*path).to_owned()).collect();
    assert_none(missing, "Write it.");
    let documents = files("", &[".md"]);
    assert_none(
        documents.iter().flat_map(|document| [broken(document), gone(document)].concat()).collect(),
        "Mend the document: it speaks of something that was moved or taken out.",
    );
}

#[test]
fn the_readme_names_the_two_commands() {
    let readme = file("README.md").text;
    for command in ["cargo xtask run", "cargo xtask test"] {
        assert!(
            readme.contains(command),
            "README.md does not say `{command}`: it is one of the two that matter"
        );
    }
    assert!(readme.contains("!["), "README.md opens with a picture");
}

#[test]
fn the_map_names_every_crate_and_every_folder_of_the_window() {
    let map = file("ARCHITECTURE.md").text;
    let mut missing = Vec::new();
    for folder in ["src-tauri/crates", "ui/src", "ui/src/features", "tests"] {
        for entry in std::fs::read_dir(root().join(folder)).expect("a folder of ours") {
            let entry = entry.expect("a folder of ours can be read");
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.path().is_dir() && !map.contains(&format!("`{name}`")) {
                missing.push(format!("ARCHITECTURE.md does not name `{name}` of {folder}"));
            }
        }
    }
    assert_none(missing, "Give it its line in the map.");
}

#[test]
fn the_changelog_knows_this_version() {
    let version = env!("CARGO_PKG_VERSION");
    assert!(
        file("CHANGELOG.md").text.contains(&format!("## [{version}]")),
        "CHANGELOG.md has no part for {version}"
    );
}

#[test]
fn a_broken_link_and_a_path_that_is_gone_are_found() {
    let text = "[a](Cargo.toml) [b](nowhere.md#x) [c](https://example.org/x) `tests/suite/main.rs` `ui/src/nowhere.ts` `ui/x/<y>`";
    let document = super::invented("README.md", text);
    assert_eq!(broken(&document).len(), 1);
    assert_eq!(gone(&document), ["README.md names ui/src/nowhere.ts, which is not there"]);
}
