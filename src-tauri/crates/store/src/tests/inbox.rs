//! The inbox list and its counts.

use super::fixture::{Profile, T0, at, conversation, op, refresh, room, tell, text};
use crate::{Counts, Error, ListKey, NewEcho, ReadTx, View};
use model::conversation::{Conversation, ConversationKind};
use model::draft::Draft;
use model::message::{Direction, MessageKind};
use model::outbox::{FailReason, OutboxRow, OutboxState};
use model::remote::{RemoteContact, RemoteConversation, RemoteMessage};
use model::{AccountId, ConversationId, Timestamp};
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use std::time::Duration;

const VIEWS: [View; 5] = [View::All, View::Unread, View::Waiting, View::EndsSoon, View::Undelivered];
const SOON: Duration = Duration::from_secs(6 * 3600);

/// What a view should show, computed from all conversations and nothing else.
fn expected(
    all: &[(Conversation, Option<OutboxState>)],
    view: View,
    account: Option<AccountId>,
    now: Timestamp,
) -> Vec<ListKey> {
    let key = |(conversation, outbox): &(Conversation, Option<OutboxState>)| {
        let c = conversation;
        let is_listed = c.last_message_id.is_some() || (c.kind == ConversationKind::Request && c.is_open);
        let is_in_trouble = matches!(outbox, Some(OutboxState::Failed | OutboxState::NeedsPerson));
        let at = match view {
            View::All => is_listed.then_some(c.last_activity_at),
            View::Unread => {
                (is_listed && (c.unread_count > 0 || c.is_marked_unread)).then_some(c.last_activity_at)
            }
            View::Waiting => c.waiting_since,
            View::EndsSoon => c
                .window_closes_at
                .filter(|at| c.waiting_since.is_some() && *at > now && *at <= now.plus(SOON)),
            View::Undelivered => is_in_trouble.then_some(c.last_activity_at),
        };
        let is_of = account.is_none_or(|account| account == c.account_id);
        at.filter(|_| is_of).map(|at| ListKey { at, id: c.id })
    };
    let mut keys: Vec<ListKey> = all.iter().filter_map(key).collect();
    keys.sort_by_key(|key| (key.at, key.id));
    if !matches!(view, View::Waiting | View::EndsSoon) {
        keys.reverse();
    }
    keys
}

fn everything(tx: &ReadTx<'_>) -> Result<Vec<(Conversation, Option<OutboxState>)>, Error> {
    let ids: Vec<i64> = tx.all("SELECT id FROM conversation", [], |row| row.get(0))?;
    let troubled = |state| {
        let rows = tx.outbox_in(&[state])?;
        Ok::<_, Error>(rows.iter().map(|row| row.conversation_id).collect::<std::collections::BTreeSet<_>>())
    };
    let (failed, asking) = (troubled(OutboxState::Failed)?, troubled(OutboxState::NeedsPerson)?);
    let mut all = Vec::new();
    for id in ids {
        let conversation = tx.conversation(ConversationId(id))?.ok_or(Error::Missing("conversation"))?;
        let worst = match conversation.id {
            id if failed.contains(&id) => Some(OutboxState::Failed),
            id if asking.contains(&id) => Some(OutboxState::NeedsPerson),
            _ => None,
        };
        all.push((conversation, worst));
    }
    Ok(all)
}

/// Pages of three, to the end.
fn paged(
    tx: &ReadTx<'_>,
    view: View,
    account: Option<AccountId>,
    now: Timestamp,
) -> Result<Vec<ListKey>, Error> {
    let (mut keys, mut after) = (Vec::new(), None);
    loop {
        let page = tx.list(view, account, after, None, 3, now)?;
        keys.extend(page.rows.iter().map(|row| row.key));
        match page.next {
            Some(next) => after = Some(next),
            None => return Ok(keys),
        }
    }
}

fn check(tx: &ReadTx<'_>, accounts: [AccountId; 2], now: Timestamp) -> Result<(), Error> {
    let all = everything(tx)?;
    for account in [None, Some(accounts[0]), Some(accounts[1])] {
        for view in VIEWS {
            assert_eq!(
                paged(tx, view, account, now)?,
                expected(&all, view, account, now),
                "{view:?} of {account:?}"
            );
        }
    }
    let count = |view| u32::try_from(expected(&all, view, None, now).len()).unwrap();
    let counts = Counts {
        unread: count(View::Unread),
        waiting: count(View::Waiting),
        ends_soon: count(View::EndsSoon),
        undelivered: count(View::Undelivered),
    };
    assert_eq!(tx.counts(now)?, counts);
    for (account, unread) in tx.unread_messages()? {
        let of = all.iter().filter(|(conversation, _)| conversation.account_id == account);
        assert_eq!(unread, of.map(|(conversation, _)| conversation.unread_count).sum::<u32>());
    }
    Ok(())
}

