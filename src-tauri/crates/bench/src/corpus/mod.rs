//! Corpora: one message per line as JSON, in no guaranteed order, and queries that find something in them.
//!
//! `{"id":"x_3_1f","platform":"x","account":3,"conv":"c12","ts":1698885130400,"in":true,"author":"user12","text":"…"}`:
//! `ts` in ms since 1970, `account` an index, `id` unique per platform. A query is a line `kind TAB text`, the kind one
//! of `word`, `and` (two words), `prefix`, `phrase`. Corpora from elsewhere are welcome in the same shape.

mod chance;
mod generate;
mod queries;
mod words;

pub use generate::Corpus;

use anyhow::Context;
use serde::{Deserialize, Serialize};
use std::io::{BufRead, BufReader};
use std::path::Path;

/// One line of a corpus.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Unique per platform.
    pub id: String,
    /// Where it was written.
    pub platform: String,
    /// Which account of the brand.
    pub account: u32,
    /// Which conversation.
    #[serde(rename = "conv")]
    pub conversation: String,
    /// When, ms since 1970.
    #[serde(rename = "ts")]
    pub sent_at_ms: i64,
    /// Written by the customer.
    #[serde(rename = "in")]
    pub is_inbound: bool,
    /// Who wrote.
    pub author: String,
    /// What.
    pub text: String,
}

/// Reads a corpus and puts it into the order of time.
pub fn read(file: &Path) -> anyhow::Result<Vec<Line>> {
    let mut lines = Vec::new();
    for (index, line) in lines_of(file)?.enumerate() {
        let line = line.with_context(|| format!("{}", file.display()))?;
        lines.push(
            serde_json::from_str(&line)
                .with_context(|| format!("{}:{} is no line of a corpus", file.display(), index + 1))?,
        );
    }
    lines.sort_by(|one: &Line, other| (one.sent_at_ms, &one.id).cmp(&(other.sent_at_ms, &other.id)));
    Ok(lines)
}

/// Reads queries as the product's search takes them: a phrase in quotes.
pub fn read_queries(file: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let mut queries = Vec::new();
    for line in lines_of(file)? {
        let line = line?;
        let (kind, text) = line.split_once('\t').with_context(|| format!("no query: {line}"))?;
        queries.push((kind.to_owned(), queries::typed(kind, text)));
    }
    Ok(queries)
}

fn lines_of(file: &Path) -> anyhow::Result<impl Iterator<Item = std::io::Result<String>> + use<>> {
    let opened = std::fs::File::open(file).with_context(|| format!("{} cannot be opened", file.display()))?;
    Ok(BufReader::new(opened).lines())
}
