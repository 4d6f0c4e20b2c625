//! `cargo xtask test`: every test there is, one step after the other, and an honest count.

mod advisories;
mod step;
mod tally;

use crate::system::{Need, bring};
use crate::{cargo, place, ui};
use std::process::Command;
use step::{Report, Step};

/// The parts that `--only` names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Suite,
    Ui,
    Browser,
    Window,
}

impl Part {
    const ALL: [Part; 4] = [Part::Suite, Part::Ui, Part::Browser, Part::Window];

    fn name(self) -> &'static str {
        match self {
            Part::Suite => "suite",
            Part::Ui => "ui",
            Part::Browser => "browser",
            Part::Window => "window",
        }
    }

    fn needs(self) -> &'static [Need] {
        match self {
            Part::Suite => &[Need::Build],
            Part::Ui => &[],
            Part::Browser => &[Need::Build, Need::Browser],
            Part::Window => &[Need::Build, Need::Display, Need::Window],
        }
    }

    /// Browser and window tests drive built programs.
    fn has_binaries(self) -> bool {
        matches!(self, Part::Browser | Part::Window)
    }
}

/// Brings what is missing and runs the parts asked for.
pub fn run(arguments: &[&str]) -> Result<(), String> {
    let parts = parts_of(arguments)?;
    let mut needs = Vec::new();
    for need in parts.iter().flat_map(|part| part.needs()) {
        if !needs.contains(need) {
            needs.push(*need);
        }
    }
    bring(&needs)?;
    ui::bring_packages()?;
    let mut report = Report::default();
    if parts.contains(&Part::Suite) {
        report.run(Step::check("formatting", cargo::format_check(), "Run `cargo fmt --all`."));
        advisories::of_rust(&mut report);
    }
    if parts.contains(&Part::Ui) {
        report.run(Step::tests(
            "UI checks",
            npm_script("check"),
            "In ui/, `npm run check` repeats it alone.",
        ));
        advisories::of_npm(&mut report);
    }
    if parts.iter().any(|part| *part != Part::Ui) {
        report.prepare("UI bundle", ui::build);
    }
    if parts.contains(&Part::Suite) && report.is_prepared() {
        let mut clippy = cargo::cargo("clippy");
        clippy.args(["--all-targets", "--", "--deny", "warnings"]);
        report.run(Step::check("lints", clippy, "Mend what Clippy names above."));
        let mut suite = cargo::cargo("test");
        suite.arg("--no-fail-fast");
        report.run(Step::tests("Rust tests", suite, "`cargo test --workspace NAME` repeats one test alone."));
    }
    if parts.iter().any(|part| part.has_binaries()) && report.is_prepared() {
        report.prepare("programs", cargo::build);
    }
    if parts.contains(&Part::Browser) {
        browser(&mut report);
    }
    if parts.contains(&Part::Window) {
        window(&mut report);
    }
    report.close(std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false"))
}

fn browser(report: &mut Report) {
    if !report.is_prepared() {
        return report.skip("browser tests: there is nothing to drive, see the failure above");
    }
    let mut command = npm_script("e2e");
    command.env("KONTOR_HUB", place::binary("hub"));
    report.run(Step::tests(
        "browser tests",
        command,
        "In ui/, `npm run e2e` repeats it alone; pictures lie in target/.",
    ));
}

fn window(report: &mut Report) {
    if !cfg!(target_os = "linux") {
        return report.skip("window tests: they drive WebKitGTK on Linux");
    }
    if !report.is_prepared() {
        return report.skip("window tests: there is nothing to drive, see the failure above");
    }
    let files = match window_files() {
        Ok(files) => files,
        Err(sentence) => return report.prepare("window tests", || Err(sentence)),
    };
    let mut command = Command::new("node");
    command
        .current_dir(place::root())
        // One after the other: each has a desktop and a server of its own, and a machine has few cores.
        .args(["--test", "--test-concurrency=1", "--test-reporter=spec"])
        .args(files)
        .env("KONTOR_BINARY", place::binary("kontor"))
        .env("KONTOR_TARGET", place::target());
    report.run(Step::tests(
        "window tests",
        command,
        "Pictures and logs of each test lie in target/window/; `cargo xtask test --only window` repeats them.",
    ));
}

/// Named one by one, because what a folder means to `node --test` differs from version to version.
fn window_files() -> Result<Vec<std::path::PathBuf>, String> {
    let folder = place::root().join("tests/window");
    let entries = std::fs::read_dir(&folder).map_err(|error| {
        format!("{} cannot be read ({error}); is this a whole checkout?", folder.display())
    })?;
    let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.to_string_lossy().ends_with(".test.mjs"));
    files.sort();
    Ok(files)
}

fn npm_script(name: &str) -> Command {
    let mut command = ui::npm_in_ui();
    command.args(["run", name]);
    command
}

fn parts_of(arguments: &[&str]) -> Result<Vec<Part>, String> {
    match arguments {
        [] => Ok(Part::ALL.to_vec()),
        ["--only", name] => match Part::ALL.into_iter().find(|part| part.name() == *name) {
            Some(part) => Ok(vec![part]),
            None => Err(format!("there is no part `{name}`; the parts are suite, ui, browser and window.")),
        },
        _ => Err("`cargo xtask test` knows one option: --only suite|ui|browser|window.".into()),
    }
}
