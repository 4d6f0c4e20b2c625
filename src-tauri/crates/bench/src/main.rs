//! `bench`: how fast and how large Kontor is, against floors and ceilings measured in the same run.
//!
//! Figures need a quiet machine, so nothing here is a test; each line says how busy the machine was.
#![allow(clippy::disallowed_methods, reason = "a measurement reads the real clock")]

mod corpus;
mod disk;
mod figures;
mod line;
#[cfg(target_os = "linux")]
mod popup;
mod profile;
mod statistics;
mod time;
mod wide;
mod window;

use anyhow::Context;
use corpus::{Corpus, Line};
use line::{Figure, head};
use profile::Profile;
use std::io::Write;
use std::path::{Path, PathBuf};

const USAGE: &str = "\
bench [FIGURE …]                       take figures, all without any: commit import search list open start notify click key scroll
      [--messages N] [--seed S]        … with an invented corpus of N messages (10000)
      [--corpus FILE] [--queries FILE] … with a corpus of your own
bench generate N --seed S FILE         write an invented corpus to FILE and queries that it answers to FILE.queries";

const IN_PROCESS: [&str; 5] = ["commit", "import", "search", "list", "open"];
const IN_THE_WINDOW: [&str; 5] = ["start", "notify", "click", "key", "scroll"];
/// Live messages of the figure `commit`; they are not in the profile before.
const LIVE: usize = 1000;

fn main() -> anyhow::Result<()> {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    if words.iter().any(|word| word == "--help" || word == "-h") {
        println!("{USAGE}");
        return Ok(());
    }
    #[cfg(target_os = "linux")]
    if words == ["popups"] {
        return popup::serve();
    }
    let messages = number(&mut words, "--messages")?.unwrap_or(10_000);
    let seed = number(&mut words, "--seed")?.unwrap_or(1);
    let own = value(&mut words, "--corpus")?.map(PathBuf::from);
    let queries = value(&mut words, "--queries")?.map(PathBuf::from);
    if words.first().is_some_and(|word| word == "generate") {
        let [_, count, file] = words.as_slice() else { anyhow::bail!("{USAGE}") };
        return generate(count.parse().context("N is a number")?, seed, Path::new(file));
    }
    if let Some(unknown) = words.iter().find(|word| !known().any(|name| name == *word)) {
        anyhow::bail!("there is no figure `{unknown}`.\n{USAGE}");
    }
    let wished: Vec<&str> =
        known().filter(|name| words.is_empty() || words.iter().any(|word| word == name)).collect();
    let folder = tempfile::tempdir_in(std::env::current_exe()?.parent().context("we lie in a folder")?)?;
    let (corpus, queries) = match own {
        Some(own) => (own, queries),
        None => {
            let file = folder.path().join("corpus.jsonl");
            generate(messages, seed, &file)?;
            (file.clone(), Some(queries.unwrap_or_else(|| queries_beside(&file))))
        }
    };
    println!("{}", head());
    let mut print = |figure: &Figure| println!("{}", figure.line());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let lines = corpus::read(&corpus)?;
    runtime.block_on(in_process(&wished, &lines, queries.as_deref(), folder.path(), &mut print))?;
    let in_the_window: Vec<&str> = IN_THE_WINDOW.into_iter().filter(|name| wished.contains(name)).collect();
    if !in_the_window.is_empty() {
        let wide = folder.path().join("wide");
        if in_the_window.contains(&"scroll") {
            runtime.block_on(wide::make(&wide, wide::CONVERSATIONS))?;
        }
        window::take(&corpus, &wide, &in_the_window, &mut print)?;
    }
    Ok(())
}

fn known() -> impl Iterator<Item = &'static str> {
    IN_PROCESS.into_iter().chain(IN_THE_WINDOW)
}

async fn in_process(
    wished: &[&str],
    lines: &[Line],
    queries: Option<&Path>,
    folder: &Path,
    print: &mut dyn FnMut(&Figure),
) -> anyhow::Result<()> {
    if !wished.iter().any(|name| IN_PROCESS.contains(name)) {
        return Ok(());
    }
    let mut profile = Profile::new(folder).await?;
    profile.import(lines).await?;
    for name in wished {
        match (*name, queries) {
            ("commit", _) => print(&figures::commit(&mut profile, &live(lines)).await?),
            ("import", _) => print(&figures::import(folder, lines).await?),
            ("search", Some(queries)) => {
                print(&figures::search(&profile, &corpus::read_queries(queries)?).await?)
            }
            ("search", None) => println!("search needs --queries FILE with a corpus of your own"),
            ("list", _) => print(&figures::list(&profile).await?),
            ("open", _) => print(&figures::open(&mut profile).await?),
            _ => {}
        }
    }
    Ok(profile.store.close().await?)
}

/// New messages in known conversations, each a second after the one before.
fn live(lines: &[Line]) -> Vec<Line> {
    let end_ms = lines.iter().map(|line| line.sent_at_ms).max().unwrap_or_default();
    let again = lines.iter().rev().cycle().take(if lines.is_empty() { 0 } else { LIVE });
    (1..)
        .zip(again)
        .map(|(number, line)| Line {
            id: format!("live_{number}"),
            sent_at_ms: end_ms + i64::from(number) * 1000,
            is_inbound: true,
            ..line.clone()
        })
        .collect()
}

fn generate(count: usize, seed: usize, file: &Path) -> anyhow::Result<()> {
    let seed = u64::try_from(seed)?;
    let mut out = std::io::BufWriter::new(std::fs::File::create(file)?);
    for line in Corpus::new(count, seed) {
        serde_json::to_writer(&mut out, &line)?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    let mut queries = Corpus::queries(count, seed).join("\n");
    queries.push('\n');
    Ok(std::fs::write(queries_beside(file), queries)?)
}

fn queries_beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".queries");
    name.into()
}

fn number(words: &mut Vec<String>, option: &str) -> anyhow::Result<Option<usize>> {
    value(words, option)?
        .map(|text| text.parse().with_context(|| format!("{option} takes a number")))
        .transpose()
}

/// Takes an option and its value out of the words.
fn value(words: &mut Vec<String>, option: &str) -> anyhow::Result<Option<String>> {
    let Some(at) = words.iter().position(|word| word == option) else { return Ok(None) };
    anyhow::ensure!(at + 1 < words.len(), "{option} takes a value");
    words.remove(at);
    Ok(Some(words.remove(at)))
}
