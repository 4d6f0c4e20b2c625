//! Edits, deletions and reactions of messages. Those that come before their message wait for it in `pending_mutation`.

use super::pending::{Mutation, Who};
use super::row::{Sql, maybe, value};
use crate::{ReadTx, Result, Topic, WriteTx};
use model::remote::Author;
use model::{AccountId, ConversationId, MediaId, MessageId, RemoteId, Timestamp};

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
    pub(super) fn is_deleted(&self, message: MessageId) -> Result<bool> {
        let sql = "SELECT deleted_at IS NOT NULL FROM message WHERE id = ?1";
        Ok(self.one(sql, [Sql(message)], |row| row.get(0))?.unwrap_or(true))
    }
}

impl WriteTx<'_> {
    /// New text of a message, or kept until the message is here. Only its author's edits count. Where the message is, if
    /// anything changed.
    pub fn apply_edit(
        &self,
        account: AccountId,
        target: &RemoteId,
        author: Option<&Author>,
        body: &str,
        at: Timestamp,
        revision: &str,
    ) -> Result<Option<ConversationId>> {
        let no = self.account_no(account)?;
        let Some(id) = self.message_id(no, target)? else {
            let (author, body) = (author.map(Who::from), body.to_owned());
            self.keep_pending(
                no,
                target,
                at,
                &Mutation::Edit { author, body, revision: revision.to_owned() },
            )?;
            return Ok(None);
        };
        let sql = "SELECT is_outbound, author, contact.remote_id, edited_at, edit_revision, deleted_at
            FROM message AS m LEFT JOIN contact ON contact.id = author WHERE m.id = ?1";
        let counts = self.one(sql, [Sql(id)], |row| {
            let is_author = match author {
                None => true,
                Some(Author::Us) => row.get("is_outbound")?,
                Some(Author::Them(contact)) => {
                    maybe(row, "remote_id")?.is_some_and(|by: RemoteId| by == *contact)
                }
            };
            let edited_at: Option<Timestamp> = maybe(row, "edited_at")?;
            let edit_revision: String = row.get("edit_revision")?;
            let is_newer = edited_at.is_none_or(|edited_at| (at, revision) > (edited_at, &edit_revision));
            Ok(is_author && is_newer && maybe::<Timestamp>(row, "deleted_at")?.is_none())
        })?;
        if counts != Some(true) {
            return Ok(None);
        }
        self.will_change_text(id)?;
        self.execute(
            "UPDATE message SET body = ?2, edited_at = ?3, edit_revision = ?4 WHERE id = ?1",
            (Sql(id), body, Sql(at), revision),
        )?;
        let conversation = self.conversation_of(id)?;
        self.mark_erased();
        self.mark_stale(conversation);
        Ok(Some(conversation))
    }

    /// Takes a message or a reaction back: body, files, reactions and index entries are erased. Sticks, also before the
    /// target is here.
    pub fn apply_deletion(&self, account: AccountId, target: &RemoteId, at: Timestamp) -> Result<Erased> {
        let no = self.account_no(account)?;
        if let Some(id) = self.message_id(no, target)? {
            let media = self.erase_message(id, at)?;
            return Ok(Erased { conversation: Some(self.conversation_of(id)?), message: Some(id), media });
        }
        self.keep_pending(no, target, at, &Mutation::Deletion)?;
        let sql = "SELECT message FROM reaction WHERE account = ?1 AND remote_id = ?2 AND remote_id <> ''";
        let Some(message) = self.one(sql, (no, Sql(target)), |row| value::<MessageId>(row, "message"))?
        else {
            return Ok(Erased::default());
        };
        self.execute("DELETE FROM reaction WHERE account = ?1 AND remote_id = ?2", (no, Sql(target)))?;
        let conversation = self.conversation_of(message)?;
        self.announce(Topic::Conversation(conversation));
        Ok(Erased { conversation: Some(conversation), ..Erased::default() })
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
        let no = self.account_no(account)?;
        if let Some(own) = remote_id
            && self.has_pending_deletion(no, own)?
        {
            return Ok(None);
        }
        let Some(id) = self.message_id(no, target)? else {
            let (author, key) = (Who::from(author), key.to_owned());
            let remote_id = remote_id.map(|id| id.0.clone());
            self.keep_pending(no, target, at, &Mutation::Reaction { author, key, remote_id })?;
            return Ok(None);
        };
        if self.is_deleted(id)? {
            return Ok(None);
        }
        let conversation = self.conversation_of(id)?;
        let is_new = self.add_reaction(account, id, author, key, remote_id)?;
        if is_new {
            self.announce(Topic::Conversation(conversation));
        }
        Ok(is_new.then_some(conversation))
    }

    /// All reactions of a message as they stand now, or kept until it is here. Where the message is, if anything changed.
    pub fn set_reactions(
        &self,
        account: AccountId,
        target: &RemoteId,
        reactions: &[(Author, String)],
    ) -> Result<Option<ConversationId>> {
        let no = self.account_no(account)?;
        let Some(id) = self.message_id(no, target)? else {
            let reactions = reactions.iter().map(|(author, key)| (Who::from(author), key.clone())).collect();
            self.keep_pending(no, target, Timestamp(0), &Mutation::Reactions { reactions })?;
            return Ok(None);
        };
        if self.is_deleted(id)? {
            return Ok(None);
        }
        let list =
            "SELECT author, key, remote_id FROM reaction WHERE message = ?1 ORDER BY author, key, remote_id";
        let read = |tx: &Self| tx.all(list, [Sql(id)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)));
        let before: Vec<(i64, String, String)> = read(self)?;
        let mut now = Vec::new();
        for (author, key) in reactions {
            now.push((self.reaction_author(account, author)?, key.clone(), String::new()));
        }
        now.sort();
        now.dedup();
        if before == now {
            return Ok(None);
        }
        self.execute("DELETE FROM reaction WHERE message = ?1", [Sql(id)])?;
        for (author, key) in reactions {
            self.add_reaction(account, id, author, key, None)?;
        }
        let conversation = self.conversation_of(id)?;
        self.announce(Topic::Conversation(conversation));
        Ok(Some(conversation))
    }

    fn reaction_author(&self, account: AccountId, author: &Author) -> Result<i64> {
        match author {
            Author::Us => Ok(0),
            Author::Them(contact) => Ok(self.ensure_contact(account, contact)?.0),
        }
    }

    fn add_reaction(
        &self,
        account: AccountId,
        message: MessageId,
        author: &Author,
        key: &str,
        remote_id: Option<&RemoteId>,
    ) -> Result<bool> {
        let added = self.execute(
            "INSERT OR IGNORE INTO reaction (message, account, author, key, remote_id) VALUES (?1, ?2, ?3, ?4, ?5)",
            (
                Sql(message),
                self.account_no(account)?,
                self.reaction_author(account, author)?,
                key,
                remote_id.map_or("", RemoteId::as_str),
            ),
        )?;
        Ok(added > 0)
    }

    /// Makes a message a tombstone. The earliest instant stays, whichever deletion comes first.
    pub(super) fn erase_message(&self, id: MessageId, at: Timestamp) -> Result<Vec<MediaId>> {
        self.mark_stale(self.conversation_of(id)?);
        self.mark_erased();
        self.will_change_text(id)?;
        let media = self.media_of_message(id)?;
        self.execute("DELETE FROM attachment WHERE message = ?1", [Sql(id)])?;
        self.execute("DELETE FROM reaction WHERE message = ?1", [Sql(id)])?;
        self.execute(
            "UPDATE message SET body = '', edited_at = NULL, edit_revision = '',
               deleted_at = min(coalesce(deleted_at, ?2), ?2) WHERE id = ?1",
            (Sql(id), Sql(at)),
        )?;
        self.release_media(media)
    }
}
