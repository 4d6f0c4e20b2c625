//! One Graph call, taken apart: version, path, parameters from wherever they were put, the file if there is one.

use bytes::Bytes;
use http::Request;
use serde_json::{Map, Value};

use super::error::GraphError;
use super::multipart;
use crate::media::Media;
use crate::wire::{self, Params};

/// Versions Graph answers for; older ones and none are answered as the first.
const LIVE: [&str; 6] = ["v21.0", "v22.0", "v23.0", "v24.0", "v25.0", "v26.0"];

pub(crate) struct Call {
    pub method: String,
    pub path: Vec<String>,
    pub version: &'static str,
    /// Query, form fields, and the top level of a JSON body as text.
    pub params: Params,
    /// The same as JSON values; objects in forms are JSON texts.
    pub body: Map<String, Value>,
    pub file: Option<Media>,
    pub token: Option<String>,
    pub now_ms: i64,
}

/// Whom a send is for, when the request is one that carries a message.
pub(crate) fn addressee(request: &Request<Bytes>) -> Option<String> {
    let call = Call::of(request, 0).ok()?;
    call.body.get("message")?;
    Some(call.body.get("recipient")?["id"].as_str()?.to_owned())
}

impl Call {
    pub fn of(request: &Request<Bytes>, now_ms: i64) -> Result<Call, GraphError> {
        let mut call = Call::named(request.method().as_str(), request.uri().path(), now_ms)?;
        call.params = wire::query(request);
        call.read_body(&wire::content_type(request), request.body())?;
        call.token = wire::bearer(request).or_else(|| call.params.get("access_token").cloned());
        Ok(call)
    }

    /// A call without parameters yet.
    pub fn named(method: &str, path: &str, now_ms: i64) -> Result<Call, GraphError> {
        let mut path = wire::segments(path);
        let is_versioned = path.first().is_some_and(|first| is_version(first));
        let version = if is_versioned { live_version(&path.remove(0))? } else { LIVE[0] };
        Ok(Call {
            method: method.to_owned(),
            path,
            version,
            params: Params::new(),
            body: Map::new(),
            file: None,
            token: None,
            now_ms,
        })
    }

    pub fn read_body(&mut self, content_type: &str, bytes: &Bytes) -> Result<(), GraphError> {
        if bytes.is_empty() {
            return Ok(());
        }
        if content_type.starts_with("application/json") {
            let Ok(Value::Object(body)) = serde_json::from_slice(bytes) else {
                return Err(GraphError::invalid("(#100) The parameter body must be a JSON object"));
            };
            for (name, value) in body {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                self.params.insert(name.clone(), text);
                self.body.insert(name, value);
            }
            return Ok(());
        }
        let (fields, file) = if content_type.starts_with("multipart/form-data") {
            multipart::read(content_type, bytes)
        } else {
            (wire::params(bytes), None)
        };
        self.file = file;
        for (name, text) in fields {
            let value = serde_json::from_str(&text).ok().filter(Value::is_object);
            self.body.insert(name.clone(), value.unwrap_or_else(|| Value::String(text.clone())));
            self.params.insert(name, text);
        }
        Ok(())
    }

    pub fn param(&self, name: &str) -> &str {
        self.params.get(name).map_or("", String::as_str)
    }

    /// The `limit` parameter, at most 100 as on all Page edges.
    pub fn limit(&self) -> usize {
        self.param("limit").parse().unwrap_or(25).clamp(1, 100)
    }
}

fn is_version(text: &str) -> bool {
    let digits = text.strip_prefix('v').and_then(|rest| rest.split_once('.'));
    digits.is_some_and(|(major, minor)| major.parse::<u32>().is_ok() && minor.parse::<u32>().is_ok())
}

fn live_version(text: &str) -> Result<&'static str, GraphError> {
    if let Some(known) = LIVE.iter().find(|known| **known == text) {
        return Ok(known);
    }
    let major: u32 =
        text.trim_start_matches('v').split('.').next().and_then(|text| text.parse().ok()).unwrap_or(0);
    if major <= 20 {
        return Ok(LIVE[0]);
    }
    Err(GraphError::new(2500, format!("Unknown path components: /{text}")))
}
