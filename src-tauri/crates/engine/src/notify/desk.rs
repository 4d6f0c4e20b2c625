//! What the person at this device is looking at, and where a click wants to lead.

use super::Target;
use model::ConversationId;
use std::sync::Mutex;
use tokio::sync::watch;

/// What the person is looking at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Attention {
    /// The open conversation.
    pub conversation: Option<ConversationId>,
    /// The window is in front and has the focus.
    pub is_focused: bool,
}

/// The person's side of the engine: attention in, jumps out. Outlives profiles.
#[derive(Debug)]
pub struct Desk {
    attention: Mutex<Attention>,
    jump: Mutex<Option<Target>>,
    jumps: watch::Sender<u64>,
    is_drawing: watch::Sender<bool>,
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            attention: Mutex::default(),
            jump: Mutex::default(),
            jumps: watch::Sender::new(0),
            is_drawing: watch::Sender::new(false),
        }
    }
}

impl Desk {
    /// What is being looked at.
    pub fn attention(&self) -> Attention {
        *self.attention.lock().expect("no holder of the desk panics")
    }

    /// The UI tells which conversation is open, the shell whether the window is in front.
    pub fn look_at(&self, attention: Attention) {
        *self.attention.lock().expect("no holder of the desk panics") = attention;
    }

    /// Someone clicked a notification or a link. Waits here until the UI takes it, so that none is lost while it starts.
    pub fn jump(&self, target: Target) {
        *self.jump.lock().expect("no holder of the desk panics") = Some(target);
        self.jumps.send_modify(|count| *count += 1);
    }

    /// Takes the waiting jump.
    pub fn take_jump(&self) -> Option<Target> {
        self.jump.lock().expect("no holder of the desk panics").take()
    }

    /// A window is about to draw its first picture, or has done so. Until it has, what nobody waits for yet stays out of
    /// its way.
    pub fn draw(&self, is_drawing: bool) {
        self.is_drawing.send_replace(is_drawing);
    }

    /// Waits until no window draws its first picture.
    pub async fn drawn(&self) {
        // The sender is ours.
        let _ = self.is_drawing.subscribe().wait_for(|is_drawing| !is_drawing).await;
    }

    /// Changes whenever a jump comes in.
    pub fn jumps(&self) -> watch::Receiver<u64> {
        self.jumps.subscribe()
    }
}
