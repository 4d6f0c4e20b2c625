//! Machines without a GPU: virtual ones, remote desktops.

use tauri::WebviewWindow;

/// Lets WebKit draw in software where no GPU is, which halves what it needs there; with one, never. Called before the page
/// has loaded anything. Does what the variable `WEBKIT_DISABLE_COMPOSITING_MODE` does, which a running process cannot set for
/// itself safely.
#[cfg(target_os = "linux")]
pub fn choose(window: &WebviewWindow) {
    use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt, WebViewExt};
    if has_gpu() {
        return;
    }
    let chosen = window.with_webview(|view| {
        if let Some(settings) = view.inner().settings() {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
    });
    if let Err(error) = chosen {
        tracing::warn!(%error, "the web view was not told to draw in software");
    }
}

#[cfg(target_os = "linux")]
fn has_gpu() -> bool {
    let Ok(devices) = std::fs::read_dir("/dev/dri") else { return false };
    devices.flatten().any(|device| device.file_name().to_string_lossy().starts_with("renderD"))
}

/// Elsewhere the system's own web view knows best.
#[cfg(not(target_os = "linux"))]
pub fn choose(_: &WebviewWindow) {}
