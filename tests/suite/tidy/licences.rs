//! Whatever comes into the product asks for no more than its name being mentioned; and the app mentions it.

use super::source::file;
use super::{assert_none, root};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

const SHOWN: &str = "src-tauri/crates/api/src/licences.json";
const STALE: &str = "Run `cargo xtask licences` and commit what it wrote.";

/// What deny.toml allows: everywhere, and for one package.
struct Allowed {
    everywhere: BTreeSet<String>,
    exceptions: BTreeMap<String, BTreeSet<String>>,
}

impl Allowed {
    fn of(deny: &str) -> Self {
        let licences =
            deny.split("[licenses]").nth(1).and_then(|rest| rest.split("\n[").next()).expect("[licenses]");
        let (everywhere, exceptions) = licences.split_once("exceptions").expect("exceptions");
        let exceptions = exceptions.lines().filter_map(|line| {
            let (name, allow) = line.split_once("crate = \"")?.1.split_once('"')?;
            Some((name.to_owned(), quoted(allow)))
        });
        Self { everywhere: quoted(everywhere), exceptions: exceptions.collect() }
    }

    fn takes(&self, package: &str, expression: &str) -> bool {
        let is_allowed = |licence: &str| {
            self.everywhere.contains(licence)
                || self.exceptions.get(package).is_some_and(|allowed| allowed.contains(licence))
        };
        // Older manifests write `/` for OR.
        let expression = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
        let mut words = expression.split_whitespace().peekable();
        any(&mut words, &is_allowed) && words.next().is_none()
    }
}

fn quoted(text: &str) -> BTreeSet<String> {
    text.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

/// `a OR b`
fn any(words: &mut Words, is_allowed: &dyn Fn(&str) -> bool) -> bool {
    let mut holds = all(words, is_allowed);
    while words.next_if_eq(&"OR").is_some() {
        holds |= all(words, is_allowed);
    }
    holds
}

/// `a AND b`
fn all(words: &mut Words, is_allowed: &dyn Fn(&str) -> bool) -> bool {
    let mut holds = one(words, is_allowed);
    while words.next_if_eq(&"AND").is_some() {
        holds &= one(words, is_allowed);
    }
    holds
}

/// `a`, `a WITH b`, `( … )`
fn one(words: &mut Words, is_allowed: &dyn Fn(&str) -> bool) -> bool {
    if words.next_if_eq(&"(").is_some() {
        let holds = any(words, is_allowed);
        return words.next_if_eq(&")").is_some() && holds;
    }
    let mut licence = words.next().unwrap_or_default().to_owned();
    if words.next_if_eq(&"WITH").is_some() {
        licence = format!("{licence} WITH {}", words.next().unwrap_or_default());
    }
    is_allowed(&licence)
}

fn allowed() -> Allowed {
    Allowed::of(&file("deny.toml").text)
}

/// What cargo knows of every package that a build for this machine takes in.
fn metadata() -> Value {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let host = Command::new("rustc").arg("-vV").output().expect("rustc is beside cargo").stdout;
    let host = String::from_utf8(host).expect("text");
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc names its host");
    // Where nobody has built the window yet, its packages are not there to be read: then those of the rest.
    for features in ["window", ""] {
        let mut command = Command::new(&cargo);
        command.current_dir(root()).args(["metadata", "--offline", "--format-version", "1"]);
        let output =
            command.args(["--filter-platform", host, "--features", features]).output().expect("cargo runs");
        if output.status.success() {
            return serde_json::from_slice(&output.stdout).expect("JSON");
        }
    }
    panic!("packages of other parts of the workspace are not there to be read: run `cargo fetch` once")
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[test]
fn every_package_has_a_licence_that_is_allowed() {
    let (allowed, metadata) = (allowed(), metadata());
    let packages = metadata["packages"].as_array().expect("packages");
    assert!(packages.len() > 100, "the packages are read");
    let refused = packages.iter().filter(|one| !allowed.takes(text(&one["name"]), text(&one["license"])));
    assert_none(
        refused.map(|one| format!("{}: {}", text(&one["name"]), one["license"])).collect(),
        "Take another package; or, if the licence asks for no more than attribution, add it to deny.toml.",
    );
}

/// name, version, licence of each line in the list that the app shows.
fn shown() -> Vec<(String, String, String)> {
    let list: Vec<Value> = serde_json::from_str(&file(SHOWN).text).expect("a list");
    let line = |one: &Value| {
        (text(&one["name"]).to_owned(), text(&one["version"]).to_owned(), text(&one["licence"]).to_owned())
    };
    list.iter().map(line).collect()
}

#[test]
fn what_the_app_shows_is_allowed_too() {
    let mut allowed = allowed();
    // The font's licence asks that the font keep its name and its licence; it is shown beside the others.
    allowed.exceptions.insert("@fontsource-variable/inter".into(), BTreeSet::from(["OFL-1.1".into()]));
    let refused = shown().into_iter().filter(|(name, _, licence)| !allowed.takes(name, licence));
    assert_none(
        refused.map(|(name, _, licence)| format!("{name}: {licence}")).collect(),
        "Take another package.",
    );
}

/// `name version` of everything that the two lock files hold.
fn locked() -> BTreeSet<String> {
    let cargo = file("Cargo.lock").text;
    let crates = cargo.split("[[package]]").skip(1).map(|package| {
        let field = |name: &str| quoted_value(package, &format!("\n{name} = \""));
        format!("{} {}", field("name"), field("version"))
    });
    let npm: Value = serde_json::from_str(&file("ui/package-lock.json").text).expect("JSON");
    let npm = npm["packages"].as_object().expect("packages").iter().filter_map(|(path, package)| {
        Some(format!("{} {}", path.rsplit_once("node_modules/")?.1, text(&package["version"])))
    });
    crates.chain(npm).collect()
}

fn quoted_value<'a>(text: &'a str, opening: &str) -> &'a str {
    text.split_once(opening).and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default()
}

