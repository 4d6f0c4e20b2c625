//! Files on their way out: by address, by an earlier upload's id, or with the request.

use serde_json::{Value, json};

use super::attachment::Attachment;
use super::call::Call;
use super::error::GraphError;
use super::platform::{Platform, WebFile};
use super::tokens::Grant;
use crate::media::Media;

const MB: usize = 1_048_576;
/// Uploads die after 90 days, ms.
const UPLOAD_LIFE_MS: i64 = 90 * 86_400_000;

/// What the `attachment` of a message stands for, ready to be held; and the id under which it can be used again.
pub(crate) fn resolve(
    platform: &mut Platform,
    call: &Call,
    page: &str,
    attachment: &Value,
) -> Result<(Attachment, Option<String>), GraphError> {
    let kind = attachment["type"].as_str().unwrap_or_default().to_owned();
    let payload = &attachment["payload"];
    if kind == "template" {
        let element = &payload["elements"][0];
        let read =
            |name: &str| element[name].as_str().or(payload[name].as_str()).unwrap_or_default().to_owned();
        let template = Attachment::Template {
            title: read("title"),
            subtitle: read("subtitle"),
            link: read("image_url"),
        };
        return Ok((template, None));
    }
    if !matches!(kind.as_str(), "image" | "audio" | "video" | "file") {
        return Err(GraphError::invalid(
            "(#100) Param message[attachment][type] must be one of the supported types",
        ));
    }
    let media = if let Some(id) = payload["attachment_id"].as_str() {
        uploaded(platform, call, page, id)?
    } else if let Some(url) = payload["url"].as_str() {
        fetch(platform, url, &kind)?
    } else if let Some(file) = call.file.clone() {
        file
    } else {
        return Err(GraphError::invalid("(#100) Upload attachment failure.").sub(2_018_047));
    };
    check(&kind, &media)?;
    let reusable = (payload["is_reusable"] == true).then(|| keep(platform, page, media.clone(), call.now_ms));
    let held = match kind.as_str() {
        "image" if media.mime == "image/gif" => Attachment::Gif(media),
        "image" => Attachment::Image(media),
        "audio" => Attachment::Audio(media),
        "video" => Attachment::Video(media),
        _ => Attachment::File(media),
    };
    Ok((held, reusable))
}

fn uploaded(platform: &Platform, call: &Call, page: &str, id: &str) -> Result<Media, GraphError> {
    let bad = || GraphError::invalid("(#100) Invalid attachment id").sub(2_018_074);
    let (owner, file, made_ms) = platform.uploads.get(id).ok_or_else(bad)?;
    if owner != page || call.now_ms - made_ms > UPLOAD_LIFE_MS {
        return Err(bad());
    }
    platform.files.get(file).cloned().ok_or_else(bad)
}

fn fetch(platform: &Platform, url: &str, kind: &str) -> Result<Media, GraphError> {
    match platform.web.get(url) {
        Some(WebFile::There(media)) => Ok(media.clone()),
        Some(WebFile::Slow(_)) if kind == "video" => {
            Err(GraphError::invalid("(#100) Timeout while fetching the video").sub(2_018_294))
        }
        _ => Err(GraphError::invalid("(#100) Failed to fetch the file from the url").sub(2_018_008)),
    }
}

fn check(kind: &str, media: &Media) -> Result<(), GraphError> {
    let most = if kind == "image" { 8 * MB } else { 25 * MB };
    if media.size_bytes() > most {
        return Err(GraphError::invalid("(#100) The attachment size exceeds allowable limit").sub(2_018_109));
    }
    let fits = match kind {
        "image" => matches!(media.mime.as_str(), "image/png" | "image/jpeg" | "image/gif"),
        "audio" => media.mime.starts_with("audio/"),
        "video" => media.mime.starts_with("video/"),
        _ => true,
    };
    if fits { Ok(()) } else { Err(GraphError::invalid("(#100) Upload attachment failure.").sub(2_018_047)) }
}

fn keep(platform: &mut Platform, page: &str, media: Media, now_ms: i64) -> String {
    let file = platform.store_file(media);
    let id = platform.chance.digits(15);
    platform.uploads.insert(id.clone(), (page.to_owned(), file, now_ms));
    id
}

/// `POST /{page-id}/message_attachments`.
pub(crate) fn upload(
    platform: &mut Platform,
    call: &Call,
    grant: &Grant,
    named: &str,
) -> Result<Value, GraphError> {
    let (_, page) = grant.page(platform, named, &call.method)?;
    grant.needs("pages_messaging", 200)?;
    let attachment =
        call.body.get("message").map(|message| message["attachment"].clone()).unwrap_or_default();
    let (held, _) = resolve(platform, call, &page, &attachment)?;
    let media = held
        .media()
        .cloned()
        .ok_or_else(|| GraphError::invalid("(#100) Nothing to upload").sub(2_018_047))?;
    Ok(json!({ "attachment_id": keep(platform, &page, media, call.now_ms) }))
}
