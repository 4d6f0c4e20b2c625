//! What can still be read of a damaged database, and how it goes into the copy that takes its place.
//!
//! Nothing of it is sent by itself: a reply that had not left is asked about, one that may have left is asked about with
//! that said. A reply that only the copy knows may have left since: it is asked about too.

use crate::connection::Opener;
use crate::error::Result;
use crate::table::outbox::{NewEcho, Payload};
use crate::table::row::{Sql, value};
use crate::tx::{ReadTx, WriteTx};
use crate::vault::Keys;
use model::account::Account;
use model::draft::{Draft, DraftFile};
use model::outbox::{FailReason, OutboxRow, OutboxState};
use model::settings::Settings;
use model::{AccountId, ConversationId, OpId, PlatformId, RemoteId, Timestamp};
use rusqlite::config::DbConfig;
use rusqlite::types::FromSql;
use secrecy::SecretString;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Conversations that the copy does not know yet get ids beyond all that were given out since: links carry them.
const IDS_SKIPPED: i64 = 1_000_000;

/// How many were carried over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Carried {
    /// Replies that were not delivered.
    pub replies: u32,
    /// Drafts.
    pub drafts: u32,
}

/// What could be read.
#[derive(Default)]
pub(crate) struct Salvaged {
    accounts: Vec<(Account, Option<BTreeMap<String, SecretString>>)>,
    settings: Option<Settings>,
    replies: Vec<Reply>,
    drafts: Vec<(Address, Draft)>,
    /// Every draft was read: what the copy has beside them is gone since.
    has_all_drafts: bool,
}

/// A conversation, as both databases know it.
struct Address {
    account: AccountId,
    conversation: RemoteId,
}

struct Reply {
    row: OutboxRow,
    address: Address,
    payload: Payload,
    remote_id: Option<RemoteId>,
}

impl Salvaged {
    /// Reads what can be read. What is damaged is left out: nothing is lost by it, the file is kept.
    pub(crate) fn read(opener: &Opener, keys: &Keys) -> Self {
        let Ok(mut connection) = opener.open_reader() else { return Self::default() };
        // Its log is not played into it: the file stays as it was found.
        let keeps_log = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
        if keeps_log.is_err() {
            return Self::default();
        }
        let Ok(transaction) = connection.transaction() else { return Self::default() };
        let tx = ReadTx::new(&transaction, keys);
        let accounts = tx.accounts().unwrap_or_default();
        let accounts = accounts.into_iter().map(|account| {
            let secrets = tx.secrets(account.id).ok();
            (account, secrets)
        });
        let (ops, _) = from_both_ends::<OpId>(&tx, "op_id", "outbox", "seq");
        let (drafted, has_all_drafts) = from_both_ends(&tx, "conversation", "draft", "conversation");
        let drafts: Vec<_> = drafted.iter().filter_map(|id| draft(&tx, *id).ok().flatten()).collect();
        Self {
            settings: tx.settings().ok(),
            replies: ops.into_iter().filter_map(|op| reply(&tx, op).ok().flatten()).collect(),
            has_all_drafts: has_all_drafts && drafts.len() == drafted.len(),
            drafts,
            accounts: accounts.collect(),
        }
    }

