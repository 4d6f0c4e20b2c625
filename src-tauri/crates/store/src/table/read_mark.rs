//! Read marks that the platform does not know yet.

use super::pending::Mutation;
use super::row::{Sql, value};
use crate::{Error, ReadTx, Result, Topic, WriteTx};
use model::{AccountId, ConversationId, RemoteId, Timestamp};

/// What the platform is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UntoldMark {
    /// Where.
    pub conversation: ConversationId,
    /// Where, as the platform calls it.
    pub remote_conversation: RemoteId,
    /// The newest message (with a remote id) that has been read.
    pub remote_message: RemoteId,
    /// The mark; handed back to `set_read_mark_told`.
    pub up_to: Timestamp,
    /// Whether the customer may be shown: the account's `sends_read_receipts`.
    pub is_public: bool,
}

impl ReadTx<'_> {
    /// Open conversations (no requests) of an account whose read mark is later than what the platform knows, with a
    /// message to name, at most `limit`.
    pub fn untold_read_marks(&self, account: AccountId, limit: u32) -> Result<Vec<UntoldMark>> {
        let settings = self.account(account)?.ok_or(Error::Missing("account"))?.settings;
        let sql = "SELECT c.id, c.remote_id AS remote_conversation, read_up_to,
              (SELECT m.remote_id FROM message AS m
               WHERE m.conversation = c.id AND m.remote_id IS NOT NULL AND m.sent_at <= c.read_up_to
               ORDER BY m.sent_at DESC, m.order_in_ms DESC, m.id DESC LIMIT 1) AS remote_message
            FROM conversation AS c INDEXED BY conversation_read_untold
            WHERE account = ?1 AND is_read_untold = 1 AND remote_message IS NOT NULL LIMIT ?2";
        self.all(sql, (self.account_no(account)?, limit), |row| {
            Ok(UntoldMark {
                conversation: value(row, "id")?,
                remote_conversation: value(row, "remote_conversation")?,
                remote_message: value(row, "remote_message")?,
                up_to: value(row, "read_up_to")?,
                is_public: settings.sends_read_receipts,
            })
        })
    }
}

impl WriteTx<'_> {
    /// The platform knows this mark (or never will). `read_by_us` facts from the platform itself count as told: see
    /// `advance_read_mark_told_by_platform`.
    pub fn set_read_mark_told(&self, conversation: ConversationId, up_to: Timestamp) -> Result<()> {
        let changed = self.execute(
            "UPDATE conversation SET read_told_up_to = ?2 WHERE id = ?1 AND coalesce(read_told_up_to < ?2, 1)",
            (Sql(conversation), Sql(up_to)),
        )?;
        if changed > 0 {
            self.announce(Topic::Inbox);
        }
        Ok(())
    }

    /// The platform says that we have read up to here: moves our mark forward like `advance_read_mark` and counts as told.
    pub fn advance_read_mark_told_by_platform(
        &self,
        conversation: ConversationId,
        up_to: Timestamp,
    ) -> Result<bool> {
        self.set_read_mark_told(conversation, up_to)?;
        let sql = "SELECT 1 FROM conversation WHERE id = ?1 AND coalesce(read_up_to >= ?2, 0)";
        if self.one(sql, (Sql(conversation), Sql(up_to)), |_| Ok(()))?.is_some() {
            // An old receipt does not take away what a person has marked unread since.
            return Ok(false);
        }
        self.advance_read_mark(conversation, up_to)
    }

    /// We (`by_us`) or the customer have read up to this message, or to an edit or a reaction that is here: people's apps mark
    /// whatever came last. A mark on a message that is not here yet waits for it.
    pub fn read_up_to_message(
        &self,
        account: AccountId,
        conversation: ConversationId,
        message: &RemoteId,
        by_us: bool,
    ) -> Result<()> {
        let no = self.account_no(account)?;
        let sql = "SELECT sent_at FROM message WHERE account = ?1 AND remote_id = ?2
            UNION ALL SELECT sent_at FROM reaction AS r JOIN message AS m ON m.id = r.message
              WHERE r.account = ?1 AND r.remote_id = ?2 AND r.remote_id <> ''
            UNION ALL SELECT edited_at FROM message WHERE conversation = ?3 AND edit_revision = ?2 LIMIT 1";
        let at: Option<Timestamp> =
            self.one(sql, (no, Sql(message), Sql(conversation)), |row| value(row, "sent_at"))?;
        match (at, by_us) {
            (Some(up_to), true) => {
                self.advance_read_mark_told_by_platform(conversation, up_to)?;
                Ok(())
            }
            (Some(up_to), false) => self.advance_their_read_mark(conversation, up_to),
            (None, _) => {
                let mark = Mutation::Read { conversation: conversation.0, by_us };
                self.keep_pending(no, message, Timestamp(0), &mark)
            }
        }
    }
}
