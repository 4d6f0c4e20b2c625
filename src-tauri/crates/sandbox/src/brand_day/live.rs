//! Life while one watches: every few seconds something happens somewhere.

use std::pin::pin;
use std::time::Duration;

use rand::Rng;

use super::act::perform;
use super::cast::{Way, customer};
use super::reply::do_due;
use super::script::{Turn, What};
use super::{Conversation, Day};
use crate::matrix::Bridge;
use crate::media::Motif;
use crate::world::World;

/// Says that the demo lives, for as long as it does.
struct Alive<'a>(&'a World);

impl Drop for Alive<'_> {
    fn drop(&mut self) {
        if let Some(day) = self.0.day().as_mut() {
            day.is_live = false;
            day.due.clear();
        }
    }
}

pub(crate) async fn live(world: &World) {
    if world.day().is_none() {
        return std::future::pending().await;
    }
    let _alive = Alive(world);
    let mut next_ms = world.now_ms() + 4_000;
    loop {
        // Registered before looking, so that a reply of the brand in between is not missed.
        let mut changed = pin!(world.changed());
        changed.as_mut().enable();
        world.settle();
        let now_ms = world.now_ms();
        let wake_ms = match world.day().as_mut() {
            None => next_ms,
            Some(day) => {
                day.is_live = true;
                if next_ms <= now_ms {
                    happen(world, day, now_ms);
                    next_ms = now_ms + day.chance.rng.random_range(8_000..25_000);
                }
                do_due(world, day, now_ms).map_or(next_ms, |due_ms| due_ms.min(next_ms))
            }
        };
        let wait = Duration::from_millis((wake_ms - now_ms).max(1).unsigned_abs());
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = changed => {}
        }
    }
}

/// One thing that happens.
fn happen(world: &World, day: &mut Day, now_ms: i64) {
    match day.chance.rng.random_range(0..100) {
        0..34 => somebody_new(world, day, now_ms),
        34..70 => somebody_returns(world, day, now_ms),
        70..84 => nudge(world, day, now_ms),
        84..93 => show(world, day, now_ms),
        _ => react(world, day, now_ms),
    }
}

/// A customer who never wrote before, with the first lines of a dialogue.
fn somebody_new(world: &World, day: &mut Day, now_ms: i64) {
    let brand = day.chance.rng.random_range(0..day.brands.len());
    let way = match day.chance.rng.random_range(0..10) {
        0..5 => Way::Messenger,
        5..6 => Way::Native,
        6..9 => Way::Bridged(Bridge::INSTAGRAM),
        _ => Way::Bridged(Bridge::WHATSAPP),
    };
    let place = customer(world, day, brand, way, now_ms);
    open_dialogue(world, day, place, now_ms);
}

/// Somebody known comes with something new.
fn somebody_returns(world: &World, day: &mut Day, now_ms: i64) {
    if let Some(place) = anybody(day, |conversation| conversation.rest.is_empty()) {
        open_dialogue(world, day, place, now_ms);
    }
}

fn open_dialogue(world: &World, day: &mut Day, place: usize, now_ms: i64) {
    let Day { conversations, chance, words, brands, .. } = day;
    let conversation = &mut conversations[place];
    let goods = brands[conversation.brand].goods;
    let talk = words.deal(&conversation.person, goods, now_ms, false, chance);
    conversation.rest = talk.turns.into();
    conversation.answers = 0;
    while let Some(turn) = conversation.rest.pop_front_if(|turn| !turn.is_ours) {
        perform(world, conversation, &turn, now_ms, chance);
    }
}

/// Somebody who waits asks again.
fn nudge(world: &World, day: &mut Day, now_ms: i64) {
    let Some(place) = anybody(day, |conversation| !conversation.rest.is_empty()) else { return };
    let Day { conversations, chance, words, .. } = day;
    let conversation = &mut conversations[place];
    let text = words.line(conversation.person.language, "nachfrage", "nudge", chance);
    say(world, day, place, What::Text(text), now_ms);
}

/// A picture without many words.
fn show(world: &World, day: &mut Day, now_ms: i64) {
    let Some(place) = anybody(day, |conversation| conversation.theirs.is_some()) else { return };
    let brand = day.conversations[place].brand;
    let motifs: &[Motif] = match day.brands[brand].goods {
        "cafe" => &[Motif::Cake, Motif::Mug, Motif::Roll, Motif::Heart],
        _ => &[Motif::Mountains, Motif::Tent, Motif::Backpack, Motif::Boot, Motif::Receipt],
    };
    let motif = *day.chance.pick(motifs);
    let words = *day.chance.pick(&["", "😍", "📸", "👀"]);
    let what =
        if motif == Motif::Heart { What::Sticker(motif) } else { What::Image(motif, words.to_owned()) };
    say(world, day, place, what, now_ms);
}

fn react(world: &World, day: &mut Day, now_ms: i64) {
    if let Some(place) = anybody(day, |conversation| conversation.ours.is_some()) {
        let emoji = *day.chance.pick(&["❤️", "👍", "😂"]);
        say(world, day, place, What::Reaction(emoji.to_owned()), now_ms);
    }
}

fn say(world: &World, day: &mut Day, place: usize, what: What, now_ms: i64) {
    let Day { conversations, chance, .. } = day;
    let turn = Turn { is_ours: false, is_burst: false, what };
    perform(world, &mut conversations[place], &turn, now_ms, chance);
}

/// Some conversation for which this holds and that can be read; a few tries, then none.
fn anybody(day: &mut Day, holds: impl Fn(&Conversation) -> bool) -> Option<usize> {
    (0..30).map(|_| day.chance.rng.random_range(0..day.conversations.len())).find(|place| {
        let conversation = &day.conversations[*place];
        let is_busy = day.due.iter().any(|(_, waiting, _)| waiting == place);
        !is_busy && !conversation.is_encrypted && holds(conversation)
    })
}
