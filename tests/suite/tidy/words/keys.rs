//! Every key that is named has words, every key that has words is named, and whatever the core can say has words too.

use super::{ADD, ENGLISH, Words, has, invented_words, singular, words};
use crate::tidy::source::{File, file, files};
use crate::tidy::{assert_none, invented};
use std::collections::BTreeSet;

/// A key with a part that is filled in, and what that part can be.
enum Part {
    /// The values of a type in `generated.ts`, but for those that never come here.
    Type(&'static str, &'static [&'static str]),
    /// These.
    Listed(&'static [&'static str]),
    /// Something that a connector names; `every_step_of_signing_in_has_its_words` looks at them.
    Connector,
    /// Some have words, the others are shown as they are.
    Some,
}

/// Every key with parts, each part written `*`.
const PARTS: &[(&str, Part)] = &[
    ("accounts.status.*", Part::Listed(&["offline", "page", "proxy"])),
    ("error.*", Part::Type("ErrorCode", &[])),
    ("login.problem.*", Part::Type("LoginProblem", &[])),
    ("profile.problem.*", Part::Type("ProfileProblem", &[])),
    // The profile is open; only its disk can still fail it.
    ("profile.trouble.*", Part::Listed(&["disk_full", "not_writable", "disk_failed"])),
    ("conversation.about.*", Part::Listed(&["story_reply", "story_mention"])),
    ("conversation.card.*", Part::Type("AttachmentKind", &[])),
    ("conversation.kind.*", Part::Listed(&["group", "request"])),
    ("conversation.reason.*", Part::Type("FailReason", &[])),
    ("inbox.health.*", Part::Listed(&["offline", "page", "proxy"])),
    ("inbox.preview.*", Part::Type("AttachmentKind", &[])),
    ("keys.group.*", Part::Listed(&["app", "inbox", "conversation", "composer"])),
    ("keys.name.*", Part::Some),
    ("login.*.*", Part::Connector),
    ("login.*.about.*", Part::Connector),
    ("login.*.about.platform", Part::Connector),
    ("login.*.choose", Part::Connector),
    ("login.*.example.*", Part::Connector),
    ("login.*.field.*", Part::Connector),
    ("login.*.hint.*", Part::Connector),
    ("login.*.practice", Part::Connector),
    ("login.*.reason.*", Part::Connector),
    ("login.*.short.*", Part::Connector),
    ("notification.*", Part::Listed(&["window_2h_title", "window_30m_title"])),
    ("settings.system.*", Part::Listed(&["linux", "macos", "windows"])),
];

/// What begins like a key and is none.
const NO_KEYS: [&str; 1] = ["app.kontor.desktop"];

/// Every text between quotes that begins like a key; what is filled in becomes `*`.
fn named(file: &File, sections: &BTreeSet<String>) -> BTreeSet<String> {
    let mut named = BTreeSet::new();
    for (_, line) in file.code() {
        for quote in ['\'', '"', '`'] {
            for (start, _) in line.match_indices(quote) {
                let text = without_parts(&line[start + 1..]);
                let text = text.split(quote).next().unwrap_or_default();
                let is_key = text.chars().all(|c| c.is_ascii_alphanumeric() || "._*".contains(c));
                if is_key && text.split_once('.').is_some_and(|(section, _)| sections.contains(section)) {
                    named.insert(text.to_owned());
                }
            }
        }
    }
    named
}

/// `a.${b.c ?? 'd'}` and `a.{b}` → `a.*`.
fn without_parts(text: &str) -> String {
    let (mut depth, mut plain) = (0_usize, String::new());
    for character in text.replace("${", "{").chars() {
        match character {
            '{' => {
                if depth == 0 {
                    plain.push('*');
                }
                depth += 1;
            }
            '}' => depth = depth.saturating_sub(1),
            character if depth == 0 => plain.push(character),
            _ => {}
        }
    }
    plain
}

fn matches(pattern: &str, key: &str) -> bool {
    let (pattern, key): (Vec<_>, Vec<_>) = (pattern.split('.').collect(), key.split('.').collect());
    pattern.len() == key.len() && pattern.iter().zip(&key).all(|(part, name)| part == name || *part == "*")
}

/// Everything that names keys: the window's content, and the core where it speaks to a person.
fn speakers() -> Vec<File> {
    let mut all = files("ui/src", &[".ts", ".svelte"]);
    all.extend(files("src-tauri/src", &[".rs"]));
    all.extend(files("src-tauri/crates/engine/src", &[".rs"]));
    all.retain(|file| !file.is_test());
    all
}

fn all_named(words: &Words) -> BTreeSet<String> {
    let sections = words.keys().filter_map(|key| key.split('.').next()).map(str::to_owned).collect();
    speakers().iter().flat_map(|file| named(file, &sections)).collect()
}

/// The values of `export type Name = "a" | "b";`.
fn values(generated: &str, name: &str) -> Vec<String> {
    let opening = format!("export type {name} = ");
    let after = generated.split_once(&opening).unwrap_or_else(|| panic!("generated.ts has a type {name}")).1;
    let union = after.split(';').next().unwrap_or_default();
    let values: Vec<String> = union.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    assert!(!values.is_empty(), "{name} is a choice of texts");
    values
}

fn missing(words: &Words, named: &BTreeSet<String>, generated: &str) -> Vec<String> {
    let mut problems = Vec::new();
    for key in named {
        if !key.contains('*') {
            if !has(words, key) && !NO_KEYS.contains(&key.as_str()) {
                problems.push(format!("{key} is named, but has no words"));
            }
        } else if !PARTS.iter().any(|(pattern, _)| pattern == key) {
            problems.push(format!(
                "{key} has a part that tests/suite/tidy/words/keys.rs does not know; add it to PARTS"
            ));
        }
    }
    for (pattern, part) in PARTS.iter().filter(|(pattern, _)| named.contains(*pattern)) {
        let parts: Vec<String> = match part {
            Part::Type(name, never) => {
                values(generated, name).into_iter().filter(|value| !never.contains(&value.as_str())).collect()
            }
            Part::Listed(parts) => parts.iter().map(|part| (*part).to_owned()).collect(),
            Part::Connector | Part::Some => continue,
        };
        for key in parts.iter().map(|part| pattern.replace('*', part)) {
            if !has(words, &key) {
                problems.push(format!("{key} can be said, but has no words"));
            }
        }
    }
    problems
}

#[test]
fn every_word_that_is_named_is_there() {
    let (words, generated) = (words(ENGLISH), file("ui/src/api/generated.ts").text);
    let named = all_named(&words);
    assert!(named.len() > 100, "the code is read");
    assert_none(missing(&words, &named, &generated), ADD);
}

#[test]
fn every_word_that_is_there_is_used() {
    let words = words(ENGLISH);
    let named = all_named(&words);
    let is_used = |key: &str| {
        named.contains(key) || named.iter().any(|pattern| pattern.contains('*') && matches(pattern, key))
    };
    let unused = words.keys().filter(|key| !is_used(singular(key)) && !is_used(key)).cloned();
    assert_none(unused.collect(), "Take it out of ui/src/i18n/en.json and de.json, or say it.");
}

#[test]
fn a_key_without_words_and_a_part_without_values_are_found() {
    let english = invented_words(&[("a.b", "B"), ("a.d_one", "One"), ("a.d_other", "{{count}}")]);
    let sections: BTreeSet<String> = ["a".into(), "error".into()].into();
    let source =
        "t('a.x'); t(`error.${why.code ?? 'a'}`) // 'a.n'\nword(&format!(\"a.{key}\")) && 'b.c' + \"a.d\"";
    let named = named(&invented("a.ts", source), &sections);
    let expected = ["a.*", "a.d", "a.n", "a.x", "error.*"];
    assert_eq!(named.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    let generated = "export type ErrorCode = \"gone\" | \"internal\";\n";
    // a.x and a.n have no words, a.* is not known, and neither error has words.
    assert_eq!(missing(&english, &named, generated).len(), 5);
    assert!(matches("a.*.c", "a.b.c") && !matches("a.*", "a.b.c"));
}
