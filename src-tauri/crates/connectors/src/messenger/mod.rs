//! Facebook Messenger: the inbox of a Page, through the Graph API and by polling.
//!
//! Absent on purpose: webhooks (they need a public address), message tags (`HUMAN_AGENT` needs an approval that a
//! customer's own app does not have), Instagram (a connector of its own).

mod attachments;
mod cursor;
mod errors;
mod graph;
mod ids;
mod inbound;
mod lenient;
mod list;
mod login;
mod outbound;
mod pages;
mod pull;
mod renewal;
mod session;
#[cfg(test)]
mod tests;
mod thread;
mod usage;
mod view;
mod wire;

use connect::{
    Budget, Connector, Descriptor, Effect, Fault, FaultKind, Login, LoginMethod, LoginParts, Session,
    SessionParts,
};
use graph::Graph;
use model::capability::{Capabilities, TextUnit};
use model::{PlatformId, Timestamp};
use renewal::Renewal;
use session::PageSession;
use std::time::Duration;
use url::Url;

/// Name of the Page token among the secrets.
const ACCESS_TOKEN: &str = "access_token";
/// Name of the user token that the Page token came from; none where a Page's own token was pasted.
const USER_TOKEN: &str = "user_token";
/// Name of the app secret among the secrets.
const APP_SECRET: &str = "app_secret";

/// Where Graph is.
#[derive(Debug, Clone)]
pub struct Endpoints {
    /// Graph API, without the version.
    pub graph: Url,
    /// The host of the consent dialog, without the version.
    pub dialog: Url,
    /// Version of the Graph API, e.g. `v25.0`.
    pub version: String,
    /// Hosts (without port) whose files are fetched beside Meta's own CDN, also without TLS; for a simulated platform.
    pub media_hosts: Vec<String>,
}

impl Default for Endpoints {
    fn default() -> Self {
        let url = |text| Url::parse(text).expect("a constant address is one");
        Self {
            graph: url("https://graph.facebook.com"),
            dialog: url("https://www.facebook.com"),
            version: "v25.0".into(),
            media_hosts: Vec::new(),
        }
    }
}

impl Endpoints {
    /// Whether a file may be fetched from there: Meta's CDN over TLS, or a host of the configuration.
    fn is_media(&self, url: &Url) -> bool {
        let Some(host) = url.host_str() else { return false };
        let is_meta = url.scheme() == "https"
            && url.port().is_none()
            && ["fbcdn.net", "fbsbx.com"].iter().any(|domain| {
                host.strip_suffix(domain).is_some_and(|before| before.is_empty() || before.ends_with('.'))
            });
        let is_ours =
            matches!(url.scheme(), "http" | "https") && self.media_hosts.iter().any(|ours| ours == host);
        is_meta || is_ours
    }
}

/// The platform.
pub struct Messenger {
    descriptor: Descriptor,
    endpoints: Endpoints,
}

impl Messenger {
    /// A connector to the Graph API at these endpoints.
    pub fn new(endpoints: Endpoints) -> Self {
        const MIB: u64 = 1 << 20;
        let descriptor = Descriptor {
            id: PlatformId::from("messenger"),
            name: "Messenger",
            colour: "#0866ff",
            logo_svg: include_str!("logo.svg"),
            login_methods: vec![LoginMethod { id: "own_app" }, LoginMethod { id: "token" }],
            // Messenger Platform, Send Messages: limits and the standard messaging window.
            capabilities: Capabilities {
                max_text: 2000,
                text_unit: TextUnit::Characters,
                max_image_bytes: 8 * MIB,
                max_video_bytes: 25 * MIB,
                max_audio_bytes: 25 * MIB,
                max_file_bytes: 25 * MIB,
                reply_window: Some(Duration::from_secs(24 * 3600)),
                can_quote: true,
                can_send_read_receipts: true,
                is_send_idempotent: false,
            },
        };
        Self { descriptor, endpoints }
    }
}

/// Conversations API: two calls in any second per Page; the third is refused. A tenth more, since nobody says how exactly
/// Graph measures.
fn conversations(now: Timestamp) -> Budget {
    Budget::in_any(Duration::from_millis(1100), 2, now)
}

impl Connector for Messenger {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn budget(&self, now: Timestamp) -> Budget {
        let mut budget = conversations(now);
        // The sign-in, or whoever used the token before a restart, may have used up the second that is just passing.
        budget.pause(Effect::Read, now.plus(Duration::from_secs(1)));
        budget
    }

    fn login(&self, method: &str, parts: LoginParts) -> Result<Box<dyn Login>, Fault> {
        let method = match method {
            "own_app" => login::Method::OwnApp,
            "token" => login::Method::Token,
            _ => return Err(Fault::not_done(FaultKind::Unsupported, "no such way to sign in")),
        };
        Ok(Box::new(login::MessengerLogin::new(method, self.endpoints.clone(), parts)))
    }

    fn open(&self, parts: SessionParts) -> Result<Box<dyn Session>, Fault> {
        let SessionParts { account, secrets, keeper, http, clock, dice } = parts;
        let token = secrets
            .get(ACCESS_TOKEN)
            .ok_or_else(|| Fault::not_done(FaultKind::SignInAgain, "no Page token is kept"))?;
        let graph =
            Graph::new(http, self.endpoints.clone(), clock.clone(), token.clone(), secrets.get(APP_SECRET));
        // The two calls per second are those of conversations: a list of faces must not keep messages waiting, nor a
        // reply wait in the queue of what is read.
        let sends = graph.apart(|now| Budget::new(10, 10.0, now));
        let files = graph.apart(|now| Budget::new(24, 8.0, now));
        let renewal = Renewal::new(&account.config, secrets, keeper);
        Ok(Box::new(PageSession::new(graph, (sends, files), renewal, account.remote_id.0, clock, dice)))
    }
}
