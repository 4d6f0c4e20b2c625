//! Graph's threads and messages → facts. Pure.

use super::attachments;
use super::ids::MediaSource;
use super::wire::{Message, Person, Reaction, Thread};
use model::conversation::ConversationKind;
use model::message::MessageKind;
use model::remote::{Author, ReadMark, RemoteContact, RemoteConversation, RemoteEvent, RemoteMessage};
use model::{RemoteId, Timestamp};

/// Order numbers of messages that may have older siblings of the same second on the next page start here.
const OPEN_SECOND: i64 = 500;

/// Which thread of which Page is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// The Page: us.
    pub page: &'a str,
    /// The thread.
    pub thread: &'a str,
}

/// The customer: the participant that is not the Page.
pub(super) fn customer<'a>(thread: &'a Thread, page: &str) -> Option<&'a Person> {
    thread.participants.items.iter().find(|person| person.id.as_ref().is_some_and(|id| id.0 != page))
}

/// The customer and the conversation.
pub(super) fn introduce(thread: &Thread, page: &str) -> Vec<RemoteEvent> {
    let customer =
        customer(thread, page).and_then(|person| Some((person.id.clone()?.0, person.name.clone())));
    let mut events = Vec::new();
    if let Some((id, name)) = &customer {
        events.push(RemoteEvent::Contact(RemoteContact {
            remote_id: RemoteId(id.clone()),
            name: name.clone().filter(|name| !name.trim().is_empty()),
            handle: None,
            avatar: Some(MediaSource::Profile { p: id.clone() }.media_ref()),
        }));
    }
    events.push(RemoteEvent::Conversation(RemoteConversation {
        remote_id: RemoteId(thread.id.0.clone()),
        kind: Some(ConversationKind::Direct),
        title: None,
        contact: customer.map(|(id, _)| RemoteId(id)),
        network: None,
        limits: None,
    }));
    events
}

/// How far the Page has read, by the number of messages it has not; none if Graph does not say.
///
/// Without it everything since our last reply would be unread on the day an account is connected. Later on, it says nothing
/// where it ends at a reply: Graph counts what stands before one as read, also what came while that was on its way.
pub(super) fn read_mark(thread: &Thread, page: &str, is_import: bool) -> Option<RemoteEvent> {
    let unread = thread.unread_count? as usize;
    let shown = &thread.messages.items; // Newest first.
    let is_ours = |message: &Message| author(message, page) == Some(Author::Us);
    let mut inbound = (0..shown.len()).filter(|index| !is_ours(&shown[*index]));
    let newest_read = match unread {
        0 => shown.first(),
        _ => shown.get(inbound.nth(unread - 1)? + 1),
    };
    let up_to = match newest_read {
        Some(message) if is_ours(message) && !is_import => None,
        Some(message) => message.created_time,
        None if unread == 0 => thread.updated_time,
        // All that is shown is unread, and perhaps more below it: our own replies mark that.
        None => None,
    };
    let (conversation, up_to) = (RemoteId(thread.id.0.clone()), ReadMark::Time(up_to?.0));
    Some(RemoteEvent::ReadByUs { conversation, up_to })
}

/// One message; none with a word on what is missing.
pub(super) fn message(
    message: &Message,
    place: Place<'_>,
    order: i64,
    is_history: bool,
) -> Result<RemoteMessage, String> {
    let sent_at = message.created_time.ok_or("message without a time")?.0;
    let author = author(message, place.page).ok_or("message without an author")?;
    let body = message.message.clone().unwrap_or_default();
    let attachments: Vec<_> = attachments::find(message).into_iter().map(|found| found.attachment).collect();
    let story = message.story.as_ref();
    let kind = if story.is_some_and(|story| story.mention.is_some()) {
        MessageKind::StoryMention
    } else if story.is_some_and(|story| story.reply_to.is_some()) {
        MessageKind::StoryReply
    } else if message.is_unsupported || (body.is_empty() && attachments.is_empty()) {
        MessageKind::Unsupported
    } else {
        MessageKind::Plain
    };
    Ok(RemoteMessage {
        conversation: RemoteId(place.thread.to_owned()),
        remote_id: RemoteId(message.id.0.clone()),
        op_id: None,
        author,
        kind,
        sent_at,
        order,
        body,
        reply_to: message.reply_to.as_ref().and_then(|to| to.mid.clone()).map(|id| RemoteId(id.0)),
        edited_at: None,
        is_deleted: false,
        attachments,
        is_history,
    })
}

