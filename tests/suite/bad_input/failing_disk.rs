//! A disk that fails. The test plays itself once more in a process of its own, whose flushes go through the store's own
//! failing disk (`disk.c`); the store's tests let each single read, write and flush fail.
#![cfg(target_os = "linux")]

use crate::support::{Ada, Office};
use api::ErrorCode;
use api::types::profile::{ProfileProblem, ProfileStatus};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the file is put from which on the disk fails; set where the test runs on it.
const ARMED: &str = "KONTOR_DISK_ARMED";
const NAME: &str =
    "bad_input::failing_disk::a_disk_that_fails_is_said_stops_storing_and_sending_and_loses_nothing";

#[test]
fn a_disk_that_fails_is_said_stops_storing_and_sending_and_loses_nothing() {
    if let Some(armed) = std::env::var_os(ARMED) {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().start_paused(true).build().unwrap();
        return runtime.block_on(on_a_failing_disk(&PathBuf::from(armed)));
    }
    let folder = tempfile::tempdir().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src-tauri/crates/store/src/tests/disk.c");
    let library = folder.path().join("disk.so");
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-D_FILE_OFFSET_BITS=64", "-o"]).arg(&library).arg(source).arg("-ldl");
    assert!(compiler.status().expect("what compiles SQLite is there").success());
    let output = Command::new(std::env::current_exe().unwrap())
        .args([NAME, "--exact", "--nocapture"])
        .env("LD_PRELOAD", &library)
        .env(ARMED, folder.path().join("armed"))
        .env("KONTOR_DISK_FAILS", "1")
        .env("KONTOR_DISK_FLUSHES_ONLY", "1")
        .output()
        .unwrap();
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

async fn on_a_failing_disk(armed: &Path) {
    let office = Office::with_matrix(44).await;
    let Ada { user: ada, room, conversation } = office.ada_writes("before").await;
    let matrix = office.matrix();
    office.reply(conversation, "Held when the disk failed").await;

    std::fs::write(armed, "").unwrap();
    matrix.write(&room, &ada, "while it fails");
    office.pass(300).await;
    assert!(armed.with_extension("failed").exists());
    let trouble =
        async |office: &Office| office.call::<ProfileStatus>("profile_status", json!({})).await.trouble;
    assert_eq!(trouble(&office).await, Some(ProfileProblem::DiskFailed));
    let draft = json!({ "conversation": conversation, "body": "x", "files": [] });
    assert_eq!(office.refused("draft_save", draft).await.code, ErrorCode::DiskFailed);
    assert!(!armed.with_extension("after").exists(), "nothing is written after it");
    assert_eq!(matrix.count_text(&room, "Held when the disk failed"), 0, "what cannot be stored is not sent");
    let texts = office.texts(conversation).await;
    assert!(texts.contains(&"before".to_owned()), "what is here can be read: {texts:?}");

    std::fs::remove_file(armed).unwrap();
    let office = office.crash_and_restart().await;
    office.pass(120).await;
    assert_eq!(trouble(&office).await, None, "over with a disk that works");
    let texts = office.texts(conversation).await;
    for text in ["before", "while it fails"] {
        assert_eq!(texts.iter().filter(|shown| *shown == text).count(), 1, "{text}: {texts:?}");
    }
    assert!(matrix.count_text(&room, "Held when the disk failed") <= 1);
}
