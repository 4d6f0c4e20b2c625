//! The envelope of the data key.

use super::fixture::account;
use crate::vault::{
    Keychain, KeychainError, Protection, VaultError, add_keychain, add_passphrase, create_with_keychain,
    create_with_passphrase, open_with_keychain, open_with_passphrase, protection,
};
use crate::{DataKey, Place, Store};
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

#[derive(Default)]
struct FakeKeychain {
    entries: Mutex<BTreeMap<String, Vec<u8>>>,
    trouble: Mutex<Option<KeychainError>>,
}

impl FakeKeychain {
    fn check(&self) -> Result<(), KeychainError> {
        self.trouble.lock().unwrap().map_or(Ok(()), Err)
    }
}

impl Keychain for FakeKeychain {
    fn backend(&self) -> String {
        "fake".into()
    }
    fn get(&self, entry: &str) -> Result<Option<Vec<u8>>, KeychainError> {
        self.check()?;
        Ok(self.entries.lock().unwrap().get(entry).cloned())
    }
    fn set(&self, entry: &str, secret: &[u8]) -> Result<(), KeychainError> {
        self.check()?;
        self.entries.lock().unwrap().insert(entry.into(), secret.to_vec());
        Ok(())
    }
    fn delete(&self, entry: &str) -> Result<(), KeychainError> {
        self.entries.lock().unwrap().remove(entry);
        Ok(())
    }
}

fn nowhere() -> (TempDir, Place) {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::new(dir.path().join("profile"));
    (dir, place)
}

fn phrase(text: &str) -> SecretString {
    SecretString::from(text)
}

fn same(a: &DataKey, b: &DataKey) -> bool {
    a.bytes() == b.bytes()
}

#[tokio::test]
async fn a_profile_opens_by_the_keychain_it_was_made_with() {
    let ((_dir, place), keychain) = (nowhere(), Arc::new(FakeKeychain::default()));
    assert_eq!(protection(place.clone()).await, Ok(None));
    let made = create_with_keychain(place.clone(), keychain.clone()).await.unwrap();
    let store = Store::open(place.clone(), made.clone()).await.unwrap();
    store.write(|tx| tx.insert_account(&account(1))).await.unwrap();
    store.close().await.unwrap();
    let opened = open_with_keychain(place.clone(), keychain.clone()).await.unwrap();
    assert!(same(&made, &opened));
    assert_eq!(
        Store::open(place.clone(), opened).await.unwrap().read(|tx| tx.accounts()).await.unwrap().len(),
        1
    );
    let only_keychain = Protection { has_keychain: true, has_passphrase: false };
    assert_eq!(protection(place.clone()).await, Ok(Some(only_keychain)));
    let written = std::fs::read_to_string(place.envelope()).unwrap();
    for secret in keychain.entries.lock().unwrap().values().chain([&made.bytes().to_vec()]) {
        assert!(!written.contains(&hex::encode(secret)));
    }
}

#[tokio::test]
async fn each_trouble_of_the_keychain_has_a_name_of_its_own_and_changes_nothing() {
    let ((_dir, place), keychain) = (nowhere(), Arc::new(FakeKeychain::default()));
    for trouble in [KeychainError::Locked, KeychainError::Missing, KeychainError::Failed] {
        *keychain.trouble.lock().unwrap() = Some(trouble);
        let outcome = create_with_keychain(place.clone(), keychain.clone()).await;
        assert_eq!(outcome.err(), Some(VaultError::Keychain(trouble)));
        assert!(!place.is_taken());
    }
    *keychain.trouble.lock().unwrap() = None;
    create_with_keychain(place.clone(), keychain.clone()).await.unwrap();
    let before = std::fs::read(place.envelope()).unwrap();
    *keychain.trouble.lock().unwrap() = Some(KeychainError::Locked);
    let outcome = open_with_keychain(place.clone(), keychain.clone()).await;
    assert_eq!(outcome.err(), Some(VaultError::Keychain(KeychainError::Locked)));
    *keychain.trouble.lock().unwrap() = None;
    let kept = std::mem::take(&mut *keychain.entries.lock().unwrap());
    assert_eq!(open_with_keychain(place.clone(), keychain.clone()).await.err(), Some(VaultError::KeyGone));
    let other = kept.keys().map(|entry| (entry.clone(), vec![7; 32])).collect();
    *keychain.entries.lock().unwrap() = other;
    assert_eq!(open_with_keychain(place.clone(), keychain.clone()).await.err(), Some(VaultError::KeyGone));
    assert_eq!(std::fs::read(place.envelope()).unwrap(), before);
    *keychain.entries.lock().unwrap() = kept;
    assert!(open_with_keychain(place, keychain).await.is_ok());
}

