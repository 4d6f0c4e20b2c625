//! Reading by polling: first sync, news, holes, silent changes, trouble.

use super::fake::{Fake, NOON, PAGE, answer, error, session, time};
use connect::{FaultKind, Pulled, Session};
use model::remote::{RemoteEvent, RemoteMessage};
use serde_json::json;
use std::collections::BTreeSet;
use std::time::Duration;

/// Pulls until nothing waits any more; the last position and everything that came.
async fn settle(session: &dyn Session, from: &mut Option<String>) -> Pulled {
    let mut all = Pulled::default();
    for _ in 0..100 {
        let pulled = session.pull(from.as_deref(), Duration::ZERO).await.unwrap();
        all.events.extend(pulled.events);
        all.problems.extend(pulled.problems);
        *from = pulled.next.or(from.take());
        all.again_after = pulled.again_after;
        if all.again_after > Duration::ZERO {
            return all;
        }
    }
    panic!("the walk never ends");
}

fn messages(pulled: &Pulled) -> Vec<&RemoteMessage> {
    pulled
        .events
        .iter()
        .filter_map(|event| match event {
            RemoteEvent::Message(message) => Some(message),
            _ => None,
        })
        .collect()
}

fn ids(pulled: &Pulled) -> BTreeSet<String> {
    messages(pulled).iter().map(|message| message.remote_id.0.clone()).collect()
}

fn gaps(pulled: &Pulled) -> Vec<(String, Option<String>, bool)> {
    let gap = |event: &RemoteEvent| match event {
        RemoteEvent::Gap { conversation, before, is_hole } => {
            Some((conversation.0.clone(), before.clone(), *is_hole))
        }
        _ => None,
    };
    pulled.events.iter().filter_map(gap).collect()
}

/// A Page with so many threads of so many messages, an hour old and older.
fn page_of(threads: i64, messages: i64) -> Fake {
    let fake = Fake::default();
    for thread in 0..threads {
        for message in 0..messages {
            let at = NOON - 3600 - thread * 100 - (messages - message);
            fake.say(&format!("t_{thread}"), &format!("m_{thread}_{message}"), message % 2 == 1, "text", at);
        }
    }
    fake
}

#[tokio::test(start_paused = true)]
async fn the_first_sync_brings_every_thread_page_by_page_as_history() {
    let fake = page_of(60, 3);
    let session = session(&fake);
    let mut from = None;
    let pulled = settle(&*session, &mut from).await;
    assert_eq!(ids(&pulled).len(), 180);
    assert!(messages(&pulled).iter().all(|message| message.is_history));
    let threads = pulled.events.iter().filter(|event| matches!(event, RemoteEvent::Conversation(_))).count();
    assert_eq!((threads, gaps(&pulled).len()), (60, 0));
    let calls = fake.calls();
    assert_eq!(calls[0].query["platform"], "messenger");
    let lists = calls.iter().filter(|call| call.path() == "101/conversations").count();
    assert_eq!(lists, 3);
    for call in &calls {
        assert_eq!(call.bearer, "Bearer EAApage");
        assert_eq!(call.query["appsecret_proof"].len(), 64);
        assert!(!call.url.as_str().contains("EAApage") && !call.url.as_str().contains("s3cret"));
    }
}

#[tokio::test(start_paused = true)]
async fn long_threads_tell_where_their_history_goes_on_and_it_ends_at_the_beginning() {
    let fake = page_of(1, 130);
    let session = session(&fake);
    let pulled = settle(&*session, &mut None).await;
    let [(thread, before, false)] = &gaps(&pulled)[..1] else { panic!("{:?}", gaps(&pulled)) };
    let mut known = ids(&pulled);
    let mut before = before.clone();
    let mut pages = 0;
    while before.is_some() {
        let older = session.history(&thread.as_str().into(), before.as_deref()).await.unwrap();
        assert!(messages(&older).iter().all(|message| message.is_history));
        known.extend(ids(&older));
        before = older.next;
        pages += 1;
    }
    assert_eq!((known.len(), pages), (130, 3));
}

#[tokio::test(start_paused = true)]
async fn a_rotten_history_cursor_pages_down_again_from_the_newest() {
    let fake = page_of(1, 130);
    let session = session(&fake);
    let first = session.history(&"t_0".into(), None).await.unwrap();
    let mut is_rotten = true;
    fake.rule(move |call, _| {
        let is_first = std::mem::take(&mut is_rotten);
        is_first.then(|| error(400, 100, 0, "invalid cursor")).filter(|_| call.query.contains_key("after"))
    });
    let second = session.history(&"t_0".into(), first.next.as_deref()).await.unwrap();
    assert!(ids(&second).contains("m_0_70") && ids(&second).contains("m_0_31"));
    assert_eq!(session.history(&"t_0".into(), Some("junk")).await.unwrap_err().kind, FaultKind::CursorLost);
}

