//! The pure part: does this deserve a notification, and is it shown alone or folded into a summary?

use super::{Attention, Notice, NoticeKey, Target};
use crate::words::Tongue;
use model::settings::Settings;
use model::{ConversationId, MessageId, Timestamp};
use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

/// Within this time more than `ALONE` conversations make a summary.
pub const BURST: Duration = Duration::from_secs(10);
/// So many conversations of a burst are shown one by one.
pub const ALONE: usize = 3;
/// A reply window about to close is told this long before, once each.
pub const WINDOW_LEADS: [Duration; 2] = [Duration::from_secs(2 * 3600), Duration::from_secs(30 * 60)];

/// Why someone is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// A new message came in.
    Message {
        /// Platform time.
        sent_at: Timestamp,
    },
    /// A stranger asks to write.
    Request,
    /// The customer waits longer than the target.
    Waiting {
        /// Since when.
        since: Timestamp,
    },
    /// The reply window is about to close.
    WindowCloses {
        /// When.
        at: Timestamp,
        /// One of [`WINDOW_LEADS`].
        lead: Duration,
    },
}

impl Cause {
    /// The name under which it is remembered that this was told; the same cause is never told twice.
    pub fn key(&self, message: Option<MessageId>) -> String {
        match self {
            Self::Message { .. } => format!("message:{}", message.map_or(0, |id| id.0)),
            Self::Request => "request".to_owned(),
            Self::Waiting { since } => format!("waiting:{}", since.0),
            Self::WindowCloses { at, lead } => format!("window:{}:{}", at.0, lead.as_secs()),
        }
    }
}

/// Something that may be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Where.
    pub conversation: ConversationId,
    /// The message a click leads to.
    pub message: Option<MessageId>,
    /// Why.
    pub cause: Cause,
    /// Who wrote.
    pub who: String,
    /// Network and account, e.g. `Messenger · Alpenblick Outdoor`.
    pub network: String,
    /// The text; empty for a file, and for what cannot be read here.
    pub text: String,
    /// There is a file.
    pub has_file: bool,
    /// The account's owner wants notifications.
    pub is_wanted: bool,
}

/// Whether an item deserves a notification at all.
pub fn deserves(item: &Item, settings: &Settings, attention: Attention) -> bool {
    let is_looked_at = attention.is_focused && attention.conversation == Some(item.conversation);
    settings.notifies && item.is_wanted && !is_looked_at
}

/// The reply-window alarm that is due: the shortest lead that has been reached, while the window is still open.
pub fn window_lead(closes_at: Timestamp, now: Timestamp) -> Option<Duration> {
    let left = closes_at.since(now);
    (now < closes_at).then(|| WINDOW_LEADS.into_iter().rev().find(|lead| left <= *lead)).flatten()
}

/// Remembers the last seconds, to fold bursts.
#[derive(Debug, Default)]
pub struct Folder {
    recent: VecDeque<Told>,
}

#[derive(Debug)]
struct Told {
    at: Timestamp,
    conversation: ConversationId,
    /// Otherwise a request, which comes before the first message.
    is_message: bool,
}

impl Folder {
    /// Turns items that deserve it into notices: alone, or folded when too many conversations speak at once.
    pub fn fold(
        &mut self,
        items: &[Item],
        settings: &Settings,
        tongue: Tongue,
        now: Timestamp,
    ) -> Vec<Notice> {
        let (messages, due): (Vec<&Item>, Vec<&Item>) =
            items.iter().partition(|item| matches!(item.cause, Cause::Message { .. } | Cause::Request));
        let mut notices = self.fold_messages(&messages, settings, tongue, now);
        if due.len() > ALONE {
            let count = due.len().to_string();
            notices.push(Notice {
                key: NoticeKey::Due,
                title: tongue.word("notification.due_title", &[("count", &count)]),
                body: tongue.word("notification.due_body", &[]),
                has_sound: settings.plays_sound,
                target: due.first().map(|item| target(item)),
            });
        } else {
            notices.extend(due.iter().map(|item| alone(item, settings, tongue)));
        }
        notices
    }

