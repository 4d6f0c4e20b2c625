//! The first-run demo: a believable day of two invented brands, Alpenblick Outdoor and Café Morgenrot, each with a
//! Facebook Page and a Matrix account into which other networks are bridged.

mod act;
mod cast;
mod fill;
mod hand;
mod history;
mod live;
mod practice;
mod reply;
mod script;

use std::collections::VecDeque;

use script::{Pools, Script, Turn};

use crate::world::{Chance, World};

pub(crate) use hand::{is_seen, lead};
pub(crate) use live::live;
pub(crate) use reply::notice;

/// The demo's memory: who talks with whom about what, and what comes next.
pub(crate) struct Day {
    chance: Chance,
    words: Words,
    brands: Vec<cast::Brand>,
    conversations: Vec<Conversation>,
    /// First and last names not given away yet.
    names: Vec<(String, String)>,
    /// What customers are about to do: when in ms, in which conversation.
    due: Vec<(i64, usize, Due)>,
    is_live: bool,
    /// A Page and a Matrix user that are not connected yet.
    spare: Option<(String, String)>,
}

impl Day {
    fn sign_in_name(&self, brand: usize) -> String {
        self.brands[brand].name.to_owned()
    }
}

/// Dialogues of one kind of goods in one language, and how often each was played.
struct Deck {
    language: &'static str,
    goods: &'static str,
    scripts: Vec<Script>,
    used: Vec<usize>,
    /// Left to draw before any comes again.
    left: Vec<usize>,
}

struct Words {
    pools: Pools,
    decks: Vec<Deck>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Messenger { page: String, customer: String },
    Matrix { host: String, room: String, customer: String, brand: String },
}

impl Place {
    fn customer(&self) -> &str {
        let (Self::Messenger { customer, .. } | Self::Matrix { customer, .. }) = self;
        customer
    }
}

/// A customer as the texts need them.
#[derive(Clone)]
struct Person {
    /// `de` or `en`.
    language: &'static str,
    first: String,
    last: String,
}

/// One dialogue, ready to be played.
struct Talk {
    is_spam: bool,
    turns: Vec<Turn>,
}

struct Conversation {
    place: Place,
    brand: usize,
    person: Person,
    /// Newest message of the customer, and of the brand: what reactions, edits and quotes point at.
    theirs: Option<String>,
    ours: Option<String>,
    /// What is left of the dialogue.
    rest: VecDeque<Turn>,
    /// How often the customer has answered since the day began.
    answers: u32,
    is_encrypted: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Due {
    Typing,
    Answer,
}

/// Fills an empty world.
pub(crate) fn people(world: &World, seed: u64) {
    let mut day = Day {
        chance: Chance::of(seed ^ 0x0B1A_4D0D),
        words: Words::read(),
        brands: Vec::new(),
        conversations: Vec::new(),
        names: Vec::new(),
        due: Vec::new(),
        is_live: false,
        spare: None,
    };
    cast::names(&mut day);
    cast::brands(world, &mut day);
    history::play(world, &mut day);
    practice::talks(world, &mut day, world.now_ms());
    *world.day() = Some(day);
}

impl Words {
    fn read() -> Words {
        let pools = Pools::read(include_str!("words/pools.txt"));
        let decks = [
            ("de", "outdoor", include_str!("words/de_outdoor.txt")),
            ("en", "outdoor", include_str!("words/en_outdoor.txt")),
            ("de", "cafe", include_str!("words/de_cafe.txt")),
            ("en", "cafe", include_str!("words/en_cafe.txt")),
        ];
        let decks = decks.map(|(language, goods, text)| {
            let scripts = script::scripts(text);
            Deck { language, goods, used: vec![0; scripts.len()], left: Vec::new(), scripts }
        });
        Words { pools, decks: decks.into() }
    }

    /// The next dialogue of a shuffled deck, filled in for this person; spam only from people without another talk.
    fn deal(
        &mut self,
        person: &Person,
        goods: &str,
        at_ms: i64,
        may_be_spam: bool,
        chance: &mut Chance,
    ) -> Talk {
        let language = person.language;
        let deck = self.decks.iter_mut().find(|deck| deck.language == language && deck.goods == goods);
        let Some(deck) = deck else { return Talk { is_spam: false, turns: Vec::new() } };
        if deck.left.is_empty() {
            deck.left = (0..deck.scripts.len()).collect();
            chance.shuffle(&mut deck.left);
        }
        let fits = |place: &usize| may_be_spam || !deck.scripts[*place].is_spam;
        let place = match deck.left.iter().rposition(fits) {
            Some(at) => deck.left.remove(at),
            None => 0,
        };
        let used = deck.used[place];
        deck.used[place] += 1;
        let filling = fill::Filling { pools: &self.pools, goods: deck.goods, person, at_ms, used };
        Talk { is_spam: deck.scripts[place].is_spam, turns: filling.fill(&deck.scripts[place], chance) }
    }

    /// One line of a pool (`danke`, `antwort` …) under its name in the language.
    fn line(&self, language: &str, german: &str, english: &str, chance: &mut Chance) -> String {
        let name = if language == "de" { german } else { english };
        chance.pick(self.pools.list(language, name)).clone()
    }
}
