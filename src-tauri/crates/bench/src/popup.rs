//! The floor below every notification: what the library and the daemon take for one in a program that does nothing else.

use crate::time::Watch;
use anyhow::Context;
use notify_rust::{Hint, Notification};
use std::io::{BufRead, Write};

/// For every line that comes in shows a popup shaped as ours are, says how long that took in ms, and takes it away.
pub fn serve() -> anyhow::Result<()> {
    for line in std::io::stdin().lock().lines() {
        let name = line?;
        let watch = Watch::start();
        let popup = Notification::new()
            .appname("bench")
            .summary(&name)
            .body("A message of some eight words or so.")
            .hint(Hint::Category("im.received".into()))
            .hint(Hint::SuppressSound(true))
            .action("default", "Open")
            .show()
            .context("there is no notification daemon")?;
        println!("{}", watch.ms());
        std::io::stdout().flush()?;
        popup.close();
    }
    Ok(())
}
