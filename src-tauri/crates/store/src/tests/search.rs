//! Search over messages and names.

use super::fixture::{Profile, at, conversation, refresh, tell, text};
use crate::{Error, WriteTx};
use model::remote::RemoteContact;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};

async fn found(profile: &Profile, text: &'static str) -> Vec<String> {
    let hits = profile.store.read(move |tx| tx.search_messages(text, None, 100)).await.unwrap().hits;
    hits.into_iter().map(|hit| hit.snippet.concat()).collect()
}

async fn library() -> Profile {
    let profile = Profile::new().await;
    let account = profile.account(1).await;
    let bodies = [
        "Frau Müller fragt nach der Straße",
        "Herr Mueller bestellt neue Schuhe",
        "neue Straße, altes Haus",
        "Straße neue",
        "Wo ist mein Paket? 📦",
        "body: alles OR nichts",
    ];
    for (n, body) in bodies.iter().enumerate() {
        profile.tell(account, text("room", &format!("m{n}"), "anna", n as i64, body)).await;
    }
    profile
}

#[tokio::test]
async fn words_are_found_however_they_are_written_newest_first() {
    let profile = library().await;
    let [first, second, third, fourth, parcel, signs] = [
        "Frau Müller fragt nach der Straße",
        "Herr Mueller bestellt neue Schuhe",
        "neue Straße, altes Haus",
        "Straße neue",
        "Wo ist mein Paket? 📦",
        "body: alles OR nichts",
    ];
    for name in ["müller", "Mueller", "MULLER", "mü", "\"müller\""] {
        assert_eq!(found(&profile, name).await, [second, first], "{name}");
    }
    assert_eq!(found(&profile, "strasse neue").await, [fourth, third]);
    assert_eq!(found(&profile, "\"neue strasse\"").await, [third]);
    assert_eq!(
        found(&profile, "stra mül").await,
        Vec::<String>::new(),
        "only the last word may be unfinished"
    );
    assert_eq!(found(&profile, "müller stra").await, [first]);
    assert_eq!(found(&profile, "📦").await, [parcel]);
    assert_eq!(found(&profile, "alles OR paket").await, Vec::<String>::new(), "OR is a word");
    assert_eq!(found(&profile, "body:alles").await, [signs]);
    assert_eq!(found(&profile, "  ").await, Vec::<String>::new());
}

