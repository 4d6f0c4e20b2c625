//! `cargo xtask bench`: the figures, measured with the release build.

use crate::process::run;
use crate::system::{Need, bring};

pub fn measure(arguments: &[&str]) -> Result<(), String> {
    bring(&[Need::Build])?;
    run(
        crate::cargo::bench().args(arguments),
        "The lines above say which figure could not be taken, and why.",
    )
}
