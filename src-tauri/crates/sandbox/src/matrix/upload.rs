//! The media repository.

use bytes::Bytes;
use http::Request;
use serde_json::json;

use super::error::Refusal;
use super::server::Server;
use crate::media::Media;
use crate::wire::{self, Answer, Params};

pub(crate) fn upload(
    server: &mut Server,
    request: &Request<Bytes>,
    params: &Params,
) -> Result<Answer, Refusal> {
    if request.body().len() > server.upload_max_bytes {
        return Err(Refusal::new(413, "M_TOO_LARGE", "Upload request body is too large"));
    }
    let name = params.get("filename").map_or("upload", String::as_str);
    let stated = wire::content_type(request);
    let mime = if stated.is_empty() { "application/octet-stream" } else { stated.as_str() };
    let address = server.store_media(Media::of(name, mime, request.body().clone()));
    Ok(wire::json(200, &json!({ "content_uri": address })))
}

/// A file as it is, or as a picture at most as wide as asked.
pub(crate) fn download(
    server: &Server,
    domain: &str,
    id: &str,
    wide: Option<u32>,
) -> Result<Answer, Refusal> {
    if domain != server.domain {
        return Err(Refusal::new(404, "M_NOT_FOUND", "Failed to find remote media"));
    }
    let media = server.media.get(id).ok_or_else(Refusal::not_found)?;
    let shown = wide.map_or_else(|| media.clone(), |wide| media.at_most(wide));
    let mut answer = wire::typed(200, &shown.mime, shown.bytes());
    let name = wire::encode(&shown.name);
    wire::set(&mut answer, "content-disposition", &format!("inline; filename*=utf-8''{name}"));
    wire::set(&mut answer, "content-security-policy", "sandbox; default-src 'none'");
    Ok(answer)
}
