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
        sandbox_world(world)
    }
}

impl SandboxMaker for BrandDay {
    fn make(&self) -> SandboxWorld {
        sandbox_world(self.world())
    }
}

/// Any world, as the engine takes it.
pub fn sandbox_world(world: World) -> SandboxWorld {
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
                match door {
                    Some(door) => tokio::select! { () = world.live() => {}, () = door.serve(&world) => {} },
                    None => world.live().await,
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
