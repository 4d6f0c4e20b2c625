//! `cargo xtask icons`: every picture in icons/ from its SVG files.

use crate::place;
use crate::process::run;
use crate::system::{Need, bring};
use std::path::Path;
use std::process::Command;

/// Up to here the simplified drawing is used.
const SMALL_PX: u32 = 32;

/// Apple's names for the sizes of an icon set, each a PNG.
const APPLE: [(&[u8; 4], u32); 8] = [
    (b"icp4", 16),
    (b"icp5", 32),
    (b"ic11", 32),
    (b"ic12", 64),
    (b"ic07", 128),
    (b"ic08", 256),
    (b"ic09", 512),
    (b"ic10", 1024),
];

/// Draws them all.
pub fn draw() -> Result<(), String> {
    bring(&[Need::Icons])?;
    let icons = place::root().join("icons");
    for (name, width_px) in [("32x32", 32), ("128x128", 128), ("128x128@2x", 256), ("icon", 512)] {
        app(&icons, width_px, &icons.join(format!("{name}.png")))?;
    }
    for name in ["tray", "tray-unread"] {
        render(&icons.join(format!("{name}.svg")), 64, &icons.join(format!("{name}.png")))?;
    }
    windows(&icons)?;
    apple(&icons)
}

fn app(icons: &Path, width_px: u32, to: &Path) -> Result<(), String> {
    let drawing = if width_px <= SMALL_PX { "kontor-small.svg" } else { "kontor.svg" };
    render(&icons.join(drawing), width_px, to)
}

fn render(drawing: &Path, width_px: u32, to: &Path) -> Result<(), String> {
    let mut command = Command::new("rsvg-convert");
    command.arg(drawing).args(["--width", &width_px.to_string(), "--output"]).arg(to);
    run(&mut command, "Is `librsvg2-bin` installed?")
}

fn windows(icons: &Path) -> Result<(), String> {
    let folder = place::folder("icons")?;
    let mut command = Command::new("convert");
    for width_px in [16, 24, 32, 48, 64, 256] {
        let file = folder.join(format!("{width_px}.png"));
        app(icons, width_px, &file)?;
        command.arg(file);
    }
    run(command.arg(icons.join("icon.ico")), "Is `imagemagick` installed?")
}

/// An icon set is a list: name, length with these eight bytes, picture; in front of it the same for the whole.
fn apple(icons: &Path) -> Result<(), String> {
    let folder = place::folder("icons")?;
    let mut entries = Vec::new();
    for (name, width_px) in APPLE {
        let file = folder.join(format!("{width_px}.png"));
        app(icons, width_px, &file)?;
        let picture =
            std::fs::read(&file).map_err(|error| format!("{} cannot be read ({error})", file.display()))?;
        entries.extend(block(name, &picture));
    }
    std::fs::write(icons.join("icon.icns"), block(b"icns", &entries))
        .map_err(|error| format!("icons/icon.icns cannot be written ({error})"))
}

fn block(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len() + 8).expect("an icon is smaller than 4 GiB");
    [name.as_slice(), &length.to_be_bytes(), content].concat()
}