/// Counts a conversation's derived columns from its messages, the slow way.
fn check_derived(tx: &ReadTx<'_>, id: ConversationId) -> Result<(), Error> {
    let conversation = tx.conversation(id)?.ok_or(Error::Missing("conversation"))?;
    let messages = tx.messages(id, crate::Stretch::Newest, 10_000)?.messages;
    if conversation.kind == ConversationKind::Request && conversation.is_open && messages.is_empty() {
        // A request without a message waits since it came; a test of its own looks at these.
        assert!(conversation.waiting_since.is_some() && conversation.unread_count <= 1);
        return Ok(());
    }
    let theirs: Vec<_> = messages
        .iter()
        .filter(|(_, m)| m.direction == Direction::In && m.kind != MessageKind::Notice)
        .collect();
    let answer = messages.iter().rev().find(|(_, m)| {
        let fate = m.delivery.map(|delivery| delivery.state);
        m.direction == Direction::Out
            && m.deleted_at.is_none()
            && !matches!(fate, Some(OutboxState::Failed | OutboxState::NeedsPerson))
    });
    let waiting = theirs
        .iter()
        .filter(|(_, m)| m.deleted_at.is_none())
        .find(|(key, m)| {
            let is_unseen = conversation.read_up_to.is_some_and(|mark| m.sent_at > mark);
            is_unseen || answer.is_none_or(|(answer, _)| key > answer)
        })
        .map(|(_, m)| m.sent_at);
    let read = conversation.read_up_to.map_or(i64::MIN, |at| at.0);
    let unread = theirs.iter().filter(|(_, m)| m.deleted_at.is_none() && m.sent_at.0 > read).count();
    assert_eq!(conversation.last_message_id, messages.last().map(|(_, m)| m.id));
    assert_eq!(conversation.waiting_since, waiting.filter(|_| conversation.is_open));
    assert_eq!(conversation.unread_count as usize, unread);
    assert_eq!(conversation.last_inbound_at, theirs.last().map(|(_, m)| m.sent_at));
    Ok(())
}

#[tokio::test]
async fn lists_and_counts_are_what_counting_everything_gives_after_any_operations() {
    for seed in 0..6_u64 {
        let profile = Profile::new().await;
        let accounts = [profile.account(1).await, profile.account(2).await];
        let mut rng = SmallRng::seed_from_u64(seed);
        for round in 0..12 {
            let ops: Vec<[u32; 5]> = (0..15).map(|_| std::array::from_fn(|_| rng.random())).collect();
            let now = at(i64::from(round) * 4000);
            profile
                .store
                .write(move |tx| {
                    for op in ops {
                        operate(tx, accounts, op, now)?;
                    }
                    refresh(tx)?;
                    check(tx, accounts, now)?;
                    for (conversation, _) in everything(tx)? {
                        check_derived(tx, conversation.id)?;
                    }
                    Ok::<_, Error>(())
                })
                .await
                .unwrap_or_else(|error| panic!("seed {seed}, round {round}: {error}"));
        }
    }
}

