use super::Bystander;
use crate::support::Office;
use api::Host;
use api::types::conversation::Saved;
use api::types::profile::{OpenedBy, ProfileProblem, ProfileState, ProfileStatus};
use serde_json::{Value, json};
use std::path::Path;

async fn status(office: &Office) -> ProfileStatus {
    office.call("profile_status", json!({})).await
}

#[tokio::test(start_paused = true)]
async fn a_profile_of_a_newer_kontor_is_refused_politely_and_left_as_it_is() {
    let office = Office::open(21).await;
    let bystander = Bystander::beside(&office).await;
    office.app.shut_down().await;
    let path = office.dir.path().join("profile/key.json");
    let today = std::fs::read_to_string(&path).unwrap();
    let mut envelope: Value = serde_json::from_str(&today).unwrap();
    envelope["version"] = json!(99);
    std::fs::write(&path, envelope.to_string()).unwrap();
    std::fs::write(path.with_file_name("opened-by"), "9.1.0").unwrap();
    std::fs::create_dir_all(path.with_file_name("media")).unwrap();
    std::fs::write(path.with_file_name("media").join("0a1b"), "a sealed picture").unwrap();
    let database = || std::fs::read(office.dir.path().join("profile/kontor.db")).unwrap();
    let before = database();
    let newer = office.second_instance().await;
    let blocked = status(&newer).await;
    assert_eq!(
        (blocked.state, blocked.problem),
        (ProfileState::Blocked, Some(ProfileProblem::NewerDatabase))
    );
    newer.refused("profile_prepare", json!({})).await;
    newer.refused("accounts_list", json!({})).await;
    let version: OpenedBy = newer.call("profile_opened_by", json!({})).await;
    assert_eq!(version.version.as_deref(), Some("9.1.0"), "which one opens it");

    // A copy of all of it, as it is: which the newer Kontor opens.
    let saved: Saved = newer.call("profile_export", json!({})).await;
    let copy = newer.notices.downloads().unwrap().join(&saved.file_name);
    let is_of_the_profile = |(name, _): &(String, Vec<u8>)| name != "lock";
    let profile: Vec<_> = files(&path.with_file_name("")).into_iter().filter(is_of_the_profile).collect();
    assert!(profile.len() >= 4 && files(&copy) == profile, "every file, byte for byte");
    let again: Saved = newer.call("profile_export", json!({})).await;
    assert_ne!(again.file_name, saved.file_name, "never over another copy");
    newer.app.shut_down().await;
    assert!(database() == before, "not a byte was written");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), envelope.to_string());
    std::fs::write(&path, today).unwrap();
    let again = office.second_instance().await;
    assert_eq!(status(&again).await.state, ProfileState::Open);
    bystander.is_untouched(&again).await;
}

/// Every file below a folder, by its path, with its content.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let (name, path) = entry.map(|entry| (entry.file_name(), entry.path())).unwrap();
        let name = name.into_string().unwrap();
        if path.is_dir() {
            found.extend(files(&path).into_iter().map(|(below, bytes)| (format!("{name}/{below}"), bytes)));
        } else {
            found.push((name, std::fs::read(path).unwrap()));
        }
    }
    found.sort();
    found
}

#[tokio::test(start_paused = true)]
async fn a_copy_is_offered_of_a_newer_profile_only_and_not_while_it_is_open() {
    let office = Office::open(26).await;
    Bystander::beside(&office).await;
    office.refused("profile_export", json!({})).await;
    office.app.shut_down().await;
    let path = office.dir.path().join("profile/key.json");
    let today = std::fs::read_to_string(&path).unwrap();
    let running = office.second_instance().await;
    std::fs::write(&path, r#"{"version":99}"#).unwrap();
    let older = office.second_instance().await;
    let refusal = older.refused("profile_export", json!({})).await;
    assert_eq!(refusal.problem, Some(ProfileProblem::InUse), "the newer one runs");
    running.app.shut_down().await;

    // No room for the copy: it is said, and no half of one stays.
    let downloads = older.notices.downloads().unwrap();
    std::fs::write(downloads.join(".kontor-unfinished"), "in the way").unwrap();
    older.refused("profile_export", json!({})).await;
    std::fs::remove_file(downloads.join(".kontor-unfinished")).unwrap();
    let _: Saved = older.call("profile_export", json!({})).await;
    std::fs::write(&path, today).unwrap();
    let opened: ProfileStatus = older.call("profile_try_again", json!({})).await;
    assert_eq!(opened.state, ProfileState::Open);
    older.refused("profile_export", json!({})).await;
}

#[tokio::test(start_paused = true)]
async fn a_second_instance_is_kept_out_and_may_take_over_when_the_first_has_ended() {
    let office = Office::open(22).await;
    let bystander = Bystander::beside(&office).await;
    let second = office.second_instance().await;
    let blocked = status(&second).await;
    assert_eq!((blocked.state, blocked.problem), (ProfileState::Blocked, Some(ProfileProblem::InUse)));
    let still: ProfileStatus = second.call("profile_try_again", json!({})).await;
    assert_eq!(still.problem, Some(ProfileProblem::InUse));
    bystander.is_untouched(&office).await;
    office.app.shut_down().await;
    let opened: ProfileStatus = second.call("profile_try_again", json!({})).await;
    assert_eq!(opened.state, ProfileState::Open);
    bystander.is_untouched(&second).await;
}

#[tokio::test(start_paused = true)]
async fn a_damaged_database_is_said_and_not_replaced() {
    let office = Office::open(23).await;
    Bystander::beside(&office).await;
    office.app.shut_down().await;
    let path = office.dir.path().join("profile/kontor.db");
    let whole = std::fs::read(&path).unwrap();
    let mut broken = whole.clone();
    broken[..4096].fill(0x5a);
    std::fs::write(&path, &broken).unwrap();
    let second = office.second_instance().await;
    let blocked = status(&second).await;
    assert_eq!((blocked.state, blocked.problem), (ProfileState::Blocked, Some(ProfileProblem::Damaged)));
    second.refused("profile_prepare", json!({})).await;
    assert!(std::fs::read(&path).unwrap() == broken, "left for whoever can mend it");
    std::fs::write(&path, &whole).unwrap();
    let opened: ProfileStatus = second.call("profile_try_again", json!({})).await;
    assert_eq!(opened.state, ProfileState::Open);
    assert_eq!(second.texts(second.conversation("Ada Becker").await).await, ["before the trouble"]);
}
