//! The outbox: replies on their way. The transitions are the engine's; here they are compare-and-set.

use crate::{ReadTx, Result, WriteTx};
use model::draft::DraftFile;
use model::outbox::{OutboxRow, OutboxState};
use model::{AccountId, ConversationId, MessageId, OpId, RemoteId, Timestamp};

/// A reply that enters the outbox: its local echo and its row are made together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEcho {
    /// The operation.
    pub op_id: OpId,
    /// Where.
    pub conversation_id: ConversationId,
    /// The text; empty for a file.
    pub body: String,
    /// The file.
    pub file: Option<DraftFile>,
    /// Quoted message.
    pub reply_to: Option<RemoteId>,
    /// Held or queued.
    pub state: OutboxState,
    /// When it is let go, or due.
    pub due_at: Timestamp,
    /// When the person pressed Send.
    pub now: Timestamp,
}

/// What is needed to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    /// Where, as the platform calls it.
    pub conversation: RemoteId,
    /// The customer, as the platform calls them.
    pub recipient: Option<RemoteId>,
    /// The text; empty for a file.
    pub body: String,
    /// The file; its bytes lie in the media cache.
    pub file: Option<DraftFile>,
    /// Quoted message.
    pub reply_to: Option<RemoteId>,
}

impl ReadTx<'_> {
    /// One operation.
    pub fn outbox_row(&self, op: OpId) -> Result<Option<OutboxRow>> {
        todo!()
    }

    /// The operation of a local echo.
    pub fn outbox_by_message(&self, message: MessageId) -> Result<Option<OutboxRow>> {
        todo!()
    }

    /// All operations in one of these states, oldest first.
    pub fn outbox_in(&self, states: &[OutboxState]) -> Result<Vec<OutboxRow>> {
        todo!()
    }

    /// Operations of an account that are due: the oldest unsettled one of each conversation, if it is held, queued or
    /// unknown and its time has come. Oldest first. One that is being sent holds its conversation back.
    pub fn due(&self, account: AccountId, now: Timestamp) -> Result<Vec<OutboxRow>> {
        todo!()
    }

    /// When the next operation of an account is due; none if none will be by itself.
    pub fn next_due_at(&self, account: AccountId) -> Result<Option<Timestamp>> {
        todo!()
    }

    /// What an operation sends.
    pub fn payload(&self, op: OpId) -> Result<Option<Payload>> {
        todo!()
    }

    /// Remote ids in a conversation that are matched to operations of ours, sent at `since` or later: no other operation can be them.
    pub fn taken_remote_ids(&self, conversation: ConversationId, since: Timestamp) -> Result<Vec<RemoteId>> {
        todo!()
    }
}

impl WriteTx<'_> {
    /// Makes the local echo and the outbox row of a reply. The echo stands behind everything that is in the conversation.
    pub fn insert_echo(&self, echo: &NewEcho) -> Result<OutboxRow> {
        todo!()
    }

    /// Sets state, due time, counters and reason of `to.op_id` as they are in `to`, if its state is one of `from`; false
    /// if it is not. The local echo of a cancelled operation disappears and comes back if the operation does.
    pub fn cas_outbox(&self, from: &[OutboxState], to: &OutboxRow) -> Result<bool> {
        todo!()
    }

    /// At start: what was being sent when the program ended has an unknown outcome, to be looked at now. Returns these rows.
    pub fn quarantine_dispatching(&self, now: Timestamp) -> Result<Vec<OutboxRow>> {
        todo!()
    }

    /// Erases replies taken back before `before`: their undo is over.
    pub fn forget_cancelled(&self, before: Timestamp) -> Result<u32> {
        todo!()
    }
}
