//! The kinds of messages that the documents know, out of fixtures.

use crate::messenger::cursor::Mark;
use crate::messenger::inbound::Place;
use crate::messenger::lenient::List;
use crate::messenger::view::{View, compare};
use crate::messenger::wire::{Message, Thread};
use model::Timestamp;
use model::attachment::AttachmentKind::{self, Audio, File, Image, Share, Sticker, Story, Video};
use model::message::MessageKind::{self, Plain, StoryMention, StoryReply, Unsupported};
use model::remote::{Author, RemoteEvent, RemoteMessage};

pub const PAGE: &str = "101000000000001";

fn kinds() -> (Vec<RemoteMessage>, Vec<RemoteEvent>, Vec<String>) {
    let text = include_str!("../../../../../../tests/fixtures/messenger/message_kinds.json");
    let list: List<Message> = serde_json::from_str(text).unwrap();
    let view = View::of(list, 100);
    assert!(view.is_end && view.broken == 1);
    let place = Place { page: PAGE, thread: "t_2001" };
    let compared = compare(&view, None, place, Timestamp(0), Timestamp(0));
    let messages = compared.events.iter().filter_map(|event| match event {
        RemoteEvent::Message(message) => Some(message.clone()),
        _ => None,
    });
    (messages.collect(), compared.events.clone(), compared.problems)
}

#[test]
fn every_kind_of_message_is_shown_as_what_it_is() {
    let (messages, events, problems) = kinds();
    let table: &[(&str, MessageKind, &[AttachmentKind])] = &[
        ("4711000000000000001", Plain, &[]),
        ("m_no_from", Plain, &[]),
        ("m_reacted_object", Plain, &[]),
        ("m_reacted_list", Plain, &[]),
        ("m_nothing", Unsupported, &[]),
        ("m_unsupported", Unsupported, &[]),
        ("m_eu_stub", Plain, &[File]),
        ("m_mention", StoryMention, &[Story]),
        ("m_story", StoryReply, &[Story]),
        ("m_template", Plain, &[Share]),
        ("m_share_evil", Plain, &[Share]),
        ("m_share", Plain, &[Share]),
        ("m_sticker_new", Plain, &[Sticker]),
        ("m_sticker_old", Plain, &[Sticker]),
        ("m_gif", Plain, &[Image]),
        ("m_pdf", Plain, &[File]),
        ("m_voice", Plain, &[Audio]),
        ("m_video", Plain, &[Video]),
        ("m_image", Plain, &[Image]),
        ("m_ours", Plain, &[]),
        ("m_text", Plain, &[]),
    ];
    let found: Vec<_> = messages
        .iter()
        .map(|message| {
            let files: Vec<_> = message.attachments.iter().map(|file| file.kind).collect();
            (message.remote_id.as_str(), message.kind, files)
        })
        .collect();
    let expected: Vec<_> = table.iter().map(|(id, kind, files)| (*id, *kind, files.to_vec())).collect();
    assert_eq!(found, expected);
    assert_eq!(problems, ["1 messages without an id", "message without a time"]);
    let reactions: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            RemoteEvent::ReactionsNow { message, reactions, .. } => {
                Some((message.as_str(), reactions.clone()))
            }
            _ => None,
        })
        .collect();
    assert_eq!(
        reactions,
        [
            ("m_reacted_object", vec![(Author::Us, "👍".to_owned())]),
            ("m_reacted_list", vec![(Author::Them("7001".into()), "❤️".to_owned())]),
        ]
    );
}

