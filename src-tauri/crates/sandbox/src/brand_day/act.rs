//! One turn of a dialogue, done on whatever platform the conversation lives.

use super::script::{Turn, What};
use super::{Conversation, Place};
use crate::media::{Media, Motif};
use crate::messenger::Attachment;
use crate::world::{Chance, World};

/// Does it at that time, and remembers what later turns point at.
pub(super) fn perform(
    world: &World,
    conversation: &mut Conversation,
    turn: &Turn,
    at_ms: i64,
    chance: &mut Chance,
) {
    let target = if turn.is_ours { &conversation.theirs } else { &conversation.ours };
    let own = if turn.is_ours { &conversation.ours } else { &conversation.theirs };
    let (target, own) = (target.clone().unwrap_or_default(), own.clone().unwrap_or_default());
    let place = conversation.place.clone();
    let written = match &place {
        Place::Messenger { customer, .. } => {
            on_messenger(world, customer, turn, &target, &own, at_ms, chance)
        }
        Place::Matrix { .. } if conversation.is_encrypted => encrypted(world, &place, turn.is_ours, at_ms),
        Place::Matrix { .. } => on_matrix(world, &place, turn, &target, &own, at_ms, chance),
    };
    let newest = if turn.is_ours { &mut conversation.ours } else { &mut conversation.theirs };
    if written.is_some() {
        *newest = written;
    }
}

fn picture(motif: Motif, chance: &mut Chance) -> Media {
    let seed = chance.digits(12).parse().unwrap_or(1);
    let (width, height) = if chance.percent(30) { (520, 520) } else { (640, 480) };
    Media::scene(&format!("IMG_{}.png", chance.digits(4)), motif, seed, width, height)
}

fn sticker(motif: Motif) -> Media {
    Media::scene("sticker.png", motif, 5, 192, 192)
}

fn on_messenger(
    world: &World,
    customer: &str,
    turn: &Turn,
    target: &str,
    own: &str,
    at_ms: i64,
    chance: &mut Chance,
) -> Option<String> {
    let meta = world.messenger().at(at_ms);
    let text = |text: &String| {
        if turn.is_ours { meta.write_as_page(customer, text) } else { meta.write(customer, text) }
    };
    let send = |what: Attachment, text: &str| {
        if turn.is_ours {
            meta.send_as_page(customer, what)
        } else {
            meta.send(customer, what, Some(text).filter(|text| !text.is_empty()))
        }
    };
    match &turn.what {
        What::Text(words) => Some(text(words)),
        What::Quote(words) => {
            Some(if turn.is_ours { text(words) } else { meta.reply(customer, target, words) })
        }
        What::Image(motif, words) => {
            // On Messenger a picture and its words are two messages.
            let sent = send(Attachment::Image(picture(*motif, chance)), "");
            Some(if words.is_empty() { sent } else { text(words) })
        }
        What::Pdf(name, words) => {
            let sent = send(Attachment::File(Media::pdf(name, name)), "");
            Some(if words.is_empty() { sent } else { text(words) })
        }
        What::Sticker(motif) => Some(send(Attachment::Sticker(sticker(*motif)), "")),
        What::Story(motif, words) => Some(send(Attachment::Story(picture(*motif, chance)), words)),
        What::Voice => Some(send(Attachment::Audio(Media::sound("audioclip.wav")), "")),
        What::Reaction(emoji) => {
            let name = match emoji.as_str() {
                "👍" => "like",
                "😂" => "haha",
                "😢" => "sad",
                _ => "love",
            };
            meta.react(customer, target, Some(name));
            None
        }
        What::Edit(words) => {
            meta.edit(own, words);
            None
        }
        What::Unsent(words) => {
            let sent = text(words);
            meta.unsend(&sent);
            None
        }
    }
}

fn on_matrix(
    world: &World,
    place: &Place,
    turn: &Turn,
    target: &str,
    own: &str,
    at_ms: i64,
    chance: &mut Chance,
) -> Option<String> {
    let Place::Matrix { host, room, customer, brand } = place else { return None };
    let matrix = world.matrix(host).at(at_ms);
    let sender = if turn.is_ours { brand } else { customer };
    let media = |media: Media, words: &str| {
        matrix.send_media(room, sender, media, Some(words).filter(|words| !words.is_empty()))
    };
    match &turn.what {
        What::Text(words) => Some(matrix.write(room, sender, words)),
        What::Quote(words) => Some(matrix.reply(room, sender, target, words)),
        What::Image(motif, words) => Some(media(picture(*motif, chance), words)),
        What::Pdf(name, words) => Some(media(Media::pdf(name, name), words)),
        What::Sticker(motif) => Some(matrix.sticker(room, sender, sticker(*motif), "sticker")),
        // A bridge carries an answer to a story as a picture with its words.
        What::Story(motif, words) => Some(media(picture(*motif, chance), words)),
        What::Voice => Some(media(Media::sound("voice.wav"), "")),
        What::Reaction(emoji) => {
            matrix.react(room, sender, target, emoji);
            None
        }
        What::Edit(words) => {
            matrix.edit(room, sender, own, words);
            None
        }
        What::Unsent(words) => {
            let sent = matrix.write(room, sender, words);
            matrix.redact(room, sender, &sent);
            None
        }
    }
}

fn encrypted(world: &World, place: &Place, is_ours: bool, at_ms: i64) -> Option<String> {
    let Place::Matrix { host, room, customer, brand } = place else { return None };
    Some(world.matrix(host).at(at_ms).write_encrypted(room, if is_ours { brand } else { customer }))
}

/// The brand has seen everything in this conversation.
pub(super) fn mark_read(world: &World, place: &Place, at_ms: i64) {
    match place {
        Place::Messenger { customer, .. } => world.messenger().mark_seen(customer),
        Place::Matrix { host, room, brand, .. } => {
            let matrix = world.matrix(host).at(at_ms);
            if let Some(event) = matrix.newest_event(room) {
                matrix.read(room, brand, &event);
            }
        }
    }
}

/// The customer has seen everything in this conversation, where the platform shows it.
pub(super) fn mark_read_by_customer(world: &World, place: &Place, at_ms: i64) {
    if let Place::Matrix { host, room, customer, .. } = place {
        let matrix = world.matrix(host).at(at_ms);
        if let Some(event) = matrix.newest_event(room) {
            matrix.read(room, customer, &event);
        }
    }
}

/// The customer takes a message back.
pub(super) fn take_back(world: &World, place: &Place, message: &str, at_ms: i64) {
    match place {
        Place::Messenger { .. } => world.messenger().unsend(message),
        Place::Matrix { host, room, customer, .. } => {
            world.matrix(host).at(at_ms).redact(room, customer, message);
        }
    }
}

/// The customer is seen typing, where the platform shows it.
pub(super) fn show_typing(world: &World, place: &Place) {
    if let Place::Matrix { host, room, customer, .. } = place {
        world.matrix(host).set_typing(room, customer, true);
    }
}
