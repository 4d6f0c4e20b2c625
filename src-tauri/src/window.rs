//! The one window: made hidden and shown as soon as it has its colours, locked to the bundle's own page, hidden instead of
//! closed where a tray can bring it back.

use crate::desktop;
use crate::first_screen::FirstScreen;
use crate::{root, tray};
use engine::notify::{Attention, Desk};
use model::settings::{Settings, Theme as Wish};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tauri::webview::{
    DownloadEvent, NewWindowResponse, PageLoadEvent, PermissionResponse, WebviewWindowBuilder,
};
use tauri::window::Color;
use tauri::{AppHandle, Manager, Theme, Url, WebviewWindow, Window, WindowEvent};
use tauri_plugin_window_state::{StateFlags, WindowExt};

/// The window's name in the configuration and in the capabilities.
pub const LABEL: &str = "main";

// What shows before there is a page, and behind it while it is being resized: `--window` of the design's tokens.
const LIGHT: Color = Color(0xf0, 0xf4, 0xf5, 0xff);
const DARK: Color = Color(0x0e, 0x14, 0x16, 0xff);

/// Whether the window may be seen yet, what closing it means, and which theme it has.
#[derive(Default)]
pub struct Curtain {
    is_ready: AtomicBool,
    is_page_asked_for: AtomicBool,
    is_wanted: AtomicBool,
    was_shown: AtomicBool,
    keeps_running: AtomicBool,
    theme: Mutex<Wish>,
    is_desktop_dark: AtomicBool,
}

impl Curtain {
    /// Whether the desktop was dark when the page was told last.
    pub(crate) fn is_desktop_dark(&self) -> &AtomicBool {
        &self.is_desktop_dark
    }

    /// Something to show: the colours, or a page.
    fn open(&self, app: &AppHandle) {
        // Who wants it meanwhile, on another thread, must see this or be seen.
        self.is_ready.store(true, Ordering::SeqCst);
        if self.is_wanted.load(Ordering::SeqCst) && !self.was_shown.load(Ordering::Relaxed) {
            to_front(app);
        }
    }

    /// The theme that the person set.
    pub(crate) fn wish(&self) -> Wish {
        *self.theme()
    }

    pub(crate) fn follows_desktop(&self) -> bool {
        self.wish() == Wish::System
    }

    fn theme(&self) -> MutexGuard<'_, Wish> {
        self.theme.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes the window. It appears when it is told to `appear`, at the latest with its page, unless it shall stay in the tray.
pub fn open(app: &AppHandle, profile_dir: &Path, is_hidden: bool) -> tauri::Result<()> {
    // Not whether it was visible: that is told when it is started.
    let remembered = StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED | StateFlags::FULLSCREEN;
    let file = profile_dir.join("window.json").to_string_lossy().into_owned();
    let memory = tauri_plugin_window_state::Builder::new().with_state_flags(remembered).with_filename(file);
    app.plugin(memory.build())?;
    if !is_hidden {
        app.state::<Curtain>().is_wanted.store(true, Ordering::Relaxed);
    }
    let config = app.config().app.windows.first().expect("tauri.conf.json describes the window").clone();
    // A driver can only drive a page whose storage lies on the disk; the tests want one.
    let is_driven = std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some();
    let window = WebviewWindowBuilder::from_config(app, &config)?
        .visible(false)
        .incognito(!is_driven)
        .data_directory(profile_dir.join("page"))
        .devtools(false)
        .browser_extensions_enabled(false)
        .general_autofill_enabled(false)
        .on_web_resource_request({
            let app = app.clone();
            move |request, response| {
                app.state::<Curtain>().is_page_asked_for.store(true, Ordering::Relaxed);
                app.state::<FirstScreen>().lay_into(&request, response);
                root::lay_into(&app, &request, response);
            }
        })
        .on_navigation(is_ours)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, event| !matches!(event, DownloadEvent::Requested { .. }))
        .on_permission_request(|_, _| PermissionResponse::Deny)
        .on_page_load(|window, load| {
            if matches!(load.event(), PageLoadEvent::Finished) {
                window.state::<Curtain>().open(window.app_handle());
            }
        })
        .build()?;
    colour(&window);
    desktop::follow(&window);
    Ok(())
}

