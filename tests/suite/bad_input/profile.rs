use super::Bystander;
use crate::support::Office;
use api::types::profile::{ProfileProblem, ProfileState, ProfileStatus};
use serde_json::{Value, json};

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
    newer.app.shut_down().await;
    assert!(database() == before, "not a byte was written");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), envelope.to_string());
    std::fs::write(&path, today).unwrap();
    let again = office.second_instance().await;
    assert_eq!(status(&again).await.state, ProfileState::Open);
    bystander.is_untouched(&again).await;
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
