//! One feed for the UI, whichever profile is open: commits of its store, and what is not stored (the profile itself, jumps).

use crate::app::App;
use engine::profile::StoreTrouble;
use model::settings::Settings;
use store::Commit;
use tokio::sync::{broadcast, watch};

/// What is listened to. Nothing that changes after it was made is missed.
pub(crate) struct Feed {
    profiles: watch::Receiver<u64>,
    jumps: watch::Receiver<u64>,
    open: Option<Open>,
}

/// The profile that is open.
struct Open {
    commits: broadcast::Receiver<Commit>,
    trouble: watch::Receiver<Option<StoreTrouble>>,
    settings: watch::Receiver<Settings>,
    ahead_ms: watch::Receiver<i64>,
}

impl Feed {
    /// Listens to the profile of now, whose settings are shown from here on.
    pub(crate) fn of(app: &App) -> Self {
        Self { profiles: app.0.profiles.changes(), jumps: app.0.desk.jumps(), open: Open::of(app) }
    }

    /// Listens after nobody did for a moment.
    pub(crate) fn anew(app: &App) -> Self {
        let feed = Self::of(app);
        announce_all(app);
        feed
    }

    /// Tells the UI of everything, for ever.
    pub(crate) async fn follow(mut self, app: &App) {
        while self.until_another(app).await {
            self.open = Open::of(app);
            // After listening began: commits between the change of profile and now are covered too.
            announce_all(app);
        }
    }

    /// Tells of this profile until there is another one; no more if there never will be.
    async fn until_another(&mut self, app: &App) -> bool {
        let Self { profiles, jumps, open } = self;
        loop {
            let Some(Open { commits, trouble, settings, ahead_ms }) = open else {
                tokio::select! {
                    changed = profiles.changed() => return changed.is_ok(),
                    _ = jumps.changed() => app.announce(vec!["jump".into()]),
                }
                continue;
            };
            tokio::select! {
                changed = profiles.changed() => return changed.is_ok(),
                _ = jumps.changed() => app.announce(vec!["jump".into()]),
                _ = trouble.changed() => app.announce(vec!["profile".into()]),
                // Whatever was answered by the old time is refetched.
                Ok(()) = ahead_ms.changed() => announce_all(app),
                Ok(()) = settings.changed() => app.show_settings(settings.borrow_and_update().clone()),
                commit = commits.recv() => match commit {
                    Ok(commit) => app.announce(commit.topics.iter().map(ToString::to_string).collect()),
                    // What was missed is unknown.
                    Err(broadcast::error::RecvError::Lagged(_)) => announce_all(app),
                    Err(broadcast::error::RecvError::Closed) => return profiles.changed().await.is_ok(),
                },
            }
        }
    }
}

impl Open {
    fn of(app: &App) -> Option<Self> {
        let engine = app.engine().ok();
        let open = engine.map(|engine| Self {
            commits: engine.store().changes(),
            trouble: engine.trouble().changes(),
            settings: engine.settings(),
            ahead_ms: engine.ahead_ms(),
        });
        app.show_settings(open.as_ref().map(|open| open.settings.borrow().clone()).unwrap_or_default());
        open
    }
}

/// Nothing that was answered holds any more. The number that is left out makes the UI refetch everything; it stands between
/// two that are told, for a page that has not heard one yet.
fn announce_all(app: &App) {
    let profile = || vec!["profile".to_owned()];
    app.announce(profile());
    app.skip_seq();
    app.announce(profile());
}
