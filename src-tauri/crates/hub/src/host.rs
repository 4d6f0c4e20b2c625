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
        // A stranger chose the name: it leads nowhere else.
        let name = file_name.rsplit(['/', '\\']).next().filter(|name| !matches!(*name, "" | "." | ".."));
        let name = name.unwrap_or("file");
        std::fs::write(self.downloads.join(name), bytes)?;
        Ok(name.to_owned())
    }

    fn downloads(&self) -> std::io::Result<PathBuf> {
        Ok(self.downloads.clone())
    }

    fn show_window(&self) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use api::Host;

    #[test]
    fn a_strangers_file_name_leads_nowhere() {
        let folder = tempfile::tempdir().unwrap();
        let host = DevHost { downloads: folder.path().join("downloads") };
        for (name, saved) in
            [("../../a.txt", "a.txt"), ("/etc/b", "b"), ("..", "file"), ("c\\..\\d", "d"), ("e", "e")]
        {
            assert_eq!(host.save_download(name, b"x").unwrap(), saved);
            assert!(folder.path().join("downloads").join(saved).exists());
        }
    }
}
