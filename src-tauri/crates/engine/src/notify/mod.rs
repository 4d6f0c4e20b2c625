//! Who is told what, when. `policy` decides, purely; `teller` carries it out; the shell shows.

mod desk;
mod ending;
mod item;
pub mod policy;
mod teller;

pub use desk::{Attention, Desk};
pub(crate) use item::news;
pub(crate) use teller::Teller;

use model::{AccountId, ConversationId, MessageId};

/// Which notification on the screen: a new one with the same key replaces the old one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoticeKey {
    /// One per conversation.
    Conversation(ConversationId),
    /// The folded rest of a burst of new messages.
    NewMessages,
    /// The folded rest of many replies that are due.
    Due,
    /// The sign-in of an account that ends soon: one per account.
    SignIn(AccountId),
}

/// A notification, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What it replaces.
    pub key: NoticeKey,
    /// First line: who, and on which network. Plain text.
    pub title: String,
    /// The text. Plain; whoever shows it escapes what its system would interpret.
    pub body: String,
    /// Makes a sound.
    pub has_sound: bool,
    /// Where a click leads; none = only to the window.
    pub target: Option<Target>,
}

/// Where a click on a notification or a link leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A conversation, and the reply to it.
    Conversation {
        /// Open this.
        conversation: ConversationId,
        /// Highlight this.
        message: Option<MessageId>,
    },
    /// The entry of an account in the settings, where it is put right.
    Account(AccountId),
}

/// Shows notifications. The shell has the real one. Calls must return at once.
pub trait Notifier: Send + Sync {
    /// Shows, or replaces the one with the same key.
    fn show(&self, notice: Notice);
    /// Takes it off the screen, if it is still there: the conversation was read.
    fn withdraw(&self, key: NoticeKey);
    /// How many conversations are unread: tray and badge.
    fn count(&self, unread: u32);
}

/// Shows nothing: for hosts without a desktop.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Notifier for Silent {
    fn show(&self, _: Notice) {}
    fn withdraw(&self, _: NoticeKey) {}
    fn count(&self, _: u32) {}
}
