//! The figures of the real window: taken by the scripts in `window/`, judged here.

use crate::line::{Figure, Goal};
use crate::statistics::{Spread, median, quantile};
use anyhow::Context;
use serde::Deserialize;
use serde_json::json;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Starts of each program, and clicks and keys of each kind.
const ROUNDS: usize = 7;
const COUNT: usize = 60;
/// A frame that took longer was seen to be late.
const LATE_MS: f64 = 25.0;

/// Where this crate's scripts lie.
const SCRIPTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/window");

/// What a script measured.
#[derive(Debug, Deserialize)]
#[serde(tag = "figure", rename_all = "snake_case")]
enum Measured {
    Fill {
        messages: usize,
        filled_ms: f64,
    },
    Start {
        load: f64,
        own_ms: Vec<f64>,
        floor_ms: Vec<f64>,
        own_mib: Vec<f64>,
        floor_mib: Vec<f64>,
    },
    Notify {
        load: f64,
        notified_ms: Vec<f64>,
        popup_ms: Vec<f64>,
        daemon_ms: Vec<f64>,
        disk_ms: Vec<f64>,
        clicked_ms: Vec<f64>,
    },
    Click {
        load: f64,
        clicked_ms: Vec<f64>,
    },
    Key {
        load: f64,
        typed_ms: Vec<f64>,
    },
    Scroll {
        load: f64,
        frames_ms: Vec<f64>,
        most_rows: usize,
        rows_past: usize,
        bare_frames: usize,
    },
}

/// Takes figures (`start`, `notify`, `click`, `key`) with a profile that holds the corpus, and `scroll` with the one in the
/// folder `wide`; `print` gets each as it comes.
pub fn take(
    corpus: &Path,
    wide: &Path,
    figures: &[&str],
    print: &mut dyn FnMut(&Figure),
) -> anyhow::Result<()> {
    let kontor = beside_us("kontor")?;
    let logs = target()?.join("window/bench");
    std::fs::create_dir_all(&logs)?;
    let floor = logs.join("floor");
    if figures.contains(&"start") {
        compile_floor(&floor)?;
    }
    let wish = json!({
        "figures": figures,
        "corpus": corpus,
        "wide": wide,
        "passphrase": crate::wide::PASSPHRASE,
        "floor": floor,
        "page": format!("file://{SCRIPTS}/floor.html"),
        "rounds": ROUNDS,
        "count": COUNT,
        "logs": logs,
        "bench": std::env::current_exe()?,
    });
    let mut script = Command::new("node")
        .arg(format!("{SCRIPTS}/main.mjs"))
        .arg(wish.to_string())
        .env("KONTOR_BINARY", kontor)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("node could not be started")?;
    let output = script.stdout.take().expect("stdout is piped");
    for line in BufReader::new(output).lines() {
        let line = line?;
        let measured = serde_json::from_str(&line).with_context(|| format!("not a measurement: {line}"))?;
        for figure in judged(&measured) {
            print(&figure);
        }
    }
    let status = script.wait()?;
    anyhow::ensure!(
        status.success(),
        "the window could not be measured; its last lines are above, its logs in {}",
        logs.display()
    );
    Ok(())
}

fn judged(measured: &Measured) -> Vec<Figure> {
    match measured {
        Measured::Fill { messages, filled_ms } => vec![Figure {
            name: "fill",
            what: "sign-in and first sync, in the window",
            rounds: vec![*filled_ms],
            unit: " ms",
            goal: None,
            behind: format!("{messages} messages of 12 accounts by loopback; until all are up to date"),
        }],
        Measured::Start { load, own_ms, floor_ms, own_mib, floor_mib } => {
            let rounds = |own: &[f64], floor: &[f64], with: fn(f64, f64) -> f64| {
                own.iter().zip(floor).map(|(own, floor)| with(*own, *floor)).collect::<Vec<_>>()
            };
            let against = |own: &[f64], floor: &[f64], unit| {
                let (own, floor) = (Spread::of(own).with_unit(unit), Spread::of(floor).with_unit(unit));
                format!("{own} against {floor}; load {load:.1}")
            };
            vec![
                Figure {
                    name: "P7",
                    what: "start → rendered inbox / bare web view",
                    rounds: rounds(own_ms, floor_ms, |own, floor| own / floor),
                    unit: "×",
                    goal: Some(Goal(1.3)),
                    behind: against(own_ms, floor_ms, " ms"),
                },
                Figure {
                    name: "P8",
                    what: "memory of all processes − bare web view",
                    rounds: rounds(own_mib, floor_mib, |own, floor| own - floor),
                    unit: " MiB",
                    goal: Some(Goal(70.0)),
                    behind: against(own_mib, floor_mib, " MiB"),
                },
            ]
        }
        Measured::Notify { load, notified_ms, popup_ms, daemon_ms, disk_ms, clicked_ms } => {
            let parts = median(disk_ms) + median(popup_ms);
            let mut in_parts = p95("P9", "the same / (fdatasync + bare Notify)", notified_ms, 4.0, *load);
            in_parts.unit = "×";
            in_parts.rounds = vec![quantile(notified_ms, 0.95) / parts];
            in_parts.behind = format!(
                "fdatasync p50 {:.2} ms, Notify of a bare program p50 {:.2} ms, of that {:.2} ms in the daemon",
                median(disk_ms),
                median(popup_ms),
                median(daemon_ms)
            );
            vec![
                p95("P9", "platform's bytes → Notify returned, p95", notified_ms, 60.0, *load),
                in_parts,
                p95("click", "notification clicked → painted, p95", clicked_ms, 250.0, *load),
            ]
        }
        Measured::Click { load, clicked_ms } => {
            vec![p95("click", "conversation clicked → painted, p95", clicked_ms, 80.0, *load)]
        }
        Measured::Key { load, typed_ms } => vec![p95("key", "key → glyph, p95", typed_ms, 50.0, *load)],
        Measured::Scroll { load, frames_ms, most_rows, rows_past, bare_frames } => {
            let behind = format!(
                "{}; {} frames past {rows_past} rows, {bare_frames} of them with a row missing; load {load:.1}",
                Spread::of(frames_ms).with_unit(" ms"),
                frames_ms.len()
            );
            #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
            let share = |count: usize| 100.0 * count as f64 / frames_ms.len() as f64;
            let late = frames_ms.iter().filter(|ms| **ms > LATE_MS).count();
            #[expect(clippy::cast_precision_loss, reason = "a few dozen")]
            let rows = *most_rows as f64;
            [
                ("frame of a scrolled inbox, p50", quantile(frames_ms, 0.5), " ms", 17.5, behind),
                (
                    "frames over 25 ms",
                    share(late),
                    " %",
                    5.0,
                    format!("p95 {:.1} ms", quantile(frames_ms, 0.95)),
                ),
                ("rows that exist, at most", rows, "", 60.0, "of 100 000".to_owned()),
            ]
            .into_iter()
            .map(|(what, value, unit, goal, behind)| Figure {
                name: "P10",
                what,
                rounds: vec![value],
                unit,
                goal: Some(Goal(goal)),
                behind,
            })
            .collect()
        }
    }
}

