//! One customer led by hand: what a browser test lets somebody do.

use super::act::{mark_read_by_customer, perform, take_back};
use super::reply::newest_of_brand;
use super::script::{Turn, What};
use super::{Day, Place};
use crate::media::Motif;
use crate::world::World;

/// This customer (id, or full user id) does this now; none where the demo knows no such customer or no such deed.
/// `words` are the text, the emoji of a reaction, the name of a file.
pub(crate) fn lead(world: &World, customer: &str, deed: &str, words: &str) -> Option<()> {
    let now_ms = world.now_ms();
    let mut day = world.day();
    let Day { conversations, chance, .. } = day.as_mut()?;
    let conversation = conversations.iter_mut().find(|one| one.place.customer() == customer)?;
    let words = words.to_owned();
    let what = match deed {
        "write" => What::Text(words),
        "quote" => What::Quote(words),
        "react" => What::Reaction(words),
        "edit" => What::Edit(words),
        "show" => What::Image(Motif::Mountains, words),
        "hand_over" => What::Pdf(words, String::new()),
        "unsend" => {
            take_back(world, &conversation.place, &conversation.theirs.take()?, now_ms);
            return Some(());
        }
        "read" => {
            mark_read_by_customer(world, &conversation.place, now_ms);
            return Some(());
        }
        _ => return None,
    };
    // What the brand wrote through its own app is not in the demo's memory.
    conversation.ours = newest_of_brand(world, &conversation.place).or(conversation.ours.take());
    perform(world, conversation, &Turn { is_ours: false, is_burst: false, what }, now_ms, chance);
    Some(())
}

/// Whether this customer sees that their newest message was read; none where the demo knows no such customer.
pub(crate) fn is_seen(world: &World, customer: &str) -> Option<bool> {
    let day = world.day();
    let conversation = day.as_ref()?.conversations.iter().find(|one| one.place.customer() == customer)?;
    Some(match &conversation.place {
        Place::Messenger { customer, .. } => world.messenger().unread_of(customer) == 0,
        Place::Matrix { host, room, brand, .. } => {
            world.matrix(host).read_mark(room, brand, false) == conversation.theirs
        }
    })
}