    fn fold_messages(
        &mut self,
        items: &[&Item],
        settings: &Settings,
        tongue: Tongue,
        now: Timestamp,
    ) -> Vec<Notice> {
        while self.recent.front().is_some_and(|told| now.since(told.at) > BURST) {
            self.recent.pop_front();
        }
        let before: BTreeSet<ConversationId> = self.recent.iter().map(|told| told.conversation).collect();
        self.recent.extend(items.iter().map(|item| Told {
            at: now,
            conversation: item.conversation,
            is_message: matches!(item.cause, Cause::Message { .. }),
        }));
        let all: BTreeSet<ConversationId> = self.recent.iter().map(|told| told.conversation).collect();
        if all.len() <= ALONE {
            return newest_by_conversation(items).iter().map(|item| alone(item, settings, tongue)).collect();
        }
        // Those already shown alone go on being replaced in place; the rest is one summary.
        let shown: BTreeSet<ConversationId> = if before.len() <= ALONE { before } else { BTreeSet::new() };
        let newest = newest_by_conversation(items);
        let (again, folded): (Vec<&Item>, Vec<&Item>) =
            newest.into_iter().partition(|item| shown.contains(&item.conversation));
        let mut notices: Vec<Notice> = again.iter().map(|item| alone(item, settings, tongue)).collect();
        if let Some(last) = folded.last() {
            let conversations = all.len().to_string();
            let written: Vec<&Told> = self.recent.iter().filter(|told| told.is_message).collect();
            let only_asked =
                all.iter().filter(|id| written.iter().all(|told| told.conversation != **id)).count();
            let title = match written.len() {
                0 => tongue.word("notification.burst_requests_title", &[("count", &conversations)]),
                count => {
                    tongue.word("notification.burst_title", &[("count", &(count + only_asked).to_string())])
                }
            };
            notices.push(Notice {
                key: NoticeKey::NewMessages,
                title,
                body: tongue.word(
                    "notification.burst_body",
                    &[("conversations", &conversations), ("who", &last.who)],
                ),
                has_sound: settings.plays_sound && self.recent.len() == items.len(),
                target: Some(target(last)),
            });
        }
        notices
    }
}

fn newest_by_conversation<'a>(items: &[&'a Item]) -> Vec<&'a Item> {
    let mut newest: Vec<&Item> = Vec::new();
    for item in items {
        newest.retain(|other| other.conversation != item.conversation);
        newest.push(item);
    }
    newest
}

fn target(item: &Item) -> Target {
    Target::Conversation { conversation: item.conversation, message: item.message }
}

fn alone(item: &Item, settings: &Settings, tongue: Tongue) -> Notice {
    let is_file = item.text.is_empty() && item.has_file;
    let text = if is_file { tongue.word("notification.file", &[]) } else { clipped(&item.text) };
    let text = if settings.shows_text_in_notifications { text } else { String::new() };
    let (title, body) = match &item.cause {
        Cause::Message { .. } if text.is_empty() => {
            (item.who.clone(), tongue.word("notification.message_hidden", &[("network", &item.network)]))
        }
        Cause::Message { .. } => (format!("{} · {}", item.who, item.network), text),
        Cause::Request => {
            (tongue.word("notification.request_title", &[("who", &item.who)]), item.network.clone())
        }
        Cause::Waiting { .. } => {
            (tongue.word("notification.waiting_title", &[("who", &item.who)]), joined(item, text))
        }
        Cause::WindowCloses { lead, .. } => {
            let key = if *lead > Duration::from_secs(3600) { "window_2h_title" } else { "window_30m_title" };
            (tongue.word(&format!("notification.{key}"), &[("who", &item.who)]), joined(item, text))
        }
    };
    let key = NoticeKey::Conversation(item.conversation);
    Notice { key, title, body, has_sound: settings.plays_sound, target: Some(target(item)) }
}

fn joined(item: &Item, text: String) -> String {
    if text.is_empty() { item.network.clone() } else { format!("{}\n{text}", item.network) }
}

