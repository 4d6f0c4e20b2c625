//! What one look into a thread tells, compared with what was seen before. Pure.
//!
//! Graph gives no signal for an edit, an unsend or a reaction: they show only in the difference of two looks.

use super::cursor::{Mark, Seen};
use super::ids::mark_of;
use super::inbound::{self, Place};
use super::lenient::List;
use super::wire::Message;
use model::remote::{Author, RemoteEvent, RemoteMessage};
use model::{RemoteId, Timestamp};
use std::collections::{HashMap, HashSet};

/// A stretch of a thread without holes, newest message first.
#[derive(Debug, Default)]
pub(super) struct View {
    pub messages: Vec<Message>,
    /// Whether the thread begins here: nothing older.
    pub is_end: bool,
    /// Where older ones are to be had.
    pub after: Option<String>,
    /// How many could not be read at all.
    pub broken: usize,
    /// Asked for with few fields: says nothing on reactions, stickers, shares and stories.
    pub is_lean: bool,
}

impl View {
    /// What a page of at most `limit` messages shows.
    pub(super) fn of(list: List<Message>, limit: usize) -> Self {
        let after = list.after();
        // Without any paging a full page may have been cut.
        let is_end = match &list.paging {
            Some(paging) => paging.next.is_none(),
            None => list.items.len() + list.broken < limit,
        };
        Self { messages: list.items, is_end, after, broken: list.broken, is_lean: false }
    }

    /// Adds the page below.
    pub(super) fn extend(&mut self, older: View) {
        self.messages.extend(older.messages);
        (self.is_end, self.after) = (older.is_end, older.after);
        self.broken += older.broken;
        self.is_lean |= older.is_lean;
    }

    /// Time of the oldest message shown.
    pub(super) fn oldest(&self) -> Option<Timestamp> {
        self.messages.iter().filter_map(|message| message.created_time).map(|time| time.0).min()
    }

    /// Whether the view reaches down to what is known, so that no message can lie between.
    pub(super) fn meets(&self, mark: &Mark) -> bool {
        self.is_end
            || self.messages.iter().any(|message| mark.knows(&message.id.0))
            || self.oldest().is_some_and(|oldest| oldest.0 < mark.newest_ms)
    }
}

/// What a comparison brings.
#[derive(Debug, Default)]
pub(super) struct Compared {
    /// Facts, oldest first.
    pub events: Vec<RemoteEvent>,
    /// Messages that could not be read.
    pub problems: Vec<String>,
    /// Seen before, inside the stretch of this view, and no longer there.
    pub missing: Vec<RemoteId>,
    /// What is known now.
    pub mark: Mark,
}

/// Compares a view with the mark of an earlier one. Messages up to `history_until` are history if the thread is new.
/// `now` dates edits: Graph does not.
pub(super) fn compare(
    view: &View,
    known: Option<&Mark>,
    place: Place<'_>,
    history_until: Timestamp,
    now: Timestamp,
) -> Compared {
    let empty = Mark::default();
    let mark = known.unwrap_or(&empty);
    let before: HashMap<&str, &Seen> = mark.seen.iter().map(|seen| (seen.id.as_str(), seen)).collect();
    let oldest_seen_ms = mark.seen.iter().map(|seen| seen.at_ms).min();
    let conversation = RemoteId(place.thread.to_owned());
    let mut compared = Compared::default();
    if view.broken > 0 {
        compared.problems.push(format!("{} messages without an id", view.broken));
    }
    let orders = inbound::orders(&view.messages, view.is_end);
    // A message that joins a second of known ones moves their order: they are told again, so that it is the platform's.
    let is_new = |message: &&Message| !before.contains_key(message.id.0.as_str());
    let joined: HashSet<i64> =
        view.messages.iter().filter(is_new).filter_map(|it| it.created_time).map(|time| time.0.0).collect();
    let mut seen_now = Vec::new();
    for (message, order) in view.messages.iter().zip(orders).rev() {
        let at_ms = message.created_time.map_or(0, |time| time.0.0);
        let is_history = match known {
            None => at_ms <= history_until.0,
            // Between messages we know it is late, not old; below them it is old.
            Some(mark) => at_ms < oldest_seen_ms.unwrap_or(mark.newest_ms + 1),
        };
        let mut fact = match inbound::message(message, place, order, is_history) {
            Ok(fact) => fact,
            Err(problem) => {
                compared.problems.push(problem);
                continue;
            }
        };
        let reactions = inbound::reactions(message, place.page);
        let mut seen = look_at(&fact, at_ms, &reactions);
        let earlier = before.get(message.id.0.as_str());
        if let (true, Some(earlier)) = (view.is_lean, earlier) {
            (seen.files, seen.reactions) = (earlier.files, earlier.reactions);
        }
        if earlier.is_some_and(|earlier| earlier.text != seen.text) {
            compared.events.push(RemoteEvent::Edit {
                conversation: conversation.clone(),
                message: fact.remote_id.clone(),
                author: None,
                body: fact.body.clone(),
                at: now,
                revision: format!("{:08x}", seen.text),
            });
        }
        if earlier.is_none_or(|earlier| earlier.files != seen.files)
            || (joined.contains(&at_ms) && !view.is_lean)
        {
            fact.is_history |= earlier.is_some();
            compared.events.push(RemoteEvent::Message(fact));
        }
        if earlier.map_or(0, |earlier| earlier.reactions) != seen.reactions {
            compared.events.push(RemoteEvent::ReactionsNow {
                conversation: conversation.clone(),
                message: RemoteId(message.id.0.clone()),
                reactions,
            });
        }
        seen_now.push(seen);
    }
    compared.missing = missing(view, mark);
    compared.mark = mark.with(seen_now);
    compared
}

fn look_at(fact: &RemoteMessage, at_ms: i64, reactions: &[(Author, String)]) -> Seen {
    let files: Vec<_> =
        fact.attachments.iter().map(|file| (file.kind, &file.name, file.size_bytes)).collect();
    Seen {
        id: fact.remote_id.0.clone(),
        at_ms,
        text: mark_of(&fact.body),
        files: mark_of(&format!("{files:?}")),
        reactions: if reactions.is_empty() { 0 } else { mark_of(&format!("{reactions:?}")) },
    }
}

/// An empty answer proves nothing: Graph answers so when it lacks a permission. The oldest second of a cut view proves
/// nothing either, its siblings may be on the next page.
fn missing(view: &View, mark: &Mark) -> Vec<RemoteId> {
    let Some(oldest) = view.oldest() else { return Vec::new() };
    mark.seen
        .iter()
        .filter(|seen| view.is_end || seen.at_ms > oldest.0)
        .filter(|seen| view.messages.iter().all(|message| message.id.0 != seen.id))
        .map(|seen| RemoteId(seen.id.clone()))
        .collect()
}
