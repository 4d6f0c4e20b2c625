//! What came before its message, kept until the message comes. A deletion is kept for good: it also stops a reaction that
//! is told of again.

use super::row::{Sql, value};
use crate::{ReadTx, Result, WriteTx};
use model::remote::Author;
use model::{AccountId, ConversationId, MediaId, RemoteId, Timestamp};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Mutation {
    Deletion,
    Edit { author: Option<Who>, body: String, revision: String },
    Reaction { author: Who, key: String, remote_id: Option<String> },
    Reactions { reactions: Vec<(Who, String)> },
    Read { conversation: i64, by_us: bool },
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Who {
    Us,
    Them(String),
}

impl From<&Author> for Who {
    fn from(author: &Author) -> Self {
        match author {
            Author::Us => Self::Us,
            Author::Them(contact) => Self::Them(contact.0.clone()),
        }
    }
}

impl From<Who> for Author {
    fn from(who: Who) -> Self {
        match who {
            Who::Us => Self::Us,
            Who::Them(contact) => Self::Them(RemoteId(contact)),
        }
    }
}

const DELETION: &str = r#"{"kind":"deletion"}"#;

impl ReadTx<'_> {
    pub(super) fn has_pending_deletion(&self, account: i64, target: &RemoteId) -> Result<bool> {
        let sql = "SELECT 1 FROM pending_mutation WHERE account = ?1 AND target = ?2 AND detail = ?3";
        Ok(self.one(sql, (account, Sql(target), DELETION), |_| Ok(()))?.is_some())
    }
}

impl WriteTx<'_> {
    pub(super) fn keep_pending(
        &self,
        account: i64,
        target: &RemoteId,
        at: Timestamp,
        mutation: &Mutation,
    ) -> Result<()> {
        match mutation {
            Mutation::Deletion => {
                // What was to happen to it, words included, is of no use any more.
                self.mark_erased();
                self.execute(
                    "DELETE FROM pending_mutation WHERE account = ?1 AND target = ?2 AND detail <> ?3",
                    (account, Sql(target), DELETION),
                )?;
            }
            _ if self.has_pending_deletion(account, target)? => return Ok(()),
            Mutation::Reactions { .. } => {
                self.execute(
                    "DELETE FROM pending_mutation WHERE account = ?1 AND target = ?2 AND detail LIKE '{\"kind\":\"reactions\"%'",
                    (account, Sql(target)),
                )?;
            }
            // The newest mark says it all; one that waits for something that is no message is replaced by the next.
            Mutation::Read { .. } => {
                self.execute(
                    "DELETE FROM pending_mutation WHERE account = ?1 AND detail = ?2",
                    (account, serde_json::to_string(mutation)?),
                )?;
            }
            Mutation::Edit { .. } | Mutation::Reaction { .. } => {}
        }
        self.execute(
            "INSERT INTO pending_mutation (account, target, at, detail) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (account, target, detail) DO UPDATE SET at = CASE ?4 WHEN ?5 THEN min(at, ?3) ELSE max(at, ?3) END",
            (account, Sql(target), Sql(at), serde_json::to_string(mutation)?, DELETION),
        )?;
        Ok(())
    }

    /// The message is here: what waited for it happens. Returns media that nothing refers to any more.
    pub(super) fn apply_pending(&self, account: AccountId, target: &RemoteId) -> Result<Vec<MediaId>> {
        let no = self.account_no(account)?;
        let sql = "SELECT at, detail FROM pending_mutation WHERE account = ?1 AND target = ?2 ORDER BY id";
        let waiting: Vec<(Timestamp, String)> =
            self.all(sql, (no, Sql(target)), |row| Ok((value(row, "at")?, row.get("detail")?)))?;
        if waiting.is_empty() {
            return Ok(Vec::new());
        }
        self.execute("DELETE FROM pending_mutation WHERE account = ?1 AND target = ?2", (no, Sql(target)))?;
        let mut media = Vec::new();
        for (at, detail) in waiting {
            match serde_json::from_str(&detail)? {
                Mutation::Deletion => media.extend(self.apply_deletion(account, target, at)?.media),
                Mutation::Edit { author, body, revision } => {
                    let author = author.map(Author::from);
                    self.apply_edit(account, target, author.as_ref(), &body, at, &revision)?;
                }
                Mutation::Reaction { author, key, remote_id } => {
                    let own = remote_id.map(RemoteId);
                    self.apply_reaction(account, target, &author.into(), &key, own.as_ref(), at)?;
                }
                Mutation::Reactions { reactions } => {
                    let reactions: Vec<_> =
                        reactions.into_iter().map(|(who, key)| (who.into(), key)).collect();
                    self.set_reactions(account, target, &reactions)?;
                }
                Mutation::Read { conversation, by_us } => {
                    self.read_up_to_message(account, ConversationId(conversation), target, by_us)?;
                }
            }
        }
        Ok(media)
    }
}
