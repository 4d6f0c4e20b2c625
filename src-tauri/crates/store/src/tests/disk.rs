//! A disk that fails, and a power cut. The disk is played by `disk.c`, which is preloaded into children of these tests:
//! hence Linux. What it shows holds elsewhere too, because SQLite asks for reads, writes and flushes in the same order.
#![cfg(target_os = "linux")]

use super::fixture::{Profile, at, op, refresh, room, tell, text};
use crate::{DataKey, Error, NewEcho, Place, Store};
use model::outbox::{OutboxRow, OutboxState};
use model::{AccountId, ConversationId};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Names what a child does: the scene, the key, an id, the folder.
const CHILD: &str = "KONTOR_TEST_DISK";

/// Where the disk of a child is played.
struct Stage {
    dir: tempfile::TempDir,
    library: PathBuf,
}

impl Stage {
    fn build() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let library = dir.path().join("disk.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tests/disk.c");
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-O1", "-D_FILE_OFFSET_BITS=64", "-o"]).arg(&library);
        assert!(compiler.arg(source).arg("-ldl").status().expect("what compiles SQLite is there").success());
        Self { dir, library }
    }

    /// Plays a scene on a copy of the seed; what the child said, and where its files lie.
    fn play(&self, scene: &str, seed: &Profile, id: i64, fails: usize) -> (String, tempfile::TempDir) {
        let folder = tempfile::tempdir_in(self.dir.path()).unwrap();
        let flushed = folder.path().join("flushed");
        std::fs::create_dir(&flushed).unwrap();
        for to in [folder.path(), &flushed] {
            std::fs::copy(seed.place().database(), to.join("kontor.db")).unwrap();
        }
        let order = format!("{scene} {} {id} {}", hex::encode(seed.key.bytes()), folder.path().display());
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "tests::disk::the_child_with_that_disk", "--nocapture"])
            .env(CHILD, order)
            .env("LD_PRELOAD", &self.library)
            .env("KONTOR_DISK_ARMED", folder.path().join("armed"))
            .env("KONTOR_DISK_FAILS", fails.to_string())
            .env("KONTOR_DISK_FLUSHED", &flushed)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&child.stdout).into_owned();
        assert!(
            child.status.success() || scene.starts_with("cut"),
            "{said}{}",
            String::from_utf8_lossy(&child.stderr)
        );
        (said, folder)
    }
}

#[test]
fn the_child_with_that_disk() {
    let Ok(order) = std::env::var(CHILD) else { return };
    let words: Vec<&str> = order.splitn(4, ' ').collect();
    let key = DataKey::from_bytes(&hex::decode(words[1]).unwrap()).unwrap();
    let (id, folder) = (words[2].parse().unwrap(), Path::new(words[3]));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(Place::new(folder), key).await.unwrap();
        match words[0] {
            "fail" => write_until_it_fails(&store, folder).await,
            "cut_normal" => {
                store.run_on_writer("PRAGMA synchronous = NORMAL").await.unwrap();
                mark_and_die(&store, ConversationId(id)).await;
            }
            _ => mark_and_die(&store, ConversationId(id)).await,
        }
    });
}

/// Two messages per write, a checkpoint on the way.
async fn write_until_it_fails(store: &Store, folder: &Path) {
    std::fs::write(folder.join("armed"), "").unwrap();
    let account = AccountId::new(at(0), [1; 10]);
    let mut has_failed = false;
    for number in 0..4 {
        let written = store.write(move |tx| {
            for half in ["a", "b"] {
                tell(tx, account, &text("room", &format!("{number}{half}"), "anna", 10 + number, "Hallo"))?;
            }
            refresh(tx)
        });
        match written.await {
            Ok(()) => assert!(!has_failed, "written after the disk had failed"),
            // SQLite takes a read that fails for a damaged file system.
            Err(Error::DiskFailed | Error::Corrupt) => has_failed = true,
            Err(other) => panic!("{other}"),
        }
        if !has_failed {
            println!("stored");
        }
        // What a write leaves to be done after its answer goes on beside what follows.
        store.run_on_writer("").await.unwrap();
        // A look may be what meets the failure. Then writing ends too.
        if let Err(error) = store.read(|tx| tx.unread_messages()).await {
            println!("a look met: {error}");
            has_failed = true;
        }
        if number == 1 {
            has_failed |= store.checkpoint_truncate().await.is_err();
        }
    }
    let seen = store.read(|tx| tx.unread_messages()).await.expect("reading goes on");
    println!("seen {}", seen[&account]);
    has_failed |= store.write(|_| Ok::<_, Error>(())).await.is_err();
    has_failed |= store.close().await.is_err();
    println!("{}", if has_failed { "stopped" } else { "went on" });
}

