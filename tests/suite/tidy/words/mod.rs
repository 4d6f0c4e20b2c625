//! The language files: the same keys in both languages, filled in the same way.

mod keys;
mod login;

use super::assert_none;
use super::source::file;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const ENGLISH: &str = "ui/src/i18n/en.json";
const GERMAN: &str = "ui/src/i18n/de.json";
const ADD: &str = "Add the words to ui/src/i18n/en.json and de.json.";

type Words = BTreeMap<String, String>;

fn words(path: &str) -> Words {
    let mut words = Words::new();
    let tree: Value =
        serde_json::from_str(&file(path).text).unwrap_or_else(|error| panic!("{path}: {error}"));
    flatten("", &tree, &mut words);
    words
}

fn flatten(key: &str, tree: &Value, words: &mut Words) {
    match tree {
        Value::Object(branches) => {
            for (name, branch) in branches {
                flatten(&if key.is_empty() { name.clone() } else { format!("{key}.{name}") }, branch, words);
            }
        }
        Value::String(text) => drop(words.insert(key.to_owned(), text.clone())),
        other => panic!("{key} is neither words nor a group of words: {other}"),
    }
}

/// The key that code names: without the form for one or many.
fn singular(key: &str) -> &str {
    key.strip_suffix("_one").or_else(|| key.strip_suffix("_other")).unwrap_or(key)
}

fn has(words: &Words, key: &str) -> bool {
    words.contains_key(key) || words.contains_key(&format!("{key}_other"))
}

/// `{{name}}` in order.
fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split("{{").skip(1).filter_map(|rest| rest.split("}}").next()).map(str::trim).collect()
}

fn differences(english: &Words, german: &Words) -> Vec<String> {
    let mut problems = Vec::new();
    for (key, text) in english {
        let Some(other) = german.get(key) else {
            problems.push(format!("{GERMAN} lacks {key}"));
            continue;
        };
        // "One message" needs no number.
        if !key.ends_with("_one") && placeholders(text) != placeholders(other) {
            problems.push(format!("{key} is filled in differently in German and English"));
        }
    }
    problems.extend(
        german.keys().filter(|key| !english.contains_key(*key)).map(|key| format!("{ENGLISH} lacks {key}")),
    );
    for (key, text) in english.iter().chain(german) {
        if text.trim().is_empty() || text.contains('!') || text.contains("  ") {
            problems.push(format!("{key} is empty, shouts or has two spaces: “{text}”"));
        }
        let pair = if key.ends_with("_one") { "_other" } else { "_one" };
        let counts = key.ends_with("_one") || key.ends_with("_other");
        if counts && !english.contains_key(&format!("{}{pair}", singular(key))) {
            problems.push(format!("{key} lacks its {pair}"));
        }
    }
    problems
}

/// Words that German says to friends.
const FAMILIAR: [&str; 8] = ["du", "dich", "dir", "dein", "deine", "deinen", "deinem", "deiner"];

fn familiar(german: &Words) -> Vec<String> {
    let is_familiar = |text: &str| {
        let mut words = text.split(|character: char| !character.is_alphabetic());
        words.any(|word| FAMILIAR.contains(&word.to_lowercase().as_str()))
    };
    german
        .iter()
        .filter(|(_, text)| is_familiar(text))
        .map(|(key, text)| format!("{key}: “{text}”"))
        .collect()
}

#[test]
fn german_says_sie() {
    assert_none(familiar(&words(GERMAN)), "Say Sie, or leave the person out of the sentence.");
    let informal = invented_words(&[("a.b", "Gib dein Passwort ein"), ("a.c", "Der Dudelsack")]);
    assert_eq!(familiar(&informal).len(), 1);
}

#[test]
fn both_languages_say_the_same() {
    assert_none(differences(&words(ENGLISH), &words(GERMAN)), "Mend the language files in ui/src/i18n.");
}

/// Words made up for a test.
fn invented_words(pairs: &[(&str, &str)]) -> Words {
    pairs.iter().map(|(key, text)| ((*key).into(), (*text).into())).collect()
}

#[test]
fn words_that_are_missing_or_filled_in_differently_are_found() {
    let english = invented_words(&[
        ("a.b", "{{count}} of {{all}}"),
        ("a.c", "Yes"),
        ("a.d_one", "One"),
        ("a.d_other", "{{count}}"),
    ]);
    let german = invented_words(&[
        ("a.b", "{{count}}"),
        ("a.d_one", "Eine"),
        ("a.d_other", "{{count}}"),
        ("a.e", "Los!"),
    ]);
    assert_eq!(differences(&english, &german).len(), 4, "{:?}", differences(&english, &german));
    let half = invented_words(&[("a.d_one", "One")]);
    assert_eq!(differences(&half, &half).len(), 2);
}
