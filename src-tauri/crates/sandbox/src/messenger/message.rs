//! A message's node, with everything it has; callers pick what was asked for.

use serde_json::{Value, json};

use super::platform::{Message, Platform, Thread};
use crate::wire;

pub(crate) fn node(platform: &Platform, thread: &Thread, message: &Message, now_ms: i64) -> Value {
    let (from, to) = if message.is_ours {
        (person(platform, &thread.page), person(platform, &thread.customer))
    } else {
        (person(platform, &thread.customer), person(platform, &thread.page))
    };
    let mut node = json!({
        "id": message.id,
        "created_time": wire::graph_time(message.at_ms),
        "from": from,
        "to": { "data": [to] },
    });
    // Without text the key is sometimes empty and sometimes missing.
    match &message.text {
        Some(text) => node["message"] = json!(text),
        None if is_even(&message.id) => node["message"] = json!(""),
        None => {}
    }
    let attachments: Vec<Value> = message.attachments.iter().filter_map(|held| held.node(now_ms)).collect();
    if !attachments.is_empty() {
        node["attachments"] = json!({ "data": attachments });
    }
    for held in &message.attachments {
        held.beside(&mut node, message.at_ms, now_ms);
    }
    if let Some(mid) = &message.reply_to {
        let is_self =
            thread.messages.iter().any(|other| other.id == *mid && other.is_ours == message.is_ours);
        node["reply_to"] = json!({ "mid": mid, "is_self_reply": is_self });
    }
    if !message.reactions.is_empty() {
        node["reactions"] = reactions(platform, message);
    }
    let mut tags = vec![json!({ "name": "inbox" }), json!({ "name": "source:web" })];
    if message.is_ours {
        tags.push(json!({ "name": "sent" }));
    }
    node["tags"] = json!({ "data": tags });
    node
}

/// Documents show both an object and a list under `data`; both occur.
fn reactions(platform: &Platform, message: &Message) -> Value {
    let mut groups: Vec<Value> = Vec::new();
    for (reaction, user) in &message.reactions {
        let user = person(platform, user);
        match groups.iter_mut().find(|group| group["reaction"] == *reaction) {
            Some(group) => {
                if let Some(users) = group["users"].as_array_mut() {
                    users.push(user);
                }
            }
            None => groups.push(json!({ "reaction": reaction, "users": [user] })),
        }
    }
    if groups.len() == 1 && is_even(&message.id) { groups.remove(0) } else { json!({ "data": groups }) }
}

/// A Page or a customer inside a node.
pub(crate) fn person(platform: &Platform, id: &str) -> Value {
    let page = platform.pages.get(id).map(|page| page.name.clone());
    let name = page.or_else(|| platform.customers.get(id).map(super::platform::Customer::name));
    let mut person = json!({ "id": id, "email": format!("{id}@facebook.com") });
    if let Some(name) = name.filter(|name| !name.is_empty()) {
        person["name"] = json!(name);
    }
    person
}

fn is_even(id: &str) -> bool {
    id.bytes().last().is_some_and(|byte| byte % 2 == 0)
}
