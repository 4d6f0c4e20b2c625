//! Answering: the text as one message, each file as one more, all held for the undo time, in order.

use super::super::{Applied, Refusal, Surroundings, capabilities_of};
use model::Timestamp;
use model::action::{Action, Intent, Undo};
use model::capability::Capabilities;
use model::conversation::Conversation;
use model::draft::{Draft, DraftFile};
use model::outbox::OutboxState;
use std::time::Duration;
use store::{NewEcho, WriteTx};

pub fn apply(tx: &WriteTx, action: &Action, around: &Surroundings) -> Result<Applied, Refusal> {
    let Intent::Reply { conversation, body, files, reply_to } = &action.intent else {
        unreachable!("the caller matched the intent");
    };
    let (conversation, takes) = capabilities_of(tx, *conversation, around.capabilities)?;
    check(&conversation, &takes, body, files, around.platform_now)?;
    let quoted = match reply_to {
        Some(message) if takes.can_quote => tx
            .message(*message)?
            .filter(|message| message.conversation_id == conversation.id)
            .and_then(|message| message.remote_id),
        _ => None,
    };
    let held_until = action.at.plus(Duration::from_secs(around.settings.undo_send_seconds.into()));
    let mut applied = Applied { held_until: Some(held_until), ..Applied::default() };
    let mut ops = Vec::new();
    let text = body.trim_end();
    let texts = (!text.trim().is_empty()).then(|| (text.to_owned(), None)).into_iter();
    let parts = texts.chain(files.iter().map(|file| (String::new(), Some(file.clone()))));
    for (index, (body, file)) in parts.enumerate() {
        let row = tx.insert_echo(&NewEcho {
            op_id: (around.op_id)(),
            conversation_id: conversation.id,
            body,
            file,
            reply_to: quoted.clone().filter(|_| index == 0),
            state: OutboxState::Held,
            due_at: held_until,
            now: action.at,
            sent_at: around.platform_now,
        })?;
        ops.push(row.op_id);
        applied.messages.push(row.message_id);
    }
    let empty =
        Draft { conversation_id: conversation.id, body: String::new(), files: vec![], changed_at: action.at };
    tx.save_draft(&empty)?;
    tx.advance_read_mark(conversation.id, conversation.last_activity_at)?;
    applied.undo = Some(Undo::TakeBackReply { conversation: conversation.id, ops });
    Ok(applied)
}

fn check(
    conversation: &Conversation,
    takes: &Capabilities,
    body: &str,
    files: &[DraftFile],
    now: Timestamp,
) -> Result<(), Refusal> {
    if body.trim().is_empty() && files.is_empty() {
        return Err(Refusal::NothingToSend);
    }
    if conversation.limits.is_encrypted {
        return Err(Refusal::Encrypted);
    }
    if !conversation.is_open || conversation.limits.is_read_only {
        return Err(Refusal::ReadOnly);
    }
    if takes.reply_window.is_some() && conversation.window_closes_at.is_none_or(|closes_at| closes_at <= now)
    {
        return Err(Refusal::WindowClosed);
    }
    if takes.text_unit.length(body.trim_end()) > takes.max_text {
        return Err(Refusal::TooLong);
    }
    if files.iter().any(|file| file.size_bytes > takes.max_bytes(&file.mime)) {
        return Err(Refusal::FileRefused);
    }
    Ok(())
}
