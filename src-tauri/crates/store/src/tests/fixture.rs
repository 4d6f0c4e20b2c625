//! One account, conversations and messages of it, told as a platform would.

use crate::{DataKey, Error, Place, Store, WriteTx};
use model::account::{Account, AccountSettings, AccountStatus};
use model::message::MessageKind;
use model::remote::{Author, RemoteConversation, RemoteMessage};
use model::{AccountId, ConversationId, MessageId, OpId, PlatformId, RemoteId, Timestamp};
use std::time::Duration;
use tempfile::TempDir;

/// The reply window of the platform in these tests.
pub(super) const WINDOW: Duration = Duration::from_secs(24 * 3600);
/// The first instant of the tests, 2026-01-01T00:00:00Z.
pub(super) const T0: i64 = 1_767_225_600_000;

/// An instant, in seconds after [`T0`].
pub(super) fn at(seconds: i64) -> Timestamp {
    Timestamp(T0 + seconds * 1000)
}

/// A profile that is gone at the end of the test.
pub(super) struct Profile {
    pub(super) dir: TempDir,
    pub(super) key: DataKey,
    pub(super) store: Store,
}

impl Profile {
    pub(super) async fn new() -> Self {
        let (dir, key) = (tempfile::tempdir().unwrap(), DataKey::random());
        let store = Store::open(Place::new(dir.path()), key.clone()).await.unwrap();
        Self { dir, key, store }
    }

    pub(super) async fn in_clear() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open_in_clear(Place::new(dir.path())).await.unwrap();
        Self { dir, key: DataKey::random(), store }
    }

    pub(super) fn place(&self) -> Place {
        Place::new(self.dir.path())
    }

    /// Closes and opens again, as a restart does.
    pub(super) async fn restart(self) -> Self {
        self.store.close().await.unwrap();
        self.open_again().await
    }

    pub(super) async fn open_again(mut self) -> Self {
        self.store = Store::open(self.place(), self.key.clone()).await.unwrap();
        self
    }

    /// An account called after its number.
    pub(super) async fn account(&self, number: u8) -> AccountId {
        let account = account(number);
        let id = account.id;
        self.store.write(move |tx| tx.insert_account(&account)).await.unwrap();
        id
    }

    /// Writes, and refreshes what went stale.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        f: impl FnOnce(&WriteTx<'_>) -> Result<T, Error> + Send + 'static,
    ) -> T {
        self.store
            .write(move |tx| {
                let value = f(tx)?;
                refresh(tx)?;
                Ok::<_, Error>(value)
            })
            .await
            .unwrap()
    }

    /// A message of a customer, or of ours if `from` is "us".
    pub(super) async fn tell(&self, account: AccountId, message: RemoteMessage) -> MessageId {
        self.write(move |tx| tell(tx, account, &message)).await
    }
}

pub(super) fn refresh(tx: &WriteTx<'_>) -> Result<(), Error> {
    tx.stale_conversations().into_iter().try_for_each(|id| tx.refresh_conversation(id, Some(WINDOW)))
}

pub(super) fn tell(
    tx: &WriteTx<'_>,
    account: AccountId,
    message: &RemoteMessage,
) -> Result<MessageId, Error> {
    let conversation = tx.ensure_conversation(account, &message.conversation, at(0))?;
    Ok(tx.upsert_message(account, conversation, message)?.id)
}

pub(super) fn account(number: u8) -> Account {
    Account {
        id: AccountId::new(at(0), [number; 10]),
        platform: PlatformId::from("matrix"),
        remote_id: RemoteId(format!("@brand{number}:example.org")),
        name: format!("Brand {number}"),
        config: String::new(),
        status: AccountStatus::Live,
        settings: AccountSettings::default(),
        verified_at: None,
        created_at: at(0),
    }
}

/// A plain text in conversation `room`, sent `seconds` after [`T0`].
pub(super) fn text(room: &str, id: &str, from: &str, seconds: i64, body: &str) -> RemoteMessage {
    RemoteMessage {
        conversation: room.into(),
        remote_id: id.into(),
        op_id: None,
        author: if from == "us" { Author::Us } else { Author::Them(from.into()) },
        kind: MessageKind::Plain,
        sent_at: at(seconds),
        order: 0,
        body: body.to_owned(),
        reply_to: None,
        edited_at: None,
        is_deleted: false,
        attachments: Vec::new(),
        is_history: false,
    }
}

pub(super) fn conversation(room: &str) -> RemoteConversation {
    RemoteConversation {
        remote_id: room.into(),
        kind: None,
        title: None,
        contact: None,
        network: None,
        limits: None,
    }
}

pub(super) fn op(number: u8) -> OpId {
    OpId::new(at(0), [number; 10])
}

pub(super) async fn room(profile: &Profile, account: AccountId, room: &str) -> ConversationId {
    let room = RemoteId::from(room);
    profile
        .store
        .read(move |tx| tx.conversation_by_remote(account, &room))
        .await
        .unwrap()
        .expect("the room is known")
        .id
}

/// Whether any file of the profile holds these bytes.
pub(super) fn files_hold(profile: &Profile, marker: &str) -> bool {
    ["kontor.db", "kontor.db-wal"].iter().any(|name| {
        let bytes = std::fs::read(profile.dir.path().join(name)).unwrap_or_default();
        bytes.windows(marker.len()).any(|window| window == marker.as_bytes())
    })
}
