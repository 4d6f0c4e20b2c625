//! What the platform really holds.

use super::attachment::Attachment;
use super::script::Messenger;

/// A message as it is held, readable or not yet.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredMessage {
    /// Message id.
    pub id: String,
    /// ms since 1970.
    pub at_ms: i64,
    /// Whether the Page sent it.
    pub is_ours: bool,
    /// Its text.
    pub text: Option<String>,
    /// What hangs on it.
    pub attachments: Vec<Attachment>,
    /// The message it answers.
    pub reply_to: Option<String>,
    /// Reaction and who reacted.
    pub reactions: Vec<(String, String)>,
    /// The app that sent it; none for people's own hands.
    pub app: Option<String>,
    /// The sender's own note on it.
    pub metadata: Option<String>,
    /// The message tag it was sent with.
    pub tag: Option<String>,
}

impl Messenger {
    /// All messages of a customer's thread, oldest first.
    pub fn messages_in(&self, customer: &str) -> Vec<StoredMessage> {
        self.act(|platform, _| {
            let thread =
                platform.customers.get(customer).and_then(|customer| platform.threads.get(&customer.thread));
            let messages = thread.map(|thread| thread.messages.as_slice()).unwrap_or_default();
            messages
                .iter()
                .map(|held| StoredMessage {
                    id: held.id.clone(),
                    at_ms: held.at_ms,
                    is_ours: held.is_ours,
                    text: held.text.clone(),
                    attachments: held.attachments.iter().map(|held| held.what.clone()).collect(),
                    reply_to: held.reply_to.clone(),
                    reactions: held.reactions.clone(),
                    app: held.app.clone(),
                    metadata: held.metadata.clone(),
                    tag: held.tag.clone(),
                })
                .collect()
        })
    }

    /// Every token that was ever given out.
    pub fn issued_tokens(&self) -> Vec<String> {
        self.act(|platform, _| platform.tokens.keys().cloned().collect())
    }

    /// How many messages with exactly this text the Page sent to a customer.
    pub fn count_sent(&self, customer: &str, text: &str) -> usize {
        let messages = self.messages_in(customer);
        messages.iter().filter(|held| held.is_ours && held.text.as_deref() == Some(text)).count()
    }

    /// The thread id behind a customer.
    pub fn thread_of(&self, customer: &str) -> Option<String> {
        self.act(|platform, _| Some(platform.customers.get(customer)?.thread.clone()))
    }

    /// Every customer of a Page, by page-scoped id.
    pub fn customers_of(&self, page: &str) -> Vec<String> {
        self.act(|platform, _| {
            let own = platform.customers.iter().filter(|(_, customer)| customer.page == page);
            own.map(|(id, _)| id.clone()).collect()
        })
    }

    /// How many messages of a customer the Page has not read.
    pub fn unread_of(&self, customer: &str) -> usize {
        self.act(|platform, _| {
            let thread =
                platform.customers.get(customer).and_then(|customer| platform.threads.get(&customer.thread));
            thread.map_or(0, |thread| thread.unread)
        })
    }

    /// Whether the customer sees the Page typing now.
    pub fn is_page_typing(&self, customer: &str) -> bool {
        self.act(|platform, now_ms| {
            let thread =
                platform.customers.get(customer).and_then(|customer| platform.threads.get(&customer.thread));
            thread.is_some_and(|thread| thread.typing_until_ms > now_ms)
        })
    }
}
