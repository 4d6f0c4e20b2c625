//! What the person at the desk does: answers, takes back, marks, decides about what did not go out.

use super::day::Day;
use api::types::inbox::InboxRow;
use model::outbox::OutboxState;
use model::{ActionId, ConversationId, MessageId};
use rand::Rng;
use rand::seq::IndexedRandom;
use serde_json::{Value, json};

/// A reply that Kontor took from us.
pub struct Reply {
    pub customer: usize,
    pub text: String,
    message: MessageId,
    action: Option<ActionId>,
    /// Taken back before it could leave: Kontor said so.
    pub is_undone: bool,
    /// Taken out after it had failed or could not be confirmed.
    pub is_discarded: bool,
    /// Sent again on purpose.
    pub retries: u32,
}

impl Day {
    async fn rows(&self) -> Vec<InboxRow> {
        self.office().inbox("all").await
    }

    pub async fn reply(&mut self) {
        let rows = self.rows().await;
        let Some(row) = rows.choose(&mut self.rng) else { return };
        let who = self.customers.iter().position(|customer| customer.name == row.title);
        // In bad weather a name can be missing for a while.
        let Some(who) = who.filter(|who| self.has_room(*who)) else { return };
        let last =
            self.replies.iter().rev().find(|reply| reply.customer == who).map(|reply| reply.text.clone());
        let text = match last.filter(|_| self.rng.random_bool(0.12)) {
            Some(same) => same,
            None => self.unique("we answer"),
        };
        let intent =
            json!({ "kind": "reply", "conversation": row.id, "body": text, "files": [], "replyTo": null });
        // Refused for a reason (closed window, left): then nothing was promised.
        let Ok(applied) = self.office().app.call("inbox_act", intent).await else { return };
        let applied: api::types::inbox::Applied = serde_json::from_value(applied).unwrap();
        self.tell(|| format!("we answer {}: {text:?}", row.title));
        self.replies.push(Reply {
            customer: who,
            text,
            message: applied.messages[0],
            action: applied.action,
            is_undone: false,
            is_discarded: false,
            retries: 0,
        });
    }

    pub async fn undo(&mut self) {
        let Some(at) = self.replies.iter().rposition(|reply| !reply.is_undone && !reply.is_discarded) else {
            return;
        };
        let undone = self.office().app.call("inbox_undo", json!({ "action": self.replies[at].action })).await;
        self.tell(|| format!("undo of {:?}: {}", self.replies[at].text, undone.is_ok()));
        self.replies[at].is_undone = undone.is_ok();
    }

    pub async fn mark(&mut self) {
        let rows = self.rows().await;
        let Some(row) = rows.choose(&mut self.rng) else { return };
        let kind = if self.rng.random_bool(0.7) { "mark_read" } else { "mark_unread" };
        let _: Value = self.office().call("inbox_act", json!({ "kind": kind, "conversation": row.id })).await;
    }

    /// What failed or could not be confirmed is sent again or taken out.
    pub async fn decide_undelivered(&mut self) {
        for row in self.office().inbox("undelivered").await {
            for message in self.office().messages(row.id).await {
                let state = message.delivery.map(|delivery| delivery.state);
                if !matches!(state, Some(OutboxState::Failed | OutboxState::NeedsPerson)) {
                    continue;
                }
                let kind = if self.rng.random_bool(0.5) { "retry" } else { "discard" };
                let done =
                    self.office().app.call("inbox_act", json!({ "kind": kind, "message": message.id })).await;
                self.tell(|| format!("{kind} of {:?} ({state:?}): {}", message.body, done.is_ok()));
                let Some(reply) = self.replies.iter_mut().find(|reply| reply.message == message.id) else {
                    continue;
                };
                match kind {
                    "retry" => reply.retries += u32::from(done.is_ok()),
                    _ => reply.is_discarded |= done.is_ok(),
                }
            }
        }
    }

    /// Replies whose undo time has not passed.
    pub async fn replies_held(&self) -> Vec<(ConversationId, MessageId, String)> {
        let mut held = Vec::new();
        for row in self.rows().await.into_iter().filter(|row| row.outbox.is_some()) {
            for message in self.office().messages(row.id).await {
                if message.delivery.is_some_and(|delivery| delivery.state == OutboxState::Held) {
                    held.push((row.id, message.id, message.body));
                }
            }
        }
        held
    }

    /// After a crash what was held is a draft again, or has left just before.
    pub async fn expect_handed_back(&mut self, held: Vec<(ConversationId, MessageId, String)>) {
        for (conversation, message, text) in held {
            if self.office().messages(conversation).await.iter().any(|shown| shown.id == message) {
                continue;
            }
            let draft = self.office().head(conversation).await.draft_body;
            assert!(draft.contains(&text), "{text:?} was held, and after the crash it is nowhere");
            for reply in self.replies.iter_mut().filter(|reply| reply.message == message) {
                reply.is_undone = true;
            }
        }
    }
}
