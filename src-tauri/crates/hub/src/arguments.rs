//! The command line of `hub dev`.

use anyhow::{Context, bail};
use std::path::PathBuf;

const USAGE: &str = "hub dev [--port N] [--ui FOLDER] [--profile FOLDER] [--seed N] [--sandbox] [--calm] [--world] \
                     [--world-ahead SECONDS] [--keychain forgetful|locked]";

/// What was asked for.
#[derive(Debug, PartialEq, Eq)]
pub struct Arguments {
    /// Port on 127.0.0.1; 0 = any free one.
    pub port: u16,
    /// The built UI.
    pub ui: PathBuf,
    /// The profile; none = one that is gone at the end.
    pub profile: Option<PathBuf>,
    /// Seed of the sandbox.
    pub seed: u64,
    /// Start in the sandbox.
    pub enters_sandbox: bool,
    /// In the sandbox nothing happens by itself, and no customer answers.
    pub is_calm: bool,
    /// The sandbox's time less this machine's, in seconds: as if this machine's clock were wrong.
    pub world_ahead_seconds: i64,
    /// Open a way for tests to meddle with the sandbox's world, under `/world`.
    pub has_world: bool,
    /// The name of a keychain to try out; none = there is no keychain.
    pub keychain: Option<String>,
}

impl Arguments {
    /// Reads them; fails with how it should be written.
    pub fn parse(mut words: impl Iterator<Item = String>) -> anyhow::Result<Self> {
        if words.next().as_deref() != Some("dev") {
            bail!("usage: {USAGE}");
        }
        let mut found = Self {
            port: 7878,
            ui: PathBuf::from("ui/dist"),
            profile: None,
            seed: 1,
            enters_sandbox: false,
            is_calm: false,
            world_ahead_seconds: 0,
            has_world: false,
            keychain: None,
        };
        while let Some(word) = words.next() {
            let mut value = || words.next().with_context(|| format!("{word} wants a value; usage: {USAGE}"));
            match word.as_str() {
                "--port" => found.port = value()?.parse()?,
                "--ui" => found.ui = value()?.into(),
                "--profile" => found.profile = Some(value()?.into()),
                "--seed" => found.seed = value()?.parse()?,
                "--sandbox" => found.enters_sandbox = true,
                "--calm" => found.is_calm = true,
                "--world-ahead" => found.world_ahead_seconds = value()?.parse()?,
                "--world" => found.has_world = true,
                "--keychain" => found.keychain = Some(value()?),
                _ => bail!("{word} is not known; usage: {USAGE}"),
            }
        }
        Ok(found)
    }
}
