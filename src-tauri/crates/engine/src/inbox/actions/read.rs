//! Read and unread. Local at once; the platform is told afterwards, if and how the account's owner wants.

use super::super::{Applied, Refusal};
use model::ConversationId;
use model::action::Undo;
use store::WriteTx;

pub fn mark_read(tx: &WriteTx, id: ConversationId) -> Result<Applied, Refusal> {
    let before = tx.conversation(id)?.ok_or(Refusal::Gone)?;
    if before.unread_count == 0 && !before.is_marked_unread {
        return Ok(Applied::default());
    }
    tx.advance_read_mark(id, before.last_activity_at)?;
    Ok(restoring(&before))
}

/// As read, without a way back: undo is for what somebody did, not for what happened while they looked.
pub fn see(tx: &WriteTx, id: ConversationId) -> Result<Applied, Refusal> {
    mark_read(tx, id)?;
    Ok(Applied::default())
}

pub fn mark_unread(tx: &WriteTx, id: ConversationId) -> Result<Applied, Refusal> {
    let before = tx.conversation(id)?.ok_or(Refusal::Gone)?;
    if before.is_marked_unread {
        return Ok(Applied::default());
    }
    tx.set_read_mark(id, before.read_up_to, true)?;
    Ok(restoring(&before))
}

fn restoring(before: &model::conversation::Conversation) -> Applied {
    Applied {
        undo: Some(Undo::RestoreReadMark {
            conversation: before.id,
            read_up_to: before.read_up_to,
            is_marked_unread: before.is_marked_unread,
        }),
        ..Applied::default()
    }
}
