//! One event of a room → the facts it carries. Pure.

use super::content::{MediaInfo, Message};
use super::ids;
use super::room::Room;
use super::who::media;
use super::wire::{Event, read};
use model::attachment::AttachmentKind;
use model::message::MessageKind;
use model::remote::{Author, RemoteAttachment, RemoteEvent, RemoteMessage};
use model::{RemoteId, Timestamp};
use std::time::Duration;

/// How old an event may be before it counts as history: bridges back-fill with the original time.
const FRESH: Duration = Duration::from_secs(600);

/// What is the same for all events of a batch.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The account.
    pub me: &'a str,
    /// The room.
    pub id: &'a str,
    /// What is known of it.
    pub room: &'a Room,
    /// Now, by the server's clock if it told.
    pub now: Timestamp,
    /// A page of history or a first sync.
    pub is_history: bool,
}

impl Scene<'_> {
    /// Who is behind a user id.
    pub fn author(&self, user: &str) -> Author {
        if self.room.is_us(self.me, user) { Author::Us } else { Author::Them(user.into()) }
    }

    /// A claimed time, never in the future: a stranger's server must not pin its message to the top for years.
    pub fn time(&self, event: &Event<'_>) -> Timestamp {
        let claimed = event.origin_server_ts.unwrap_or(self.now.0).max(0);
        Timestamp(if claimed > self.now.plus(FRESH).0 { self.now.0 } else { claimed })
    }
}

/// The facts of an event, in order; none if it concerns nobody. `Err` is the shape of what could not be understood.
pub fn facts(scene: &Scene<'_>, event: &Event<'_>, order: i64) -> Result<Vec<RemoteEvent>, &'static str> {
    let is_ours = matches!(
        event.kind.as_str(),
        "m.room.message"
            | "m.sticker"
            | "m.room.encrypted"
            | "m.reaction"
            | "m.room.redaction"
            | "m.poll.start"
            | "org.matrix.msc3381.poll.start"
            | "m.call.invite"
    );
    if !is_ours || event.state_key.is_some() {
        return Ok(Vec::new());
    }
    let id = event.event_id.as_deref().filter(|id| ids::is_sound(id)).ok_or("no event id")?;
    if ids::user(&event.sender).is_none() {
        return Err("no sender");
    }
    let content: Message<'_> = event.content();
    let is_redacted = event.unsigned.redacted_because.is_some();
    let target = || content.relates_to.event_id.as_deref().filter(|id| ids::is_sound(id)).ok_or("no target");
    let at = scene.time(event);
    let conversation = RemoteId::from(scene.id);
    match event.kind.as_str() {
        "m.reaction" if is_redacted => Ok(Vec::new()),
        "m.reaction" => {
            let key = content.relates_to.key.as_deref().map(str::trim).filter(|key| !key.is_empty());
            Ok(vec![RemoteEvent::Reaction {
                conversation,
                message: target()?.into(),
                author: scene.author(&event.sender),
                key: key.ok_or("no key")?.chars().take(64).collect(),
                remote_id: Some(id.into()),
                at,
            }])
        }
        "m.room.redaction" => {
            let target = content.redacts.as_deref().or(event.redacts.as_deref());
            let target = target.filter(|id| ids::is_sound(id)).ok_or("no target")?.into();
            Ok(vec![RemoteEvent::Deletion { conversation, target, at }])
        }
        // What an encrypted edit says cannot be told; its message is shown as encrypted already.
        "m.room.encrypted" if is_edit(&content) => Ok(Vec::new()),
        _ if is_edit(&content) && !is_redacted => {
            Ok(edit(scene, event, &content, target()?).into_iter().collect())
        }
        _ => {
            let bundled = event.unsigned.relations.replace.and_then(Event::read);
            let mut facts = vec![RemoteEvent::Message(message(scene, event, &content, id.into(), order))];
            if let Some(newer) = bundled.filter(|newer| newer.sender == event.sender && !is_redacted) {
                facts.extend(edit(scene, &newer, &newer.content(), id));
            }
            Ok(facts)
        }
    }
}

fn is_edit(content: &Message<'_>) -> bool {
    content.relates_to.rel_type.as_deref() == Some("m.replace")
}

/// An edit names its author, so that nobody's words are changed by someone else; the server does not check that.
fn edit(scene: &Scene<'_>, event: &Event<'_>, content: &Message<'_>, target: &str) -> Option<RemoteEvent> {
    let body = match content.new_content.and_then(read::<Message<'_>>) {
        Some(new) => text(&event.kind, &new).0,
        None => content.body.as_deref()?.trim_start_matches("* ").to_owned(),
    };
    Some(RemoteEvent::Edit {
        conversation: scene.id.into(),
        message: target.into(),
        author: Some(scene.author(&event.sender)),
        body,
        at: scene.time(event),
        revision: event.event_id.clone().unwrap_or_default(),
    })
}

fn message(
    scene: &Scene<'_>,
    event: &Event<'_>,
    content: &Message<'_>,
    id: RemoteId,
    order: i64,
) -> RemoteMessage {
    let sent_at = scene.time(event);
    // Redacted content is empty; a redaction the server did not attach is told by its own event.
    let is_deleted = event.unsigned.redacted_because.is_some();
    let (body, name) = if is_deleted { Default::default() } else { text(&event.kind, content) };
    RemoteMessage {
        conversation: scene.id.into(),
        remote_id: id,
        op_id: event.unsigned.transaction_id.as_deref().and_then(|id| id.parse().ok()),
        author: scene.author(&event.sender),
        kind: kind(scene, event, content, is_deleted),
        sent_at,
        order,
        body,
        reply_to: reply_to(content).filter(|_| !is_deleted),
        edited_at: None,
        is_deleted,
        attachments: if is_deleted {
            Vec::new()
        } else {
            attachment(event, content, name).into_iter().collect()
        },
        is_history: scene.is_history || sent_at.plus(FRESH) < scene.now,
    }
}

