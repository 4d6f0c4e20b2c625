//! The headless host. Today it has one command: `hub dev`, the whole app without a desktop, over loopback HTTP: for
//! developing the UI and for its browser tests. It listens on 127.0.0.1 only.

mod arguments;
mod files;
mod host;
mod keychain;
mod routes;
mod world;

use anyhow::Context;
use arguments::Arguments;
use engine::clock::{RealClock, RealDice};
use engine::notify::{Desk, Silent};
use std::sync::Arc;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse(std::env::args().skip(1))?;
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_env("KONTOR_LOG"))
        .with_writer(std::io::stderr)
        .init();
    let scratch = tempfile::Builder::new().prefix("kontor-dev-").tempdir()?;
    let profile_dir = arguments.profile.clone().unwrap_or_else(|| scratch.path().join("profile"));
    let clock = Arc::new(RealClock);
    let hand = arguments.has_world.then(world::Hand::default);
    let clock_of_world = connect::PlatformClock::new(clock.clone(), arguments.world_ahead_seconds * 1000);
    let day = wiring::BrandDay { seed: arguments.seed, clock: Arc::new(clock_of_world) };
    let watcher: wiring::Watcher = match hand.clone() {
        None => Box::new(|_| {}),
        Some(hand) => Box::new(move |world| {
            *hand.lock().expect("no holder of the world panics") = Some(world.clone());
        }),
    };
    let app = api::App::new(api::AppParts {
        host: Arc::new(host::DevHost { downloads: profile_dir.join("downloads") }),
        profile_dir,
        keychain: arguments.keychain.as_deref().map(keychain::keychain).transpose()?,
        connectors: connectors::all(&connectors::Endpoints::default()),
        transport: connect::Transport::sockets(),
        clock,
        dice: Arc::new(RealDice),
        notifier: Arc::new(Silent),
        sandbox: Arc::new(wiring::WatchedBrandDay { day, watcher, is_calm: arguments.is_calm }),
        system_language: "en".into(),
        desk: Arc::new(Desk::default()),
    });
    app.start().await;
    if arguments.enters_sandbox {
        app.call("sandbox_enter", serde_json::Value::Null).await?;
    }
    let listener =
        tokio::net::TcpListener::bind(("127.0.0.1", arguments.port)).await.context("the port is taken")?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, routes::routes(app.clone(), arguments.ui, hand))
        .with_graceful_shutdown(async {
            let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
                .expect("a signal handler can be set at start");
            tokio::select! { _ = tokio::signal::ctrl_c() => {}, _ = terminate.recv() => {} }
        })
        .await?;
    app.shut_down().await;
    Ok(())
}
