//! Who may start tasks, read the clock, open the database, speak to the network and print. Clippy forbids most of it
//! (clippy.toml); here stands the reviewed list of exceptions, and what Clippy cannot see.

use super::source::{File, files, has_word};
use super::{assert_none, invented};

/// What only some may do: the words, and the files or folders that may.
const RUST: [(&[&str], &[&str]); 7] = [
    (
        &["tokio::spawn", "task::spawn", "tracker.spawn", "JoinSet", "async_runtime::spawn"],
        &[
            "src-tauri/crates/engine/src/supervisor.rs",
            "src-tauri/crates/hub/",
            "src-tauri/crates/bench/",
            "src-tauri/src/",
        ],
    ),
    (&["spawn_blocking"], BLOCKING),
    (
        &["thread::spawn", "thread::Builder"],
        &["src-tauri/src/keychain.rs", "src-tauri/src/notifier/mod.rs", "src-tauri/crates/bench/"],
    ),
    (
        &["SystemTime::now", "Instant::now", "Timestamp::now", "Zoned::now"],
        &["src-tauri/crates/engine/src/clock.rs", "src-tauri/crates/bench/"],
    ),
    (&["thread::sleep"], &["src-tauri/src/instance.rs", "src-tauri/crates/bench/"]),
    (&["Connection::open", "Connection::open_with_flags"], &["src-tauri/crates/store/src/connection.rs"]),
    (
        &["println!", "print!", "eprintln!", "dbg!"],
        &[
            "src-tauri/build.rs",
            "src-tauri/src/instance.rs",
            "src-tauri/src/main.rs",
            "src-tauri/crates/hub/src/main.rs",
            "src-tauri/crates/bench/",
        ],
    ),
];

/// Who hands work to the blocking pool: the store's lane, and what would hold a worker for long.
const BLOCKING: &[&str] = &[
    "src-tauri/crates/store/src/",
    // A picture is made anew; a file is written where the person wants it.
    "src-tauri/crates/engine/src/media.rs",
    "src-tauri/crates/api/src/answers/conversation.rs",
];

/// Who may switch Clippy's list off for a place; each says why beside it.
const EXCEPTIONS: &[&str] = &[
    "src-tauri/src/keychain.rs",
    "src-tauri/src/notifier/mod.rs",
    "src-tauri/crates/bench/",
    "src-tauri/crates/connect/src/sockets.rs",
    "src-tauri/crates/api/src/answers/conversation.rs",
    "src-tauri/crates/engine/src/clock.rs",
    "src-tauri/crates/hub/src/routes.rs",
    "src-tauri/crates/engine/src/media.rs",
    "src-tauri/crates/engine/src/supervisor.rs",
    "src-tauri/crates/store/src/",
    "src-tauri/crates/xtask/src/main.rs",
];

/// The same for the window's content.
const WINDOW: [(&[&str], &[&str]); 3] = [
    (
        &["await fetch(", "return fetch(", "= fetch(", "(fetch(", "WebSocket(", "EventSource(", "sendBeacon"],
        &["ui/src/host/"],
    ),
    (&["localStorage", "sessionStorage", "indexedDB", "document.cookie"], &[]),
    (&["{@html", "innerHTML", "outerHTML", "insertAdjacentHTML", "console.", "debugger"], &[]),
];

fn problems(files: &[File], rules: &[(&[&str], &[&str])]) -> Vec<String> {
    let mut problems = Vec::new();
    for file in files.iter().filter(|file| !file.is_test()) {
        for (number, line) in file.code() {
            for (words, may) in rules {
                let Some(word) = words.iter().find(|word| has_word(line, word)) else { continue };
                if !may.iter().any(|place| file.path.starts_with(place)) {
                    problems.push(format!("{}: {}", file.at(number), word.trim()));
                }
            }
        }
    }
    problems
}

/// Everything in Rust that ships. `xtask` runs on a developer's machine, before anything else compiles.
fn shipped() -> Vec<File> {
    let mut files = files("src-tauri", &[".rs"]);
    files.retain(|file| !file.path.starts_with("src-tauri/crates/xtask/"));
    files
}

#[test]
fn only_reviewed_places_spawn_read_the_clock_open_and_print() {
    assert_none(
        problems(&shipped(), &RUST),
        "Tasks belong to the supervisor, time comes from `connect::Clock`, work goes to the store's lane, words for the \
         log to `tracing`. A place that must do it all the same is added to tests/suite/tidy/reach.rs, with the reason \
         beside the code.",
    );
}

#[test]
fn only_reviewed_places_switch_clippys_list_off() {
    let rule: [(&[&str], &[&str]); 1] = [(&["clippy::disallowed_methods"], EXCEPTIONS)];
    assert_none(
        problems(&files("src-tauri", &[".rs"]), &rule),
        "Do without, or have the place reviewed and listed.",
    );
}

#[test]
fn the_window_reaches_nothing_but_its_host() {
    assert_none(
        problems(&files("ui/src", &[".ts", ".svelte"]), &WINDOW),
        "Calls and media go through src/host; what is kept is kept by the core; text becomes text nodes.",
    );
}

#[test]
fn a_reach_is_found_in_code_but_not_in_comments_nor_tests() {
    let source = "/// tokio::spawn is for others.\nfn a() { tokio::spawn(b()); }\n#[cfg(test)]\nmod tests {\n Instant::now()\n}";
    assert_eq!(problems(&[invented("src-tauri/crates/api/src/a.rs", source)], &RUST).len(), 1);
    assert!(problems(&[invented("src-tauri/crates/engine/src/supervisor.rs", source)], &RUST).is_empty());
    assert!(problems(&[invented("src-tauri/crates/api/src/tests/a.rs", source)], &RUST).is_empty());
    let script = "refetch()\nawait fetch('/x')\nlocalStorage.x = 1";
    assert_eq!(problems(&[invented("ui/src/lib/a.ts", script)], &WINDOW).len(), 2);
}
