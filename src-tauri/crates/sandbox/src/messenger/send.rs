//! `POST /{page-id}/messages`: messages, typing, read marks, reactions. There is no key against doubles: the same
//! body twice is two messages.

use rand::Rng;
use serde_json::{Value, json};

use super::attachment::Held;
use super::call::Call;
use super::error::GraphError;
use super::platform::{Message, Platform, Refusing};
use super::tokens::Grant;
use super::{upload, window};

/// Longest text in characters.
const MAX_TEXT: usize = 2_000;

pub(crate) fn send(
    platform: &mut Platform,
    call: &Call,
    grant: &Grant,
    named: &str,
) -> Result<Value, GraphError> {
    if platform.pages.values().any(|page| page.instagram.as_ref().is_some_and(|(id, _)| id == named)) {
        let message = "(#3) Application does not have the capability to make this API call.";
        return Err(GraphError::new(3, message));
    }
    let (_, page) = grant.page(platform, named, &call.method)?;
    grant.needs("pages_messaging", 200)?;
    grant.needs_task(platform, "MESSAGING")?;
    let nobody = || GraphError::invalid("(#100) No matching user found").sub(2_018_001);
    let recipient =
        call.body.get("recipient").and_then(|recipient| recipient["id"].as_str()).ok_or_else(nobody)?;
    let customer =
        platform.customers.get(recipient).filter(|customer| customer.page == page).ok_or_else(nobody)?;
    let app = platform.apps.get(&grant.token.app);
    if !customer.has_role && app.is_some_and(|app| !app.is_advanced) {
        let message = "(#200) App does not have Advanced Access to pages_messaging permission, and recipient user \
                       does not have role on app";
        return Err(GraphError::new(200, message).sub(2_018_028));
    }
    let thread = customer.thread.clone();
    match call.param("sender_action") {
        "" => message(platform, call, grant, &page, recipient, &thread),
        action => act(platform, call, &page, recipient, &thread, action),
    }
}

fn message(
    platform: &mut Platform,
    call: &Call,
    grant: &Grant,
    page: &str,
    recipient: &str,
    thread: &str,
) -> Result<Value, GraphError> {
    let body = call.body.get("message").filter(|message| message.is_object());
    let body = body.ok_or_else(|| GraphError::invalid("(#100) Param message must be an object"))?;
    if body.get("reply_to").is_some() {
        return Err(GraphError::invalid("(#100) Invalid keys \"reply_to\" were found in param \"message\"."));
    }
    let text = body["text"].as_str().map(str::to_owned);
    if text.as_ref().is_some_and(|text| text.chars().count() > MAX_TEXT) {
        return Err(GraphError::invalid(format!(
            "(#100) Length of param message[text] must be less than or equal to {MAX_TEXT}"
        )));
    }
    let reply_to = reply_to(platform, call, thread)?;
    let has_human_agent = platform.apps.get(&grant.token.app).is_some_and(|app| app.has_human_agent);
    let (last_inbound_ms, refusing) =
        platform.threads.get(thread).map_or((None, None), |thread| (thread.last_inbound_ms, thread.refusing));
    let page_refusing = platform.pages.get(page).and_then(|page| page.refusing);
    if let Some(why) = page_refusing.or(refusing) {
        return Err(refusal(why));
    }
    window::check(
        call.param("messaging_type"),
        call.param("tag"),
        has_human_agent,
        last_inbound_ms,
        call.now_ms,
    )?;
    let mut answer = json!({ "recipient_id": recipient });
    let mut attachments = Vec::new();
    if body["attachment"].is_object() {
        let (what, reusable) = upload::resolve(platform, call, page, &body["attachment"])?;
        attachments.push(hold(platform, what));
        if let Some(id) = reusable {
            answer["attachment_id"] = json!(id);
        }
    } else if text.as_ref().is_none_or(String::is_empty) {
        return Err(GraphError::invalid(
            "(#100) Param message[text] must be a non-empty string or an attachment must be given",
        ));
    }
    let lag_ms = platform.pages.get(page).map_or(0, |page| page.lag_ms);
    let lag_ms = platform.chance.rng.random_range(0..=lag_ms);
    let sent = Message {
        visible_from_ms: call.now_ms + lag_ms,
        text,
        attachments,
        reply_to,
        app: Some(grant.token.app.clone()),
        metadata: body["metadata"].as_str().map(str::to_owned),
        tag: Some(call.param("tag").to_owned()).filter(|tag| !tag.is_empty()),
        ..Message::new(call.now_ms, true)
    };
    answer["message_id"] = json!(platform.add(thread, sent));
    Ok(answer)
}

