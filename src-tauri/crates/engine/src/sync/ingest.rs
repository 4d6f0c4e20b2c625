//! The only door for facts from platforms. Idempotent by remote id; rows and cursor commit together.

use super::Now;
use crate::outbox::machine::{Event, Surroundings, step};
use crate::outbox::{may_be_from_here, moved, recognise};
use connect::Pulled;
use model::account::Account;
use model::capability::Capabilities;
use model::conversation::ConversationKind;
use model::message::{Direction, MessageKind};
use model::remote::{ReadMark, RemoteConversation, RemoteEvent, RemoteMessage};
use model::{ConversationId, MediaId, MessageId, RemoteId, Timestamp};
use std::collections::BTreeMap;
use std::time::Duration;
use store::{Gap, WriteTx};

/// What the platform calls history is news all the same if it was sent since the account was last known to be up to date,
/// less this: a room just joined tells its first words as history, and a laptop sleeps.
const OVERLAP: Duration = Duration::from_secs(600);

/// What could not be confirmed is looked for once more if a message of ours comes in this long after it was sent.
const STILL_ASKED: Duration = Duration::from_secs(3600);

/// Most events of one commit: a large import does not hold the write lane for seconds.
pub const BATCH: usize = 400;

/// A message that may be told about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrived {
    /// Where.
    pub conversation: ConversationId,
    /// Which; none for a stranger who asks to write.
    pub message: Option<MessageId>,
}

/// What a batch brought beside rows.
#[derive(Debug, Default)]
pub struct Ingested {
    /// New inbound messages that are not history.
    pub arrived: Vec<Arrived>,
    /// Something about our own messages came in: a look for unknown sends may succeed now.
    pub has_own: bool,
    /// History is missing somewhere.
    pub has_gap: bool,
    /// Files that nothing refers to any more; their bytes are deleted after the commit.
    pub erased: Vec<MediaId>,
    /// What we wrote that no operation knows, and where.
    unmatched: BTreeMap<ConversationId, Vec<Unmatched>>,
    /// The oldest message, and whether it was here before.
    oldest: Option<(Timestamp, i64, bool)>,
}

impl Ingested {
    /// The page ends in what was known before: a hole is filled. Its newest messages may be known too; they say nothing.
    fn reaches_known_ground(&self) -> bool {
        self.oldest.is_some_and(|(_, _, is_known)| is_known)
    }
}

/// A message of ours that no operation is known for: from another device, or from here and not known as that yet.
#[derive(Debug)]
struct Unmatched {
    remote_id: RemoteId,
    sent_at: Timestamp,
    text: String,
}

/// Where the rows come from, and which mark moves with them.
#[derive(Debug, Clone)]
pub enum Source {
    /// A pull: the account's cursor moves.
    Pull,
    /// History of one conversation: the gap moves.
    History(Gap),
}

/// Stores events in the platform's order. Only the last batch of a page moves the mark.
pub fn ingest(
    tx: &WriteTx,
    account: &Account,
    takes: &Capabilities,
    events: &[RemoteEvent],
    now: Now,
) -> Result<Ingested, store::Error> {
    let mut ingested = Ingested::default();
    let around = Around { account, takes, now };
    for event in events {
        take(tx, &around, event, &mut ingested)?;
    }
    // After the whole batch: of two that look alike neither is taken for ours.
    for (conversation, unmatched) in &ingested.unmatched {
        ingested.erased.extend(match_with_replies(tx, &around, *conversation, unmatched)?);
    }
    for conversation in tx.stale_conversations() {
        tx.refresh_conversation(conversation, takes.reply_window)?;
    }
    Ok(ingested)
}

/// One of them may be a reply that is on its way or looked for; answers with the files that go with it. Whoever of us wrote the others, on whatever device, has read what came
/// before: before them in time, since a reply from here was written long before it left, and the seconds of some platforms
/// are whole.
fn match_with_replies(
    tx: &WriteTx,
    around: &Around,
    conversation: ConversationId,
    unmatched: &[Unmatched],
) -> Result<Vec<MediaId>, store::Error> {
    let recognised = recognise(tx, conversation, &undisturbed(around))?;
    let (ours, erased) = recognised.map(|it| (it.remote_id, it.erased)).unzip();
    let may_be_from_here = may_be_from_here(tx, conversation)?;
    let from_elsewhere =
        unmatched.iter().filter(|one| ours.as_ref() != Some(&one.remote_id) && !may_be_from_here(&one.text));
    if let Some(newest) = from_elsewhere.map(|one| one.sent_at).max() {
        tx.advance_read_mark_told_by_platform(conversation, newest.minus(Duration::from_millis(1)))?;
    }
    Ok(erased.unwrap_or_default())
}

/// Moves the mark of a page whose events are all stored.
pub fn move_mark(
    tx: &WriteTx,
    account: &Account,
    source: &Source,
    pulled: &Pulled,
    ingested: &Ingested,
) -> Result<(), store::Error> {
    match (source, &pulled.next) {
        (Source::Pull, Some(cursor)) => tx.set_cursor(account.id, Some(cursor)),
        (Source::Pull, None) => Ok(()),
        (Source::History(gap), Some(_)) if gap.is_hole && ingested.reaches_known_ground() => {
            tx.finish_gap(gap)
        }
        (Source::History(gap), Some(cursor)) => tx.advance_gap(gap, cursor),
        (Source::History(gap), None) => tx.finish_gap(gap),
    }
}

/// What every event of a batch is taken in.
struct Around<'a> {
    account: &'a Account,
    takes: &'a Capabilities,
    now: Now,
}

