//! What the platforms hold, read behind their backs.

use super::town::{Customer, Desk, Login};
use crate::support::Office;
use serde_json::Value;
use std::collections::BTreeMap;

/// One message that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub is_ours: bool,
    pub text: String,
    /// Emoji and how often.
    pub reactions: BTreeMap<String, u32>,
}

impl Line {
    /// What survives every edit: the first word, unique but for replies repeated on purpose.
    pub fn tag(&self) -> &str {
        tag(&self.text)
    }
}

pub fn tag(text: &str) -> &str {
    text.split(' ').next().unwrap_or_default()
}

/// A message that can be changed, by the platform's id.
pub struct Held {
    pub id: String,
    pub is_ours: bool,
    pub text: String,
    /// Reactions of the customer: their own ids, or nothing on platforms where they have none.
    pub reactions: Vec<String>,
}

/// The conversation as the platform holds it, oldest first.
pub fn lines(office: &Office, desk: &Desk, customer: &Customer) -> Vec<Line> {
    match &desk.login {
        Login::Page { .. } => {
            let held = office.messenger().messages_in(&customer.id).into_iter();
            held.map(|held| Line {
                is_ours: held.is_ours,
                text: held.text.unwrap_or_default(),
                reactions: count(held.reactions.iter().map(|(word, _)| emoji(word).to_owned())),
            })
            .collect()
        }
        Login::Matrix { user, .. } => {
            room(office, user, customer).into_iter().map(|(line, _)| line).collect()
        }
    }
}

/// The same with ids, for people who change their words.
pub fn held(office: &Office, desk: &Desk, customer: &Customer) -> Vec<Held> {
    match &desk.login {
        Login::Page { .. } => {
            let held = office.messenger().messages_in(&customer.id).into_iter();
            held.map(|held| Held {
                id: held.id,
                is_ours: held.is_ours,
                text: held.text.unwrap_or_default(),
                reactions: held.reactions.into_iter().map(|(word, _)| word).collect(),
            })
            .collect()
        }
        Login::Matrix { user, .. } => {
            room(office, user, customer).into_iter().map(|(_, held)| held).collect()
        }
    }
}

fn room(office: &Office, us: &str, customer: &Customer) -> Vec<(Line, Held)> {
    let events = office.matrix().events_in(&customer.place);
    let relation = |content: &Value, kind: &str| {
        let relates = &content["m.relates_to"];
        (relates["rel_type"] == kind).then(|| relates["event_id"].as_str().unwrap_or_default().to_owned())
    };
    let standing = || events.iter().filter(|event| !event.is_redacted);
    let mut found = Vec::new();
    for event in standing().filter(|event| event.kind == "m.room.message") {
        if relation(&event.content, "m.replace").is_some() {
            continue;
        }
        let edits = standing().filter(|edit| {
            edit.kind == "m.room.message"
                && edit.sender == event.sender
                && relation(&edit.content, "m.replace").as_deref() == Some(&event.id)
        });
        // The latest wins; of one instant the greater id.
        let newest = edits.max_by_key(|edit| (edit.at_ms, edit.id.clone()));
        let body = newest.map_or(&event.content["body"], |edit| &edit.content["m.new_content"]["body"]);
        let reactions: Vec<_> = standing()
            .filter(|reaction| reaction.kind == "m.reaction")
            .filter(|it| relation(&it.content, "m.annotation").as_deref() == Some(&event.id))
            .collect();
        let keys = reactions
            .iter()
            .map(|it| it.content["m.relates_to"]["key"].as_str().unwrap_or_default().to_owned());
        let (is_ours, text) = (event.sender == us, body.as_str().unwrap_or_default().to_owned());
        let line = Line { is_ours, text: text.clone(), reactions: count(keys) };
        let reactions = reactions.iter().map(|it| it.id.clone()).collect();
        found.push((line, Held { id: event.id.clone(), is_ours, text, reactions }));
    }
    found
}

pub fn count(keys: impl Iterator<Item = String>) -> BTreeMap<String, u32> {
    let mut counts = BTreeMap::new();
    for key in keys {
        *counts.entry(key).or_default() += 1;
    }
    counts
}

/// The words Graph has for the reactions that are used here.
fn emoji(word: &str) -> &str {
    match word {
        "love" => "❤️",
        "like" => "👍",
        "wow" => "😮",
        other => other,
    }
}
