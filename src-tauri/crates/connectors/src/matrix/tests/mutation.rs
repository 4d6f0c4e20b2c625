//! Hostile JSON: any value in any place of the fixtures must cost no more than itself, and never a panic.

use super::inbound::fixture;
use super::support::{ME, NOW};
use crate::matrix::cursor::{PageCursor, SyncCursor};
use crate::matrix::find;
use crate::matrix::inbound::{Moment, page, sync};
use crate::matrix::rooms::Rooms;
use crate::matrix::wire::{Page, Raw, Sync, parse};
use model::OpId;
use model::remote::Outgoing;
use rand::rngs::SmallRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

/// Reads a text as every answer it could be, as the session would.
fn read_as_everything(text: &str) {
    let mut rooms = Rooms::new(ME, []);
    for since in [None, Some("s1")] {
        if let Ok(news) = parse::<Sync<'_>>(text.as_bytes()) {
            let touched = rooms.absorb(&news, since.is_none(), since.is_some());
            for room in rooms.lacking(&news) {
                rooms.absorb_state(&room, &[]);
            }
            sync(&rooms, &news, &touched, Moment { now: NOW, since, order: i64::MAX });
        }
    }
    if let Ok(answer) = parse::<Page<'_>>(text.as_bytes()) {
        page(&rooms, "!native", &answer, NOW, i64::MIN);
        let sent = Outgoing {
            op_id: OpId::new(NOW, [1; 10]),
            conversation: "!native".into(),
            recipient: None,
            body: "zweitens".into(),
            file: None,
            reply_to: None,
            first_attempt_at: NOW,
        };
        find::find(&answer, ME, &sent, &[]);
    }
    if let Ok(state) = parse::<Vec<Raw<'_>>>(text.as_bytes()) {
        rooms.absorb_state("!native", &state);
    }
    let _ = (SyncCursor::read(text), PageCursor::read(text));
}

fn replace_one(value: &mut Value, dice: &mut SmallRng) {
    let strange = [
        Value::Null,
        json!(true),
        json!(-1),
        json!(1e300),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(""),
        json!("\u{0}"),
        json!("@:"),
        json!("!"),
        json!("> "),
        json!("geo:"),
        json!("geo:,"),
        json!("mxc://"),
        json!("ß".repeat(300)),
        json!([]),
        json!([[], {}]),
        json!({}),
        json!({"": {"": []}}),
        json!({"m.read": {"@a:b": 1}}),
    ];
    let is_leaf = match value {
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => true,
    };
    if is_leaf || dice.random_ratio(1, 6) {
        *value = strange.choose(dice).unwrap().clone();
        return;
    }
    match value {
        Value::Array(items) => {
            let at = dice.random_range(0..items.len());
            replace_one(&mut items[at], dice);
        }
        Value::Object(fields) => {
            let keys: Vec<String> = fields.keys().cloned().collect();
            let key = keys.choose(dice).unwrap();
            if dice.random_ratio(1, 12) {
                let moved = fields.remove(key).unwrap_or_default();
                fields.insert("m.relates_to".into(), moved);
            } else if let Some(field) = fields.get_mut(key) {
                replace_one(field, dice);
            }
        }
        _ => {}
    }
}

#[test]
fn no_value_in_any_place_makes_the_mapping_panic() {
    let fixtures =
        [fixture!("first_sync.json"), fixture!("incremental_sync.json"), fixture!("messages_page.json")];
    for seed in 0..1000 {
        let mut dice = SmallRng::seed_from_u64(seed);
        let mut value: Value = serde_json::from_str(fixtures.choose(&mut dice).unwrap()).unwrap();
        for _ in 0..dice.random_range(1..6) {
            replace_one(&mut value, &mut dice);
        }
        let text = value.to_string();
        let outcome = std::panic::catch_unwind(|| read_as_everything(&text));
        assert!(outcome.is_ok(), "seed {seed}");
    }
}

#[test]
fn no_cut_makes_the_mapping_panic() {
    let text = fixture!("incremental_sync.json");
    for (end, _) in text.char_indices() {
        read_as_everything(&text[..end]);
    }
}

#[test]
fn a_depth_bomb_in_one_event_costs_neither_its_neighbours_nor_the_stack() {
    let bomb = format!("{}1{}", r#"{"a":"#.repeat(100_000), "}".repeat(100_000));
    let text = format!(
        r#"{{"next_batch":"s","rooms":{{"join":{{"!r":{{"timeline":{{"events":[
        {{"type":"m.room.message","event_id":"$1","sender":"@a:b","content":{{"msgtype":"m.text","body":{bomb}}}}},
        {{"type":"m.room.message","event_id":"$2","sender":"@a:b","content":{bomb}}},
        {bomb},
        {{"type":"m.room.message","event_id":"$3","sender":"@a:b","content":{{"msgtype":"m.text","body":"da"}}}}
        ]}}}}}}}}}}"#
    );
    let news: Sync<'_> = parse(text.as_bytes()).unwrap();
    let mut rooms = Rooms::new(ME, []);
    let touched = rooms.absorb(&news, true, false);
    let batch = sync(&rooms, &news, &touched, Moment { now: NOW, since: None, order: 0 });
    let last = super::support::line(batch.events.last().unwrap());
    assert_eq!(last, r#"$3 @a:b Plain "da""#);
}
