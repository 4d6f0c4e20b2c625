//! `kontor://` links: that the system knows whose they are, and those that do not come by the command line.

use tauri::AppHandle;
use tauri_plugin_deep_link::DeepLinkExt;

/// Hears the links that the system hands to a running program. Elsewhere than on macOS a second instance brings them.
#[cfg(target_os = "macos")]
pub fn listen(app: &AppHandle) {
    let handle = app.clone();
    let follow = move |urls: Vec<tauri::Url>| {
        if let Some(target) = urls.iter().find_map(|url| engine::links::parse(url.as_str())) {
            crate::go(&handle, Some(target));
        }
    };
    follow(app.deep_link().get_current().ok().flatten().unwrap_or_default());
    app.deep_link().on_open_url(move |event| follow(event.urls()));
}

#[cfg(not(target_os = "macos"))]
pub fn listen(_: &AppHandle) {}

/// Tells the system that the links are ours, unless a package did so when it was installed. Runs programs of the desktop
/// and waits for them; where there are none, links reach us all the same once they are written on our command line.
pub async fn register(app: AppHandle) {
    let is_packaged = std::env::current_exe().is_ok_and(|program| program.starts_with("/usr"));
    if cfg!(target_os = "macos") || is_packaged {
        return;
    }
    let registered = tokio::task::block_in_place(|| {
        let links = app.deep_link();
        if links.is_registered(engine::links::SCHEME).unwrap_or(false) {
            return Ok(());
        }
        links.register(engine::links::SCHEME)
    });
    if let Err(error) = registered {
        tracing::info!(%error, "the desktop was not told of our links");
    }
}
