//! What was taken back is gone from the bytes of the database and of its log. On a database in clear: a search in an
//! encrypted one cannot fail.

use super::fixture::{Profile, at, files_hold, text};
use crate::Error;
use model::RemoteId;

/// Folds to itself, and begins like no other word: FTS5 stores what words have in common only once.
const MARKER: &str = "xqzvjkwpbhgnfmrt";

async fn written(profile: &Profile) -> model::AccountId {
    let account = profile.account(1).await;
    for n in 0..200 {
        let body = format!("Ware Nummer {n} im Lager");
        profile.tell(account, text("room", &format!("m{n}"), "anna", n, &body)).await;
    }
    profile.tell(account, text("room", "secret", "anna", 300, MARKER)).await;
    assert!(files_hold(profile, MARKER), "the marker must be found while the message is there");
    account
}

#[tokio::test]
async fn an_unsent_message_is_gone_from_every_byte_of_the_database_and_its_log() {
    let profile = Profile::in_clear().await;
    let account = written(&profile).await;
    profile.write(move |tx| tx.apply_deletion(account, &"secret".into(), at(400))).await;
    assert!(!files_hold(&profile, MARKER));
    let hits = profile.store.read(|tx| tx.search_messages(MARKER, None, 10)).await.unwrap();
    assert!(hits.hits.is_empty());
}

#[tokio::test]
async fn an_unsent_message_is_gone_although_it_was_written_back_from_the_log_before() {
    let profile = Profile::in_clear().await;
    let account = written(&profile).await;
    assert!(profile.store.checkpoint_truncate().await.unwrap());
    assert!(files_hold(&profile, MARKER));
    profile.write(move |tx| tx.apply_deletion(account, &"secret".into(), at(400))).await;
    assert!(!files_hold(&profile, MARKER));
}

#[tokio::test]
async fn the_old_text_of_an_edited_message_is_gone() {
    let profile = Profile::in_clear().await;
    let account = written(&profile).await;
    profile.write(move |tx| tx.apply_edit(account, &"secret".into(), None, "neuer Text", at(400), "r")).await;
    assert!(!files_hold(&profile, MARKER));
    let hits = profile.store.read(|tx| tx.search_messages("neuer text", None, 10)).await.unwrap();
    assert_eq!(hits.hits.len(), 1);
}

#[tokio::test]
async fn an_edit_that_waited_for_a_message_that_was_deleted_first_is_gone() {
    let profile = Profile::in_clear().await;
    let account = profile.account(1).await;
    let target = RemoteId::from("never seen");
    let waiting = target.clone();
    profile.write(move |tx| tx.apply_edit(account, &waiting, None, MARKER, at(1), "r")).await;
    assert!(files_hold(&profile, MARKER));
    profile.write(move |tx| tx.apply_deletion(account, &target, at(2))).await;
    assert!(!files_hold(&profile, MARKER));
}

#[tokio::test]
async fn a_removed_account_leaves_nothing_readable_behind() {
    let profile = Profile::in_clear().await;
    let account = written(&profile).await;
    profile.store.write(move |tx| tx.remove_account(account).map(|_| ())).await.unwrap();
    assert!(!files_hold(&profile, MARKER));
    let left: Result<_, Error> = profile.store.read(|tx| Ok((tx.accounts()?, tx.media_ids()?))).await;
    assert_eq!(left.unwrap(), (vec![], vec![]));
}

#[tokio::test]
async fn a_log_that_a_crash_left_uncut_is_cut_by_the_next_write() {
    let profile = Profile::in_clear().await;
    let account = written(&profile).await;
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let (end, ends) = std::sync::mpsc::channel::<()>();
    let store = profile.store.clone();
    // A reader in the middle of something holds the log.
    let reader = async move {
        let read = move |tx: &crate::ReadTx<'_>| {
            tx.accounts()?;
            begun.send(()).expect("the test waits");
            ends.recv().expect("the test says when");
            Ok::<_, Error>(())
        };
        store.read(read).await.unwrap();
    };
    let crashed = tempfile::tempdir().unwrap();
    let crash = async {
        has_begun.await.unwrap();
        profile.write(move |tx| tx.apply_deletion(account, &"secret".into(), at(400))).await;
        for file in ["kontor.db", "kontor.db-wal"] {
            std::fs::copy(profile.dir.path().join(file), crashed.path().join(file)).unwrap();
        }
        end.send(()).unwrap();
    };
    tokio::join!(reader, crash);
    let store = crate::Store::open_in_clear(crate::Place::new(crashed.path())).await.unwrap();
    let reopened = Profile { dir: crashed, key: profile.key.clone(), store };
    assert!(files_hold(&reopened, MARKER), "the log still holds it");
    reopened.account(2).await;
    assert!(!files_hold(&reopened, MARKER));
}

#[tokio::test]
async fn the_index_would_keep_the_text_without_its_own_secure_delete() {
    let profile = Profile::in_clear().await;
    let careless = "INSERT INTO message_fts (message_fts, rank) VALUES ('secure-delete', 0)";
    profile.store.run_on_writer(careless).await.unwrap();
    let account = written(&profile).await;
    profile.write(move |tx| tx.apply_deletion(account, &"secret".into(), at(400))).await;
    assert!(files_hold(&profile, MARKER), "then the tests above could not fail, and prove nothing");
}
