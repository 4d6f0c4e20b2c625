//! Who is told what, when.

use crate::support::{BRAND, Office};
use engine::notify::{NoticeKey, Target};
use sandbox::{Match, Mishap};
use serde_json::{Value, json};

async fn with_ada(seed: u64) -> (Office, String, String) {
    let office = Office::with_matrix(seed).await;
    let matrix = office.matrix();
    let ada = matrix.create_user("ada", "pw", "Ada Becker");
    let room = matrix.direct_room(BRAND, &ada);
    matrix.write(&room, &ada, "first");
    office.settle().await;
    (office, room, ada)
}

async fn look_at(office: &Office, conversation: Option<i64>, is_focused: bool) {
    let attention = json!({ "conversation": conversation, "isFocused": is_focused });
    let _: Value = office.call("attention_set", attention).await;
}

#[tokio::test(start_paused = true)]
async fn a_new_message_says_who_where_and_what_and_leads_there() {
    let (office, room, ada) = with_ada(1).await;
    office.notices.take();
    office.matrix().write(&room, &ada, "Hello <b>there</b>");
    office.settle().await;
    let shown = office.notices.take();
    let conversation = office.conversation("Ada Becker").await;
    assert_eq!(shown.len(), 1);
    assert!(shown[0].title.contains("Ada Becker"), "{shown:?}");
    assert_eq!(shown[0].body, "Hello <b>there</b>");
    let message = Some(office.messages(conversation).await[1].id);
    assert_eq!(shown[0].target, Some(Target::Conversation { conversation, message }));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_said_about_history_or_about_what_is_being_looked_at() {
    let office = Office::open(2).await;
    let matrix = office.matrix();
    matrix.create_user("brand", "secret-brand", "Brand");
    let ada = matrix.create_user("ada", "pw", "Ada Becker");
    let room = matrix.direct_room(BRAND, &ada);
    matrix.write(&room, &ada, "old");
    office.connect_matrix("brand", "secret-brand").await;
    office.settle().await;
    assert_eq!(office.notices.take(), [], "a first sync is history");
    let conversation = office.conversation("Ada Becker").await;
    look_at(&office, Some(conversation.0), true).await;
    matrix.write(&room, &ada, "seen");
    office.settle().await;
    assert_eq!(office.notices.take(), []);
    look_at(&office, Some(conversation.0), false).await;
    matrix.write(&room, &ada, "in the background");
    office.settle().await;
    assert_eq!(office.notices.take().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn reading_takes_the_notification_off_the_screen_and_the_count_down() {
    let (office, _, _) = with_ada(3).await;
    let conversation = office.conversation("Ada Becker").await;
    assert_eq!(office.notices.unread(), 1);
    office.act("mark_read", conversation).await;
    office.settle().await;
    assert_eq!(office.notices.withdrawn(), [NoticeKey::Conversation(conversation)]);
    assert_eq!(office.notices.unread(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_is_due_is_told_once_also_over_a_restart() {
    let (office, _, _) = with_ada(4).await;
    office.notices.take();
    office.pass(4 * 3600 + 60).await;
    let due = office.notices.take();
    assert_eq!(due.len(), 1, "{due:?}");
    assert!(due[0].title.contains("Ada Becker"));
    let office = office.crash_and_restart().await;
    office.pass(3600).await;
    assert_eq!(office.notices.take(), [], "the same cause is not told twice");
}

#[tokio::test(start_paused = true)]
async fn a_window_about_to_close_is_told_two_hours_and_half_an_hour_before() {
    let office = Office::open(5).await;
    let messenger = office.messenger();
    let (app, secret) = messenger.create_app("Shop inbox", &[]);
    let user = messenger.create_user("Owner");
    let page = messenger.create_page(&user, "Shop", "Retail");
    let customer = messenger.create_customer(&page, "Ben", "Okafor");
    messenger.write(&customer, "Anyone?");
    office.connect_page(&messenger.page_token(&app, &user, &page), &secret).await;
    office.set(json!({ "replyTargetMinutes": 0 })).await;
    office.pass(21 * 3600).await;
    assert_eq!(office.notices.take(), []);
    office.pass(3600 + 600).await;
    assert_eq!(office.notices.take().len(), 1, "under two hours left");
    office.pass(3600 + 1800).await;
    assert_eq!(office.notices.take().len(), 1, "under half an hour left");
    office.pass(2 * 3600).await;
    assert_eq!(office.notices.take(), [], "closed: nothing to hurry for");
}

#[tokio::test(start_paused = true)]
async fn a_burst_becomes_one_summary() {
    let (office, _, _) = with_ada(6).await;
    office.pass(60).await;
    office.notices.take();
    let matrix = office.matrix();
    for number in 0..12 {
        let who = matrix.create_user(&format!("c{number}"), "pw", &format!("Customer {number}"));
        let room = matrix.direct_room(BRAND, &who);
        matrix.write(&room, &who, "Is the shop down?");
    }
    office.settle().await;
    let shown = office.notices.take();
    let last = shown.iter().rfind(|notice| notice.key == NoticeKey::NewMessages).expect("a summary");
    assert!(last.title.contains("12"), "{last:?}");
    let on_screen: std::collections::HashSet<NoticeKey> = shown.iter().map(|notice| notice.key).collect();
    assert!(on_screen.len() <= 4, "three alone and the summary: {on_screen:?}");
}

#[tokio::test(start_paused = true)]
async fn a_reminder_stays_until_it_is_answered_and_not_only_until_it_is_read() {
    let (office, _, _) = with_ada(7).await;
    let matrix = office.matrix();
    let conversation = office.conversation("Ada Becker").await;
    office.act("mark_read", conversation).await;
    office.notices.take();
    office.pass(4 * 3600 + 60).await;
    assert_eq!(office.notices.take().len(), 1, "read, but not answered");
    let withdrawn = || {
        let key = NoticeKey::Conversation(conversation);
        office.notices.withdrawn().into_iter().filter(|withdrawn| *withdrawn == key).count()
    };
    let before = withdrawn();
    let bob = matrix.create_user("bob", "pw", "Bob");
    matrix.write(&matrix.direct_room(BRAND, &bob), &bob, "Me too?");
    office.settle().await;
    assert_eq!(withdrawn(), before, "somebody else wrote");
    office.reply(conversation, "Here we are").await;
    office.settle().await;
    assert_eq!(withdrawn(), before + 1);
}

#[tokio::test(start_paused = true)]
async fn what_leads_into_a_profile_leaves_the_screen_with_it() {
    let office = Office::open(8).await;
    let _: Value = office.call("sandbox_enter", json!({})).await;
    office.set(json!({ "theme": "dark" })).await;
    office.pass(600).await;
    let shown: std::collections::HashSet<NoticeKey> =
        office.notices.take().iter().map(|notice| notice.key).collect();
    assert!(!shown.is_empty() && office.notices.unread() > 0);
    let _: Value = office.call("sandbox_leave", json!({})).await;
    office.settle().await;
    let withdrawn = office.notices.withdrawn();
    assert!(shown.iter().all(|key| withdrawn.contains(key)), "{shown:?}, {withdrawn:?}");
    assert_eq!(office.notices.unread(), 0);
    assert_eq!(*office.app.settings().borrow(), model::settings::Settings::default());
}

#[tokio::test(start_paused = true)]
async fn what_was_unsent_or_read_elsewhere_before_anybody_could_be_told_is_not_told() {
    let (office, room, ada) = with_ada(9).await;
    office.notices.take();
    let matrix = office.matrix();
    let oops = matrix.write(&room, &ada, "wrong chat");
    matrix.redact(&room, &ada, &oops);
    office.settle().await;
    assert_eq!(office.notices.take(), [], "unsent");
    let seen = matrix.write(&room, &ada, "answered from the phone");
    matrix.read(&room, BRAND, &seen);
    office.settle().await;
    assert_eq!(office.notices.take(), [], "read");
    matrix.write(&room, &ada, "and now?");
    office.settle().await;
    assert_eq!(office.notices.take().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_came_while_signed_out_is_told_after_signing_in_again_and_older_ones_are_not() {
    let office = Office::open(10).await;
    let matrix = office.matrix();
    matrix.create_user("brand", "secret-brand", "Brand");
    let old = matrix.create_user("old", "pw", "Old Stranger");
    matrix.invitation(BRAND, &old);
    office.connect_matrix("brand", "secret-brand").await;
    office.settle().await;
    assert_eq!(office.notices.take(), [], "it waited before we came");
    matrix.end_sessions(BRAND);
    office.pass(60).await;
    let eve = matrix.create_user("eve", "pw", "Eve Stranger");
    matrix.invitation(BRAND, &eve);
    let again = json!({ "platform": "matrix", "method": "password", "again": office.accounts().await[0].id });
    let view: api::types::login::LoginView = office.call("login_start", again).await;
    let fields = crate::support::matrix_fields("brand", "secret-brand");
    let answer = json!({ "flow": view.flow, "input": { "kind": "fields", "values": fields } });
    let _: Value = office.call("login_next", answer).await;
    office.settle().await;
    let shown = office.notices.take();
    assert_eq!(shown.len(), 1, "{shown:?}");
    assert!(shown[0].title.contains("Eve Stranger"), "{shown:?}");
}

#[tokio::test(start_paused = true)]
async fn a_request_declined_elsewhere_leaves_the_screen_and_is_told_anew_when_it_is_made_again() {
    let office = Office::with_matrix(11).await;
    let matrix = office.matrix();
    let eve = matrix.create_user("eve", "pw", "Eve Stranger");
    let room = matrix.invitation(BRAND, &eve);
    office.settle().await;
    assert_eq!(office.notices.take().len(), 1);
    let conversation = office.conversation("Eve Stranger").await;
    matrix.leave(&room, BRAND);
    office.settle().await;
    assert_eq!(office.notices.withdrawn(), [NoticeKey::Conversation(conversation)]);
    assert_eq!(office.notices.unread(), 0);
    matrix.invite(&room, &eve, BRAND);
    office.settle().await;
    assert_eq!(office.notices.take().len(), 1, "she asks again");
    assert_eq!(office.notices.unread(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_reply_of_ours_marks_nothing_as_read_that_came_while_it_was_on_its_way() {
    let (office, room, ada) = with_ada(12).await;
    let conversation = office.conversation("Ada Becker").await;
    office.notices.take();
    office.reply(conversation, "Hello Ada").await;
    office.pass(2).await;
    office.matrix().write(&room, &ada, "Are you there?");
    office.pass(30).await;
    assert_eq!(office.matrix().count_text(&room, "Hello Ada"), 1);
    assert_eq!(office.head(conversation).await.unread_count, 1, "nobody has seen it");
    assert_eq!((office.notices.take().len(), office.notices.unread()), (1, 1));
    let first = NoticeKey::Conversation(conversation);
    assert_eq!(office.notices.withdrawn(), [first], "only what the reply answered");
}

#[tokio::test(start_paused = true)]
async fn what_comes_together_with_a_reply_of_ours_is_told_and_unread() {
    let office = Office::open(13).await;
    let ben = office.ben_writes("Anyone?").await;
    let messenger = office.messenger();
    office.notices.take();
    // The list is not to be had while the reply leaves: what was written before comes in together with it.
    office.world.arrange(Match::any().method("GET").path("/conversations"), Mishap::Refuse, 1);
    office.reply(ben.conversation, "Here we are").await;
    office.pass(2).await;
    messenger.write(&ben.customer, "Are you there?");
    office.pass(300).await;
    assert_eq!(messenger.count_sent(&ben.customer, "Here we are"), 1);
    assert_eq!(office.head(ben.conversation).await.unread_count, 1);
    assert_eq!(office.notices.take().len(), 1);
    messenger.write(&ben.customer, "Hello?");
    office.pass(300).await;
    assert_eq!(office.head(ben.conversation).await.unread_count, 2, "Graph counts one, since we wrote");

    // From another device it is an answer of somebody who has read what came before.
    messenger.write_as_page(&ben.customer, "Yes, sorry");
    office.pass(300).await;
    assert_eq!(office.head(ben.conversation).await.unread_count, 0);
}
