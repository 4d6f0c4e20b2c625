//! Files of messages: fetched once through their account, kept encrypted, shown only after we have made a new picture of them.

use crate::engine::Engine;
use bytes::Bytes;
use connect::FaultKind;
use model::{MediaId, Timestamp};
use std::collections::HashMap;
use std::io::Cursor;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::MediaState;
use tokio::sync::Semaphore;

/// Largest file fetched, in bytes.
pub const LARGEST: u64 = 100 << 20;
/// Largest picture decoded, in pixels.
const MOST_PIXELS: u64 = 40_000_000;
/// Most memory a decoder may take, in bytes.
const MOST_MEMORY: u64 = 256 << 20;

/// In which size a picture is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// At most 640 pixels wide or high.
    Thumb,
    /// At most 2560.
    Full,
}

/// A picture of our own making.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Its type: `image/jpeg`, or `image/png` where something shines through.
    pub mime: &'static str,
    /// The picture.
    pub bytes: Bytes,
}

/// What the platform refused is not asked for again for this long: many people have no picture that we may see.
const REFUSED_FOR: Duration = Duration::from_secs(3600);

/// Pictures made anew at once: each may take [`MOST_MEMORY`], and a conversation may show a hundred.
const AT_ONCE: usize = 2;

/// Fetches under way: two views of one picture fetch it once. And what was refused, when.
pub struct Fetches {
    turns: Mutex<HashMap<MediaId, Arc<tokio::sync::Mutex<()>>>>,
    refused: Mutex<HashMap<MediaId, Timestamp>>,
    makers: Semaphore,
}

impl Default for Fetches {
    fn default() -> Self {
        Self { turns: Mutex::default(), refused: Mutex::default(), makers: Semaphore::new(AT_ONCE) }
    }
}

impl Fetches {
    fn turn(&self, id: &MediaId) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = self.turns.lock().expect("no holder of the fetches panics");
        turns.retain(|_, turn| Arc::strong_count(turn) > 1);
        turns.entry(id.clone()).or_default().clone()
    }

    fn is_refused(&self, id: &MediaId, now: Timestamp) -> bool {
        let refused = self.refused.lock().expect("no holder of the fetches panics");
        refused.get(id).is_some_and(|at| now.since(*at) < REFUSED_FOR)
    }

    fn refuse(&self, id: &MediaId, now: Timestamp) {
        let mut refused = self.refused.lock().expect("no holder of the fetches panics");
        refused.retain(|_, at| now.since(*at) < REFUSED_FOR);
        refused.insert(id.clone(), now);
    }
}

impl Engine {
    /// The original bytes of a file, fetched if need be. None if there is no such file or it is not to be had.
    pub async fn file(&self, id: &MediaId) -> Result<Option<Bytes>, store::Error> {
        let turn = self.0.media.turn(id);
        let _turn = turn.lock().await;
        let wanted = id.clone();
        let Some(media) = self.store().read(move |tx| tx.media(&wanted)).await? else { return Ok(None) };
        if media.state == MediaState::Fetched
            && let Some(bytes) = self.store().media_bytes(id.clone()).await?
        {
            return Ok(Some(bytes.into()));
        }
        let Some((account, source)) = media.source else { return Ok(None) };
        let Some(session) = self.session(account) else { return Ok(None) };
        if self.0.media.is_refused(id, self.now()) {
            return Ok(None);
        }
        let bytes = match session.fetch(&source, LARGEST).await {
            Ok((bytes, _stated)) => bytes,
            Err(fault) => {
                // That a platform has a file no longer, or not for us, is everyday noise.
                if matches!(fault.kind, FaultKind::Refused(_) | FaultKind::Unsupported) {
                    tracing::debug!(%account, %fault, "a file is not to be had");
                    self.0.media.refuse(id, self.now());
                } else {
                    tracing::info!(%account, %fault, "a file could not be fetched");
                }
                return Ok(None);
            }
        };
        let (wanted, mime, size_bytes) = (id.clone(), sniff(&bytes), bytes.len() as u64);
        self.store().put_media(id.clone(), bytes.to_vec()).await?;
        let is_wanted = self
            .store()
            .write(move |tx| {
                // Its message may have been unsent, its account removed, while the bytes were on their way.
                let is_wanted = tx.media(&wanted)?.is_some();
                tx.set_media_fetched(&wanted, mime, size_bytes)?;
                Ok::<_, store::Error>(is_wanted)
            })
            .await?;
        if !is_wanted {
            self.store().delete_media(vec![id.clone()]).await?;
        }
        Ok(is_wanted.then_some(bytes))
    }

