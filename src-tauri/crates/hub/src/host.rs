//! What a headless host can do of what a desktop does.

use std::path::PathBuf;

/// Saves into the profile's folder; opens nothing: the browser that shows the UI offers the address itself.
pub struct DevHost {
    /// Where files are saved.
    pub downloads: PathBuf,
}

impl api::Host for DevHost {
    fn open_link(&self, url: &url::Url) -> bool {
        tracing::info!(host = url.host_str().unwrap_or("-"), "a link would be opened");
        true
    }

    fn save_download(&self, file_name: &str, bytes: &[u8]) -> std::io::Result<String> {
        std::fs::create_dir_all(&self.downloads)?;
        std::fs::write(self.downloads.join(file_name), bytes)?;
        Ok(file_name.to_owned())
    }

    fn show_window(&self) {}
}
