//! What may be told, as it stands in the store.

use super::policy::{Cause, Item};
use crate::accounts::Registry;
use crate::sync::ingest::Arrived;
use model::conversation::Conversation;
use model::message::Message;
use store::ReadTx;

/// What came in, for whoever is told. Read in the transaction that stores it, where all of it is at hand: a look of its own
/// after the commit would wait its turn behind everything that the commit sets off.
pub(crate) fn news(tx: &ReadTx, registry: &Registry, arrived: &[Arrived]) -> Result<Vec<Item>, store::Error> {
    let mut items = Vec::new();
    for one in arrived {
        let Some(conversation) = tx.conversation(one.conversation)? else { continue };
        let Some(id) = one.message else {
            items.extend(item_of(tx, registry, &conversation, None, Cause::Request)?);
            continue;
        };
        let Some(message) = tx.message(id)? else { continue };
        // Unsent, or read on another device, before anybody could be told.
        if message.deleted_at.is_some() || conversation.read_up_to >= Some(message.sent_at) {
            continue;
        }
        let cause = Cause::Message { sent_at: message.sent_at };
        items.extend(item_of(tx, registry, &conversation, Some(&message), cause)?);
    }
    Ok(items)
}

/// What there is to say of a conversation: of this message, or else of its newest.
pub(super) fn item_of(
    tx: &ReadTx,
    registry: &Registry,
    conversation: &Conversation,
    message: Option<&Message>,
    cause: Cause,
) -> Result<Option<Item>, store::Error> {
    let Some(account) = tx.account(conversation.account_id)? else { return Ok(None) };
    let newest = match (message, conversation.last_message_id) {
        (None, Some(id)) => tx.message(id)?,
        _ => None,
    };
    let message = message.or(newest.as_ref());
    let author = match message.and_then(|message| message.author) {
        Some(author) => tx.contact(author)?.map(|contact| contact.name),
        None => None,
    };
    // Behind a bridge the network that the person writes from; else the platform itself.
    let platform = registry.connector(&account.platform).map(|connector| connector.descriptor().name);
    let network = conversation.network.as_deref().or(platform).unwrap_or(account.platform.as_str());
    Ok(Some(Item {
        conversation: conversation.id,
        message: message.map(|message| message.id),
        cause,
        who: author.unwrap_or_else(|| conversation.title.clone()),
        network: format!("{network} · {}", account.name),
        text: message.map(|message| message.body.clone()).unwrap_or_default(),
        has_file: message.is_some_and(|message| !message.attachments.is_empty()),
        is_wanted: account.settings.notifies,
    }))
}
