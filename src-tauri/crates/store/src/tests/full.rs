//! No room on the disk: the write fails whole, reading goes on, and so does writing once there is room.

use super::fixture::{Profile, text};
use crate::Error;
use model::account::Account;
use std::sync::mpsc;
use tokio::sync::oneshot;

#[tokio::test]
async fn a_full_disk_is_told_keeps_nothing_of_the_write_and_is_over_when_there_is_room() {
    let profile = Profile::new().await;
    let account = profile.account(1).await;
    profile.tell(account, text("room", "first", "anna", 1, "Hallo")).await;
    let mut feed = profile.store.changes();
    profile.store.run_on_writer("PRAGMA max_page_count = 1").await.unwrap();
    let long = text("room", "second", "anna", 2, &"Wort ".repeat(200_000));
    let message = long.clone();
    let outcome = profile
        .store
        .write(move |tx| {
            super::fixture::tell(tx, account, &message)?;
            super::fixture::refresh(tx)
        })
        .await;
    assert!(matches!(outcome, Err(Error::Full)), "{outcome:?}");
    assert!(feed.try_recv().is_err());
    assert_eq!(profile.store.read(|tx| tx.unread_messages()).await.unwrap()[&account], 1);
    profile.store.run_on_writer("PRAGMA max_page_count = 1000000").await.unwrap();
    profile.tell(account, long).await;
    assert_eq!(profile.store.read(|tx| tx.unread_messages()).await.unwrap()[&account], 2);
}

/// A reader that says when it has begun and goes on reading until it is told to go.
fn long_reader(
    profile: &Profile,
) -> (impl Future<Output = Result<Vec<Account>, Error>>, oneshot::Receiver<()>, mpsc::Sender<()>) {
    let (go, wait) = mpsc::channel::<()>();
    let (began, has_begun) = oneshot::channel::<()>();
    let store = profile.store.clone();
    let reading = async move {
        store
            .read(move |tx| {
                let accounts = tx.accounts()?;
                let _ = began.send(());
                let _ = wait.recv();
                Ok::<_, Error>(accounts)
            })
            .await
    };
    (reading, has_begun, go)
}

#[tokio::test]
async fn a_log_that_a_reader_holds_is_cut_by_the_next_commit_after_it() {
    let profile = Profile::new().await;
    let account = profile.account(1).await;
    let (reading, has_begun, go) = long_reader(&profile);
    let writing = async {
        has_begun.await.unwrap();
        profile.tell(account, text("room", "m", "anna", 1, "geheim")).await;
        profile.write(move |tx| tx.apply_deletion(account, &"m".into(), super::fixture::at(2))).await;
        let log = profile.dir.path().join("kontor.db-wal");
        assert!(std::fs::metadata(&log).unwrap().len() > 0, "a reader still needs it");
        go.send(()).unwrap();
        log
    };
    let (accounts, log) = tokio::join!(reading, writing);
    assert_eq!(accounts.unwrap().len(), 1);
    profile.tell(account, text("room", "n", "anna", 3, "weiter")).await;
    assert_eq!(std::fs::metadata(log).unwrap().len(), 0);
}

#[tokio::test]
async fn a_log_that_grew_beyond_its_cap_behind_a_long_reader_is_cut_when_the_reader_is_gone() {
    let profile = Profile::new().await;
    let (reading, has_begun, go) = long_reader(&profile);
    let log = profile.dir.path().join("kontor.db-wal");
    let length = || std::fs::metadata(&log).unwrap().len();
    // The log is looked at now and then.
    let commits = async || {
        for n in 0..64 {
            profile.store.write(move |tx| tx.set_folder_told(&n.to_string())).await.unwrap();
        }
    };
    let writing = async {
        has_begun.await.unwrap();
        let much = "INSERT OR REPLACE INTO meta (key, value) VALUES ('much', printf('%.*c', 36000000, 'x'))";
        profile.store.run_on_writer(much).await.unwrap();
        profile.store.run_on_writer(much).await.unwrap();
        commits().await;
        assert!(length() > 64 << 20, "a reader still needs it");
        go.send(()).unwrap();
    };
    let (accounts, ()) = tokio::join!(reading, writing);
    assert!(accounts.unwrap().is_empty());
    commits().await;
    assert!(length() <= 64 << 20, "{} bytes", length());
}
