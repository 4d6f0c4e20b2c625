//! Graph's error object → what the engine does about it. The HTTP status is a poor signal: a dead token and a throttle
//! both come as 400; the code and the subcode decide, the text only where they leave it open.

use super::usage;
use super::wire::{Failed, GraphError};
use connect::http::{json, kind_of_unread, retry_after};
use connect::{Certainty, Effect, Fault, FaultKind, Refusal};
use http::{HeaderMap, StatusCode};

/// A failed call: the fault, and the code where Graph named one.
#[derive(Debug, Clone)]
pub(super) struct Failure {
    pub fault: Fault,
    /// Graph's own code; none if nothing readable came back.
    pub code: Option<i64>,
    /// What the code means in particular; 0 if Graph does not say.
    pub subcode: i64,
    /// Graph's own text, lower case; never logged.
    pub text: String,
}

/// How far a throttle reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LockOut {
    /// This call only: others of its kind are answered.
    Call,
    /// The calls of this kind: others have an allowance of their own.
    Pool,
    /// The Page or the app, whatever is called.
    Page,
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self { fault, code: None, subcode: 0, text: String::new() }
    }
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        failure.fault
    }
}

impl Failure {
    /// Whether Graph choked on the size or the content of what was asked for: asking for less may help.
    pub(super) fn asks_for_less(&self) -> bool {
        self.code == Some(1)
    }

    /// Whether there were too many calls in this very second, or (which a sign-in need not know) the inbox is frozen.
    pub(super) fn asks_for_a_breath(&self) -> bool {
        self.code == Some(613)
    }

    /// Whether the inbox is frozen, as it is while a Page gets more than Graph can list: single threads can be read.
    pub(super) fn is_frozen(&self) -> bool {
        (self.code, self.subcode) == (Some(613), 2_534_040)
    }

    /// What a throttle locks out: a frozen inbox only its list; else 613 is a second's allowance of one kind of call, 80001
    /// that of everything about a Page but its messages; without a code nothing is known of the others.
    pub(super) fn locks_out(&self) -> LockOut {
        match self.code {
            _ if self.is_frozen() => LockOut::Call,
            None | Some(613 | 80_001) => LockOut::Pool,
            Some(_) => LockOut::Page,
        }
    }

    /// Whether Graph did not understand a parameter: a cursor that rotted, a field it does not know.
    pub(super) fn is_bad_parameter(&self) -> bool {
        self.code == Some(100)
    }
}

/// Reads an answer that is no success, or a success with an error object in it.
///
/// A write was certainly not done only if a 4xx brought a readable error that is not one of Graph's "temporary" ones:
/// with those (1, 2) messages have been delivered all the same.
pub(super) fn read(status: StatusCode, headers: &HeaderMap, body: &[u8], effect: Effect) -> Failure {
    let error = json::<Failed>(body).ok().map(|failed| failed.error);
    let kind = error.as_ref().map_or_else(|| kind_unread(status, body), kind);
    let is_clean = status.is_client_error() && error.as_ref().is_some_and(|error| !is_temporary(error));
    let detail = match &error {
        Some(error) => format!("status {}, code {}/{}", status.as_u16(), error.code, error.error_subcode),
        None => format!("status {}, no readable error", status.as_u16()),
    };
    let certainty = if effect == Effect::Read || is_clean { Certainty::NotDone } else { Certainty::Unknown };
    let mut fault = Fault { kind, certainty, retry_after: None, detail };
    if kind == FaultKind::Throttled {
        let code = error.as_ref().map_or(0, |error| error.code);
        fault = fault.after(retry_after(headers).unwrap_or_else(|| usage::park(headers, code)));
    }
    let text = error.as_ref().map(|error| error.message.to_lowercase()).unwrap_or_default();
    let subcode = error.as_ref().map_or(0, |error| error.error_subcode);
    Failure { fault, code: error.map(|error| error.code), subcode, text }
}

fn is_temporary(error: &GraphError) -> bool {
    matches!(error.code, 1 | 2)
}