pub(crate) fn hold(platform: &mut Platform, what: super::Attachment) -> Held {
    let file = what.media().cloned().map(|media| platform.store_file(media));
    Held { id: platform.chance.digits(16), what, file }
}

/// `reply_to` stands beside `message`; empty is a mistake.
fn reply_to(platform: &Platform, call: &Call, thread: &str) -> Result<Option<String>, GraphError> {
    let Some(value) = call.body.get("reply_to") else { return Ok(None) };
    let mid = value["mid"].as_str().unwrap_or_default();
    let is_known =
        platform.threads.get(thread).is_some_and(|thread| thread.messages.iter().any(|held| held.id == mid));
    if is_known {
        Ok(Some(mid.to_owned()))
    } else {
        Err(GraphError::invalid("(#100) Param reply_to[mid] is not valid"))
    }
}

fn act(
    platform: &mut Platform,
    call: &Call,
    page: &str,
    recipient: &str,
    thread_id: &str,
    action: &str,
) -> Result<Value, GraphError> {
    let fails = platform.pages.get(page).is_some_and(|page| page.fails_reactions);
    let Some(thread) = platform.threads.get_mut(thread_id) else {
        return Ok(json!({ "recipient_id": recipient }));
    };
    match action {
        "typing_on" => thread.typing_until_ms = call.now_ms + 20_000,
        "typing_off" => thread.typing_until_ms = 0,
        "mark_seen" => thread.unread = 0,
        "react" | "unreact" => {
            if fails {
                return Err(GraphError::new(
                    2,
                    "An unexpected error has occurred. Please retry your request later.",
                )
                .transient());
            }
            let payload = call.body.get("payload").cloned().unwrap_or_default();
            let mid = payload["message_id"].as_str().unwrap_or_default();
            let held = thread.messages.iter_mut().find(|held| held.id == mid);
            let held = held.ok_or_else(|| GraphError::invalid("(#100) Invalid message id"))?;
            held.reactions.retain(|(_, user)| user != page);
            if action == "react" {
                let reaction = payload["reaction"].as_str().unwrap_or("love").to_owned();
                held.reactions.push((reaction, page.to_owned()));
            }
        }
        _ => {
            return Err(GraphError::invalid(
                "(#100) Param sender_action must be one of the supported actions",
            ));
        }
    }
    Ok(json!({ "recipient_id": recipient }))
}

fn refusal(why: Refusing) -> GraphError {
    match why {
        Refusing::Unavailable => {
            GraphError::new(551, "(#551) This person isn't available right now.").sub(1_545_041)
        }
        Refusing::Blocked => {
            GraphError::new(10, "(#10) This person is not receiving messages from you right now.")
                .sub(2_018_108)
        }
        Refusing::OtherApp => GraphError::new(
            10,
            "(#10) Message failed to send because another app is controlling this thread now.",
        )
        .sub(2_018_300),
        Refusing::Restricted => {
            GraphError::new(10, "(#10) The Page is temporarily restricted from sending messages.")
                .sub(1_893_063)
        }
        Refusing::AppsSwitchedOff => {
            GraphError::new(200, "(#200) The account owner has disabled access to messages.").sub(2_534_041)
        }
    }
}
