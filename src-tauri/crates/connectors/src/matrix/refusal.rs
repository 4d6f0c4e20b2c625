//! What a failed answer means: status and `errcode` decide, never the text beside them.

use super::wire::{self, Refused};
use bytes::Bytes;
use connect::{Effect, Fault, FaultKind, Refusal};
use http::{Response, StatusCode};
use std::time::Duration;

/// Reads the refusal in an answer, if a homeserver wrote it.
pub fn read(response: &Response<Bytes>) -> Refused {
    wire::parse(response.body()).unwrap_or_default()
}

/// The answer if it is a success, else what it means.
///
/// A write that was refused by something that does not speak Matrix (a proxy, a captive portal) or that failed on the
/// server's side may have happened.
pub fn check(response: Response<Bytes>, effect: Effect) -> Result<Response<Bytes>, Fault> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let refused = read(&response);
    let code = refused.errcode.as_deref().filter(|code| is_code(code));
    let detail = format!("{} {}", status.as_u16(), code.unwrap_or("without a code"));
    if status == StatusCode::TOO_MANY_REQUESTS {
        let fault = Fault::not_done(FaultKind::Throttled, detail);
        return Err(match wait(&response, &refused) {
            Some(wait) => fault.after(wait),
            None => fault,
        });
    }
    if let Some(code) = code.filter(|_| status.is_client_error()) {
        return Err(Fault::not_done(kind(status, code), detail));
    }
    let fault = match effect {
        Effect::Read => Fault::not_done(FaultKind::Unavailable, detail),
        Effect::Write => Fault::unknown(FaultKind::Unavailable, detail),
    };
    Err(match connect::http::retry_after(response.headers()) {
        Some(wait) => fault.after(wait),
        None => fault,
    })
}

/// How long a throttled answer asks us to wait; the older field in the body is the more precise one.
pub fn wait(response: &Response<Bytes>, refused: &Refused) -> Option<Duration> {
    refused
        .retry_after_ms
        .map(|ms| Duration::from_millis(ms.min(3_600_000)))
        .or_else(|| connect::http::retry_after(response.headers()))
}

/// Only what looks like a code goes into a log line.
fn is_code(code: &str) -> bool {
    code.len() <= 64 && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
}

fn kind(status: StatusCode, code: &str) -> FaultKind {
    match (status.as_u16(), code) {
        (401, "M_USER_LOCKED") => FaultKind::Refused(Refusal::Permission),
        (401, _) => FaultKind::SignInAgain,
        (403, _) => FaultKind::Refused(Refusal::Permission),
        (404 | 405, "M_UNRECOGNIZED") => FaultKind::Unsupported,
        (404, _) => FaultKind::Refused(Refusal::NotFound),
        (413, _) => FaultKind::Refused(Refusal::TooLong),
        _ => FaultKind::Refused(Refusal::Other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use connect::Certainty;

    fn fault(status: u16, body: &str, effect: Effect) -> Fault {
        let response = Response::builder().status(status).body(Bytes::from(body.to_owned())).unwrap();
        check(response, effect).unwrap_err()
    }

    #[test]
    fn a_parsed_refusal_is_a_definite_no_and_anything_else_may_have_happened() {
        let refused = fault(403, r#"{"errcode":"M_FORBIDDEN"}"#, Effect::Write);
        assert_eq!(
            (refused.kind, refused.certainty),
            (FaultKind::Refused(Refusal::Permission), Certainty::NotDone)
        );
        for (status, body) in
            [(502, "<html>"), (403, "<html>"), (302, ""), (500, r#"{"errcode":"M_UNKNOWN"}"#)]
        {
            let fault = fault(status, body, Effect::Write);
            assert_eq!(
                (fault.kind, fault.certainty),
                (FaultKind::Unavailable, Certainty::Unknown),
                "{status}"
            );
        }
        assert_eq!(fault(502, "", Effect::Read).certainty, Certainty::NotDone);
    }

    #[test]
    fn a_throttled_answer_says_how_long_and_is_never_believed_beyond_an_hour() {
        let body = r#"{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":2500}"#;
        assert_eq!(fault(429, body, Effect::Write).retry_after, Some(Duration::from_millis(2500)));
        let absurd = r#"{"errcode":"M_LIMIT_EXCEEDED","retry_after_ms":18446744073709551615}"#;
        assert_eq!(fault(429, absurd, Effect::Write).retry_after, Some(Duration::from_secs(3600)));
        assert_eq!(fault(429, "", Effect::Write).retry_after, None);
    }

    #[test]
    fn no_text_of_a_server_gets_into_a_log_line() {
        let body = r#"{"errcode":"M_X secret words","error":"more words"}"#;
        assert_eq!(fault(400, body, Effect::Read).detail, "400 without a code");
    }
}