/// Without a readable error it is a proxy, a captive portal or Graph in trouble: nothing is known of the account.
fn kind_unread(status: StatusCode, body: &[u8]) -> FaultKind {
    match status.as_u16() {
        429 => FaultKind::Throttled,
        200..=299 => match kind_of_unread(body) {
            page @ FaultKind::Intercepted(_) => page,
            _ => FaultKind::Malformed,
        },
        _ => FaultKind::Unavailable,
    }
}

/// What a code and subcode mean (Graph API, Handling Errors; Messenger Platform, Common Error Codes).
pub(super) fn kind(error: &GraphError) -> FaultKind {
    let refused = FaultKind::Refused;
    match (error.code, error.error_subcode) {
        (190 | 102, _) => FaultKind::SignInAgain,
        (4 | 17 | 32 | 341 | 613 | 80_000..=80_014, _) => FaultKind::Throttled,
        (1 | 2, _) => FaultKind::Unavailable,
        (10, 2_534_022 | 2_018_278 | 2_018_065) => refused(Refusal::WindowClosed),
        (10, 2_018_300) => refused(Refusal::OtherAppInControl),
        (10, 2_018_108) | (200, 1_545_041) | (551, _) => refused(Refusal::RecipientUnavailable),
        (100, 2_018_001 | 2_534_014) | (9010, _) => refused(Refusal::RecipientUnavailable),
        (100, 33) | (2_534_001, _) | (_, 2_534_001) => refused(Refusal::NotFound),
        (100, 2_018_109 | 2_018_047 | 2_018_008 | 2_018_294 | 2_018_074 | 2_534_080) => {
            refused(Refusal::Attachment)
        }
        (100, 2_534_029) | (10 | 3 | 200..=299 | 368, _) => refused(Refusal::Permission),
        (2500, _) => FaultKind::Unsupported,
        (100, _) => refused(by_text(&error.message.to_lowercase())),
        _ => refused(Refusal::Other),
    }
}

