//! Drafts.

use crate::{ReadTx, Result, WriteTx};
use model::draft::Draft;
use model::{ConversationId, MediaId};

impl ReadTx<'_> {
    /// The draft of a conversation.
    pub fn draft(&self, conversation: ConversationId) -> Result<Option<Draft>> {
        todo!()
    }
}

impl WriteTx<'_> {
    /// Keeps a draft; one without text and files is removed. Returns the media that nothing refers to any more.
    pub fn save_draft(&self, draft: &Draft) -> Result<Vec<MediaId>> {
        todo!()
    }
}