    /// A picture, made anew from a file. None if it is no picture, too large, or not to be had.
    pub async fn picture(&self, id: &MediaId, size: Size) -> Result<Option<Picture>, store::Error> {
        let Some(bytes) = self.file(id).await? else { return Ok(None) };
        let _place = self.0.media.makers.acquire().await;
        #[expect(clippy::disallowed_methods, reason = "making a picture anew would hold a worker for long")]
        let made = tokio::task::spawn_blocking(move || remake(&bytes, size)).await;
        Ok(made.ok().flatten())
    }

    /// Keeps a file that a person put into a draft.
    pub async fn keep_own_file(&self, bytes: Vec<u8>) -> Result<(MediaId, &'static str), store::Error> {
        use sha2::Digest;
        let id = MediaId(hex::encode(
            sha2::Sha256::new().chain_update(self.random()).chain_update(&bytes).finalize(),
        ));
        let (mime, size_bytes, kept) = (sniff(&bytes), bytes.len() as u64, id.clone());
        self.store().put_media(id.clone(), bytes).await?;
        self.store().write(move |tx| tx.insert_own_media(&kept, mime, size_bytes)).await?;
        Ok((id, mime))
    }
}

/// The type of a file by its first bytes; what a name or a server says is not asked.
pub fn sniff(bytes: &[u8]) -> &'static str {
    if let Ok(format) = image::guess_format(bytes) {
        return format.to_mime_type();
    }
    match bytes {
        [b'%', b'P', b'D', b'F', ..] => "application/pdf",
        [b'P', b'K', 3, 4, ..] => "application/zip",
        [_, _, _, _, b'f', b't', b'y', b'p', b'M', b'4', b'A', ..] => "audio/mp4",
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => "video/mp4",
        [0x1A, 0x45, 0xDF, 0xA3, ..] => "video/webm",
        [b'O', b'g', b'g', b'S', ..] => "audio/ogg",
        [b'I', b'D', b'3', ..] | [0xFF, 0xFB, ..] => "audio/mpeg",
        _ => "application/octet-stream",
    }
}

/// Decodes within bounds and encodes anew: nothing of the sender's file reaches the web view.
fn remake(bytes: &[u8], size: Size) -> Option<Picture> {
    let mut limits = image::Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    let reader = || image::ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok();
    let (width, height) = reader()?.into_dimensions().ok()?;
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return None;
    }
    let mut reader = reader()?;
    reader.limits(limits);
    let mut picture = reader.decode().ok()?;
    let most = match size {
        Size::Thumb => 640,
        Size::Full => 2560,
    };
    if width > most || height > most {
        picture = picture.thumbnail(most, most);
    }
    let mut made = Cursor::new(Vec::new());
    let mime = if picture.color().has_alpha() {
        picture.write_to(&mut made, image::ImageFormat::Png).ok()?;
        "image/png"
    } else {
        let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut made, 85);
        picture.to_rgb8().write_with_encoder(encoder).ok()?;
        "image/jpeg"
    };
    Some(Picture { mime, bytes: made.into_inner().into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image::RgbImage::new(width, height).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn a_picture_is_made_anew_in_the_wanted_size() {
        let made = remake(&png(1280, 320), Size::Thumb).unwrap();
        let size =
            image::ImageReader::new(Cursor::new(made.bytes)).with_guessed_format().unwrap().into_dimensions();
        assert_eq!((made.mime, size.unwrap()), ("image/jpeg", (640, 160)));
    }

    #[test]
    fn a_bomb_a_drawing_program_and_a_page_are_no_pictures() {
        let mut bomb = png(1, 1);
        bomb[16..24].copy_from_slice(&[0, 0, 255, 255, 0, 0, 255, 255]); // The header claims 65535 × 65535.
        let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>".to_vec();
        for hostile in [bomb, svg, b"<html>".to_vec(), vec![]] {
            assert!(remake(&hostile, Size::Full).is_none());
        }
    }
}
