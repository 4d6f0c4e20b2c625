//! Tauri's build step; without the feature `desktop` there is none.
fn main() {
    #[cfg(feature = "desktop")]
    tauri_build::try_build(
        tauri_build::Attributes::new()
            .capabilities_path_pattern("./src-tauri/capabilities/*.json")
            .app_manifest(
                tauri_build::AppManifest::new().permissions_path_pattern("./src-tauri/permissions/*.toml"),
            ),
    )
    .expect("the Tauri configuration is valid");
    // Patterns of our own are ours to watch.
    #[cfg(feature = "desktop")]
    for folder in ["src-tauri/capabilities", "src-tauri/permissions"] {
        println!("cargo:rerun-if-changed={folder}");
    }
}
