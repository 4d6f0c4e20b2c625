//! Pictures and files for the page: `kontor-media://localhost/<id>?variant=thumb|full`.
//!
//! The id is looked up in the store; there is no path and no address in it. The type is the one that was found when the
//! file was taken in, and only types that cannot run anything are handed out.

use api::{App, Media};
use tauri::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue, X_CONTENT_TYPE_OPTIONS,
};
use tauri::http::{Method, Request, Response, StatusCode, Uri};
use tauri::{Manager, Runtime, UriSchemeContext, UriSchemeResponder};

/// The scheme; on Windows and Android it is the host `kontor-media.localhost`.
pub const SCHEME: &str = "kontor-media";
/// Longer ids are none of ours, in bytes.
const MAX_ID_BYTES: usize = 128;

/// Answers one request, on the runtime.
pub fn answer<R: Runtime>(
    context: UriSchemeContext<'_, R>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    // Made in the setup, before there is a window that could ask.
    let app = context.app_handle().state::<App>().inner().clone();
    // As Tauri does for a command: the answer belongs to the request and ends with it.
    tauri::async_runtime::spawn(async move {
        let media = match wanted(request.method(), request.uri()) {
            Some((id, is_thumb)) => app.media(id, is_thumb).await,
            None => None,
        };
        responder.respond(response(media));
    });
}

/// The id and whether the small picture is wanted; none if it is not a request of ours.
fn wanted<'a>(method: &Method, uri: &'a Uri) -> Option<(&'a str, bool)> {
    let id = uri.path().strip_prefix('/')?;
    let is_id = (1..=MAX_ID_BYTES).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_thumb = match uri.query() {
        Some("variant=thumb") => true,
        None | Some("variant=full") => false,
        Some(_) => return None,
    };
    (method == Method::GET && is_id).then_some((id, is_thumb))
}

fn response(media: Option<Media>) -> Response<Vec<u8>> {
    let found = media.and_then(|media| Some((inert_type(media.mime)?, media.bytes)));
    let (status, mime, cache, bytes) = match found {
        // Content never changes under an id, but it is a person's own: this device's cache only.
        Some((mime, bytes)) => (StatusCode::OK, mime, "private, max-age=31536000, immutable", bytes.to_vec()),
        None => (StatusCode::NOT_FOUND, "application/octet-stream", "no-store", Vec::new()),
    };
    let mut response = Response::new(bytes);
    *response.status_mut() = status;
    let fixed = [
        (CONTENT_TYPE, mime),
        (CACHE_CONTROL, cache),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CONTENT_SECURITY_POLICY, "sandbox"),
    ];
    for (name, value) in fixed {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The types that the page may be given: pictures of points. A document (HTML, SVG, XML, PDF) could hold a script.
fn inert_type(mime: &str) -> Option<&'static str> {
    ["image/jpeg", "image/png", "image/gif", "image/webp"].into_iter().find(|known| *known == mime)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_id_and_a_known_variant_are_looked_up() {
        let ask = |method: Method, uri: &str| {
            wanted(&method, &uri.parse().unwrap()).map(|(id, is_thumb)| (id.to_owned(), is_thumb))
        };
        assert_eq!(ask(Method::GET, "kontor-media://localhost/0af3"), Some(("0af3".into(), false)));
        assert_eq!(
            ask(Method::GET, "http://kontor-media.localhost/0af3?variant=thumb"),
            Some(("0af3".into(), true))
        );
        assert_eq!(ask(Method::POST, "kontor-media://localhost/0af3"), None);
        let long = format!("kontor-media://localhost/{}", "a".repeat(129));
        for refused in ["/", "/a/b", "/../etc/passwd", "/a%2fb", "/a.html", "/a?variant=html", "/a?x=1"] {
            assert_eq!(ask(Method::GET, &format!("kontor-media://localhost{refused}")), None, "{refused}");
        }
        assert_eq!(ask(Method::GET, &long), None);
    }

    #[test]
    fn a_document_is_never_handed_out_and_every_answer_is_inert() {
        for mime in [
            "text/html",
            "image/svg+xml",
            "application/xhtml+xml",
            "application/pdf",
            "text/plain",
            "image/png; a",
        ] {
            let answer = response(Some(Media { mime, bytes: b"<script>".to_vec().into() }));
            assert_eq!((answer.status(), answer.body().len()), (StatusCode::NOT_FOUND, 0), "{mime}");
        }
        let answer = response(Some(Media { mime: "image/png", bytes: b"png".to_vec().into() }));
        assert_eq!((answer.status(), answer.body().as_slice()), (StatusCode::OK, b"png".as_slice()));
        for answer in [answer, response(None)] {
            assert_eq!(answer.headers()[X_CONTENT_TYPE_OPTIONS], "nosniff");
            assert_eq!(answer.headers()[CONTENT_SECURITY_POLICY], "sandbox");
        }
    }
}
