//! Damage anywhere in the file is noticed, or harmless: no answer is wrong. The copy is whole, and what can be read of a
//! damaged file is carried over.

use super::fixture::{Profile, at, op, room, tell, text};
use crate::{Error, NewEcho, ReadTx, Store, restore};
use model::OpId;
use model::draft::Draft;
use model::outbox::{FailReason, OutboxRow, OutboxState};
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use rusqlite::types::Value;
use std::collections::BTreeMap;

/// `KONTOR_FLIPS` plays more.
const FLIPS: usize = 3000;
const TABLES: [&str; 8] =
    ["account", "account_secret", "conversation", "message", "outbox", "draft", "setting", "account_state"];

type Answers = BTreeMap<String, Vec<Vec<Value>>>;

/// Every row of every table that matters, and a search.
fn everything(tx: &ReadTx) -> Result<Answers, Error> {
    let mut answers = Answers::new();
    let found = "SELECT rowid FROM message_fts WHERE message_fts MATCH 'versand'";
    for sql in TABLES.map(|table| format!("SELECT * FROM {table}")).into_iter().chain([found.to_owned()]) {
        let rows = tx.all(&sql, [], |row| (0..row.as_ref().column_count()).map(|n| row.get(n)).collect())?;
        answers.insert(sql, rows);
    }
    Ok(answers)
}

async fn filled() -> Profile {
    let profile = Profile::new().await;
    let account = profile.account(1).await;
    profile
        .write(move |tx| {
            for n in 0..250 {
                let body = format!("{n}: Wie lange dauert der Versand nach Österreich? ").repeat(4);
                tell(tx, account, &text(&format!("room{}", n % 9), &format!("m{n}"), "anna", n, &body))?;
            }
            Ok(())
        })
        .await;
    profile
}

async fn echo(
    profile: &Profile,
    number: u8,
    state: OutboxState,
    change: impl Fn(&mut OutboxRow) + Send + 'static,
) {
    let account = profile.store.read(|tx| tx.accounts()).await.unwrap()[0].id;
    let conversation_id = room(profile, account, "room1").await;
    let echo = NewEcho {
        op_id: op(number),
        conversation_id,
        body: format!("reply {number}"),
        file: None,
        reply_to: None,
        state,
        due_at: at(5),
        now: at(5),
        sent_at: at(5),
    };
    profile
        .write(move |tx| {
            let mut row = tx.insert_echo(&echo)?;
            change(&mut row);
            tx.cas_outbox(&[state], &row)
        })
        .await;
}

#[tokio::test]
async fn a_flipped_bit_anywhere_is_noticed_or_harmless_and_no_answer_is_wrong() {
    let profile = filled().await;
    let truth = profile.store.read(everything).await.unwrap();
    let free = "PRAGMA freelist_count";
    let free: i64 = profile.store.read(move |tx| tx.one(free, [], |row| row.get(0))).await.unwrap().unwrap();
    profile.store.close().await.unwrap();
    let path = profile.place().database();
    let whole = std::fs::read(&path).unwrap();
    let mut dice = SmallRng::seed_from_u64(45);
    let flips = std::env::var("KONTOR_FLIPS").map_or(FLIPS, |count| count.parse().unwrap());
    let mut unnoticed = 0;
    for _ in 0..flips {
        let (place, bit) = (dice.random_range(0..whole.len()), dice.random_range(0..8));
        let mut broken = whole.clone();
        broken[place] ^= 1 << bit;
        std::fs::write(&path, &broken).unwrap();
        let at = format!("bit {bit} of byte {place}");
        let is_noticed = match Store::open(profile.place(), profile.key.clone()).await {
            Err(error) => matches!(error, Error::Corrupt | Error::WrongKey),
            Ok(store) => {
                let answers = store.read(everything).await;
                if let Ok(answers) = &answers {
                    assert!(*answers == truth, "{at}: a wrong answer");
                }
                let is_sound = store.is_sound().await;
                let _ = store.close().await;
                answers.is_err() || !matches!(is_sound, Ok(true))
            }
        };
        unnoticed += i64::from(!is_noticed);
        assert!(is_noticed || free > 0, "{at}: not noticed");
        assert!(path.exists());
    }
    // A page that is free holds nothing, and nobody reads it.
    assert!(
        unnoticed <= flips as i64 * free / (whole.len() as i64 / 4096),
        "{unnoticed} of {flips} not noticed"
    );
}

