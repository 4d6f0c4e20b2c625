//! Machines without a GPU: virtual ones, remote desktops.

/// Tells WebKit to draw in software where no GPU is; with one, never. The web view reads this from the environment when it
/// starts, and a running process may not change its own safely: so we start ourselves once more, as the same process.
#[cfg(target_os = "linux")]
pub fn choose() {
    use std::os::unix::process::CommandExt;
    const VARIABLE: &str = "WEBKIT_DISABLE_COMPOSITING_MODE";
    if has_gpu() || std::env::var_os(VARIABLE).is_some() {
        return;
    }
    let Ok(program) = std::env::current_exe() else { return };
    let mut words = std::env::args_os();
    let mut again = std::process::Command::new(program);
    if let Some(name) = words.next() {
        again.arg0(name);
    }
    // Returns only if it failed; then the web view finds out by itself, only slower.
    let _ = again.args(words).env(VARIABLE, "1").exec();
}

#[cfg(target_os = "linux")]
fn has_gpu() -> bool {
    let Ok(devices) = std::fs::read_dir("/dev/dri") else { return false };
    devices.flatten().any(|device| device.file_name().to_string_lossy().starts_with("renderD"))
}

/// Elsewhere the system's own web view knows best.
#[cfg(not(target_os = "linux"))]
pub fn choose() {}
