//! What a person has been told: once per cause, also over a restart.

use super::row::{Sql, value};
use crate::{ReadTx, Result, WriteTx};
use model::{ConversationId, Timestamp};

impl ReadTx<'_> {
    /// When a person was told of this cause; none if not yet.
    pub fn told_at(&self, conversation: ConversationId, cause: &str) -> Result<Option<Timestamp>> {
        let sql = "SELECT told_at FROM told WHERE conversation = ?1 AND cause = ?2";
        self.one(sql, (Sql(conversation), cause), |row| value(row, "told_at"))
    }
}

impl WriteTx<'_> {
    /// Notes that a person is being told. False if they were already.
    pub fn tell_once(&self, conversation: ConversationId, cause: &str, at: Timestamp) -> Result<bool> {
        let sql =
            "INSERT INTO told (conversation, cause, told_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        Ok(self.execute(sql, (Sql(conversation), cause, Sql(at)))? > 0)
    }

    /// Forgets what was told before an instant.
    pub fn forget_told(&self, before: Timestamp) -> Result<()> {
        self.execute("DELETE FROM told WHERE told_at < ?1", [Sql(before)])?;
        Ok(())
    }
}
