//! A display where there is none: a virtual screen with a window manager, and a picture of it in a file.

use crate::place;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// Is there a display to open a window on?
pub fn is_there() -> bool {
    !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// A virtual screen; it goes when this value does, and also when xtask is killed.
pub struct Screen {
    server: Child,
    windows: Child,
    /// What `DISPLAY` must say.
    pub display: String,
    picture: PathBuf,
}

impl Screen {
    /// Starts one of 1280 × 820 on the first free number.
    pub fn start() -> Result<Self, String> {
        let cure = "Is `xvfb` installed and /tmp writable?";
        let mut server = apart("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x820x24", "-nolisten", "tcp", "-noreset"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("the virtual display could not be started ({error}). {cure}"))?;
        let mut number = String::new();
        let output = server.stdout.take().expect("stdout is piped");
        let read = BufReader::new(output).read_line(&mut number);
        if read.is_err() || number.trim().is_empty() {
            let _ = server.kill();
            return Err(format!("the virtual display ended at once. {cure}"));
        }
        let display = format!(":{}", number.trim());
        let windows = apart("openbox")
            .env("DISPLAY", &display)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("openbox could not be started ({error}). Is it installed?"))?;
        Ok(Self { server, windows, display, picture: place::folder("run")?.join("window.png") })
    }

    /// Where the picture lies.
    pub fn picture(&self) -> &Path {
        &self.picture
    }

    /// Takes the picture anew; whoever looks at the file never sees half of it.
    pub fn take_picture(&self) {
        let fresh = self.picture.with_extension("new.png");
        let taken = Command::new("import")
            .env("DISPLAY", &self.display)
            .args(["-silent", "-window", "root"])
            .arg(&fresh)
            .stderr(Stdio::null())
            .status();
        if taken.is_ok_and(|status| status.success()) {
            let _ = std::fs::rename(&fresh, &self.picture);
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        for child in [&mut self.windows, &mut self.server] {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A program that ends when xtask does, however that happens.
pub fn bound(program: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "TERM", "--", program]).stdin(Stdio::null());
    command
}

/// The same; a Ctrl-C in the terminal does not reach it.
fn apart(program: &str) -> Command {
    let mut command = bound(program);
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command
}
