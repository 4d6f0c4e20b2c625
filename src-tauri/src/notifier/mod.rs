//! Notifications on the person's desktop. What is said, and when, the engine has decided; here it is only shown, replaced,
//! taken away, and a click on it heard.

#[cfg_attr(target_os = "linux", path = "linux/mod.rs")]
#[cfg_attr(not(target_os = "linux"), path = "banner.rs")]
mod screen;

use engine::notify::{Notice, NoticeKey, Notifier, Target};
use engine::words::Tongue;
use model::settings::Language;
use screen::Screen;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio::sync::watch;

/// So many are on the screen at most; the oldest makes room.
const MOST: usize = 32;

/// What is done with a click: none = the notification leads to no conversation, only to the window.
pub type OnClick = Arc<dyn Fn(Option<Target>) + Send + Sync>;

/// Shows notifications, and knows how many conversations are unread.
#[derive(Clone)]
pub struct SystemNotifier(Arc<Inner>);

struct Inner {
    screen: Screen,
    unread: watch::Sender<u32>,
    tongue: Mutex<Tongue>,
}

impl SystemNotifier {
    /// Clicks end in `on_click`. Nothing is shown before [`SystemNotifier::run`].
    pub fn new(system_language: &str, on_click: OnClick) -> Self {
        Self(Arc::new(Inner {
            screen: Screen::new(on_click),
            unread: watch::Sender::new(0),
            tongue: Mutex::new(Tongue::of(Language::System, system_language)),
        }))
    }

    /// Shows what is to be shown and hears clicks, for ever.
    pub async fn run(&self) {
        self.0.screen.run().await;
    }

    /// How many conversations are unread.
    pub fn unread(&self) -> watch::Receiver<u32> {
        self.0.unread.subscribe()
    }

    /// Takes every notification off the screen, as nobody would hear a click once we have quit; waits for it, but not long.
    pub async fn withdraw_all(&self) {
        self.0.screen.withdraw_all().await;
    }

    /// The language of the one word that we add ourselves.
    pub fn speak(&self, tongue: Tongue) {
        *self.tongue() = tongue;
    }

    fn tongue(&self) -> MutexGuard<'_, Tongue> {
        self.0.tongue.lock().expect("no holder of the language panics")
    }
}

impl Notifier for SystemNotifier {
    fn show(&self, notice: Notice) {
        // The label of the click: the default action, which few systems show.
        let open = self.tongue().word("notification.open", &[]);
        self.0.screen.show(notice, open);
    }

    fn withdraw(&self, key: NoticeKey) {
        self.0.screen.withdraw(key);
    }

    fn count(&self, unread: u32) {
        self.0.unread.send_if_modified(|before| std::mem::replace(before, unread) != unread);
    }
}
