//! The only door for intents: of people, and later of rules and teammates.
//!
//! An action is applied, remembered with how it is taken back, and answered in one commit.

mod actions;
mod undo;

use model::action::{Action, Intent, Undo};
use model::capability::Capabilities;
use model::settings::Settings;
use model::{ActionId, ConversationId, MessageId, OpId, PlatformId, Timestamp};
use store::{ReadTx, WriteTx};

pub use undo::{hand_back_held, take_back};

/// Why an action makes no sense now. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// It is no longer there.
    #[error("it is no longer there")]
    Gone,
    /// The reply window has closed, or the customer has not written yet.
    #[error("the reply window is closed")]
    WindowClosed,
    /// Longer than the platform takes.
    #[error("the text is too long")]
    TooLong,
    /// Neither text nor file.
    #[error("there is nothing to send")]
    NothingToSend,
    /// Larger than the platform takes, or of a kind it does not take.
    #[error("the file is not taken")]
    FileRefused,
    /// Plain text must not go into an encrypted conversation.
    #[error("the conversation is encrypted")]
    Encrypted,
    /// We may not write here.
    #[error("the conversation is read only")]
    ReadOnly,
    /// The reply is on its way already.
    #[error("it is too late")]
    TooLate,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// What an action is applied in: everything beside the action that decides.
pub struct Surroundings<'a> {
    /// Now, by the platforms' time. What waits here counts from `Action::at`, by this machine's clock.
    pub platform_now: Timestamp,
    /// The profile's settings.
    pub settings: &'a Settings,
    /// What a platform takes; none if it is not registered.
    pub capabilities: &'a dyn Fn(&PlatformId) -> Option<Capabilities>,
    /// Makes the id of an outbox operation.
    pub op_id: &'a dyn Fn() -> OpId,
}

/// What came of an action.
#[derive(Debug, Default)]
pub struct Applied {
    /// Set if something changed and was remembered.
    pub action: Option<ActionId>,
    /// How it is taken back.
    pub undo: Option<Undo>,
    /// Local echoes of a reply, in order.
    pub messages: Vec<MessageId>,
    /// A reply can be taken back until then.
    pub held_until: Option<Timestamp>,
}

/// Applies an action. The same action id twice changes nothing the second time.
pub fn apply(tx: &WriteTx, action: &Action, around: &Surroundings) -> Result<Applied, Refusal> {
    if tx.recorded(action.id)?.is_some() {
        return Ok(Applied::default());
    }
    let mut applied = match &action.intent {
        Intent::Reply { .. } => actions::reply::apply(tx, action, around)?,
        Intent::MarkRead { conversation } => actions::read::mark_read(tx, *conversation)?,
        Intent::See { conversation } => actions::read::see(tx, *conversation)?,
        Intent::MarkUnread { conversation } => actions::read::mark_unread(tx, *conversation)?,
        Intent::Retry { message } => actions::outbox::retry(tx, *message, action.at, around)?,
        Intent::Discard { message } => actions::outbox::discard(tx, *message, action.at)?,
    };
    refresh_stale(tx, around.capabilities)?;
    if applied.undo.is_some() {
        tx.record_action(action, applied.undo.as_ref())?;
        applied.action = Some(action.id);
    }
    Ok(applied)
}

/// Counts and marks of every conversation that the transaction changed.
pub fn refresh_stale(
    tx: &WriteTx,
    capabilities: &dyn Fn(&PlatformId) -> Option<Capabilities>,
) -> Result<(), store::Error> {
    for id in tx.stale_conversations() {
        let Some(conversation) = tx.conversation(id)? else { continue };
        let Some(account) = tx.account(conversation.account_id)? else { continue };
        tx.refresh_conversation(id, capabilities(&account.platform).and_then(|takes| takes.reply_window))?;
    }
    Ok(())
}

/// What a conversation takes, the platform's capabilities and the conversation's own limits together.
pub fn capabilities_of(
    tx: &ReadTx,
    conversation: ConversationId,
    capabilities: &dyn Fn(&PlatformId) -> Option<Capabilities>,
) -> Result<(model::conversation::Conversation, Capabilities), Refusal> {
    let conversation = tx.conversation(conversation)?.ok_or(Refusal::Gone)?;
    let account = tx.account(conversation.account_id)?.ok_or(Refusal::Gone)?;
    let platform = capabilities(&account.platform).ok_or(Refusal::ReadOnly)?;
    let here = platform.within(&conversation.limits);
    Ok((conversation, here))
}
