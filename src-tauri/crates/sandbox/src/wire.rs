//! Reading requests and building answers: the little of HTTP that both platforms share.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use serde_json::Value;

pub(crate) type Answer = Response<Bytes>;

/// An answer with a JSON body.
pub(crate) fn json(status: u16, body: &Value) -> Answer {
    typed(status, "application/json", Bytes::from(body.to_string()))
}

/// An answer with an HTML page, as proxies and consent dialogs give them.
pub(crate) fn html(status: u16, body: impl Into<String>) -> Answer {
    typed(status, "text/html; charset=utf-8", Bytes::from(body.into()))
}

/// An answer of any type.
pub(crate) fn typed(status: u16, mime: &str, body: Bytes) -> Answer {
    let mut answer = Response::new(body);
    *answer.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    set(&mut answer, header::CONTENT_TYPE.as_str(), mime);
    answer
}

/// Sets one header; names and values the simulators make are always valid, anything else is left out.
pub(crate) fn set(answer: &mut Answer, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (header::HeaderName::try_from(name), header::HeaderValue::try_from(value))
    {
        answer.headers_mut().insert(name, value);
    }
}

/// Query or form parameters; the last of a repeated name wins.
pub(crate) type Params = BTreeMap<String, String>;

pub(crate) fn query(request: &Request<Bytes>) -> Params {
    params(request.uri().query().unwrap_or_default().as_bytes())
}

pub(crate) fn params(text: &[u8]) -> Params {
    url::form_urlencoded::parse(text).into_owned().collect()
}

/// The path's segments, percent-decoded one by one, so that an encoded slash stays inside its segment.
pub(crate) fn segments(path: &str) -> Vec<String> {
    path.split('/')
        .filter(|part| !part.is_empty())
        .map(|part| percent_encoding::percent_decode_str(part).decode_utf8_lossy().into_owned())
        .collect()
}

pub(crate) fn encode(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// The host a request is for, without a port: from the address, else from the `Host` header.
pub(crate) fn host(request: &Request<Bytes>) -> String {
    let named = request.uri().host().map(str::to_owned).or_else(|| {
        let header = request.headers().get(header::HOST)?.to_str().ok()?;
        Some(header.split(':').next().unwrap_or_default().to_owned())
    });
    named.unwrap_or_default().to_ascii_lowercase()
}

/// The bearer token of the `Authorization` header.
pub(crate) fn bearer(request: &Request<Bytes>) -> Option<String> {
    let value = request.headers().get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

pub(crate) fn content_type(request: &Request<Bytes>) -> String {
    let value = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    value.unwrap_or_default().to_owned()
}

/// A time as Graph writes it: `2026-09-28T14:11:00+0000`, whole seconds.
pub(crate) fn graph_time(ms: i64) -> String {
    utc(ms).strftime("%Y-%m-%dT%H:%M:%S+0000").to_string()
}

/// A time as HTTP writes it: `Sun, 06 Nov 1994 08:49:37 GMT`.
pub(crate) fn http_date(ms: i64) -> String {
    utc(ms).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

pub(crate) fn utc(ms: i64) -> jiff::Zoned {
    let at = jiff::Timestamp::from_millisecond(ms).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    at.to_zoned(jiff::tz::TimeZone::UTC)
}
