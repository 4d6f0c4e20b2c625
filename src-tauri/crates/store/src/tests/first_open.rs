//! The first connections of a process, opened by several threads at once. SQLite is initialised once per process, so the
//! test plays itself again in a process of its own, in which whoever initialises is slow.

use crate::connection::Opener;
use crate::vault::DataKey;
use std::sync::Barrier;

/// Set where the child process below opens.
const CHILD: &str = "KONTOR_TEST_FIRST_OPEN";
const THREADS: usize = 4;

#[test]
#[cfg(target_os = "linux")]
fn nobody_opens_a_database_before_the_cipher_is_initialised_to_its_end() {
    use std::{path::Path, process::Command};
    let dir = tempfile::tempdir().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/tests/slow_start.c");
    let library = dir.path().join("slow_start.so");
    let mut compiler = Command::new("cc");
    compiler.args(["-shared", "-fPIC", "-o"]).arg(&library).arg(source).arg("-ldl");
    assert!(compiler.status().expect("what compiles SQLite is there").success());
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tests::first_open::the_child_that_opens", "--nocapture"])
        .env(CHILD, "1")
        .env("LD_PRELOAD", &library)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    let stderr = String::from_utf8_lossy(&child.stderr);
    assert!(child.status.success() && said.contains("1 passed"), "{said}{stderr}");
}

#[test]
fn the_child_that_opens() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let barrier = Barrier::new(THREADS);
    std::thread::scope(|scope| {
        for number in 0..THREADS {
            let path = dir.path().join(format!("{number}.db"));
            let opener = Opener { path, key: Some(DataKey::random()), cache_kib: 1024 };
            let barrier = &barrier;
            scope.spawn(move || {
                barrier.wait();
                opener.open_writer().unwrap();
            });
        }
    });
}
