//! Opening a profile: what is there is never replaced, whatever is wrong with it.

use super::fixture::{Profile, text};
use crate::{DataKey, Error, Place, Store};
use std::io::{Read, Seek, SeekFrom, Write};

async fn filled() -> Profile {
    let profile = Profile::new().await;
    let account = profile.account(1).await;
    profile
        .write(move |tx| {
            for n in 0..300 {
                let body = "Wie lange dauert der Versand nach Österreich? ".repeat(5);
                super::fixture::tell(tx, account, &text("room", &format!("m{n}"), "anna", n, &body))?;
            }
            Ok(())
        })
        .await;
    profile
}

fn bytes(profile: &Profile) -> Vec<u8> {
    std::fs::read(profile.place().database()).unwrap()
}

#[tokio::test]
async fn what_was_written_is_there_after_a_restart() {
    let profile = filled().await.restart().await;
    let accounts = profile.store.read(|tx| tx.unread_messages()).await.unwrap();
    assert_eq!(accounts.into_values().collect::<Vec<_>>(), [300]);
}

#[tokio::test]
async fn nothing_readable_is_in_the_file() {
    let profile = filled().await;
    profile.store.close().await.unwrap();
    assert!(!bytes(&profile).windows(7).any(|window| window == b"Versand"));
    assert!(!bytes(&profile).starts_with(b"SQLite format 3"));
}

#[tokio::test]
async fn a_wrong_key_is_told_and_leaves_the_file_as_it_is() {
    let profile = filled().await;
    profile.store.close().await.unwrap();
    let before = bytes(&profile);
    let outcome = Store::open(profile.place(), DataKey::random()).await;
    assert!(matches!(outcome, Err(Error::WrongKey)));
    assert_eq!(bytes(&profile), before);
    assert!(Store::open(profile.place(), profile.key.clone()).await.is_ok());
}

#[tokio::test]
async fn an_overwritten_beginning_is_told_and_leaves_the_file_as_it_is() {
    let profile = filled().await;
    profile.store.close().await.unwrap();
    let mut file = std::fs::OpenOptions::new().write(true).open(profile.place().database()).unwrap();
    file.write_all(&[0; 4096]).unwrap();
    let before = bytes(&profile);
    assert!(matches!(Store::open(profile.place(), profile.key.clone()).await, Err(Error::WrongKey)));
    assert_eq!(bytes(&profile), before);
}

#[tokio::test]
async fn a_damaged_page_is_noticed_wherever_it_is() {
    let profile = filled().await;
    profile.store.close().await.unwrap();
    let whole = bytes(&profile);
    let pages = whole.len() / 4096;
    let mut told = 0;
    for page in (1..pages).step_by(7) {
        let mut file =
            std::fs::OpenOptions::new().read(true).write(true).open(profile.place().database()).unwrap();
        let place = SeekFrom::Start(page as u64 * 4096 + 100);
        let mut byte = [0];
        file.seek(place).unwrap();
        file.read_exact(&mut byte).unwrap();
        file.seek(place).unwrap();
        file.write_all(&[byte[0] ^ 1]).unwrap();
        drop(file);
        let noticed = match Store::open(profile.place(), profile.key.clone()).await {
            Err(error) => matches!(error, Error::Corrupt | Error::WrongKey),
            Ok(store) => {
                let outcome = store.is_sound().await;
                let _ = store.close().await;
                matches!(outcome, Ok(false) | Err(Error::Corrupt | Error::WrongKey))
            }
        };
        told += u32::from(noticed);
        assert!(noticed, "one flipped bit in page {page} of {pages}");
        std::fs::write(profile.place().database(), &whole).unwrap();
    }
    assert!(told > 3);
}

#[tokio::test]
async fn a_second_handle_on_the_same_profile_is_refused_until_the_first_is_closed() {
    let profile = Profile::new().await;
    assert!(profile.place().is_in_use());
    let second = Store::open(profile.place(), profile.key.clone()).await;
    assert!(matches!(second, Err(Error::AlreadyOpen)));
    profile.store.close().await.unwrap();
    assert!(Store::open(profile.place(), profile.key.clone()).await.is_ok());
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "no folder").unwrap();
    let outcome = Store::open(Place::new(file.join("profile")), DataKey::random()).await;
    assert!(matches!(outcome, Err(Error::Io(_))));
}

#[tokio::test]
async fn another_process_that_holds_the_database_is_waited_for_and_then_told() {
    let profile = Profile::in_clear().await;
    #[expect(clippy::disallowed_methods, reason = "plays another process")]
    let other = rusqlite::Connection::open(profile.place().database()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    profile.store.run_on_writer("PRAGMA busy_timeout = 50").await.unwrap();
    let settings = model::settings::Settings::default();
    let (first, second) = (settings.clone(), settings);
    assert!(matches!(profile.store.write(move |tx| tx.set_settings(&first)).await, Err(Error::Busy)));
    other.execute_batch("ROLLBACK").unwrap();
    profile.store.write(move |tx| tx.set_settings(&second)).await.unwrap();
}

#[tokio::test]
async fn every_connection_follows_the_recipe() {
    let profile = Profile::new().await;
    let recipe = [
        ("journal_mode", "wal"),
        ("synchronous", "2"),
        ("foreign_keys", "1"),
        ("secure_delete", "1"),
        ("trusted_schema", "0"),
        ("temp_store", "2"),
        ("cell_size_check", "1"),
        ("busy_timeout", "5000"),
        ("cipher_page_size", "4096"),
        ("cipher_hmac_algorithm", "HMAC_SHA256"),
    ];
    for (pragma, expected) in recipe {
        let read = move |tx: &crate::ReadTx<'_>| {
            tx.one(&format!("PRAGMA {pragma}"), [], |row| {
                Ok(match row.get(0)? {
                    rusqlite::types::Value::Integer(number) => number.to_string(),
                    rusqlite::types::Value::Text(text) => text,
                    other => format!("{other:?}"),
                })
            })
        };
        let writer = profile.store.write(move |tx| read(tx)).await.unwrap();
        let reader = profile.store.read(move |tx| read(tx)).await.unwrap();
        assert_eq!(writer.as_deref(), Some(expected), "{pragma} of the writer");
        assert_eq!(reader.as_deref(), Some(expected), "{pragma} of a reader");
    }
}
