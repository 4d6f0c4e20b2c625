//! Keys and passphrases, temporary profiles, the sandbox: never silently weaker, nothing left behind.

use crate::support::{BRAND, Office};
use api::ErrorCode;
use api::types::profile::{Prepared, ProfileProblem, ProfileState, ProfileStatus};
use model::settings::{Settings, Theme};
use serde_json::{Value, json};
use store::vault::KeychainError;

async fn status(office: &Office) -> ProfileStatus {
    office.call("profile_status", json!({})).await
}

#[tokio::test(start_paused = true)]
async fn with_a_keychain_nothing_is_asked_and_everything_is_there_after_a_restart() {
    let office = Office::with_matrix(1).await;
    let matrix = office.matrix();
    let ada = matrix.create_user("ada", "pw", "Ada Becker");
    let room = matrix.direct_room(BRAND, &ada);
    matrix.write(&room, &ada, "kept");
    office.settle().await;
    let office = office.crash_and_restart().await;
    assert_eq!(status(&office).await.state, ProfileState::Open);
    assert_eq!(office.texts(office.conversation("Ada Becker").await).await, ["kept"]);
}

/// The window asks once at the start. Told that something was left out, it would ask for everything a second time.
#[tokio::test(start_paused = true)]
async fn after_the_start_settings_are_known_and_no_change_is_left_out() {
    let office = Office::with_matrix(19).await;
    let ada = office.matrix().create_user("ada", "pw", "Ada Becker");
    let room = office.matrix().direct_room(BRAND, &ada);
    let mut settings: Settings = office.call("settings_get", json!({})).await;
    settings.theme = Theme::Dark;
    let _: Value = office.call("settings_set", json!(settings)).await;
    let office = office.crash_and_restart().await;
    let mut changes = office.app.changes();
    assert_eq!(office.app.settings().borrow().theme, Theme::Dark);
    office.settle().await;
    office.matrix().write(&room, &ada, "good morning");
    office.settle().await;
    let mut last = 0;
    while let Ok(change) = changes.try_recv() {
        assert_eq!(change.seq, last + 1, "{:?}", change.topics);
        last = change.seq;
    }
    assert!(last > 0, "the message is announced");
}

#[tokio::test(start_paused = true)]
async fn without_a_keychain_a_passphrase_or_nothing_is_chosen_and_never_something_weaker() {
    let office = Office::open(2).await;
    office.keychain.fail(Some(KeychainError::Missing));
    let prepared: Prepared = office.call("profile_prepare", json!({})).await;
    assert!(!prepared.is_ready);
    assert_eq!(prepared.problem, Some(ProfileProblem::KeychainMissing));
    assert_eq!(status(&office).await.state, ProfileState::Empty, "nothing was made");
    let short = office.refused("profile_protect", json!({ "passphrase": "short" })).await;
    assert_eq!((short.code, short.problem), (ErrorCode::Profile, Some(ProfileProblem::PassphraseTooShort)));
    let _: Value = office.call("profile_protect", json!({ "passphrase": "correct horse battery" })).await;
    assert_eq!(status(&office).await.state, ProfileState::Open);
    let office = office.crash_and_restart().await;
    assert_eq!(status(&office).await.state, ProfileState::PassphraseNeeded);
    let wrong = office.refused("profile_unlock", json!({ "passphrase": "wrong horse battery" })).await;
    assert_eq!(wrong.problem, Some(ProfileProblem::WrongPassphrase));
    let opened: ProfileStatus =
        office.call("profile_unlock", json!({ "passphrase": "correct horse battery" })).await;
    assert_eq!(opened.state, ProfileState::Open);
}

