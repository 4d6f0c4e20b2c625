//! Contacts.

use crate::{ReadTx, Result, WriteTx};
use model::contact::Contact;
use model::conversation::Conversation;
use model::remote::RemoteContact;
use model::{AccountId, ContactId, ConversationId, RemoteId, Timestamp};
use std::collections::BTreeMap;

/// What the store knows about a contact beside the contact.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactFacts {
    /// Their first message in the conversation, platform time.
    pub first_seen_at: Option<Timestamp>,
    /// Their messages in the conversation.
    pub message_count: u32,
    /// Other conversations with them on the same account, newest activity first, at most 20.
    pub other_conversations: Vec<Conversation>,
}

impl ReadTx<'_> {
    /// One contact.
    pub fn contact(&self, id: ContactId) -> Result<Option<Contact>> {
        todo!()
    }

    /// The contact with this id on the platform.
    pub fn contact_by_remote(&self, account: AccountId, remote: &RemoteId) -> Result<Option<Contact>> {
        todo!()
    }

    /// Several contacts; unknown ids are absent.
    pub fn contacts(&self, ids: &[ContactId]) -> Result<BTreeMap<ContactId, Contact>> {
        todo!()
    }

    /// What is known about a contact, seen from one conversation.
    pub fn contact_facts(&self, contact: ContactId, conversation: ConversationId) -> Result<ContactFacts> {
        todo!()
    }
}

impl WriteTx<'_> {
    /// Adds or changes a contact; absent fields keep what is stored. The name falls back to the handle, then the id.
    pub fn upsert_contact(&self, account: AccountId, remote: &RemoteContact) -> Result<ContactId> {
        todo!()
    }

    /// The contact with this id, made if it is not there yet.
    pub fn ensure_contact(&self, account: AccountId, remote: &RemoteId) -> Result<ContactId> {
        todo!()
    }
}
