//! Whether a token opens the door, and for whom.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::call::Call;
use super::error::GraphError;
use super::platform::{Owner, Page, Platform, Token, TokenState};

/// Who asks.
pub(crate) struct Grant {
    pub text: String,
    pub token: Token,
    /// The last consent is not older than its 90 days.
    has_data_access: bool,
}

pub(crate) fn grant(platform: &Platform, call: &Call, host: &str) -> Result<Grant, GraphError> {
    let text = call.token.clone().ok_or_else(|| GraphError::new(190, "An access token is required"))?;
    let unreadable = || GraphError::new(190, "Invalid OAuth access token - Cannot parse access token");
    // Tokens belong to one host; the other one does not know them.
    if (host == "graph.instagram.com") != text.starts_with("IG") {
        return Err(unreadable());
    }
    let token = platform.tokens.get(&text).cloned().ok_or_else(unreadable)?;
    if let Some(error) = state_error(&token, call.now_ms) {
        return Err(error);
    }
    check_proof(platform, &token, &text, call.param("appsecret_proof"))?;
    let has_data_access = platform.data_access_ends_ms(&token).is_none_or(|at_ms| call.now_ms < at_ms);
    Ok(Grant { text, token, has_data_access })
}

/// Why a token does not work any more, if so.
pub(crate) fn state_error(token: &Token, now_ms: i64) -> Option<GraphError> {
    let is_over = token.expires_at_ms.is_some_and(|at_ms| at_ms <= now_ms);
    let state = if is_over && token.state == TokenState::Valid { TokenState::Expired } else { token.state };
    let (subcode, message) = match state {
        TokenState::Valid => return None,
        TokenState::Expired => (463, "Error validating access token: Session has expired"),
        TokenState::PasswordChanged => (
            460,
            "Error validating access token: The session has been invalidated because the user changed their password \
             or Facebook has changed the session for security reasons.",
        ),
        TokenState::Invalidated => (467, "Error validating access token: The session is invalid"),
        TokenState::AppRemoved => {
            (458, "Error validating access token: The user has not authorized application")
        }
        TokenState::Checkpoint => (459, "Error validating access token: The user is in a checkpoint"),
    };
    Some(GraphError::new(190, message).sub(subcode))
}

/// `appsecret_proof` is checked when it is there, and must be there when the app says so.
fn check_proof(platform: &Platform, token: &Token, text: &str, proof: &str) -> Result<(), GraphError> {
    let Some(app) = platform.apps.get(&token.app) else { return Ok(()) };
    let refuse = |message: &str| Err(GraphError::invalid(message).kind("GraphMethodException"));
    if proof.is_empty() {
        if app.requires_proof {
            return refuse("API calls from the server require an appsecret_proof argument");
        }
        return Ok(());
    }
    if proof == proof_of(&app.secret, text) {
        return Ok(());
    }
    refuse("Invalid appsecret_proof provided in the API argument")
}

/// Lower-case hex HMAC-SHA256 of the token under the app's secret.
pub(crate) fn proof_of(secret: &str, token: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(token.as_bytes());
    hex::encode(mac.finalize().into_bytes())
}

impl Grant {
    /// Refuses whom the permission is missing. The document does not say what a lapsed data access looks like; here it is
    /// as if every permission had been taken back.
    pub fn needs(&self, scope: &str, code: i64) -> Result<(), GraphError> {
        if self.has_data_access && self.token.scopes.iter().any(|granted| granted == scope) {
            return Ok(());
        }
        let message = format!("(#{code}) Requires {scope} permission to manage the object");
        Err(GraphError::new(code, message))
    }

    /// The Page this token speaks for: by its own, or by a `me` that means it. Others' Pages are as good as missing.
    pub fn page<'a>(
        &self,
        platform: &'a Platform,
        named: &str,
        method: &str,
    ) -> Result<(&'a Page, String), GraphError> {
        let Owner::Page { page, .. } = &self.token.owner else {
            let message = "(#210) A page access token is required to request this resource.";
            return Err(GraphError::new(210, message));
        };
        if named != "me" && named != page {
            return Err(GraphError::unsupported(method, named));
        }
        let known = platform.pages.get(page).ok_or_else(|| GraphError::unsupported(method, named))?;
        Ok((known, page.clone()))
    }

    /// Refuses Page tokens made by somebody without this task on the Page.
    pub fn needs_task(&self, platform: &Platform, task: &str) -> Result<(), GraphError> {
        let Owner::Page { page, user } = &self.token.owner else { return Ok(()) };
        let tasks = platform.users.get(user).and_then(|user| user.pages.iter().find(|(id, _)| id == page));
        if tasks.is_some_and(|(_, tasks)| tasks.iter().any(|held| held == task)) {
            return Ok(());
        }
        Err(GraphError::new(
            200,
            format!("(#200) The user must be able to perform the task {task} on the Page"),
        ))
    }
}