#[tokio::test(start_paused = true)]
async fn a_new_message_comes_with_one_look_and_is_news() {
    let fake = page_of(3, 3);
    let session = session(&fake);
    let mut from = None;
    settle(&*session, &mut from).await;
    fake.say("t_2", "m_new", false, "Hallo?", NOON);
    fake.say("t_9", "m_stranger", false, "Guten Tag", NOON + 1);
    let pulled = settle(&*session, &mut from).await;
    let news: Vec<_> = messages(&pulled).into_iter().filter(|message| !message.is_history).collect();
    assert_eq!(news.iter().map(|it| it.remote_id.as_str()).collect::<Vec<_>>(), ["m_stranger", "m_new"]);
    assert_eq!(pulled.again_after, Duration::from_secs(15));
}

#[tokio::test(start_paused = true)]
async fn quiet_looks_change_nothing_and_slow_down() {
    let fake = page_of(2, 2);
    let session = session(&fake);
    let mut from = None;
    settle(&*session, &mut from).await;
    for _ in 0..5 {
        settle(&*session, &mut from).await;
    }
    let quiet = session.pull(from.as_deref(), Duration::ZERO).await.unwrap();
    assert_eq!((quiet.events, quiet.next), (vec![], None));
    assert_eq!(quiet.again_after, Duration::from_secs(60));
}

#[tokio::test(start_paused = true)]
async fn more_messages_than_a_look_shows_leave_no_hole() {
    let fake = page_of(2, 3);
    let session = session(&fake);
    let mut from = None;
    settle(&*session, &mut from).await;
    for index in 0..90 {
        fake.say("t_1", &format!("m_burst{index}"), false, "!", NOON + index / 4);
    }
    let pulled = settle(&*session, &mut from).await;
    let burst = ids(&pulled).iter().filter(|id| id.starts_with("m_burst")).count();
    assert_eq!((burst, gaps(&pulled).len()), (90, 0));
    let news = messages(&pulled).iter().filter(|message| !message.is_history).count();
    assert_eq!(news, 90);
}

#[tokio::test(start_paused = true)]
async fn a_hole_too_large_for_one_look_is_told_and_can_be_filled() {
    let fake = page_of(1, 3);
    let session = session(&fake);
    let mut from = None;
    settle(&*session, &mut from).await;
    for index in 0..400 {
        fake.say("t_0", &format!("m_burst{index}"), false, "!", NOON + index);
    }
    let pulled = settle(&*session, &mut from).await;
    let [(_, before, true)] = &gaps(&pulled)[..] else { panic!("{:?}", gaps(&pulled)) };
    let mut known = ids(&pulled);
    let mut before = before.clone();
    while before.is_some() {
        let older = session.history(&"t_0".into(), before.as_deref()).await.unwrap();
        known.extend(ids(&older));
        before = older.next;
    }
    assert_eq!(known.iter().filter(|id| id.starts_with("m_burst")).count(), 400);
}

