//! Filling in: alternatives, slots, German articles.

use std::collections::BTreeMap;

use rand::Rng;

use super::Person;
use super::cast::plain;
use super::script::{Pools, Script, Turn};
use crate::world::Chance;

/// What one dialogue is about, and with whom.
pub(crate) struct Filling<'a> {
    pub pools: &'a Pools,
    /// `outdoor` or `cafe`.
    pub goods: &'static str,
    pub person: &'a Person,
    /// About when the talk happens, ms since 1970: dates in it lie around that.
    pub at_ms: i64,
    /// How often this dialogue was played before: alternatives take turns.
    pub used: usize,
}

/// Slots that make a sentence, which goes on in small letters after a comma.
const THANKS: [&str; 2] = ["danke", "thanks"];

/// Slots that are drawn anew each time.
const FRESH: [&str; 5] = ["n", "danke", "thanks", "hallo", "hello"];

impl Filling<'_> {
    pub fn fill(&self, script: &Script, chance: &mut Chance) -> Vec<Turn> {
        let goods = self.pools.list(self.person.language, self.goods);
        let fits = |line: &&String| {
            let kind = line.split('|').next().unwrap_or_default();
            script.kinds.is_empty() || script.kinds.iter().any(|wanted| wanted == kind)
        };
        let fitting: Vec<&String> = goods.iter().filter(fits).collect();
        let product = (*chance.pick(&fitting)).clone();
        // The other product is of the same kinds where there is a choice.
        let choice: Vec<&String> = if fitting.len() > 1 { fitting } else { goods.iter().collect() };
        let choice: Vec<&String> = choice.into_iter().filter(|line| **line != product).collect();
        let other = (*chance.pick(&choice)).clone();
        let mut slots = BTreeMap::from([
            ("first".to_owned(), self.person.first.clone()),
            ("last".to_owned(), self.person.last.clone()),
            ("plain_first".to_owned(), plain(&self.person.first)),
            ("plain_last".to_owned(), plain(&self.person.last)),
            ("handle".to_owned(), plain(&self.person.first)),
        ]);
        name_goods(&mut slots, "p", &product);
        name_goods(&mut slots, "q", &other);
        let mut turns = script.turns.clone();
        let mut choice = self.used;
        for text in turns.iter_mut().flat_map(|turn| turn.what.texts()) {
            let chosen = choose(text, &mut choice);
            *text = self.replace(&chosen, &mut slots, chance);
        }
        turns
    }

    fn replace(&self, text: &str, slots: &mut BTreeMap<String, String>, chance: &mut Chance) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((name, after)) = after.split_once('}') else { break };
            let word = match slots.get(name) {
                Some(word) => word.clone(),
                None => self.word(name, chance),
            };
            if !FRESH.contains(&name) {
                slots.insert(name.to_owned(), word.clone());
            }
            if THANKS.contains(&name) && out.ends_with(", ") {
                out.push_str(&small(&word));
            } else if [". ", "? ", "! "].iter().any(|end| out.ends_with(end)) {
                out.push_str(&capital(&word));
            } else {
                out.push_str(&word);
            }
            rest = after;
        }
        out.push_str(rest);
        capital(&out)
    }

    /// A day so many days after the talk, as people write it.
    fn date(&self, after_days: i64) -> String {
        const GERMAN: [&str; 12] = [
            "Januar",
            "Februar",
            "März",
            "April",
            "Mai",
            "Juni",
            "Juli",
            "August",
            "September",
            "Oktober",
            "November",
            "Dezember",
        ];
        let day = crate::wire::utc(self.at_ms + after_days * 86_400_000);
        if self.person.language == "de" {
            let month = GERMAN[usize::try_from(day.month() - 1).unwrap_or(0)];
            format!("{}. {month}", day.day())
        } else {
            day.strftime("%-d %B").to_string()
        }
    }

    fn word(&self, name: &str, chance: &mut Chance) -> String {
        match name {
            "n" => chance.digits(2),
            "order" => format!("A{}", chance.digits(6)),
            "plz" => chance.digits(5),
            "datum" | "date" => self.date(chance.rng.random_range(5..30)),
            "neulich" | "past" => self.date(-chance.rng.random_range(4..13)),
            _ => {
                let list = self.pools.list(self.person.language, name);
                if list.is_empty() { name.to_owned() } else { chance.pick(list).clone() }
            }
        }
    }
}

