//! No room on the disk. The test plays itself once more in a process of its own, in a file system of a few megabytes.

use crate::support::{Ada, BRAND, Office};
use api::ErrorCode;
use api::types::profile::{ProfileProblem, ProfileStatus};
use model::account::AccountStatus;
use serde_json::{Value, json};
use std::io::Write;
use std::process::Command;

/// Set where the test runs inside the small file system.
const INSIDE: &str = "KONTOR_SMALL_DISK";
const NAME: &str = "bad_input::disk::a_full_disk_is_said_loses_nothing_and_is_over_when_there_is_room";

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_said_loses_nothing_and_is_over_when_there_is_room() {
    if std::env::var_os(INSIDE).is_some() {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        return runtime.enable_all().start_paused(true).build().unwrap().block_on(on_a_small_disk());
    }
    let folder = tempfile::tempdir().unwrap();
    let inside = "mount -t tmpfs -o size=16m tmpfs \"$0\" && TMPDIR=\"$0\" exec \"$@\"";
    // Whoever is root needs no user namespace, whoever is not may have one.
    let ways: [&[&str]; 2] = [&["--mount"], &["--user", "--map-root-user", "--mount"]];
    let mut said = String::new();
    for way in ways {
        let mut command = Command::new("unshare");
        command.args(way).args(["sh", "-c", inside]).arg(folder.path());
        command.arg(std::env::current_exe().unwrap()).args([NAME, "--exact", "--nocapture"]).env(INSIDE, "1");
        let output = command.output().expect("unshare is part of util-linux");
        said =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        if said.contains("running 1 test") {
            assert!(output.status.success() && said.contains("1 passed"), "{said}");
            return;
        }
    }
    panic!("a small file system cannot be made here (unshare --mount as root, or user namespaces): {said}");
}

/// Takes all the room there is; gives it back when it is dropped.
struct Filler(std::path::PathBuf);

impl Filler {
    fn fill(folder: &std::path::Path) -> Self {
        let path = folder.join("filler");
        let mut file = std::fs::File::create(&path).unwrap();
        for size in [1 << 16, 1 << 12, 1] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
        Self(path)
    }
}

impl Drop for Filler {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).unwrap();
    }
}

async fn on_a_small_disk() {
    let office = Office::with_matrix(31).await;
    let Ada { user: ada, room, conversation } = office.ada_writes("before").await;
    let matrix = office.matrix();
    office.reply(conversation, "Held when the disk filled up").await;
    let trouble = async || office.call::<ProfileStatus>("profile_status", json!({})).await.trouble;
    assert_eq!(trouble().await, None);

    let filler = Filler::fill(office.dir.path());
    let long = "Wörter ".repeat(2_000);
    for number in 0..40 {
        matrix.write(&room, &ada, &format!("{number} {long}"));
        office.pass(1).await;
    }
    assert_eq!(trouble().await, Some(ProfileProblem::DiskFull));
    let draft = json!({ "conversation": conversation, "body": long.repeat(20), "files": [] });
    assert_eq!(office.refused("draft_save", draft).await.code, ErrorCode::DiskFull);
    office.pass(300).await;
    assert!(matrix.count_text(&room, "Held when the disk filled up") <= 1);
    assert!(office.texts(conversation).await.contains(&"before".to_owned()), "what is here can be read");

    drop(filler);
    office.pass(120).await;
    let _: Value =
        office.call("draft_save", json!({ "conversation": conversation, "body": "x", "files": [] })).await;
    assert_eq!(trouble().await, None, "over when there is room");
    let texts = office.texts(conversation).await;
    for number in 0..40 {
        let text = format!("{number} {long}");
        assert_eq!(
            texts.iter().filter(|shown| shown.trim_end() == text.trim_end()).count(),
            1,
            "message {number}"
        );
    }
    assert_eq!(
        matrix.count_text(&room, "Held when the disk filled up"),
        1,
        "sent once, when that could be stored"
    );
    let office = office.crash_and_restart().await;
    assert_eq!(office.messages(conversation).await.len(), 42, "and all of it is there after a restart");

    let filler = Filler::fill(office.dir.path());
    for number in 40..80 {
        matrix.write(&room, &ada, &format!("{number} {long}"));
        office.pass(1).await;
    }
    let account = json!({ "account": office.accounts().await[0].id });
    assert_eq!(office.refused("account_remove", account).await.code, ErrorCode::DiskFull);
    drop(filler);
    office.pass(120).await;
    let account = &office.accounts().await[0];
    assert_eq!(account.status, AccountStatus::Live, "what could not be removed works on");
    assert_eq!(office.messages(conversation).await.len(), 82);

    let filler = Filler::fill(office.dir.path());
    for number in 80..120 {
        matrix.write(&room, &ada, &format!("{number} {long}"));
        office.pass(1).await;
    }
    matrix.end_sessions(BRAND);
    office.pass(60).await;
    drop(filler);
    office.pass(120).await;
    let status = office.accounts().await[0].status;
    assert_eq!(
        status,
        AccountStatus::SignInAgain,
        "a sign-in that ended meanwhile is said when that can be stored"
    );
}
