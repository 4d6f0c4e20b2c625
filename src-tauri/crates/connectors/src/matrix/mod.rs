//! Matrix: any homeserver, and through its bridges the networks behind them.
//!
//! Source: Matrix client-server specification 1.11–1.19, checked against Synapse.
//!
//! Absent on purpose: end-to-end encryption (encrypted rooms are shown as such and plain text is refused there),
//! joining the successor of a replaced room (whoever replaces it invites us), typing, presence, spaces.

mod bridge;
mod config;
mod content;
mod cursor;
mod discovery;
mod find;
mod ids;
mod inbound;
mod login;
mod media;
mod message;
mod outbound;
mod refusal;
mod room;
mod rooms;
mod server;
mod session;
mod who;
mod wire;

#[cfg(test)]
mod tests;

use config::Config;
use connect::{
    Connector, Descriptor, Fault, FaultKind, Login, LoginMethod, LoginParts, Session, SessionParts,
};
use model::capability::{Capabilities, TextUnit};

/// The Matrix network.
pub struct Matrix {
    descriptor: Descriptor,
}

impl Matrix {
    /// The connector; it needs no configuration, since everybody's homeserver is their own.
    pub fn new() -> Self {
        let limit = media::USUAL_LIMIT_BYTES;
        let capabilities = Capabilities {
            // An event holds 64 KiB: this fits whatever the characters are.
            max_text: 16_000,
            text_unit: TextUnit::Characters,
            max_image_bytes: limit,
            max_video_bytes: limit,
            max_audio_bytes: limit,
            max_file_bytes: limit,
            reply_window: None,
            can_quote: true,
            can_send_read_receipts: true,
            is_send_idempotent: true,
        };
        Self {
            descriptor: Descriptor {
                id: "matrix".into(),
                name: "Matrix",
                colour: "#0b6b5d",
                logo_svg: include_str!("logo.svg"),
                login_methods: vec![LoginMethod { id: "password" }],
                capabilities,
            },
        }
    }
}

impl Default for Matrix {
    fn default() -> Self {
        Self::new()
    }
}

impl Connector for Matrix {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn login(&self, method: &str, parts: LoginParts) -> Result<Box<dyn Login>, Fault> {
        match method {
            "password" => Ok(Box::new(login::PasswordLogin::new(parts))),
            _ => Err(Fault::not_done(FaultKind::Unsupported, "no such way to sign in")),
        }
    }

    fn open(&self, parts: SessionParts) -> Result<Box<dyn Session>, Fault> {
        let config = Config::read(&parts.account.config)?;
        let me = parts.account.remote_id.as_str();
        if ids::user(me).is_none() {
            return Err(Fault::not_done(FaultKind::SignInAgain, "stored account is no Matrix user"));
        }
        let server = server::Server::new(parts.http, &config.homeserver, parts.keeper, parts.secrets);
        Ok(Box::new(session::MatrixSession::new(server, parts.clock, me)))
    }
}