/// Picks one of `[a|b|c]`, each time the next; `[=a|b|c]` goes with the choice before it.
fn choose(text: &str, choice: &mut usize) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        out.push_str(before);
        let Some((options, after)) = after.split_once(']') else { break };
        let together = options.strip_prefix('=');
        let options: Vec<&str> = together.unwrap_or(options).split('|').collect();
        if together.is_none() {
            *choice += 1;
        }
        out.push_str(options[*choice % options.len()]);
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The product under all its articles: `der_p`, `den_p`, `dem_p`, `ein_p`, `einen_p`, `er_p`, `ihn_p`, `der_P`.
fn name_goods(slots: &mut BTreeMap<String, String>, key: &str, line: &str) {
    let mut parts = line.splitn(3, '|').skip(1);
    let (gender, name) = (parts.next().unwrap_or("n"), parts.next().unwrap_or_default());
    let [der, den, dem, ein, einen, er, ihn] = match gender {
        "m" => ["der", "den", "dem", "ein", "einen", "er", "ihn"],
        "f" => ["die", "die", "der", "eine", "eine", "sie", "sie"],
        _ => ["das", "das", "dem", "ein", "ein", "es", "es"],
    };
    slots.insert(key.to_owned(), name.to_owned());
    for (slot, article) in [("der", der), ("den", den), ("dem", dem), ("ein", ein), ("einen", einen)] {
        slots.insert(format!("{slot}_{key}"), format!("{article} {name}"));
    }
    slots.insert(format!("er_{key}"), er.to_owned());
    slots.insert(format!("ihn_{key}"), ihn.to_owned());
    slots.insert(format!("der_{}", key.to_uppercase()), capital(&format!("{der} {name}")));
}

fn small(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// Slots can begin a sentence with a small letter; people mostly write a capital there.
fn capital(text: &str) -> String {
    let starts_with_article = ["der ", "die ", "das "].iter().any(|article| text.starts_with(article));
    let mut letters = text.chars();
    match letters.next() {
        Some(first) if starts_with_article => first.to_uppercase().chain(letters).collect(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::script::scripts;
    use super::*;

    /// Every line of every dialogue that names a slot, filled in as often as it takes to draw all its words.
    fn filled(pools: &Pools, slot: &str, person: &Person) -> Vec<String> {
        let files = [
            ("de", "outdoor", include_str!("words/de_outdoor.txt")),
            ("de", "cafe", include_str!("words/de_cafe.txt")),
            ("en", "outdoor", include_str!("words/en_outdoor.txt")),
            ("en", "cafe", include_str!("words/en_cafe.txt")),
        ];
        let mut lines = Vec::new();
        for (_, goods, words) in files.into_iter().filter(|(language, ..)| *language == person.language) {
            for mut script in scripts(words) {
                script.turns.retain_mut(|turn| turn.what.texts().iter().any(|text| text.contains(slot)));
                for used in 0..60 {
                    let filling = Filling { pools, goods, person, at_ms: 0, used };
                    let mut turns = filling.fill(&script, &mut Chance::of(used as u64));
                    lines
                        .extend(turns.iter_mut().flat_map(|turn| turn.what.texts()).map(|text| text.clone()));
                }
            }
        }
        lines
    }

    fn person(language: &'static str, first: &str, last: &str) -> Person {
        Person { language, first: first.to_owned(), last: last.to_owned() }
    }

    #[test]
    fn addresses_hold_plain_letters_whatever_the_name() {
        let pools = Pools::read(include_str!("words/pools.txt"));
        for name in pools.list("all", "first").iter().chain(pools.list("all", "last")) {
            let letters = name.chars().filter(|letter| letter.is_alphabetic()).count();
            assert!(plain(name).len() >= letters, "a letter of {name} is left out: {}", plain(name));
        }
        for (language, last) in [("de", "de Vries"), ("en", "O'Brien"), ("de", "Yılmaz"), ("en", "Dvořák")]
        {
            for text in filled(&pools, "_last}", &person(language, "Tomás", last)) {
                let address = text.split_whitespace().find(|word| word.contains('@'));
                let rest = address.unwrap_or_else(|| panic!("no address in {text}"));
                assert!(rest.is_ascii() && !rest.contains('\'') && !rest.starts_with('@'), "{text}");
                assert!(rest.contains(&plain(last)), "{text}");
            }
        }
    }

    #[test]
    fn every_region_stands_with_the_words_that_it_takes() {
        let pools = Pools::read(include_str!("words/pools.txt"));
        for (language, slot, forms) in [
            ("de", "im_gebiet", &["in den Dolomiten", "am Wilden Kaiser", "im Karwendel"]),
            ("en", "region", &["the Dolomites", "the Kaiser Mountains", "the Karwendel"]),
        ] {
            let texts = filled(&pools, &format!("{{{slot}}}"), &person(language, "Lena", "Huber"));
            for form in forms {
                assert!(texts.iter().any(|text| text.contains(form)), "{form}");
            }
            let doubled = texts.iter().find(|text| text.contains("im im ") || text.contains("the the "));
            assert_eq!(doubled, None);
        }
    }
}