/// At most 240 characters.
fn clipped(text: &str) -> String {
    let mut clipped: String = text.chars().take(240).collect();
    if clipped.len() < text.len() {
        clipped.push('…');
    }
    clipped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(conversation: i64) -> Item {
        Item {
            conversation: ConversationId(conversation),
            message: Some(MessageId(conversation * 10)),
            cause: Cause::Message { sent_at: Timestamp(0) },
            who: format!("Person {conversation}"),
            network: "Matrix · Brand".into(),
            text: "Hello <b>there</b>".into(),
            has_file: false,
            is_wanted: true,
        }
    }

    fn keys(notices: &[Notice]) -> Vec<NoticeKey> {
        notices.iter().map(|notice| notice.key).collect()
    }

    #[test]
    fn nothing_is_said_about_the_conversation_being_looked_at() {
        let settings = Settings::default();
        let looking = |conversation, is_focused| Attention {
            conversation: Some(ConversationId(conversation)),
            is_focused,
        };
        assert!(!deserves(&item(1), &settings, looking(1, true)));
        assert!(deserves(&item(1), &settings, looking(1, false)), "in the background");
        assert!(deserves(&item(1), &settings, looking(2, true)), "on another conversation");
        assert!(!deserves(&Item { is_wanted: false, ..item(1) }, &settings, looking(2, true)));
        assert!(!deserves(&item(1), &Settings { notifies: false, ..settings }, looking(2, true)));
    }

    #[test]
    fn a_burst_is_folded_and_a_conversation_replaces_its_own_notice() {
        let (mut folder, settings) = (Folder::default(), Settings::default());
        let mut say = |ids: &[i64], at| {
            let items: Vec<Item> = ids.iter().map(|id| item(*id)).collect();
            keys(&folder.fold(&items, &settings, Tongue::English, Timestamp(at)))
        };
        let of = |id| NoticeKey::Conversation(ConversationId(id));
        assert_eq!(say(&[1], 0), [of(1)]);
        assert_eq!(say(&[1, 1], 1000), [of(1)]);
        assert_eq!(say(&[2, 3], 2000), [of(2), of(3)]);
        assert_eq!(say(&[4], 3000), [NoticeKey::NewMessages]);
        assert_eq!(say(&[5, 6], 4000), [NoticeKey::NewMessages]);
        assert_eq!(say(&[7], 20_000), [of(7)], "the burst is over");
        assert_eq!(
            say(&[10, 11, 12, 13, 14], 60_000),
            [NoticeKey::NewMessages],
            "many at once, after a pause"
        );
    }

    #[test]
    fn a_burst_counts_messages_and_requests_only_where_there_is_nothing_else() {
        let (settings, english) = (Settings::default(), Tongue::English);
        let request = |id| Item { cause: Cause::Request, ..item(id) };
        let mut folder = Folder::default();
        let asked: Vec<Item> = (1..=6).map(request).collect();
        let title = |notices: Vec<Notice>| notices.last().map(|notice| notice.title.clone());
        let said = title(folder.fold(&asked, &settings, english, Timestamp(0)));
        assert_eq!(said.as_deref(), Some("6 people ask to write to you"));
        let written: Vec<Item> = (1..=6).map(item).collect();
        let said = title(folder.fold(&written, &settings, english, Timestamp(500)));
        assert_eq!(said.as_deref(), Some("6 new messages"));
        let mixed = [request(11), request(12), request(13), item(14)];
        let said = title(folder.fold(&mixed, &settings, english, Timestamp(60_000)));
        assert_eq!(said.as_deref(), Some("4 new messages"), "nobody is left out");
    }

    #[test]
    fn a_window_is_told_two_hours_and_half_an_hour_before_it_closes_and_not_after() {
        let closes = Timestamp(100_000_000);
        let lead = |minutes_before: i64| window_lead(closes, Timestamp(closes.0 - minutes_before * 60_000));
        assert_eq!(lead(121), None);
        assert_eq!(lead(120), Some(WINDOW_LEADS[0]));
        assert_eq!(lead(31), Some(WINDOW_LEADS[0]));
        assert_eq!(lead(30), Some(WINDOW_LEADS[1]));
        assert_eq!(lead(0), None);
    }

    #[test]
    fn what_cannot_be_read_here_is_not_called_a_file() {
        let said = |has_file| {
            let item = Item { text: String::new(), has_file, ..item(1) };
            Folder::default()
                .fold(&[item], &Settings::default(), Tongue::English, Timestamp(0))
                .remove(0)
                .body
        };
        assert_eq!([said(true), said(false)], ["Sent a file", "New message · Matrix · Brand"]);
    }

    #[test]
    fn without_text_a_notice_says_only_who_and_where() {
        let settings = Settings { shows_text_in_notifications: false, ..Settings::default() };
        let notice = Folder::default().fold(&[item(1)], &settings, Tongue::English, Timestamp(0)).remove(0);
        assert!(!format!("{} {}", notice.title, notice.body).contains("there"), "{notice:?}");
    }
}