#[tokio::test]
async fn a_file_of_zeros_and_a_cut_one_are_damage_and_stay_as_they_are() {
    let profile = filled().await;
    profile.store.close().await.unwrap();
    let path = profile.place().database();
    let whole = std::fs::read(&path).unwrap();
    for broken in
        [vec![0; whole.len()], whole[..4096 * 3].to_vec(), whole[..1000].to_vec(), b"not a database".to_vec()]
    {
        std::fs::write(&path, &broken).unwrap();
        let noticed = match Store::open(profile.place(), profile.key.clone()).await {
            Err(error) => matches!(error, Error::Corrupt | Error::WrongKey),
            Ok(store) => {
                let is_sound = store.is_sound().await;
                let _ = store.close().await;
                !matches!(is_sound, Ok(true))
            }
        };
        assert!(noticed, "{} bytes", broken.len());
        assert!(std::fs::read(&path).unwrap() == broken, "left as it is");
    }
}

#[tokio::test]
async fn a_damaged_database_replaces_no_copy() {
    let profile = filled().await;
    profile.store.keep_snapshot(at(100)).await.unwrap();
    profile.store.checkpoint_truncate().await.unwrap();
    let path = profile.place().database();
    let mut broken = std::fs::read(&path).unwrap();
    // Behind the schema, everywhere: whatever is in the page cache, something has to be read again.
    for page in broken.chunks_mut(4096).skip(2) {
        page[100] ^= 1;
    }
    profile.store.close().await.unwrap();
    std::fs::write(&path, &broken).unwrap();
    match Store::open(profile.place(), profile.key.clone()).await {
        Err(error) => assert!(matches!(error, Error::Corrupt | Error::WrongKey)),
        Ok(store) => {
            let outcome = store.keep_snapshot(at(200)).await;
            assert!(matches!(outcome, Err(Error::Corrupt | Error::WrongKey)), "{outcome:?}");
            store.close().await.unwrap_or_default();
        }
    }
    assert_eq!(profile.place().snapshot_made_at(), Some(at(100)));
    restore(profile.place(), profile.key.clone(), at(300), |_| None).await.unwrap();
    let profile = profile.open_again().await;
    assert!(profile.store.is_sound().await.unwrap());
    assert_eq!(
        profile.store.read(|tx| tx.unread_messages()).await.unwrap().into_values().collect::<Vec<_>>(),
        [250]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_made_while_others_write_is_whole_and_holds_nobody_up() {
    let profile = filled().await;
    let account = profile.store.read(|tx| tx.accounts()).await.unwrap()[0].id;
    let store = profile.store.clone();
    let write = async {
        for n in 0..60 {
            let message = text("busy", &format!("busy{n}"), "anna", 1000 + n, "Während kopiert wird");
            let told = store.write(move |tx| {
                tell(tx, account, &message)?;
                super::fixture::refresh(tx)
            });
            told.await.unwrap();
        }
    };
    let (made, ()) = tokio::join!(profile.store.keep_snapshot(at(100)), write);
    made.unwrap();
    let unread = async |store: &Store| store.read(|tx| tx.unread_messages()).await.unwrap()[&account];
    assert_eq!(unread(&profile.store).await, 310);
    profile.store.close().await.unwrap();
    restore(profile.place(), profile.key.clone(), at(300), |_| None).await.unwrap();
    let profile = profile.open_again().await;
    assert!(profile.store.is_sound().await.unwrap());
    let copied = unread(&profile.store).await;
    assert!((250..=310).contains(&copied), "{copied}");
    assert_eq!(copied, profile.store.read(count).await.unwrap(), "every commit is in it whole or not at all");
}

fn count(tx: &ReadTx) -> Result<u32, Error> {
    Ok(tx.one("SELECT count(*) FROM message", [], |row| row.get(0))?.unwrap_or_default())
}

#[tokio::test]
async fn what_was_not_delivered_is_asked_about_by_how_far_it_was() {
    use OutboxState::{Cancelled, Dispatching, Failed, Held, NeedsPerson, Queued, Sent, Unknown};
    let profile = filled().await;
    // Known to the copy, and settled since or not.
    echo(&profile, 1, Queued, |_| ()).await;
    echo(&profile, 2, Queued, |_| ()).await;
    profile.store.keep_snapshot(at(100)).await.unwrap();
    let settle = |tx: &crate::WriteTx, op: OpId| {
        let row = tx.outbox_row(op)?.unwrap();
        tx.cas_outbox(&[Queued], &OutboxRow { state: Sent, ..row })
    };
    profile.write(move |tx| settle(tx, op(1))).await;
    let left = |row: &mut OutboxRow| row.dispatched_at = Some(at(6));
    echo(&profile, 3, Held, |_| ()).await;
    echo(&profile, 4, Queued, left).await;
    echo(&profile, 5, Dispatching, left).await;
    echo(&profile, 6, Unknown, left).await;
    echo(&profile, 7, Unknown, |row| row.is_accepted = true).await;
    echo(&profile, 8, Failed, |row| row.reason = Some(FailReason::TooLong)).await;
    echo(&profile, 9, Sent, |_| ()).await;
    echo(&profile, 10, Cancelled, |_| ()).await;
    let account = profile.store.read(|tx| tx.accounts()).await.unwrap()[0].id;
    let conversation_id = room(&profile, account, "room2").await;
    let draft = Draft { conversation_id, body: "half a sentence".into(), files: vec![], changed_at: at(7) };
    let kept = draft.clone();
    profile.write(move |tx| tx.save_draft(&kept)).await;
    profile.store.close().await.unwrap();
    let restored = restore(profile.place(), profile.key.clone(), at(300), |_| None).await.unwrap();
    assert_eq!((restored.to, restored.carried.drafts, restored.carried.replies), (at(100), 1, 7));
    let profile = profile.open_again().await;
    let expected = [
        (1, Sent, None),
        (2, NeedsPerson, Some(FailReason::Overdue)),
        (3, NeedsPerson, Some(FailReason::Overdue)),
        (4, NeedsPerson, Some(FailReason::Unconfirmed)),
        (5, NeedsPerson, Some(FailReason::Unconfirmed)),
        (6, NeedsPerson, Some(FailReason::Unconfirmed)),
        (7, Unknown, None),
        (8, Failed, Some(FailReason::TooLong)),
    ];
    for (number, state, reason) in expected {
        let row = profile.store.read(move |tx| tx.outbox_row(op(number))).await.unwrap().unwrap();
        assert_eq!((row.state, row.reason), (state, reason), "reply {number}");
    }
    for number in [9, 10] {
        let row = profile.store.read(move |tx| tx.outbox_row(op(number))).await.unwrap();
        assert_eq!(row, None, "reply {number} comes by sync, or not at all");
    }
    let now = profile.store.read(move |tx| tx.draft(conversation_id)).await.unwrap();
    assert_eq!(now, Some(draft));
}

#[tokio::test]
async fn an_exchange_that_was_cut_off_is_finished_when_the_profile_is_opened() {
    let profile = filled().await;
    profile.store.keep_snapshot(at(100)).await.unwrap();
    profile.store.close().await.unwrap();
    let (place, dir) = (profile.place(), profile.dir.path());
    let snapshot = dir.join(format!("kontor.snapshot-{}.db", at(100).0));
    // What each instant of the exchange leaves behind, with a log that must not be played into the copy.
    for has_log in [true, false] {
        for has_database in [true, false] {
            let _ = std::fs::remove_file(place.database());
            let names = [("kontor.db", has_database), ("kontor.db-wal", has_log)];
            for (name, _) in names.iter().filter(|(_, is_there)| *is_there) {
                std::fs::write(dir.join(name), vec![0x5a; 8192]).unwrap();
            }
            std::fs::copy(&snapshot, dir.join("kontor.restored-7.db")).unwrap();
            let store = Store::open(place.clone(), profile.key.clone()).await.unwrap();
            assert!(store.is_sound().await.unwrap());
            let unread = store.read(|tx| tx.unread_messages()).await.unwrap();
            assert_eq!(unread.into_values().collect::<Vec<_>>(), [250]);
            store.close().await.unwrap();
            assert_eq!(dir.join("kontor.damaged-7.db").exists(), has_database);
            assert!(!dir.join("kontor.restored-7.db").exists());
            for name in ["kontor.damaged-7.db", "kontor.damaged-7.db-wal"] {
                let _ = std::fs::remove_file(dir.join(name));
            }
        }
    }
}