/// Shows the window, in the colours that the person set. On the screen before there is a page, it is drawn once, in its true
/// size; hidden meanwhile it would be laid out for nothing and drawn again. While the page is being read it is too late:
/// WebKit would wait half a second for a picture, and with it the page for its files. It appears at the end of that, then.
pub fn appear(app: &AppHandle, settings: &Settings) {
    apply(app, settings);
    let handle = app.clone();
    let _ = app.run_on_main_thread(move || {
        let curtain = handle.state::<Curtain>();
        if !curtain.is_page_asked_for.load(Ordering::Relaxed) {
            curtain.open(&handle);
        }
    });
}

/// The bundle's own page and nothing else.
fn is_ours(url: &Url) -> bool {
    let origin = (url.scheme(), url.host_str(), url.port());
    origin == ("tauri", Some("localhost"), None)
        || (cfg!(windows) && origin == ("http", Some("tauri.localhost"), None))
}

/// Closing hides the window where the person wants that and a tray can bring it back; and the core learns what is in front.
pub fn heed(window: &Window, event: &WindowEvent) {
    let app = window.app_handle();
    match event {
        WindowEvent::CloseRequested { api, .. }
            if app.state::<Curtain>().keeps_running.load(Ordering::Relaxed) && tray::is_shown(app) =>
        {
            api.prevent_close();
            let _ = window.hide();
        }
        WindowEvent::Focused(is_focused) => {
            let desk = app.state::<Arc<Desk>>();
            desk.look_at(Attention { is_focused: *is_focused, ..desk.attention() });
        }
        WindowEvent::ThemeChanged(_) => {
            if let Some(window) = app.get_webview_window(LABEL) {
                colour(&window);
            }
        }
        _ => {}
    }
}

/// Brings the window before the person, wherever it is; before it has something to show, as soon as it has.
pub fn to_front(app: &AppHandle) {
    let curtain = app.state::<Curtain>();
    curtain.is_wanted.store(true, Ordering::SeqCst);
    if !curtain.is_ready.load(Ordering::SeqCst) {
        return;
    }
    let Some(window) = app.get_webview_window(LABEL) else { return };
    let mut shown = window.unminimize().and_then(|()| window.show());
    if !curtain.was_shown.swap(true, Ordering::Relaxed) && !window.is_maximized().unwrap_or(true) {
        // A window manager of X11 puts a new window where it likes, and moves it only once it is there.
        shown = shown.and_then(|()| window.restore_state(StateFlags::POSITION));
    }
    if let Err(error) = shown {
        tracing::warn!(%error, "the window could not be shown");
    }
    tauri::async_runtime::spawn(focus(window));
}

/// Gives the window the keyboard. Nothing can be given to a window that is not on the screen, and showing it takes the
/// system a moment: so it is asked for until it is granted, or for a second at most.
async fn focus(window: WebviewWindow) {
    for pause_ms in [0, 15, 30, 60, 120, 240, 480] {
        tokio::time::sleep(Duration::from_millis(pause_ms)).await;
        let is_done = window.is_focused().unwrap_or(true) || window.set_focus().is_err();
        if is_done {
            return;
        }
    }
    tracing::info!("the system did not give the window the keyboard");
}

/// What the person set about the window.
pub fn apply(app: &AppHandle, settings: &Settings) {
    app.state::<Curtain>().keeps_running.store(settings.keeps_running_in_tray, Ordering::Relaxed);
    // Setting it asks the desktop, on the thread that draws; and a new window has the system's already.
    if std::mem::replace(&mut *app.state::<Curtain>().theme(), settings.theme) == settings.theme {
        return;
    }
    let theme = match settings.theme {
        Wish::System => None,
        Wish::Light => Some(Theme::Light),
        Wish::Dark => Some(Theme::Dark),
    };
    let handle = app.clone();
    let _ = app.run_on_main_thread(move || {
        if let Some(window) = handle.get_webview_window(LABEL) {
            let _ = window.set_theme(theme);
            if cfg!(target_os = "linux") && theme.is_none() {
                // There, none means light to tao; without a wish it tells what the desktop says.
                let _ = window.set_theme(window.theme().ok());
            }
            colour(&window);
        }
    });
}

pub(crate) fn colour(window: &WebviewWindow) {
    let is_dark = match window.state::<Curtain>().wish() {
        Wish::Light => false,
        Wish::Dark => true,
        Wish::System => desktop::is_dark(window),
    };
    let _ = window.set_background_color(Some(if is_dark { DARK } else { LIGHT }));
}
