//! Whatever comes instead of Graph's JSON: nothing panics, and a cursor made from it can be read again.

use super::fake::{Fake, answer, session};
use crate::messenger::cursor::Cursor;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const FIXTURES: [&str; 5] = [
    include_str!("../../../../../../tests/fixtures/messenger/message_kinds.json"),
    include_str!("../../../../../../tests/fixtures/messenger/conversations.json"),
    include_str!("../../../../../../tests/fixtures/messenger/accounts.json"),
    include_str!("../../../../../../tests/fixtures/messenger/debug_token.json"),
    include_str!("../../../../../../tests/fixtures/messenger/error_window.json"),
];

/// Replaces a random part by something else.
fn spoil(value: &mut Value, chance: &mut SmallRng) {
    let children = match value {
        Value::Array(items) => items.len(),
        Value::Object(fields) => fields.len(),
        _ => 0,
    };
    if children > 0 && chance.random_bool(0.8) {
        let index = chance.random_range(0..children);
        return match value {
            Value::Array(items) => spoil(&mut items[index], chance),
            Value::Object(fields) => spoil(fields.values_mut().nth(index).unwrap(), chance),
            _ => {}
        };
    }
    *value = match chance.random_range(0..12) {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(-1),
        3 => json!(u64::MAX),
        4 => json!(1e308),
        5 => json!(""),
        6 => json!("\u{0}\u{202e}\u{1f3f3}"),
        7 => json!("x".repeat(5000)),
        8 => json!([]),
        9 => json!({}),
        10 => json!([[{"data": {"data": [null]}}]]),
        _ => json!("9999-99-99T99:99:99+9999"),
    };
}

fn mutation(seed: u64) -> Vec<u8> {
    let chance = &mut SmallRng::seed_from_u64(seed);
    let text = FIXTURES[chance.random_range(0..FIXTURES.len())];
    if chance.random_bool(0.3) {
        let mut bytes = text.as_bytes().to_vec();
        for _ in 0..chance.random_range(1..20) {
            let index = chance.random_range(0..bytes.len());
            bytes[index] = chance.random();
        }
        bytes.truncate(chance.random_range(0..=bytes.len()));
        return bytes;
    }
    let mut value: Value = serde_json::from_str(text).unwrap();
    for _ in 0..chance.random_range(1..8) {
        spoil(&mut value, chance);
    }
    value.to_string().into_bytes()
}

#[tokio::test(start_paused = true)]
async fn no_spoiled_answer_makes_a_pull_panic_or_a_cursor_unreadable() {
    for seed in 0..1500_u64 {
        let fake = Fake::default();
        let counter = Arc::new(Mutex::new(seed * 100));
        fake.rule(move |_, _| {
            let mut counter = counter.lock().unwrap();
            *counter += 1;
            let status = if counter.is_multiple_of(7) { 400 } else { 200 };
            Some(answer(status, mutation(*counter)))
        });
        let session = session(&fake);
        let mut from: Option<String> = None;
        for _ in 0..3 {
            if let Ok(pulled) = session.pull(from.as_deref(), Duration::ZERO).await {
                from = pulled.next.or(from);
            }
            assert!(Cursor::read(from.as_deref()).is_ok(), "seed {seed}");
        }
        let _ = session.history(&"t_2001".into(), None).await;
        assert!(fake.calls().len() < 200, "seed {seed} asks without end");
    }
}
