//! Notifications on the person's desktop. What is said, and when, the engine has decided; here it is only shown, replaced,
//! taken away, and a click on it heard.
//!
//! A notification that is on the screen has a thread of its own which waits for the click, because that is how every
//! system's library reports it. There is one per key and at most [`MOST`].

#[cfg_attr(target_os = "linux", path = "linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "banner.rs")]
mod live;

use engine::notify::{Notice, NoticeKey, Notifier, Target};
use engine::words::Tongue;
use model::settings::Language;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::sync::{mpsc, watch};

/// So many are on the screen at most; the oldest makes room.
const MOST: usize = 32;

/// What is done with a click: none = the notification leads to no conversation, only to the window.
pub type OnClick = Arc<dyn Fn(Option<Target>) + Send + Sync>;

/// Shows notifications, and knows how many conversations are unread.
#[derive(Clone)]
pub struct SystemNotifier {
    lives: Arc<Mutex<VecDeque<Live>>>,
    threads: Arc<AtomicUsize>,
    on_click: OnClick,
    unread: Arc<watch::Sender<u32>>,
    tongue: Arc<Mutex<Tongue>>,
    runtime: tokio::runtime::Handle,
}

/// A notification on the screen.
struct Live {
    key: NoticeKey,
    orders: mpsc::UnboundedSender<Order>,
}

/// What becomes of a notification on the screen.
enum Order {
    Replace(Notice),
    Close,
}

impl SystemNotifier {
    /// Clicks end in `on_click`. Must be made within the runtime.
    pub fn new(system_language: &str, on_click: OnClick) -> Self {
        Self {
            lives: Arc::default(),
            threads: Arc::default(),
            on_click,
            unread: Arc::new(watch::Sender::new(0)),
            tongue: Arc::new(Mutex::new(Tongue::of(Language::System, system_language))),
            runtime: tokio::runtime::Handle::current(),
        }
    }

    /// How many conversations are unread.
    pub fn unread(&self) -> watch::Receiver<u32> {
        self.unread.subscribe()
    }

    /// Takes every notification off the screen, as nobody would hear a click once we have quit; waits for it, but not long.
    pub async fn withdraw_all(&self) {
        for live in self.lives().drain(..) {
            let _ = live.orders.send(Order::Close);
        }
        for _ in 0..25 {
            if self.threads.load(Ordering::SeqCst) == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    fn lives(&self) -> MutexGuard<'_, VecDeque<Live>> {
        self.lives.lock().expect("no holder of the list panics")
    }

    /// The language of the one word that we add ourselves.
    pub fn speak(&self, tongue: Tongue) {
        *self.tongue() = tongue;
    }

    fn tongue(&self) -> MutexGuard<'_, Tongue> {
        self.tongue.lock().expect("no holder of the language panics")
    }

    /// The label of the click: the default action, which few systems show.
    fn open_word(&self) -> String {
        self.tongue().word("notification.open", &[])
    }
}

impl Notifier for SystemNotifier {
    fn show(&self, notice: Notice) {
        let mut lives = self.lives();
        let key = notice.key;
        let notice = match lives.iter().find(|live| live.key == key) {
            None => notice,
            // Refused when the popup is gone already and its thread about to end.
            Some(live) => match live.orders.send(Order::Replace(notice)) {
                Ok(()) => return,
                Err(mpsc::error::SendError(Order::Replace(notice))) => notice,
                Err(mpsc::error::SendError(Order::Close)) => unreachable!("what comes back is what was sent"),
            },
        };
        lives.retain(|live| live.key != key);
        if lives.len() >= MOST
            && let Some(oldest) = lives.pop_front()
        {
            let _ = oldest.orders.send(Order::Close);
        }
        let (orders, received) = mpsc::unbounded_channel();
        lives.push_back(Live { key, orders });
        drop(lives);
        // Where a system cannot take one off the screen, threads may outlive their place in the list.
        if self.threads.fetch_add(1, Ordering::SeqCst) >= 2 * MOST {
            self.threads.fetch_sub(1, Ordering::SeqCst);
            return;
        }
        let notifier = self.clone();
        #[expect(
            clippy::disallowed_methods,
            reason = "one per notification on the screen: waiting for its click blocks"
        )]
        std::thread::spawn(move || {
            live::live(&notifier, notice, received);
            notifier.threads.fetch_sub(1, Ordering::SeqCst);
        });
    }

    fn withdraw(&self, key: NoticeKey) {
        if let Some(live) = self.lives().iter().find(|live| live.key == key) {
            let _ = live.orders.send(Order::Close);
        }
    }

    fn count(&self, unread: u32) {
        self.unread.send_if_modified(|before| std::mem::replace(before, unread) != unread);
    }
}
