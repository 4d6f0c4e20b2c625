//! Drafts.

use super::row::{Sql, json, value};
use crate::{Error, ReadTx, Result, Topic, WriteTx};
use model::draft::Draft;
use model::{ConversationId, MediaId};

impl ReadTx<'_> {
    /// The draft of a conversation.
    pub fn draft(&self, conversation: ConversationId) -> Result<Option<Draft>> {
        let sql = "SELECT conversation, body, files, changed_at FROM draft WHERE conversation = ?1";
        self.one(sql, [Sql(conversation)], |row| {
            Ok(Draft {
                conversation_id: value(row, "conversation")?,
                body: row.get("body")?,
                files: json(row, "files")?,
                changed_at: value(row, "changed_at")?,
            })
        })
    }

    pub(super) fn media_of_draft(&self, conversation: ConversationId) -> Result<Vec<MediaId>> {
        let draft = self.draft(conversation)?;
        Ok(draft.into_iter().flat_map(|draft| draft.files).map(|file| file.media).collect())
    }
}

impl WriteTx<'_> {
    /// Keeps a draft, if its conversation is (still) here; one without text and files is removed. Returns the media that nothing refers to any more: files of
    /// the draft that are sent must have their echo first.
    pub fn save_draft(&self, draft: &Draft) -> Result<Vec<MediaId>> {
        let id = draft.conversation_id;
        self.announce(Topic::Conversation(id));
        self.announce(Topic::Inbox);
        let before = self.media_of_draft(id)?;
        if self.conversation(id)?.is_none() {
            return Err(Error::Missing("conversation"));
        }
        if draft.body.is_empty() && draft.files.is_empty() {
            self.execute("DELETE FROM draft WHERE conversation = ?1", [Sql(id)])?;
        } else {
            self.execute(
                "INSERT INTO draft (conversation, body, files, changed_at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (conversation) DO UPDATE SET body = ?2, files = ?3, changed_at = ?4",
                (Sql(id), &draft.body, serde_json::to_string(&draft.files)?, Sql(draft.changed_at)),
            )?;
        }
        self.release_media(before)
    }
}
