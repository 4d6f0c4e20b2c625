//! `cargo xtask bench`: the figures, measured with what is shipped: window and bench built for release.

use crate::process::run;
use crate::system::{Need, bring};
use crate::{cargo, ui};

/// Brings what is missing, builds and measures.
pub fn measure(arguments: &[&str]) -> Result<(), String> {
    bring(&[Need::Build, Need::Display, Need::Window])?;
    ui::bring_packages()?;
    ui::build()?;
    cargo::build_to_measure()?;
    run(cargo::measured().args(arguments), "The lines above say which figure could not be taken, and why.")
}
