//! The notification daemon on the session bus.
//!
//! All notifications go over one connection, made with the first of them and kept: making one takes longer than everything
//! else between a platform's bytes and the popup. Clicks come back over it, one task hears them all.

mod bus;

use super::{MOST, OnClick};
use bus::{Bus, Event, Moment};
use engine::notify::{Notice, NoticeKey, Target};
use std::collections::VecDeque;
use std::time::Duration;
use tokio::sync::{Mutex, mpsc, oneshot};

/// How long quitting waits for the popups to go.
const PARTING: Duration = Duration::from_millis(500);

/// The person's screen.
pub struct Screen {
    orders: mpsc::UnboundedSender<Order>,
    /// Taken by whoever runs; a run that begins anew after a panic goes on with the rest.
    received: Mutex<mpsc::UnboundedReceiver<Order>>,
    on_click: OnClick,
}

/// What becomes of a notification.
enum Order {
    Show { notice: Notice, open: String },
    Withdraw(NoticeKey),
    WithdrawAll(oneshot::Sender<()>),
}

impl Screen {
    /// Clicks end in `on_click`.
    pub fn new(on_click: OnClick) -> Self {
        let (orders, received) = mpsc::unbounded_channel();
        Self { orders, received: Mutex::new(received), on_click }
    }

    /// Shows, or replaces the one with the same key. `open` is the label of the click.
    pub fn show(&self, notice: Notice, open: String) {
        self.order(Order::Show { notice, open });
    }

    /// Takes one away, if it is there.
    pub fn withdraw(&self, key: NoticeKey) {
        self.order(Order::Withdraw(key));
    }

    /// Takes all away and waits for it.
    pub async fn withdraw_all(&self) {
        let (done, is_done) = oneshot::channel();
        self.order(Order::WithdrawAll(done));
        let _ = tokio::time::timeout(PARTING, is_done).await;
    }

    fn order(&self, order: Order) {
        // The receiver lives as long as we do.
        let _ = self.orders.send(order);
    }

    /// Carries orders out and hears clicks, for ever.
    pub async fn run(&self) {
        let mut received = self.received.lock().await;
        let mut popups = Popups::default();
        loop {
            tokio::select! {
                order = received.recv() => match order {
                    Some(Order::Show { notice, open }) => popups.show(&notice, &open).await,
                    Some(Order::Withdraw(key)) => popups.withdraw(key).await,
                    Some(Order::WithdrawAll(done)) => {
                        popups.withdraw_all().await;
                        let _ = done.send(());
                    }
                    None => return,
                },
                event = hear(&mut popups.bus) => match event {
                    Some(event) => {
                        if let Some(target) = popups.shown.heed(&event) {
                            // Brings the window to the front, which waits for the main thread.
                            tokio::task::block_in_place(|| (self.on_click)(target));
                        }
                    }
                    None => popups.lose_bus(),
                },
            }
        }
    }
}

/// The next that happens to a popup; none when the bus is gone. Waits for ever while there is no bus.
async fn hear(bus: &mut Option<Bus>) -> Option<Event<Moment>> {
    match bus {
        Some(bus) => bus.next().await,
        None => std::future::pending().await,
    }
}

/// The bus, and what is on the screen.
#[derive(Default)]
struct Popups {
    bus: Option<Bus>,
    shown: Shown<Moment>,
}

impl Popups {
    async fn show(&mut self, notice: &Notice, open: &str) {
        let replaced = self.shown.take(notice.key).unwrap_or(0);
        match self.notify(notice, open, replaced).await {
            Ok((id, since)) => {
                self.shown.0.push_back(Popup { id, key: notice.key, target: notice.target, since });
            }
            Err(error) => tracing::warn!(%error, "the notification could not be shown"),
        }
        if self.shown.0.len() > MOST
            && let Some(oldest) = self.shown.0.pop_front()
        {
            self.close(oldest.id).await;
        }
    }

    /// Over the connection that there is; where that broke, over a new one.
    async fn notify(&mut self, notice: &Notice, open: &str, replaced: u32) -> zbus::Result<(u32, Moment)> {
        if let Some(bus) = &self.bus {
            match bus.notify(notice, open, replaced).await {
                Err(error) if bus::is_broken(&error) => self.lose_bus(),
                answered => return answered,
            }
        }
        self.bus.insert(Bus::connect().await?).notify(notice, open, 0).await
    }

    async fn withdraw(&mut self, key: NoticeKey) {
        if let Some(id) = self.shown.take(key) {
            self.close(id).await;
        }
    }

    async fn withdraw_all(&mut self) {
        for popup in std::mem::take(&mut self.shown.0) {
            self.close(popup.id).await;
        }
    }

    async fn close(&mut self, id: u32) {
        if let Some(bus) = &self.bus {
            bus.close(id).await;
        }
    }

    /// The daemon's numbers mean nothing over another connection.
    fn lose_bus(&mut self) {
        *self = Self::default();
    }
}

/// What is on the screen, the oldest first.
struct Shown<At>(VecDeque<Popup<At>>);

struct Popup<At> {
    id: u32,
    key: NoticeKey,
    target: Option<Target>,
    /// When the daemon said that it is there; what it said before is about the one in whose place it came.
    since: At,
}

impl<At> Default for Shown<At> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}

impl<At: PartialOrd> Shown<At> {
    /// Forgets one; answers with its number.
    fn take(&mut self, key: NoticeKey) -> Option<u32> {
        let place = self.0.iter().position(|popup| popup.key == key)?;
        self.0.remove(place).map(|popup| popup.id)
    }

    /// A click or an end: forgets the popup, and answers where a click leads. Others' popups are none of ours.
    fn heed(&mut self, event: &Event<At>) -> Option<Option<Target>> {
        let place = self.0.iter().position(|popup| popup.id == event.id)?;
        let target = self.0[place].target;
        if event.at > self.0[place].since {
            self.0.remove(place);
        }
        event.is_click.then_some(target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::ConversationId;

    fn shown() -> Shown<u32> {
        let target = Some(Target { conversation: ConversationId(7), message: None });
        Shown(VecDeque::from([Popup { id: 1, key: NoticeKey::NewMessages, target, since: 10 }]))
    }

    #[test]
    fn a_click_leads_where_the_popup_says_and_counts_once() {
        let mut shown = shown();
        let click = Event { id: 1, at: 11, is_click: true };
        let target = shown.heed(&click).flatten().map(|target| target.conversation);
        assert_eq!(target, Some(ConversationId(7)));
        assert_eq!(shown.heed(&click), None);
    }

    #[test]
    fn the_end_of_a_popup_that_was_replaced_is_not_the_end_of_its_successor() {
        let mut shown = shown();
        assert_eq!(shown.heed(&Event { id: 1, at: 9, is_click: false }), None);
        assert_eq!(shown.take(NoticeKey::NewMessages), Some(1));
    }

    #[test]
    fn clicks_on_what_others_show_are_none_of_ours() {
        let mut shown = shown();
        assert_eq!(shown.heed(&Event { id: 2, at: 11, is_click: true }), None);
        assert_eq!(shown.take(NoticeKey::NewMessages), Some(1));
    }
}