    /// Puts it into the copy, which was made at `copied_at`.
    pub(crate) fn put(
        self,
        tx: &WriteTx,
        copied_at: Timestamp,
        reply_window: &dyn Fn(&PlatformId) -> Option<Duration>,
    ) -> Result<Carried> {
        let mut carried = Carried::default();
        let sql = "UPDATE sqlite_sequence SET seq = seq + ?1 WHERE name = 'conversation'";
        tx.execute(sql, [IDS_SKIPPED])?;
        for (account, secrets) in &self.accounts {
            put_account(tx, account, secrets.as_ref())?;
        }
        if let Some(settings) = &self.settings {
            tx.set_settings(settings)?;
        }
        let mut told = BTreeSet::new();
        for reply in &self.replies {
            told.insert(reply.row.op_id);
            carried.replies += u32::from(put_reply(tx, reply)?);
        }
        ask_about_the_rest(tx, &told, copied_at)?;
        if self.has_all_drafts {
            let sql = "SELECT conversation FROM draft";
            for id in tx.all(sql, [], |row| value::<ConversationId>(row, "conversation"))? {
                tx.save_draft(&Draft {
                    conversation_id: id,
                    body: String::new(),
                    files: Vec::new(),
                    changed_at: copied_at,
                })?;
            }
        }
        for (address, draft) in self.drafts {
            let Some(conversation_id) = find(tx, &address, draft.changed_at)? else { continue };
            register(tx, &draft.files)?;
            tx.save_draft(&Draft { conversation_id, ..draft })?;
            carried.drafts += 1;
        }
        let platforms: BTreeMap<AccountId, PlatformId> =
            tx.accounts()?.into_iter().map(|account| (account.id, account.platform)).collect();
        for id in tx.stale_conversations() {
            let account = tx.conversation(id)?.map(|conversation| conversation.account_id);
            let platform = account.and_then(|account| platforms.get(&account));
            tx.refresh_conversation(id, platform.and_then(reply_window))?;
        }
        Ok(carried)
    }
}

/// A column of a table in the order of its key; where a damaged page cuts the way, from the other end too. True if nothing
/// was left out.
fn from_both_ends<T>(tx: &ReadTx, column: &str, table: &str, key: &str) -> (Vec<T>, bool)
where
    Sql<T>: FromSql,
{
    let mut found = Vec::new();
    for way in ["ASC", "DESC"] {
        let Ok(mut statement) = tx.prepare(&format!("SELECT {column} FROM {table} ORDER BY {key} {way}"))
        else {
            return (found, false);
        };
        let Ok(mut rows) = statement.query([]) else { return (found, false) };
        loop {
            match rows.next() {
                Ok(Some(row)) => found.extend(value(row, column).ok()),
                Ok(None) => return (found, way == "ASC"),
                Err(_) => break,
            }
        }
    }
    (found, false)
}

fn address(tx: &ReadTx, id: ConversationId) -> Result<Option<Address>> {
    let address = |known: model::conversation::Conversation| Address {
        account: known.account_id,
        conversation: known.remote_id,
    };
    Ok(tx.conversation(id)?.map(address))
}

fn reply(tx: &ReadTx, op: OpId) -> Result<Option<Reply>> {
    let Some(row) = tx.outbox_row(op)? else { return Ok(None) };
    let (Some(address), Some(payload)) = (address(tx, row.conversation_id)?, tx.payload(op)?) else {
        return Ok(None);
    };
    let sql = "SELECT remote_id FROM message WHERE id = ?1 AND remote_id IS NOT NULL";
    let remote_id = tx.one(sql, [Sql(row.message_id)], |found| value(found, "remote_id"))?;
    Ok(Some(Reply { row, address, payload, remote_id }))
}

fn draft(tx: &ReadTx, id: ConversationId) -> Result<Option<(Address, Draft)>> {
    Ok(address(tx, id)?.zip(tx.draft(id)?))
}

/// As it is signed in now: tokens may have been renewed since.
fn put_account(
    tx: &WriteTx,
    account: &Account,
    secrets: Option<&BTreeMap<String, SecretString>>,
) -> Result<()> {
    let id = match tx.account_by_remote(&account.platform, &account.remote_id)? {
        None => {
            tx.insert_account(account)?;
            account.id
        }
        Some(known) => {
            tx.set_account_identity(known.id, &account.name, &account.config)?;
            tx.set_account_settings(known.id, account.settings)?;
            tx.set_account_status(known.id, account.status, None)?;
            known.id
        }
    };
    match secrets {
        Some(secrets) => tx.keep_secrets(id, secrets),
        None => Ok(()),
    }
}

