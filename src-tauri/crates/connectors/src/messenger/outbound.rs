//! What we ask Graph to send: the request's body. Pure. (Messenger Platform, Send API; Saving Assets for files.)

use bytes::Bytes;
use connect::http::{Bounds, SMALL};
use model::RemoteId;
use model::remote::{Outgoing, OutgoingFile};
use serde_json::{Value, json};
use std::time::Duration;

/// A body on its way to `/{page-id}/messages`.
#[derive(Debug)]
pub(super) struct Outbound {
    pub content_type: String,
    pub body: Bytes,
    pub bounds: Bounds,
}

/// A text or a file to a customer. Always `RESPONSE`: later than 24 hours Graph must refuse, no tag lengthens the window.
pub(super) fn send(out: &Outgoing, recipient: &RemoteId) -> Outbound {
    let to = json!({ "id": recipient.as_str() });
    // Comes back in webhooks only, not when the thread is read: it proves a send to whoever listens there.
    let metadata = out.op_id.to_string();
    // Beside `message`, and absent when unused: an empty one is an error.
    let reply_to = out.reply_to.as_ref().map(|message| json!({ "mid": message.as_str() }));
    let Some(file) = &out.file else {
        let mut body = json!({
            "recipient": to,
            "messaging_type": "RESPONSE",
            "message": { "text": out.body, "metadata": metadata },
        });
        if let Some(reply_to) = reply_to {
            body["reply_to"] = reply_to;
        }
        return plain(&body);
    };
    let kind = kind(&file.mime);
    let message = json!({
        "attachment": { "type": kind, "payload": { "is_reusable": false } },
        "metadata": metadata,
    });
    let mut fields = vec![("recipient", to), ("messaging_type", json!("RESPONSE")), ("message", message)];
    fields.extend(reply_to.map(|reply_to| ("reply_to", reply_to)));
    let boundary = format!("kontor-{}", out.op_id);
    Outbound {
        content_type: format!("multipart/form-data; boundary={boundary}"),
        body: multipart(&boundary, &fields, file),
        bounds: Bounds { timeout: Duration::from_secs(300), cap_bytes: SMALL.cap_bytes },
    }
}

/// Shows the customer that everything so far was read.
pub(super) fn mark_seen(recipient: &RemoteId) -> Outbound {
    plain(&json!({ "recipient": { "id": recipient.as_str() }, "sender_action": "mark_seen" }))
}

/// What Graph calls a file of this type; the type must match the content, so rare pictures go as files.
pub(super) fn kind(mime: &str) -> &'static str {
    match mime {
        "image/jpeg" | "image/png" | "image/gif" => "image",
        _ if mime.starts_with("video/") => "video",
        _ if mime.starts_with("audio/") => "audio",
        _ => "file",
    }
}

fn plain(body: &Value) -> Outbound {
    Outbound { content_type: "application/json".into(), body: body.to_string().into(), bounds: SMALL }
}

fn multipart(boundary: &str, fields: &[(&str, Value)], file: &OutgoingFile) -> Bytes {
    let mut body = Vec::with_capacity(file.bytes.len() + 1024);
    for (name, value) in fields {
        // Objects are JSON texts, plain words are themselves.
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let part =
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    let name: String =
        file.name.chars().map(|c| if c.is_control() || matches!(c, '"' | '\\') { '_' } else { c }).collect();
    let is_mime = |c: char| c.is_ascii_alphanumeric() || "/.+-".contains(c);
    let mime = if file.mime.is_empty() || !file.mime.chars().all(is_mime) {
        "application/octet-stream"
    } else {
        &file.mime
    };
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"filedata\"; filename=\"{name}\"\r\n\
         Content-Type: {mime}\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(&file.bytes);
    body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    body.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{MediaId, OpId, Timestamp};

    fn out(body: &str, file: Option<OutgoingFile>, reply_to: Option<&str>) -> Outgoing {
        Outgoing {
            op_id: OpId::new(Timestamp(1_790_000_000_000), [7; 10]),
            conversation: "t_1".into(),
            recipient: Some("900".into()),
            body: body.into(),
            file,
            reply_to: reply_to.map(RemoteId::from),
            first_attempt_at: Timestamp(1_790_000_000_000),
        }
    }

    #[test]
    fn a_text_carries_the_operation_and_puts_the_quote_beside_the_message() {
        let out = out("Grüße 🌷 \"ok\"", None, Some("m_x"));
        let sent = send(&out, &"900".into());
        let body: Value = serde_json::from_slice(&sent.body).unwrap();
        assert_eq!(
            body,
            json!({"recipient":{"id":"900"},"messaging_type":"RESPONSE","reply_to":{"mid":"m_x"},
                   "message":{"text":"Grüße 🌷 \"ok\"","metadata":out.op_id.to_string()}})
        );
        let without = send(&self::out("x", None, None), &"900".into());
        assert!(!String::from_utf8_lossy(&without.body).contains("reply_to"));
    }

    #[test]
    fn a_file_goes_as_multipart_and_its_name_cannot_break_out() {
        let file = OutgoingFile {
            media: MediaId::from("f"),
            name: "a\"\r\nX: y.png".into(),
            mime: "image/png\r\n".into(),
            bytes: vec![0, 255, 13, 10],
        };
        let sent = send(&out("", Some(file), None), &"900".into());
        let boundary = sent.content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
        let text = String::from_utf8_lossy(&sent.body);
        assert!(text.contains(
            "name=\"filedata\"; filename=\"a___X: y.png\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        ));
        assert!(text.contains("name=\"recipient\"\r\n\r\n{\"id\":\"900\"}\r\n"));
        assert!(text.contains("name=\"messaging_type\"\r\n\r\nRESPONSE\r\n"));
        assert!(text.ends_with(&format!("--{boundary}--\r\n")));
        assert!(sent.body.windows(4).any(|bytes| bytes == [0, 255, 13, 10]));
    }

    #[test]
    fn only_pictures_that_messenger_takes_go_as_images() {
        for (mime, expected) in [
            ("image/jpeg", "image"),
            ("image/heic", "file"),
            ("video/mp4", "video"),
            ("audio/mpeg", "audio"),
            ("application/pdf", "file"),
        ] {
            assert_eq!(kind(mime), expected, "{mime}");
        }
    }
}