#[tokio::test(start_paused = true)]
async fn a_temporary_profile_leaves_nothing_behind() {
    let office = Office::open(3).await;
    office.keychain.fail(Some(KeychainError::Locked));
    let _: Value = office.call("profile_make_temporary", json!({})).await;
    assert_eq!(status(&office).await.state, ProfileState::Temporary);
    let office = office.crash_and_restart().await;
    assert_eq!(status(&office).await.state, ProfileState::Empty);
    assert_eq!(files_below(office.dir.path()), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_locked_or_emptied_keychain_is_said_and_the_database_is_left_alone() {
    let office = Office::with_matrix(4).await;
    office.keychain.fail(Some(KeychainError::Locked));
    let office = office.crash_and_restart().await;
    let blocked = status(&office).await;
    assert_eq!(
        (blocked.state, blocked.problem),
        (ProfileState::Blocked, Some(ProfileProblem::KeychainLocked))
    );
    office.keychain.fail(None);
    let opened: ProfileStatus = office.call("profile_try_again", json!({})).await;
    assert_eq!(opened.state, ProfileState::Open);
    assert_eq!(office.accounts().await.len(), 1);
    let size =
        |office: &Office| std::fs::metadata(office.dir.path().join("profile/kontor.db")).unwrap().len();
    let before = size(&office);
    office.keychain.wipe();
    let office = office.crash_and_restart().await;
    assert_eq!(status(&office).await.problem, Some(ProfileProblem::KeyGone));
    let prepared = office.refused("profile_prepare", json!({})).await;
    assert_eq!(prepared.code, ErrorCode::Internal, "a profile that is there is never replaced");
    assert!(size(&office) >= before);
}

#[tokio::test(start_paused = true)]
async fn the_sandbox_is_one_call_away_lives_and_leaves_nothing_behind() {
    let office = Office::open(5).await;
    let entered: ProfileStatus = office.call("sandbox_enter", json!({})).await;
    assert_eq!(entered.state, ProfileState::Sandbox);
    office.pass(30).await;
    assert!(office.accounts().await.len() >= 4);
    let listed = office.inbox("all").await.len();
    assert_eq!(listed, 200, "a full page");
    let counts: Value = office.call("inbox_counts", json!({})).await;
    assert!((10..=30).contains(&counts["unread"].as_u64().unwrap()), "{counts}");
    assert!((10..=30).contains(&counts["waiting"].as_u64().unwrap()), "a morning of work: {counts}");
    let newest = office.inbox("all").await[0].last_activity_at;
    office.pass(120).await;
    assert!(office.inbox("all").await[0].last_activity_at > newest, "live traffic");
    let left: ProfileStatus = office.call("sandbox_leave", json!({})).await;
    assert_eq!(left.state, ProfileState::Empty);
    assert_eq!(files_below(office.dir.path()), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn leaving_the_sandbox_brings_the_kept_profile_back() {
    let office = Office::with_matrix(6).await;
    let _: Value = office.call("sandbox_enter", json!({})).await;
    assert_ne!(office.accounts().await.len(), 1);
    let left: ProfileStatus = office.call("sandbox_leave", json!({})).await;
    assert_eq!(left.state, ProfileState::Open);
    assert_eq!(office.accounts().await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_visit_to_the_sandbox_does_not_cost_a_temporary_profile() {
    let office = Office::open(7).await;
    office.keychain.fail(Some(KeychainError::Missing));
    let _: Value = office.call("profile_make_temporary", json!({})).await;
    office.matrix().create_user("brand", "secret-brand", "Brand");
    office.connect_matrix("brand", "secret-brand").await;
    let _: Value = office.call("sandbox_enter", json!({})).await;
    assert!(office.accounts().await.len() >= 4);
    let left: ProfileStatus = office.call("sandbox_leave", json!({})).await;
    assert_eq!(left.state, ProfileState::Temporary);
    assert_eq!(office.accounts().await.len(), 1);
    let _: Value = office.call("sandbox_enter", json!({})).await;
    let office = office.crash_and_restart().await;
    assert_eq!(status(&office).await.state, ProfileState::Empty);
    assert_eq!(files_below(office.dir.path()), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_sandbox_that_cannot_be_made_leaves_the_profile_open() {
    let office = Office::with_matrix(8).await;
    let (profile, aside) = (office.dir.path().join("profile"), office.dir.path().join("aside"));
    std::fs::rename(&profile, &aside).unwrap();
    std::fs::write(&profile, "no folder").unwrap();
    let refused = office.refused("sandbox_enter", json!({})).await;
    assert_eq!(refused.problem, Some(ProfileProblem::NotWritable));
    assert_eq!(status(&office).await.state, ProfileState::Open);
    std::fs::remove_file(&profile).unwrap();
    std::fs::rename(&aside, &profile).unwrap();
    assert_eq!(office.accounts().await.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_profile_that_was_made_but_could_not_be_opened_can_be_tried_again() {
    let office = Office::open(9).await;
    let in_the_way = office.dir.path().join("profile/kontor.db-wal");
    std::fs::create_dir_all(&in_the_way).unwrap();
    office.refused("profile_prepare", json!({})).await;
    assert_eq!(status(&office).await.state, ProfileState::Blocked, "its key is there already");
    std::fs::remove_dir(&in_the_way).unwrap();
    let opened: ProfileStatus = office.call("profile_try_again", json!({})).await;
    assert_eq!(opened.state, ProfileState::Open);
}

/// Every file below a folder but empty folders and locks.
fn files_below(folder: &std::path::Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() {
            found.extend(files_below(&entry.path()));
        } else {
            found.push(entry.path().display().to_string());
        }
    }
    found
}
