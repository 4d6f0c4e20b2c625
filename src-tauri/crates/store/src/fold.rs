//! Folding text for search: what is looked for and what is found go through the same fold, so that case, accents and the
//! ways to write an umlaut do not matter.

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

/// Raised whenever [`fold`] gives another result for some text: then the indexes are built anew.
pub(crate) const FOLD_VERSION: &str = "1";

/// One character of folded text, and the bytes of the original it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Folded {
    pub(crate) c: char,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Text as search sees it: words of lower-case letters and digits between single spaces. Compatibility forms are resolved,
/// accents stripped, ß is `ss`; ä and ae are `a`, ö and oe `o`, ü and ue `u`; an emoji and a character of a script
/// without spaces are a word of their own.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for part in fold_with_places(text) {
        if part.c != ' ' || !(folded.is_empty() || folded.ends_with(' ')) {
            folded.push(part.c);
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// Like [`fold`], with places and without joining spaces.
pub(crate) fn fold_with_places(text: &str) -> Vec<Folded> {
    let mut folding = Folding { parts: Vec::with_capacity(text.len()), swallows_e: false, ends_word: false };
    for (start, c) in text.char_indices() {
        let end = start + c.len_utf8();
        if is_ignored(c) {
            folding.extend_last(end);
            continue;
        }
        decompose_compatible(c, |part| {
            if is_combining_mark(part) {
                folding.extend_last(end);
            } else {
                part.to_lowercase().for_each(|lower| folding.take(lower, start, end));
            }
        });
    }
    folding.parts
}

struct Folding {
    parts: Vec<Folded>,
    /// The last letter was a, o or u, written in whatever way: an e after it only says that it is an umlaut.
    swallows_e: bool,
    /// The last character is a word by itself.
    ends_word: bool,
}

impl Folding {
    fn take(&mut self, c: char, start: usize, end: usize) {
        let letters = match c {
            'ß' => "ss",
            'æ' => "a",
            'ø' | 'œ' => "o",
            'ł' => "l",
            'đ' | 'ð' => "d",
            'ħ' => "h",
            'þ' => "th",
            'ı' => "i",
            'ς' => "σ",
            'e' if self.swallows_e => {
                self.swallows_e = false;
                return self.extend_last(end);
            }
            _ if is_combining_mark(c) => return self.extend_last(end),
            _ if is_word_by_itself(c) => {
                self.push(' ', start, end);
                self.push(c, start, end);
                self.ends_word = true;
                return;
            }
            _ => return self.push(if c.is_alphanumeric() { c } else { ' ' }, start, end),
        };
        letters.chars().for_each(|c| self.push(c, start, end));
    }

    fn push(&mut self, c: char, start: usize, end: usize) {
        if std::mem::take(&mut self.ends_word) {
            self.parts.push(Folded { c: ' ', start, end });
        }
        self.swallows_e = matches!(c, 'a' | 'o' | 'u');
        self.parts.push(Folded { c, start, end });
    }

    /// What disappears still belongs to the letter before it.
    fn extend_last(&mut self, end: usize) {
        if let Some(last) = self.parts.last_mut().filter(|last| last.c != ' ') {
            last.end = end;
        }
    }
}

/// Invisible, or no more than a shade: soft hyphen, zero-width spaces and joiners, byte order mark, skin tones.
fn is_ignored(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{1F3FB}'..='\u{1F3FF}')
}

/// Emoji, and scripts that put no spaces between words.
fn is_word_by_itself(c: char) -> bool {
    matches!(c,
        '\u{2600}'..='\u{27BF}' | '\u{2B00}'..='\u{2BFF}' | '\u{1F000}'..='\u{1F3FA}' | '\u{1F400}'..='\u{1FAFF}'
        | '\u{0E00}'..='\u{0E7F}' | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{20000}'..='\u{323AF}')
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn every_way_to_write_a_word_folds_to_the_same() {
        let table = [
            (&["Müller", "Mueller", "muller", "MÜLLER", "Mu\u{308}ller"][..], "muller"),
            (&["Straße", "strasse", "STRASSE", "STRAẞE"], "strasse"),
            (&["Öl", "Oel", "ol", "Øl"], "ol"),
            (&["Käse", "Kaese", "kase"], "kase"),
            (&["İstanbul", "istanbul", "ISTANBUL", "ıstanbul"], "istanbul"),
            (&["café", "cafe\u{301}", "CAFÉ"], "cafe"),
            (&["ﬁnd", "find", "ｆｉｎｄ"], "find"),
            (&["Łódź", "lodz"], "lodz"),
            (&["ΣΊΣΥΦΟΣ", "Σίσυφος"], "σισυφοσ"),
            (&["Grüezi", "Gruezi"], "gruzi"),
            (&["neue", "neu"], "neu"),
            (&["wort\u{AD}trennung", "Worttrennung"], "worttrennung"),
            (&["super👍🏽", "super 👍"], "super 👍"),
            (&["👨‍👩‍👧", "👨👩👧"], "👨 👩 👧"),
            (&["\"a-b\"  (c)", "a b c"], "a b c"),
            (&["你好", "你 好"], "你 好"),
            (&["", "  \n", "\"*()"], ""),
        ];
        for (ways, folded) in table {
            for way in ways {
                assert_eq!(fold(way), folded, "{way:?}");
            }
        }
    }

    #[test]
    fn what_a_person_has_typed_so_far_folds_to_the_beginning_of_the_word() {
        for word in ["Mueller", "Straße", "neue", "Grüezi", "Bauer", "aee", "İstanbul"] {
            let folded = fold(word);
            for (end, _) in word.char_indices() {
                assert!(folded.starts_with(&fold(&word[..end])), "{word:?} up to byte {end}");
            }
        }
    }
}
