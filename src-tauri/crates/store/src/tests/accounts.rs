//! Accounts and their secrets.

use super::fixture::{Profile, account, at, files_hold, text};
use crate::Error;
use model::account::{AccountSettings, AccountStatus};
use model::attachment::{AttachmentKind, MediaRef};
use model::remote::{RemoteAttachment, RemoteMessage};
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;

fn secrets(token: &str) -> BTreeMap<String, SecretString> {
    BTreeMap::from([("access_token".to_owned(), SecretString::from(token))])
}

#[tokio::test]
async fn an_account_is_read_back_as_it_was_written() {
    let profile = Profile::new().await;
    let id = profile.account(1).await;
    profile.account(2).await;
    let mut expected = account(1);
    assert_eq!(profile.store.read(|tx| tx.accounts()).await.unwrap(), [expected.clone(), account(2)]);
    expected.status = AccountStatus::Throttled { until: at(9) };
    expected.settings = AccountSettings { sends_read_receipts: true, notifies: false };
    expected.verified_at = Some(at(7));
    (expected.name, expected.config) = ("Neuer Name".into(), "{}".into());
    profile
        .write(move |tx| {
            tx.set_account_status(id, AccountStatus::Throttled { until: at(9) }, Some(at(7)))?;
            tx.set_account_status(id, AccountStatus::Throttled { until: at(9) }, Some(at(6)))?;
            tx.set_account_status(id, AccountStatus::Throttled { until: at(9) }, None)?;
            tx.set_account_settings(id, AccountSettings { sends_read_receipts: true, notifies: false })?;
            tx.set_account_identity(id, "Neuer Name", "{}")
        })
        .await;
    let (platform, remote_id) = (expected.platform.clone(), expected.remote_id.clone());
    let found = profile.store.read(move |tx| tx.account_by_remote(&platform, &remote_id)).await.unwrap();
    assert_eq!(found, Some(expected));
}

#[tokio::test]
async fn the_same_identity_twice_is_refused() {
    let profile = Profile::new().await;
    profile.account(1).await;
    let twin = model::account::Account { id: account(2).id, ..account(1) };
    let outcome: Result<(), Error> = profile.store.write(move |tx| tx.insert_account(&twin)).await;
    assert!(matches!(outcome, Err(Error::Sql(_))));
}

#[tokio::test]
async fn secrets_are_sealed_in_the_file_and_replaced_as_a_whole() {
    let profile = Profile::in_clear().await;
    let id = profile.account(1).await;
    profile.write(move |tx| tx.keep_secrets(id, &secrets("syt_first_token"))).await;
    let mut more = secrets("syt_second_token");
    more.insert("refresh_token".into(), SecretString::from("syr_token"));
    profile.write(move |tx| tx.keep_secrets(id, &more)).await;
    let read = profile.store.read(move |tx| tx.secrets(id)).await.unwrap();
    assert_eq!(read["access_token"].expose_secret(), "syt_second_token");
    assert_eq!(read.len(), 2);
    profile.write(move |tx| tx.keep_secrets(id, &secrets("syt_third_token"))).await;
    assert_eq!(profile.store.read(move |tx| tx.secrets(id)).await.unwrap().len(), 1);
    for token in ["syt_first_token", "syt_second_token", "syt_third_token", "syr_token"] {
        assert!(!files_hold(&profile, token));
    }
}

#[tokio::test]
async fn a_sealed_secret_does_not_open_for_another_account_field_or_version() {
    let profile = Profile::new().await;
    let (first, second) = (profile.account(1).await, profile.account(2).await);
    profile.write(move |tx| tx.keep_secrets(first, &secrets("token"))).await;
    let moves = [
        "UPDATE account_secret SET account = 2",
        "UPDATE account_secret SET account = 1, field = 'refresh_token'",
        "UPDATE account_secret SET field = 'access_token', version = version + 1",
        "UPDATE account_secret SET version = version - 1, sealed = zeroblob(60)",
    ];
    for sql in moves {
        profile.store.run_on_writer(sql).await.unwrap();
        let owner = if sql.ends_with("account = 2") { second } else { first };
        let outcome = profile.store.read(move |tx| tx.secrets(owner)).await;
        assert!(matches!(outcome, Err(Error::Sealed)), "{sql}");
    }
}

#[tokio::test]
async fn a_removed_account_takes_everything_of_its_own_along_and_nothing_else() {
    let profile = Profile::new().await;
    let (first, second) = (profile.account(1).await, profile.account(2).await);
    let picture = RemoteAttachment {
        kind: AttachmentKind::Image,
        name: String::new(),
        mime: String::new(),
        size_bytes: None,
        pixels: None,
        media: Some(MediaRef { key: "a".into(), source: "b".into() }),
        link: None,
    };
    for account in [first, second] {
        let attachments = vec![picture.clone()];
        profile.tell(account, RemoteMessage { attachments, ..text("room", "m", "anna", 1, "Hallo") }).await;
        profile.write(move |tx| tx.keep_secrets(account, &secrets("token"))).await;
        profile.write(move |tx| tx.apply_deletion(account, &"unknown".into(), at(1))).await;
    }
    let media = profile.write(move |tx| tx.remove_account(first)).await;
    assert_eq!(media.len(), 1);
    let counts = |tx: &crate::ReadTx<'_>| {
        let tables = [
            "account",
            "account_secret",
            "contact",
            "conversation",
            "message",
            "attachment",
            "media",
            "account_state",
            "pending_mutation",
        ];
        tables
            .iter()
            .map(|table| tx.one(&format!("SELECT count(*) FROM {table}"), [], |row| row.get::<_, i64>(0)))
            .collect::<Result<Vec<_>, Error>>()
    };
    assert_eq!(profile.store.read(counts).await.unwrap(), [Some(1); 9]);
    let hits = profile.store.read(|tx| tx.search_messages("hallo", None, 10)).await.unwrap().hits;
    assert_eq!(hits.len(), 1);
    assert_eq!(profile.store.read(|tx| tx.search_names("room", 10)).await.unwrap().len(), 1);
    assert!(matches!(profile.store.read(move |tx| tx.secrets(first)).await, Err(Error::Missing("account"))));
}

#[tokio::test]
async fn the_end_of_a_sign_in_is_told_once_until_it_is_another_end() {
    const DAY_MS: i64 = 86_400_000;
    let profile = Profile::new().await;
    let id = profile.account(1).await;
    let ends = async |at: Option<i64>| {
        profile.write(move |tx| tx.set_sign_in_end(id, at.map(model::Timestamp))).await;
        profile.store.read(|tx| tx.sign_in_ends()).await.unwrap().get(&id).map(|at| at.0)
    };
    let tell = async || profile.write(move |tx| tx.tell_sign_in_end_once(id)).await;
    assert_eq!(ends(None).await, None);
    assert_eq!(ends(Some(100 * DAY_MS)).await, Some(100 * DAY_MS));
    assert_eq!([tell().await, tell().await], [true, false]);
    assert_eq!(ends(Some(100 * DAY_MS + 3_600_000)).await, Some(100 * DAY_MS + 3_600_000));
    assert!(!tell().await, "the same end, more exactly");
    ends(Some(160 * DAY_MS)).await;
    assert_eq!([tell().await, tell().await], [true, false]);
    ends(None).await;
    ends(Some(160 * DAY_MS)).await;
    assert!(tell().await, "signed in again in between");
}
