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
    let mut found: Vec<Found> =
        message.attachments.items.iter().filter(|attachment| !is_empty_card(attachment)).map(file).collect();
    if let Some(url) = some(&message.sticker) {
        // Newer answers name the sticker among the attachments too, by its type or only as a picture without an address.
        let twin = |found: &&mut Found| {
            found.attachment.kind == AttachmentKind::Sticker
                || (found.attachment.kind == AttachmentKind::Image && found.address.is_none())
        };
        match found.iter_mut().find(twin) {
            Some(twin) => {
                twin.attachment.kind = AttachmentKind::Sticker;
                twin.address.get_or_insert(url);
            }
            None => found.push(of(AttachmentKind::Sticker, "", "image/png", Some(url))),
        }
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

/// A card with nothing on it: a shared comment arrives like this.
fn is_empty_card(attachment: &Attachment) -> bool {
    let is_blank = |text: &Option<String>| some(text).is_none();
    attachment.generic_template.as_ref().is_some_and(|card| {
        let has_link = card.cta.as_ref().is_some_and(|button| !is_blank(&button.url));
        !has_link
            && [&card.title, &card.subtitle, &card.media_url, &attachment.name].into_iter().all(is_blank)
    })
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