fn by_text(text: &str) -> Refusal {
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if says(&["length of param", "too long", "must be less than", "maximum length"]) {
        Refusal::TooLong
    } else if says(&["appsecret_proof", "permission"]) {
        Refusal::Permission
    } else if says(&["outside of allowed window", "outside the allowed window"]) {
        Refusal::WindowClosed
    } else {
        Refusal::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn failure(status: u16, body: &str, effect: Effect) -> Failure {
        read(StatusCode::from_u16(status).unwrap(), &HeaderMap::new(), body.as_bytes(), effect)
    }

    fn error(code: i64, subcode: i64) -> String {
        format!(
            r#"{{"error":{{"message":"m","type":"OAuthException","code":{code},"error_subcode":{subcode}}}}}"#
        )
    }

    #[test]
    fn every_code_of_the_documents_has_its_kind() {
        use FaultKind::{Refused, SignInAgain, Throttled, Unavailable, Unsupported};
        use Refusal::*;
        for (code, subcode, kind) in [
            (190, 0, SignInAgain),
            (190, 458, SignInAgain),
            (190, 460, SignInAgain),
            (190, 463, SignInAgain),
            (190, 467, SignInAgain),
            (102, 0, SignInAgain),
            (10, 2_018_278, Refused(WindowClosed)),
            (10, 2_534_022, Refused(WindowClosed)),
            (10, 2_018_065, Refused(WindowClosed)),
            (10, 2_018_108, Refused(RecipientUnavailable)),
            (551, 1_545_041, Refused(RecipientUnavailable)),
            (200, 1_545_041, Refused(RecipientUnavailable)),
            (10, 2_018_300, Refused(OtherAppInControl)),
            (10, 1_893_063, Refused(Permission)),
            (10, 0, Refused(Permission)),
            (3, 0, Refused(Permission)),
            (200, 2_018_028, Refused(Permission)),
            (200, 2_534_041, Refused(Permission)),
            (299, 0, Refused(Permission)),
            (368, 0, Refused(Permission)),
            (230, 0, Refused(Permission)),
            (100, 2_018_001, Refused(RecipientUnavailable)),
            (9010, 0, Refused(RecipientUnavailable)),
            (100, 33, Refused(NotFound)),
            (100, 2_018_109, Refused(Attachment)),
            (100, 2_018_047, Refused(Attachment)),
            (100, 2_018_008, Refused(Attachment)),
            (100, 2_018_294, Refused(Attachment)),
            (100, 1_893_061, Refused(Other)),
            (100, 0, Refused(Other)),
            (1, 0, Unavailable),
            (2, 1_545_133, Unavailable),
            (4, 0, Throttled),
            (17, 0, Throttled),
            (32, 0, Throttled),
            (613, 1996, Throttled),
            (80_006, 2_446_079, Throttled),
            (80_001, 0, Throttled),
            (341, 0, Throttled),
            (2500, 0, Unsupported),
            (424_242, 0, Refused(Other)),
        ] {
            let failure = failure(400, &error(code, subcode), Effect::Read);
            assert_eq!(failure.fault.kind, kind, "{code}/{subcode}");
        }
        let long = r#"{"error":{"message":"(#100) Length of param message[text] must be less than or equal to 2000","code":100}}"#;
        assert_eq!(failure(400, long, Effect::Read).fault.kind, Refused(TooLong));
    }

    #[test]
    fn a_send_was_certainly_not_done_only_after_a_readable_4xx() {
        use Certainty::{NotDone, Unknown};
        for (status, body, certainty) in [
            (400, error(10, 2_018_278), NotDone),
            (403, error(10, 2_534_022), NotDone),
            (401, error(190, 463), NotDone),
            (400, error(80_006, 2_446_079), NotDone),
            (429, error(613, 0), NotDone),
            (429, "slow down".into(), Unknown),
            (400, error(1, 1_357_046), Unknown),
            (400, error(2, 0), Unknown),
            (500, error(1, 0), Unknown),
            (500, error(100, 0), Unknown),
            (503, "<html>".into(), Unknown),
            (400, String::new(), Unknown),
            (302, String::new(), Unknown),
        ] {
            let failure = failure(status, &body, Effect::Write);
            assert_eq!(failure.fault.certainty, certainty, "{status} {body}");
        }
    }

    #[test]
    fn only_a_throttle_of_the_whole_page_or_app_reaches_beyond_its_own_kind_of_call() {
        for (code, subcode, reach) in [
            (613, 2_534_040, LockOut::Call),
            (613, 1996, LockOut::Pool),
            (613, 0, LockOut::Pool),
            (80_001, 0, LockOut::Pool),
            (4, 0, LockOut::Page),
            (17, 0, LockOut::Page),
            (32, 0, LockOut::Page),
            (80_006, 2_446_079, LockOut::Page),
        ] {
            assert_eq!(failure(400, &error(code, subcode), Effect::Read).locks_out(), reach, "{code}");
        }
        assert_eq!(failure(429, "slow down", Effect::Read).locks_out(), LockOut::Pool);
    }

    #[test]
    fn what_is_no_answer_of_graph_never_ends_a_sign_in() {
        for status in [301, 400, 401, 403, 404, 407, 500, 502] {
            let failure = failure(status, "<html>Log in to the hotel</html>", Effect::Read);
            assert_eq!(failure.fault.kind, FaultKind::Unavailable, "{status}");
        }
    }

    #[test]
    fn a_throttle_names_how_long_to_wait_and_details_never_hold_the_text() {
        let fault = failure(400, &error(80_006, 2_446_079), Effect::Read).fault;
        assert_eq!(fault.retry_after, Some(Duration::from_secs(900)));
        assert_eq!(fault.detail, "status 400, code 80006/2446079");
        assert_eq!(
            failure(400, &error(613, 0), Effect::Read).fault.retry_after,
            Some(Duration::from_secs(30))
        );
    }
}
