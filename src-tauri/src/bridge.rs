//! The page's one way in, and the core's one way out: the command `call` and the event `changes`.

use api::error::{ApiError, ErrorCode};
use api::{App, Change};
use serde_json::Value;
use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tauri::{AppHandle, Emitter, Manager, State};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;

/// The largest arguments that are taken, in bytes of JSON. A file comes in pieces.
const MAX_ARGUMENTS_BYTES: usize = 256 * 1024;
/// The longest name of a call, in bytes.
const MAX_NAME_BYTES: usize = 64;
const CHANGES: &str = "changes";

/// After so long without a question the page draws what it was told.
const SILENCE: Duration = Duration::from_millis(200);

/// So much later a page hears of a change while the person looks elsewhere.
const ASIDE: Duration = Duration::from_millis(50);

/// Holds the first calls back until it is known whether there is a profile: a page that asks while the keychain is still
/// being asked must not take "not yet" for "none". And counts them: a page that has been told everything is drawn.
#[derive(Default)]
pub struct Gate {
    is_open: watch::Sender<bool>,
    calls: watch::Sender<Calls>,
    since_then: Mutex<Option<Receiver<Change>>>,
}

#[derive(Default)]
struct Calls {
    asked: u32,
    answered: u32,
}

impl Gate {
    /// The profile was looked for; `changes` is what came since the first answers were made.
    pub fn open(&self, changes: Receiver<Change>) {
        *self.since_then.lock().unwrap_or_else(PoisonError::into_inner) = Some(changes);
        self.is_open.send_replace(true);
    }

    /// What the page has not been told of, once it listens: it asks for nothing before.
    async fn changes(&self, app: &App) -> Receiver<Change> {
        // The sender is ours.
        let _ = self.calls.subscribe().wait_for(|calls| calls.answered > 0).await;
        let kept = self.since_then.lock().unwrap_or_else(PoisonError::into_inner).take();
        kept.unwrap_or_else(|| app.changes())
    }

    /// Waits until the page was told what it asked for, and asks no more.
    pub async fn drawn(&self) {
        let mut calls = self.calls.subscribe();
        let is_told = |calls: &Calls| calls.answered > 0 && calls.answered == calls.asked;
        loop {
            // The sender is ours.
            let _ = calls.wait_for(is_told).await;
            if tokio::time::timeout(SILENCE, calls.changed()).await.is_err() {
                return;
            }
        }
    }

    async fn pass(&self) {
        let _ = self.is_open.subscribe().wait_for(|is_open| *is_open).await;
    }
}

/// Asks the core.
#[tauri::command]
pub async fn call(
    app: State<'_, App>,
    gate: State<'_, Gate>,
    name: String,
    arguments: Value,
) -> Result<Value, ApiError> {
    gate.calls.send_modify(|calls| calls.asked += 1);
    gate.pass().await;
    let answer = answer(&app, &name, arguments).await;
    gate.calls.send_modify(|calls| calls.answered += 1);
    answer
}

async fn answer(app: &App, name: &str, arguments: Value) -> Result<Value, ApiError> {
    if name.len() > MAX_NAME_BYTES || !fits(&arguments) {
        tracing::warn!("a call was refused: too large");
        return Err(ErrorCode::BadCall.into());
    }
    app.call(name, arguments).await
}

/// Tells the page of every commit, until there are none any more. A page that nobody looks at hears it a moment later: who
/// looks elsewhere waits for the notification of the same commit, and drawing would take the processor from it.
pub async fn forward(app: App, window: AppHandle) {
    let mut changes = window.state::<Gate>().changes(&app).await;
    let desk = app.desk();
    let mut jumps = desk.jumps();
    loop {
        let first = match changes.recv().await {
            Ok(change) => change,
            // The page sees the gap in the numbers and asks for everything anew.
            Err(RecvError::Lagged(_)) => continue,
            Err(RecvError::Closed) => return,
        };
        // Whoever clicks looks here at once.
        if !desk.attention().is_focused && !first.topics.iter().any(|topic| topic == "jump") {
            let _ = tokio::time::timeout(ASIDE, jumps.changed()).await;
        }
        let mut next = Some(first);
        while let Some(change) = next {
            if let Err(error) = window.emit(CHANGES, change) {
                tracing::warn!(%error, "the window could not be told of a change");
            }
            next = changes.try_recv().ok();
        }
    }
}

fn fits(arguments: &Value) -> bool {
    serde_json::to_writer(Room(MAX_ARGUMENTS_BYTES), arguments).is_ok()
}

/// Counts down what is written into it, and fails when nothing is left.
struct Room(usize);

impl Write for Room {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(std::io::ErrorKind::FileTooLarge)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_taken_up_to_their_limit() {
        let text = |bytes: usize| Value::String("a".repeat(bytes));
        assert!(fits(&text(MAX_ARGUMENTS_BYTES - 2)), "two quotes fit in");
        assert!(!fits(&text(MAX_ARGUMENTS_BYTES - 1)));
        assert!(!fits(&Value::String("\u{0}".repeat(MAX_ARGUMENTS_BYTES / 6 + 1))), "escapes count");
    }
}
