//! A log line names ids, kinds and counts. Never a text, a secret, or an address with what is in its query.

use super::source::{File, files};
use super::{assert_none, invented};

const LOGS: [&str; 5] = ["error", "warn", "info", "debug", "trace"];

/// What is called so holds a person's words, or a key to them.
const NEVER: [&str; 18] = [
    "body",
    "text",
    "title",
    "preview",
    "draft",
    "content",
    "html",
    "token",
    "tokens",
    "secret",
    "secrets",
    "password",
    "passphrase",
    "url",
    "uri",
    "query",
    "request",
    "headers",
];

fn problems(file: &File) -> Vec<String> {
    let mut problems = Vec::new();
    for level in LOGS {
        for (start, opening) in file.text.match_indices(&format!("tracing::{level}!(")) {
            let line = file.text[..start].matches('\n').count() + 1;
            // The host of an address is no secret.
            let arguments = file.text[start + opening.len()..].replace("url.host_str", "host");
            for word in words(&arguments) {
                if NEVER.contains(&word.as_str()) {
                    problems.push(format!("{}: {word}", file.at(line)));
                }
            }
        }
    }
    problems
}

/// The names in a macro's arguments, up to its closing bracket; a sentence counts only by what it fills in.
fn words(arguments: &str) -> Vec<String> {
    let (mut depth, mut in_text, mut in_part) = (1, false, false);
    let (mut words, mut word) = (Vec::new(), String::new());
    for character in arguments.chars() {
        match character {
            '"' => in_text = !in_text,
            '{' if in_text => in_part = true,
            '}' if in_text => in_part = false,
            '(' if !in_text => depth += 1,
            ')' if !in_text => depth -= 1,
            _ => {}
        }
        let counts = !in_text || in_part;
        if counts && (character.is_alphanumeric() || character == '_') {
            word.push(character);
        } else if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if depth == 0 {
            break;
        }
    }
    words
}

#[test]
fn no_log_line_holds_a_text_or_a_secret() {
    let mut shipped = files("src-tauri", &[".rs"]);
    shipped.retain(|file| !file.is_test());
    let lines: usize = shipped.iter().map(|file| file.text.matches("tracing::").count()).sum();
    assert!(lines > 20, "the log lines are found");
    assert_none(
        shipped.iter().flat_map(problems).collect(),
        "Log the id, the kind, the length or the host instead.",
    );
}

#[test]
fn a_text_and_a_token_in_a_log_line_are_found() {
    let source = "tracing::warn!(%error, \"the text of a token\");\n\
        tracing::info!(account = %id, body = message.body, \"it came\");\n\
        tracing::error!(\"refused {token}\");\nlet body = text(token);";
    let found = problems(&invented("a.rs", source));
    assert_eq!(found, ["a.rs:3: token", "a.rs:2: body", "a.rs:2: body"]);
}
