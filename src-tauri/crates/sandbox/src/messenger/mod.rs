//! Facebook Messenger as the Graph API shows it to a Page's own app, after Meta's documents for v25.0 and what field
//! reports say about them.
//!
//! Absent on purpose: webhooks, comments, and everything of Instagram but the refusals a mixed-up host earns.

mod accounts;
mod attachment;
mod batch;
mod call;
mod cdn;
mod conversation;
mod cursor;
mod dialog;
mod error;
mod fields;
mod limits;
mod message;
mod multipart;
mod oauth;
mod platform;
mod profile;
mod routes;
mod script;
mod send;
mod shape;
mod switches;
mod tokens;
mod truth;
mod upload;
mod window;

pub use attachment::Attachment;
pub use dialog::Consent;
pub use platform::{Profile, Refusing, TokenState, WebFile};
pub use script::Messenger;
pub use truth::StoredMessage;

pub(crate) use call::addressee;
pub(crate) use platform::Platform;
pub(crate) use routes::answer;
#[cfg(test)]
pub(crate) use tokens::proof_of;

/// Whether a host is one of Meta's that are played here.
pub(crate) fn is_ours(host: &str) -> bool {
    matches!(host, "graph.facebook.com" | "graph.instagram.com" | "www.facebook.com")
        || host.ends_with(".fbcdn.net")
        || host.ends_with(".fbsbx.com")
}
