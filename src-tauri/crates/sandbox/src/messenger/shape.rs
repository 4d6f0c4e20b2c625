//! Which fields a node has, and picking the asked-for ones.

use serde_json::{Map, Value};

use super::error::GraphError;
use super::fields::Field;

/// Kinds of nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    Conversation,
    Message,
    Person,
    Attachment,
    Reaction,
    Page,
    Profile,
    User,
    /// Sub-fields are not checked.
    Free,
    Leaf,
}

use Shape::{Attachment, Conversation, Free, Leaf, Message, Page, Person, Profile, Reaction, User};

impl Shape {
    fn fields(self) -> &'static [(&'static str, Shape)] {
        match self {
            Conversation => &[
                ("id", Leaf),
                ("updated_time", Leaf),
                ("participants", Person),
                ("senders", Person),
                ("former_participants", Person),
                ("messages", Message),
                ("message_count", Leaf),
                ("unread_count", Leaf),
                ("snippet", Leaf),
                ("can_reply", Leaf),
                ("link", Leaf),
                ("subject", Leaf),
                ("scoped_thread_key", Leaf),
                ("is_owner", Leaf),
                ("tags", Free),
            ],
            Message => &[
                ("id", Leaf),
                ("created_time", Leaf),
                ("message", Leaf),
                ("from", Person),
                ("to", Person),
                ("attachments", Attachment),
                ("shares", Free),
                ("story", Free),
                ("reply_to", Free),
                ("reactions", Reaction),
                ("sticker", Leaf),
                ("is_unsupported", Leaf),
                ("tags", Free),
            ],
            Person => &[("id", Leaf), ("name", Leaf), ("email", Leaf), ("username", Leaf)],
            Attachment => &[
                ("id", Leaf),
                ("type", Leaf),
                ("mime_type", Leaf),
                ("name", Leaf),
                ("size", Leaf),
                ("image_data", Free),
                ("video_data", Free),
                ("file_url", Leaf),
                ("sticker_id", Leaf),
                ("generic_template", Free),
            ],
            Reaction => &[("reaction", Leaf), ("users", Person)],
            Page => &[
                ("id", Leaf),
                ("name", Leaf),
                ("access_token", Leaf),
                ("tasks", Leaf),
                ("category", Leaf),
                ("username", Leaf),
                ("link", Leaf),
                ("picture", Free),
                ("instagram_business_account", Free),
            ],
            Profile => &[
                ("id", Leaf),
                ("name", Leaf),
                ("first_name", Leaf),
                ("last_name", Leaf),
                ("profile_pic", Leaf),
                ("locale", Leaf),
                ("timezone", Leaf),
                ("gender", Leaf),
            ],
            User => &[("id", Leaf), ("name", Leaf), ("accounts", Page)],
            Free | Leaf => &[],
        }
    }
}

/// Refuses names that this kind of node does not have, at any depth.
pub(crate) fn check(fields: &[Field], shape: Shape) -> Result<(), GraphError> {
    if matches!(shape, Free | Leaf) {
        return Ok(());
    }
    for field in fields {
        if field.name == "data" {
            check(&field.children, shape)?;
            continue;
        }
        let Some((_, child)) = shape.fields().iter().find(|(known, _)| *known == field.name) else {
            let message =
                format!("(#100) Tried accessing nonexisting field ({}) on node type ({shape:?})", field.name);
            return Err(GraphError::invalid(message));
        };
        check(&field.children, *child)?;
    }
    Ok(())
}

/// The asked-for part of a node; the id always comes along. What a node does not have is left out, never null.
pub(crate) fn pick(node: &Value, fields: &[Field]) -> Value {
    let Value::Object(node) = node else { return node.clone() };
    let mut picked = Map::new();
    if let Some(id) = node.get("id") {
        picked.insert("id".to_owned(), id.clone());
    }
    for field in fields {
        if let Some(value) = node.get(&field.name) {
            picked.insert(field.name.clone(), pick_within(value, &field.children));
        }
    }
    Value::Object(picked)
}

fn pick_within(value: &Value, fields: &[Field]) -> Value {
    if fields.is_empty() {
        return value.clone();
    }
    match value {
        Value::Array(items) => Value::Array(items.iter().map(|item| pick_within(item, fields)).collect()),
        Value::Object(object) => match object.get("data") {
            Some(list) => {
                let mut wrapped = object.clone();
                wrapped.insert("data".to_owned(), pick_within(list, fields));
                Value::Object(wrapped)
            }
            None => pick(value, &data_aside(fields)),
        },
        _ => value.clone(),
    }
}

/// Some clients write `to{data{id}}`; the wrapper means the same as without it.
fn data_aside(fields: &[Field]) -> Vec<Field> {
    fields
        .iter()
        .flat_map(|field| if field.name == "data" { field.children.clone() } else { vec![field.clone()] })
        .collect()
}