fn take(
    tx: &WriteTx,
    around: &Around,
    event: &RemoteEvent,
    ingested: &mut Ingested,
) -> Result<(), store::Error> {
    let Around { account, now, .. } = *around;
    let id = account.id;
    let place = |remote_id: &RemoteId| tx.ensure_conversation(id, remote_id, now.platform);
    match event {
        RemoteEvent::Contact(contact) => tx.upsert_contact(id, contact).map(|_| ()),
        RemoteEvent::Conversation(conversation) => merge(tx, around, conversation, ingested),
        RemoteEvent::Message(message) => {
            let conversation = place(&message.conversation)?;
            let stored = tx.upsert_message(id, conversation, message)?;
            ingested.erased.extend(stored.erased);
            let place = (message.sent_at, message.order, !stored.is_new);
            if ingested.oldest.is_none_or(|oldest| (place.0, place.1) < (oldest.0, oldest.1)) {
                ingested.oldest = Some(place);
            }
            if message.direction() == Direction::Out {
                ingested.has_own = true;
                confirm(tx, message, around)?;
                if stored.is_new {
                    // It may be the very reply that nobody could confirm.
                    tx.look_again(conversation, now.here, now.platform.minus(STILL_ASKED))?;
                }
                if stored.op_id.is_none() {
                    let (remote_id, text) = (message.remote_id.clone(), message.body.clone());
                    let unmatched = Unmatched { remote_id, sent_at: message.sent_at, text };
                    ingested.unmatched.entry(conversation).or_default().push(unmatched);
                }
            } else if stored.is_new && tells(message, account) {
                ingested.arrived.push(Arrived { conversation, message: Some(stored.id) });
            }
            Ok(())
        }
        RemoteEvent::Edit { message, author, body, at, revision, .. } => {
            tx.apply_edit(id, message, author.as_ref(), body, *at, revision).map(|_| ())
        }
        RemoteEvent::Deletion { target, at, .. } => {
            ingested.erased.extend(tx.apply_deletion(id, target, *at)?.media);
            Ok(())
        }
        RemoteEvent::Reaction { message, author, key, remote_id, at, .. } => {
            tx.apply_reaction(id, message, author, key, remote_id.as_ref(), *at).map(|_| ())
        }
        RemoteEvent::ReactionsNow { message, reactions, .. } => {
            tx.set_reactions(id, message, reactions).map(|_| ())
        }
        RemoteEvent::ReadByUs { conversation, up_to } => match up_to {
            ReadMark::Time(at) => {
                tx.advance_read_mark_told_by_platform(place(conversation)?, *at).map(|_| ())
            }
            ReadMark::Message(message) => tx.read_up_to_message(id, place(conversation)?, message, true),
        },
        RemoteEvent::ReadByThem { conversation, up_to } => match up_to {
            ReadMark::Time(at) => tx.advance_their_read_mark(place(conversation)?, *at),
            ReadMark::Message(message) => tx.read_up_to_message(id, place(conversation)?, message, false),
        },
        // One that was never here (left on another device before the first sync) does not appear by being left.
        RemoteEvent::Left { conversation } => match tx.conversation_by_remote(id, conversation)? {
            Some(known) => tx.leave_conversation(known.id),
            None => Ok(()),
        },
        RemoteEvent::Gap { conversation, before, is_hole } => {
            ingested.has_gap = true;
            tx.add_gap(place(conversation)?, before.as_deref(), *is_hole)
        }
    }
}

/// News of a person; notices of bots and history stay silent.
fn tells(message: &RemoteMessage, account: &Account) -> bool {
    let up_to_date = account.verified_at.unwrap_or(account.created_at).minus(OVERLAP);
    let is_news = message.sent_at > account.created_at && message.sent_at >= up_to_date;
    (is_news || !message.is_history) && !message.is_deleted && message.kind != MessageKind::Notice
}

/// A stranger who asks to write is unread and told, like a message: the request may be all there is.
fn merge(
    tx: &WriteTx,
    around: &Around,
    remote: &RemoteConversation,
    ingested: &mut Ingested,
) -> Result<(), store::Error> {
    let known = tx.conversation_by_remote(around.account.id, &remote.remote_id)?;
    let conversation = tx.merge_conversation(around.account.id, remote, around.now.platform)?;
    let is_request = remote.kind == Some(ConversationKind::Request);
    // Declined and made again is another request.
    if is_request && known.is_none_or(|known| known.kind != ConversationKind::Request || !known.is_open) {
        tx.set_read_mark(conversation, None, true)?;
        // What waited before the account was first read is no news; what came while it was signed out is.
        if around.account.verified_at.is_some() {
            ingested.arrived.push(Arrived { conversation, message: None });
        }
    }
    Ok(())
}

/// A message that carries our operation id proves that the operation went out, whatever the outbox thought.
fn confirm(tx: &WriteTx, message: &RemoteMessage, around: &Around) -> Result<(), store::Error> {
    let Some(op_id) = message.op_id else { return Ok(()) };
    let Some(row) = tx.outbox_row(op_id)? else { return Ok(()) };
    if let Some(change) = step(&row, &Event::Echoed, &undisturbed(around)) {
        tx.cas_outbox(&[row.state], &moved(&row, change))?;
    }
    Ok(())
}

/// What comes in waits for nothing.
fn undisturbed(around: &Around) -> Surroundings {
    Surroundings {
        now: around.now.here,
        platform_now: around.now.platform,
        awake_since: around.now.here,
        is_idempotent: around.takes.is_send_idempotent,
        backoff: Duration::ZERO,
        left_before: None,
    }
}
