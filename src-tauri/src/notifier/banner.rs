//! Banners of macOS and Windows. Neither library can replace or close one that is on the screen: a newer banner of the same
//! conversation comes beside the older one, which goes by itself; both lead to the same place.
//!
//! macOS shows the banner only while somebody waits for it; Windows forgets it when its time is over, so a click in the
//! Action Center comes too late for us. A link (`kontor://`) does not, which is why every jump can be one.

use super::{Order, SystemNotifier};
use engine::notify::{Notice, Notifier};
use notify_rust::{Notification, NotificationResponse};
use tokio::sync::mpsc::UnboundedReceiver;

/// Shows one banner and waits for its end. Blocks its thread.
pub fn live(notifier: &SystemNotifier, notice: Notice, mut orders: UnboundedReceiver<Order>) {
    // A banner that cannot be replaced takes no orders: the next notice gets a thread of its own.
    orders.close();
    let mut notification = Notification::new();
    notification.appname("Kontor").summary(&notice.title).body(&notice.body);
    // The ordinary click; on Windows a named action would draw a button.
    #[cfg(target_os = "macos")]
    notification.action("default", &notifier.open_word());
    // A debug build is not installed, so the system would not know whose banner it is and show none.
    #[cfg(all(target_os = "windows", not(debug_assertions)))]
    notification.app_id(crate::IDENTIFIER);
    if notice.has_sound {
        notification.sound_name("Default");
    }
    let shown = notification.show().and_then(|handle| {
        handle.wait_for_response(|response: &NotificationResponse| {
            if matches!(response, NotificationResponse::Default) {
                (notifier.on_click)(notice.target);
            }
        })
    });
    if let Err(error) = shown {
        tracing::warn!(%error, "the notification could not be shown");
    }
    while let Ok(Order::Replace(notice)) = orders.try_recv() {
        notifier.show(notice);
    }
}
