//! That the desktop is dark, said to the page. Elsewhere the web view says it.
//!
//! On Linux tao asks the desktop's portal and tells GTK, also of later changes. WebKit hears it from GTK only where it has
//! looked for a device to draw with, which it does not do on machines without one (`graphics.rs`).

#[cfg(target_os = "linux")]
pub use told::{follow, is_dark};
#[cfg(not(target_os = "linux"))]
pub use web_view::{follow, is_dark};

#[cfg(target_os = "linux")]
mod told {
    use crate::window::{Curtain, LABEL, colour};
    use gtk::prelude::GtkSettingsExt;
    use std::sync::atomic::Ordering;
    use tauri::{Manager, WebviewWindow};

    const DARK: &str = "document.documentElement.dataset.desktop = 'dark'";
    const NOT_DARK: &str = "delete document.documentElement.dataset.desktop";

    /// What GTK knows. tao would ask the desktop again, and wait for its answer.
    pub fn is_dark(_: &WebviewWindow) -> bool {
        gtk::Settings::default().is_some_and(|settings| is_gtk_dark(&settings))
    }

    /// A desktop without a portal says it by the name of its theme.
    fn is_gtk_dark(settings: &gtk::Settings) -> bool {
        let theme = settings.gtk_theme_name();
        settings.is_gtk_application_prefer_dark_theme()
            || theme.is_some_and(|name| name.to_lowercase().ends_with("-dark"))
    }

    /// From now on the page hears of it. The first time it reads it in itself, before it is drawn.
    pub fn follow(window: &WebviewWindow) {
        let app = window.app_handle().clone();
        app.state::<Curtain>().is_desktop_dark().store(is_dark(window), Ordering::Relaxed);
        let Some(settings) = gtk::Settings::default() else { return };
        settings.connect_gtk_application_prefer_dark_theme_notify(move |settings| {
            let curtain = app.state::<Curtain>();
            // Otherwise it is what the person set, which the page knows.
            let Some(window) = app.get_webview_window(LABEL).filter(|_| curtain.follows_desktop()) else {
                return;
            };
            let is_dark = is_gtk_dark(settings);
            curtain.is_desktop_dark().store(is_dark, Ordering::Relaxed);
            colour(&window);
            let told = window.eval(if is_dark { DARK } else { NOT_DARK });
            if let Err(error) = told {
                tracing::warn!(%error, "the page does not know that the desktop changed");
            }
        });
    }
}

#[cfg(not(target_os = "linux"))]
mod web_view {
    use tauri::{Theme, WebviewWindow};

    /// What the system says.
    pub fn is_dark(window: &WebviewWindow) -> bool {
        matches!(window.theme(), Ok(Theme::Dark))
    }

    /// The web view tells the page itself.
    pub fn follow(_: &WebviewWindow) {}
}
