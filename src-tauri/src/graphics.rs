//! Machines without a GPU: virtual ones, remote desktops.

/// Lets WebKit draw in software where no GPU is, which halves what it needs there; with one, never. What the person says
/// in the same variables holds. Must come first of all in `main`: WebKit reads them once, and nothing else may be running
/// while they are written.
#[cfg(target_os = "linux")]
pub fn choose() {
    if has_gpu() {
        return;
    }
    let chosen = [
        ("WEBKIT_DISABLE_COMPOSITING_MODE", "1"),
        ("WEBKIT_DISABLE_DMABUF_RENDERER", "1"),
        // No device to draw with. Without this word WebKit loads Mesa and LLVM into our own process, only to look for one.
        ("WEBKIT_WEB_RENDER_DEVICE_FILE", "/dev/null"),
    ];
    for (variable, value) in chosen {
        // Fails only where the name is none.
        let _ = webkit2gtk::glib::setenv(variable, value, false);
    }
}

#[cfg(target_os = "linux")]
fn has_gpu() -> bool {
    let Ok(devices) = std::fs::read_dir("/dev/dri") else { return false };
    devices.flatten().any(|device| device.file_name().to_string_lossy().starts_with("renderD"))
}

/// Elsewhere the system's own web view knows best.
#[cfg(not(target_os = "linux"))]
pub fn choose() {}