fn p95(name: &'static str, what: &'static str, all_ms: &[f64], goal_ms: f64, load: f64) -> Figure {
    Figure {
        name,
        what,
        rounds: vec![quantile(all_ms, 0.95)],
        unit: " ms",
        goal: Some(Goal(goal_ms)),
        behind: format!("p50 {}; n = {}; load {load:.1}", Spread::of(all_ms).with_unit(" ms"), all_ms.len()),
    }
}

/// A program that was built with us.
fn beside_us(name: &str) -> anyhow::Result<PathBuf> {
    let path = std::env::current_exe()?.with_file_name(name);
    anyhow::ensure!(path.is_file(), "{} is not there; `cargo xtask bench` builds it", path.display());
    Ok(path)
}

/// Cargo's target folder: we lie in a folder of it.
fn target() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe()?;
    Ok(own.ancestors().nth(2).context("we lie in target/<profile>/")?.to_path_buf())
}

fn compile_floor(to: &Path) -> anyhow::Result<()> {
    let flags = Command::new("pkg-config").args(["--cflags", "--libs", "webkit2gtk-4.1"]).output()?;
    anyhow::ensure!(flags.status.success(), "webkit2gtk-4.1 is not there to compile the bare web view with");
    let flags = String::from_utf8(flags.stdout)?;
    let source = format!("{SCRIPTS}/floor.c");
    let status =
        Command::new("cc").args(["-O2", &source, "-o"]).arg(to).args(flags.split_whitespace()).status()?;
    anyhow::ensure!(status.success(), "the bare web view could not be compiled");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(line: &str) -> Vec<(String, f64, Option<bool>)> {
        let judged = judged(&serde_json::from_str(line).unwrap());
        judged.iter().map(|figure| (figure.name.to_owned(), median(&figure.rounds), figure.holds())).collect()
    }

    #[test]
    fn a_start_is_judged_round_by_round_against_its_floor() {
        let line = r#"{"figure":"start","load":1,"own_ms":[120,300,130],"floor_ms":[100,200,100],
            "own_mib":[270,280,260],"floor_mib":[200,200,200]}"#;
        let expected = [("P7".to_owned(), 1.3, Some(true)), ("P8".to_owned(), 70.0, Some(true))];
        assert_eq!(figures(line), expected);
    }

    #[test]
    fn scrolling_is_judged_by_its_frames_and_by_what_exists() {
        let line = r#"{"figure":"scroll","load":1,"frames_ms":[16,16,17,40],"most_rows":41,"rows_past":900,
            "bare_frames":0}"#;
        let found = figures(line);
        let expected = [("P10", 16.5, Some(true)), ("P10", 25.0, Some(false)), ("P10", 41.0, Some(true))];
        assert_eq!(found, expected.map(|(name, value, holds)| (name.to_owned(), value, holds)));
    }

    #[test]
    fn a_notification_is_judged_by_its_tail_and_against_its_parts() {
        let line = r#"{"figure":"notify","load":1,"notified_ms":[20,20,90],"popup_ms":[8,8,8],"daemon_ms":[5,5,5],"disk_ms":[2,2,2],
            "clicked_ms":[100,100,100]}"#;
        let found = figures(line);
        assert_eq!(
            found.iter().map(|(_, _, holds)| *holds).collect::<Vec<_>>(),
            [Some(false), Some(false), Some(true)]
        );
        assert!((found[1].1 - 8.3).abs() < 1e-9, "{found:?}");
    }
}
