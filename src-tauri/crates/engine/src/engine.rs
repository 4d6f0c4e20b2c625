//! A running profile: its store, its accounts at work, and what a host may ask of them.

use crate::accounts::{Registry, Running};
use crate::inbox::{self, Applied, Refusal};
use crate::notify::policy::Item;
use crate::notify::{Desk, Notifier, Teller};
use crate::profile::Trouble;
use crate::supervisor::Supervisor;
use connect::{Clock, Dice, EvenClock, PlatformClock, Transport};
use model::action::{Action, By, Intent};
use model::settings::Settings;
use model::{AccountId, ActionId, ConversationId, OpId, Timestamp};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::Store;
use tokio::sync::{mpsc, watch};

/// No reply waits longer for its next try: platforms are obeyed for an hour at most. One that seems to was noted while this
/// machine's clock was ahead.
const LONGEST_WAIT: Duration = Duration::from_secs(3600);

/// What an engine is made of. Clones share everything.
#[derive(Clone)]
pub struct Parts {
    /// Every platform there is.
    pub registry: Arc<Registry>,
    /// The way out.
    pub transport: Transport,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub dice: Arc<dyn Dice>,
    /// Shows notifications.
    pub notifier: Arc<dyn Notifier>,
    /// The person's side.
    pub desk: Arc<Desk>,
    /// The system's language, such as `de-AT`.
    pub system_language: String,
}

/// A running profile. Clones are cheap and mean the same engine.
#[derive(Clone)]
pub struct Engine(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    /// Its clock is one that nobody can set.
    pub(crate) parts: Parts,
    pub(crate) even_clock: Arc<EvenClock>,
    /// By how much the machine's clock is known to have been set since the start, in milliseconds.
    pub(crate) clock_set_by_ms: watch::Sender<i64>,
    /// The platforms' time less what the machine's clock shows, in milliseconds.
    pub(crate) ahead_ms: watch::Sender<i64>,
    pub(crate) platform_clock: Arc<PlatformClock>,
    pub(crate) store: Store,
    pub(crate) supervisor: Supervisor,
    /// In order, so that a simulated day is the same each time.
    pub(crate) running: Mutex<BTreeMap<AccountId, Running>>,
    pub(crate) arrivals: mpsc::UnboundedSender<Vec<Item>>,
    pub(crate) settings: watch::Sender<Settings>,
    pub(crate) trouble: Arc<Trouble>,
    pub(crate) logins: crate::accounts::Logins,
    pub(crate) media: crate::media::Fetches,
    /// When the clock was last looked at for a jump.
    pub(crate) looked_at: Mutex<Option<Timestamp>>,
    /// How often the machine slept since the start.
    pub(crate) woke: watch::Sender<u64>,
}

impl Engine {
    /// Starts everything a profile needs: held replies that a restart cut short become drafts, then every account works.
    pub async fn start(store: Store, mut parts: Parts) -> Result<Self, store::Error> {
        let even_clock = Arc::new(EvenClock::new(parts.clock));
        parts.clock = even_clock.clone();
        let (now, registry) = (parts.clock.now(), parts.registry.clone());
        let (settings, accounts, ahead_ms) = store
            .write(move |tx| {
                inbox::hand_back_held(tx, &|platform| registry.capabilities(platform), now)?;
                tx.hurry_outbox(now, LONGEST_WAIT)?;
                Ok::<_, Refusal>((tx.settings()?, tx.accounts()?, tx.platforms_ahead_ms()?))
            })
            .await
            .map_err(|refusal| match refusal {
                Refusal::Store(error) => error,
                other => unreachable!("a held reply can always be handed back: {other}"),
            })?;
        let (arrivals, arrived) = mpsc::unbounded_channel();
        let engine = Self(Arc::new(Inner {
            platform_clock: Arc::new(PlatformClock::new(parts.clock.clone(), ahead_ms)),
            even_clock,
            clock_set_by_ms: watch::Sender::default(),
            ahead_ms: watch::Sender::new(ahead_ms),
            supervisor: Supervisor::new(parts.dice.clone()),
            running: Mutex::default(),
            settings: watch::Sender::new(settings),
            trouble: Arc::default(),
            logins: crate::accounts::Logins::default(),
            media: crate::media::Fetches::default(),
            looked_at: Mutex::default(),
            woke: watch::Sender::default(),
            arrivals,
            store,
            parts,
        }));
        Teller::start(&engine, arrived);
        engine.watch_slumber();
        engine.keep_skew();
        engine.keep_swept();
        for account in accounts {
            if let Err(error) = engine.run_account(account).await {
                // Nothing may go on with a store that its caller believes closed.
                engine.shut_down().await;
                return Err(error);
            }
        }
        Ok(engine)
    }

