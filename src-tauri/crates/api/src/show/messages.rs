//! A stretch of messages with their authors, quotes and reactions.

use crate::types::conversation::*;
use model::attachment::Attachment;
use model::contact::Contact;
use model::message::{Direction, Message, Reaction};
use model::outbox::OutboxState;
use model::{AccountId, ContactId, ConversationId, RemoteId};
use std::collections::{BTreeMap, BTreeSet};
use store::{ReadTx, Stretch};

/// Longest part of a quoted message that is shown, in characters.
const EXCERPT: usize = 200;

/// At most `limit` messages, oldest first.
pub fn read(
    tx: &ReadTx,
    conversation: ConversationId,
    stretch: Stretch,
    limit: u32,
) -> Result<MessagePage, store::Error> {
    let page = tx.messages(conversation, stretch, limit)?;
    let mut people: BTreeSet<ContactId> =
        page.messages.iter().filter_map(|(_, message)| message.author).collect();
    people.extend(
        page.messages.iter().flat_map(|(_, m)| m.reactions.iter().filter_map(|reaction| reaction.contact_id)),
    );
    let mut people = tx.contacts(&people.into_iter().collect::<Vec<_>>())?;
    let mut messages = Vec::with_capacity(page.messages.len());
    for (key, message) in page.messages {
        let quote = match &message.reply_to {
            Some(remote_id) => Some(quote(tx, message.account_id, remote_id, &mut people)?),
            None => None,
        };
        messages.push(view(key, message, quote, &people));
    }
    Ok(MessagePage { messages, has_older: page.has_older, has_newer: page.has_newer })
}

fn view(
    key: store::MessageKey,
    message: Message,
    quote: Option<QuoteView>,
    people: &BTreeMap<ContactId, Contact>,
) -> MessageView {
    let author = message.author.and_then(|id| people.get(&id));
    MessageView {
        id: message.id,
        key: MessageKey { at: key.at, order: key.order, id: key.id },
        direction: message.direction,
        author: author.map(|it| AuthorView { id: it.id, name: it.name.clone(), avatar: it.avatar.clone() }),
        kind: message.kind,
        sent_at: message.sent_at,
        body: message.body,
        quote,
        edited_at: message.edited_at,
        is_deleted: message.deleted_at.is_some(),
        delivery: message.delivery.filter(|delivery| delivery.state != OutboxState::Cancelled),
        attachments: message.attachments.into_iter().map(attachment).collect(),
        reactions: reactions(&message.reactions, people),
    }
}

fn quote(
    tx: &ReadTx,
    account: AccountId,
    remote_id: &RemoteId,
    people: &mut BTreeMap<ContactId, Contact>,
) -> Result<QuoteView, store::Error> {
    let Some(quoted) = tx.message_by_remote(account, remote_id)? else {
        return Ok(QuoteView { message: None, author: None, direction: None, excerpt: String::new() });
    };
    if let Some(id) = quoted.author.filter(|id| !people.contains_key(id)) {
        people.extend(tx.contact(id)?.map(|contact| (id, contact)));
    }
    Ok(QuoteView {
        message: Some(quoted.id),
        author: quoted.author.and_then(|id| people.get(&id)).map(|contact| contact.name.clone()),
        direction: Some(quoted.direction),
        excerpt: quoted.body.chars().take(EXCERPT).collect(),
    })
}

fn attachment(attachment: Attachment) -> AttachmentView {
    AttachmentView {
        id: attachment.id,
        kind: attachment.kind,
        name: attachment.name,
        mime: attachment.mime,
        size_bytes: attachment.size_bytes,
        width: attachment.pixels.map(|(width, _)| width),
        height: attachment.pixels.map(|(_, height)| height),
        media: attachment.media,
        link: attachment.link,
    }
}

/// Grouped by emoji, in the order each first appeared.
fn reactions(reactions: &[Reaction], people: &BTreeMap<ContactId, Contact>) -> Vec<ReactionView> {
    let mut groups: Vec<ReactionView> = Vec::new();
    for reaction in reactions {
        let index = groups.iter().position(|group| group.key == reaction.key).unwrap_or_else(|| {
            groups.push(ReactionView {
                key: reaction.key.clone(),
                count: 0,
                is_ours: false,
                names: Vec::new(),
            });
            groups.len() - 1
        });
        let group = &mut groups[index];
        group.count += 1;
        group.is_ours |= reaction.direction == Direction::Out;
        group
            .names
            .extend(reaction.contact_id.and_then(|id| people.get(&id)).map(|contact| contact.name.clone()));
    }
    groups
}
