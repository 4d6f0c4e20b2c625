//! Messages: merging what platforms tell with what is stored. The same fact twice, late or out of order ends the same.

use crate::{ReadTx, Result, WriteTx};
use model::attachment::Attachment;
use model::message::Message;
use model::remote::{Author, RemoteMessage};
use model::{AccountId, AttachmentId, ConversationId, MediaId, MessageId, OpId, RemoteId, Timestamp};

/// What came of a message that a platform told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upserted {
    /// Its row.
    pub id: MessageId,
    /// There was no row before, neither by remote id nor by operation.
    pub is_new: bool,
    /// The row is a reply from this device whose remote id has become known by this.
    pub has_confirmed: Option<OpId>,
    /// Media that nothing refers to any more; their files are to be deleted after the commit.
    pub erased: Vec<MediaId>,
}

/// What came of a deletion.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erased {
    /// Where the target was; none if it is not here (yet): then the deletion waits for it.
    pub conversation: Option<ConversationId>,
    /// The message that became a tombstone; none for a reaction.
    pub message: Option<MessageId>,
    /// Media that nothing refers to any more; their files are to be deleted after the commit.
    pub media: Vec<MediaId>,
}

impl ReadTx<'_> {
    /// One message.
    pub fn message(&self, id: MessageId) -> Result<Option<Message>> {
        todo!()
    }

    /// The message with this id on the platform.
    pub fn message_by_remote(&self, account: AccountId, remote: &RemoteId) -> Result<Option<Message>> {
        todo!()
    }

    /// One attachment.
    pub fn attachment(&self, id: AttachmentId) -> Result<Option<Attachment>> {
        todo!()
    }

    /// The newest message of a conversation that has a remote id: what a read mark names. None if there is none.
    pub fn newest_remote_id(&self, conversation: ConversationId) -> Result<Option<RemoteId>> {
        todo!()
    }
}

impl WriteTx<'_> {
    /// Adds or merges a message: by remote id, or by our operation (the local echo keeps its row and takes the remote id).
    /// The latest edit wins, a deletion sticks, what was waiting for the message is applied.
    pub fn upsert_message(
        &self,
        account: AccountId,
        conversation: ConversationId,
        remote: &RemoteMessage,
    ) -> Result<Upserted> {
        todo!()
    }

    /// A reply of ours has this id on the platform. If that message has come in by itself meanwhile, both become one row.
    pub fn confirm_message(&self, id: MessageId, remote: &RemoteId) -> Result<()> {
        todo!()
    }

    /// New text of a message, or kept until the message is here. Only its author's edits count. Where the message is, if anything changed.
    pub fn apply_edit(
        &self,
        account: AccountId,
        target: &RemoteId,
        author: Option<&Author>,
        body: &str,
        at: Timestamp,
        revision: &str,
    ) -> Result<Option<ConversationId>> {
        todo!()
    }

    /// Takes a message or a reaction back: body, files, reactions and index entries are erased. Sticks, also before the target is here.
    pub fn apply_deletion(&self, account: AccountId, target: &RemoteId, at: Timestamp) -> Result<Erased> {
        todo!()
    }

    /// A reaction, or kept until its message is here. Where the message is, if anything changed.
    pub fn apply_reaction(
        &self,
        account: AccountId,
        target: &RemoteId,
        author: &Author,
        key: &str,
        remote_id: Option<&RemoteId>,
        at: Timestamp,
    ) -> Result<Option<ConversationId>> {
        todo!()
    }

    /// All reactions of a message as they stand now, or kept until it is here.
    pub fn set_reactions(
        &self,
        account: AccountId,
        target: &RemoteId,
        reactions: &[(Author, String)],
    ) -> Result<Option<ConversationId>> {
        todo!()
    }
}
