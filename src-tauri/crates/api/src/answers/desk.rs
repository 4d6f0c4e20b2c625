//! What the person looks at, where a click leads, links, and what Kontor is.

use crate::app::App;
use crate::error::{ApiError, ErrorCode};
use crate::types::Nothing;
use crate::types::conversation::*;
use crate::types::profile::*;
use engine::notify::Target;

pub async fn about(app: &App, _: Nothing) -> Result<About, ApiError> {
    let platforms = app.0.registry.descriptors().map(|descriptor| PlatformFacts {
        id: descriptor.id.to_string(),
        name: descriptor.name.to_owned(),
        colour: descriptor.colour.to_owned(),
        logo_svg: descriptor.logo_svg.to_owned(),
        login_methods: descriptor.login_methods.iter().map(|method| method.id.to_owned()).collect(),
    });
    Ok(About {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        system: std::env::consts::OS.to_owned(),
        platforms: platforms.collect(),
    })
}

/// Written by `cargo xtask licences` from the packages that are linked in; a test says when it is stale.
pub async fn licences(_: &App, _: Nothing) -> Result<Vec<Licence>, ApiError> {
    serde_json::from_str(include_str!("../licences.json")).map_err(|error| {
        tracing::error!(%error, "the list of licences cannot be read");
        ErrorCode::Internal.into()
    })
}

pub async fn jump_take(app: &App, _: Nothing) -> Result<JumpWaiting, ApiError> {
    let jump = app.0.desk.take_jump().map(|target| match target {
        Target::Conversation { conversation, message } => Jump::Conversation { conversation, message },
        Target::Account(account) => Jump::Account { account },
    });
    Ok(JumpWaiting { jump })
}

pub async fn attention_set(app: &App, attention: Attention) -> Result<Nothing, ApiError> {
    app.0.desk.look_at(engine::notify::Attention {
        conversation: attention.conversation,
        is_focused: attention.is_focused,
    });
    Ok(Nothing {})
}

pub async fn link_open(app: &App, link: Link) -> Result<Nothing, ApiError> {
    let url = openable(&link.url).ok_or(ErrorCode::BadLink)?;
    if app.0.host.open_link(&url) { Ok(Nothing {}) } else { Err(ErrorCode::BadLink.into()) }
}

/// Only addresses that a browser or a mail program opens, without a name and password in them.
fn openable(text: &str) -> Option<url::Url> {
    let url = (text.len() <= 8192).then(|| url::Url::parse(text).ok()).flatten()?;
    let is_web = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none();
    (is_web || url.scheme() == "mailto").then_some(url)
}

#[cfg(test)]
mod tests {
    use super::openable;

    #[test]
    fn only_web_and_mail_addresses_leave_the_app() {
        for good in ["https://example.org/a?b#c", "http://127.0.0.1:8008/", "mailto:a@example.org"] {
            assert!(openable(good).is_some(), "{good}");
        }
        let long = format!("https://example.org/{}", "a".repeat(9000));
        for bad in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "smb://host/share",
            "\\\\host\\share",
            "ms-settings:",
            "data:text/html,x",
            "kontor://conversation/1",
            "https://bank.example@evil.example/",
            "example.org",
            &long,
        ] {
            assert!(openable(bad).is_none(), "{bad}");
        }
    }
}
