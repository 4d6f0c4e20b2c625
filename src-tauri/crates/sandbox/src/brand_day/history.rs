//! Three months of conversations, the last hours dense, everything in the order in which it happened.

use std::collections::VecDeque;

use rand::Rng;

use super::act::{mark_read, perform};
use super::cast::{Way, customer};
use super::script::{Turn, What};
use super::{Day, Person, Place, Talk};
use crate::world::{Chance, World};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// How a conversation stands when the demo begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// The customer waits, nobody has looked.
    Unread,
    /// The customer waits, somebody has looked.
    Waiting,
    /// The brand answered, or the customer said goodbye.
    Settled,
}

struct Step {
    at_ms: i64,
    conversation: usize,
    turn: Turn,
}

pub(super) fn play(world: &World, day: &mut Day) {
    let now_ms = world.now_ms();
    let mut ways: Vec<(usize, Way)> = Vec::new();
    for (place, brand) in day.brands.iter().enumerate() {
        ways.extend(std::iter::repeat_n((place, Way::Messenger), brand.messenger));
        ways.extend(std::iter::repeat_n((place, Way::Native), brand.native));
        for (bridge, count) in &brand.bridged {
            ways.extend(std::iter::repeat_n((place, Way::Bridged(*bridge)), *count));
        }
    }
    day.chance.shuffle(&mut ways);
    for closing in CLOSING {
        if let Some(other) = (WAITING..ways.len()).find(|at| matches!(ways[*at].1, Way::Messenger)) {
            ways.swap(closing, other);
        }
    }
    let total = ways.len();
    let mut steps = Vec::new();
    let mut standings = Vec::new();
    for (place, (brand, way)) in ways.into_iter().enumerate() {
        let (standing, ends_ms) = ending(place, total, now_ms, &mut day.chance);
        let conversation = plan(world, day, brand, way, standing, ends_ms, &mut steps);
        standings.push((conversation, standing));
    }
    steps.sort_by_key(|step| (step.at_ms, step.conversation));
    for step in &steps {
        let Day { conversations, chance, .. } = day;
        perform(world, &mut conversations[step.conversation], &step.turn, step.at_ms, chance);
    }
    for (conversation, standing) in standings {
        if standing != Standing::Unread {
            mark_read(world, &day.conversations[conversation].place, now_ms);
        }
    }
    extras(world, day, now_ms);
}

/// Conversations in which somebody waits, at the head of the row.
const WAITING: usize = 19;
/// The places of those whose 24-hour window is about to close: they must be on Messenger.
const CLOSING: std::ops::Range<usize> = 17..19;

/// How the conversation at this place of the shuffled row stands, and when its last message was written: a morning's work
/// waits, almost all of it from the last hours, and three answers are due.
fn ending(place: usize, total: usize, now_ms: i64, chance: &mut Chance) -> (Standing, i64) {
    let share = place * 1000 / total;
    let mut ago = |from_ms: i64, to_ms: i64| now_ms - chance.rng.random_range(from_ms..to_ms);
    match place {
        0..12 => return (Standing::Unread, ago(2 * MINUTE_MS, 100 * MINUTE_MS)),
        12..16 => return (Standing::Waiting, ago(20 * MINUTE_MS, 3 * HOUR_MS)),
        // Longer than anybody should wait.
        16 => return (Standing::Unread, ago(5 * HOUR_MS, 8 * HOUR_MS)),
        // About to run out of the 24-hour window.
        17..WAITING => {
            return (Standing::Unread, ago(22 * HOUR_MS + 5 * MINUTE_MS, 23 * HOUR_MS + 50 * MINUTE_MS));
        }
        _ => {}
    }
    match share {
        0..230 => (Standing::Settled, ago(20 * MINUTE_MS, 14 * HOUR_MS)),
        // Not in between: few write at night, and what was answered need not look urgent.
        230..380 => (Standing::Settled, ago(25 * HOUR_MS, 60 * HOUR_MS)),
        380..620 => (Standing::Settled, at_day(ago(2 * DAY_MS, 8 * DAY_MS), chance)),
        _ => (Standing::Settled, at_day(ago(8 * DAY_MS, 90 * DAY_MS), chance)),
    }
}

/// The same day at an hour when people write: 8 to 21 o'clock in central Europe.
fn at_day(at_ms: i64, chance: &mut Chance) -> i64 {
    (at_ms + HOUR_MS).div_euclid(DAY_MS) * DAY_MS - HOUR_MS
        + chance.rng.random_range(8 * HOUR_MS..21 * HOUR_MS)
}

fn plan(
    world: &World,
    day: &mut Day,
    brand: usize,
    way: Way,
    standing: Standing,
    ends_ms: i64,
    steps: &mut Vec<Step>,
) -> usize {
    let goods = day.brands[brand].goods;
    let place = customer(world, day, brand, way, ends_ms - 100 * DAY_MS);
    let person = day.conversations[place].person.clone();
    let is_settled = standing == Standing::Settled;
    let Talk { is_spam, mut turns } = day.words.deal(&person, goods, ends_ms, !is_settled, &mut day.chance);
    if is_settled {
        settle(day, &person, &mut turns);
    } else {
        let rest = cut(&mut turns, &mut day.chance);
        day.conversations[place].rest = rest;
    }
    // Some have been here before.
    let visits = if is_spam { 0 } else { [0, 0, 0, 0, 0, 0, 1, 1, 1, 2][day.chance.rng.random_range(0..10)] };
    let mut start_ms = schedule(place, turns, ends_ms, &mut day.chance, steps);
    for _ in 0..visits {
        let ended_ms = start_ms - day.chance.rng.random_range(2 * DAY_MS..30 * DAY_MS);
        let mut turns = day.words.deal(&person, goods, ended_ms, false, &mut day.chance).turns;
        settle(day, &person, &mut turns);
        start_ms = schedule(place, turns, ended_ms, &mut day.chance, steps);
    }
    place
}