/// Whether it was not delivered and is there now.
fn put_reply(tx: &WriteTx, reply: &Reply) -> Result<bool> {
    let row = &reply.row;
    let (state, reason) = now_of(row);
    if let Some(known) = tx.outbox_row(row.op_id)? {
        if let (OutboxState::Sent, Some(remote_id)) = (state, &reply.remote_id) {
            // The platform will tell of it again: then it is known.
            let sql = "UPDATE OR IGNORE message SET remote_id = ?2 WHERE id = ?1 AND remote_id IS NULL";
            tx.execute(sql, (Sql(known.message_id), Sql(remote_id)))?;
        }
        let (conversation_id, message_id) = (known.conversation_id, known.message_id);
        tx.cas_outbox(
            &[known.state],
            &OutboxRow { state, reason, conversation_id, message_id, ..row.clone() },
        )?;
    } else if !matches!(state, OutboxState::Sent | OutboxState::Cancelled) {
        let Some(conversation_id) = find(tx, &reply.address, row.created_at)? else { return Ok(false) };
        register(tx, reply.payload.file.as_slice())?;
        let echo = NewEcho {
            op_id: row.op_id,
            conversation_id,
            body: reply.payload.body.clone(),
            file: reply.payload.file.clone(),
            reply_to: reply.payload.reply_to.clone(),
            state,
            due_at: row.due_at,
            now: row.created_at,
            sent_at: Timestamp(row.created_at.0.saturating_add(tx.platforms_ahead_ms()?)),
        };
        let made = tx.insert_echo(&echo)?;
        let (conversation_id, message_id) = (made.conversation_id, made.message_id);
        tx.cas_outbox(&[state], &OutboxRow { state, reason, conversation_id, message_id, ..row.clone() })?;
    }
    Ok(!matches!(state, OutboxState::Sent | OutboxState::Cancelled))
}

/// What a reply is after the exchange.
fn now_of(row: &OutboxRow) -> (OutboxState, Option<FailReason>) {
    use OutboxState::{Cancelled, Dispatching, Failed, Held, NeedsPerson, Queued, Sent, Unknown};
    match row.state {
        Sent | Cancelled | Failed | NeedsPerson => (row.state, row.reason),
        // The platform said yes: it is only looked for, and never sent again.
        _ if row.is_accepted => (Unknown, None),
        Held | Queued if row.dispatched_at.is_none() => (NeedsPerson, Some(FailReason::Overdue)),
        Held | Queued | Dispatching | Unknown => (NeedsPerson, Some(FailReason::Unconfirmed)),
    }
}

/// Replies of the copy of which the damaged file says nothing: whatever they were then, they may have left since.
fn ask_about_the_rest(tx: &WriteTx, told: &BTreeSet<OpId>, copied_at: Timestamp) -> Result<()> {
    use OutboxState::{Dispatching, Failed, Held, NeedsPerson, Queued, Unknown};
    let copied_at = Timestamp(copied_at.0.saturating_add(tx.platforms_ahead_ms()?));
    for row in tx.outbox_in(&[Held, Queued, Dispatching, Unknown, Failed, NeedsPerson])? {
        if told.contains(&row.op_id) || row.is_accepted {
            continue;
        }
        let dispatched_at = Some(row.dispatched_at.unwrap_or(copied_at));
        let (state, reason) = (NeedsPerson, Some(FailReason::Unconfirmed));
        tx.cas_outbox(&[row.state], &OutboxRow { state, reason, dispatched_at, ..row })?;
    }
    Ok(())
}

/// The conversation in the copy; one that it does not know yet is made and filled by the sync. None if its account is not
/// here.
fn find(tx: &WriteTx, address: &Address, now: Timestamp) -> Result<Option<ConversationId>> {
    if tx.account(address.account)?.is_none() {
        return Ok(None);
    }
    tx.ensure_conversation(address.account, &address.conversation, now).map(Some)
}

/// The bytes of these files lie in the media cache.
fn register(tx: &WriteTx, files: &[DraftFile]) -> Result<()> {
    for file in files {
        tx.insert_own_media(&file.media, &file.mime, file.size_bytes)?;
    }
    Ok(())
}
