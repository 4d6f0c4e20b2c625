//! The outbox: order, compare-and-set, what a restart finds.

use super::fixture::{Profile, at, op, room, text};
use crate::{NewEcho, Stretch, Topic};
use model::outbox::{Delivery, FailReason, OutboxRow, OutboxState};
use model::{AccountId, ConversationId, OpId};

async fn two_rooms() -> (Profile, AccountId, ConversationId, ConversationId) {
    let profile = Profile::new().await;
    let account = profile.account(1).await;
    profile.tell(account, text("a", "hello a", "anna", 1, "Hallo")).await;
    profile.tell(account, text("b", "hello b", "bernd", 1, "Hallo")).await;
    let rooms = (room(&profile, account, "a").await, room(&profile, account, "b").await);
    (profile, account, rooms.0, rooms.1)
}

async fn reply(
    profile: &Profile,
    room: ConversationId,
    number: u8,
    state: OutboxState,
    due: i64,
) -> OutboxRow {
    let echo = NewEcho {
        op_id: op(number),
        conversation_id: room,
        body: format!("Antwort {number}"),
        file: None,
        reply_to: Some("hello a".into()),
        state,
        due_at: at(due),
        now: at(5),
        sent_at: at(5),
    };
    profile.write(move |tx| tx.insert_echo(&echo)).await
}

async fn set(profile: &Profile, number: u8, from: OutboxState, state: OutboxState) -> bool {
    profile
        .write(move |tx| {
            let row = tx.outbox_row(op(number))?.expect("the row is there");
            tx.cas_outbox(&[from], &OutboxRow { state, ..row })
        })
        .await
}

async fn due(profile: &Profile, account: AccountId, now: i64) -> Vec<OpId> {
    let rows = profile.store.read(move |tx| tx.due(account, at(now))).await.unwrap();
    rows.into_iter().map(|row| row.op_id).collect()
}

#[tokio::test]
async fn one_operation_of_a_conversation_at_a_time_in_the_order_they_were_written() {
    let (profile, account, a, b) = two_rooms().await;
    // Numbers that sort the other way round than the order of writing.
    reply(&profile, a, 9, OutboxState::Queued, 10).await;
    reply(&profile, a, 3, OutboxState::Queued, 10).await;
    reply(&profile, b, 5, OutboxState::Held, 12).await;
    assert!(due(&profile, account, 9).await.is_empty());
    assert_eq!(due(&profile, account, 11).await, [op(9)]);
    assert_eq!(due(&profile, account, 12).await, [op(9), op(5)]);
    assert!(set(&profile, 9, OutboxState::Queued, OutboxState::Dispatching).await);
    assert_eq!(due(&profile, account, 12).await, [op(5)], "the second of a waits");
    assert!(set(&profile, 9, OutboxState::Dispatching, OutboxState::Unknown).await);
    assert_eq!(
        due(&profile, account, 12).await,
        [op(9), op(5)],
        "an unknown one is looked at, nothing overtakes it"
    );
    assert!(set(&profile, 9, OutboxState::Unknown, OutboxState::NeedsPerson).await);
    assert_eq!(due(&profile, account, 12).await, [op(3), op(5)]);
    assert_eq!(profile.store.read(move |tx| tx.next_due_after(account, at(0))).await.unwrap(), Some(at(10)));
}

#[tokio::test]
async fn of_two_who_change_a_state_exactly_one_wins() {
    let (profile, _, a, _) = two_rooms().await;
    let held = reply(&profile, a, 1, OutboxState::Held, 10).await;
    let cancelled = OutboxRow { state: OutboxState::Cancelled, ..held.clone() };
    let released = OutboxRow { state: OutboxState::Queued, ..held };
    let mut wins = Vec::new();
    for to in [released, cancelled] {
        wins.push(profile.write(move |tx| tx.cas_outbox(&[OutboxState::Held], &to)).await);
    }
    assert_eq!(wins, [true, false]);
}

