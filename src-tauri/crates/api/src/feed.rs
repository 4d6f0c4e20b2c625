//! One feed for the UI, whichever profile is open: commits of its store, and what is not stored (the profile itself, jumps).

use crate::app::App;
use tokio::sync::broadcast;

/// Follows the profiles, and the store of the open one, for ever.
pub(crate) async fn follow(app: &App) {
    let mut profiles = app.0.profiles.changes();
    let mut jumps = app.0.desk.jumps();
    loop {
        let Ok(engine) = app.engine() else {
            app.show_settings(model::settings::Settings::default());
            tokio::select! {
                changed = profiles.changed() => if changed.is_err() { return },
                _ = jumps.changed() => { app.announce(vec!["jump".into()]); continue }
            }
            announce_another_profile(app);
            continue;
        };
        let (mut commits, mut trouble, mut settings) =
            (engine.store().changes(), engine.trouble().changes(), engine.settings());
        let mut ahead = engine.ahead_ms();
        app.show_settings(settings.borrow_and_update().clone());
        // Commits between the change of profile and this subscription are covered by this announcement.
        announce_another_profile(app);
        loop {
            tokio::select! {
                changed = profiles.changed() => match changed {
                    Ok(()) => {
                        announce_another_profile(app);
                        break;
                    }
                    Err(_) => return,
                },
                _ = jumps.changed() => app.announce(vec!["jump".into()]),
                _ = trouble.changed() => app.announce(vec!["profile".into()]),
                Ok(()) = ahead.changed() => {
                    // Whatever was answered by the old time is refetched.
                    app.skip_seq();
                    app.announce(vec!["profile".into()]);
                }
                Ok(()) = settings.changed() => app.show_settings(settings.borrow_and_update().clone()),
                commit = commits.recv() => match commit {
                    Ok(commit) => app.announce(commit.topics.iter().map(ToString::to_string).collect()),
                    // What was missed is unknown: the number that is left out makes the UI refetch everything.
                    Err(broadcast::error::RecvError::Lagged(_)) => app.skip_seq(),
                    Err(broadcast::error::RecvError::Closed) => {
                        if profiles.changed().await.is_err() {
                            return;
                        }
                        break;
                    }
                },
            }
        }
    }
}

/// Nothing that was answered holds any more: settings, accounts and rows were those of another profile. Told whenever one goes
/// and whenever one comes, so that also a page that has not heard a number yet sees that one was left out.
fn announce_another_profile(app: &App) {
    app.skip_seq();
    app.announce(vec!["profile".into()]);
}