fn kind(scene: &Scene<'_>, event: &Event<'_>, content: &Message<'_>, is_deleted: bool) -> MessageKind {
    match (event.kind.as_str(), content.msgtype.as_deref()) {
        _ if is_deleted => MessageKind::Plain,
        ("m.room.encrypted", _) => MessageKind::Encrypted,
        ("m.room.message", Some("m.notice" | "m.key.verification.request")) => MessageKind::Notice,
        _ if scene.room.is_service(&event.sender) => MessageKind::Notice,
        (
            "m.room.message",
            Some("m.text" | "m.emote" | "m.image" | "m.video" | "m.audio" | "m.file" | "m.location"),
        )
        | ("m.sticker", _) => MessageKind::Plain,
        ("m.room.message", _) if content.body.as_ref().is_some_and(|body| !body.trim().is_empty()) => {
            MessageKind::Plain
        }
        _ => MessageKind::Unsupported,
    }
}

/// A reply that only imitates a thread for older clients is none.
fn reply_to(content: &Message<'_>) -> Option<RemoteId> {
    let is_thread = content.relates_to.rel_type.as_deref() == Some("m.thread");
    let target = content.relates_to.in_reply_to.event_id.as_deref().filter(|id| ids::is_sound(id))?;
    (!(is_thread && content.relates_to.is_falling_back)).then(|| target.into())
}

/// The words of a message, and the name of its file: `body` is a caption only beside a different file name.
fn text(event_kind: &str, content: &Message<'_>) -> (String, String) {
    let body = content.body.as_deref().unwrap_or_default();
    let is_file = matches!(content.msgtype.as_deref(), Some("m.image" | "m.video" | "m.audio" | "m.file"));
    match (event_kind, content.msgtype.as_deref()) {
        ("m.sticker", _) => (String::new(), body.to_owned()),
        ("m.room.message", _) if is_file => match content.filename.as_deref().filter(|name| !name.is_empty())
        {
            Some(name) if name != body => (without_quote(content, body), name.to_owned()),
            _ => (String::new(), body.to_owned()),
        },
        ("m.room.message", Some("m.emote")) => (format!("* {}", without_quote(content, body)), String::new()),
        ("m.room.message", _) => (without_quote(content, body), String::new()),
        ("m.poll.start" | "org.matrix.msc3381.poll.start", _) => {
            let question = [&content.poll.question, &content.poll_unstable.question]
                .into_iter()
                .find_map(|question| question.text.clone().or_else(|| question.body.clone()));
            (question.unwrap_or_else(|| body.to_owned()), String::new())
        }
        _ => Default::default(),
    }
}

/// Older clients repeat what they answer as `> …` before the first blank line.
fn without_quote(content: &Message<'_>, body: &str) -> String {
    if content.relates_to.in_reply_to.event_id.is_none() || !body.starts_with("> ") {
        return body.to_owned();
    }
    let rest: Vec<&str> = body.split('\n').skip_while(|line| line.starts_with('>')).collect();
    let rest = if rest.first().is_some_and(|line| line.trim().is_empty()) { &rest[1..] } else { &rest };
    // Nothing but a quote is what somebody typed.
    if rest.is_empty() { body.to_owned() } else { rest.join("\n") }
}

fn attachment(event: &Event<'_>, content: &Message<'_>, name: String) -> Option<RemoteAttachment> {
    let kind = match (event.kind.as_str(), content.msgtype.as_deref()) {
        ("m.sticker", _) => AttachmentKind::Sticker,
        ("m.room.message", Some("m.image")) => AttachmentKind::Image,
        ("m.room.message", Some("m.video")) => AttachmentKind::Video,
        ("m.room.message", Some("m.audio")) => AttachmentKind::Audio,
        ("m.room.message", Some("m.file")) => AttachmentKind::File,
        ("m.room.message", Some("m.location")) => return place(content.geo_uri.as_deref()?),
        _ => return None,
    };
    let MediaInfo { mimetype, size, w, h } = &content.info;
    let stated = mimetype.as_deref().filter(|mime| mime.contains('/') && mime.len() <= 127);
    let mime = match stated {
        Some(mime) => mime.to_ascii_lowercase(),
        None => mime_guess::from_path(&name).first_or_octet_stream().essence_str().to_owned(),
    };
    Some(RemoteAttachment {
        kind,
        name,
        mime,
        size_bytes: *size,
        pixels: w.zip(*h).filter(|(w, h)| *w > 0 && *h > 0),
        media: content.url.as_deref().and_then(media),
        link: None,
    })
}

/// A place becomes a link to a map; nothing is fetched for it.
fn place(geo_uri: &str) -> Option<RemoteAttachment> {
    let (place, _) = geo_uri.strip_prefix("geo:")?.split_once(';').unwrap_or((&geo_uri[4..], ""));
    let mut parts = place.split(',').map(|part| part.trim().parse::<f64>().ok());
    let (latitude, longitude) = (parts.next()??, parts.next()??);
    (latitude.abs() <= 90.0 && longitude.abs() <= 180.0).then(|| RemoteAttachment {
        kind: AttachmentKind::Share,
        name: format!("{latitude}, {longitude}"),
        mime: String::new(),
        size_bytes: None,
        pixels: None,
        media: None,
        link: Some(format!(
            "https://www.openstreetmap.org/?mlat={latitude}&mlon={longitude}#map=16/{latitude}/{longitude}"
        )),
    })
}