    /// The store, for reads.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// Every platform there is.
    pub fn registry(&self) -> &Registry {
        &self.0.parts.registry
    }

    /// Now, for what waits here: this machine's clock as it was at the start, and nobody can set it.
    pub fn now(&self) -> Timestamp {
        self.0.parts.clock.now()
    }

    /// Now, by the platforms' time: for what is compared with an instant that a platform named.
    pub fn platform_now(&self) -> Timestamp {
        self.0.platform_clock.now()
    }

    /// What is wrong with the store, if anything.
    pub fn trouble(&self) -> &Trouble {
        &self.0.trouble
    }

    /// The settings, and their changes.
    pub fn settings(&self) -> watch::Receiver<Settings> {
        self.0.settings.subscribe()
    }

    /// Keeps settings (the nearest allowed ones) and answers with them.
    pub async fn set_settings(&self, settings: Settings) -> Result<Settings, store::Error> {
        let settings = settings.clamped();
        let kept = settings.clone();
        self.0.store.write(move |tx| tx.set_settings(&kept)).await?;
        self.0.settings.send_replace(settings.clone());
        Ok(settings)
    }

    /// Applies an intent of the person at this device.
    pub async fn act(&self, intent: Intent) -> Result<Applied, Refusal> {
        let (now, platform_now) = (self.now(), self.platform_now());
        let action = Action { id: ActionId::new(now, self.random()), by: By::Person, at: now, intent };
        let (engine, settings) = (self.clone(), self.0.settings.borrow().clone());
        let applied = self
            .0
            .store
            .write(move |tx| {
                let around = inbox::Surroundings {
                    platform_now,
                    settings: &settings,
                    capabilities: &|platform| engine.registry().capabilities(platform),
                    op_id: &|| OpId::new(now, engine.random()),
                };
                inbox::apply(tx, &action, &around)
            })
            .await;
        self.watch_refusal(&applied);
        self.wake_senders();
        applied
    }

    /// Takes back an action, or the newest that can be.
    pub async fn undo(&self, action: Option<ActionId>) -> Result<Option<ConversationId>, Refusal> {
        let now = self.now();
        let registry = self.0.parts.registry.clone();
        let undone = self
            .0
            .store
            .write(move |tx| inbox::take_back(tx, action, &|platform| registry.capabilities(platform), now))
            .await;
        self.watch_refusal(&undone);
        self.wake_senders();
        undone
    }

    /// Stops every task and waits for the last; then nothing of this engine uses the store.
    pub async fn shut_down(&self) {
        let running = std::mem::take(&mut *self.0.running.lock().expect("no holder of the accounts panics"));
        for account in running.into_values() {
            account.supervisor.shut_down().await;
        }
        self.0.supervisor.shut_down().await;
    }

    pub(crate) fn random(&self) -> [u8; 10] {
        let mut bytes = [0; 10];
        self.0.parts.dice.fill(&mut bytes);
        bytes
    }

    fn watch_refusal<T>(&self, outcome: &Result<T, Refusal>) {
        match outcome {
            Err(Refusal::Store(error)) => self.0.trouble.note(error),
            Err(_) => {}
            Ok(_) => self.0.trouble.clear(),
        }
    }

    fn wake_senders(&self) {
        for running in self.0.running.lock().expect("no holder of the accounts panics").values() {
            running.wake_sender.notify_one();
        }
    }
}
