//! Cursors, gaps, read marks.

use super::fixture::{Profile, at, room, text};
use crate::{Error, Gap};
use model::account::AccountSettings;
use model::remote::Author;
use model::{AccountId, ConversationId};
use std::collections::BTreeSet;

async fn two_rooms() -> (Profile, AccountId, ConversationId, ConversationId) {
    let profile = Profile::new().await;
    let account = profile.account(1).await;
    profile.tell(account, text("old", "m1", "anna", 1, "Hallo")).await;
    profile.tell(account, text("new", "m2", "bernd", 2, "Hallo")).await;
    let rooms = (room(&profile, account, "old").await, room(&profile, account, "new").await);
    (profile, account, rooms.0, rooms.1)
}

async fn next(profile: &Profile, account: AccountId) -> Option<Gap> {
    profile.store.read(move |tx| tx.next_gap(account, 2, &BTreeSet::new())).await.unwrap()
}

#[tokio::test]
async fn a_cursor_moves_with_its_rows_or_not_at_all() {
    let (profile, account, ..) = two_rooms().await;
    let outcome: Result<(), Error> = profile
        .store
        .write(move |tx| {
            super::fixture::tell(tx, account, &text("new", "lost", "bernd", 3, "weg"))?;
            tx.set_cursor(account, Some("s2"))?;
            Err(Error::Busy)
        })
        .await;
    assert!(outcome.is_err());
    assert_eq!(profile.store.read(move |tx| tx.cursor(account)).await.unwrap(), None);
    profile.write(move |tx| tx.set_cursor(account, Some("s2"))).await;
    let profile = profile.restart().await;
    assert_eq!(profile.store.read(move |tx| tx.cursor(account)).await.unwrap().as_deref(), Some("s2"));
    profile.write(move |tx| tx.set_cursor(account, None)).await;
    assert_eq!(profile.store.read(move |tx| tx.cursor(account)).await.unwrap(), None);
}

#[tokio::test]
async fn holes_come_first_then_what_a_person_waits_for_then_the_newest_conversation() {
    let (profile, account, old, new) = two_rooms().await;
    profile
        .write(move |tx| {
            tx.add_gap(old, Some("older"), false)?;
            tx.add_gap(new, Some("older"), false)?;
            tx.add_gap(old, Some("hole 1"), true)?;
            tx.add_gap(old, Some("hole 2"), true)?;
            tx.add_gap(old, Some("hole 2"), true)?;
            tx.add_gap(new, Some("again"), false)
        })
        .await;
    let mut seen = Vec::new();
    while let Some(gap) = next(&profile, account).await {
        seen.push((gap.conversation_id, gap.cursor.clone().unwrap()));
        profile.write(move |tx| tx.finish_gap(&gap)).await;
    }
    let expected = [(old, "hole 2"), (old, "hole 1"), (new, "older"), (old, "older")];
    assert_eq!(seen, expected.map(|(room, cursor)| (room, cursor.to_owned())));
}

#[tokio::test]
async fn a_gap_that_is_set_aside_lets_the_others_pass() {
    let (profile, account, old, new) = two_rooms().await;
    profile
        .write(move |tx| {
            tx.add_gap(old, Some("older"), false)?;
            tx.add_gap(new, Some("older"), false)?;
            tx.add_gap(old, Some("hole"), true)
        })
        .await;
    let mut set_aside = BTreeSet::new();
    let mut rooms = Vec::new();
    loop {
        let but = set_aside.clone();
        let Some(gap) = profile.store.read(move |tx| tx.next_gap(account, 2, &but)).await.unwrap() else {
            break;
        };
        rooms.push((gap.conversation_id, gap.is_hole));
        set_aside.insert(gap.id);
    }
    assert_eq!(rooms, [(old, true), (new, false), (old, false)]);
}

#[tokio::test]
async fn older_history_rests_after_some_pages_until_a_person_waits_for_it() {
    let (profile, account, _, new) = two_rooms().await;
    profile.write(move |tx| tx.add_gap(new, None, false)).await;
    for cursor in ["p1", "p2"] {
        let gap = next(&profile, account).await.expect("there are pages left");
        profile.write(move |tx| tx.advance_gap(&gap, cursor)).await;
    }
    assert_eq!(next(&profile, account).await, None);
    assert!(profile.store.read(move |tx| tx.has_gap(new)).await.unwrap());
    profile.write(move |tx| tx.want_gap(new)).await;
    let gap = next(&profile, account).await.expect("a person waits");
    assert_eq!(gap.cursor.as_deref(), Some("p2"));
    profile.write(move |tx| tx.advance_gap(&gap, "p3")).await;
    assert_eq!(next(&profile, account).await, None, "one page for one wish");
}

