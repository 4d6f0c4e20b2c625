//! Customers notice what the brand writes, and answer.

use bytes::Bytes;
use http::Request;
use rand::Rng;

use super::act::{perform, show_typing};
use super::script::{Turn, What};
use super::{Day, Due, Place};
use crate::world::World;
use crate::{messenger, wire};

/// After so many answers a customer only reacts any more.
const MOST_ANSWERS: u32 = 4;

/// Looks at an answered request; when it brought a message to a customer of the demo, the customer will answer in 5
/// to 20 s. Only while the demo lives.
pub(crate) fn notice(world: &World, host: &str, request: &Request<Bytes>, now_ms: i64) {
    let mut day = world.day();
    let Some(day) = day.as_mut().filter(|day| day.is_live) else { return };
    let Some(place) = addressed(day, host, request) else { return };
    if day.due.iter().any(|(_, waiting, _)| *waiting == place) {
        return;
    }
    let at_ms = now_ms + day.chance.rng.random_range(5_000..20_000);
    day.due.push((at_ms - 3_000, place, Due::Typing));
    day.due.push((at_ms, place, Due::Answer));
    world.wake();
}

fn addressed(day: &Day, host: &str, request: &Request<Bytes>) -> Option<usize> {
    let path = wire::segments(request.uri().path());
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match (request.method().as_str(), &path[..]) {
        ("PUT", [.., "rooms", room, "send", "m.room.message", _]) => {
            let is_edit = String::from_utf8_lossy(request.body()).contains("m.replace");
            let here = |place: &Place| matches!(place, Place::Matrix { room: known, .. } if known == room);
            day.conversations.iter().position(|known| here(&known.place) && !is_edit && !known.is_encrypted)
        }
        ("POST", [.., "messages"]) if host == "graph.facebook.com" => {
            let recipient = messenger::addressee(request)?;
            let here =
                |place: &Place| matches!(place, Place::Messenger { customer, .. } if *customer == recipient);
            day.conversations.iter().position(|known| here(&known.place))
        }
        _ => None,
    }
}

/// Does what is due; gives the time of what comes next.
pub(super) fn do_due(world: &World, day: &mut Day, now_ms: i64) -> Option<i64> {
    day.due.sort_unstable_by_key(|(at_ms, place, _)| (*at_ms, *place));
    while day.due.first().is_some_and(|(at_ms, _, _)| *at_ms <= now_ms) {
        let (at_ms, place, what) = day.due.remove(0);
        match what {
            Due::Typing => show_typing(world, &day.conversations[place].place),
            Due::Answer => answer(world, day, place, at_ms),
        }
    }
    day.due.first().map(|(at_ms, _, _)| *at_ms)
}

/// The dialogue goes on where it stopped; when it is over, something that fits loosely.
fn answer(world: &World, day: &mut Day, place: usize, at_ms: i64) {
    let Day { conversations, chance, words, .. } = day;
    let conversation = &mut conversations[place];
    conversation.answers += 1;
    let mut turns = Vec::new();
    while conversation.rest.front().is_some_and(|turn| turn.is_ours) {
        conversation.rest.pop_front();
    }
    while let Some(turn) = conversation.rest.pop_front_if(|turn| !turn.is_ours) {
        turns.push(turn);
    }
    if turns.is_empty() {
        let what = if conversation.answers > MOST_ANSWERS {
            What::Reaction("❤️".to_owned())
        } else {
            What::Text(words.line(conversation.person.language, "antwort", "reply", chance))
        };
        turns.push(Turn { is_ours: false, is_burst: false, what });
    }
    conversation.ours = newest_of_brand(world, &conversation.place).or(conversation.ours.take());
    for turn in turns {
        perform(world, conversation, &turn, at_ms, chance);
    }
}

/// The brand's newest message: what it wrote through its own app is not in the demo's memory.
pub(super) fn newest_of_brand(world: &World, place: &Place) -> Option<String> {
    match place {
        Place::Messenger { customer, .. } => {
            let messages = world.messenger().messages_in(customer);
            messages.into_iter().rev().find(|message| message.is_ours).map(|message| message.id)
        }
        Place::Matrix { host, room, brand, .. } => {
            let events = world.matrix(host).events_in(room);
            let written = |event: &crate::RoomEvent| event.kind == "m.room.message" && event.sender == *brand;
            events.into_iter().rev().find(written).map(|event| event.id)
        }
    }
}