fn operate(
    tx: &crate::WriteTx<'_>,
    accounts: [AccountId; 2],
    dice: [u32; 5],
    now: Timestamp,
) -> Result<(), Error> {
    let [what, account, number, id, seconds] = dice;
    let account = accounts[(account % 2) as usize];
    let name = format!("room {}", number % 9);
    let from = ["anna", "us", "bot"][(id % 3) as usize];
    let sent = (now.0 - T0) / 1000 - i64::from(seconds % 9000);
    let place = tx.ensure_conversation(account, &name.as_str().into(), now)?;
    match what % 12 {
        0..=4 => {
            let kind = if from == "bot" { MessageKind::Notice } else { MessageKind::Plain };
            tell(
                tx,
                account,
                &RemoteMessage { kind, ..text(&name, &format!("m{}", id % 60), from, sent, "Wort") },
            )?;
        }
        5 => drop(tx.apply_deletion(account, &format!("m{}", id % 60).into(), now)?),
        6 => drop(tx.advance_read_mark(place, Timestamp(T0 + sent * 1000))?),
        7 => tx.set_read_mark(place, None, id % 2 == 0)?,
        8 => tx.leave_conversation(place)?,
        9 => {
            let kind = Some(if id % 2 == 0 { ConversationKind::Request } else { ConversationKind::Direct });
            tx.merge_conversation(account, &RemoteConversation { kind, ..conversation(&name) }, now)?;
        }
        10 => {
            let op_id = model::OpId::new(now, std::array::from_fn(|at| id.to_le_bytes()[at % 4]));
            if tx.outbox_row(op_id)?.is_none() {
                let (body, state) = ("Antwort".to_owned(), OutboxState::Queued);
                let echo = NewEcho {
                    op_id,
                    conversation_id: place,
                    body,
                    file: None,
                    reply_to: None,
                    state,
                    due_at: now,
                    now,
                    sent_at: now,
                };
                tx.insert_echo(&echo)?;
            }
        }
        _ => {
            let states =
                [OutboxState::Failed, OutboxState::Cancelled, OutboxState::Sent, OutboxState::NeedsPerson];
            if let Some(row) = tx.outbox_in(&[OutboxState::Queued, OutboxState::Cancelled])?.first() {
                let state = states[(id % 4) as usize];
                tx.cas_outbox(&[row.state], &OutboxRow { state, ..row.clone() })?;
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_stretch_of_the_list_stays_exactly_that_stretch_while_rows_move() {
    let profile = Profile::new().await;
    let account = profile.account(1).await;
    for n in 0..30 {
        profile.tell(account, text(&format!("room {n}"), &format!("m{n}"), "anna", n, "Wort")).await;
    }
    let list = |after, until, limit| {
        let store = profile.store.clone();
        async move {
            store.read_list(move |tx| tx.list(View::All, None, after, until, limit, at(100))).await.unwrap()
        }
    };
    let first = list(None, None, 10).await;
    let second = list(first.next, None, 10).await;
    assert_eq!(first.rows.len() + second.rows.len(), 20);
    let (from, to) = (first.next, second.next);
    // One row of the second page moves to the top; a new one appears there too.
    profile.tell(account, text("room 15", "again", "anna", 50, "Nochmal")).await;
    profile.tell(account, text("room new", "new", "anna", 51, "Neu")).await;
    let again = list(from, to, 200).await;
    let titles = |page: &crate::ListPage| -> Vec<String> {
        page.rows.iter().map(|row| row.conversation.title.clone()).collect()
    };
    let mut before = titles(&second);
    before.retain(|title| title != "room 15");
    assert_eq!(titles(&again), before);
    assert_eq!(again.next, to, "more follow behind the stretch");
    let top = list(None, from, 200).await;
    assert_eq!(top.rows.len(), 12);
    assert_eq!(&titles(&top)[..2], ["room new", "room 15"]);
}

#[tokio::test]
async fn the_conversations_of_many_accounts_are_one_list() {
    let profile = Profile::new().await;
    for number in 1..=70 {
        let account = profile.account(number).await;
        let seconds = i64::from(number) * 37 % 71;
        profile.tell(account, text("room", "m", "anna", seconds, "Wort")).await;
    }
    let check = |tx: &ReadTx<'_>| {
        let all = everything(tx)?;
        for view in [View::All, View::Unread, View::Waiting] {
            let keys = paged(tx, view, None, at(100))?;
            assert_eq!((keys.len(), &keys), (70, &expected(&all, view, None, at(100))), "{view:?}");
        }
        Ok::<_, Error>(())
    };
    profile.store.read_list(check).await.unwrap();
}

#[tokio::test]
async fn a_row_shows_what_belongs_to_it() {
    let profile = Profile::new().await;
    let account = profile.account(1).await;
    profile.tell(account, text("room", "m1", "anna", 1, "Hallo")).await;
    profile.tell(account, text("room", "m2", "anna", 2, &format!("  Wo\nbleibt {}", "x".repeat(300)))).await;
    let id = room(&profile, account, "room").await;
    let anna =
        RemoteContact { remote_id: "anna".into(), name: Some("Anna".into()), handle: None, avatar: None };
    let mut told = conversation("room");
    told.contact = Some("anna".into());
    let body = "Sehr geehrte".to_owned();
    let draft = Draft { conversation_id: id, body, files: vec![], changed_at: at(3) };
    profile
        .write(move |tx| {
            tx.upsert_contact(account, &anna)?;
            tx.merge_conversation(account, &told, at(0))?;
            tx.save_draft(&draft)
        })
        .await;
    let echo = NewEcho {
        op_id: op(1),
        conversation_id: id,
        body: "Moment".into(),
        file: None,
        reply_to: None,
        state: OutboxState::Queued,
        due_at: at(4),
        now: at(4),
        sent_at: at(4),
    };
    let row = |profile: &Profile| {
        let store = profile.store.clone();
        async move {
            let page = store.read_list(|tx| tx.list(View::All, None, None, None, 10, at(5))).await.unwrap();
            page.rows.into_iter().next().unwrap()
        }
    };
    let before = row(&profile).await;
    assert_eq!((before.account_name.as_str(), before.platform.as_str()), ("Brand 1", "matrix"));
    assert_eq!((before.conversation.title.as_str(), before.draft.as_deref()), ("Anna", Some("Sehr geehrte")));
    let preview = before.preview.unwrap();
    assert!(preview.text.starts_with("Wo bleibt xxx") && preview.text.chars().count() == 200);
    assert_eq!((preview.author.as_deref(), preview.direction), (Some("Anna"), Direction::In));
    assert_eq!(before.outbox, None);
    assert_eq!(before.conversation.window_closes_at, Some(at(2).plus(super::fixture::WINDOW)));
    let queued = profile.write(move |tx| tx.insert_echo(&echo)).await;
    let sending = row(&profile).await;
    assert_eq!(sending.outbox, Some(OutboxState::Queued));
    assert_eq!(sending.conversation.waiting_since, None, "an answer is on its way");
    let failed = OutboxRow { state: OutboxState::Failed, reason: Some(FailReason::Refused), ..queued };
    assert!(profile.write(move |tx| tx.cas_outbox(&[OutboxState::Queued], &failed)).await);
    let failed = row(&profile).await;
    assert_eq!(failed.outbox, Some(OutboxState::Failed));
    assert_eq!(failed.conversation.waiting_since, Some(at(1)), "nobody has answered");
    assert_eq!(profile.store.read(|tx| tx.counts(at(5))).await.unwrap().undelivered, 1);
}

#[tokio::test]
async fn a_request_without_a_message_is_listed_until_it_is_gone() {
    let profile = Profile::new().await;
    let account = profile.account(1).await;
    let told = RemoteConversation { kind: Some(ConversationKind::Request), ..conversation("invite") };
    let id = profile.write(move |tx| tx.merge_conversation(account, &told, at(7))).await;
    let quiet = conversation("quiet");
    profile.write(move |tx| tx.merge_conversation(account, &quiet, at(8))).await;
    let rows = |view| {
        let store = profile.store.clone();
        async move { store.read_list(move |tx| tx.list(view, None, None, None, 10, at(9))).await.unwrap().rows }
    };
    for view in [View::All, View::Unread, View::Waiting] {
        let rows = rows(view).await;
        assert_eq!(rows.len(), 1, "{view:?}");
        assert_eq!((rows[0].conversation.id, rows[0].key.at, rows[0].preview.is_none()), (id, at(7), true));
    }
    profile.write(move |tx| tx.advance_read_mark(id, at(9))).await;
    assert!(rows(View::Unread).await.is_empty());
    profile.write(move |tx| tx.leave_conversation(id)).await;
    assert!(rows(View::All).await.is_empty());
}

#[tokio::test]
async fn a_reply_that_left_after_the_customer_wrote_again_leaves_her_waiting_until_that_is_read() {
    let profile = Profile::new().await;
    let account = profile.account(1).await;
    profile.tell(account, text("room", "first", "anna", 10, "Wo bleibt mein Paket?")).await;
    let id = room(&profile, account, "room").await;
    profile.write(move |tx| tx.advance_read_mark(id, at(10))).await;
    profile.tell(account, text("room", "again", "anna", 12, "Oder doch nicht?")).await;
    profile.tell(account, text("room", "ours", "us", 15, "Morgen.")).await;
    let waiting =
        async || profile.store.read(move |tx| tx.conversation(id)).await.unwrap().unwrap().waiting_since;
    assert_eq!(waiting().await, Some(at(12)));
    profile.write(move |tx| tx.advance_read_mark(id, at(15))).await;
    assert_eq!(waiting().await, None);
}
