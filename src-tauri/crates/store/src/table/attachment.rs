//! Attachments of messages.

use super::row::{Sql, maybe, value};
use crate::{ReadTx, Result, WriteTx};
use model::attachment::{Attachment, AttachmentKind};
use model::draft::DraftFile;
use model::remote::RemoteAttachment;
use model::{AccountId, AttachmentId, MediaId, MessageId};
use rusqlite::Row;

const SELECT: &str = "SELECT id, kind, name, mime, size_bytes, width, height, media, link FROM attachment";

fn read(row: &Row<'_>) -> rusqlite::Result<Attachment> {
    let width: Option<u32> = row.get("width")?;
    Ok(Attachment {
        id: value(row, "id")?,
        kind: value(row, "kind")?,
        name: row.get("name")?,
        mime: row.get("mime")?,
        size_bytes: row.get::<_, Option<i64>>("size_bytes")?.map(i64::cast_unsigned),
        pixels: width.zip(row.get("height")?),
        media: maybe(row, "media")?,
        link: row.get("link")?,
    })
}

impl ReadTx<'_> {
    /// One attachment.
    pub fn attachment(&self, id: AttachmentId) -> Result<Option<Attachment>> {
        self.one(&format!("{SELECT} WHERE id = ?1"), [Sql(id)], read)
    }

    pub(super) fn attachments_of(&self, message: MessageId) -> Result<Vec<Attachment>> {
        self.all(&format!("{SELECT} WHERE message = ?1 ORDER BY position"), [Sql(message)], read)
    }

    pub(super) fn media_of_message(&self, message: MessageId) -> Result<Vec<MediaId>> {
        let sql = "SELECT media FROM attachment WHERE message = ?1 AND media IS NOT NULL";
        self.all(sql, [Sql(message)], |row| value(row, "media"))
    }
}

impl WriteTx<'_> {
    pub(super) fn write_attachments(
        &self,
        account: AccountId,
        message: MessageId,
        attachments: &[RemoteAttachment],
    ) -> Result<()> {
        for (position, attachment) in attachments.iter().enumerate() {
            let media =
                attachment.media.as_ref().map(|source| self.register_media(account, source)).transpose()?;
            self.insert_attachment(message, position, &stored(attachment, media))?;
        }
        Ok(())
    }

    /// Brings the files of a message to what the platform tells now. Returns media that nothing refers to any more.
    pub(super) fn merge_attachments(
        &self,
        account: AccountId,
        message: MessageId,
        told: &[RemoteAttachment],
    ) -> Result<Vec<MediaId>> {
        let mut now = Vec::new();
        for attachment in told {
            let media =
                attachment.media.as_ref().map(|source| self.register_media(account, source)).transpose()?;
            now.push(stored(attachment, media));
        }
        let mut before = self.attachments_of(message)?;
        before.iter_mut().for_each(|attachment| attachment.id = AttachmentId(0));
        if before == now {
            return Ok(Vec::new());
        }
        let media = self.media_of_message(message)?;
        self.execute("DELETE FROM attachment WHERE message = ?1", [Sql(message)])?;
        for (position, attachment) in now.iter().enumerate() {
            self.insert_attachment(message, position, attachment)?;
        }
        self.mark_stale(self.conversation_of(message)?);
        self.release_media(media)
    }

    /// The file of a reply from this device.
    pub(super) fn attach_own_file(&self, message: MessageId, file: &DraftFile) -> Result<()> {
        let kind = match file.mime.split('/').next() {
            Some("image") => AttachmentKind::Image,
            Some("video") => AttachmentKind::Video,
            Some("audio") => AttachmentKind::Audio,
            _ => AttachmentKind::File,
        };
        let attachment = Attachment {
            id: AttachmentId(0),
            kind,
            name: file.name.clone(),
            mime: file.mime.clone(),
            size_bytes: Some(file.size_bytes),
            pixels: None,
            media: Some(file.media.clone()),
            link: None,
        };
        self.insert_attachment(message, 0, &attachment)
    }

    fn insert_attachment(&self, message: MessageId, position: usize, attachment: &Attachment) -> Result<()> {
        self.execute(
            "INSERT INTO attachment (message, position, kind, name, mime, size_bytes, width, height, media, link)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            (
                Sql(message),
                i64::try_from(position).unwrap_or(i64::MAX),
                Sql(attachment.kind),
                &attachment.name,
                &attachment.mime,
                attachment.size_bytes.map(|size| i64::try_from(size).unwrap_or(i64::MAX)),
                attachment.pixels.map(|pixels| pixels.0),
                attachment.pixels.map(|pixels| pixels.1),
                attachment.media.as_ref().map(Sql),
                &attachment.link,
            ),
        )?;
        Ok(())
    }
}

fn stored(remote: &RemoteAttachment, media: Option<MediaId>) -> Attachment {
    Attachment {
        id: AttachmentId(0),
        kind: remote.kind,
        name: remote.name.clone(),
        mime: remote.mime.clone(),
        size_bytes: remote.size_bytes.map(|size| size.min(i64::MAX.cast_unsigned())),
        pixels: remote.pixels,
        media,
        link: remote.link.clone(),
    }
}
