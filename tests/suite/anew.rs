//! A new profile in place of one that cannot be opened: the old one is set aside as it is, and nothing of it is lost.

use crate::support::{Ada, Office};
use api::types::profile::{ProfilePlace, ProfileProblem, ProfileState, ProfileStatus};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use store::vault::KeychainError;

const FORGOTTEN: &str = "a walk along the harbour";

async fn status(office: &Office) -> ProfileStatus {
    office.call("profile_status", json!({})).await
}

async fn begin_anew(office: &Office) -> PathBuf {
    let aside: ProfilePlace = office.call("profile_begin_anew", json!({})).await;
    let now = status(office).await;
    assert_eq!((now.state, now.problem, now.may_begin_anew), (ProfileState::Empty, None, false));
    assert!(Path::new(&aside.folder).starts_with(office.dir.path().join("profile")));
    aside.folder.into()
}

/// An office under a passphrase, with a message and a draft; locked.
async fn locked(seed: u64) -> (Office, Ada) {
    let office = Office::open(seed).await;
    office.keychain.fail(Some(KeychainError::Missing));
    let _: Value = office.call("profile_protect", json!({ "passphrase": FORGOTTEN })).await;
    office.matrix().create_user("brand", "secret-brand", "Brand");
    office.connect_matrix("brand", "secret-brand").await;
    let ada = office.ada_writes("Hello?").await;
    let draft = json!({ "conversation": ada.conversation, "body": "half an answer", "files": [] });
    let _: Value = office.call("draft_save", draft).await;
    let office = office.crash_and_restart().await;
    assert_eq!(status(&office).await.state, ProfileState::PassphraseNeeded);
    (office, ada)
}

#[tokio::test(start_paused = true)]
async fn after_a_forgotten_passphrase_a_new_profile_fetches_again_and_the_old_one_still_opens() {
    let (office, ada) = locked(750).await;
    let aside = begin_anew(&office).await;

    let _: Value = office.call("profile_protect", json!({ "passphrase": "another one altogether" })).await;
    office.connect_matrix("brand", "secret-brand").await;
    office.settle().await;
    let fetched = office.conversation("Ada Becker").await;
    assert_eq!(office.texts(fetched).await, ["Hello?"]);
    assert_eq!(office.head(fetched).await.draft_body, "", "drafts stay in the old one");

    // The passphrase came to mind after all.
    let (profile, new) = (office.dir.path().join("profile"), office.dir.path().join("new"));
    office.app.shut_down().await;
    std::fs::rename(&profile, &new).unwrap();
    std::fs::rename(new.join(aside.file_name().unwrap()), &profile).unwrap();
    let office = office.crash_and_restart().await;
    let _: Value = office.call("profile_unlock", json!({ "passphrase": FORGOTTEN })).await;
    assert_eq!(office.head(ada.conversation).await.draft_body, "half an answer");
    assert_eq!(office.texts(ada.conversation).await, ["Hello?"]);
}

#[tokio::test(start_paused = true)]
async fn what_was_cut_off_while_a_profile_was_set_aside_is_finished_by_the_next_start() {
    let (office, _) = locked(751).await;
    let profile = office.dir.path().join("profile");
    let unfinished = profile.join("set-aside-2026-11-23-0800Z.unfinished");
    std::fs::create_dir(&unfinished).unwrap();
    std::fs::rename(profile.join("key.json"), unfinished.join("key.json")).unwrap();
    let office = office.crash_and_restart().await;
    assert_eq!(status(&office).await.state, ProfileState::Empty);
    assert!(profile.join("set-aside-2026-11-23-0800Z/kontor.db").exists() && !unfinished.exists());
}

#[tokio::test(start_paused = true)]
async fn a_key_that_is_gone_and_damage_without_a_copy_are_no_dead_end() {
    for (seed, problem) in [(752, ProfileProblem::KeyGone), (753, ProfileProblem::Damaged)] {
        let office = Office::with_matrix(seed).await;
        office.ada_writes("Hello?").await;
        let database = office.dir.path().join("profile/kontor.db");
        if problem == ProfileProblem::KeyGone {
            office.keychain.wipe();
        }
        office.app.shut_down().await;
        if problem == ProfileProblem::Damaged {
            std::fs::write(&database, vec![0x5a; 8192]).unwrap();
        }
        let before = std::fs::read(&database).unwrap();
        let office = office.crash_and_restart().await;
        let blocked = status(&office).await;
        assert_eq!((blocked.state, blocked.problem), (ProfileState::Blocked, Some(problem)));
        assert!(blocked.may_begin_anew && blocked.restorable.is_none());
        let aside = begin_anew(&office).await;
        assert_eq!(std::fs::read(aside.join("kontor.db")).unwrap(), before, "kept as it is");
        office.connect_matrix("brand", "secret-brand").await;
        office.settle().await;
        assert_eq!(office.texts(office.conversation("Ada Becker").await).await, ["Hello?"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_profile_with_another_way_back_is_not_set_aside() {
    let office = Office::with_matrix(754).await;
    assert!(!status(&office).await.may_begin_anew);
    office.refused("profile_begin_anew", json!({})).await;
    assert_eq!(office.accounts().await.len(), 1);
    let other = office.second_instance().await;
    assert_eq!(status(&other).await.problem, Some(ProfileProblem::InUse));
    other.refused("profile_begin_anew", json!({})).await;
    let envelope = office.dir.path().join("profile/key.json");
    office.app.shut_down().await;
    let mut newer: Value = serde_json::from_slice(&std::fs::read(&envelope).unwrap()).unwrap();
    newer["version"] = json!(99);
    std::fs::write(&envelope, newer.to_string()).unwrap();
    let office = office.crash_and_restart().await;
    assert_eq!(status(&office).await.problem, Some(ProfileProblem::NewerDatabase));
    office.refused("profile_begin_anew", json!({})).await;
    assert!(envelope.exists());
}
