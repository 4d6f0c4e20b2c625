//! Every call of cargo, so that nothing is compiled twice.
//!
//! Cargo compiles a dependency once per set of features, and the set depends on which packages and features are
//! asked for. So all calls ask for the same: `--workspace` and the feature `window`, whether the window is run,
//! the hub is served to a browser or the suite is tested. `window` is the shell with the UI inside, hence the UI
//! is always built first. Clippy checks in a mode of its own; that is the one pass that cannot be shared.
//! (`cargo test` typed by hand stays without `window` and never meets a web view.)

use crate::place;
use crate::process::run;
use std::process::Command;

/// What every call asks for.
const SAME: [&str; 3] = ["--workspace", "--features", "window"];

/// cargo in the repository, with the same packages and features as always.
pub fn cargo(verb: &str) -> Command {
    let mut command = plain(verb);
    command.args(SAME);
    command
}

/// cargo in the repository, as it is typed.
pub fn plain(verb: &str) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(place::root()).arg(verb);
    // Set by the `cargo run` that started us; it would make other crates' build scripts run again.
    for name in ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO_PKG_NAME", "CARGO_PKG_VERSION"] {
        command.env_remove(name);
    }
    command
}

/// The window, the hub and the bench, as they are run and tested.
pub fn build() -> Result<(), String> {
    run(&mut cargo("build"), "The lines above name the file; mend it and start again.")
}

/// The command that says whether everything is formatted.
pub fn format_check() -> Command {
    let mut command = plain("fmt");
    command.args(["--all", "--check"]);
    command
}

/// Is everything formatted?
pub fn check_format() -> Result<(), String> {
    run(&mut format_check(), "Run `cargo fmt --all`.")
}

/// The window and the program that measures it, optimised (`[profile.bench]`).
pub fn build_to_measure() -> Result<(), String> {
    let mut command = cargo("build");
    command.args(["--profile", "bench"]);
    run(&mut command, "The lines above name the file; mend it and start again.")
}

/// The measuring program. Cargo keeps what `[profile.bench]` builds where it keeps releases.
pub fn measured() -> Command {
    let mut command = Command::new(place::target().join("release").join("bench"));
    command.current_dir(place::root());
    command
}
