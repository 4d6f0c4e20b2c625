//! Words that a person reads live in the language files only.

use super::source::{File, files};
use super::{assert_none, invented};

/// Attributes that are read, or read aloud.
const READ: [&str; 8] =
    ["title", "aria-label", "aria-description", "aria-placeholder", "placeholder", "alt", "label", "text"];

/// What is the same in every language: names, marks, forms.
const SAME_EVERYWHERE: [&str; 1] = ["Kontor"];

fn problems(file: &File) -> Vec<String> {
    let markup = without_expressions(&without_blocks(&file.text));
    let mut problems = Vec::new();
    let mut number = 1;
    for piece in markup.split_inclusive('>') {
        let (between, tag) = piece.split_once('<').unwrap_or((piece, ""));
        number += between.matches('\n').count();
        if is_words(between) {
            problems.push(format!("{}: “{}”", file.at(number), between.trim()));
        }
        for name in READ {
            for (start, found) in tag.match_indices(&format!(" {name}=\"")) {
                let value = tag[start + found.len()..].split('"').next().unwrap_or_default();
                if is_words(value) {
                    problems.push(format!("{}: {name}=“{value}”", file.at(number)));
                }
            }
        }
        number += tag.matches('\n').count();
    }
    problems
}

fn is_words(text: &str) -> bool {
    let text = text.trim();
    !SAME_EVERYWHERE.contains(&text)
        && text.split_whitespace().any(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 1)
}

/// Script, style and comments become empty lines.
fn without_blocks(text: &str) -> String {
    let mut text = text.to_owned();
    for (opens, closes) in [("<script", "</script>"), ("<style", "</style>"), ("<!--", "-->")] {
        while let Some(start) = text.find(opens) {
            let end = text[start..].find(closes).map_or(text.len(), |end| start + end + closes.len());
            let lines = "\n".repeat(text[start..end].matches('\n').count());
            text.replace_range(start..end, &lines);
        }
    }
    text
}

/// `{…}`, however deep, becomes its lines' ends only.
fn without_expressions(text: &str) -> String {
    let mut depth = 0_usize;
    text.chars()
        .filter(|character| {
            depth += usize::from(*character == '{');
            let is_outside = depth == 0;
            depth -= usize::from(*character == '}' && depth > 0);
            is_outside || *character == '\n'
        })
        .collect()
}

/// Sentences in code: `'Two words'` with a capital, outside of errors for developers.
fn sentences(file: &File) -> Vec<String> {
    let mut problems = Vec::new();
    for (number, line) in file.code().filter(|(_, line)| !line.contains("Error(")) {
        for quote in ['\'', '"', '`'] {
            let texts = line.split(quote).skip(1).step_by(2);
            for text in texts.filter(|text| is_sentence(text)) {
                problems.push(format!("{}: “{text}”", file.at(number)));
            }
        }
    }
    problems
}

fn is_sentence(text: &str) -> bool {
    let mut words = text.split(' ');
    let is_lower = |word: &str| word.len() > 1 && word.chars().all(|c| c.is_lowercase());
    words.next().is_some_and(|first| first.chars().next().is_some_and(char::is_uppercase) && first.len() > 1)
        && words.next().is_some_and(|second| is_lower(second.trim_end_matches(['.', ',', '!', '?'])))
        && text.chars().all(|c| c.is_alphanumeric() || " .,!?’'-".contains(c))
}

#[test]
fn no_words_stand_in_a_component() {
    let cure = "Move the words into ui/src/i18n/en.json and de.json and say `t('area.name')`.";
    let components = files("ui/src", &[".svelte"]);
    assert_none(components.iter().flat_map(problems).collect(), cure);
    let mut code = files("ui/src", &[".svelte", ".ts"]);
    code.retain(|file| !file.is_test());
    assert_none(code.iter().flat_map(sentences).collect(), cure);
}

#[test]
fn words_in_markup_attributes_and_code_are_found() {
    let source = "<script>\n  const a = 'Send it'\n  throw new Error('Not a key')\n</script>\n<!-- Some words -->\n\
        <p class=\"two words\" title={t('a')}>{b ? c : '>'} · <b>Send</b></p>\n<img alt=\"A picture\" /> Kontor";
    let file = invented("a.svelte", source);
    assert_eq!(problems(&file), ["a.svelte:6: “Send”", "a.svelte:7: alt=“A picture”"]);
    assert_eq!(sentences(&file), ["a.svelte:2: “Send it”"]);
}
