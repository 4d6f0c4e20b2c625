//! Messages: ids, merging, echoes that become messages of the platform.

use super::fixture::{Profile, at, conversation, op, room, text};
use crate::{Error, NewEcho, Stretch};
use model::attachment::{AttachmentKind, MediaRef};
use model::draft::DraftFile;
use model::message::{Direction, Message, MessageKind};
use model::outbox::OutboxState;
use model::remote::{RemoteAttachment, RemoteContact, RemoteMessage};
use model::{AccountId, ConversationId, MediaId, MessageId};

async fn thread(profile: &Profile, conversation: ConversationId) -> Vec<Message> {
    let page = profile.store.read(move |tx| tx.messages(conversation, Stretch::Newest, 200)).await.unwrap();
    page.messages.into_iter().map(|(_, message)| message).collect()
}

fn picture(key: &str) -> RemoteAttachment {
    RemoteAttachment {
        kind: AttachmentKind::Image,
        name: format!("{key}.jpg"),
        mime: "image/jpeg".to_owned(),
        size_bytes: Some(1234),
        pixels: Some((640, 480)),
        media: Some(MediaRef { key: key.to_owned(), source: format!("mxc://example.org/{key}") }),
        link: None,
    }
}

async fn reply(profile: &Profile, conversation_id: ConversationId, number: u8, body: &str) -> MessageId {
    let echo = NewEcho {
        op_id: op(number),
        conversation_id,
        body: body.to_owned(),
        file: None,
        reply_to: None,
        state: OutboxState::Queued,
        due_at: at(10),
        now: at(10),
        sent_at: at(10),
    };
    profile.write(move |tx| tx.insert_echo(&echo)).await.message_id
}

async fn greeted() -> (Profile, AccountId, ConversationId) {
    let profile = Profile::new().await;
    let account = profile.account(1).await;
    profile.tell(account, text("room", "hello", "anna", 1, "Hallo")).await;
    let room = room(&profile, account, "room").await;
    (profile, account, room)
}

#[tokio::test]
async fn a_full_second_takes_the_free_slots_of_the_seconds_after_it() {
    let profile = Profile::new().await;
    let account = profile.account(1).await;
    let ids = profile
        .write(move |tx| {
            let mut ids = Vec::new();
            for n in 0..5000 {
                ids.push(super::fixture::tell(tx, account, &text("room", &format!("m{n}"), "anna", 7, ""))?);
            }
            ids.push(super::fixture::tell(tx, account, &text("room", "later", "anna", 8, ""))?);
            Ok(ids)
        })
        .await;
    let first = MessageId::first_of_second(at(7));
    let expected: Vec<MessageId> = (0..5001).map(|slot| MessageId(first.0 + slot)).collect();
    assert_eq!(ids, expected);
    assert!(
        ids[5000] > MessageId::first_of_second(at(8)),
        "the next second was in use and gave its next slot"
    );
}

#[tokio::test]
async fn ids_are_ordered_by_time_although_history_comes_backwards() {
    let profile = Profile::new().await;
    let account = profile.account(1).await;
    let mut ids = Vec::new();
    for seconds in [500, 400, 450, 10, 499] {
        ids.push((
            seconds,
            profile.tell(account, text("room", &seconds.to_string(), "anna", seconds, "x")).await,
        ));
    }
    ids.sort_unstable();
    assert!(ids.is_sorted_by_key(|(_, id)| *id), "{ids:?}");
    let before_1970 = RemoteMessage { sent_at: model::Timestamp(-5), ..text("room", "old", "anna", 0, "x") };
    assert_eq!(profile.tell(account, before_1970).await, MessageId(0));
}

#[tokio::test]
async fn an_echo_keeps_its_row_when_the_platform_gives_our_operation_back() {
    let (profile, account, room) = greeted().await;
    let echo = reply(&profile, room, 1, "Guten Tag").await;
    let told =
        RemoteMessage { op_id: Some(op(1)), order: 3, ..text("room", "theirs", "us", 12, "Guten Tag") };
    assert_eq!(profile.tell(account, told.clone()).await, echo);
    assert_eq!(profile.tell(account, told).await, echo);
    let messages = thread(&profile, room).await;
    assert_eq!(messages.len(), 2);
    assert_eq!((messages[1].id, messages[1].sent_at), (echo, at(12)));
    assert_eq!(messages[1].remote_id, Some("theirs".into()));
}

#[tokio::test]
async fn an_echo_and_the_message_that_came_in_by_itself_become_one_row() {
    let (profile, account, room) = greeted().await;
    let echo = reply(&profile, room, 1, "Guten Tag").await;
    profile.tell(account, text("room", "theirs", "us", 12, "Guten Tag, Anna")).await;
    profile
        .write(move |tx| {
            let author = model::remote::Author::Them("anna".into());
            tx.apply_reaction(account, &"theirs".into(), &author, "👍", None, at(13))
        })
        .await;
    assert_eq!(thread(&profile, room).await.len(), 3);
    profile.write(move |tx| tx.confirm_message(echo, &"theirs".into())).await;
    let messages = thread(&profile, room).await;
    assert_eq!(messages.len(), 2);
    let merged = &messages[1];
    assert_eq!((merged.id, merged.sent_at, merged.body.as_str()), (echo, at(12), "Guten Tag, Anna"));
    assert_eq!(merged.reactions.len(), 1);
    let hits = profile.store.read(|tx| tx.search_messages("guten", None, 10)).await.unwrap().hits;
    assert_eq!(hits.iter().map(|hit| hit.message).collect::<Vec<_>>(), [echo]);
}

