//! Facts about this profile itself.

use super::row::{Sql, maybe, value};
use crate::{ReadTx, Result, WriteTx};
use model::{AccountId, RemoteId, Timestamp};

impl ReadTx<'_> {
    /// The place of the profile that a person was last warned of.
    pub fn folder_told(&self) -> Result<Option<String>> {
        self.meta("folder_told")
    }

    /// When the messages of an account were last compared with the platform's.
    pub fn audited_at(&self, account: AccountId) -> Result<Option<Timestamp>> {
        let at_ms = self.meta(&audited(account))?;
        Ok(at_ms.and_then(|at_ms| at_ms.parse().ok()).map(Timestamp))
    }

    /// The conversations of an account in which something happened since then, newest first, and from when on all of each
    /// should be here: below that is history that was not fetched yet. Those with a hole are left out: it is being filled.
    pub fn to_audit(&self, account: AccountId, since: Timestamp) -> Result<Vec<(RemoteId, Timestamp)>> {
        let sql = "SELECT remote_id, CASE WHEN EXISTS (SELECT 1 FROM gap WHERE gap.conversation = c.id) THEN
                (SELECT min(sent_at) + 1 FROM message AS m WHERE m.conversation = c.id AND m.remote_id IS NOT NULL) END AS whole_from
            FROM conversation AS c WHERE account = ?1 AND last_activity_at >= ?2 AND is_open = 1
              AND NOT EXISTS (SELECT 1 FROM gap WHERE gap.conversation = c.id AND is_hole = 1)
            ORDER BY last_activity_at DESC";
        self.all(sql, (self.account_no(account)?, Sql(since)), |row| {
            Ok((value(row, "remote_id")?, maybe(row, "whole_from")?.unwrap_or(Timestamp(i64::MIN))))
        })
    }

    /// How far the platforms' time was ahead of this machine's clock when they last said so, in milliseconds.
    pub fn platforms_ahead_ms(&self) -> Result<i64> {
        Ok(self.meta("platforms_ahead_ms")?.and_then(|ahead_ms| ahead_ms.parse().ok()).unwrap_or(0))
    }

    fn meta(&self, key: &str) -> Result<Option<String>> {
        self.one("SELECT value FROM meta WHERE key = ?1", [key], |row| row.get(0))
    }
}

impl WriteTx<'_> {
    /// A person was warned of this place.
    pub fn set_folder_told(&self, name: &str) -> Result<()> {
        self.set_meta("folder_told", name)
    }

    /// The messages of an account were compared with the platform's.
    pub fn set_audited_at(&self, account: AccountId, now: Timestamp) -> Result<()> {
        self.set_meta(&audited(account), &now.0.to_string())
    }

    /// The platforms' time is so far ahead of this machine's clock, in milliseconds.
    pub fn set_platforms_ahead_ms(&self, ahead_ms: i64) -> Result<()> {
        self.set_meta("platforms_ahead_ms", &ahead_ms.to_string())
    }

    fn set_meta(&self, key: &str, value: &str) -> Result<()> {
        let sql = "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2";
        self.execute(sql, [key, value])?;
        Ok(())
    }
}

fn audited(account: AccountId) -> String {
    format!("audited {}", account.0)
}