/// Who wrote; where `from` is missing, whoever is not addressed.
pub(super) fn author(message: &Message, page: &str) -> Option<Author> {
    let id = |person: &Person| person.id.clone().map(|id| id.0);
    if let Some(from) = message.from.as_ref().and_then(id) {
        return Some(if from == page { Author::Us } else { Author::Them(RemoteId(from)) });
    }
    let to = message.to.items.iter().find_map(id)?;
    (to != page).then_some(Author::Us)
}

/// The order numbers of messages given newest first. Graph's times have whole seconds, so ties are common: within one
/// second the position decides. Where older messages may follow on the next page, the last second counts from
/// [`OPEN_SECOND`], so that what that page brings of the same second stays below.
pub(super) fn orders(newest_first: &[Message], is_end: bool) -> Vec<i64> {
    let time = |message: &Message| message.created_time.map(|time| time.0);
    let mut orders = vec![0; newest_first.len()];
    let oldest = newest_first.last().and_then(time);
    let mut previous: Option<(Option<Timestamp>, i64)> = None;
    for (index, message) in newest_first.iter().enumerate().rev() {
        let at = time(message);
        let first = if !is_end && at == oldest { OPEN_SECOND } else { 0 };
        let order = match previous {
            Some((before, order)) if before == at => order + 1,
            _ => first,
        };
        orders[index] = order;
        previous = Some((at, order));
    }
    orders
}

/// Who reacted with what, as it stands now.
pub(super) fn reactions(message: &Message, page: &str) -> Vec<(Author, String)> {
    let mut now: Vec<(Author, String)> = Vec::new();
    for reaction in &message.reactions.items {
        let key = emoji(reaction);
        for id in reaction.users.items.iter().filter_map(|person| person.id.clone()) {
            let author = if id.0 == page { Author::Us } else { Author::Them(RemoteId(id.0)) };
            now.push((author, key.clone()));
        }
    }
    now
}

/// Graph names some reactions by words.
fn emoji(reaction: &Reaction) -> String {
    if let Some(emoji) = reaction.emoji.clone().filter(|emoji| !emoji.is_empty()) {
        return emoji;
    }
    let word = reaction.reaction.as_deref().unwrap_or_default();
    match word {
        "love" => "❤️",
        "like" => "👍",
        "dislike" => "👎",
        "smile" | "haha" => "😆",
        "wow" => "😮",
        "sad" => "😢",
        "angry" => "😠",
        _ if !word.is_empty() && !word.is_ascii() => word,
        _ => "🙂",
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_unread_messages_says_how_far_the_page_has_read() {
        // Newest first: two of the customer, one of ours, one of the customer.
        let thread = |unread: &str| {
            let message = |id: u32, from: &str| {
                format!(
                    r#"{{"id":"m{id}","created_time":"2026-11-23T08:00:{id:02}+0000","from":{{"id":"{from}"}}}}"#
                )
            };
            let messages = [message(40, "7"), message(30, "7"), message(20, "1"), message(10, "7")].join(",");
            let text = format!(r#"{{"id":"t_1","messages":{{"data":[{messages}]}}{unread}}}"#);
            serde_json::from_str::<Thread>(&text).unwrap()
        };
        let told = |unread: &str, is_import| match read_mark(&thread(unread), "1", is_import) {
            Some(RemoteEvent::ReadByUs { up_to: ReadMark::Time(at), .. }) => Some(at.0 / 1000 % 60),
            _ => None,
        };
        let seconds = |unread| told(unread, true);
        assert_eq!(seconds(""), None, "Graph says nothing");
        assert_eq!(seconds(r#","unread_count":0"#), Some(40));
        assert_eq!(seconds(r#","unread_count":1"#), Some(30));
        assert_eq!(seconds(r#","unread_count":2"#), Some(20));
        assert_eq!(
            told(r#","unread_count":2"#, false),
            None,
            "what came before our reply left may be unread"
        );
        assert_eq!(seconds(r#","unread_count":3"#), None, "more than is shown, perhaps");
        assert_eq!(seconds(r#","unread_count":9"#), None);
    }
}