#[tokio::test]
async fn a_confirmed_echo_is_not_taken_for_a_second_message_with_the_same_operation() {
    let (profile, account, room) = greeted().await;
    let echo = reply(&profile, room, 1, "Guten Tag").await;
    profile.write(move |tx| tx.confirm_message(echo, &"first".into())).await;
    let double = RemoteMessage { op_id: Some(op(1)), ..text("room", "second", "us", 12, "Guten Tag") };
    assert_ne!(profile.tell(account, double).await, echo);
    assert_eq!(thread(&profile, room).await.len(), 3, "what the platform shows twice is shown twice");
}

#[tokio::test]
async fn a_reply_that_is_known_to_be_one_message_does_not_become_another() {
    let (profile, account, room) = greeted().await;
    let echo = reply(&profile, room, 1, "Guten Tag").await;
    profile.tell(account, text("room", "first", "us", 12, "Guten Tag")).await;
    profile.write(move |tx| tx.confirm_message(echo, &"first".into())).await;
    profile.tell(account, text("room", "second", "us", 13, "Guten Tag")).await;
    profile.write(move |tx| tx.confirm_message(echo, &"second".into())).await;
    let shown = thread(&profile, room).await;
    let ids: Vec<_> = shown.iter().filter_map(|message| message.remote_id.as_ref()).collect();
    assert_eq!(ids.iter().map(|id| id.as_str()).collect::<Vec<_>>()[1..], ["first", "second"], "{ids:?}");
    assert_eq!((shown.len(), shown[1].id), (3, echo));
}

#[tokio::test]
async fn a_deletion_that_came_before_our_echo_was_known_applies_to_it() {
    let (profile, account, room) = greeted().await;
    let echo = reply(&profile, room, 1, "Vertippt").await;
    profile.write(move |tx| tx.apply_deletion(account, &"theirs".into(), at(20))).await;
    profile.write(move |tx| tx.confirm_message(echo, &"theirs".into())).await;
    let message = thread(&profile, room).await.remove(1);
    assert_eq!((message.body.as_str(), message.deleted_at), ("", Some(at(20))));
}

#[tokio::test]
async fn the_file_of_a_reply_is_not_replaced_by_the_platforms_copy() {
    let (profile, account, room) = greeted().await;
    let (media, name, mime) = (MediaId::from("ours"), "Foto.jpg".to_owned(), "image/jpeg".to_owned());
    let file = DraftFile { media: media.clone(), name, mime, size_bytes: 9 };
    let echo = NewEcho {
        op_id: op(1),
        conversation_id: room,
        body: String::new(),
        file: Some(file.clone()),
        reply_to: None,
        state: OutboxState::Queued,
        due_at: at(10),
        now: at(10),
        sent_at: at(10),
    };
    profile.write(move |tx| tx.insert_own_media(&"ours".into(), "image/jpeg", 9)).await;
    profile.write(move |tx| tx.insert_echo(&echo)).await;
    let attachments = vec![picture("platform")];
    let told = RemoteMessage { op_id: Some(op(1)), attachments, ..text("room", "theirs", "us", 12, "") };
    profile.tell(account, told).await;
    let message = thread(&profile, room).await.remove(1);
    assert_eq!(message.attachments.len(), 1);
    assert_eq!(
        (&message.attachments[0].media, message.attachments[0].kind),
        (&Some(media), AttachmentKind::Image)
    );
    let payload = profile.store.read(|tx| tx.payload(op(1))).await.unwrap().unwrap();
    assert_eq!((payload.file, payload.conversation), (Some(file), "room".into()));
}

#[tokio::test]
async fn attachments_keep_their_rows_until_they_change_and_leave_their_media_behind() {
    let (profile, account, room) = greeted().await;
    let told =
        RemoteMessage { attachments: vec![picture("a"), picture("b")], ..text("room", "m", "anna", 2, "") };
    profile.tell(account, told.clone()).await;
    let before = thread(&profile, room).await.remove(1).attachments;
    profile.tell(account, told.clone()).await;
    assert_eq!(thread(&profile, room).await.remove(1).attachments, before);
    let fewer = RemoteMessage { attachments: vec![picture("b")], ..told };
    let erased = profile.write(move |tx| Ok(tx.upsert_message(account, room, &fewer)?.erased)).await;
    assert_eq!(erased, [before[0].media.clone().unwrap()]);
    let left = profile.store.read(|tx| tx.media_ids()).await.unwrap();
    assert_eq!(left, [before[1].media.clone().unwrap()]);
    let erased = profile.write(move |tx| tx.apply_deletion(account, &"m".into(), at(3))).await;
    assert_eq!(erased.media, left);
}

