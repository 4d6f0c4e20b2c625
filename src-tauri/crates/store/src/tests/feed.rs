//! The write lane and the change feed.

use super::fixture::{Profile, account, tell, text};
use crate::{Commit, Error, Topic};
use model::settings::{Settings, Theme};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::sync::broadcast::error::TryRecvError;

fn settings(minutes: u32) -> Settings {
    Settings { reply_target_minutes: minutes, ..Settings::default() }
}

#[tokio::test]
async fn commits_are_announced_after_commit_and_in_order() {
    let profile = Profile::new().await;
    let mut feed = profile.store.changes();
    for n in 1..=20 {
        profile.store.write(move |tx| tx.set_settings(&settings(n))).await.unwrap();
        let commit = feed.try_recv().expect("announced before the caller goes on");
        assert_eq!(commit, Commit { seq: n.into(), topics: BTreeSet::from([Topic::Settings]) });
        let stored = profile.store.read(|tx| tx.settings()).await.unwrap();
        assert_eq!(stored.reply_target_minutes, n, "what is announced can be read");
    }
}

#[tokio::test]
async fn a_rollback_is_silent_and_changes_nothing() {
    let profile = Profile::new().await;
    let mut feed = profile.store.changes();
    let outcome: Result<(), Error> = profile
        .store
        .write(|tx| {
            tx.set_settings(&settings(7))?;
            Err(Error::Missing("reason to go on"))
        })
        .await;
    assert!(matches!(outcome, Err(Error::Missing(_))));
    assert_eq!(feed.try_recv(), Err(TryRecvError::Empty));
    assert_eq!(profile.store.read(|tx| tx.settings()).await.unwrap(), Settings::default());
}

#[tokio::test]
async fn a_panic_in_a_write_takes_it_back_and_the_next_one_goes_on() {
    panic_in_a_write().await;
}

/// There the write runs where it is asked for.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_in_a_write_takes_it_back_in_a_runtime_of_many_threads_too() {
    panic_in_a_write().await;
}

async fn panic_in_a_write() {
    let profile = Profile::new().await;
    let store = profile.store.clone();
    let mut caller = tokio::task::JoinSet::new();
    caller.spawn(async move {
        let torn: Result<(), Error> = store
            .write(|tx| {
                tx.set_settings(&settings(7))?;
                panic!("in the middle")
            })
            .await;
        torn
    });
    let torn = caller.join_next().await.expect("there is one caller");
    assert!(torn.unwrap_err().is_panic());
    assert_eq!(profile.store.read(|tx| tx.settings()).await.unwrap(), Settings::default());
    profile.store.write(|tx| tx.set_settings(&settings(9))).await.unwrap();
}

#[tokio::test]
async fn a_caller_that_goes_away_does_not_tear_its_write() {
    let profile = Profile::new().await;
    let mut feed = profile.store.changes();
    let (go, wait) = std::sync::mpsc::channel::<()>();
    let mut write = Box::pin(profile.store.write(move |tx| {
        tx.set_settings(&settings(11))?;
        wait.recv().expect("the test lets it go on");
        tx.insert_account(&account(1))
    }));
    // Polled once, so that it has begun; then nobody waits for it any more.
    assert!(futures_poll(&mut write).is_none());
    drop(write);
    go.send(()).unwrap();
    let commit = tokio::time::timeout(Duration::from_secs(10), feed.recv()).await.unwrap().unwrap();
    assert_eq!(commit.topics, BTreeSet::from([Topic::Settings, Topic::Accounts]));
    assert_eq!(profile.store.read(|tx| tx.accounts()).await.unwrap().len(), 1);
}

fn futures_poll<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::Pin::new(future).poll(&mut context) {
        std::task::Poll::Ready(value) => Some(value),
        std::task::Poll::Pending => None,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_writers_at_once_lose_nothing_and_are_announced_one_by_one() {
    let profile = Profile::new().await;
    let account = profile.account(1).await;
    let mut feed = profile.store.changes();
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..50 {
        let store = profile.store.clone();
        writers.spawn(async move {
            for n in 0..4 {
                let message = text("room", &format!("{writer}-{n}"), "anna", writer, "Wort");
                store
                    .write(move |tx| {
                        tell(tx, account, &message)?;
                        super::fixture::refresh(tx)
                    })
                    .await
                    .unwrap();
            }
        });
    }
    while let Some(done) = writers.join_next().await {
        done.unwrap();
    }
    let unread = profile.store.read(|tx| tx.unread_messages()).await.unwrap();
    assert_eq!(unread[&account], 200);
    let mut seqs = Vec::new();
    while let Ok(commit) = feed.try_recv() {
        seqs.push(commit.seq);
    }
    assert_eq!(seqs.len(), 200);
    assert!(seqs.windows(2).all(|pair| pair[1] == pair[0] + 1), "{seqs:?}");
}

#[tokio::test]
#[should_panic(expected = "table `setting` was written")]
async fn a_table_that_is_written_without_its_topic_fails_the_test() {
    let profile = Profile::new().await;
    let sql = "INSERT INTO setting (id, value) VALUES (1, '{}')";
    let _: Result<usize, Error> = profile.store.write(move |tx| tx.execute(sql, [])).await;
}

#[tokio::test]
#[should_panic(expected = "changed and not refreshed")]
async fn a_conversation_that_is_left_stale_fails_the_test() {
    let profile = Profile::new().await;
    let account = profile.account(1).await;
    let _ = profile.store.write(move |tx| tell(tx, account, &text("room", "m", "anna", 1, "Wort"))).await;
}

#[tokio::test]
async fn a_fact_that_is_told_again_is_no_change() {
    let profile = Profile::new().await;
    let account = profile.account(1).await;
    let message = text("room", "m", "anna", 1, "Wort");
    profile.tell(account, message.clone()).await;
    let mut feed = profile.store.changes();
    profile.tell(account, message).await;
    assert_eq!(feed.try_recv(), Err(TryRecvError::Empty));
}

#[tokio::test]
async fn lists_and_readers_cannot_write() {
    let profile = Profile::new().await;
    let sql = "INSERT INTO setting (id, value) VALUES (1, '{}')";
    for outcome in [
        profile.store.read(move |tx| tx.all(sql, [], |_| Ok(()))).await,
        profile.store.read_list(move |tx| tx.all(sql, [], |_| Ok(()))).await,
    ] {
        assert!(matches!(outcome, Err(Error::Io(std::io::ErrorKind::PermissionDenied))), "{outcome:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn simulated_time_stands_still_while_the_store_works() {
    let profile = Profile::new().await;
    let began = tokio::time::Instant::now();
    let work = async {
        for n in 0..20 {
            profile.store.write(move |tx| tx.set_settings(&settings(n))).await.unwrap();
            profile.store.read(|tx| tx.settings()).await.unwrap();
        }
    };
    tokio::select! {
        biased;
        () = work => {}
        () = tokio::time::sleep(Duration::from_secs(3600)) => panic!("an hour went by"),
    }
    assert_eq!(began.elapsed(), Duration::ZERO);
}

#[tokio::test]
async fn after_closing_every_handle_says_so() {
    let profile = Profile::new().await;
    let other = profile.store.clone();
    profile.store.close().await.unwrap();
    let theme = Settings { theme: Theme::Dark, ..Settings::default() };
    assert!(matches!(other.write(move |tx| tx.set_settings(&theme)).await, Err(Error::Closed)));
    assert!(matches!(other.read(|tx| tx.settings()).await, Err(Error::Closed)));
    other.close().await.unwrap();
}
