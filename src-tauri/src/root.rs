//! What the root of the page says before any script runs: the theme that the person set, and (where only we know it) that
//! the desktop is dark. The window is on the screen by then, and a page in other colours would be a flash.

use crate::window::Curtain;
use model::settings::Theme;
use std::borrow::Cow;
use std::sync::atomic::Ordering;
use tauri::http::{Request, Response};
use tauri::{AppHandle, Manager};

/// Writes it into the page.
pub fn lay_into(app: &AppHandle, request: &Request<Vec<u8>>, page: &mut Response<Cow<'static, [u8]>>) {
    if request.uri().path() != "/" {
        return;
    }
    let curtain = app.state::<Curtain>();
    let theme = match curtain.wish() {
        Theme::System => "",
        Theme::Light => r#" data-theme="light""#,
        Theme::Dark => r#" data-theme="dark""#,
    };
    let desktop =
        if curtain.is_desktop_dark().load(Ordering::Relaxed) { r#" data-desktop="dark""# } else { "" };
    if let Some(marked) = marked(page.body(), &[theme, desktop].concat()) {
        *page.body_mut() = marked.into();
    }
}

fn marked(page: &[u8], words: &str) -> Option<Vec<u8>> {
    let page = std::str::from_utf8(page).ok()?;
    let (before, after) = page.split_once("<html")?;
    Some(format!("{before}<html{words}{after}").into_bytes())
}

#[cfg(test)]
mod tests {
    use super::marked;

    #[test]
    fn the_words_stand_at_the_root_of_the_page() {
        let page = b"<!doctype html>\n<html lang=\"en\">\n<body></body></html>";
        let marked_page = marked(page, r#" data-theme="dark""#).unwrap();
        let expected = "<!doctype html>\n<html data-theme=\"dark\" lang=\"en\">\n<body></body></html>";
        assert_eq!(String::from_utf8(marked_page).unwrap(), expected);
        assert_eq!(marked(b"no page", ""), None);
    }
}
