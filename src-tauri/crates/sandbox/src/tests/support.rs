//! A world with a clock that the test moves, and the smallest client there is.

use std::io;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use serde_json::Value;

use crate::World;

/// 2026-11-23 12:00:00 UTC.
pub(super) const NOON_MS: i64 = 1_795_435_200_000;

/// An empty world whose clock follows tokio's (paused) one.
pub(super) fn world() -> World {
    World::new(7, clock())
}

pub(super) fn clock() -> crate::NowMs {
    let start = tokio::time::Instant::now();
    Arc::new(move || NOON_MS + i64::try_from(start.elapsed().as_millis()).unwrap())
}

pub(super) async fn sleep_ms(ms: u64) {
    tokio::time::sleep(std::time::Duration::from_millis(ms)).await;
}

pub(super) fn request(method: &str, url: &str, token: &str, body: &str) -> Request<Bytes> {
    let mut builder = Request::builder().method(method).uri(url);
    if !token.is_empty() {
        builder = builder.header("authorization", format!("Bearer {token}"));
    }
    if !body.is_empty() {
        builder = builder.header("content-type", "application/json");
    }
    builder.body(Bytes::from(body.to_owned())).unwrap()
}

pub(super) async fn ask(world: &World, method: &str, url: &str, token: &str, body: &str) -> (u16, Value) {
    let answer = raw(world, method, url, token, body).await.unwrap();
    (answer.status().as_u16(), serde_json::from_slice(answer.body()).unwrap_or(Value::Null))
}

pub(super) async fn raw(
    world: &World,
    method: &str,
    url: &str,
    token: &str,
    body: &str,
) -> io::Result<Response<Bytes>> {
    world.answer(request(method, url, token, body)).await
}
