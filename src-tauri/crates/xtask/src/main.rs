//! `cargo xtask …`: the commands of this repository. Std only, so that it can install what everything else
//! needs before it compiles.
#![allow(clippy::disallowed_methods, reason = "a tool on a developer's machine reads the real clock")]

mod bench;
mod cargo;
mod icons;
mod licences;
mod place;
mod process;
mod run;
mod screen;
mod system;
mod test;
mod ui;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask run [ARGUMENTS]    bring what is missing, build and open Kontor; ARGUMENTS go to Kontor
cargo xtask open [ARGUMENTS]   open Kontor as it was built last
cargo xtask test [--only PART] bring what is missing and run every test; PART: suite, ui, browser or window
cargo xtask bench [ARGUMENTS]  measure; ARGUMENTS choose the figures
cargo xtask fmt-check          is everything formatted?
cargo xtask icons              draw icons/ anew from its SVG files
cargo xtask licences           write the list of licences that Kontor shows";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut rest: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let command = if rest.is_empty() { "help" } else { rest.remove(0) };
    rest.retain(|argument| *argument != "--");
    let outcome = match command {
        "run" => run::run(&rest),
        "open" => run::open(&rest),
        "test" => test::run(&rest),
        "bench" => bench::measure(&rest),
        "fmt-check" => cargo::check_format(),
        "icons" => icons::draw(),
        "licences" => licences::write(),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        unknown => Err(format!("there is no command `{unknown}`.\n{USAGE}")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("\nxtask: {sentence}");
            ExitCode::FAILURE
        }
    }
}