/// Behaviour of the platform: nothing of this moves `updated_time`.
#[tokio::test(start_paused = true)]
async fn edits_reactions_and_unsent_messages_show_without_a_signal() {
    let fake = page_of(1, 8);
    let session = session(&fake);
    let mut from = None;
    settle(&*session, &mut from).await;
    fake.change("t_0", "m_0_2", |message| message["message"] = json!("new text"));
    fake.change("t_0", "m_0_4", |message| {
        message["reactions"] = json!({"data": [{"reaction": "love", "users": [{"id": "70"}]}]});
    });
    fake.unsend("t_0", "m_0_6");
    let mut told = Vec::new();
    for _ in 0..10 {
        tokio::time::advance(Duration::from_secs(60)).await;
        told.extend(settle(&*session, &mut from).await.events);
    }
    let told: Vec<String> = told
        .iter()
        .map(|event| match event {
            RemoteEvent::Edit { message, author: None, body, .. } => format!("edit {message} {body}"),
            RemoteEvent::Deletion { target, .. } => format!("gone {target}"),
            RemoteEvent::ReactionsNow { message, reactions, .. } => {
                format!("{} on {message}", reactions.len())
            }
            other => format!("{other:?}"),
        })
        .collect();
    let told: BTreeSet<&str> = told.iter().map(String::as_str).collect();
    assert_eq!(told, BTreeSet::from(["edit m_0_2 new text", "gone m_0_6", "1 on m_0_4"]));

    fake.change("t_0", "m_0_4", |message| {
        message.as_object_mut().unwrap().remove("reactions");
    });
    let mut told = Vec::new();
    for _ in 0..10 {
        tokio::time::advance(Duration::from_secs(60)).await;
        told.extend(settle(&*session, &mut from).await.events);
    }
    assert!(
        matches!(&told[..], [RemoteEvent::ReactionsNow { reactions, .. }] if reactions.is_empty()),
        "{told:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_message_that_a_lagging_copy_lacks_is_not_deleted() {
    let fake = page_of(1, 4);
    let session = session(&fake);
    let mut from = None;
    settle(&*session, &mut from).await;
    fake.rule(|call, graph| {
        let is_list = call.path().contains("conversations") || call.path().contains("messages");
        let mut answer = is_list.then(|| graph.ordinary(call))?.unwrap();
        let text = String::from_utf8_lossy(answer.body()).replace("m_0_2", "m_hidden");
        *answer.body_mut() = text.into();
        Some(Ok(answer))
    });
    for _ in 0..5 {
        tokio::time::advance(Duration::from_secs(60)).await;
        let events = settle(&*session, &mut from).await.events;
        assert!(!events.iter().any(|event| matches!(event, RemoteEvent::Deletion { .. })), "{events:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn threads_that_rise_while_we_page_are_not_lost() {
    let fake = page_of(70, 1);
    let session = session(&fake);
    let mut from = None;
    let mut known = BTreeSet::new();
    for step in 0..12 {
        let pulled = session.pull(from.as_deref(), Duration::ZERO).await.unwrap();
        known.extend(ids(&pulled));
        from = pulled.next.or(from);
        if step < 4 {
            fake.say(&format!("t_{}", 69 - step), &format!("m_late{step}"), false, "late", NOON + step);
        }
    }
    assert_eq!(known.iter().filter(|id| id.starts_with("m_late")).count(), 4);
    assert_eq!(known.len(), 74);
}

#[tokio::test(start_paused = true)]
async fn a_rotten_list_cursor_starts_the_walk_over_and_misses_nothing() {
    let fake = page_of(60, 1);
    let session = session(&fake);
    let first = session.pull(None, Duration::ZERO).await.unwrap();
    fake.rule(|call, _| {
        (call.query.get("after").is_some_and(|after| after == "25")).then(|| error(400, 100, 0, "bad cursor"))
    });
    let second = session.pull(first.next.as_deref(), Duration::ZERO).await.unwrap();
    fake.no_rule();
    let mut known = ids(&first);
    known.extend(ids(&second));
    let mut from = second.next;
    known.extend(ids(&settle(&*session, &mut from).await));
    assert_eq!(known.len(), 60);
}

#[tokio::test(start_paused = true)]
async fn a_poisoned_thread_is_passed_over_and_the_others_arrive() {
    let fake = page_of(40, 2);
    fake.rule(|call, _| {
        let reads = |field: &str| call.query.get("fields").is_some_and(|fields| fields.contains(field));
        let from: usize = call.query.get("after").map_or(0, |after| after.parse().unwrap());
        let limit: usize = call.query.get("limit").map_or(25, |limit| limit.parse().unwrap());
        let holds_it =
            call.path().ends_with("conversations") && reads("messages") && (from..from + limit).contains(&7);
        (holds_it || call.path() == "t_7/messages").then(|| error(500, 1, 0, "An unknown error occurred"))
    });
    let session = session(&fake);
    let mut from = None;
    let pulled = settle(&*session, &mut from).await;
    assert_eq!(ids(&pulled).len(), 78);
    assert!(pulled.problems.contains(&"a thread that Graph cannot read".to_owned()));
    fake.say("t_3", "m_new", false, "still alive", NOON);
    assert!(ids(&settle(&*session, &mut from).await).contains("m_new"));
    fake.paths();
    settle(&*session, &mut from).await;
    assert!(!fake.paths().contains(&"GET t_7/messages".to_owned()), "it is not tried at every look");
}

#[tokio::test(start_paused = true)]
async fn too_much_data_is_asked_for_in_smaller_pieces() {
    let fake = page_of(30, 2);
    fake.rule(|call, _| {
        let limit: usize = call.query.get("limit")?.parse().unwrap();
        (limit > 6)
            .then(|| error(500, 1, 0, "Please reduce the amount of data you're asking for, then retry"))
    });
    let session = session(&fake);
    assert_eq!(ids(&settle(&*session, &mut None).await).len(), 60);
    assert_eq!(ids(&session.history(&"t_1".into(), None).await.unwrap()).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_field_that_this_token_may_not_read_is_left_out() {
    let fake = page_of(2, 2);
    fake.rule(|call, _| {
        let fields = call.query.get("fields")?;
        fields.contains("reactions").then(|| error(400, 10, 0, "requires pages_read_user_content"))
    });
    let session = session(&fake);
    assert_eq!(ids(&settle(&*session, &mut None).await).len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_throttled_page_is_left_alone_for_as_long_as_graph_says() {
    let fake = page_of(2, 2);
    fake.header(
        "x-business-use-case-usage",
        r#"{"101":[{"type":"messenger","call_count":100,"estimated_time_to_regain_access":7}]}"#,
    );
    fake.rule(|_, _| Some(error(400, 80_006, 2_446_079, "There have been too many calls")));
    let session = session(&fake);
    let refused = async |wait_s| {
        let fault = session.pull(None, Duration::ZERO).await.unwrap_err();
        let wait = Some(Duration::from_secs(wait_s));
        assert_eq!((fault.kind, fault.retry_after), (FaultKind::Throttled, wait));
    };
    refused(420).await;
    fake.no_rule();
    fake.paths();
    tokio::time::sleep(Duration::from_secs(400)).await;
    refused(20).await;
    assert!(fake.paths().is_empty(), "no call leaves before the time is over");
    tokio::time::sleep(Duration::from_secs(20)).await;
    session.pull(None, Duration::ZERO).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_allowance_sets_the_pace() {
    for (percent, seconds) in [(10, 15), (60, 30), (90, 300), (100, 900)] {
        let fake = page_of(1, 1);
        let usage = json!({"101": [{"type": "messenger", "call_count": percent, "estimated_time_to_regain_access": 0}]});
        fake.header("x-business-use-case-usage", usage.to_string());
        let pulled = settle(&*session(&fake), &mut None).await;
        assert_eq!(pulled.again_after, Duration::from_secs(seconds), "{percent} %");
    }
}

#[tokio::test(start_paused = true)]
async fn a_dead_token_asks_for_a_new_sign_in() {
    for subcode in [458, 460, 463, 467] {
        let fake = page_of(1, 1);
        fake.rule(move |_, _| Some(error(400, 190, subcode, "Error validating access token")));
        let fault = session(&fake).pull(None, Duration::ZERO).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::SignInAgain);
        assert_eq!(fake.paths().len(), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_failing_list_still_lets_recent_threads_be_read_one_by_one() {
    let fake = page_of(5, 2);
    let session = session(&fake);
    let mut from = None;
    settle(&*session, &mut from).await;
    fake.say("t_0", "m_new", false, "Hallo", NOON);
    fake.rule(|call, _| {
        call.path().ends_with("conversations").then(|| error(500, 2, 0, "Service temporarily unavailable"))
    });
    let pulled = settle(&*session, &mut from).await;
    assert!(ids(&pulled).contains("m_new"));
    fake.rule(|_, _| Some(answer(502, "<html>Bad gateway</html>")));
    let fault = session.pull(from.as_deref(), Duration::ZERO).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Unavailable);
}

#[tokio::test(start_paused = true)]
async fn a_position_that_cannot_be_read_starts_over() {
    let fake = page_of(1, 1);
    let fault = session(&fake).pull(Some("{\"h\":"), Duration::ZERO).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::CursorLost);
    assert_eq!(fake.paths().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn the_position_stays_small_however_large_the_page_is() {
    let fake = page_of(1500, 1);
    let mut from = None;
    let session = session(&fake);
    let pulled = settle(&*session, &mut from).await;
    assert_eq!(ids(&pulled).len(), 1500);
    assert!(from.as_ref().unwrap().len() < 64 << 10, "{} bytes", from.unwrap().len());
    fake.say("t_1499", "m_old_friend", false, "Erinnern Sie sich?", NOON);
    let pulled = settle(&*session, &mut from).await;
    let news: Vec<_> = messages(&pulled).into_iter().filter(|message| !message.is_history).collect();
    assert_eq!(news.iter().map(|it| it.remote_id.as_str()).collect::<Vec<_>>(), ["m_old_friend"]);
    assert_eq!(time(NOON), "2026-11-20T10:00:00+0000");
    assert_eq!(PAGE, "101");
}
