//! Conversations as readable text, compared with files in tests/golden. `UPDATE_GOLDEN=1` rewrites them.

use super::office::{Office, START};
use api::types::conversation::MessageView;
use model::ConversationId;
use model::message::{Direction, MessageKind};
use std::fmt::Write;

/// Compares a conversation, as a person would read it, with `tests/golden/<name>.txt`.
pub async fn assert_golden(office: &Office, conversation: ConversationId, name: &str) {
    let head = office.head(conversation).await;
    let mut text = format!("# {} ({}", head.title, head.platform);
    let network = head.network.map(|network| format!(", {network}")).unwrap_or_default();
    writeln!(text, "{network}) unread {}", head.unread_count).unwrap();
    for message in office.messages(conversation).await {
        text.push_str(&line(&message));
    }
    let path = format!("{}/tests/golden/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        text, expected,
        "if this is what should be read, run the test with UPDATE_GOLDEN=1 and look at {path}"
    );
}

fn line(message: &MessageView) -> String {
    let seconds = message.sent_at.0.saturating_sub(START.0).div_euclid(1000);
    let who = match (message.direction, &message.author) {
        (Direction::Out, _) => "us".to_owned(),
        (Direction::In, author) => {
            author.as_ref().map_or_else(|| "?".to_owned(), |author| author.name.clone())
        }
    };
    let mut line = format!("{seconds:>8}s {who}: ");
    if let Some(quote) = &message.quote {
        write!(line, "[> {}] ", quote.excerpt).unwrap();
    }
    if message.kind != MessageKind::Plain {
        write!(line, "({:?}) ", message.kind).unwrap();
    }
    if message.is_deleted {
        line.push_str("(deleted)");
    }
    write!(line, "{}", message.body).unwrap();
    for file in &message.attachments {
        write!(line, " [{:?} {} {}]", file.kind, file.name, file.mime).unwrap();
    }
    for reaction in &message.reactions {
        write!(line, " ({} {} by {})", reaction.key, reaction.count, reaction.names.join(", ")).unwrap();
    }
    if message.edited_at.is_some() {
        line.push_str(" (edited)");
    }
    if let Some(delivery) = message.delivery {
        write!(line, " <{:?}>", delivery.state).unwrap();
    }
    line.push('\n');
    line
}