#[tokio::test]
async fn a_passphrase_opens_and_another_one_does_not() {
    let (_dir, place) = nowhere();
    let short = create_with_passphrase(place.clone(), phrase("kürzer7")).await;
    assert_eq!(short.err(), Some(VaultError::PassphraseTooShort));
    let made = create_with_passphrase(place.clone(), phrase("Straße 42!")).await.unwrap();
    let wrong = open_with_passphrase(place.clone(), phrase("Strasse 42!")).await;
    assert_eq!(wrong.err(), Some(VaultError::WrongPassphrase));
    assert!(same(&made, &open_with_passphrase(place.clone(), phrase("Straße 42!")).await.unwrap()));
    let keychain = Arc::new(FakeKeychain::default());
    assert_eq!(open_with_keychain(place, keychain).await.err(), Some(VaultError::NotThisWay));
}

#[tokio::test]
async fn another_way_to_open_leaves_the_key_and_the_first_way_as_they_are() {
    let ((_dir, place), keychain) = (nowhere(), Arc::new(FakeKeychain::default()));
    let made = create_with_keychain(place.clone(), keychain.clone()).await.unwrap();
    add_passphrase(place.clone(), made.clone(), phrase("lang genug")).await.unwrap();
    assert!(same(&made, &open_with_passphrase(place.clone(), phrase("lang genug")).await.unwrap()));
    assert!(same(&made, &open_with_keychain(place.clone(), keychain.clone()).await.unwrap()));
    let moved = Arc::new(FakeKeychain::default());
    add_keychain(place.clone(), made.clone(), moved.clone()).await.unwrap();
    assert!(same(&made, &open_with_keychain(place.clone(), moved.clone()).await.unwrap()));
    add_keychain(place.clone(), made.clone(), moved.clone()).await.unwrap();
    assert_eq!(moved.entries.lock().unwrap().len(), 1, "the entry that opens nothing any more is removed");
    assert!(same(&made, &open_with_passphrase(place, phrase("lang genug")).await.unwrap()));
}

#[tokio::test]
async fn a_profile_is_never_replaced() {
    let ((_dir, place), keychain) = (nowhere(), Arc::new(FakeKeychain::default()));
    create_with_passphrase(place.clone(), phrase("lang genug")).await.unwrap();
    let before = std::fs::read(place.envelope()).unwrap();
    let again = create_with_keychain(place.clone(), keychain.clone()).await;
    assert_eq!(again.err(), Some(VaultError::Taken));
    assert_eq!(std::fs::read(place.envelope()).unwrap(), before);
    // Only the envelope is lost: the database is not to be written over either.
    std::fs::rename(place.envelope(), place.database()).unwrap();
    let again = create_with_passphrase(place.clone(), phrase("lang genug")).await;
    assert_eq!(again.err(), Some(VaultError::Taken));
    assert_eq!(protection(place).await, Err(VaultError::Damaged));
}

#[tokio::test]
async fn a_damaged_a_newer_and_a_weakened_envelope_are_told() {
    let (_dir, place) = nowhere();
    create_with_passphrase(place.clone(), phrase("lang genug")).await.unwrap();
    let whole = std::fs::read_to_string(place.envelope()).unwrap();
    let cases = [
        (whole[..40].to_owned(), VaultError::Damaged),
        ("{\"version\":2,\"everything\":\"else\"}".to_owned(), VaultError::Newer),
        (whole.replace("\"passes\": 3", "\"passes\": 1"), VaultError::WrongPassphrase),
    ];
    for (text, expected) in cases {
        assert_ne!(text, whole);
        std::fs::write(place.envelope(), text).unwrap();
        let outcome = open_with_passphrase(place.clone(), phrase("lang genug")).await;
        assert_eq!(outcome.err(), Some(expected));
    }
}
