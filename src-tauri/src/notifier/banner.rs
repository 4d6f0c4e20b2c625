//! Banners of macOS and Windows. Neither library can replace or close one that is on the screen: a newer banner of the same
//! conversation comes beside the older one, which goes by itself; both lead to the same place.
//!
//! macOS shows the banner only while somebody waits for it; Windows forgets it when its time is over, so a click in the
//! Action Center comes too late for us. A link (`kontor://`) does not, which is why every jump can be one.

use super::{MOST, OnClick};
use engine::notify::{Notice, NoticeKey};
use notify_rust::{Notification, NotificationResponse};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The system's screen. A banner has a thread of its own which waits for its click: that is how the library reports it.
pub struct Screen {
    threads: Arc<AtomicUsize>,
    on_click: OnClick,
}

impl Screen {
    /// Clicks end in `on_click`.
    pub fn new(on_click: OnClick) -> Self {
        Self { threads: Arc::default(), on_click }
    }

    /// Each banner looks after itself.
    pub async fn run(&self) {}

    /// Shows one more; beyond as many as anybody reads, none.
    pub fn show(&self, notice: Notice, open: String) {
        if self.threads.fetch_add(1, Ordering::SeqCst) >= 2 * MOST {
            self.threads.fetch_sub(1, Ordering::SeqCst);
            return;
        }
        let (threads, on_click) = (self.threads.clone(), self.on_click.clone());
        #[expect(
            clippy::disallowed_methods,
            reason = "one per notification on the screen: waiting for its click blocks"
        )]
        std::thread::spawn(move || {
            live(&notice, &open, &on_click);
            threads.fetch_sub(1, Ordering::SeqCst);
        });
    }

    /// It goes by itself.
    pub fn withdraw(&self, _: NoticeKey) {}

    /// They go by themselves.
    pub async fn withdraw_all(&self) {}
}

/// Shows one banner and waits for its end. Blocks its thread.
#[cfg_attr(not(target_os = "macos"), expect(unused_variables, reason = "only macOS names the click"))]
fn live(notice: &Notice, open: &str, on_click: &OnClick) {
    let mut notification = Notification::new();
    notification.appname("Kontor").summary(&notice.title).body(&notice.body);
    // The ordinary click; on Windows a named action would draw a button.
    #[cfg(target_os = "macos")]
    notification.action("default", open);
    // A debug build is not installed, so the system would not know whose banner it is and show none.
    #[cfg(all(target_os = "windows", not(debug_assertions)))]
    notification.app_id(crate::IDENTIFIER);
    if notice.has_sound {
        notification.sound_name("Default");
    }
    let shown = notification.show().and_then(|handle| {
        handle.wait_for_response(|response: &NotificationResponse| {
            if matches!(response, NotificationResponse::Default) {
                on_click(notice.target);
            }
        })
    });
    if let Err(error) = shown {
        tracing::warn!(%error, "the notification could not be shown");
    }
}
