//! How the server says no.

use serde_json::{Value, json};

use crate::wire::{self, Answer};

/// An error answer: `{"errcode", "error"}` and what belongs to it.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub status: u16,
    pub errcode: &'static str,
    pub error: String,
    /// Further keys of the body.
    pub more: Option<(&'static str, Value)>,
}

impl Refusal {
    pub fn new(status: u16, errcode: &'static str, error: &str) -> Refusal {
        Refusal { status, errcode, error: error.to_owned(), more: None }
    }

    pub fn forbidden(error: &str) -> Refusal {
        Refusal::new(403, "M_FORBIDDEN", error)
    }

    pub fn not_found() -> Refusal {
        Refusal::new(404, "M_NOT_FOUND", "Not found")
    }

    pub fn unrecognized() -> Refusal {
        Refusal::new(404, "M_UNRECOGNIZED", "Unrecognized request")
    }

    pub fn bad_json(error: &str) -> Refusal {
        Refusal::new(400, "M_BAD_JSON", error)
    }

    /// 401: the client may refresh or sign in again when `soft`, else the session is gone for good.
    pub fn unknown_token(soft: bool) -> Refusal {
        let error = if soft { "Access token has expired" } else { "Invalid access token passed." };
        Refusal { more: Some(("soft_logout", json!(soft))), ..Refusal::new(401, "M_UNKNOWN_TOKEN", error) }
    }

    pub fn limited(wait_ms: i64) -> Refusal {
        let more = Some(("retry_after_ms", json!(wait_ms)));
        Refusal { more, ..Refusal::new(429, "M_LIMIT_EXCEEDED", "Too Many Requests") }
    }

    pub fn answer(&self) -> Answer {
        let mut body = json!({ "errcode": self.errcode, "error": self.error });
        if let Some((key, value)) = &self.more {
            body[*key] = value.clone();
        }
        let mut answer = wire::json(self.status, &body);
        if let Some(("retry_after_ms", wait)) = &self.more {
            let seconds = wait.as_i64().unwrap_or(0).div_euclid(1000) + 1;
            wire::set(&mut answer, "retry-after", &seconds.to_string());
        }
        answer
    }
}