#[test]
fn what_a_message_carries_arrives_whole() {
    let (messages, _, _) = kinds();
    let of = |id: &str| messages.iter().find(|message| message.remote_id.as_str() == id).unwrap();
    assert_eq!(of("m_text").body, "Guten Morgen 🌷, ist die Bienenwachskerze wieder da?");
    assert_eq!(of("m_text").sent_at, Timestamp(1_795_167_605_000));
    assert_eq!(of("m_text").author, Author::Them("7001".into()));
    assert_eq!(of("m_ours").author, Author::Us);
    assert_eq!(of("m_ours").reply_to, Some("m_earlier".into()));
    assert_eq!(of("m_no_from").author, Author::Us);
    let image = &of("m_image").attachments[0];
    assert_eq!((image.name.as_str(), image.mime.as_str()), ("kerze.jpg", "image/jpeg"));
    assert_eq!((image.size_bytes, image.pixels), (Some(184_322), Some((1080, 1350))));
    let media = image.media.clone().unwrap();
    assert_eq!(
        (media.key.as_str(), media.source.as_str()),
        ("m_image/0", r#"{"k":"message","m":"m_image","i":0}"#)
    );
    assert_eq!(
        of("m_share").attachments[0].link.as_deref(),
        Some("https://www.facebook.com/kerzenwerk/posts/12")
    );
    assert_eq!(of("m_share_evil").attachments[0].link, None);
    assert_eq!(of("m_template").attachments[0].link.as_deref(), Some("https://kerzenwerk.example/b/44"));
    assert!(of("m_story").attachments[0].media.is_some());
    assert!(of("m_mention").attachments[0].media.is_none(), "the story is over");
    assert!(of("m_eu_stub").attachments[0].media.is_none());
    assert!(of("m_eu_stub").attachments[0].name.contains("nicht verfügbar"));
}

#[test]
fn a_page_of_threads_is_read_although_some_are_bare() {
    let text = include_str!("../../../../../../tests/fixtures/messenger/conversations.json");
    let list: List<Thread> = serde_json::from_str(text).unwrap();
    assert_eq!((list.items.len(), list.broken, list.after().as_deref()), (3, 1, Some("QVFIa")));
    let events = crate::messenger::inbound::introduce(&list.items[1], PAGE);
    assert!(
        matches!(&events[0], RemoteEvent::Contact(contact) if contact.name.is_none() && contact.avatar.is_some())
    );
    assert!(matches!(&events[1], RemoteEvent::Conversation(it) if it.contact == Some("7002".into())));
    assert!(matches!(
        &crate::messenger::inbound::introduce(&list.items[2], PAGE)[..],
        [RemoteEvent::Conversation(it)] if it.contact.is_none()
    ));
}

#[test]
fn messages_of_one_second_keep_their_order_over_a_page_border() {
    let message = |id: &str, second: u32| -> Message {
        let time = format!("2026-11-20T09:00:{second:02}+0000");
        serde_json::from_value(
            serde_json::json!({"id": id, "created_time": time, "from": {"id": "7001"}, "message": id}),
        )
        .unwrap()
    };
    let place = Place { page: PAGE, thread: "t" };
    let mut sorted: Vec<(Timestamp, i64, String)> = Vec::new();
    let pages = [
        View { messages: vec![message("e", 9), message("d", 5), message("c", 5)], ..View::default() },
        View {
            messages: vec![message("b", 5), message("a", 5), message("0", 1)],
            is_end: true,
            ..View::default()
        },
    ];
    for view in &pages {
        for event in compare(view, None, place, Timestamp(0), Timestamp(0)).events {
            let RemoteEvent::Message(message) = event else { panic!("{event:?}") };
            sorted.push((message.sent_at, message.order, message.body));
        }
    }
    sorted.sort();
    let order: Vec<&str> = sorted.iter().map(|(_, _, id)| id.as_str()).collect();
    assert_eq!(order, ["0", "a", "b", "c", "d", "e"]);
}

#[test]
fn an_empty_or_cut_view_deletes_nothing() {
    let message = |id: &str, second: u32| -> Message {
        let time = format!("2026-11-20T09:00:{second:02}+0000");
        serde_json::from_value(
            serde_json::json!({"id": id, "created_time": time, "from": {"id": "7001"}, "message": id}),
        )
        .unwrap()
    };
    let place = Place { page: PAGE, thread: "t" };
    let full = View { messages: vec![message("c", 5), message("b", 4), message("a", 4)], ..View::default() };
    let mark: Mark = compare(&full, None, place, Timestamp(0), Timestamp(0)).mark;
    let again = |view: &View| compare(view, Some(&mark), place, Timestamp(0), Timestamp(0));
    assert!(again(&View { is_end: true, ..View::default() }).missing.is_empty());
    let cut = View { messages: vec![message("c", 5), message("b", 4)], ..View::default() };
    assert!(again(&cut).missing.is_empty(), "a may be on the next page");
    let end = View { messages: vec![message("c", 5), message("b", 4)], is_end: true, ..View::default() };
    assert_eq!(again(&end).missing, ["a".into()]);
    assert!(again(&full).events.is_empty(), "what is known is not told again");
}
