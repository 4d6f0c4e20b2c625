//! One connector on a simulated platform, without engine and store: what the cases act on.

use bytes::Bytes;
use connect::login::{LoginFailure, LoginInput, LoginStep};
use connect::{
    Clock, Connector, Dice, Fault, Http, LoginParts, SecretKeeper, Secrets, Session, SessionParts, SignedIn,
};
use engine::clock::{SeededDice, SimulatedClock};
use model::account::{Account, AccountSettings, AccountStatus};
use model::remote::{Outgoing, OutgoingFile, RemoteEvent, RemoteMessage};
use model::{AccountId, MediaId, OpId, RemoteId, Timestamp};
use sandbox::{Match, Media, World};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

/// Monday, 23 November 2026, 08:00 UTC.
const START: Timestamp = Timestamp(1_795_420_800_000);

/// What a platform's stage can do: play its people and look behind its scenes.
pub trait Scene {
    /// The way to sign in that needs no browser.
    fn method(&self) -> &'static str;
    /// What a person types, with the right secret or with a wrong one.
    fn typed(&self, is_right: bool) -> Vec<(&'static str, String)>;
    /// A customer with an empty conversation.
    fn customer(&self, name: &str) -> Customer;
    /// A customer writes, at an instant (not before the last).
    fn write(&self, from: &Customer, text: &str, at_ms: i64) -> RemoteId;
    /// A customer sends a file.
    fn send_file(&self, from: &Customer, file: Media);
    /// What the brand has said to a customer, oldest first.
    fn said_to(&self, customer: &Customer) -> Vec<String>;
    /// The newest file the brand has sent to a customer.
    fn file_sent_to(&self, customer: &Customer) -> Option<Bytes>;
    /// The request that sends a message.
    fn sending(&self) -> Match;
    /// The request that looks for news.
    fn pulling(&self) -> Match;
    /// The sign-in is ended from the platform's side.
    fn revoke(&self);
    /// Whether our operation id comes back with our message.
    fn gives_op_ids_back(&self) -> bool;
}

/// A customer, as the connector and as the stage call them.
pub struct Customer {
    pub conversation: RemoteId,
    pub recipient: Option<RemoteId>,
    /// Of the scene's own.
    pub handle: String,
}

pub struct Stage {
    pub world: World,
    pub connector: Box<dyn Connector>,
    pub scene: Box<dyn Scene>,
    clock: SimulatedClock,
    ops: AtomicU8,
}

impl Stage {
    pub fn set(connector: Box<dyn Connector>, scene: impl FnOnce(&World) -> Box<dyn Scene>) -> Self {
        let clock = SimulatedClock::starting_at(START);
        let clock_of_world = clock.clone();
        let world = World::new(7, Arc::new(move || clock_of_world.now().0));
        let scene = scene(&world);
        Self { world, connector, scene, clock, ops: AtomicU8::new(0) }
    }

    fn parts(&self) -> (Http, Arc<dyn Clock>, Arc<dyn Dice>) {
        let clock: Arc<dyn Clock> = Arc::new(self.clock.clone());
        let budget = self.connector.budget(clock.now());
        let http = Http::new(wiring::transport_into(&self.world), clock.clone(), budget);
        (http, clock, Arc::new(SeededDice::new(3)))
    }

    /// Goes through the whole sign-in; everything that can be chosen is chosen.
    pub async fn sign_in(&self, is_right: bool) -> Result<Vec<SignedIn>, LoginFailure> {
        let (http, clock, dice) = self.parts();
        let parts = LoginParts { http, clock, dice, again: None };
        let mut login = self.connector.login(self.scene.method(), parts).expect("the scene names a method");
        let mut input = LoginInput::Start;
        loop {
            input = match login.next(input).await? {
                LoginStep::Fields(_) => {
                    let typed = self.scene.typed(is_right).into_iter();
                    LoginInput::Fields(typed.map(|(name, value)| (name.to_owned(), value.into())).collect())
                }
                LoginStep::Choose(all) => LoginInput::Chosen(
                    all.into_iter().filter(|one| one.is_possible).map(|one| one.id).collect(),
                ),
                LoginStep::Browse { .. } => panic!("the scene's way to sign in needs a browser"),
                LoginStep::Done(accounts) => return Ok(accounts),
            };
        }
    }

    pub fn has_no_method(&self, method: &str) -> bool {
        let (http, clock, dice) = self.parts();
        self.connector.login(method, LoginParts { http, clock, dice, again: None }).is_err()
    }

