//! What a host holds: the profiles, the desk, and the one door for calls.

use crate::error::{ApiError, ErrorCode};
use crate::feed::Feed;
use crate::router;
use bytes::Bytes;
use connect::{Clock, Connector, Dice, Transport};
use engine::media::Size;
use engine::notify::{Desk, Notifier};
use engine::profile::{ProfileParts, Profiles, SandboxMaker};
use engine::{Engine, Parts, accounts::Registry};
use model::MediaId;
use model::settings::Settings;
use serde::Serialize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use store::vault::Keychain;
use tokio::sync::{broadcast, watch};

/// What only a host can do.
pub trait Host: Send + Sync {
    /// Opens an address (http, https or mailto; checked before) outside. False if the system would not.
    fn open_link(&self, url: &url::Url) -> bool;
    /// Saves a file among the person's downloads under this name, or one like it that is free, and answers with the name.
    fn save_download(&self, file_name: &str, bytes: &[u8]) -> std::io::Result<String>;
    /// Where a person's downloads are.
    fn downloads(&self) -> std::io::Result<PathBuf>;
    /// Brings the window to the front.
    fn show_window(&self);
    /// A picture that was copied, as PNG, where the web view does not hand it to a paste itself; never a text. May wait for
    /// the program it was copied in.
    fn copied_picture(&self) -> Option<Vec<u8>> {
        None
    }
}

/// What an app is made of.
pub struct AppParts {
    /// The kept profile's folder.
    pub profile_dir: PathBuf,
    /// The system's keychain; none where there is none at all.
    pub keychain: Option<Arc<dyn Keychain>>,
    /// Every platform there is.
    pub connectors: Vec<Box<dyn Connector>>,
    /// The way out.
    pub transport: Transport,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub dice: Arc<dyn Dice>,
    /// Shows notifications.
    pub notifier: Arc<dyn Notifier>,
    /// The host.
    pub host: Arc<dyn Host>,
    /// Makes the sandbox.
    pub sandbox: Arc<dyn SandboxMaker>,
    /// The system's language, such as `de-AT`.
    pub system_language: String,
    /// The person's side: attention in, jumps out.
    pub desk: Arc<Desk>,
}

/// Something changed: queries that read one of the topics are stale. A gap in `seq` means that all are.
#[derive(Debug, Clone, Serialize)]
pub struct Change {
    /// 1, 2, 3 …
    pub seq: u64,
    /// `inbox`, `conversation:12`, `profile` …
    pub topics: Vec<String>,
}

/// A picture for the web view.
#[derive(Debug, Clone)]
pub struct Media {
    /// Its type, of our own making.
    pub mime: &'static str,
    /// The picture.
    pub bytes: Bytes,
}

/// The app. Clones are cheap and mean the same app.
#[derive(Clone)]
pub struct App(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) profiles: Profiles,
    pub(crate) registry: Arc<Registry>,
    pub(crate) host: Arc<dyn Host>,
    pub(crate) desk: Arc<Desk>,
    pub(crate) uploads: crate::files::Uploads,
    changes: broadcast::Sender<Change>,
    seq: AtomicU64,
    settings: watch::Sender<Settings>,
    supervisor: engine::supervisor::Supervisor,
}

impl App {
    /// Puts the parts together. Nothing runs yet.
    pub fn new(parts: AppParts) -> Self {
        let registry = Arc::new(Registry::new(parts.connectors));
        let supervisor = engine::supervisor::Supervisor::new(parts.dice.clone());
        let engine = Parts {
            registry: registry.clone(),
            transport: parts.transport,
            clock: parts.clock,
            dice: parts.dice,
            notifier: parts.notifier,
            desk: parts.desk.clone(),
            system_language: parts.system_language,
        };
        let profiles = Profiles::new(ProfileParts {
            dir: parts.profile_dir,
            keychain: parts.keychain,
            sandbox: parts.sandbox,
            engine,
        });
        Self(Arc::new(Inner {
            profiles,
            registry,
            host: parts.host,
            desk: parts.desk,
            uploads: crate::files::Uploads::default(),
            changes: broadcast::Sender::new(1024),
            seq: AtomicU64::new(0),
            settings: watch::Sender::new(Settings::default()),
            supervisor,
        }))
    }

    /// Opens the profile that is there, and follows what changes from then on: nobody was answered before.
    pub async fn start(&self) {
        self.0.profiles.open().await;
        let app = Arc::downgrade(&self.0);
        let first = Mutex::new(Some(Feed::of(self)));
        self.0.supervisor.run("changes", move || {
            let app = app.clone();
            let feed = first.lock().unwrap_or_else(PoisonError::into_inner).take();
            async move {
                if let Some(app) = app.upgrade().map(App) {
                    let feed = feed.unwrap_or_else(|| Feed::anew(&app));
                    feed.follow(&app).await;
                }
            }
        });
    }

    /// One call of the list, by name.
    pub async fn call(
        &self,
        name: &str,
        arguments: serde_json::Value,
    ) -> Result<serde_json::Value, ApiError> {
        let answer = router::dispatch(self, name, arguments).await;
        if let Err(error) = &answer {
            self.note_trouble(error);
        }
        answer
    }

    /// What does not go by itself is said above everything from now on, whichever call met it first. What goes by itself is
    /// noted by those who store all the time, and forgotten by them.
    fn note_trouble(&self, error: &ApiError) {
        let cause = match error.code {
            ErrorCode::DiskFailed => store::Error::DiskFailed,
            ErrorCode::Damaged => store::Error::Corrupt,
            _ => return,
        };
        if let Ok(engine) = self.engine() {
            engine.trouble().note(&cause);
        }
    }

    /// What changes from now on.
    pub fn changes(&self) -> broadcast::Receiver<Change> {
        self.0.changes.subscribe()
    }

    /// A picture for the web view; none if there is none to show.
    pub async fn media(&self, id: &str, is_thumb: bool) -> Option<Media> {
        let is_name = id.len() <= 128 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
        let engine = self.0.profiles.engine().filter(|_| is_name)?;
        let size = if is_thumb { Size::Thumb } else { Size::Full };
        match engine.picture(&MediaId::from(id), size).await {
            Ok(picture) => picture.map(|picture| Media { mime: picture.mime, bytes: picture.bytes }),
            Err(error) => {
                tracing::error!(%error, "a picture could not be read");
                None
            }
        }
    }

    /// The settings of the open profile; the defaults while none is open.
    pub fn settings(&self) -> watch::Receiver<Settings> {
        self.0.settings.subscribe()
    }

    /// The person's side.
    pub fn desk(&self) -> Arc<Desk> {
        self.0.desk.clone()
    }

    /// Stops everything and waits for the last task; then the store is closed.
    pub async fn shut_down(&self) {
        self.0.profiles.shut_down().await;
        self.0.supervisor.shut_down().await;
    }

    pub(crate) fn engine(&self) -> Result<Engine, ApiError> {
        self.0.profiles.engine().ok_or_else(|| ErrorCode::NoProfile.into())
    }

    /// Tells the UI with the next number. Nobody may be listening; that is fine.
    pub(crate) fn announce(&self, topics: Vec<String>) {
        let seq = self.0.seq.fetch_add(1, Ordering::SeqCst) + 1;
        let _ = self.0.changes.send(Change { seq, topics });
    }

    /// Leaves a number out.
    pub(crate) fn skip_seq(&self) {
        self.0.seq.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn show_settings(&self, settings: Settings) {
        self.0.settings.send_if_modified(|now| {
            let is_new = *now != settings;
            *now = settings;
            is_new
        });
    }
}
