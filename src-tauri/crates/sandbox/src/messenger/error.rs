//! Graph errors. The HTTP status is a poor signal there, so it is deliberately not a function of the code.

use serde_json::{Value, json};

use crate::wire::{self, Answer};
use crate::world::Chance;

/// `{"error": {…}}`: everything but message, type, code and trace is optional.
#[derive(Clone, Debug)]
pub(crate) struct GraphError {
    pub code: i64,
    pub subcode: Option<i64>,
    pub message: String,
    /// `type`.
    pub kind: &'static str,
    pub is_transient: bool,
    /// `error_user_title` and `error_user_msg`.
    pub for_user: Option<(&'static str, &'static str)>,
    /// Minutes until a throttled asset may be asked again, for the usage header.
    pub regain_minutes: Option<i64>,
}

impl GraphError {
    pub fn new(code: i64, message: impl Into<String>) -> GraphError {
        GraphError {
            code,
            subcode: None,
            message: message.into(),
            kind: "OAuthException",
            is_transient: false,
            for_user: None,
            regain_minutes: None,
        }
    }

    pub fn sub(mut self, subcode: i64) -> GraphError {
        self.subcode = Some(subcode);
        self
    }

    pub fn kind(mut self, kind: &'static str) -> GraphError {
        self.kind = kind;
        self
    }

    pub fn transient(mut self) -> GraphError {
        self.is_transient = true;
        self
    }

    pub fn invalid(message: impl Into<String>) -> GraphError {
        GraphError::new(100, message)
    }

    /// Missing, not permitted, or the wrong edge: Graph does not say which.
    pub fn unsupported(method: &str, id: &str) -> GraphError {
        let message = format!(
            "Unsupported {} request. Object with ID '{id}' does not exist, cannot be loaded due to missing \
             permissions, or does not support this operation.",
            method.to_lowercase()
        );
        GraphError::new(100, message).sub(33).kind("GraphMethodException")
    }

    pub fn too_much() -> GraphError {
        GraphError::new(1, "Please reduce the amount of data you're asking for, then retry your request")
    }

    pub fn body(&self, chance: &mut Chance) -> Value {
        let mut error = json!({
            "message": self.message,
            "type": self.kind,
            "code": self.code,
            "fbtrace_id": format!("A{}", chance.id(22)),
        });
        if let Some(subcode) = self.subcode {
            error["error_subcode"] = json!(subcode);
        }
        if self.is_transient || self.code == 1 {
            error["is_transient"] = json!(self.is_transient);
        }
        if let Some((title, text)) = self.for_user {
            error["error_user_title"] = json!(title);
            error["error_user_msg"] = json!(text);
        }
        json!({ "error": error })
    }

    /// The status this answer happens to have.
    pub fn status(&self, chance: &mut Chance) -> u16 {
        match self.code {
            1 | 2 => 500,
            190 | 102 => *chance.pick(&[400, 401]),
            10 | 200..=299 | 4 | 613 => *chance.pick(&[400, 403]),
            _ => 400,
        }
    }

    pub fn answer(&self, chance: &mut Chance) -> Answer {
        let body = self.body(chance);
        let status = self.status(chance);
        let mut answer = wire::json(status, &body);
        if let Value::String(message) = &body["error"]["message"] {
            let challenge = format!("OAuth \"Facebook Platform\" \"invalid_request\" \"{message}\"");
            wire::set(&mut answer, "www-authenticate", &challenge);
        }
        answer
    }
}