#[tokio::test]
async fn messages_stand_in_the_platforms_order_whatever_their_arrival() {
    let (profile, account, room) = greeted().await;
    for (id, seconds, order) in [("d", 5, 2), ("c", 5, 1), ("e", 6, 0), ("b", 4, 9)] {
        profile.tell(account, RemoteMessage { order, ..text("room", id, "anna", seconds, id) }).await;
    }
    let bodies: Vec<String> = thread(&profile, room).await.into_iter().map(|message| message.body).collect();
    assert_eq!(bodies, ["Hallo", "b", "c", "d", "e"]);
}

#[tokio::test]
async fn an_echo_stands_last_although_this_clock_is_behind_the_platforms() {
    let (profile, account, room) = greeted().await;
    profile.tell(account, text("room", "ahead", "anna", 5000, "aus der Zukunft")).await;
    let echo = reply(&profile, room, 1, "Antwort").await;
    assert_eq!(thread(&profile, room).await.last().unwrap().id, echo);
}

#[tokio::test]
async fn a_message_that_could_not_be_read_first_is_completed_later() {
    let (profile, account, room) = greeted().await;
    let sealed = RemoteMessage { kind: MessageKind::Encrypted, ..text("room", "m", "anna", 2, "") };
    profile.tell(account, sealed).await;
    profile.tell(account, text("room", "m", "anna", 2, "lesbar")).await;
    let message = thread(&profile, room).await.remove(1);
    assert_eq!((message.kind, message.body.as_str()), (MessageKind::Plain, "lesbar"));
    let hits = profile.store.read(|tx| tx.search_messages("lesbar", None, 10)).await.unwrap().hits;
    assert_eq!(hits.len(), 1);
}

#[tokio::test]
async fn a_contact_and_a_conversation_keep_what_the_platform_does_not_tell_again() {
    let (profile, account, room) = greeted().await;
    let full = RemoteContact {
        remote_id: "anna".into(),
        name: Some("Anna Groß".to_owned()),
        handle: Some("@anna".to_owned()),
        avatar: Some(MediaRef { key: "face".to_owned(), source: "mxc://example.org/face".to_owned() }),
    };
    let bare = RemoteContact { remote_id: "anna".into(), name: None, handle: None, avatar: None };
    let mut told = conversation("room");
    told.contact = Some("anna".into());
    told.network = Some("instagram".to_owned());
    let again = conversation("room");
    let (before, after) = profile
        .write(move |tx| {
            let id = tx.upsert_contact(account, &full)?;
            tx.merge_conversation(account, &told, at(0))?;
            let before = (tx.contact(id)?, tx.conversation(room)?);
            tx.upsert_contact(account, &bare)?;
            tx.merge_conversation(account, &again, at(0))?;
            Ok::<_, Error>((before, (tx.contact(id)?, tx.conversation(room)?)))
        })
        .await;
    assert_eq!(before, after);
    let (contact, conversation) = (after.0.unwrap(), after.1.unwrap());
    assert_eq!((contact.name.as_str(), contact.handle.as_deref()), ("Anna Groß", Some("@anna")));
    assert!(contact.avatar.is_some());
    assert_eq!(
        (conversation.title.as_str(), conversation.network.as_deref()),
        ("Anna Groß", Some("instagram"))
    );
    assert_eq!(thread(&profile, room).await[0].direction, Direction::In);
}

#[tokio::test]
async fn a_title_is_the_conversations_own_else_the_customers_name_else_the_id() {
    let (profile, account, room) = greeted().await;
    let title = |profile: &Profile| {
        let store = profile.store.clone();
        async move { store.read(move |tx| tx.conversation(room)).await.unwrap().unwrap().title }
    };
    assert_eq!(title(&profile).await, "room");
    let mut told = conversation("room");
    told.contact = Some("anna".into());
    profile.write(move |tx| tx.merge_conversation(account, &told, at(0))).await;
    assert_eq!(title(&profile).await, "anna");
    let named =
        RemoteContact { remote_id: "anna".into(), name: Some("Anna".into()), handle: None, avatar: None };
    profile.write(move |tx| tx.upsert_contact(account, &named)).await;
    assert_eq!(title(&profile).await, "Anna");
    let mut told = conversation("room");
    told.title = Some("Reklamationen".to_owned());
    profile.write(move |tx| tx.merge_conversation(account, &told, at(0))).await;
    assert_eq!(title(&profile).await, "Reklamationen");
}

#[tokio::test]
async fn a_message_taken_back_before_it_came_is_no_news() {
    let (profile, account, room) = greeted().await;
    let news = profile
        .write(move |tx| {
            tx.apply_deletion(account, &"gone".into(), at(3))?;
            let gone = tx.upsert_message(account, room, &text("room", "gone", "anna", 2, "Vertippt"))?;
            let here = tx.upsert_message(account, room, &text("room", "here", "anna", 4, "Richtig"))?;
            Ok([gone.is_new, here.is_new])
        })
        .await;
    assert_eq!(news, [false, true]);
    assert_eq!(thread(&profile, room).await[1].body, "");
}
