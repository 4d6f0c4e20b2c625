//! The notification daemon on the session bus. Its signals go to the connection that sent the notification, so the handle
//! stays alive as long as the popup, and a later message of the same conversation goes through the same handle.

use super::{Order, SystemNotifier};
use engine::notify::{Notice, Notifier};
use notify_rust::{Hint, Notification, NotificationHandle, NotificationResponse};
use tokio::sync::mpsc::UnboundedReceiver;

/// The name of the installed `.desktop` file: the desktop finds name and icon by it.
const DESKTOP_ENTRY: &str = "Kontor";

/// Shows one notification and everything that replaces it, until it is gone. Blocks its thread.
pub fn live(notifier: &SystemNotifier, notice: Notice, mut orders: UnboundedReceiver<Order>) {
    let target = notice.target;
    match worded(&mut Notification::new(), &notice, &notifier.open_word()).show() {
        Ok(handle) => {
            let ending = notifier.runtime.block_on(follow(notifier, handle, target, &mut orders));
            if let Some(target) = ending {
                (notifier.on_click)(target);
            }
        }
        Err(error) => tracing::warn!(%error, "the notification could not be shown"),
    }
    // What was ordered while it went belongs to the next one.
    orders.close();
    let mut next = None;
    while let Ok(order) = orders.try_recv() {
        next = match order {
            Order::Replace(notice) => Some(notice),
            Order::Close => None,
        };
    }
    if let Some(notice) = next {
        notifier.show(notice);
    }
}

type Click = Option<engine::notify::Target>;

/// Waits for its end; answers with the click that ended it.
async fn follow(
    notifier: &SystemNotifier,
    mut handle: NotificationHandle,
    mut target: Click,
    orders: &mut UnboundedReceiver<Order>,
) -> Option<Click> {
    loop {
        let mut response = None;
        let order = tokio::select! {
            () = handle.wait_for_action_async(|answer| response = Some(answer.clone())) => None,
            order = orders.recv() => order,
        };
        match order {
            Some(Order::Replace(notice)) => {
                target = notice.target;
                worded(&mut handle, &notice, &notifier.open_word());
                if let Err(error) = handle.update() {
                    tracing::warn!(%error, "the notification could not be replaced");
                    return None;
                }
            }
            Some(Order::Close) => {
                handle.close_async().await;
                return None;
            }
            None => {
                let is_click = matches!(response, Some(NotificationResponse::Default));
                return is_click.then_some(target);
            }
        }
    }
}

/// Puts a notice into words for the daemon.
fn worded<'a>(notification: &'a mut Notification, notice: &Notice, open: &str) -> &'a mut Notification {
    notification.hints.clear();
    notification.actions.clear();
    let sound = if notice.has_sound {
        Hint::SoundName("message-new-instant".into())
    } else {
        Hint::SuppressSound(true)
    };
    notification
        .appname("Kontor")
        .icon("kontor")
        .summary(&notice.title)
        .body(&escaped(&notice.body))
        .hint(Hint::Category("im.received".into()))
        .hint(Hint::DesktopEntry(DESKTOP_ENTRY.into()))
        .hint(sound)
        // Without it no daemon reports a click at all.
        .action("default", open)
}

/// Strangers write these texts; the daemon must show their tags, not obey them. That is done whatever the daemon says of
/// itself: dunst reads tags without naming `body-markup` among its capabilities, and where tags are not read an `&amp;` on
/// the screen harms less than a hidden link.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::notify::NoticeKey;

    #[test]
    fn tags_in_a_customers_text_are_shown_and_not_obeyed() {
        let notice = Notice {
            key: NoticeKey::NewMessages,
            title: "Zoë & <i>Ben</i>".into(),
            body: "Graz & Linz <3 <a href=\"x\">y</a> &lt;".into(),
            has_sound: false,
            target: None,
        };
        let mut notification = Notification::new();
        worded(&mut notification, &notice, "Open");
        assert_eq!(notification.body, "Graz &amp; Linz &lt;3 &lt;a href=\"x\"&gt;y&lt;/a&gt; &amp;lt;");
        assert_eq!(notification.summary, notice.title, "a title is never read as markup");
        worded(&mut notification, &notice, "Open");
        assert_eq!(notification.actions, ["default", "Open"], "replacing does not pile up actions");
    }
}
