//! Batch: up to 50 calls in one, each counted, each answered for itself.

use serde_json::{Value, json};

use super::call::Call;
use super::error::GraphError;
use super::platform::Platform;
use super::routes::{Reply, reply};
use bytes::Bytes;

const MOST: usize = 50;

pub(crate) fn run(platform: &mut Platform, host: &str, call: &Call) -> Result<Value, GraphError> {
    let items = call.body.get("batch").cloned().unwrap_or_default();
    let items = match items {
        Value::String(text) => serde_json::from_str(&text).unwrap_or_default(),
        other => other,
    };
    let bad = |message: &str| GraphError::new(-3, message).kind("GraphBatchException");
    let items = items.as_array().cloned().ok_or_else(|| bad("batch parameter must be a JSON array"))?;
    if items.len() > MOST {
        return Err(bad("Too many requests in batch message. Maximum batch size is 50"));
    }
    let lost = std::mem::take(&mut platform.lost_batch_items);
    let mut answers = Vec::new();
    for (place, item) in items.iter().enumerate() {
        let answer = if lost.contains(&place) { Value::Null } else { one(platform, host, call, item) };
        answers.push(answer);
    }
    Ok(Value::Array(answers))
}

fn one(platform: &mut Platform, host: &str, outer: &Call, item: &Value) -> Value {
    let method = item["method"].as_str().unwrap_or("GET");
    let relative = item["relative_url"].as_str().unwrap_or_default();
    let (path, query) = relative.split_once('?').unwrap_or((relative, ""));
    let read = |method: &str| -> Result<Call, GraphError> {
        let mut call = Call::named(method, path, outer.now_ms)?;
        call.params = crate::wire::params(query.as_bytes());
        let body = Bytes::from(item["body"].as_str().unwrap_or_default().to_owned());
        call.read_body("application/x-www-form-urlencoded", &body)?;
        let own = call.params.get("access_token").cloned();
        call.token = own.or_else(|| outer.token.clone());
        if !outer.param("appsecret_proof").is_empty() {
            call.params
                .entry("appsecret_proof".to_owned())
                .or_insert_with(|| outer.param("appsecret_proof").to_owned());
        }
        Ok(call)
    };
    let Reply { status, headers, body } = match read(method) {
        Ok(call) => reply(platform, host, &call),
        Err(error) => Reply::refused(platform, &error),
    };
    let headers: Vec<Value> =
        headers.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
    json!({ "code": status, "headers": headers, "body": body.to_string() })
}
