//! The system asks us to end: as when somebody chooses "Quit", everything is saved first.

use crate::tasks;
use tauri::AppHandle;

/// Waits for the request and passes it on.
pub async fn obey(app: AppHandle) {
    match asked_to_end().await {
        Ok(()) => tasks::quit(&app),
        Err(error) => tracing::warn!(%error, "signals cannot be heard; nothing is lost by a sudden end"),
    }
}

#[cfg(unix)]
async fn asked_to_end() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hangup = signal(SignalKind::hangup())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        _ = hangup.recv() => {}
    }
    Ok(())
}

#[cfg(not(unix))]
async fn asked_to_end() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
