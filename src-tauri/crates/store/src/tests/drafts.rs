//! Drafts, settings, the history of actions, and what a person has been told.

use super::fixture::{Profile, at, op, room, text};
use crate::Recorded;
use model::action::{Action, By, Intent, Undo};
use model::draft::{Draft, DraftFile};
use model::settings::{Settings, Theme};
use model::{ActionId, ConversationId};

async fn greeted() -> (Profile, ConversationId) {
    let profile = Profile::new().await;
    let account = profile.account(1).await;
    profile.tell(account, text("room", "m", "anna", 1, "Hallo")).await;
    let room = room(&profile, account, "room").await;
    (profile, room)
}

fn draft(room: ConversationId, body: &str, media: &[&str]) -> Draft {
    let file = |id: &&str| DraftFile {
        media: (*id).into(),
        name: format!("{id}.png"),
        mime: "image/png".into(),
        size_bytes: 4,
    };
    let files = media.iter().map(file).collect();
    Draft { conversation_id: room, body: body.into(), files, changed_at: at(2) }
}

#[tokio::test]
async fn a_draft_is_there_after_a_restart_and_gone_when_it_is_empty() {
    let (profile, room) = greeted().await;
    let typed = draft(room, "Sehr geehrte Frau „Groß“ 😀", &["a"]);
    let kept = typed.clone();
    profile.write(move |tx| tx.save_draft(&kept)).await;
    let profile = profile.restart().await;
    assert_eq!(profile.store.read(move |tx| tx.draft(room)).await.unwrap(), Some(typed));
    profile.write(move |tx| tx.save_draft(&draft(room, "", &[]))).await;
    assert_eq!(profile.store.read(move |tx| tx.draft(room)).await.unwrap(), None);
}

#[tokio::test]
async fn a_file_that_leaves_the_draft_leaves_the_cache_unless_it_is_still_used() {
    let (profile, room) = greeted().await;
    let gone = profile
        .write(move |tx| {
            tx.insert_own_media(&"a".into(), "image/png", 4)?;
            tx.insert_own_media(&"b".into(), "image/png", 4)?;
            tx.insert_own_media(&"stray".into(), "image/png", 4)?;
            tx.save_draft(&draft(room, "", &["a", "b"]))?;
            tx.save_draft(&draft(room, "", &["b"]))
        })
        .await;
    assert_eq!(gone, ["a".into()]);
    assert_eq!(profile.write(|tx| tx.forget_unused_media()).await, ["stray".into()]);
    assert_eq!(profile.store.read(|tx| tx.media_ids()).await.unwrap(), ["b".into()]);
}

#[tokio::test]
async fn settings_of_an_older_file_take_the_defaults_of_what_they_lack() {
    let (profile, _) = greeted().await;
    assert_eq!(profile.store.read(|tx| tx.settings()).await.unwrap(), Settings::default());
    profile
        .store
        .run_on_writer(r#"INSERT INTO setting (id, value) VALUES (1, '{"theme":"dark"}')"#)
        .await
        .unwrap();
    let expected = Settings { theme: Theme::Dark, ..Settings::default() };
    assert_eq!(profile.store.read(|tx| tx.settings()).await.unwrap(), expected);
}

fn action(number: u8, by: By, intent: Intent) -> Action {
    Action { id: ActionId::new(at(0), [number; 10]), by, at: at(number.into()), intent }
}

#[tokio::test]
async fn an_action_is_applied_once_and_taken_back_once_newest_first() {
    let (profile, room) = greeted().await;
    let undo = Undo::RestoreReadMark { conversation: room, read_up_to: None, is_marked_unread: false };
    let marks: Vec<Action> =
        (1..=3).map(|n| action(n, By::Person, Intent::MarkRead { conversation: room })).collect();
    let by_kontor = action(4, By::Kontor, Intent::MarkRead { conversation: room });
    let (recorded, kept) = (marks.clone(), undo.clone());
    let outcome = profile
        .write(move |tx| {
            let mut outcome = Vec::new();
            for action in recorded.iter().chain([&by_kontor, &recorded[0]]) {
                outcome.push(tx.record_action(action, Some(&kept))?);
            }
            Ok(outcome)
        })
        .await;
    assert_eq!(outcome, [true, true, true, true, false]);
    let newest = profile.store.read(|tx| tx.newest_undoable(at(0))).await.unwrap().unwrap();
    assert_eq!(newest, Recorded { action: marks[2].clone(), undo: Some(undo), undone_at: None });
    let id = newest.action.id;
    assert!(profile.write(move |tx| tx.mark_undone(id, at(9))).await);
    assert!(!profile.write(move |tx| tx.mark_undone(id, at(9))).await);
    let next = profile.store.read(|tx| tx.newest_undoable(at(0))).await.unwrap().unwrap();
    assert_eq!(next.action.id, marks[1].id);
    assert_eq!(profile.store.read(|tx| tx.newest_undoable(at(3))).await.unwrap(), None, "too long ago");
    let undone = profile.store.read(move |tx| tx.recorded(id)).await.unwrap().unwrap();
    assert_eq!(undone.undone_at, Some(at(9)));
}

#[tokio::test]
async fn the_history_holds_no_text() {
    let (profile, room) = greeted().await;
    let intent = Intent::Reply {
        conversation: room,
        body: "geheim".into(),
        files: draft(room, "", &["a"]).files,
        reply_to: None,
    };
    let reply = action(1, By::Person, intent);
    let undo = Undo::TakeBackReply { conversation: room, ops: vec![op(1)] };
    let id = reply.id;
    profile.write(move |tx| tx.record_action(&reply, Some(&undo))).await;
    let recorded = profile.store.read(move |tx| tx.recorded(id)).await.unwrap().unwrap();
    let expected = Intent::Reply { conversation: room, body: String::new(), files: vec![], reply_to: None };
    assert_eq!(recorded.action.intent, expected);
}

#[tokio::test]
async fn a_person_is_told_once_per_cause_also_after_a_restart() {
    let (profile, room) = greeted().await;
    assert!(profile.write(move |tx| tx.tell_once(room, "window:2h", at(5))).await);
    let profile = profile.restart().await;
    assert!(!profile.write(move |tx| tx.tell_once(room, "window:2h", at(6))).await);
    assert!(profile.write(move |tx| tx.tell_once(room, "window:30min", at(6))).await);
    assert_eq!(profile.store.read(move |tx| tx.told_at(room, "window:2h")).await.unwrap(), Some(at(5)));
    profile.write(|tx| tx.forget_told(at(6))).await;
    assert_eq!(profile.store.read(move |tx| tx.told_at(room, "window:2h")).await.unwrap(), None);
}
