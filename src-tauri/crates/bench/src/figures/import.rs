//! A first import: how long a whole corpus takes until it is durable, listed and searchable.

use crate::corpus::Line;
use crate::line::{Figure, load};
use crate::profile::Profile;
use crate::statistics::Spread;
use crate::time::Watch;
use engine::sync::ingest::BATCH;
use std::io::Write;
use std::path::Path;

const ROUNDS: usize = 3;

/// The import of a corpus against its bare lines appended to a file, made durable as often.
pub async fn import(beside: &Path, lines: &[Line]) -> anyhow::Result<Figure> {
    let (mut ratios, mut imports) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let ceiling_ms = append_ms(beside, lines)?;
        let mut profile = Profile::new(beside).await?;
        let watch = Watch::start();
        profile.import(lines).await?;
        imports.push(watch.ms());
        ratios.push(watch.ms() / ceiling_ms);
        profile.store.close().await?;
    }
    let spread = Spread::of(&imports);
    #[expect(clippy::cast_precision_loss, reason = "a corpus has fewer than 2^52 lines")]
    let per_s = lines.len() as f64 / spread.median * 1000.0;
    Ok(Figure {
        name: "import",
        what: "a first import / its lines appended durably",
        rounds: ratios,
        unit: "×",
        goal: None,
        behind: format!("{} messages in {}: {per_s:.0}/s; {}", lines.len(), spread.with_unit(" ms"), load()),
    })
}

fn append_ms(beside: &Path, lines: &[Line]) -> anyhow::Result<f64> {
    let mut file = tempfile::tempfile_in(beside)?;
    let watch = Watch::start();
    for batch in lines.chunks(BATCH) {
        let mut bytes = Vec::new();
        for line in batch {
            serde_json::to_writer(&mut bytes, line)?;
        }
        file.write_all(&bytes)?;
        file.sync_data()?;
    }
    Ok(watch.ms())
}
