//! From a name and JSON to an answer: made from the list of calls.

use crate::answers::*;
use crate::app::App;
use crate::calls::for_each_call;
use crate::error::{ApiError, ErrorCode};
use serde_json::Value;

macro_rules! dispatch_calls {
    ($($kind:ident $name:ident($arguments:ty) -> $answer:ty, reads [$($topic:ident),*];)+) => {
        /// Answers one call. An unknown name, or arguments that do not fit, are a `BadCall`.
        pub async fn dispatch(app: &App, name: &str, arguments: Value) -> Result<Value, ApiError> {
            match name {
                $(stringify!($name) => {
                    let answer = $name(app, parse(name, arguments)?).await?;
                    serde_json::to_value(answer).map_err(|error| {
                        tracing::error!(name, %error, "an answer could not be written");
                        ErrorCode::Internal.into()
                    })
                })+
                _ => Err(ErrorCode::BadCall.into()),
            }
        }
    };
}
for_each_call!(dispatch_calls);

fn parse<T: serde::de::DeserializeOwned>(name: &str, arguments: Value) -> Result<T, ApiError> {
    // `null` stands for no arguments: some hosts send nothing at all.
    let arguments = if arguments.is_null() { Value::Object(Default::default()) } else { arguments };
    serde_json::from_value(arguments).map_err(|error| {
        // The classification only: an argument may hold a passphrase or a message.
        tracing::warn!(name, kind = ?error.classify(), "a call's arguments do not fit");
        ErrorCode::BadCall.into()
    })
}