#[tokio::test]
async fn pages_of_hits_follow_each_other() {
    let profile = Profile::new().await;
    let account = profile.account(1).await;
    for n in 0..25 {
        profile.tell(account, text("room", &format!("m{n}"), "anna", n, "Paket")).await;
    }
    let (mut before, mut seconds) = (None, Vec::new());
    loop {
        let page = profile.store.read(move |tx| tx.search_messages("paket", before, 10)).await.unwrap();
        seconds.extend(page.hits.iter().map(|hit| hit.sent_at));
        before = page.hits.last().map(|hit| hit.message);
        if !page.has_more {
            break;
        }
    }
    assert_eq!(seconds, (0..25).rev().map(at).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_search_looks_into_few_segments_however_many_messages_came_one_by_one() {
    let profile = Profile::new().await;
    let account = profile.account(1).await;
    for n in 0..200 {
        profile.tell(account, text("room", &format!("m{n}"), "anna", n, &format!("Paket {n}"))).await;
    }
    let segments = "SELECT count(DISTINCT segid) FROM message_fts_idx";
    let segments: i64 = profile
        .store
        .read(move |tx| Ok::<_, Error>(tx.connection.query_row(segments, [], |row| row.get(0)).unwrap()))
        .await
        .unwrap();
    assert!((1..=24).contains(&segments), "{segments} segments for 200 messages");
    for n in [0, 63, 64, 150, 199] {
        let hits = profile
            .store
            .read(move |tx| tx.search_messages(&format!("paket {n}"), None, 100))
            .await
            .unwrap()
            .hits;
        assert!(hits.iter().any(|hit| hit.sent_at == at(n)), "{n} is found");
    }
}

#[tokio::test]
async fn merging_what_a_large_import_indexed_writes_the_log_back_as_it_goes() {
    let profile = Profile::new().await;
    let account = profile.account(1).await;
    let mut lengths = Vec::new();
    // Four segments of some megabytes are merged into one while nobody writes.
    for batch in 0..4 {
        let import = move |tx: &WriteTx| {
            for n in 0..250 {
                let seconds = batch * 250 + n;
                let words: Vec<_> = (0..900_u64).map(|k| unlike(seconds as u64 * 900 + k)).collect();
                tell(tx, account, &text("room", &format!("m{seconds}"), "anna", seconds, &words.join(" ")))?;
            }
            refresh(tx)
        };
        profile.store.write(import).await.unwrap();
        profile.store.rest().await;
        lengths.push(std::fs::metadata(profile.dir.path().join("kontor.db-wal")).unwrap().len() >> 20);
    }
    assert!(lengths.iter().all(|length| *length <= 16), "MiB of log after each import: {lengths:?}");
}

/// A word like no other.
fn unlike(number: u64) -> String {
    format!("{:x}", number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 16)
}

#[tokio::test]
async fn whatever_is_typed_is_a_search_and_never_an_error() {
    let profile = library().await;
    let mut rng = SmallRng::seed_from_u64(7);
    let signs: Vec<char> = "\"'*^:()+-{}[]\\%_;,.ANDORTNEa ß\u{0}\u{200D}👍“„漢\n".chars().collect();
    for _ in 0..3000 {
        let length = rng.random_range(0..40);
        let text: String = (0..length).map(|_| signs[rng.random_range(0..signs.len())]).collect();
        let typed = text.clone();
        let outcome = profile
            .store
            .read(move |tx| {
                tx.search_messages(&typed, None, 10)?;
                tx.search_names(&typed, 10).map(|_| ())
            })
            .await;
        assert!(outcome.is_ok(), "{text:?}: {outcome:?}");
    }
    let long = "wort ".repeat(50_000);
    profile.store.read(move |tx| tx.search_messages(&long, None, 10)).await.unwrap();
}

#[tokio::test]
async fn conversations_are_found_by_title_name_and_handle_and_follow_a_change() {
    let profile = Profile::new().await;
    let account = profile.account(1).await;
    for (n, who) in ["anna", "bernd"].into_iter().enumerate() {
        profile.tell(account, text(&format!("room {who}"), &format!("m{n}"), who, n as i64, "Hallo")).await;
        let (name, handle) = (format!("{who} Groß"), format!("@{who}_shop"));
        let contact =
            RemoteContact { remote_id: who.into(), name: Some(name), handle: Some(handle), avatar: None };
        let mut told = conversation(&format!("room {who}"));
        told.contact = Some(who.into());
        profile
            .write(move |tx| {
                tx.upsert_contact(account, &contact)?;
                tx.merge_conversation(account, &told, at(0))
            })
            .await;
    }
    let names = |typed: &'static str| {
        let store = profile.store.clone();
        async move {
            let rows = store.read(move |tx| tx.search_names(typed, 10)).await.unwrap();
            rows.into_iter().map(|row| row.conversation.title).collect::<Vec<_>>()
        }
    };
    assert_eq!(names("gross").await, ["bernd Groß", "anna Groß"]);
    assert_eq!(names("gro ann").await, ["anna Groß"]);
    assert_eq!(names("bernd_shop").await, ["bernd Groß"]);
    let married = RemoteContact {
        remote_id: "anna".into(),
        name: Some("Anna Klein".into()),
        handle: None,
        avatar: None,
    };
    profile.write(move |tx| tx.upsert_contact(account, &married)).await;
    assert_eq!(names("gross").await, ["bernd Groß"]);
    assert_eq!(names("klein").await, ["Anna Klein"]);
}

#[tokio::test]
async fn an_index_that_was_folded_otherwise_is_built_anew() {
    let profile = library().await;
    let break_index = "UPDATE meta SET value = '0';
        INSERT INTO message_fts (message_fts) VALUES ('delete-all');
        INSERT INTO name_fts (name_fts) VALUES ('delete-all');";
    profile.store.run_on_writer(break_index).await.unwrap();
    assert!(found(&profile, "paket").await.is_empty());
    let profile = profile.restart().await;
    assert_eq!(found(&profile, "paket").await.len(), 1);
    let rows = profile.store.read(|tx| tx.search_names("room", 10)).await.unwrap();
    assert_eq!(rows.len(), 1);
    let edit = |tx: &crate::WriteTx<'_>| {
        let account = tx.accounts()?[0].id;
        tx.apply_edit(account, &"m4".into(), None, "geklärt", at(9), "")?;
        Ok::<_, Error>(())
    };
    profile.write(edit).await;
    assert!(found(&profile, "paket").await.is_empty());
}