/// Nobody is left without an answer: the talk ends with the brand's last word, or with a kind one after the customer's.
fn settle(day: &mut Day, person: &Person, turns: &mut Vec<Turn>) {
    let last = turns.iter().rposition(|turn| turn.is_ours && writes(turn));
    match last {
        Some(last) if day.chance.percent(55) => turns.truncate(last + 1),
        _ if turns.iter().rev().find(|turn| writes(turn)).is_some_and(|turn| turn.is_ours) => {}
        _ => {
            let text = day.words.line(person.language, "abschied", "farewell", &mut day.chance);
            turns.push(Turn { is_ours: true, is_burst: false, what: What::Text(text) });
        }
    }
}

/// Cuts a dialogue where the customer waits for an answer; gives the rest.
fn cut(turns: &mut Vec<Turn>, chance: &mut Chance) -> VecDeque<Turn> {
    let answers: Vec<usize> =
        turns.iter().enumerate().filter(|(_, turn)| turn.is_ours).map(|(at, _)| at).collect();
    // Only before an answer that follows something the customer wrote.
    let written: Vec<usize> = answers
        .into_iter()
        .filter(|at| *at > 0 && !turns[at - 1].is_ours && writes(&turns[at - 1]))
        .collect();
    let at = match written.as_slice() {
        [] => turns.len(),
        [only] => *only,
        [first, second, ..] => {
            if chance.percent(70) {
                *first
            } else {
                *second
            }
        }
    };
    turns.split_off(at).into()
}

fn writes(turn: &Turn) -> bool {
    !matches!(turn.what, What::Reaction(_) | What::Edit(_) | What::Unsent(_))
}

/// Lays the turns out so that the last one happens at `ends_ms`; gives the time of the first.
fn schedule(
    conversation: usize,
    turns: Vec<Turn>,
    ends_ms: i64,
    chance: &mut Chance,
    steps: &mut Vec<Step>,
) -> i64 {
    let mut before: Option<bool> = None;
    let mut at_ms = 0;
    let mut times = Vec::with_capacity(turns.len());
    for turn in &turns {
        at_ms += match before {
            None => 0,
            Some(_) if turn.is_burst || !writes(turn) => chance.rng.random_range(4_000..45_000),
            Some(was_ours) if was_ours == turn.is_ours => chance.rng.random_range(8_000..90_000),
            Some(false) => chance.rng.random_range(3 * MINUTE_MS..70 * MINUTE_MS),
            Some(true) => chance.rng.random_range(MINUTE_MS..45 * MINUTE_MS),
        };
        before = Some(turn.is_ours);
        times.push(at_ms);
    }
    let start_ms = ends_ms - at_ms;
    for (turn, at_ms) in turns.into_iter().zip(times) {
        steps.push(Step { at_ms: start_ms + at_ms, conversation, turn });
    }
    start_ms
}

/// Strangers who will ask to write in the course of the day (an invitation says no time, so it is of the moment it is seen),
/// and two conversations nobody here can read.
fn extras(world: &World, day: &mut Day, now_ms: i64) {
    for place in 0..day.brands.len() {
        let (host, brand, goods) = {
            let play = &day.brands[place];
            (play.host.clone(), play.user.clone(), play.goods)
        };
        for number in 0..2_i64 {
            let Some((first, last)) = day.names.pop() else { return };
            let place = i64::try_from(place).unwrap_or(0);
            let after_ms = 40_000 + (place + 2 * number) * 47 * MINUTE_MS;
            let (host, brand) = (host.clone(), brand.clone());
            let name = format!("{first} {last}");
            let person = Person { language: "de", first, last };
            let talk = day.words.deal(&person, goods, now_ms + after_ms, false, &mut day.chance);
            let words = talk.turns.into_iter().find_map(|turn| match turn.what {
                What::Text(text) => Some(text),
                _ => None,
            });
            world.schedule(now_ms + after_ms, move |world, at_ms| {
                let matrix = world.matrix(&host).at(at_ms);
                let user = matrix.create_user(&format!("request.{number}"), "sandbox", &name);
                let room = matrix.invitation(&brand, &user);
                if let Some(words) = words {
                    matrix.write(&room, &user, &words);
                }
            });
        }
        let at_ms = now_ms - day.chance.rng.random_range(3 * HOUR_MS..40 * HOUR_MS);
        let conversation = customer(world, day, place, Way::Native, at_ms);
        let Day { conversations, chance, .. } = day;
        let conversation = &mut conversations[conversation];
        conversation.is_encrypted = true;
        if let Place::Matrix { host, room, customer, .. } = &conversation.place {
            world.matrix(host).at(at_ms).encrypt(room, customer);
        }
        for (number, is_ours) in [false, false, true].into_iter().enumerate() {
            let turn = Turn { is_ours, is_burst: false, what: What::Text(String::new()) };
            let after_ms = i64::try_from(number).unwrap_or(0) * 5 * MINUTE_MS;
            perform(world, conversation, &turn, at_ms + after_ms, chance);
        }
    }
}
