//! Graph's JSON, read leniently: whatever is missing, null or of another type becomes empty, never a failed page.

use model::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// The value, or its default where the JSON has another shape.
fn lenient<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(from: D) -> Result<T, D::Error> {
    Ok(serde_json::from_value(Value::deserialize(from)?).unwrap_or_default())
}

/// An id: text, or a number in old shapes (never a float: some exceed 2^53).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Id(pub String);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match Value::deserialize(from)? {
            Value::String(text) if !text.is_empty() => Ok(Self(text)),
            Value::Number(number) if number.is_u64() => Ok(Self(number.to_string())),
            _ => Err(serde::de::Error::custom("no id")),
        }
    }
}

/// An instant: `2026-09-28T14:03:00+0000`, or seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Time(pub Timestamp);

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let seconds = match Value::deserialize(from)? {
            Value::String(text) => jiff::Timestamp::strptime("%Y-%m-%dT%H:%M:%S%z", &text)
                .or_else(|_| text.parse())
                .map(jiff::Timestamp::as_second)
                .ok(),
            Value::Number(number) => number.as_i64(),
            _ => None,
        };
        // Outside of 2004 – 2100 it is no message's time, and a wild one would spoil the order of the inbox.
        match seconds {
            Some(seconds @ 1_072_915_200..4_102_444_800) => Ok(Self(Timestamp(seconds * 1000))),
            _ => Err(serde::de::Error::custom("no time")),
        }
    }
}

/// A list as Graph writes it: `{"data": […], "paging": {…}}`, a bare array, or one bare object.
#[derive(Debug, Clone)]
pub(super) struct List<T> {
    /// What could be read, in the order given.
    pub items: Vec<T>,
    /// How many could not.
    pub broken: usize,
    /// Where it goes on.
    pub paging: Option<Paging>,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { items: Vec::new(), broken: 0, paging: None }
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut list = Self::default();
        let values = match Value::deserialize(from)? {
            Value::Array(values) => values,
            Value::Object(mut object) => {
                list.paging = object.remove("paging").and_then(|paging| serde_json::from_value(paging).ok());
                match object.remove("data") {
                    Some(Value::Array(values)) => values,
                    Some(value @ Value::Object(_)) => vec![value],
                    Some(_) => Vec::new(),
                    None if object.is_empty() => Vec::new(),
                    None => vec![Value::Object(object)],
                }
            }
            _ => Vec::new(),
        };
        for value in values {
            match serde_json::from_value(value) {
                Ok(item) => list.items.push(item),
                Err(_) => list.broken += 1,
            }
        }
        Ok(list)
    }
}

impl<T> List<T> {
    /// The cursor of the next page; none on the last one. A short page is not the last page: only a missing `next` is.
    pub(super) fn after(&self) -> Option<String> {
        let paging = self.paging.as_ref()?;
        paging.next.as_ref()?;
        paging.cursors.after.clone()
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Paging {
    #[serde(default, deserialize_with = "lenient")]
    pub cursors: Cursors,
    #[serde(default, deserialize_with = "lenient")]
    pub next: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Cursors {
    #[serde(default, deserialize_with = "lenient")]
    pub after: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Thread {
    pub id: Id,
    #[serde(default, deserialize_with = "lenient")]
    pub updated_time: Option<Time>,
    #[serde(default, deserialize_with = "lenient")]
    pub participants: List<Person>,
    #[serde(default, deserialize_with = "lenient")]
    pub messages: List<Message>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Person {
    #[serde(default, deserialize_with = "lenient")]
    pub id: Option<Id>,
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Message {
    pub id: Id,
    #[serde(default, deserialize_with = "lenient")]
    pub created_time: Option<Time>,
    #[serde(default, deserialize_with = "lenient")]
    pub message: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub from: Option<Person>,
    #[serde(default, deserialize_with = "lenient")]
    pub to: List<Person>,
    #[serde(default, deserialize_with = "lenient")]
    pub attachments: List<Attachment>,
    #[serde(default, deserialize_with = "lenient")]
    pub shares: List<Share>,
    #[serde(default, deserialize_with = "lenient")]
    pub story: Option<Story>,
    #[serde(default, deserialize_with = "lenient")]
    pub reply_to: Option<ReplyTo>,
    #[serde(default, deserialize_with = "lenient")]
    pub reactions: List<Reaction>,
    #[serde(default, deserialize_with = "lenient")]
    pub is_unsupported: bool,
    #[serde(default, deserialize_with = "lenient")]
    pub sticker: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Attachment {
    /// `sticker` since the sticker change of 2026; absent on most.
    #[serde(default, rename = "type", deserialize_with = "lenient")]
    pub kind: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub mime_type: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub size: Option<u64>,
    #[serde(default, deserialize_with = "lenient")]
    pub image_data: Option<Picture>,
    #[serde(default, deserialize_with = "lenient")]
    pub video_data: Option<Picture>,
    #[serde(default, deserialize_with = "lenient")]
    pub file_url: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub generic_template: Option<Template>,
    #[serde(default, deserialize_with = "lenient")]
    pub sticker_id: Option<Id>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Picture {
    #[serde(default, deserialize_with = "lenient")]
    pub url: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub width: Option<u32>,
    #[serde(default, deserialize_with = "lenient")]
    pub height: Option<u32>,
    #[serde(default, deserialize_with = "lenient")]
    pub render_as_sticker: bool,
    #[serde(default, deserialize_with = "lenient")]
    pub animated_gif_url: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Template {
    #[serde(default, deserialize_with = "lenient")]
    pub title: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub subtitle: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub media_url: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub cta: Option<Button>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Button {
    #[serde(default, deserialize_with = "lenient")]
    pub url: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Share {
    #[serde(default, deserialize_with = "lenient")]
    pub link: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub description: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Story {
    #[serde(default, deserialize_with = "lenient")]
    pub reply_to: Option<StoryLink>,
    #[serde(default, deserialize_with = "lenient")]
    pub mention: Option<StoryLink>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct StoryLink {
    /// On the CDN; empty once the story is over.
    #[serde(default, deserialize_with = "lenient")]
    pub link: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct ReplyTo {
    #[serde(default, deserialize_with = "lenient")]
    pub mid: Option<Id>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Reaction {
    #[serde(default, deserialize_with = "lenient")]
    pub reaction: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub emoji: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub users: List<Person>,
}

/// What a send answers.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Sent {
    #[serde(default, deserialize_with = "lenient")]
    pub message_id: Option<Id>,
}

/// A Page as `/me/accounts` lists it; with a Page token also `/me`.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Page {
    pub id: Id,
    #[serde(default, deserialize_with = "lenient")]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub access_token: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    pub tasks: Option<Vec<String>>,
}

/// What a profile lookup answers.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Profile {
    #[serde(default, deserialize_with = "lenient")]
    pub profile_pic: Option<String>,
}

/// What `/debug_token` answers.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Debugged {
    #[serde(default, deserialize_with = "lenient")]
    pub data: TokenFacts,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct TokenFacts {
    #[serde(default, deserialize_with = "lenient")]
    pub granular_scopes: List<Granted>,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Granted {
    #[serde(default, deserialize_with = "lenient")]
    pub scope: String,
    #[serde(default, deserialize_with = "lenient")]
    pub target_ids: List<Id>,
}

/// The error envelope; everything but the code is optional.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Failed {
    pub error: GraphError,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct GraphError {
    pub code: i64,
    #[serde(default, deserialize_with = "lenient")]
    pub error_subcode: i64,
    #[serde(default, deserialize_with = "lenient")]
    pub message: String,
}
