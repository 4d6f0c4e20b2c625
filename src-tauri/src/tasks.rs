//! What runs beside the window: the profile opens, changes reach the page, settings and counts reach window and tray, and
//! the end is orderly.

use crate::first_screen::FirstScreen;
use crate::notifier::SystemNotifier;
use crate::{bridge, deep_link, instance, signals, tray, window};
use api::App;
use engine::clock::RealDice;
use engine::supervisor::Supervisor;
use engine::words::Tongue;
use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tauri::{AppHandle, Manager};

/// So long the core may take to save everything when we quit.
const PARTING: Duration = Duration::from_secs(10);
/// So long at most everything waits for the page's first picture.
const FIRST_PICTURE: Duration = Duration::from_secs(2);

/// Starts them all.
pub fn begin(shell: &AppHandle, system_language: String, tray_dir: PathBuf, registers_links: bool) {
    let tasks = Supervisor::new(Arc::new(RealDice));
    let run = |name, task: fn(AppHandle) -> Task| {
        let shell = shell.clone();
        tasks.run(name, move || task(shell.clone()));
    };
    run("profile", |shell| {
        boxed(async move {
            let app = core(&shell);
            app.start().await;
            let settings = app.settings().borrow().clone();
            window::appear(&shell, &settings);
            // Before the answers: what changes after them is told to the page as soon as it listens.
            let changes = app.changes();
            shell.state::<FirstScreen>().answer(&app).await;
            shell.state::<bridge::Gate>().open(changes);
        })
    });
    run("first picture", |shell| {
        boxed(async move {
            let gate = shell.state::<bridge::Gate>();
            if tokio::time::timeout(FIRST_PICTURE, gate.drawn()).await.is_err() {
                tracing::info!("the page takes its time; the accounts begin without it");
            }
            core(&shell).desk().draw(false);
        })
    });
    run("changes", |shell| boxed(async move { bridge::forward(core(&shell), shell).await }));
    run("signals", |shell| boxed(signals::obey(shell)));
    if registers_links {
        run("links", |shell| {
            boxed(async move {
                core(&shell).desk().drawn().await;
                deep_link::register(shell).await;
            })
        });
    }
    let handle = shell.clone();
    tasks.run("settings", move || follow_settings(handle.clone(), system_language.clone(), tray_dir.clone()));
    shell.manage(tasks);
}

/// Ends Kontor, in order.
pub fn quit(shell: &AppHandle) {
    instance::release(shell);
    shell.exit(0);
}

/// The last thing we do: no notification stays that nobody would answer, and everything is saved.
pub fn end(shell: &AppHandle) {
    // Closing the last window ends us too.
    instance::release(shell);
    if let Some(window) = shell.get_webview_window(window::LABEL) {
        let _ = window.hide();
    }
    let notifier = shell.state::<SystemNotifier>();
    let (app, tasks) = (core(shell), shell.state::<Supervisor>().inner().clone());
    let saved = tauri::async_runtime::block_on(async {
        let all = async {
            notifier.withdraw_all().await;
            app.shut_down().await;
            tasks.shut_down().await;
        };
        tokio::time::timeout(PARTING, all).await
    });
    if saved.is_err() {
        tracing::warn!("quitting took too long; what was not saved is taken up again at the next start");
    }
}

/// Language, theme and what closing means, as soon as they change; and the number in the tray, once there is one.
async fn follow_settings(shell: AppHandle, system_language: String, tray_dir: PathBuf) {
    let mut settings = core(&shell).settings();
    let notifier = shell.state::<SystemNotifier>().inner().clone();
    let mut unread = notifier.unread();
    let desk = core(&shell).desk();
    let mut has_tray = false;
    loop {
        let now = settings.borrow_and_update().clone();
        let tongue = Tongue::of(now.language, &system_language);
        notifier.speak(tongue);
        window::apply(&shell, &now);
        tray::tell(&shell, tongue, *unread.borrow_and_update());
        let is_over = tokio::select! {
            changed = settings.changed() => changed.is_err(),
            changed = unread.changed() => changed.is_err(),
            () = desk.drawn(), if !has_tray => {
                has_tray = true;
                let (handle, tray_dir) = (shell.clone(), tray_dir.clone());
                let _ = shell.run_on_main_thread(move || tray::open(&handle, tray_dir));
                false
            }
        };
        if is_over {
            return;
        }
    }
}

/// The language that the person's system speaks, such as `de-AT`; empty if it does not say.
pub fn system_language() -> String {
    sys_locale::get_locale().unwrap_or_default()
}

fn core(shell: &AppHandle) -> App {
    shell.state::<App>().inner().clone()
}

type Task = std::pin::Pin<Box<dyn Future<Output = ()> + Send>>;

fn boxed(task: impl Future<Output = ()> + Send + 'static) -> Task {
    Box::pin(task)
}