    /// A session of the brand's account.
    pub async fn open(&self) -> Box<dyn Session> {
        let signed_in = self.sign_in(true).await.expect("the right secret signs in").remove(0);
        let (http, clock, dice) = self.parts();
        let account = Account {
            id: AccountId::new(START, [1; 10]),
            platform: self.connector.descriptor().id.clone(),
            remote_id: signed_in.remote_id,
            name: signed_in.name,
            config: signed_in.config,
            status: AccountStatus::Importing,
            settings: AccountSettings::default(),
            verified_at: None,
            created_at: START,
        };
        let parts = SessionParts {
            account,
            secrets: signed_in.secrets,
            keeper: Arc::new(Forgetful),
            http,
            clock,
            dice,
        };
        self.connector.open(parts).expect("what a sign-in gave opens")
    }

    pub fn now_ms(&self) -> i64 {
        self.clock.now().0
    }

    pub async fn pass(&self, seconds: u64) {
        tokio::time::sleep(Duration::from_secs(seconds)).await;
    }

    /// A customer writes now; a second later it is over.
    pub async fn write(&self, from: &Customer, text: &str) -> RemoteId {
        let id = self.scene.write(from, text, self.now_ms());
        self.pass(1).await;
        id
    }

    /// A new operation: each has an id of its own.
    pub fn reply(&self, to: &Customer, body: &str) -> Outgoing {
        let number = self.ops.fetch_add(1, Ordering::Relaxed);
        Outgoing {
            op_id: OpId::new(self.clock.now(), [number; 10]),
            conversation: to.conversation.clone(),
            recipient: to.recipient.clone(),
            body: body.to_owned(),
            file: None,
            reply_to: None,
            first_attempt_at: self.clock.now(),
        }
    }

    pub fn reply_with_file(&self, to: &Customer, name: &str, mime: &str, bytes: &[u8]) -> Outgoing {
        let (media, name, mime) = (MediaId::from("0a"), name.to_owned(), mime.to_owned());
        let file = OutgoingFile { media, name, mime, bytes: bytes.to_vec() };
        Outgoing { file: Some(file), ..self.reply(to, "") }
    }

    /// Requests so far that can have an effect.
    pub fn writes(&self) -> usize {
        self.world.requests().iter().filter(|asked| !matches!(asked.method.as_str(), "GET" | "HEAD")).count()
    }
}

/// Everything new since a position, and the position after it.
pub async fn news(
    session: &dyn Session,
    from: Option<String>,
) -> Result<(Vec<RemoteEvent>, Option<String>), Fault> {
    let (mut events, mut cursor) = (Vec::new(), from);
    for _ in 0..100 {
        let pulled = session.pull(cursor.as_deref(), Duration::ZERO).await?;
        let is_quiet = pulled.events.is_empty();
        events.extend(pulled.events);
        let is_there = pulled.next.as_ref().is_none_or(|next| cursor.as_ref() == Some(next));
        cursor = pulled.next.or(cursor);
        if pulled.again_after > Duration::ZERO || (is_quiet && is_there) {
            return Ok((events, cursor));
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("a hundred pulls did not come to the end of the news");
}

/// Everything that facts say is missing, down to the beginning.
pub async fn history(session: &dyn Session, events: &[RemoteEvent]) -> Vec<RemoteEvent> {
    let mut found = Vec::new();
    for event in events {
        let RemoteEvent::Gap { conversation, before, .. } = event else { continue };
        let mut before = before.clone();
        for pages in 0.. {
            assert!(pages < 50, "history comes to an end");
            let page = session.history(conversation, before.as_deref()).await.expect("history answers");
            assert!(
                !page.events.iter().any(|event| matches!(event, RemoteEvent::Gap { .. })),
                "a hole in history"
            );
            found.extend(page.events);
            let Some(next) = page.next else { break };
            before = Some(next);
        }
    }
    found
}

/// The messages among facts, in order.
pub fn messages(events: &[RemoteEvent]) -> Vec<&RemoteMessage> {
    let mut found = Vec::new();
    for event in events {
        if let RemoteEvent::Message(message) = event {
            found.push(message);
        }
    }
    found
}

/// Every message among facts with how often it is there.
pub fn counted(events: &[RemoteEvent]) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for message in messages(events) {
        *counts.entry(message.remote_id.0.clone()).or_default() += 1;
    }
    counts
}

struct Forgetful;

#[async_trait::async_trait]
impl SecretKeeper for Forgetful {
    async fn keep(&self, _: &Secrets) -> Result<(), Fault> {
        Ok(())
    }
}
