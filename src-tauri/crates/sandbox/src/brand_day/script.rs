//! Dialogues and word pools: read from text files beside this one.
//!
//! A dialogue file: `# name : kinds of goods it is about`, then one turn a line. The first word says who does what:
//! `C` customer, `B` brand, `+` in the same breath; `CI motif text` picture, `CP file text` PDF, `CS motif` sticker,
//! `CT motif text` answer to the brand's story, `CV` voice message, `CR`/`BR` reaction, `CE` edits the last message,
//! `CD` is unsent again, `CQ`/`BQ` quotes the other side. `[a|b]` are alternatives, `{slot}` is filled in.

use std::collections::BTreeMap;

use crate::media::Motif;

/// What one turn does, with open slots or filled.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum What {
    Text(String),
    Image(Motif, String),
    Pdf(String, String),
    Sticker(Motif),
    Story(Motif, String),
    Voice,
    Reaction(String),
    Edit(String),
    Unsent(String),
    Quote(String),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Turn {
    pub is_ours: bool,
    /// Right after the turn before.
    pub is_burst: bool,
    pub what: What,
}

pub(crate) struct Script {
    /// From nobody who would come again: spam.
    pub is_spam: bool,
    /// Kinds of goods it can be about; empty for any.
    pub kinds: Vec<String>,
    pub turns: Vec<Turn>,
}

pub(crate) fn scripts(text: &str) -> Vec<Script> {
    let mut scripts: Vec<Script> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(head) = line.strip_prefix('#') {
            let kinds = head.split_once(':').map_or("", |(_, kinds)| kinds);
            let kinds =
                kinds.split(',').map(|kind| kind.trim().to_owned()).filter(|kind| !kind.is_empty()).collect();
            let is_spam = head.trim().starts_with("spam");
            scripts.push(Script { is_spam, kinds, turns: Vec::new() });
        } else if let (Some(script), Some(turn)) = (scripts.last_mut(), turn(line)) {
            script.turns.push(turn);
        }
    }
    scripts
}

fn turn(line: &str) -> Option<Turn> {
    let (code, text) = line.split_once(' ').unwrap_or((line, ""));
    let is_ours = code.starts_with('B');
    let is_burst = code.ends_with('+');
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    let motif = || motif(first);
    let rest = rest.trim_start_matches('-').trim().to_owned();
    let what = match code.trim_end_matches('+').get(1..)? {
        "" => What::Text(text.to_owned()),
        "I" => What::Image(motif()?, rest),
        "P" => What::Pdf(first.to_owned(), rest),
        "S" => What::Sticker(motif()?),
        "T" => What::Story(motif()?, rest),
        "V" => What::Voice,
        "R" => What::Reaction(text.to_owned()),
        "E" => What::Edit(text.to_owned()),
        "D" => What::Unsent(text.to_owned()),
        "Q" => What::Quote(text.to_owned()),
        _ => return None,
    };
    Some(Turn { is_ours, is_burst, what })
}

fn motif(name: &str) -> Option<Motif> {
    Some(match name {
        "backpack" => Motif::Backpack,
        "boot" => Motif::Boot,
        "jacket" => Motif::Jacket,
        "tent" => Motif::Tent,
        "bottle" => Motif::Bottle,
        "parcel" => Motif::Parcel,
        "receipt" => Motif::Receipt,
        "mountains" => Motif::Mountains,
        "mug" => Motif::Mug,
        "cake" => Motif::Cake,
        "roll" => Motif::Roll,
        "thumb" => Motif::Thumb,
        "heart" => Motif::Heart,
        _ => return None,
    })
}

/// Lists of words by language (`de`, `en`, `all`) and name.
pub(crate) struct Pools {
    lists: BTreeMap<(String, String), Vec<String>>,
}

impl Pools {
    pub fn read(text: &str) -> Pools {
        let mut lists: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
        let mut key = (String::new(), String::new());
        for line in text.lines().filter(|line| !line.is_empty()) {
            if let Some((language, name)) = line.strip_prefix('@').and_then(|head| head.split_once(' ')) {
                key = (language.to_owned(), name.to_owned());
            } else {
                lists.entry(key.clone()).or_default().push(line.to_owned());
            }
        }
        Pools { lists }
    }

    /// The list of this name in a language, or for all of them; empty when there is none.
    pub fn list(&self, language: &str, name: &str) -> &[String] {
        let own = self.lists.get(&(language.to_owned(), name.to_owned()));
        own.or_else(|| self.lists.get(&("all".to_owned(), name.to_owned()))).map_or(&[], Vec::as_slice)
    }
}

impl What {
    /// The text in it, for filling.
    pub fn texts(&mut self) -> Vec<&mut String> {
        match self {
            What::Text(text)
            | What::Edit(text)
            | What::Unsent(text)
            | What::Quote(text)
            | What::Reaction(text) => {
                vec![text]
            }
            What::Image(_, text) | What::Story(_, text) => vec![text],
            What::Pdf(name, text) => vec![name, text],
            What::Sticker(_) | What::Voice => Vec::new(),
        }
    }
}
