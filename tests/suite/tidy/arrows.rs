//! Which crate may know which.

use super::source::files;
use super::{assert_none, root};
use serde_json::{Value, json};
use std::process::Command;

/// Of ours: a crate and all it may depend on, in any way. What is missing here is absent on purpose.
const ARROWS: [(&str, &[&str]); 12] = [
    ("model", &[]),
    ("sandbox", &[]),
    ("xtask", &[]),
    ("store", &["model"]),
    ("connect", &["model"]),
    ("connectors", &["model", "connect"]),
    ("engine", &["model", "store", "connect"]),
    ("api", &["model", "store", "connect", "engine"]),
    // Above both the engine and the platforms, so that neither knows the other nor the sandbox.
    ("wiring", &["model", "connect", "connectors", "engine", "sandbox"]),
    ("hub", &["model", "store", "connect", "connectors", "engine", "api", "sandbox", "wiring"]),
    ("bench", &["model", "store", "connect", "connectors", "engine", "api", "sandbox", "wiring"]),
    ("kontor", &["model", "store", "connect", "connectors", "engine", "api", "sandbox", "wiring"]),
];

/// Of others: what only these crates of ours may depend on. A name that ends in `-` stands for all that begin so.
const OWNED: [(&str, &[&str]); 14] = [
    ("rusqlite", &["store"]),
    ("refinery", &["store"]),
    ("libsqlite3-sys", &["store"]),
    ("reqwest", &["connect"]),
    ("hyper", &["connect"]),
    ("oauth2", &["connect"]),
    ("axum", &["hub"]),
    ("tauri", &["kontor"]),
    ("tauri-", &["kontor"]),
    ("notify-rust", &["kontor", "bench"]),
    ("keyring-core", &["kontor"]),
    ("image", &["engine"]),
    ("ts-rs", &["model", "api"]),
    ("anyhow", &["kontor", "hub", "bench"]),
];

/// All that `model` may bring: it is pure.
const OF_MODEL: [&str; 3] = ["serde", "ts-rs", "uuid"];

fn problems(metadata: &Value) -> Vec<String> {
    let packages = metadata["packages"].as_array().expect("packages");
    let ours: Vec<&str> = packages.iter().map(|package| text(&package["name"])).collect();
    let mut problems = Vec::new();
    for package in packages {
        let name = text(&package["name"]);
        let Some((_, may)) = ARROWS.iter().find(|(crate_, _)| *crate_ == name) else {
            problems.push(format!("the crate `{name}` has no arrows yet"));
            continue;
        };
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let (to, is_shipped) = (text(&dependency["name"]), dependency["kind"].is_null());
            if name == "xtask" || (name == "model" && is_shipped && !OF_MODEL.contains(&to)) {
                problems.push(format!("`{name}` depends on `{to}`"));
            } else if ours.contains(&to) && !may.contains(&to) {
                problems.push(format!("`{name}` knows `{to}`"));
            } else if let Some((_, owners)) = OWNED.iter().find(|(owned, _)| is_named(to, owned))
                && !owners.contains(&name)
            {
                problems.push(format!("`{name}` depends on `{to}`, which belongs to {owners:?}"));
            }
        }
    }
    problems
}

fn is_named(name: &str, owned: &str) -> bool {
    name == owned || (owned.ends_with('-') && name.starts_with(owned))
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a name")
}

#[test]
fn the_arrows_between_crates_point_one_way() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.current_dir(root()).args(["metadata", "--no-deps", "--offline", "--format-version", "1"]);
    let output = command.output().expect("cargo started this test, so it can be started again");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_none(
        problems(&metadata),
        "Take the dependency out of the crate's Cargo.toml and hand in what it needs through a trait of `connect` or \
         a function's argument. A new crate gets its line in tests/suite/tidy/arrows.rs and in ARCHITECTURE.md.",
    );
    let root = metadata["packages"].as_array().expect("packages").iter().find(|one| one["name"] == "kontor");
    let features = &root.expect("the root package")["features"];
    assert_eq!(features["default"], json!([]), "plain `cargo test` shall not meet a web view");
}

#[test]
fn a_wrong_arrow_is_found() {
    let package = |name: &str, to: &str, kind: Value| json!({"name": name, "dependencies": [{"name": to, "kind": kind}]});
    let metadata = json!({"packages": [
        package("engine", "connectors", json!(null)),
        package("connectors", "sandbox", json!("dev")),
        package("sandbox", "serde", json!(null)),
        package("model", "tokio", json!(null)),
        package("api", "rusqlite", json!(null)),
        package("store", "tauri-plugin-opener", json!(null)),
        package("xtask", "serde", json!(null)),
        package("extra", "serde", json!(null)),
        package("hub", "axum", json!(null)),
    ]});
    assert_eq!(problems(&metadata).len(), 7, "{:?}", problems(&metadata));
}

/// One version and one set of features of everything, so that nothing is compiled twice.
#[test]
fn a_crate_takes_its_dependencies_from_the_workspace() {
    let mut problems = Vec::new();
    for manifest in files("src-tauri/crates", &["/Cargo.toml"]) {
        let mut is_dependencies = false;
        for (index, line) in manifest.text.lines().enumerate() {
            if line.starts_with('[') {
                is_dependencies = line.contains("dependencies");
            } else if is_dependencies && line.contains('=') && !line.contains("workspace = true") {
                problems.push(format!("{}: {line}", manifest.at(index + 1)));
            }
        }
    }
    assert_none(problems, "Name it once under [workspace.dependencies] in the root's Cargo.toml.");
}
