//! Conversations: what the platform says of them, and the marks people set.

use crate::{ReadTx, Result, WriteTx};
use model::conversation::Conversation;
use model::remote::RemoteConversation;
use model::{AccountId, ConversationId, MessageId, RemoteId, Timestamp};

impl ReadTx<'_> {
    /// One conversation.
    pub fn conversation(&self, id: ConversationId) -> Result<Option<Conversation>> {
        todo!()
    }

    /// The conversation with this id on the platform.
    pub fn conversation_by_remote(
        &self,
        account: AccountId,
        remote: &RemoteId,
    ) -> Result<Option<Conversation>> {
        todo!()
    }

    /// Up to where the customer has read.
    pub fn read_by_them_up_to(&self, id: ConversationId) -> Result<Option<Timestamp>> {
        todo!()
    }

    /// The first message not read.
    pub fn first_unread(&self, id: ConversationId) -> Result<Option<MessageId>> {
        todo!()
    }

    /// Conversations that can be due: somebody waits or a window is open, and the account notifies. Longest waiting first.
    pub fn conversations_waiting(&self) -> Result<Vec<Conversation>> {
        todo!()
    }
}

impl WriteTx<'_> {
    /// The conversation with this id, made if it is not there yet; `now` counts as its activity until it has a message.
    pub fn ensure_conversation(
        &self,
        account: AccountId,
        remote: &RemoteId,
        now: Timestamp,
    ) -> Result<ConversationId> {
        todo!()
    }

    /// Adds or changes a conversation; absent fields keep what is stored. Told of again, a conversation is open again.
    pub fn merge_conversation(
        &self,
        account: AccountId,
        remote: &RemoteConversation,
        now: Timestamp,
    ) -> Result<ConversationId> {
        todo!()
    }

    /// Sets our read mark exactly: to undo. `refresh_conversation` counts anew.
    pub fn set_read_mark(
        &self,
        id: ConversationId,
        read_up_to: Option<Timestamp>,
        is_marked_unread: bool,
    ) -> Result<()> {
        todo!()
    }

    /// Moves our read mark forward, never back, and takes a hand-made unread mark away. False if it stood there already.
    pub fn advance_read_mark(&self, id: ConversationId, up_to: Timestamp) -> Result<bool> {
        todo!()
    }

    /// Moves the customer's read mark forward, never back.
    pub fn advance_their_read_mark(&self, id: ConversationId, up_to: Timestamp) -> Result<()> {
        todo!()
    }

    /// We are no longer in it, or it is gone: it stays readable.
    pub fn leave_conversation(&self, id: ConversationId) -> Result<()> {
        todo!()
    }
}
