//! Stretches of a conversation.

use super::fixture::{Profile, at, room, text};
use crate::{MessageKey, Messages, Stretch};
use model::remote::RemoteMessage;
use model::{AccountId, ConversationId, MessageId, Timestamp};

/// Forty messages, four in each instant.
async fn forty() -> (Profile, AccountId, ConversationId) {
    let profile = Profile::new().await;
    let account = profile.account(1).await;
    profile
        .write(move |tx| {
            for n in 0..40 {
                let message = RemoteMessage {
                    order: n % 4,
                    ..text("room", &format!("m{n}"), "anna", n / 4, &n.to_string())
                };
                super::fixture::tell(tx, account, &message)?;
            }
            Ok(())
        })
        .await;
    let room = room(&profile, account, "room").await;
    (profile, account, room)
}

async fn read(profile: &Profile, room: ConversationId, stretch: Stretch, limit: u32) -> Messages {
    profile.store.read(move |tx| tx.messages(room, stretch, limit)).await.unwrap()
}

fn numbers(page: &Messages) -> Vec<i32> {
    page.messages.iter().map(|(_, message)| message.body.parse().unwrap()).collect()
}

#[tokio::test]
async fn pages_backwards_meet_without_gap_or_overlap() {
    let (profile, _, room) = forty().await;
    let mut page = read(&profile, room, Stretch::Newest, 7).await;
    assert!(!page.has_newer);
    let mut all = numbers(&page);
    while page.has_older {
        let first = page.messages[0].0;
        page = read(&profile, room, Stretch::Before(first), 7).await;
        assert!(page.has_newer);
        all.splice(0..0, numbers(&page));
    }
    assert_eq!(all, (0..40).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_stretch_asked_for_again_is_the_same_and_grows_only_inside() {
    let (profile, account, room) = forty().await;
    let page = read(&profile, room, Stretch::Newest, 10).await;
    let from = page.messages[0].0;
    let before = page.messages[9].0;
    profile.tell(account, text("room", "new", "anna", 99, "99")).await;
    profile.tell(account, text("room", "old", "anna", -5, "-5")).await;
    profile.tell(account, RemoteMessage { order: 9, ..text("room", "late", "anna", 8, "38") }).await;
    let middle = read(&profile, room, Stretch::From { from, before: Some(before) }, 200).await;
    assert_eq!(numbers(&middle), [30, 31, 32, 33, 34, 35, 38, 36, 37, 38]);
    assert!(middle.has_older && middle.has_newer);
    let live = read(&profile, room, Stretch::From { from, before: None }, 200).await;
    assert_eq!(numbers(&live).last(), Some(&99));
    assert!(!live.has_newer);
}

#[tokio::test]
async fn around_a_message_there_are_both_sides_of_it() {
    let (profile, _, room) = forty().await;
    let newest = read(&profile, room, Stretch::Newest, 40).await;
    let id = |n: usize| newest.messages[n].1.id;
    let page = read(&profile, room, Stretch::Around(id(20)), 9).await;
    assert_eq!(numbers(&page), (16..25).collect::<Vec<_>>());
    assert!(page.has_older && page.has_newer);
    let start = read(&profile, room, Stretch::Around(id(1)), 9).await;
    assert_eq!((numbers(&start), start.has_older), ((0..6).collect(), false));
    let nowhere = read(&profile, room, Stretch::Around(MessageId(1)), 9).await;
    assert_eq!(nowhere, Messages::default());
}

#[tokio::test]
async fn an_empty_stretch_still_knows_what_lies_around_it() {
    let (profile, _, room) = forty().await;
    let gap = MessageKey { at: Timestamp(at(4).0 + 500), order: 0, id: MessageId(0) };
    let later = MessageKey { at: Timestamp(gap.at.0 + 1), ..gap };
    let page = read(&profile, room, Stretch::From { from: gap, before: Some(later) }, 10).await;
    assert!(page.messages.is_empty() && page.has_older && page.has_newer);
    let first = MessageKey { at: at(-10), order: 0, id: MessageId(0) };
    let page = read(&profile, room, Stretch::Before(first), 10).await;
    assert!(page.messages.is_empty() && !page.has_older && page.has_newer);
}
