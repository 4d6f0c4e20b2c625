//! What the page in the window may do, compared with what was reviewed. A change of it fails here until somebody has
//! looked at the reviewed file too. No web view is needed: the configuration is read as Tauri's build reads it.

use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const REVIEWED: &str = "tests/golden/webview";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn json(path: impl AsRef<Path>) -> Value {
    serde_json::from_str(&text(path)).expect("JSON")
}

fn files(folder: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join(folder)).expect("the folder is there");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
    files.sort();
    files
}

fn lines(object: &Value, between: &str) -> String {
    let object: &Map<String, Value> = object.as_object().expect("an object");
    let mut lines: Vec<String> = object
        .iter()
        .map(|(name, value)| format!("{name}{between}{}\n", value.as_str().expect("text")))
        .collect();
    lines.sort();
    lines.concat()
}

fn assert_reviewed(file: &str, found: &str) {
    let reviewed = text(format!("{REVIEWED}/{file}"));
    assert_eq!(found, reviewed, "if this is meant, have somebody review {REVIEWED}/{file} with the change");
}

#[test]
fn the_content_policy_and_the_headers_are_the_reviewed_ones() {
    let security = &json("tauri.conf.json")["app"]["security"];
    assert_reviewed("csp.txt", &lines(&security["csp"], " "));
    assert_reviewed("headers.txt", &lines(&security["headers"], ": "));
    assert!(security.get("devCsp").is_none(), "development lives under the same policy");
    assert!(security.get("dangerousDisableAssetCspModification").is_none());
}

#[test]
fn the_window_has_no_way_in_but_the_one_command() {
    let config = json("tauri.conf.json");
    let (app, security) = (&config["app"], &config["app"]["security"]);
    assert_eq!(app["withGlobalTauri"], false);
    assert_eq!(security["freezePrototype"], true);
    assert_eq!(security["assetProtocol"]["enable"], false);
    assert_eq!(security["capabilities"], serde_json::json!(["main"]), "named, not found by chance");
    assert!(security.get("pattern").is_none(), "one command needs no isolation frame");
    assert_eq!(config["build"]["removeUnusedCommands"], true);
    assert!(config["build"].get("devUrl").is_none(), "the bundle is loaded, never a server");
    let windows = app["windows"].as_array().expect("windows");
    assert_eq!(windows.len(), 1);
    assert_eq!(windows[0]["dragDropEnabled"], false, "files go to the page as files, never as paths");
    assert!(windows[0].get("url").is_none() && windows[0].get("devtools").is_none());
}

#[test]
fn the_capabilities_resolve_to_the_reviewed_commands_and_no_others() {
    let own = own_permissions();
    let mut resolved = BTreeMap::new();
    for file in files("src-tauri/capabilities") {
        let capability = json(&file);
        let permissions = capability["permissions"].as_array().expect("permissions");
        let mut commands: Vec<String> = permissions
            .iter()
            // An object would carry a scope; none of our commands has one.
            .flat_map(|permission| commands(permission.as_str().expect("a name"), &own))
            .collect();
        commands.sort();
        let facts = serde_json::json!({
            "windows": capability["windows"],
            "remote": capability.get("remote"),
            "commands": commands,
        });
        resolved.insert(capability["identifier"].as_str().expect("a name").to_owned(), facts);
    }
    let found = serde_json::to_string_pretty(&resolved).expect("JSON") + "\n";
    assert_reviewed("capabilities.json", &found);
}

#[test]
fn what_the_build_took_in_is_what_the_sources_say() {
    // Only a build of the window writes it; without one there is nothing to compare.
    let Ok(built) = std::fs::read_to_string(root().join("gen/schemas/acl-manifests.json")) else { return };
    let manifests: Value = serde_json::from_str(&built).expect("JSON");
    let own = own_permissions();
    for name in json("src-tauri/capabilities/main.json")["permissions"].as_array().expect("permissions") {
        let name = name.as_str().expect("a name");
        let (plugin, permission) = name.rsplit_once(':').unwrap_or(("__app-acl__", name));
        let allowed = &manifests[plugin]["permissions"][permission]["commands"]["allow"];
        let built: Vec<&str> = allowed.as_array().expect(name).iter().filter_map(Value::as_str).collect();
        let ours = commands(name, &own);
        let ours: Vec<&str> =
            ours.iter().map(|command| command.rsplit('|').next().expect("a part")).collect();
        assert_eq!(built, ours, "{name}");
    }
}

/// The commands behind a permission. Sets (`default`) are not allowed: what they hold changes with a version of Tauri.
fn commands(name: &str, own: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let Some((plugin, permission)) = name.rsplit_once(':') else {
        return own.get(name).unwrap_or_else(|| panic!("{name} is in src-tauri/permissions")).clone();
    };
    let plugin =
        plugin.strip_prefix("core:").unwrap_or_else(|| panic!("{name}: only Tauri's core, no plugin"));
    let command = permission.strip_prefix("allow-").unwrap_or_else(|| panic!("{name}: one command, no set"));
    vec![format!("plugin:{plugin}|{}", command.replace('-', "_"))]
}

/// Our own permissions: identifier → commands. The files are ours and plain, so reading them line by line is enough.
fn own_permissions() -> BTreeMap<String, Vec<String>> {
    let mut own = BTreeMap::new();
    for file in files("src-tauri/permissions") {
        let (mut identifier, text) = (None, text(&file));
        for line in text.lines() {
            assert!(!line.starts_with("[[set]]") && !line.starts_with("[default]"), "{line}");
            let Some((key, value)) = line.split_once(" = ") else { continue };
            match key {
                "identifier" => identifier = Some(value.trim_matches('"').to_owned()),
                "commands.allow" => {
                    let commands: Vec<String> = serde_json::from_str(value).expect("a list of names");
                    own.insert(identifier.take().expect("the identifier comes first"), commands);
                }
                "description" => {}
                _ => panic!("{}: {key} is not expected", file.display()),
            }
        }
    }
    own
}

#[test]
fn tauri_is_new_enough_and_built_without_developer_tools() {
    let lock = text("Cargo.lock");
    let after = lock.split_once("name = \"tauri\"\nversion = \"").expect("tauri is locked").1;
    let version: Vec<u32> = after
        .split('"')
        .next()
        .expect("a version")
        .split('.')
        .map(|part| part.parse().expect("a number"))
        .collect();
    assert!(version >= vec![2, 11, 1] && version[0] == 2, "{version:?}");
    let manifest = text("Cargo.toml");
    let tauri = manifest.lines().find(|line| line.starts_with("tauri = ")).expect("tauri is a dependency");
    assert!(tauri.contains(r#"features = ["tray-icon", "image-png"]"#), "{tauri}");
    let features: String = manifest.lines().filter(|line| line.contains("\"tauri/")).collect();
    assert_eq!(features.matches("\"tauri/").count(), features.matches("\"tauri/custom-protocol\"").count());
}
