//! The change feed: what a commit touched, in topics a UI can refetch by.

use model::ConversationId;
use std::collections::BTreeSet;
use std::fmt;

/// Something a reader may hold a copy of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Topic {
    /// The list and its counts.
    Inbox,
    /// One conversation: its head, messages, draft.
    Conversation(ConversationId),
    /// Names and pictures of people.
    Contacts,
    /// Accounts and their status.
    Accounts,
    /// The settings.
    Settings,
    /// The outbox: the senders wake.
    Outbox,
}

impl fmt::Display for Topic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inbox => f.write_str("inbox"),
            Self::Conversation(id) => write!(f, "conversation:{id}"),
            Self::Contacts => f.write_str("contacts"),
            Self::Accounts => f.write_str("accounts"),
            Self::Settings => f.write_str("settings"),
            Self::Outbox => f.write_str("outbox"),
        }
    }
}

/// One commit that changed something announced. A reader that sees a gap in `seq` refetches everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// 1, 2, 3 … since the store was opened.
    pub seq: u64,
    /// What it touched.
    pub topics: BTreeSet<Topic>,
}

/// What a write to a table must have announced.
#[cfg(debug_assertions)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Duty {
    All(&'static [Need]),
    /// No reader holds a copy.
    Silent,
    /// Not in this list: a new table must be added to it.
    Unknown,
}

#[cfg(debug_assertions)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    Inbox,
    SomeConversation,
    Contacts,
    Accounts,
    Settings,
    Outbox,
}

#[cfg(debug_assertions)]
fn duty(table: &str) -> Duty {
    match table {
        "account" => Duty::All(&[Need::Accounts]),
        "contact" => Duty::All(&[Need::Contacts]),
        "conversation" => Duty::All(&[Need::Inbox]),
        "message" | "attachment" | "reaction" | "gap" => Duty::All(&[Need::SomeConversation]),
        "draft" => Duty::All(&[Need::SomeConversation, Need::Inbox]),
        "outbox" => Duty::All(&[Need::Outbox]),
        "setting" => Duty::All(&[Need::Settings]),
        "account_secret" | "account_state" | "pending_mutation" | "action" | "told" | "media" | "meta" => {
            Duty::Silent
        }
        fts if fts.starts_with("message_fts") || fts.starts_with("name_fts") => Duty::Silent,
        _ => Duty::Unknown,
    }
}

/// Panics if a table was written without announcing it. Debug builds only.
#[cfg(debug_assertions)]
pub(crate) fn assert_announced(tables: &BTreeSet<String>, topics: &BTreeSet<Topic>) {
    let is_met = |need: &Need| {
        topics.iter().any(|topic| match need {
            Need::Inbox => *topic == Topic::Inbox,
            Need::SomeConversation => matches!(topic, Topic::Conversation(_)),
            Need::Contacts => *topic == Topic::Contacts,
            Need::Accounts => *topic == Topic::Accounts,
            Need::Settings => *topic == Topic::Settings,
            Need::Outbox => *topic == Topic::Outbox,
        })
    };
    for table in tables {
        match duty(table) {
            Duty::Silent => {}
            Duty::All(needs) => assert!(
                needs.iter().all(is_met),
                "table `{table}` was written, but the topics it needs ({needs:?}) were not all announced: {topics:?}"
            ),
            Duty::Unknown => panic!("table `{table}` is missing in change.rs: say which topics announce it"),
        }
    }
}
