//! The words of the outbox: what can be true of a reply on its way. The transitions are the engine's.

use crate::{AccountId, ConversationId, MessageId, OpId, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Where a reply is. `Dispatching` never goes back to `Queued` by a timer: that one rule gives at most once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum OutboxState {
    /// Waiting for its undo deadline.
    Held,
    /// May be sent as soon as its conversation, account and budget allow.
    Queued,
    /// Durably marked before the first byte leaves.
    Dispatching,
    /// The platform has it.
    Sent,
    /// Bytes may have left; being looked for on the platform.
    Unknown,
    /// Could not be confirmed, or overdue: a person decides between Retry and Discard.
    NeedsPerson,
    /// Definitely not sent, and trying again would not help without a person.
    Failed,
    /// Taken back by a person.
    Cancelled,
}

impl OutboxState {
    /// Whether nothing will happen to it any more without a person.
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Sent | Self::NeedsPerson | Self::Failed | Self::Cancelled)
    }
}

/// Why a reply failed or needs a person; a variant exists only where the words or the next step differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename_all = "snake_case")]
pub enum FailReason {
    /// The platform's reply window has closed.
    WindowClosed,
    /// Text longer than the platform takes.
    TooLong,
    /// File larger or of a kind the platform does not take.
    AttachmentRefused,
    /// The account must be signed in again.
    SignInAgain,
    /// The person cannot be reached (blocked us, left, deleted their account).
    RecipientUnavailable,
    /// The conversation is encrypted end to end; plain text would leak the answer.
    Encrypted,
    /// Another app controls the conversation.
    OtherAppInControl,
    /// The platform refuses (permission, policy, restriction).
    Refused,
    /// Not confirmed within two minutes of looking.
    Unconfirmed,
    /// Lay here for more than ten minutes past its time (closed lid, crash); asked before sending.
    Overdue,
}

/// How far a reply from this device is, as shown on its message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename_all = "camelCase")]
pub struct Delivery {
    /// Where.
    pub state: OutboxState,
    /// While held: when it is let go.
    pub held_until: Option<Timestamp>,
    /// Why it failed or needs a person.
    pub reason: Option<FailReason>,
}

/// One row of the outbox.
#[derive(Debug, Clone, PartialEq)]
pub struct OutboxRow {
    /// Ours; also the transaction or correlation id on the wire.
    pub op_id: OpId,
    /// Whose.
    pub account_id: AccountId,
    /// Where; one operation of a conversation is on its way at a time, in order of creation.
    pub conversation_id: ConversationId,
    /// The local echo.
    pub message_id: MessageId,
    /// Where it is.
    pub state: OutboxState,
    /// While held, when it is let go; while queued or unknown, when the next try or look is due.
    pub due_at: Timestamp,
    /// Sends begun.
    pub attempts: u32,
    /// Looks after an unknown outcome.
    pub looks: u32,
    /// The platform said yes, but its answer could not be read: never sent again, only looked for.
    pub is_accepted: bool,
    /// When the current or last send began, by the platforms' time, which outlives whatever this machine's clock shows; a
    /// read-back looks from here on.
    pub dispatched_at: Option<Timestamp>,
    /// Why it failed or needs a person.
    pub reason: Option<FailReason>,
    /// When the person pressed Send.
    pub created_at: Timestamp,
}
