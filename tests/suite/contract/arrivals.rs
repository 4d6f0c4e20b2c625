use super::everywhere;
use super::stage::{counted, history, messages, news};
use model::remote::{Author, RemoteEvent};
use std::collections::BTreeSet;

#[tokio::test(start_paused = true)]
async fn a_first_pull_tells_everything_as_history_and_where_to_go_on() {
    everywhere(async |stage| {
        let (ada, ben) = (stage.scene.customer("Ada"), stage.scene.customer("Ben"));
        let mut written = BTreeSet::new();
        for (who, text) in [(&ada, "Hello"), (&ben, "Grüß Gott 👋"), (&ada, "Anybody there?")] {
            written.insert(stage.write(who, text).await.0);
        }
        let session = stage.open().await;
        let (events, cursor) = news(session.as_ref(), None).await.unwrap();
        assert!(cursor.is_some());
        assert_eq!(counted(&events).into_keys().collect::<BTreeSet<_>>(), written);
        for message in messages(&events) {
            assert!(message.is_history, "what was there before we came is no news: {}", message.body);
            assert!(matches!(message.author, Author::Them(_)));
            assert!(!message.body.is_empty());
        }
        let of_ada: Vec<&str> = messages(&events)
            .into_iter()
            .filter(|message| message.conversation == ada.conversation)
            .map(|message| message.body.as_str())
            .collect();
        assert_eq!(of_ada, ["Hello", "Anybody there?"], "in the platform's order");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn the_same_pull_twice_tells_the_same_facts() {
    everywhere(async |stage| {
        let ada = stage.scene.customer("Ada");
        stage.write(&ada, "one").await;
        let session = stage.open().await;
        let (first, cursor) = news(session.as_ref(), None).await.unwrap();
        let (again, _) = news(session.as_ref(), None).await.unwrap();
        assert_eq!(bodies(&first), bodies(&again));
        stage.write(&ada, "two").await;
        let (news_once, _) = news(session.as_ref(), cursor.clone()).await.unwrap();
        let (news_twice, _) = news(session.as_ref(), cursor.clone()).await.unwrap();
        assert!(bodies(&news_once).contains(&"two".to_owned()));
        assert_eq!(bodies(&news_once), bodies(&news_twice), "an answer that was not stored is told again");
        let fresh = stage.open().await;
        let (after_restart, _) = news(fresh.as_ref(), cursor).await.unwrap();
        assert!(
            bodies(&after_restart).contains(&"two".to_owned()),
            "also by a session that knows nothing but the position"
        );
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_new_message_appears_exactly_once_in_the_pulls_after_it() {
    everywhere(async |stage| {
        let ada = stage.scene.customer("Ada");
        stage.write(&ada, "old").await;
        let session = stage.open().await;
        let (_, mut cursor) = news(session.as_ref(), None).await.unwrap();
        let (mut later, mut written) = (Vec::new(), BTreeSet::new());
        for round in 0..6 {
            if round % 2 == 0 {
                written.insert(stage.write(&ada, &format!("news {round}")).await.0);
            }
            stage.pass(20).await;
            let (events, next) = news(session.as_ref(), cursor).await.unwrap();
            later.extend(events);
            cursor = next;
        }
        let counts = counted(&later);
        assert_eq!(counts.keys().cloned().collect::<BTreeSet<_>>(), written);
        assert!(counts.values().all(|count| *count == 1), "{counts:?}");
        assert!(messages(&later).iter().all(|message| !message.is_history), "news may be told about");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_stranger_who_writes_first_is_news_with_a_conversation_and_a_name() {
    everywhere(async |stage| {
        let ada = stage.scene.customer("Ada");
        stage.write(&ada, "old").await;
        let session = stage.open().await;
        let (_, cursor) = news(session.as_ref(), None).await.unwrap();
        let carla = stage.scene.customer("Carla");
        stage.write(&carla, "I am new here").await;
        let (mut events, _) = news(session.as_ref(), cursor).await.unwrap();
        // A platform may hand out the first words of a new conversation as history only.
        events.extend(history(session.as_ref(), &events).await);
        assert_eq!(messages(&events).len(), 1, "{events:?}");
        let message = messages(&events)[0];
        assert_eq!((message.body.as_str(), &message.conversation), ("I am new here", &carla.conversation));
        let is_introduced = events.iter().any(|event| matches!(event, RemoteEvent::Conversation(it) if it.remote_id == carla.conversation));
        let has_name = events.iter().any(|event| {
            matches!(event, RemoteEvent::Contact(it) if it.name.as_deref().is_some_and(|name| name.contains("Carla")))
        });
        assert!(is_introduced && has_name, "{events:?}");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn long_history_pages_to_the_beginning_with_every_message_once() {
    everywhere(async |stage| {
        let ada = stage.scene.customer("Ada");
        let began_ms = stage.now_ms() - 40 * 86_400_000;
        let written: Vec<String> = (0..330)
            .map(|number| stage.scene.write(&ada, &format!("number {number}"), began_ms + number * 60_000).0)
            .collect();
        let session = stage.open().await;
        let (mut all, _) = news(session.as_ref(), None).await.unwrap();
        let gaps = all.iter().filter(|event| matches!(event, RemoteEvent::Gap { .. })).count();
        assert_eq!(gaps, 1, "what is missing is told once");
        let older = history(session.as_ref(), &all).await;
        assert!(messages(&older).iter().all(|message| message.is_history));
        all.extend(older);
        let counts = counted(&all);
        let missing: Vec<&String> = written.iter().filter(|id| !counts.contains_key(*id)).collect();
        assert!(missing.is_empty(), "{} of {} are missing", missing.len(), written.len());
        let twice = counts.values().filter(|count| **count > 1).count();
        assert_eq!(twice, 0, "messages told twice on the way down");
    })
    .await;
}

fn bodies(events: &[RemoteEvent]) -> Vec<String> {
    messages(events).into_iter().map(|message| message.body.clone()).collect()
}