/// What `Cargo.toml` files and imports name directly and what therefore must be in the list.
fn direct() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut manifests = vec![file("Cargo.toml")];
    for name in ["model", "store", "connect", "connectors", "engine", "api", "sandbox", "wiring"] {
        manifests.push(file(&format!("src-tauri/crates/{name}/Cargo.toml")));
    }
    for manifest in manifests {
        let parts = manifest.text.split("\n[").filter_map(|part| part.split_once("]\n"));
        // Of all systems and of one; what tests and builds need is not shown.
        let shipped = parts.filter(|(title, _)| {
            *title == "dependencies" || (title.starts_with("target.") && title.ends_with(".dependencies"))
        });
        let lines = shipped.flat_map(|(_, part)| part.lines()).filter(|line| !line.starts_with('#'));
        names.extend(lines.filter_map(|line| line.split(['.', ' ', '=']).next()).map(str::to_owned));
    }
    let npm: Value = serde_json::from_str(&file("ui/package.json").text).expect("JSON");
    let packages = npm["devDependencies"].as_object().expect("devDependencies");
    let mut sources = super::source::files("ui/src", &[".ts", ".svelte"]);
    sources.retain(|source| !source.is_test());
    for package in packages.keys() {
        let is_imported = |text: &str| {
            text.contains(&format!("from '{package}")) || text.contains(&format!("import '{package}"))
        };
        if sources.iter().any(|source| is_imported(&source.text)) {
            names.insert(package.clone());
        }
    }
    names.retain(|name| !name.is_empty() && !root().join("src-tauri/crates").join(name).exists());
    names
}

fn stale(
    shown: &[(String, String, String)],
    locked: &BTreeSet<String>,
    direct: &BTreeSet<String>,
) -> Vec<String> {
    let mut problems = Vec::new();
    for (name, version, _) in shown {
        if !locked.contains(&format!("{name} {version}")) {
            problems.push(format!("{SHOWN} shows {name} {version}, which is no longer built in"));
        }
    }
    let names: BTreeSet<&String> = shown.iter().map(|(name, ..)| name).collect();
    problems.extend(
        direct.iter().filter(|name| !names.contains(name)).map(|name| format!("{SHOWN} lacks {name}")),
    );
    problems
}

#[test]
fn the_licences_shown_are_those_of_what_is_built_in() {
    assert_none(stale(&shown(), &locked(), &direct()), STALE);
}

#[test]
fn a_licence_that_is_not_allowed_and_a_stale_list_are_found() {
    let allowed = Allowed::of(
        "[licenses]\nallow = [\n \"MIT\",\n \"Apache-2.0 WITH LLVM-exception\",\n]\nexceptions = [\n \
         { crate = \"option-ext\", allow = [\"MPL-2.0\"] },\n]\n\n[bans]\ndeny = [\"GPL-3.0\"]",
    );
    for (package, expression, is_taken) in [
        ("a", "MIT", true),
        ("a", "GPL-3.0 OR MIT", true),
        ("a", "GPL-3.0/MIT", true),
        ("a", "GPL-3.0 AND MIT", false),
        ("a", "(GPL-3.0 OR MIT) AND Apache-2.0 WITH LLVM-exception", true),
        ("a", "Apache-2.0", false),
        ("a", "MPL-2.0", false),
        ("option-ext", "MPL-2.0", true),
        ("a", "", false),
        ("a", "MIT MIT", false),
    ] {
        assert_eq!(allowed.takes(package, expression), is_taken, "{package}: {expression}");
    }
    let shown = [("a".to_owned(), "1.0.0".to_owned(), "MIT".to_owned())];
    let of = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    assert!(stale(&shown, &of(&["a 1.0.0"]), &of(&["a"])).is_empty());
    assert_eq!(stale(&shown, &of(&["a 1.0.1"]), &of(&["a", "b"])).len(), 2);
}
