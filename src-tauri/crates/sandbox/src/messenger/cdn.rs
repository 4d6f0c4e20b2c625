//! The content network: signed addresses that end, loose ones that die one day without notice.

use bytes::Bytes;
use http::Request;

use super::platform::Platform;
use crate::wire::{self, Answer};

/// Measured life of preview pictures, ms (about four and a half days).
pub(crate) const PREVIEW_MS: i64 = 4 * 86_400_000 + 43_200_000;
/// Measured life of films, ms (about 35 hours).
pub(crate) const VIDEO_MS: i64 = 35 * 3_600_000;
/// Addresses handed out within the same stretch of time are the same, so that re-reading does not look like news.
const STRETCH_MS: i64 = 6 * 3_600_000;
const DAY_MS: i64 = 86_400_000;

/// An address that says when it ends: `oe` is a hexadecimal Unix time.
pub(crate) fn signed(asset: &str, now_ms: i64, life_ms: i64) -> String {
    let ends_s = (now_ms.div_euclid(STRETCH_MS) * STRETCH_MS + life_ms) / 1000;
    format!(
        "https://scontent.xx.fbcdn.net/v/t1.15752-9/{asset}_n.png?_nc_cat=1&oh=00_AY{asset}&oe={ends_s:X}"
    )
}

/// An address without an end in it. About half are dead after 13 days.
pub(crate) fn loose(asset: &str, now_ms: i64) -> String {
    let issued = now_ms.div_euclid(STRETCH_MS);
    format!("https://lookaside.fbsbx.com/messaging_cdn/?asset_id={asset}&signature={issued}")
}

/// A profile picture's address, which ends after some days.
pub(crate) fn profile_picture(asset: &str, now_ms: i64) -> String {
    let ends_s = (now_ms.div_euclid(STRETCH_MS) * STRETCH_MS + 5 * DAY_MS) / 1000;
    format!("https://platform-lookaside.fbsbx.com/platform/profilepic/?psid={asset}&ext={ends_s}&hash=AbZ")
}

pub(crate) fn answer(platform: &Platform, request: &Request<Bytes>, now_ms: i64) -> Answer {
    let params = wire::query(request);
    let number = |name: &str| params.get(name).and_then(|text| text.parse::<i64>().ok());
    let ends_s = params.get("oe").and_then(|text| i64::from_str_radix(text, 16).ok()).or(number("ext"));
    if ends_s.is_some_and(|ends_s| ends_s * 1000 < now_ms) {
        return wire::typed(403, "text/plain", Bytes::from_static(b"URL signature expired"));
    }
    let in_path = request.uri().path().rsplit('/').next().and_then(|name| name.split('_').next());
    let asset =
        params.get("asset_id").or(params.get("psid")).map(String::as_str).or(in_path).unwrap_or_default();
    if number("signature").is_some_and(|issued| is_dead(asset, issued * STRETCH_MS, now_ms)) {
        return wire::typed(404, "text/plain", Bytes::from_static(b"Not Found"));
    }
    match platform.files.get(asset) {
        Some(media) => wire::typed(200, &media.mime, media.bytes()),
        None => wire::typed(404, "text/plain", Bytes::from_static(b"Not Found")),
    }
}

/// Between one and 25 days after it was handed out, by asset and address.
fn is_dead(asset: &str, issued_ms: i64, now_ms: i64) -> bool {
    let mixed = asset
        .bytes()
        .fold(issued_ms.unsigned_abs(), |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3));
    let days = 1 + i64::try_from((mixed >> 20) % 25).unwrap_or(12);
    now_ms - issued_ms > days * DAY_MS
}
