//! Facts about one message in every order lead to the same state.

use super::fixture::{Profile, at, refresh, text};
use crate::{Error, WriteTx};
use model::message::{Message, Reaction};
use model::remote::{Author, RemoteEvent, RemoteMessage};
use model::{AccountId, RemoteId};

fn apply(tx: &WriteTx<'_>, account: AccountId, event: &RemoteEvent) -> Result<(), Error> {
    match event {
        RemoteEvent::Message(message) => super::fixture::tell(tx, account, message).map(|_| ()),
        RemoteEvent::Edit { message, author, body, at, revision, .. } => {
            tx.apply_edit(account, message, author.as_ref(), body, *at, revision).map(|_| ())
        }
        RemoteEvent::Deletion { target, at, .. } => tx.apply_deletion(account, target, *at).map(|_| ()),
        RemoteEvent::Reaction { message, author, key, remote_id, at, .. } => {
            tx.apply_reaction(account, message, author, key, remote_id.as_ref(), *at).map(|_| ())
        }
        other => panic!("not part of these tests: {other:?}"),
    }
}

fn permutations(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![vec![]];
    }
    let shorter = permutations(count - 1);
    let put = |rest: &Vec<usize>, place: usize| {
        let mut longer = rest.clone();
        longer.insert(place, count - 1);
        longer
    };
    shorter.iter().flat_map(|rest| (0..count).map(move |place| put(rest, place))).collect()
}

/// What a person sees of a message: text, instants of edit and deletion, reactions and whether they are ours.
type Seen = (String, Option<model::Timestamp>, Option<model::Timestamp>, Vec<(String, bool)>);

fn seen(message: Message) -> Seen {
    let mut reactions: Vec<_> = message
        .reactions
        .into_iter()
        .map(|Reaction { key, contact_id, .. }| (key, contact_id.is_none()))
        .collect();
    reactions.sort();
    (message.body, message.edited_at, message.deleted_at, reactions)
}

/// Applies the facts, made for the n-th message, in every order; everyone must see the same in the end, also in the index.
async fn converges(facts: fn(&str) -> Vec<RemoteEvent>) -> Message {
    let profile = Profile::new().await;
    let account = profile.account(1).await;
    let count = facts("x").len();
    let mut states: Vec<Message> = profile
        .store
        .write(move |tx| {
            let mut states = Vec::new();
            for (n, order) in permutations(count).into_iter().enumerate() {
                let id = format!("m{n}");
                let facts = facts(&id);
                for step in &order {
                    apply(tx, account, &facts[*step])?;
                }
                // And some of them once more.
                for step in order.iter().step_by(2) {
                    apply(tx, account, &facts[*step])?;
                }
                states.extend(tx.message_by_remote(account, &RemoteId::from(id))?);
            }
            refresh(tx)?;
            Ok::<_, Error>(states)
        })
        .await
        .unwrap();
    assert_eq!(states.len(), (1..=count).product::<usize>());
    let last = states.pop().unwrap();
    for state in states {
        assert_eq!(seen(state), seen(last.clone()));
    }
    let word = last.body.split(' ').next().unwrap_or_default().to_owned();
    let hits = profile.store.read(move |tx| tx.search_messages(&word, None, 10_000)).await.unwrap().hits;
    assert_eq!(hits.len(), if last.body.is_empty() { 0 } else { (1..=count).product() });
    for gone in ["urspruenglich", "zwischenstand"].into_iter().filter(|gone| !last.body.contains(gone)) {
        let hits = profile.store.read(move |tx| tx.search_messages(gone, None, 10)).await.unwrap().hits;
        assert!(hits.is_empty(), "{gone}");
    }
    last
}

fn message(id: &str) -> RemoteEvent {
    RemoteEvent::Message(text("room", id, "anna", 10, "urspruenglich so"))
}

fn edit(id: &str, author: Option<Author>, body: &str, seconds: i64, revision: &str) -> RemoteEvent {
    let (conversation, message) = ("room".into(), id.into());
    RemoteEvent::Edit {
        conversation,
        message,
        author,
        body: body.into(),
        at: at(seconds),
        revision: revision.into(),
    }
}

fn reaction(id: &str, author: Author, key: &str, own: &str, seconds: i64) -> RemoteEvent {
    let remote_id = Some(RemoteId(format!("{id}-{own}")));
    let (conversation, message) = ("room".into(), id.into());
    RemoteEvent::Reaction { conversation, message, author, key: key.into(), remote_id, at: at(seconds) }
}

fn deletion(target: String, seconds: i64) -> RemoteEvent {
    RemoteEvent::Deletion { conversation: "room".into(), target: target.into(), at: at(seconds) }
}

fn anna() -> Author {
    Author::Them("anna".into())
}

#[tokio::test]
async fn the_latest_edit_of_the_author_wins_in_every_order() {
    let last = converges(|id| {
        vec![
            message(id),
            edit(id, Some(anna()), "zwischenstand eins", 20, "a"),
            edit(id, Some(anna()), "endstand zwei", 30, "a"),
            edit(id, Some(anna()), "endstand drei", 30, "b"),
            edit(id, Some(Author::Them("mallory".into())), "gefaelscht", 99, "z"),
        ]
    })
    .await;
    assert_eq!((last.body.as_str(), last.edited_at), ("endstand drei", Some(at(30))));
}

#[tokio::test]
async fn a_deletion_sticks_in_every_order_and_takes_edits_and_reactions_along() {
    let last = converges(|id| {
        vec![
            message(id),
            edit(id, None, "zwischenstand", 20, "a"),
            reaction(id, anna(), "❤️", "r1", 21),
            deletion(id.to_owned(), 40),
            deletion(id.to_owned(), 35),
        ]
    })
    .await;
    assert_eq!((last.body.as_str(), last.deleted_at), ("", Some(at(35))));
    assert!(last.reactions.is_empty() && last.edited_at.is_none());
}

#[tokio::test]
async fn a_reaction_given_taken_back_and_given_again_is_there_once_in_every_order() {
    let last = converges(|id| {
        vec![
            message(id),
            reaction(id, anna(), "👍", "r1", 20),
            deletion(format!("{id}-r1"), 21),
            reaction(id, anna(), "👍", "r2", 22),
            reaction(id, Author::Us, "👍", "r3", 23),
            deletion(format!("{id}-r3"), 24),
        ]
    })
    .await;
    assert_eq!(last.reactions.len(), 1);
    assert!(last.reactions[0].contact_id.is_some());
}

#[tokio::test]
async fn a_message_first_seen_edited_and_its_edit_agree_in_every_order() {
    let last = converges(|id| {
        let edited = RemoteMessage {
            edited_at: Some(at(30)),
            body: "endstand".into(),
            ..text("room", id, "anna", 10, "")
        };
        vec![
            RemoteEvent::Message(edited),
            message(id),
            edit(id, None, "endstand", 30, "a"),
            edit(id, None, "zwischenstand", 20, "a"),
        ]
    })
    .await;
    assert_eq!(last.body, "endstand");
}
