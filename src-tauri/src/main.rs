//! The desktop shell. It reads the wiring aloud: paths → keychain → app → window. No rule of the product lives here.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod bridge;
#[cfg(target_os = "linux")]
mod clipboard;
mod deep_link;
mod desktop;
mod first_screen;
mod graphics;
mod host;
mod instance;
mod keychain;
mod logging;
mod media;
mod notifier;
mod root;
#[cfg(target_os = "linux")]
mod session_bus;
mod signals;
mod tasks;
mod tray;
mod window;

use anyhow::Context;
use api::{App, AppParts};
use connect::{Dice, Transport};
use engine::clock::{RealClock, RealDice};
use engine::notify::{Desk, Target};
use notifier::SystemNotifier;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tauri::{AppHandle, Manager, RunEvent};

/// What the system and the session bus know us as; the same as in `tauri.conf.json`.
const IDENTIFIER: &str = "app.kontor.desktop";
/// Stay in the tray at the start.
const HIDDEN: &str = "--hidden";

fn main() -> anyhow::Result<()> {
    graphics::choose();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    tauri::async_runtime::set(runtime.handle().clone());
    let _entered = runtime.enter();
    let shell = tauri::Builder::default()
        .plugin(tauri_plugin_deep_link::init())
        .invoke_handler(tauri::generate_handler![bridge::call])
        .register_asynchronous_uri_scheme_protocol(media::SCHEME, media::answer)
        .on_window_event(window::heed)
        .setup(|shell| {
            start(shell.handle()).unwrap_or_else(|error| {
                eprintln!("Kontor could not be started: {error:#}.");
                std::process::exit(1)
            });
            Ok(())
        })
        .build(tauri::generate_context!())
        .context("Kontor could not be started")?;
    shell.run(|shell, event| match event {
        RunEvent::Exit => tasks::end(shell),
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::to_front(shell),
        _ => {}
    });
    Ok(())
}

/// Paths → keychain → app → window.
fn start(shell: &AppHandle) -> anyhow::Result<()> {
    let own_dir = std::env::var_os("KONTOR_PROFILE_DIR").filter(|dir| !dir.is_empty()).map(PathBuf::from);
    let is_default = own_dir.is_none();
    let profile_dir = std::path::absolute(own_dir.map_or_else(|| shell.path().app_data_dir(), Ok)?)?;
    let made = make_private(&profile_dir);
    logging::start(&profile_dir);
    // Another instance may hand over a link the moment we are the one, before there is a window.
    let desk = Arc::new(Desk::default());
    shell.manage(desk.clone());
    shell.manage(window::Curtain::default());
    shell.manage(instance::claim(shell, &profile_dir, is_default));
    if let Err(error) = made {
        // For the core to explain, in the window.
        tracing::warn!(%error, "the profile's folder could not be made");
    }
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "Kontor starts");

    let system_language = tasks::system_language();
    let clock = Arc::new(RealClock);
    let clicked = shell.clone();
    let notifier = SystemNotifier::new(&system_language, Arc::new(move |target| go(&clicked, target)));
    let app = App::new(AppParts {
        profile_dir: profile_dir.clone(),
        keychain: Some(Arc::new(keychain::SystemKeychain)),
        connectors: connectors::all(&connectors::Endpoints::default()),
        transport: Transport::sockets(),
        clock: clock.clone(),
        dice: Arc::new(RealDice),
        notifier: Arc::new(notifier.clone()),
        host: Arc::new(host::Desktop { app: shell.clone() }),
        sandbox: Arc::new(wiring::BrandDay { seed: seed(), clock }),
        system_language: system_language.clone(),
        desk,
    });
    shell.manage(app);
    shell.manage(bridge::Gate::default());
    shell.manage(first_screen::FirstScreen::default());
    shell.manage(notifier);

    let arguments: Vec<String> = std::env::args().collect();
    if let Some(target) = engine::links::among(arguments.iter().map(String::as_str)) {
        shell.state::<Arc<Desk>>().jump(target);
    }
    deep_link::listen(shell);
    let tray_dir = profile_dir.join("tray");
    // Only one that can be seen in the tray may stay there; otherwise the tray comes when the window has been drawn.
    let is_hidden = arguments.iter().any(|word| word == HIDDEN) && {
        tray::open(shell, tray_dir.clone());
        tray::is_shown(shell)
    };
    if !is_hidden {
        shell.state::<Arc<Desk>>().draw(true);
    }
    // The profile opens while the web view starts.
    tasks::begin(shell, system_language, tray_dir, is_default);
    window::open(shell, &profile_dir, is_hidden)?;
    Ok(())
}

/// Makes the profile's folder; on Unix nobody else may look into it.
fn make_private(dir: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// Another invented world at every start.
fn seed() -> u64 {
    let mut bytes = [0; 8];
    RealDice.fill(&mut bytes);
    u64::from_le_bytes(bytes)
}

/// Where a click on a notification or a link ends: the window comes to the front, there.
fn go(shell: &AppHandle, target: Option<Target>) {
    if let Some(target) = target {
        shell.state::<Arc<Desk>>().jump(target);
    }
    window::to_front(shell);
}
