//! The sandbox as the engine sees it: another way out, other connectors' addresses, and accounts that are signed in through
//! the very same steps as real ones.

use crate::accounts::{LoginAnswer, LoginStage, Registry};
use crate::engine::Engine;
use crate::supervisor::Supervisor;
use connect::Transport;
use model::{PlatformId, RemoteId};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// How one invented account signs in.
#[derive(Debug, Clone)]
pub struct SignIn {
    /// Its platform.
    pub platform: PlatformId,
    /// One of the platform's methods.
    pub method: String,
    /// What a person would type.
    pub fields: BTreeMap<String, String>,
    /// What a person would choose, if asked; empty = everything that can be chosen.
    pub choices: Vec<String>,
}

/// What a person can type to practise signing in.
#[derive(Debug, Clone)]
pub struct PracticeSignIn {
    /// Its platform.
    pub platform: PlatformId,
    /// One of the platform's methods.
    pub method: String,
    /// What it leads to, in words.
    pub name: String,
    /// The one account it leads to; none if that shows only on the way.
    pub remote_id: Option<RemoteId>,
    /// By field name. Invented, so nothing is secret.
    pub fields: BTreeMap<String, String>,
}

/// An invented world.
pub struct SandboxWorld {
    /// The way into it.
    pub transport: Transport,
    /// The platforms, at the world's addresses.
    pub registry: Arc<Registry>,
    /// Its accounts.
    pub sign_ins: Vec<SignIn>,
    /// For practising.
    pub practice: Vec<PracticeSignIn>,
    /// Its traffic; runs until the sandbox is left.
    pub live: Box<dyn Fn() -> Pin<Box<dyn Future<Output = ()> + Send>> + Send + Sync>,
}

/// Makes worlds. The hosts have one over the crate `sandbox`, which the engine does not know.
pub trait SandboxMaker: Send + Sync {
    /// A fresh world.
    fn make(&self) -> SandboxWorld;
}

impl SandboxWorld {
    /// Signs the accounts in and sets the traffic going.
    pub(super) async fn begin(self, engine: &Engine) -> Supervisor {
        for sign_in in self.sign_ins {
            if let Err(error) = sign_in_once(engine, &sign_in).await {
                tracing::error!(platform = %sign_in.platform, %error, "a sandbox account could not sign in");
            }
        }
        let supervisor = Supervisor::new(engine.0.parts.dice.clone());
        supervisor.run("sandbox traffic", self.live);
        supervisor
    }
}

async fn sign_in_once(engine: &Engine, sign_in: &SignIn) -> Result<(), crate::accounts::LoginError> {
    let (flow, mut stage) = engine.login_start(sign_in.platform.clone(), &sign_in.method, None).await?;
    loop {
        let answer = match &stage {
            LoginStage::Fields(_) => {
                let values = sign_in.fields.iter().map(|(name, value)| (name.clone(), value.clone().into()));
                LoginAnswer::Fields(values.collect())
            }
            LoginStage::Choose(choices) if sign_in.choices.is_empty() => LoginAnswer::Chosen(
                choices.iter().filter(|choice| choice.is_possible).map(|choice| choice.id.clone()).collect(),
            ),
            LoginStage::Choose(_) => LoginAnswer::Chosen(sign_in.choices.clone()),
            LoginStage::Browse { .. } | LoginStage::Others(_) | LoginStage::Done(_) => return Ok(()),
        };
        stage = engine.login_next(&flow, answer).await?;
    }
}
