//! `cargo xtask run`: from a fresh checkout to an open window.

use crate::screen::{self, Screen, bound};
use crate::system::{Need, bring};
use crate::{cargo, place, ui};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

const BETWEEN_PICTURES: Duration = Duration::from_secs(3);
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// What the bus and the programs it starts complain about is nobody's business here; Kontor gets its stderr back.
const BUS: &str = r#"exec 3>&2 2>/dev/null; exec dbus-run-session -- "$@""#;

/// Where nobody has logged in there is no session bus and no keychain: Kontor gets both. The keyring has a folder
/// of its own, so that the user's real one is never opened with an empty password.
const SESSION: &str = r#"
exec 2>&3 3>&-
printf '\n' | XDG_DATA_HOME="$0" gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null 2>&1 ||
  echo "no keychain: gnome-keyring-daemon did not start; Kontor will ask for a passphrase"
exec "$@"
"#;

/// Runs what follows in a process that does not hear Ctrl-C: what Kontor saves then is not to lose its screen, its bus
/// and us in the middle. Kontor hears it.
const UNDISTURBED: &str = r#"trap '' INT; exec "$0" "$@""#;

/// Brings what is missing, builds, opens Kontor and stays until it is closed.
pub fn run(arguments: &[&str]) -> Result<(), String> {
    let started = Instant::now();
    let needs: &[Need] =
        if screen::is_there() && has_session() { &[Need::Build] } else { &[Need::Build, Need::Display] };
    bring(needs)?;
    ui::bring_packages()?;
    ui::build()?;
    cargo::build()?;
    println!("Built after {} s.", started.elapsed().as_secs());
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        let own = std::env::current_exe().map_err(|error| format!("xtask was lost ({error})."))?;
        let mut command = Command::new("sh");
        command.args(["-c", UNDISTURBED]).arg(own).arg("open").args(arguments);
        Err(format!("Kontor could not be opened ({}). Is there a shell?", command.exec()))
    }
    #[cfg(not(unix))]
    open(arguments)
}

fn has_session() -> bool {
    cfg!(not(target_os = "linux")) || std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some()
}

/// Opens what was built and stays until it is closed.
pub fn open(arguments: &[&str]) -> Result<(), String> {
    let is_virtual = !screen::is_there();
    let screen = if is_virtual { Some(Screen::start()?) } else { None };
    let mut command = kontor()?;
    command.args(arguments);
    if let Some(screen) = &screen {
        command.env("DISPLAY", &screen.display).env("GDK_BACKEND", "x11");
    }
    let child = command.spawn().map_err(|error| {
        format!("Kontor could not be started ({error}). The build above should have made it.")
    })?;
    println!("Kontor is open. Ctrl-C ends it.");
    if let Some(screen) = &screen {
        println!(
            "There is no display here, so the window is on a virtual one ({}); its picture, taken anew every {} s: {}",
            screen.display,
            BETWEEN_PICTURES.as_secs(),
            screen.picture().display()
        );
    }
    wait(child, screen.as_ref())
}

fn kontor() -> Result<Command, String> {
    let binary = place::binary("kontor");
    if has_session() {
        return Ok(Command::new(binary));
    }
    let keyring = match std::env::var_os("HOME") {
        Some(home) => std::path::Path::new(&home).join(".local/share/kontor-session"),
        None => place::folder("run")?.join("keyring"),
    };
    let mut command = bound("sh");
    command.args(["-c", BUS, "sh", "sh", "-c", SESSION]).arg(keyring).arg(binary);
    Ok(command)
}

fn wait(mut child: Child, screen: Option<&Screen>) -> Result<(), String> {
    let mut next_picture = Instant::now();
    loop {
        match child.try_wait() {
            Ok(None) => {}
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return Err(format!("Kontor ended with {status}; its last lines are above.")),
            Err(error) => return Err(format!("Kontor was lost ({error}).")),
        }
        if let Some(screen) = screen.filter(|_| Instant::now() >= next_picture) {
            screen.take_picture();
            next_picture = Instant::now() + BETWEEN_PICTURES;
        }
        std::thread::sleep(BETWEEN_LOOKS);
    }
}
