//! Files in and out.

use super::ids::{self, path};
use super::outbound;
use super::refusal;
use super::server::{Call, Server};
use super::wire::{self, MediaConfig, Uploaded};
use bytes::Bytes;
use connect::http::{SMALL, file};
use connect::transport::Bounds;
use connect::{Certainty, Effect, Fault, FaultKind, Refusal};
use http::header::{CONTENT_TYPE, LOCATION};
use http::{Method, Request, Response};
use model::remote::OutgoingFile;
use std::sync::OnceLock;
use std::time::Duration;
use url::Url;

/// What a server takes if it does not say (the default of Synapse, 50 MiB).
pub const USUAL_LIMIT_BYTES: u64 = 52_428_800;
const MAX_REDIRECTS: usize = 3;

/// The server's largest upload, asked for once per session.
#[derive(Debug, Default)]
pub struct UploadLimit(OnceLock<u64>);

impl UploadLimit {
    /// Bytes; servers may cut the connection on more, which would say nothing, so it is checked before.
    async fn bytes(&self, server: &Server) -> u64 {
        if let Some(known) = self.0.get() {
            return *known;
        }
        let answer = server.call(&Call::get("/_matrix/client/v1/media/config"), SMALL).await;
        let Ok(config) = answer.and_then(|answer| wire::parse::<MediaConfig>(answer.body())) else {
            return u64::MAX;
        };
        *self.0.get_or_init(|| config.upload_size.unwrap_or(u64::MAX))
    }
}

/// Uploads a file and says where it is. Whatever goes wrong, no message has been sent.
pub async fn upload(server: &Server, limit: &UploadLimit, content: &OutgoingFile) -> Result<String, Fault> {
    let too_large = |detail: &str| Fault::not_done(FaultKind::Refused(Refusal::Attachment), detail);
    if content.bytes.len() as u64 > limit.bytes(server).await {
        return Err(too_large("file larger than the server takes"));
    }
    let bounds = Bounds { timeout: Duration::from_secs(300), ..SMALL };
    let answer = server.call(&outbound::upload(content), bounds).await.map_err(|fault| match fault.kind {
        FaultKind::Refused(Refusal::TooLong | Refusal::Permission | Refusal::Other) => {
            too_large(&fault.detail)
        }
        _ => Fault { certainty: Certainty::NotDone, ..fault },
    })?;
    // An upload may be repeated, so that an answer from somebody in between is no reason to give the message up.
    let uploaded: Uploaded = wire::parse(answer.body()).unwrap_or_default();
    uploaded
        .content_uri
        .filter(|uri| ids::mxc(uri).is_some())
        .ok_or_else(|| Fault::not_done(FaultKind::Unavailable, "upload: answer without an address"))
}

/// The bytes of an `mxc://` address, and the stated type.
pub async fn fetch(server: &Server, uri: &str, max_bytes: u64) -> Result<(Bytes, Option<String>), Fault> {
    let (host, id) =
        ids::mxc(uri).ok_or_else(|| Fault::not_done(FaultKind::Unsupported, "not a media address"))?;
    // A refusal must be readable however small the file may be.
    let bounds = file(max_bytes.max(SMALL.cap_bytes));
    let call = Call::get(path("/_matrix/client/v1/media/download", &[host, id]));
    let mut answer = server.exchange(&call, bounds).await?;
    if answer.status() == 404 && refusal::read(&answer).errcode.as_deref() == Some("M_UNRECOGNIZED") {
        // Servers before 1.11 know no media behind a token.
        let call = Call::get(path("/_matrix/media/v3/download", &[host, id]));
        answer = server.exchange(&call, bounds).await?;
    }
    let answer = refusal::check(follow(server, answer, bounds).await?, Effect::Read)?;
    if answer.body().len() as u64 > max_bytes {
        return Err(Fault::not_done(FaultKind::Malformed, "file larger than what was asked for"));
    }
    let mime = answer.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let mime = mime.and_then(|mime| mime.split(';').next()).map(|mime| mime.trim().to_ascii_lowercase());
    Ok((answer.into_body(), mime.filter(|mime| mime.contains('/'))))
}

/// Follows redirects to where the media is kept, without our token, by https only; on this machine only from there.
async fn follow(server: &Server, first: Response<Bytes>, bounds: Bounds) -> Result<Response<Bytes>, Fault> {
    let refused = |detail: &str| Fault::not_done(FaultKind::Refused(Refusal::Other), detail);
    let mut here = Url::parse(server.base()).map_err(|_| refused("server address"))?;
    let may_stay_here = ids::is_loopback(&here);
    let mut answer = first;
    for _ in 0..=MAX_REDIRECTS {
        if !answer.status().is_redirection() {
            return Ok(answer);
        }
        let target = answer.headers().get(LOCATION).and_then(|value| value.to_str().ok());
        let target = target.and_then(|target| here.join(target).ok());
        let target = target
            .filter(|url| ids::is_trustworthy(url) && (may_stay_here || !ids::is_loopback(url)))
            .ok_or_else(|| refused("redirect to where media must not be fetched from"))?;
        let request = Request::builder().method(Method::GET).uri(target.as_str()).body(Bytes::new());
        let request = request.map_err(|_| refused("redirect to no address"))?;
        answer = server.http().call(request, bounds, Effect::Read).await?;
        here = target;
    }
    Err(refused("too many redirects"))
}
