//! Files, stickers, shared posts and stories of a message, in one fixed order, so that "file number i" means the same
//! when the message is read again for a fresh address.

use super::ids::MediaSource;
use super::wire::{Attachment, Message};
use model::attachment::AttachmentKind;
use model::remote::RemoteAttachment;
use url::Url;

/// A file as we show it, and where its bytes are right now.
pub(super) struct Found {
    /// What the inbox keeps.
    pub attachment: RemoteAttachment,
    /// Signed address on the CDN; none if Graph gives nothing to fetch.
    pub address: Option<String>,
}

/// Everything that came with a message.
pub(super) fn find(message: &Message) -> Vec<Found> {
    let mut found: Vec<Found> = message.attachments.items.iter().map(file).collect();
    if !found.iter().any(|found| found.attachment.kind == AttachmentKind::Sticker) {
        found.extend(
            some(&message.sticker).map(|url| of(AttachmentKind::Sticker, "", "image/png", Some(url))),
        );
    }
    for share in &message.shares.items {
        let title = some(&share.name).or_else(|| some(&share.description)).unwrap_or_default();
        let mut card = of(AttachmentKind::Share, &title, "", None);
        card.attachment.link = some(&share.link).filter(|link| is_web(link));
        if card.attachment.link.is_some() || !card.attachment.name.is_empty() {
            found.push(card);
        }
    }
    if let Some(story) = &message.story {
        let links = [&story.reply_to, &story.mention].into_iter().flatten();
        found.extend(links.map(|link| of(AttachmentKind::Story, "", "", some(&link.link))));
    }
    for (index, found) in found.iter_mut().enumerate() {
        let source = MediaSource::Message { m: message.id.0.clone(), i: index };
        found.attachment.media = found.address.is_some().then(|| source.media_ref());
    }
    found
}

fn file(attachment: &Attachment) -> Found {
    let name = some(&attachment.name).unwrap_or_default();
    let mime = some(&attachment.mime_type).unwrap_or_default();
    let is_sticker = attachment.kind.as_deref() == Some("sticker") || attachment.sticker_id.is_some();
    let picture = attachment.image_data.as_ref().or(attachment.video_data.as_ref());
    let mut found = if let Some(image) = &attachment.image_data {
        let kind = if is_sticker || image.render_as_sticker {
            AttachmentKind::Sticker
        } else {
            AttachmentKind::Image
        };
        let url = some(&image.url).or_else(|| some(&image.animated_gif_url));
        of(kind, &name, or(&mime, "image/jpeg"), url)
    } else if let Some(video) = &attachment.video_data {
        of(AttachmentKind::Video, &name, or(&mime, "video/mp4"), some(&video.url))
    } else if let Some(template) = &attachment.generic_template {
        let title = some(&template.title).or_else(|| some(&template.subtitle)).unwrap_or(name);
        let mut card = of(AttachmentKind::Share, &title, "", None);
        let link = template.cta.as_ref().and_then(|button| some(&button.url));
        card.attachment.link = link.or_else(|| some(&template.media_url)).filter(|link| is_web(link));
        card
    } else {
        // A voice message and a document come alike. A file with neither address nor type is Meta's stub for media that
        // it withholds in the EU: its name is the sentence that says so.
        let kind = match mime.split('/').next() {
            _ if is_sticker => AttachmentKind::Sticker,
            Some("image") => AttachmentKind::Image,
            Some("video") => AttachmentKind::Video,
            Some("audio") => AttachmentKind::Audio,
            _ => AttachmentKind::File,
        };
        of(kind, &name, &mime, some(&attachment.file_url))
    };
    found.attachment.size_bytes = attachment.size;
    found.attachment.pixels = picture.and_then(|picture| picture.width.zip(picture.height));
    found
}

fn of(kind: AttachmentKind, name: &str, mime: &str, address: Option<String>) -> Found {
    let attachment = RemoteAttachment {
        kind,
        name: name.to_owned(),
        mime: mime.to_owned(),
        size_bytes: None,
        pixels: None,
        media: None,
        link: None,
    };
    Found { attachment, address }
}

fn some(text: &Option<String>) -> Option<String> {
    text.clone().filter(|text| !text.is_empty())
}

fn or<'a>(text: &'a str, otherwise: &'a str) -> &'a str {
    if text.is_empty() { otherwise } else { text }
}

fn is_web(link: &str) -> bool {
    Url::parse(link).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some())
}
