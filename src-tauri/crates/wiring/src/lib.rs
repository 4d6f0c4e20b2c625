//! The sandbox, wired for the engine: what every host (window, headless host, tests) would otherwise write again.
//!
//! It stands above `engine`, `connectors` and `sandbox` because none of them knows the others.

use connect::{Clock, Transport};
use connectors::Endpoints;
use engine::accounts::Registry;
use engine::profile::{SandboxMaker, SandboxWorld, SignIn};
use model::PlatformId;
use sandbox::{Credential, World};
use std::sync::Arc;

/// Makes the brand day: a fresh invented world each time.
pub struct BrandDay {
    /// Decides every invention; the same seed is the same world.
    pub seed: u64,
    /// The world's time.
    pub clock: Arc<dyn Clock>,
}

impl SandboxMaker for BrandDay {
    fn make(&self) -> SandboxWorld {
        let clock = self.clock.clone();
        sandbox_world(World::brand_day(self.seed, Arc::new(move || clock.now().0)))
    }
}

/// Any world, as the engine takes it.
pub fn sandbox_world(world: World) -> SandboxWorld {
    let sign_ins = world.sign_ins().into_iter().map(sign_in).collect();
    let (transport, live) = (transport_into(&world), world);
    SandboxWorld {
        transport,
        registry: Arc::new(Registry::new(connectors::all(&Endpoints::default()))),
        sign_ins,
        live: Box::new(move || {
            let world = live.clone();
            Box::pin(async move { world.live().await })
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
fn sign_in(account: sandbox::SignIn) -> SignIn {
    let (method, fields): (&str, Vec<(&str, String)>) = match account.credential {
        Credential::Password { user, password } => {
            ("password", vec![("server", account.server), ("user", user), ("password", password)])
        }
        Credential::PageToken { page_token, app_secret, .. } => {
            ("token", vec![("token", page_token), ("app_secret", app_secret)])
        }
    };
    SignIn {
        platform: PlatformId::from(account.platform),
        method: method.to_owned(),
        fields: fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        choices: Vec::new(),
    }
}
