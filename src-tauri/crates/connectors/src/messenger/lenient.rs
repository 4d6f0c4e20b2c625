//! Ids, times and lists as Graph writes them, read leniently: one odd value becomes empty, never a failed page.

use model::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// The value, or its default where the JSON has another shape.
pub(super) fn lenient<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(
    from: D,
) -> Result<T, D::Error> {
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
