//! The sandbox, wired for the engine: what every host (window, headless host, tests) would otherwise write again.
//!
//! It stands above `engine`, `connectors` and `sandbox` because none of them knows the others.

mod door;

use connect::{Clock, Transport};
use connectors::{Endpoints, messenger};
use door::Door;
use engine::accounts::Registry;
use engine::profile::{PracticeSignIn, SandboxMaker, SandboxWorld, SignIn};
use model::PlatformId;
use sandbox::{Credential, World};
use std::sync::Arc;

/// Is shown each world that is made.
pub type Watcher = Box<dyn Fn(&World) + Send + Sync>;

/// Makes the brand day: a fresh invented world each time.
pub struct BrandDay {
    /// Decides every invention; the same seed is the same world.
    pub seed: u64,
    /// The world's time.
    pub clock: Arc<dyn Clock>,
}

/// The same for a host for developing, which holds on to the world to cause trouble in it. Elsewhere left is left.
pub struct WatchedBrandDay {
    /// What is made.
    pub day: BrandDay,
    /// Who is shown it.
    pub watcher: Watcher,
    /// From its first moment on nothing happens in it by itself, and no customer answers: for tests that look twice.
    pub is_calm: bool,
}

impl BrandDay {
    fn world(&self) -> World {
        let clock = self.clock.clone();
        World::brand_day(self.seed, Arc::new(move || clock.now().0))
    }
}

impl SandboxMaker for WatchedBrandDay {
    fn make(&self) -> SandboxWorld {
        let world = self.day.world();
        (self.watcher)(&world);
        wired(world, self.is_calm)
    }
}

impl SandboxMaker for BrandDay {
    fn make(&self) -> SandboxWorld {
        sandbox_world(self.world())
    }
}

/// Any world, as the engine takes it.
pub fn sandbox_world(world: World) -> SandboxWorld {
    wired(world, false)
}

fn wired(world: World, is_calm: bool) -> SandboxWorld {
    let sign_ins = world.sign_ins().into_iter().map(|account| sign_in(account, "")).collect();
    let door = Door::open().map(Arc::new);
    let mut endpoints = Endpoints::default();
    if let Some(door) = &door {
        endpoints.messenger = messenger::Endpoints { dialog: door.base.clone(), ..endpoints.messenger };
        let paste = door.base.join("connect/login_success.html").map_or_else(|_| String::new(), String::from);
        world.allow_redirects(&[&door.bounce(), &paste]);
    }
    let bounce = door.as_ref().map(|door| door.bounce()).unwrap_or_default();
    let practice = world.practice().into_iter().map(|account| practise(account, &bounce)).collect();
    let (transport, live) = (transport_into(&world), world);
    SandboxWorld {
        transport,
        registry: Arc::new(Registry::new(connectors::all(&endpoints))),
        sign_ins,
        practice,
        live: Box::new(move || {
            let (world, door) = (live.clone(), door.clone());
            Box::pin(async move {
                let life = async { if is_calm { std::future::pending().await } else { world.live().await } };
                match door {
                    Some(door) => tokio::select! { () = life => {}, () = door.serve(&world) => {} },
                    None => life.await,
                }
            })
        }),
    }
}

/// The way into a world: requests to the real hosts' names end there, without a socket.
pub fn transport_into(world: &World) -> Transport {
    let world = world.clone();
    Transport::direct(move |request| {
        let world = world.clone();
        async move { world.answer(request).await }
    })
}

/// What a person would type to connect one of the world's accounts.
fn sign_in(account: sandbox::SignIn, bounce: &str) -> SignIn {
    let (method, fields): (&str, Vec<(&str, String)>) = match account.credential {
        Credential::Password { user, password } => {
            ("password", vec![("server", account.server), ("user", user), ("password", password)])
        }
        Credential::PageToken { page_token, app_id, app_secret, .. } => {
            ("token", vec![("token", page_token), ("app_id", app_id), ("app_secret", app_secret)])
        }
        Credential::OwnApp { app_id, app_secret } => {
            let fields = vec![("app_id", app_id), ("app_secret", app_secret), ("bounce", bounce.to_owned())];
            ("own_app", fields)
        }
    };
    SignIn {
        platform: PlatformId::from(account.platform),
        method: method.to_owned(),
        fields: fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        choices: Vec::new(),
    }
}

fn practise(account: sandbox::SignIn, bounce: &str) -> PracticeSignIn {
    let remote_id = match &account.credential {
        Credential::Password { user, .. } => Some(user.clone()),
        Credential::PageToken { page_id, .. } => Some(page_id.clone()),
        Credential::OwnApp { .. } => None,
    };
    let name = account.display_name.clone();
    let SignIn { platform, method, fields, .. } = sign_in(account, bounce);
    PracticeSignIn { platform, method, name, remote_id: remote_id.map(Into::into), fields }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::clock::SimulatedClock;
    use model::Timestamp;
    use std::sync::Mutex;
    use std::time::Duration;

    /// How many messages come to the demo's Pages in half an hour.
    async fn news(is_calm: bool) -> usize {
        let made: Arc<Mutex<Option<World>>> = Arc::default();
        let kept = made.clone();
        let sandbox = WatchedBrandDay {
            day: BrandDay {
                seed: 3,
                clock: Arc::new(SimulatedClock::starting_at(Timestamp(1_800_000_000_000))),
            },
            watcher: Box::new(move |world| *kept.lock().unwrap() = Some(world.clone())),
            is_calm,
        };
        let live = sandbox.make().live;
        let world = made.lock().unwrap().take().expect("it was shown");
        let count = || {
            let of_page = |account: sandbox::SignIn| match account.credential {
                Credential::PageToken { page_id, .. } => world.messenger().customers_of(&page_id),
                _ => Vec::new(),
            };
            let customers = world.sign_ins().into_iter().flat_map(of_page);
            customers.map(|customer| world.messenger().messages_in(&customer).len()).sum::<usize>()
        };
        let before = count();
        assert!(before > 100, "{before} messages at the beginning");
        assert!(tokio::time::timeout(Duration::from_secs(1800), live()).await.is_err(), "it never ends");
        count() - before
    }

    #[tokio::test(start_paused = true)]
    async fn on_a_calm_day_nothing_happens_by_itself() {
        assert_eq!(news(true).await, 0);
        assert!(news(false).await > 10);
    }
}
