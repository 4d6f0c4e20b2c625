//! Packs an operation for the platform, or says why it cannot go at all.

use model::capability::Capabilities;
use model::conversation::ConversationKind;
use model::outbox::FailReason;
use model::remote::{Outgoing, OutgoingFile};
use model::{OpId, Timestamp};
use store::ReadTx;

/// An operation, ready for `Session::perform` but for the file's bytes.
pub struct Packed {
    /// What goes out.
    pub outgoing: Outgoing,
    /// The conversation is a request: it is accepted first.
    pub is_request: bool,
}

/// Ready, or why not.
pub enum Parcel {
    /// Send it.
    Ready(Box<Packed>),
    /// The platform would refuse: we know ourselves.
    Blocked(FailReason),
}

/// Packs for sending: checks what may have changed while it waited (the window closed, we left, it was encrypted). `now` is
/// the platforms' time.
pub fn pack(tx: &ReadTx, op: OpId, takes: &Capabilities, now: Timestamp) -> Result<Parcel, store::Error> {
    let Some(row) = tx.outbox_row(op)? else { return Ok(Parcel::Blocked(FailReason::Refused)) };
    let Some(conversation) = tx.conversation(row.conversation_id)? else {
        return Ok(Parcel::Blocked(FailReason::RecipientUnavailable));
    };
    let here = takes.within(&conversation.limits);
    let blocked = if conversation.limits.is_encrypted {
        Some(FailReason::Encrypted)
    } else if !conversation.is_open || conversation.limits.is_read_only {
        Some(FailReason::RecipientUnavailable)
    } else if here.reply_window.is_some()
        && conversation.window_closes_at.is_none_or(|closes_at| closes_at <= now)
    {
        Some(FailReason::WindowClosed)
    } else {
        None
    };
    if let Some(reason) = blocked {
        return Ok(Parcel::Blocked(reason));
    }
    Ok(match pack_for_look(tx, op, now)? {
        Some(packed) => Parcel::Ready(Box::new(packed)),
        None => Parcel::Blocked(FailReason::Refused),
    })
}

/// Packs for a read-back: what was sent, whatever has changed since. `since` is when the first attempt began, by the
/// platforms' time.
pub fn pack_for_look(tx: &ReadTx, op: OpId, since: Timestamp) -> Result<Option<Packed>, store::Error> {
    let (Some(row), Some(payload)) = (tx.outbox_row(op)?, tx.payload(op)?) else { return Ok(None) };
    let Some(conversation) = tx.conversation(row.conversation_id)? else { return Ok(None) };
    Ok(Some(Packed {
        is_request: conversation.kind == ConversationKind::Request,
        outgoing: Outgoing {
            op_id: op,
            conversation: payload.conversation,
            recipient: payload.recipient,
            body: payload.body,
            file: payload.file.map(|file| OutgoingFile {
                media: file.media,
                name: file.name,
                mime: file.mime,
                bytes: Vec::new(),
            }),
            reply_to: payload.reply_to,
            first_attempt_at: since,
        },
    }))
}