/// As the outbox does: the reply, then the mark. With the mark committed, the power goes.
async fn mark_and_die(store: &Store, room: ConversationId) {
    let echo = NewEcho {
        op_id: op(1),
        conversation_id: room,
        body: "Antwort".into(),
        file: None,
        reply_to: None,
        state: OutboxState::Queued,
        due_at: at(10),
        now: at(5),
        sent_at: at(5),
    };
    let enqueued = store.write(move |tx| tx.insert_echo(&echo).and_then(|row| refresh(tx).map(|()| row)));
    let row = enqueued.await.unwrap();
    let marked = OutboxRow { state: OutboxState::Dispatching, dispatched_at: Some(at(11)), ..row };
    let mark =
        store.write(move |tx| tx.cas_outbox(&[OutboxState::Queued], &marked).and_then(|_| refresh(tx)));
    mark.await.unwrap();
    std::process::abort();
}

async fn seed() -> (Profile, ConversationId) {
    let profile = Profile::new().await;
    let account = profile.account(1).await;
    profile.tell(account, text("room", "first", "anna", 1, "Hallo")).await;
    let room = room(&profile, account, "room").await;
    profile.store.close().await.unwrap();
    (profile, room)
}

#[tokio::test]
async fn whatever_read_write_or_flush_fails_writing_stops_and_nothing_stored_is_lost_or_half_there() {
    let (stage, (seed, room)) = (Stage::build(), seed().await);
    let account = AccountId::new(at(0), [1; 10]);
    let mut kinds = std::collections::BTreeSet::new();
    for fails in 1.. {
        let (said, folder) = stage.play("fail", &seed, room.0, fails);
        if !folder.path().join("armed.failed").exists() {
            assert!(said.contains("went on") && fails > 60, "{fails}: {said}");
            break;
        }
        assert!(said.contains("stopped"), "the failure of {fails} was not noticed: {said}");
        assert!(!folder.path().join("armed.after").exists(), "written after {fails} had failed: {said}");
        let stored = u32::try_from(said.matches("stored").count()).unwrap();
        let store = Store::open(Place::new(folder.path()), seed.key.clone()).await.unwrap();
        assert!(store.is_sound().await.unwrap(), "after {fails}");
        let kept = store.read(|tx| tx.unread_messages()).await.unwrap()[&account];
        // What was refused at its flush may be there after all, but whole.
        assert!([1 + 2 * stored, 3 + 2 * stored].contains(&kept), "{kept} after {fails}: {said}");
        store.close().await.unwrap();
        kinds.insert(stored);
    }
    assert!(kinds.len() > 3, "it failed in every write: {kinds:?}");
}

/// The state of the reply in what a power cut left.
async fn left(scene: &str) -> Option<OutboxState> {
    let (stage, (seed, room)) = (Stage::build(), seed().await);
    let (_, folder) = stage.play(scene, &seed, room.0, 0);
    let store = Store::open(Place::new(folder.path().join("flushed")), seed.key.clone()).await.unwrap();
    assert!(store.is_sound().await.unwrap());
    let row = store.read(|tx| tx.outbox_row(op(1))).await.unwrap();
    store.close().await.unwrap();
    row.map(|row| row.state)
}

#[tokio::test]
async fn the_mark_about_to_send_survives_a_power_cut_right_after_it() {
    assert_eq!(left("cut").await, Some(OutboxState::Dispatching));
}

/// Otherwise the test above would prove nothing.
#[tokio::test]
async fn with_fewer_flushes_a_power_cut_takes_the_mark() {
    assert_eq!(left("cut_normal").await, None);
}
