//! What the operating system must bring: installed on Debian and Ubuntu, listed elsewhere.

use crate::process::{answer, is_installed, run};
use std::process::Command;

/// What a command needs of the system.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Need {
    /// Compiling the desktop shell.
    Build,
    /// A window where there is no display.
    Display,
    /// Browser tests.
    Browser,
    /// Tests of the real window with a real notification daemon and a real Matrix server.
    Window,
    /// Drawing the icons.
    Icons,
}

impl Need {
    fn purpose(self) -> &'static str {
        match self {
            Need::Build => "building the window",
            Need::Display => "a window without a display",
            Need::Browser => "browser tests",
            Need::Window => "window tests",
            Need::Icons => "drawing the icons",
        }
    }

    /// Debian's names. Libraries of the tray are opened at run time, so the plain one is enough.
    fn packages(self) -> &'static [&'static str] {
        match self {
            Need::Build => &[
                "build-essential",
                "pkg-config",
                "libwebkit2gtk-4.1-dev",
                "libgtk-3-dev",
                "librsvg2-dev",
                "libssl-dev",
                "libayatana-appindicator3-1",
            ],
            Need::Display => &[
                "xvfb",
                "xauth",
                "openbox",
                "imagemagick",
                "dbus",
                "gnome-keyring",
                "util-linux",
                "xdg-utils",
                "desktop-file-utils",
                "fonts-dejavu-core",
                "fonts-noto-color-emoji",
            ],
            Need::Browser => &["chromium", "fonts-dejavu-core", "fonts-noto-color-emoji"],
            Need::Window => &[
                "webkit2gtk-driver",
                "xdotool",
                "xclip",
                "wmctrl",
                "dunst",
                "dbus-bin",
                "libnotify-bin",
                "libsecret-tools",
                "x11-utils",
                "xfce4-panel",
                "libglib2.0-bin",
                "python3",
                "python3-venv",
                "procps",
            ],
            Need::Icons => &["librsvg2-bin", "imagemagick"],
        }
    }

    /// Programs that must be there for it, on any Unix.
    fn programs(self) -> &'static [&'static str] {
        match self {
            Need::Build => &["cc", "pkg-config"],
            Need::Display => &[
                "Xvfb",
                "openbox",
                "import",
                "dbus-run-session",
                "gnome-keyring-daemon",
                "setpriv",
                "xdg-mime",
                "update-desktop-database",
            ],
            Need::Browser => &["chromium"],
            Need::Window => &[
                "WebKitWebDriver",
                "xdotool",
                "xclip",
                "wmctrl",
                "dunst",
                "dbus-monitor",
                "notify-send",
                "secret-tool",
                "xwininfo",
                "xfce4-panel",
                "gdbus",
                "python3",
            ],
            Need::Icons => &["rsvg-convert", "convert"],
        }
    }

    fn missing_programs(self) -> Vec<&'static str> {
        let mut missing: Vec<_> =
            self.programs().iter().copied().filter(|name| !is_installed(name)).collect();
        if self == Need::Build
            && answer(Command::new("pkg-config").args(["--exists", "webkit2gtk-4.1"])).is_none()
        {
            missing.push("webkit2gtk-4.1");
        }
        missing
    }
}

/// Brings the packages that are missing, or says what to install.
pub fn bring(needs: &[Need]) -> Result<(), String> {
    bring_node()?;
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    if !is_installed("apt-get") || !is_installed("dpkg-query") {
        return list_for_other_systems(needs);
    }
    let mut packages = Vec::new();
    for need in needs {
        let missing: Vec<_> = need.packages().iter().copied().filter(|name| !has_package(name)).collect();
        if !missing.is_empty() {
            println!("for {}: {}", need.purpose(), missing.join(" "));
            packages.extend(missing);
        }
    }
    if packages.is_empty() {
        return Ok(());
    }
    packages.sort_unstable();
    packages.dedup();
    let cure = format!("Install them as root and start again: apt-get install {}", packages.join(" "));
    run(apt(&cure)?.arg("update"), &cure)?;
    run(apt(&cure)?.args(["install", "-y", "--no-install-recommends"]).args(&packages), &cure)
}

fn has_package(name: &str) -> bool {
    answer(Command::new("dpkg-query").args(["-W", "-f=${db:Status-Status}", name]))
        .is_some_and(|status| status == "installed")
}

fn apt(cure: &str) -> Result<Command, String> {
    let options = ["-q", "-o", "DPkg::Lock::Timeout=300", "-o", "Dpkg::Use-Pty=0"];
    let mut command = if answer(Command::new("id").arg("-u")).as_deref() == Some("0") {
        Command::new("apt-get")
    } else if is_installed("sudo") {
        let mut sudo = Command::new("sudo");
        sudo.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        sudo
    } else {
        return Err(format!("installing packages needs root, and there is no sudo here. {cure}"));
    };
    command.env("DEBIAN_FRONTEND", "noninteractive").args(options);
    Ok(command)
}

fn bring_node() -> Result<(), String> {
    let version = answer(Command::new("node").arg("--version")).unwrap_or_default();
    if builds_the_page(&version) {
        return Ok(());
    }
    let found = if version.is_empty() { "none was found".to_owned() } else { format!("found {version}") };
    Err(format!(
        "Node.js 20.19 or newer of 20, or 22.12 and newer, is needed, {found}. \
         Install it from https://nodejs.org and start again."
    ))
}

/// Whether this Node runs what builds the page: Vite and Rolldown, as locked, want `^20.19.0 || >=22.12.0`.
fn builds_the_page(version: &str) -> bool {
    let mut numbers = version.trim().trim_start_matches('v').split('.').map_while(|text| text.parse().ok());
    let is_new_enough = |major: u32, minor: u32| (major == 20 && minor >= 19) || (major, minor) >= (22, 12);
    matches!((numbers.next(), numbers.next()), (Some(major), Some(minor)) if is_new_enough(major, minor))
}

fn list_for_other_systems(needs: &[Need]) -> Result<(), String> {
    let mut list = String::new();
    for need in needs {
        let missing = need.missing_programs();
        if !missing.is_empty() {
            list += &format!("\n  for {}: {}", need.purpose(), missing.join(", "));
        }
    }
    if list.is_empty() {
        return Ok(());
    }
    Err(format!(
        "this system has no apt, so please install what is missing, then start again:{list}\n\
         Fedora: dnf install gcc pkgconf webkit2gtk4.1-devel gtk3-devel librsvg2-devel openssl-devel \
         libayatana-appindicator-gtk3 xorg-x11-server-Xvfb openbox ImageMagick dbus-daemon gnome-keyring chromium \
         xdotool xclip wmctrl dunst dbus-tools libnotify libsecret xwininfo xfce4-panel webkit2gtk-driver xdg-utils \
         desktop-file-utils\n\
         Arch: pacman -S base-devel webkit2gtk-4.1 gtk3 librsvg openssl libayatana-appindicator \
         xorg-server-xvfb openbox imagemagick dbus gnome-keyring chromium xdotool xclip wmctrl dunst libnotify libsecret xorg-xwininfo xfce4-panel \
         xdg-utils desktop-file-utils"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_node_that_builds_the_page_is_taken() {
        for version in ["v20.19.0", "v20.20.1", "v22.12.0\n", "v23.0.0", "v24.1.0"] {
            assert!(builds_the_page(version), "{version}");
        }
        for version in ["", "v18.20.0", "v20.18.3", "v21.7.3", "v22.11.0", "v22", "nonsense"] {
            assert!(!builds_the_page(version), "{version}");
        }
    }
}
