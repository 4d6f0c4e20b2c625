//! A profile that is gone afterwards, filled through the product's own ingest.

use crate::corpus::Line;
use anyhow::Context;
use connectors::Endpoints;
use engine::sync::Now;
use engine::sync::ingest::{BATCH, ingest};
use model::account::{Account, AccountSettings, AccountStatus};
use model::capability::Capabilities;
use model::conversation::ConversationKind;
use model::message::MessageKind;
use model::remote::{Author, RemoteContact, RemoteConversation, RemoteEvent, RemoteMessage};
use model::{AccountId, RemoteId, Timestamp};
use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use store::{DataKey, Place, Store};

/// An open profile, encrypted and durable as the product's are.
pub struct Profile {
    /// For reads and for writes of one's own.
    pub store: Store,
    /// For ingest.
    pub takes: Capabilities,
    accounts: BTreeMap<u32, Account>,
    known: HashSet<(u32, String)>,
    place: Place,
    key: DataKey,
    /// Takes the folder away when we go; none if somebody else shall open it.
    _gone_with_us: Option<tempfile::TempDir>,
}

impl Profile {
    /// An empty one in a folder below `beside`.
    pub async fn new(beside: &Path) -> anyhow::Result<Self> {
        let dir = tempfile::Builder::new().prefix("bench-profile-").tempdir_in(beside)?;
        Self::open(Place::new(dir.path()), DataKey::random(), Some(dir)).await
    }

    /// An empty one in `folder`, which stays and which the product opens with this passphrase.
    pub async fn with_passphrase(folder: &Path, passphrase: &str) -> anyhow::Result<Self> {
        let place = Place::new(folder);
        let key = store::vault::create_with_passphrase(place.clone(), passphrase.into()).await?;
        Self::open(place, key, None).await
    }

    async fn open(
        place: Place,
        key: DataKey,
        gone_with_us: Option<tempfile::TempDir>,
    ) -> anyhow::Result<Self> {
        let store = Store::open(place.clone(), key.clone()).await?;
        let takes = connectors::all(&Endpoints::default())
            .first()
            .map(|connector| connector.descriptor().capabilities.clone())
            .context("there is a connector")?;
        let (accounts, known) = (BTreeMap::new(), HashSet::new());
        Ok(Self { store, takes, accounts, known, place, key, _gone_with_us: gone_with_us })
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.place.dir
    }

    /// Closes and opens it again; answers with the time from the call to the first rows of the inbox, in ms.
    pub async fn reopen_ms(&mut self) -> anyhow::Result<f64> {
        self.store.close().await?;
        let watch = crate::time::Watch::start();
        self.store = Store::open(self.place.clone(), self.key.clone()).await?;
        let page = self
            .store
            .read_list(|tx| tx.list(store::View::All, None, None, None, 50, Timestamp(i64::MAX)))
            .await?;
        anyhow::ensure!(!page.rows.is_empty(), "the inbox is empty");
        Ok(watch.ms())
    }

    /// The account of this index.
    async fn account(&mut self, index: u32, platform: &str) -> anyhow::Result<Account> {
        if let Some(account) = self.accounts.get(&index) {
            return Ok(account.clone());
        }
        let mut random = [0; 10];
        random[..4].copy_from_slice(&index.to_be_bytes());
        let account = Account {
            id: AccountId::new(Timestamp(0), random),
            platform: platform.into(),
            remote_id: format!("brand{index}").into(),
            name: format!("Brand {index}"),
            config: "{}".into(),
            status: AccountStatus::Live,
            settings: AccountSettings::default(),
            verified_at: None,
            created_at: Timestamp(0),
        };
        let row = account.clone();
        self.store.write(move |tx| tx.insert_account(&row)).await?;
        self.accounts.insert(index, account.clone());
        Ok(account)
    }

    /// What a platform would tell of these lines; whom it has not told of yet comes first.
    fn told(&mut self, lines: &[Line]) -> Vec<RemoteEvent> {
        let mut events = Vec::with_capacity(lines.len());
        for line in lines {
            let conversation: RemoteId = line.conversation.as_str().into();
            let customer: RemoteId = format!("customer of {}", line.conversation).into();
            if self.known.insert((line.account, line.conversation.clone())) {
                events.push(RemoteEvent::Contact(RemoteContact {
                    remote_id: customer.clone(),
                    name: Some(format!("Customer {}", line.conversation)),
                    handle: None,
                    avatar: None,
                }));
                events.push(RemoteEvent::Conversation(RemoteConversation {
                    remote_id: conversation.clone(),
                    kind: Some(ConversationKind::Direct),
                    title: None,
                    contact: Some(customer.clone()),
                    network: None,
                    limits: None,
                }));
            }
            events.push(RemoteEvent::Message(RemoteMessage {
                conversation,
                remote_id: line.id.as_str().into(),
                op_id: None,
                author: if line.is_inbound { Author::Them(customer) } else { Author::Us },
                kind: MessageKind::Plain,
                sent_at: Timestamp(line.sent_at_ms),
                order: 0,
                body: line.text.clone(),
                reply_to: None,
                edited_at: None,
                is_deleted: false,
                attachments: Vec::new(),
                is_history: false,
            }));
        }
        events
    }

    /// Ingests lines of one account in one commit, with the cursor that a sync would move; durable when it returns.
    pub async fn commit(&mut self, lines: &[Line]) -> anyhow::Result<()> {
        let Some(first) = lines.first() else { return Ok(()) };
        let account = self.account(first.account, &first.platform).await?;
        let (events, takes, cursor) = (self.told(lines), self.takes.clone(), first.id.clone());
        self.store
            .write(move |tx| {
                ingest(tx, &account, &takes, &events, Now::by_both(Timestamp(0)))?;
                tx.set_cursor(account.id, Some(&cursor))
            })
            .await?;
        Ok(())
    }

    /// Ingests a whole corpus as a first sync would: account by account, in the product's batches.
    pub async fn import(&mut self, lines: &[Line]) -> anyhow::Result<()> {
        let mut by_account: BTreeMap<u32, Vec<Line>> = BTreeMap::new();
        for line in lines {
            by_account.entry(line.account).or_default().push(line.clone());
        }
        for lines in by_account.into_values() {
            for batch in lines.chunks(BATCH) {
                self.commit(batch).await?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::Corpus;

    #[tokio::test]
    async fn a_corpus_is_in_the_inbox_and_can_be_searched() {
        let beside = tempfile::tempdir().unwrap();
        let mut profile = Profile::new(beside.path()).await.unwrap();
        let lines: Vec<Line> = Corpus::new(300, 1).collect();
        profile.import(&lines).await.unwrap();
        profile.import(&lines).await.unwrap();
        let word = lines[7].text.split([' ', ',', '.']).next().unwrap().to_owned();
        let (rows, hits) = profile
            .store
            .read(move |tx| {
                let rows = tx.list(store::View::All, None, None, None, 100, Timestamp(i64::MAX))?.rows;
                Ok::<_, store::Error>((rows.len(), tx.search_messages(&word, None, 50)?.hits.len()))
            })
            .await
            .unwrap();
        assert_eq!(rows, 30);
        assert!(hits > 0);
        assert!(profile.reopen_ms().await.unwrap() > 0.0);
    }
}