#[tokio::test]
async fn a_newer_hole_is_not_moved_in_the_place_of_the_one_being_filled() {
    let (profile, account, _, new) = two_rooms().await;
    profile.write(move |tx| tx.add_gap(new, Some("first"), true)).await;
    let gap = next(&profile, account).await.unwrap();
    profile.write(move |tx| tx.add_gap(new, Some("second"), true)).await;
    profile.write(move |tx| tx.advance_gap(&gap, "first, page 2")).await;
    let second = next(&profile, account).await.unwrap();
    assert_eq!(second.cursor.as_deref(), Some("second"));
    profile.write(move |tx| tx.finish_gap(&second)).await;
    assert_eq!(next(&profile, account).await.unwrap().cursor.as_deref(), Some("first, page 2"));
}

#[tokio::test]
async fn a_read_mark_moves_forward_only_and_a_late_receipt_keeps_the_mark_of_a_person() {
    let (profile, _, _, new) = two_rooms().await;
    assert!(profile.write(move |tx| tx.advance_read_mark(new, at(2))).await);
    assert!(!profile.write(move |tx| tx.advance_read_mark(new, at(1))).await);
    profile.write(move |tx| tx.set_read_mark(new, Some(at(2)), true)).await;
    assert!(!profile.write(move |tx| tx.advance_read_mark_told_by_platform(new, at(1))).await);
    let conversation = profile.store.read(move |tx| tx.conversation(new)).await.unwrap().unwrap();
    assert!(conversation.is_marked_unread);
    assert_eq!((conversation.unread_count, conversation.read_up_to), (0, Some(at(2))));
    profile.write(move |tx| tx.advance_their_read_mark(new, at(3))).await;
    profile.write(move |tx| tx.advance_their_read_mark(new, at(2))).await;
    assert_eq!(profile.store.read(move |tx| tx.read_by_them_up_to(new)).await.unwrap(), Some(at(3)));
}

#[tokio::test]
async fn whoever_reads_up_to_an_edit_or_a_reaction_has_read_what_it_belongs_to() {
    let (profile, account, old, new) = two_rooms().await;
    profile
        .write(move |tx| {
            tx.apply_edit(account, &"m1".into(), None, "Hallo!", at(5), "edit")?;
            tx.apply_reaction(account, &"m2".into(), &Author::Us, "👍", Some(&"reaction".into()), at(6))?;
            tx.read_up_to_message(account, old, &"edit".into(), true)?;
            tx.read_up_to_message(account, new, &"reaction".into(), false)
        })
        .await;
    let old = profile.store.read(move |tx| tx.conversation(old)).await.unwrap().unwrap();
    assert_eq!((old.read_up_to, old.unread_count), (Some(at(5)), 0));
    assert_eq!(profile.store.read(move |tx| tx.read_by_them_up_to(new)).await.unwrap(), Some(at(2)));
}

#[tokio::test]
async fn a_read_mark_is_told_to_the_platform_once_and_names_the_newest_message_read() {
    let (profile, account, old, new) = two_rooms().await;
    let untold = |profile: &Profile| {
        let store = profile.store.clone();
        async move { store.read(move |tx| tx.untold_read_marks(account, 10)).await.unwrap() }
    };
    assert!(untold(&profile).await.is_empty());
    profile.write(move |tx| tx.advance_read_mark(new, at(2))).await;
    profile.write(move |tx| tx.advance_read_mark_told_by_platform(old, at(1))).await;
    let marks = untold(&profile).await;
    assert_eq!(marks.len(), 1);
    assert_eq!((marks[0].conversation, marks[0].remote_message.as_str()), (new, "m2"));
    assert!(!marks[0].is_public);
    let shown = AccountSettings { sends_read_receipts: true, notifies: true };
    profile.write(move |tx| tx.set_account_settings(account, shown)).await;
    let mark = untold(&profile).await.remove(0);
    assert!(mark.is_public);
    profile.write(move |tx| tx.set_read_mark_told(mark.conversation, mark.up_to)).await;
    assert!(untold(&profile).await.is_empty());
    let first_unread = profile.store.read(move |tx| tx.first_unread(new)).await.unwrap();
    assert_eq!(first_unread, None);
}
