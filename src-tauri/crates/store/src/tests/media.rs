//! The media cache.

use super::fixture::{Profile, text};
use crate::{Error, MediaState};
use model::MediaId;
use model::attachment::{AttachmentKind, MediaRef};
use model::remote::{RemoteAttachment, RemoteMessage};

fn source(key: &str, link: &str) -> MediaRef {
    MediaRef { key: key.into(), source: link.into() }
}

fn files(profile: &Profile) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(profile.place().media()).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[tokio::test]
async fn bytes_come_back_and_say_nothing_on_the_disk() {
    let profile = Profile::new().await;
    let id = MediaId::from("0123abcd");
    let bytes = b"\x89PNG a picture of a customer".repeat(1000);
    profile.store.put_media(id.clone(), bytes.clone()).await.unwrap();
    assert_eq!(profile.store.media_bytes(id.clone()).await.unwrap(), Some(bytes));
    let [file] = files(&profile).try_into().expect("one file and nothing half-written");
    assert!(!file.to_string_lossy().contains("0123abcd"));
    assert!(!std::fs::read(&file).unwrap().windows(8).any(|window| window == b"customer"));
    let profile = profile.restart().await;
    assert!(profile.store.media_bytes(id.clone()).await.unwrap().is_some());
    profile.store.delete_media(vec![id.clone(), "never there".into()]).await.unwrap();
    assert_eq!(profile.store.media_bytes(id).await.unwrap(), None);
}

#[tokio::test]
async fn a_damaged_or_exchanged_file_is_noticed() {
    let profile = Profile::new().await;
    profile.store.put_media("a".into(), vec![1; 100]).await.unwrap();
    let [a] = files(&profile).try_into().expect("one file");
    profile.store.put_media("b".into(), vec![2; 100]).await.unwrap();
    let b = files(&profile).into_iter().find(|file| *file != a).unwrap();
    std::fs::copy(&a, &b).unwrap();
    assert!(matches!(profile.store.media_bytes("b".into()).await, Err(Error::Sealed)));
    std::fs::write(&a, [0; 10]).unwrap();
    assert!(matches!(profile.store.media_bytes("a".into()).await, Err(Error::Sealed)));
}

#[tokio::test]
async fn the_same_ref_of_an_account_is_one_file_and_keeps_the_newest_source() {
    let profile = Profile::new().await;
    let (first, second) = (profile.account(1).await, profile.account(2).await);
    let ids = profile
        .write(move |tx| {
            Ok::<_, Error>([
                tx.register_media(first, &source("key", "https://cdn/1"))?,
                tx.register_media(first, &source("key", "https://cdn/2"))?,
                tx.register_media(second, &source("key", "https://cdn/1"))?,
            ])
        })
        .await;
    assert_eq!(ids[0], ids[1]);
    assert_ne!(ids[0], ids[2]);
    assert!(ids[0].as_str().chars().all(|c| c.is_ascii_hexdigit()));
    let id = ids[0].clone();
    let media = profile.store.read(move |tx| tx.media(&id)).await.unwrap().unwrap();
    assert_eq!(
        (media.source, media.state),
        (Some((first, source("key", "https://cdn/2"))), MediaState::Absent)
    );
}

#[tokio::test]
async fn a_file_that_is_here_stays_here_when_the_platform_gives_another_link() {
    let profile = Profile::new().await;
    let account = profile.account(1).await;
    let states = profile
        .write(move |tx| {
            let id = tx.register_media(account, &source("key", "https://cdn/1"))?;
            let state = |tx: &crate::ReadTx<'_>| Ok::<_, Error>(tx.media(&id)?.expect("it has a row").state);
            let absent = state(tx)?;
            tx.set_media_fetched(&id, "image/png", 5)?;
            tx.register_media(account, &source("key", "https://cdn/2"))?;
            Ok::<_, Error>([absent, state(tx)?])
        })
        .await;
    assert_eq!(states, [MediaState::Absent, MediaState::Fetched]);
}

#[tokio::test]
async fn a_sweep_deletes_files_without_a_row_and_keeps_the_others() {
    let profile = Profile::new().await;
    let account = profile.account(1).await;
    let attachment = RemoteAttachment {
        kind: AttachmentKind::Image,
        name: String::new(),
        mime: String::new(),
        size_bytes: None,
        pixels: None,
        media: Some(source("key", "link")),
        link: None,
    };
    profile
        .tell(account, RemoteMessage { attachments: vec![attachment], ..text("room", "m", "anna", 1, "") })
        .await;
    let id = profile.store.read(|tx| tx.media_ids()).await.unwrap().remove(0);
    profile.store.put_media(id.clone(), vec![1]).await.unwrap();
    profile.store.put_media("left behind by a crash".into(), vec![2]).await.unwrap();
    assert_eq!(profile.store.sweep_media().await.unwrap(), 1);
    assert_eq!(profile.store.media_bytes(id).await.unwrap(), Some(vec![1]));
    assert_eq!(files(&profile).len(), 1);
}

#[tokio::test]
async fn what_is_closed_writes_nothing_into_a_folder_that_may_be_gone() {
    let profile = Profile::new().await;
    let put = |name: &str| profile.store.put_media(name.into(), vec![7; 2 << 20]);
    let folder = profile.place().dir;
    let close = async {
        profile.store.close().await.unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
    };
    let (a, b, c, ()) = tokio::join!(put("a"), put("b"), put("c"), close);
    assert!([a, b, c].iter().all(Result::is_ok), "what was under way was waited for");
    assert!(matches!(put("late").await, Err(Error::Closed)));
    assert!(!folder.exists());
}
