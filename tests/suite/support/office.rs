//! Kontor at work on a simulated world, in simulated time.

use super::keychain::MemoryKeychain;
use super::recorder::Recorder;
use api::{App, AppParts};
use connect::Clock;
use engine::clock::{SeededDice, SimulatedClock};
use engine::notify::Desk;
use model::Timestamp;
use sandbox::{Matrix, Messenger, World};
use std::sync::Arc;
use tempfile::TempDir;

/// Monday, 23 November 2026, 08:00 UTC.
pub const START: Timestamp = Timestamp(1_795_420_800_000);
pub const MATRIX_HOST: &str = "matrix.brand.example";
pub const BRAND: &str = "@brand:brand.example";

/// Everything that outlives a crash is in here; the app itself does not.
pub struct Office {
    pub app: App,
    pub world: World,
    pub notices: Arc<Recorder>,
    pub keychain: Arc<MemoryKeychain>,
    pub dir: Arc<TempDir>,
    /// The world's, which is right.
    clock: SimulatedClock,
    /// The one that Kontor sees.
    machine_clock: SimulatedClock,
    seed: u64,
}

impl Office {
    /// An empty world and an empty profile folder. Everything in it follows from the seed.
    pub async fn open(seed: u64) -> Self {
        Self::open_with_wrong_clock(seed, 0).await
    }

    /// The same on a machine whose clock is so far ahead of the world's (negative: behind).
    pub async fn open_with_wrong_clock(seed: u64, by_ms: i64) -> Self {
        let clock = SimulatedClock::starting_at(START);
        let machine_clock = clock.beside();
        machine_clock.set_wrong(by_ms);
        let clock_of_world = clock.clone();
        let world = World::new(seed, Arc::new(move || clock_of_world.now().0));
        let dir = Arc::new(tempfile::tempdir().unwrap());
        Self::start(seed, world, (clock, machine_clock), dir, Arc::default()).await
    }

    /// An office with the brand's Matrix account connected and its first sync done.
    pub async fn with_matrix(seed: u64) -> Self {
        let office = Self::open(seed).await;
        office.matrix().create_user("brand", "secret-brand", "Brand");
        office.connect_matrix("brand", "secret-brand").await;
        office.settle().await;
        office
    }

    /// Kontor dies where it stands and is started again on the same profile and the same world.
    pub async fn crash_and_restart(self) -> Self {
        self.app.shut_down().await; // Aborts every task wherever it is.
        let Self { world, keychain, dir, clock, machine_clock, seed, app, .. } = self;
        drop(app);
        Self::start(seed + 1, world, (clock, machine_clock), dir, keychain).await
    }

    /// Kontor is started once more on the same profile, while it runs.
    pub async fn second_instance(&self) -> Self {
        let (world, dir, keychain) = (self.world.clone(), self.dir.clone(), self.keychain.clone());
        let clocks = (self.clock.clone(), self.machine_clock.clone());
        Self::start(self.seed + 1, world, clocks, dir, keychain).await
    }

    async fn start(
        seed: u64,
        world: World,
        (clock, machine_clock): (SimulatedClock, SimulatedClock),
        dir: Arc<TempDir>,
        keychain: Arc<MemoryKeychain>,
    ) -> Self {
        let notices = Arc::new(Recorder::default());
        let clock_of_app: Arc<dyn Clock> = Arc::new(machine_clock.clone());
        let app = App::new(AppParts {
            profile_dir: dir.path().join("profile"),
            keychain: Some(keychain.clone()),
            connectors: connectors::all(&connectors::Endpoints::default()),
            transport: wiring::transport_into(&world),
            clock: clock_of_app.clone(),
            dice: Arc::new(SeededDice::new(seed)),
            notifier: notices.clone(),
            host: notices.clone(),
            sandbox: Arc::new(wiring::BrandDay { seed, clock: clock_of_app }),
            system_language: "en-GB".into(),
            desk: Arc::new(Desk::default()),
        });
        app.start().await;
        Self { app, world, notices, keychain, dir, clock, machine_clock, seed }
    }

    /// Now, in the world.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Now, as this machine sees it.
    pub fn machine_now(&self) -> Timestamp {
        self.machine_clock.now()
    }

    /// Somebody sets this machine's clock.
    pub fn set_clock_wrong(&self, by_ms: i64) {
        self.machine_clock.set_wrong(by_ms);
    }

    pub fn matrix(&self) -> Matrix {
        self.world.matrix(MATRIX_HOST)
    }

    pub fn messenger(&self) -> Messenger {
        self.world.messenger()
    }

    /// Lets simulated time pass; everything due meanwhile happens.
    pub async fn pass(&self, seconds: u64) {
        tokio::time::sleep(std::time::Duration::from_secs(seconds)).await;
    }

    /// The lid is closed for so long: the world goes on without us.
    pub fn sleep(&self, how_long: std::time::Duration) {
        self.clock.sleep(how_long);
    }

    /// Time for a pull, a commit and what follows from it.
    pub async fn settle(&self) {
        self.pass(2).await;
    }
}
