//! The files that people write, as the rules see them.

use super::root;
use std::path::Path;

/// One file of the repository.
pub struct File {
    /// From the root, with `/`.
    pub path: String,
    /// All of it.
    pub text: String,
}

/// Folders that hold what was built, brought or drawn.
const NOT_WRITTEN: [&str; 6] = [".git", "target", "gen", "node_modules", "icons", "pictures"];

/// What tools write: nobody reads it, nobody mends it by hand.
const GENERATED: [&str; 4] = [
    "ui/src/api/generated.ts",
    "ui/package-lock.json",
    "Cargo.lock",
    "src-tauri/crates/api/src/licences.json",
];

/// Every file below a folder (`""`: everywhere) whose name ends in one of these, in order.
pub fn files(below: &str, endings: &[&str]) -> Vec<File> {
    let mut found = Vec::new();
    walk(&root().join(below), &mut |path| {
        let name = relative(path);
        if endings.iter().any(|ending| name.ends_with(ending)) && !GENERATED.contains(&name.as_str()) {
            let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"));
            found.push(File { path: name, text });
        }
    });
    found.sort_by(|one, other| one.path.cmp(&other.path));
    assert!(
        !found.is_empty(),
        "nothing below `{below}` ends in {endings:?}: the rule looks in the wrong place"
    );
    found
}

/// One file.
pub fn file(path: &str) -> File {
    let text = std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    File { path: path.to_owned(), text }
}

fn relative(path: &Path) -> String {
    let inside = path.strip_prefix(root()).expect("the walk begins at the root");
    inside.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn walk(folder: &Path, take: &mut impl FnMut(&Path)) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    for entry in entries {
        let entry = entry.expect("a folder of the repository can be read");
        let name = entry.file_name().to_string_lossy().into_owned();
        // Links are left out: what they point to is met at its own place, or is not ours.
        let kind = entry.file_type().expect("a file has a kind");
        if kind.is_dir() && !NOT_WRITTEN.contains(&name.as_str()) && !name.starts_with("dist") {
            walk(&entry.path(), take);
        } else if kind.is_file() {
            take(&entry.path());
        }
    }
}

impl File {
    /// Is it there to test or to try, rather than to be shipped?
    pub fn is_test(&self) -> bool {
        let path = format!("/{}", self.path);
        ["/tests/", "/examples/", "/tests.rs", ".test.", ".spec.", "/ui/dev/", "/ui/src/test.ts"]
            .iter()
            .any(|mark| path.contains(mark))
    }

    /// Its lines of code with their numbers: no comments, and nothing from the tests at the end of a Rust file on.
    pub fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let mut is_in_block = false;
        let shipped = self.text.split("]\nmod tests {").next().unwrap_or_default();
        shipped.lines().enumerate().map(|(index, line)| (index + 1, line)).filter(move |(_, line)| {
            let line = line.trim_start();
            let is_comment = is_in_block || ["//", "/*", "<!--"].iter().any(|mark| line.starts_with(mark));
            is_in_block |= line.starts_with("/*") || line.starts_with("<!--");
            is_in_block &= !line.contains("*/") && !line.contains("-->");
            !is_comment
        })
    }

    /// `path:line`, for a problem.
    pub fn at(&self, line: usize) -> String {
        format!("{}:{line}", self.path)
    }
}

/// Is `word` in `line`, and not as part of a longer word?
pub fn has_word(line: &str, word: &str) -> bool {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    line.match_indices(word).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let after = line[start + word.len()..].chars().next();
        // A mark at an edge of the word is an edge by itself.
        let opens = !word.starts_with(is_part) || !before.is_some_and(is_part);
        let closes = !word.ends_with(is_part) || !after.is_some_and(is_part);
        opens && closes
    })
}
