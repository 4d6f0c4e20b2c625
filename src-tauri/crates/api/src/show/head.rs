//! The head of an open conversation, and what its composer needs.

use crate::types::conversation::*;
use engine::accounts::Registry;
use model::account::{Account, AccountStatus};
use model::capability::Capabilities;
use model::conversation::{Conversation, ConversationKind};
use model::{ConversationId, Timestamp};
use store::ReadTx;

/// None if there is no such conversation, or its platform is not part of this program.
pub fn read(
    tx: &ReadTx,
    id: ConversationId,
    registry: &Registry,
    now: Timestamp,
) -> Result<Option<ConversationView>, store::Error> {
    let Some(conversation) = tx.conversation(id)? else { return Ok(None) };
    let Some(account) = tx.account(conversation.account_id)? else { return Ok(None) };
    let Some(takes) = registry.capabilities(&account.platform) else { return Ok(None) };
    let takes = takes.within(&conversation.limits);
    let draft = tx.draft(id)?;
    Ok(Some(ConversationView {
        id,
        account: account.id,
        composer: composer(&conversation, &account, &takes, now),
        account_name: account.name,
        platform: account.platform,
        contact: contact(tx, &conversation)?,
        network: conversation.network,
        kind: conversation.kind,
        title: conversation.title,
        unread_count: conversation.unread_count,
        is_marked_unread: conversation.is_marked_unread,
        first_unread: tx.first_unread(id)?,
        waiting_since: conversation.waiting_since,
        read_by_them_up_to: tx.read_by_them_up_to(id)?,
        max_text: u32::try_from(takes.max_text).unwrap_or(u32::MAX),
        text_unit: takes.text_unit,
        max_image_bytes: takes.max_image_bytes,
        max_file_bytes: takes.max_file_bytes,
        can_quote: takes.can_quote,
        draft_body: draft.as_ref().map(|draft| draft.body.clone()).unwrap_or_default(),
        draft_files: draft.map(|draft| draft.files).unwrap_or_default(),
        has_more_history: tx.has_gap(id)?,
    }))
}

/// The first thing that stands in the way, the most lasting first.
fn composer(
    conversation: &Conversation,
    account: &Account,
    takes: &Capabilities,
    now: Timestamp,
) -> ComposerState {
    if conversation.limits.is_encrypted {
        return ComposerState::Encrypted;
    }
    if !conversation.is_open || conversation.limits.is_read_only {
        return ComposerState::ReadOnly;
    }
    if account.status == AccountStatus::SignInAgain {
        return ComposerState::SignInAgain;
    }
    match (takes.reply_window, conversation.window_closes_at) {
        (Some(_), None) => ComposerState::NotWrittenYet,
        (Some(_), Some(closed_at)) if closed_at <= now => ComposerState::WindowClosed { closed_at },
        (Some(_), Some(closes_at)) => ComposerState::Open { closes_at: Some(closes_at) },
        (None, _) if conversation.kind == ConversationKind::Request => ComposerState::Request,
        (None, _) => ComposerState::Open { closes_at: None },
    }
}

fn contact(tx: &ReadTx, conversation: &Conversation) -> Result<Option<ContactView>, store::Error> {
    let Some(id) = conversation.contact_id else { return Ok(None) };
    let Some(contact) = tx.contact(id)? else { return Ok(None) };
    let facts = tx.contact_facts(id, conversation.id)?;
    let other = |conversation: Conversation| OtherConversation {
        id: conversation.id,
        title: conversation.title,
        last_activity_at: conversation.last_activity_at,
    };
    Ok(Some(ContactView {
        id,
        name: contact.name,
        handle: contact.handle,
        avatar: contact.avatar,
        first_seen_at: facts.first_seen_at,
        message_count: facts.message_count,
        other_conversations: facts.other_conversations.into_iter().map(other).collect(),
    }))
}
