//! A picture in the clipboard: one of the screen, or one copied out of a web page. WebKitGTK (2.50) hands a paste its text and
//! its files and nothing of these, so the page asks us. Only a picture can be asked for: what was copied as text, such as a
//! password, stays between the person and the field it is pasted into.

use gtk::gdk;
use std::sync::mpsc;
use std::time::Duration;
use tauri::AppHandle;

/// So long the program that it was copied in may take to hand it over.
const PATIENCE: Duration = Duration::from_secs(2);
/// The largest picture, in bytes; no platform takes more.
const MOST_BYTES: usize = 25 << 20;

/// As PNG; none if there is none, or none in time. Blocks; not to be asked on the main thread, which answers.
pub fn png(app: &AppHandle) -> Option<Vec<u8>> {
    let (answer, answered) = mpsc::channel();
    let ask = move || {
        let clipboard = gtk::Clipboard::get(&gdk::SELECTION_CLIPBOARD);
        clipboard.request_contents(&gdk::Atom::intern("image/png"), move |_, found| {
            let has_any = found.length() > 0;
            // Whoever asked may have gone.
            let _ = answer.send(if has_any { found.data() } else { Vec::new() });
        });
    };
    app.run_on_main_thread(ask).ok()?;
    let png = answered.recv_timeout(PATIENCE).ok()?;
    (!png.is_empty() && png.len() <= MOST_BYTES).then_some(png)
}
