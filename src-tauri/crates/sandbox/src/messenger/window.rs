//! When a Page may write: the 24-hour window, the seven days of a human agent, tags that are dead.

use super::error::GraphError;

const DAY_MS: i64 = 86_400_000;

/// Tags that ended on 2026-04-27.
const DEAD_TAGS: [&str; 3] = ["CONFIRMED_EVENT_UPDATE", "ACCOUNT_UPDATE", "POST_PURCHASE_UPDATE"];

/// Whether a message of this type and tag may be sent now. The window opens by what the person wrote, never by what
/// the Page sent. A missing type counts as `RESPONSE`.
pub(crate) fn check(
    messaging_type: &str,
    tag: &str,
    has_human_agent: bool,
    last_inbound_ms: Option<i64>,
    now_ms: i64,
) -> Result<(), GraphError> {
    if DEAD_TAGS.contains(&tag) {
        return Err(GraphError::invalid("(#100) Invalid parameter").sub(1_893_061));
    }
    let waited_ms = last_inbound_ms.map_or(i64::MAX, |at_ms| now_ms - at_ms);
    match messaging_type {
        "" | "RESPONSE" | "UPDATE" => {
            if waited_ms > DAY_MS {
                return Err(closed());
            }
        }
        "MESSAGE_TAG" if tag == "HUMAN_AGENT" => {
            if !has_human_agent {
                return Err(GraphError::new(
                    10,
                    "(#10) Application does not have permission for this action",
                ));
            }
            if waited_ms > 7 * DAY_MS {
                return Err(closed());
            }
        }
        "MESSAGE_TAG" => return Err(GraphError::invalid("(#100) Param tag must be a valid message tag")),
        _ => {
            return Err(GraphError::invalid(
                "(#100) Param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG}",
            ));
        }
    }
    Ok(())
}

fn closed() -> GraphError {
    let mut error =
        GraphError::new(10, "(#10) This message is sent outside of allowed window.").sub(2_018_278);
    error.for_user = Some(("Message not sent", "This message is sent outside of the allowed window."));
    error
}