#[tokio::test]
async fn a_reply_taken_back_is_nowhere_and_comes_back_with_its_text() {
    let (profile, account, a, _) = two_rooms().await;
    let row = reply(&profile, a, 1, OutboxState::Held, 10).await;
    let mut feed = profile.store.changes();
    assert!(set(&profile, 1, OutboxState::Held, OutboxState::Cancelled).await);
    let topics = feed.try_recv().unwrap().topics;
    assert!(topics.contains(&Topic::Outbox) && topics.contains(&Topic::Conversation(a)));
    let seen = |profile: &Profile| {
        let store = profile.store.clone();
        async move {
            let read = move |tx: &crate::ReadTx<'_>| {
                let thread = tx.messages(a, Stretch::Newest, 10)?.messages.len();
                let hits = tx.search_messages("antwort", None, 10)?.hits.len();
                let conversation = tx.conversation(a)?.expect("the conversation is there");
                Ok::<_, crate::Error>((
                    thread,
                    hits,
                    conversation.waiting_since,
                    conversation.last_activity_at,
                ))
            };
            store.read(read).await.unwrap()
        }
    };
    assert_eq!(seen(&profile).await, (1, 0, Some(at(1)), at(1)));
    assert!(due(&profile, account, 99).await.is_empty());
    assert!(set(&profile, 1, OutboxState::Cancelled, OutboxState::Queued).await);
    assert_eq!(seen(&profile).await, (2, 1, None, at(5)));
    let payload = profile.store.read(|tx| tx.payload(op(1))).await.unwrap().unwrap();
    assert_eq!((payload.body.as_str(), payload.reply_to), ("Antwort 1", Some("hello a".into())));
    assert!(set(&profile, 1, OutboxState::Queued, OutboxState::Cancelled).await);
    profile.write(|tx| tx.forget_cancelled(at(11))).await;
    assert_eq!(profile.store.read(|tx| tx.outbox_row(op(1))).await.unwrap(), None);
    assert_eq!(profile.store.read(move |tx| tx.message(row.message_id)).await.unwrap(), None);
}

#[tokio::test]
async fn the_mark_about_to_send_survives_a_restart() {
    let (profile, _, a, _) = two_rooms().await;
    let row = reply(&profile, a, 1, OutboxState::Queued, 10).await;
    let sending =
        OutboxRow { state: OutboxState::Dispatching, attempts: 1, dispatched_at: Some(at(11)), ..row };
    let marked = sending.clone();
    profile.write(move |tx| tx.cas_outbox(&[OutboxState::Queued], &sending)).await;
    let profile = profile.restart().await;
    assert_eq!(profile.store.read(|tx| tx.outbox_row(op(1))).await.unwrap(), Some(marked));
}

#[tokio::test]
async fn a_message_of_ours_shows_how_far_it_is() {
    let (profile, _, a, _) = two_rooms().await;
    let row = reply(&profile, a, 1, OutboxState::Held, 10).await;
    let id = row.message_id;
    let delivery = |profile: &Profile| {
        let store = profile.store.clone();
        async move { store.read(move |tx| tx.message(id)).await.unwrap().unwrap().delivery }
    };
    let held = Delivery { state: OutboxState::Held, held_until: Some(at(10)), reason: None };
    assert_eq!(delivery(&profile).await, Some(held));
    let reason = Some(FailReason::WindowClosed);
    let failed = OutboxRow { state: OutboxState::Failed, reason, ..row };
    profile.write(move |tx| tx.cas_outbox(&[OutboxState::Held], &failed)).await;
    let failed = Delivery { state: OutboxState::Failed, held_until: None, reason };
    assert_eq!(delivery(&profile).await, Some(failed));
}

#[tokio::test]
async fn remote_ids_of_our_operations_are_taken() {
    let (profile, account, a, _) = two_rooms().await;
    let first = reply(&profile, a, 1, OutboxState::Queued, 10).await;
    reply(&profile, a, 2, OutboxState::Queued, 10).await;
    profile.tell(account, text("a", "from the phone", "us", 6, "Antwort 2")).await;
    profile.write(move |tx| tx.confirm_message(first.message_id, &"one".into())).await;
    let taken = profile.store.read(move |tx| tx.taken_remote_ids(a, at(0))).await.unwrap();
    assert_eq!(taken, ["one".into()]);
    assert!(profile.store.read(move |tx| tx.taken_remote_ids(a, at(99))).await.unwrap().is_empty());
}
