//! The icon in the tray: how many conversations are unread, a way back to the window, a way to quit.

use crate::{tasks, window};
use engine::words::Tongue;
use std::path::PathBuf;
use tauri::image::Image;
use tauri::menu::{Menu, MenuItem};
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tauri::{AppHandle, Manager};

const CALM: Image<'_> = tauri::include_image!("icons/tray.png");
const UNREAD: Image<'_> = tauri::include_image!("icons/tray-unread.png");
const SHOW: &str = "show";
const QUIT: &str = "quit";

/// The icon and the entries whose words change.
pub struct Tray {
    icon: TrayIcon,
    show: MenuItem<tauri::Wry>,
    unread: MenuItem<tauri::Wry>,
    quit: MenuItem<tauri::Wry>,
}

/// Puts the icon into the tray, once. On the main thread. A desktop without a tray is no reason not to start.
pub fn open(app: &AppHandle, icons_dir: PathBuf) {
    if app.try_state::<Tray>().is_none()
        && let Err(error) = build(app, icons_dir)
    {
        tracing::warn!(%error, "there is no tray");
    }
}

fn build(app: &AppHandle, icons_dir: PathBuf) -> tauri::Result<()> {
    let show = MenuItem::with_id(app, SHOW, "", true, None::<&str>)?;
    let unread = MenuItem::with_id(app, "unread", "", false, None::<&str>)?;
    let quit = MenuItem::with_id(app, QUIT, "", true, None::<&str>)?;
    let icon = TrayIconBuilder::with_id("kontor")
        .icon(CALM)
        .icon_as_template(cfg!(target_os = "macos"))
        // Linux reads the icon from a file.
        .temp_dir_path(icons_dir)
        .menu(&Menu::with_items(app, &[&show, &unread, &quit])?)
        .show_menu_on_left_click(!cfg!(target_os = "windows"))
        .on_menu_event(|app, event| match event.id().as_ref() {
            SHOW => window::to_front(app),
            QUIT => tasks::quit(app),
            _ => {}
        })
        .on_tray_icon_event(|tray, event| {
            let is_click = matches!(
                event,
                TrayIconEvent::Click { button: MouseButton::Left, button_state: MouseButtonState::Up, .. }
            );
            if is_click && cfg!(target_os = "windows") {
                window::to_front(tray.app_handle());
            }
        })
        .build(app)?;
    app.manage(Tray { icon, show, unread, quit });
    Ok(())
}

/// Says how many conversations are unread, in the person's language. Returns at once; the main thread does it.
pub fn tell(app: &AppHandle, tongue: Tongue, unread: u32) {
    let handle = app.clone();
    let _ = app.run_on_main_thread(move || {
        if let Err(error) = rewrite(&handle, tongue, unread) {
            tracing::warn!(%error, "the tray could not be rewritten");
        }
    });
}

fn rewrite(app: &AppHandle, tongue: Tongue, unread: u32) -> tauri::Result<()> {
    let count = unread.to_string();
    let line = match unread {
        0 => tongue.word("tray.none_unread", &[]),
        _ => tongue.word("tray.unread", &[("count", &count)]),
    };
    if let Some(tray) = app.try_state::<Tray>() {
        tray.show.set_text(tongue.word("tray.show", &[]))?;
        tray.quit.set_text(tongue.word("tray.quit", &[]))?;
        tray.icon.set_tooltip(Some(format!("Kontor · {line}")))?;
        tray.unread.set_text(line)?;
        tray.icon.set_icon(Some(if unread == 0 { CALM } else { UNREAD }))?;
        tray.icon.set_title(Some(if unread == 0 { "" } else { &count }))?;
    }
    if let Some(window) = app.get_webview_window(window::LABEL) {
        #[cfg(not(target_os = "windows"))]
        window.set_badge_count((unread > 0).then_some(unread.into()))?;
        #[cfg(target_os = "windows")]
        window.set_overlay_icon((unread > 0).then_some(UNREAD))?;
    }
    Ok(())
}

/// Can the person see the icon? Without a tray a hidden window would be lost.
pub fn is_shown(app: &AppHandle) -> bool {
    app.try_state::<Tray>().is_some() && is_drawn()
}

#[cfg(target_os = "linux")]
fn is_drawn() -> bool {
    crate::session_bus::is_owned("org.kde.StatusNotifierWatcher")
}

#[cfg(not(target_os = "linux"))]
fn is_drawn() -> bool {
    true
}
