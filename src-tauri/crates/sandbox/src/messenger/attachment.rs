//! What hangs on a message, and how Graph shows it.

use serde_json::{Value, json};

use super::cdn;
use crate::media::Media;

/// Something a customer sends instead of, or beside, text.
#[derive(Clone, Debug, PartialEq)]
pub enum Attachment {
    /// A photo.
    Image(Media),
    /// An animated picture.
    Gif(Media),
    /// A film.
    Video(Media),
    /// A voice message.
    Audio(Media),
    /// Any other file.
    File(Media),
    /// A sticker: since August 2026 an attachment of its own, no picture twin beside it.
    Sticker(Media),
    /// A shared link or post.
    Share {
        /// Where it points.
        link: String,
        /// Its title.
        name: String,
    },
    /// A template with a title, a second line and a link.
    Template {
        /// First line.
        title: String,
        /// Second line.
        subtitle: String,
        /// Where the button leads.
        link: String,
    },
    /// A template with nothing in it, as shared comments arrive.
    EmptyTemplate,
    /// The message answers the Page's story; its link becomes empty after 24 hours.
    Story(Media),
    /// The message mentions the Page in the person's own story.
    StoryMention(Media),
    /// Something the interface does not show at all.
    Unsupported,
    /// Media that may not be shown in Europe: only a name is left.
    Unavailable {
        /// The notice shown instead.
        name: String,
    },
}

/// An attachment as it is held: the file is on the content network.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    pub id: String,
    pub what: Attachment,
    /// Asset id of its file, if it has one.
    pub file: Option<String>,
}

/// Stories live for this long, ms.
const STORY_MS: i64 = 86_400_000;

impl Attachment {
    pub(crate) fn media(&self) -> Option<&Media> {
        match self {
            Attachment::Image(media)
            | Attachment::Gif(media)
            | Attachment::Video(media)
            | Attachment::Audio(media)
            | Attachment::File(media)
            | Attachment::Sticker(media)
            | Attachment::Story(media)
            | Attachment::StoryMention(media) => Some(media),
            _ => None,
        }
    }
}

impl Held {
    /// The node under `attachments.data`, for kinds that have one there.
    pub fn node(&self, now_ms: i64) -> Option<Value> {
        let url = |life_ms: i64| cdn::signed(self.file.as_deref().unwrap_or_default(), now_ms, life_ms);
        let loose = || cdn::loose(self.file.as_deref().unwrap_or_default(), now_ms);
        let mut node = json!({ "id": self.id });
        if let Some(media) = self.what.media() {
            node["mime_type"] = json!(media.mime);
            node["name"] = json!(media.name);
            node["size"] = json!(media.size_bytes());
        }
        match &self.what {
            Attachment::Image(media) | Attachment::Gif(media) => {
                let (width, height) = media.pixels().unwrap_or((640, 480));
                node["image_data"] = json!({
                    "url": loose(), "preview_url": url(cdn::PREVIEW_MS), "width": width, "height": height,
                    "max_width": width, "max_height": height, "render_as_sticker": false,
                });
                if matches!(self.what, Attachment::Gif(_)) {
                    node["image_data"]["animated_gif_url"] = json!(loose());
                    node["image_data"]["animated_gif_preview_url"] = json!(url(cdn::PREVIEW_MS));
                }
            }
            Attachment::Video(_) => {
                node["video_data"] = json!({
                    "url": url(cdn::VIDEO_MS), "preview_url": url(cdn::PREVIEW_MS), "width": 720, "height": 1280,
                    "length": 12, "video_type": 2,
                });
            }
            Attachment::Audio(_) | Attachment::File(_) => node["file_url"] = json!(loose()),
            Attachment::Sticker(_) => {
                node["type"] = json!("sticker");
                node["sticker_id"] = json!(369_239_263_222_822_u64);
            }
            Attachment::Template { title, subtitle, link } => {
                node["generic_template"] = json!({
                    "title": title, "subtitle": subtitle, "cta": { "title": title, "type": "web_url", "url": link },
                });
            }
            Attachment::EmptyTemplate => node["generic_template"] = json!({}),
            Attachment::Unavailable { name } => node["name"] = json!(name),
            Attachment::Share { .. }
            | Attachment::Story(_)
            | Attachment::StoryMention(_)
            | Attachment::Unsupported => return None,
        }
        Some(node)
    }

    /// Adds what stands beside `attachments` in the message's node.
    pub fn beside(&self, node: &mut Value, sent_ms: i64, now_ms: i64) {
        let file = self.file.as_deref().unwrap_or_default();
        let story = || {
            let is_gone = now_ms - sent_ms > STORY_MS;
            let link = if is_gone { String::new() } else { cdn::signed(file, now_ms, cdn::PREVIEW_MS) };
            json!({ "link": link, "id": self.id })
        };
        match &self.what {
            Attachment::Sticker(_) => node["sticker"] = json!(cdn::signed(file, now_ms, cdn::PREVIEW_MS)),
            Attachment::Share { link, name } => {
                node["shares"] = json!({ "data": [{ "id": self.id, "link": link, "name": name }] });
            }
            Attachment::Story(_) => node["story"] = json!({ "reply_to": story() }),
            Attachment::StoryMention(_) => node["story"] = json!({ "mention": story() }),
            Attachment::Unsupported => node["is_unsupported"] = json!(true),
            _ => {}
        }
    }
}
