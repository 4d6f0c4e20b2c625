//! What a person has been told: once per cause, also over a restart.

use crate::{ReadTx, Result, WriteTx};
use model::{ConversationId, Timestamp};

impl ReadTx<'_> {
    /// When a person was told of this cause; none if not yet.
    pub fn told_at(&self, conversation: ConversationId, cause: &str) -> Result<Option<Timestamp>> {
        todo!()
    }
}

impl WriteTx<'_> {
    /// Notes that a person is being told. False if they were already.
    pub fn tell_once(&self, conversation: ConversationId, cause: &str, at: Timestamp) -> Result<bool> {
        todo!()
    }

    /// Forgets what was told before an instant.
    pub fn forget_told(&self, before: Timestamp) -> Result<()> {
        todo!()
    }
}
