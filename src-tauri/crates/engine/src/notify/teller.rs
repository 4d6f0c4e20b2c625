//! The one task that tells: new messages as they come, replies that are due by the clock, unread counts after commits.

use super::ending::Ending;
use super::item::item_of;
use super::policy::{Cause, Folder, Item, deserves, window_lead};
use super::{Attention, NoticeKey};
use crate::accounts::Registry;
use crate::engine::Engine;
use crate::words::Tongue;
use model::conversation::ConversationKind;
use model::{ConversationId, Timestamp};
use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use store::{Counts, ReadTx, Topic};
use tokio::sync::{Mutex, broadcast, mpsc};

/// How often it looks what is due.
const TICK: Duration = Duration::from_secs(30);
/// After so long it counts: who waits for a notification goes before the number in the tray, and commits that follow each
/// other are counted once.
const SETTLE: Duration = Duration::from_millis(50);
/// Looks that wait for a platform to say what time it is, after the start and after a sleep: what is due by a wrong clock is
/// said wrongly.
const LOOKS_WITHOUT_PLATFORM: u32 = 4;

/// What the task works with.
pub(crate) struct Teller {
    engine: Engine,
    folder: Folder,
    /// Conversations with a notification that may still be on the screen.
    shown: BTreeMap<ConversationId, Until>,
    /// Summaries that may still be on the screen.
    summaries: Vec<NoticeKey>,
    ending: Ending,
    unread: Option<u32>,
}

/// How long a notification stays true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Until {
    /// News: until the conversation is read.
    Read,
    /// A reminder: until the customer no longer waits. It may be about something that was read long ago.
    Answered,
}

/// The profile ends (or the task begins anew): what leads into it leaves the screen, since the same numbers mean other
/// conversations in another profile.
impl Drop for Teller {
    fn drop(&mut self) {
        let notifier = &self.engine.0.parts.notifier;
        let conversations = self.shown.keys().map(|id| NoticeKey::Conversation(*id));
        for key in conversations.chain(self.summaries.iter().copied()).chain(self.ending.shown()) {
            notifier.withdraw(key);
        }
        if self.unread.is_some_and(|unread| unread > 0) {
            notifier.count(0);
        }
    }
}

impl Teller {
    /// Starts the task.
    pub(crate) fn start(engine: &Engine, arrivals: mpsc::UnboundedReceiver<Vec<Item>>) {
        let arrivals = Arc::new(Mutex::new(arrivals));
        let (supervisor, engine) = (engine.0.supervisor.clone(), Arc::downgrade(&engine.0));
        supervisor.run("notifications", move || {
            let (arrivals, engine) = (arrivals.clone(), engine.upgrade());
            async move {
                let Some(inner) = engine else { return };
                let teller = Self {
                    engine: Engine(inner),
                    folder: Folder::default(),
                    shown: BTreeMap::new(),
                    summaries: Vec::new(),
                    ending: Ending::default(),
                    unread: None,
                };
                teller.run(&mut *arrivals.lock().await).await;
            }
        });
    }

    async fn run(mut self, arrivals: &mut mpsc::UnboundedReceiver<Vec<Item>>) {
        let mut commits = self.engine.store().changes();
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
        let (mut skew, mut looks) = (self.engine.skew(), 0);
        // What waited already when Kontor started, or when this profile took the place of another.
        let mut must_count = true;
        // Goes on while somebody is told.
        let mut counting: Option<Counting> = None;
        loop {
            if must_count && counting.is_none() {
                must_count = false;
                counting = Some(Box::pin(self.count()));
            }
            let outcome = tokio::select! {
                biased;
                arrived = arrivals.recv() => match arrived {
                    Some(mut arrived) => {
                        while let Ok(more) = arrivals.try_recv() {
                            arrived.extend(more);
                        }
                        // A look from before would take away what is shown now.
                        (must_count, counting) = (true, None);
                        self.show(arrived, Until::Read);
                        Ok(())
                    }
                    None => return,
                },
                commit = commits.recv() => match commit {
                    Ok(commit) if !commit.topics.contains(&Topic::Inbox) => Ok(()),
                    Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {
                        must_count = true;
                        Ok(())
                    }
                    Err(broadcast::error::RecvError::Closed) => return,
                },
                counted = counted(&mut counting) => {
                    counting = None;
                    counted.map(|counted| self.say_counts(counted))
                },
                _ = ticks.tick() => {
                    self.engine.look_at_clock();
                    looks = if skew.borrow().is_confirmed { 0 } else { looks + 1 };
                    if (1..=LOOKS_WITHOUT_PLATFORM).contains(&looks) {
                        Ok(())
                    } else {
                        (must_count, counting) = (must_count || counting.is_some(), None);
                        self.tell_due().await
                    }
                }
                Ok(()) = skew.changed() => {
                    (must_count, counting) = (true, None);
                    self.tell_due().await
                }
            };
            if let Err(error) = outcome {
                tracing::error!(%error, "nobody could be told");
            }
        }
    }

    /// What waits too long, or is about to be too late: once per cause, also over a restart.
    async fn tell_due(&mut self) -> Result<(), store::Error> {
        // One instant for all: whoever looked at the clock vouches for now and not for later.
        let (now, settings) = (self.engine.platform_now(), self.engine.settings().borrow().clone());
        self.ending.tell(&self.engine, now).await?;
        let attention = self.engine.0.parts.desk.attention();
        let target = Duration::from_secs(u64::from(settings.reply_target_minutes) * 60);
        let registry = self.engine.0.parts.registry.clone();
        let due = self.engine.store().read(move |tx| due(tx, &registry, target, now)).await?;
        let due: Vec<Item> = due.into_iter().filter(|item| deserves(item, &settings, attention)).collect();
        if due.is_empty() {
            return Ok(());
        }
        let items = self
            .engine
            .store()
            .write(move |tx| {
                let mut first_time = Vec::new();
                for item in due {
                    if tx.tell_once(item.conversation, &item.cause.key(item.message), now)? {
                        first_time.push(item);
                    }
                }
                Ok::<_, store::Error>(first_time)
            })
            .await?;
        self.show(items, Until::Answered);
        Ok(())
    }

    fn show(&mut self, items: Vec<Item>, until: Until) {
        let parts = &self.engine.0.parts;
        let (settings, now) = (self.engine.settings().borrow().clone(), self.engine.now());
        let attention: Attention = parts.desk.attention();
        let tongue = Tongue::of(settings.language, &parts.system_language);
        let items: Vec<Item> =
            items.into_iter().filter(|item| deserves(item, &settings, attention)).collect();
        for notice in self.folder.fold(&items, &settings, tongue, now) {
            match notice.key {
                NoticeKey::Conversation(id) => _ = self.shown.insert(id, until),
                key if !self.summaries.contains(&key) => self.summaries.push(key),
                NoticeKey::NewMessages | NoticeKey::Due | NoticeKey::SignIn(_) => {}
            }
            parts.notifier.show(notice);
        }
    }

    /// What is unread and waits now, and which notifications were over by then.
    fn count(&self) -> impl Future<Output = Result<Counted, store::Error>> + Send + 'static {
        let (store, now, shown) =
            (self.engine.store().clone(), self.engine.platform_now(), self.shown.clone());
        async move {
            tokio::time::sleep(SETTLE).await;
            store
                .read(move |tx| {
                    let mut over = Vec::new();
                    for (id, until) in shown {
                        let is_over = tx.conversation(id)?.is_none_or(|it| match until {
                            // A request that was declined or withdrawn is nothing to read any more.
                            Until::Read if it.kind == ConversationKind::Request && !it.is_open => true,
                            Until::Read => it.unread_count == 0 && !it.is_marked_unread,
                            Until::Answered => it.waiting_since.is_none(),
                        });
                        if is_over {
                            over.push(id);
                        }
                    }
                    Ok(Counted { counts: tx.counts(now)?, over })
                })
                .await
        }
    }

    /// The unread count for tray and badge; notifications of what has been read or answered leave the screen.
    fn say_counts(&mut self, Counted { counts, over }: Counted) {
        let notifier = &self.engine.0.parts.notifier;
        for id in over {
            self.shown.remove(&id);
            notifier.withdraw(NoticeKey::Conversation(id));
        }
        self.summaries.retain(|key| {
            let is_over = match key {
                NoticeKey::Due => counts.waiting == 0,
                NoticeKey::NewMessages | NoticeKey::Conversation(_) | NoticeKey::SignIn(_) => {
                    counts.unread == 0
                }
            };
            if is_over {
                notifier.withdraw(*key);
            }
            !is_over
        });
        if self.unread != Some(counts.unread) {
            self.unread = Some(counts.unread);
            notifier.count(counts.unread);
        }
    }
}

/// What one look at the counts found.
struct Counted {
    counts: Counts,
    over: Vec<ConversationId>,
}

type Counting = Pin<Box<dyn Future<Output = Result<Counted, store::Error>> + Send>>;

/// Waits for a count that is under way; for ever while there is none.
async fn counted(counting: &mut Option<Counting>) -> Result<Counted, store::Error> {
    match counting {
        Some(counting) => counting.await,
        None => std::future::pending().await,
    }
}

fn due(
    tx: &ReadTx,
    registry: &Registry,
    target: Duration,
    now: Timestamp,
) -> Result<Vec<Item>, store::Error> {
    let mut items = Vec::new();
    for conversation in tx.conversations_waiting()? {
        let Some(since) = conversation.waiting_since else { continue };
        let closes = conversation.window_closes_at.and_then(|at| Some((at, window_lead(at, now)?)));
        let cause = match closes {
            Some((at, lead)) => Cause::WindowCloses { at, lead },
            None if !target.is_zero() && now.since(since) >= target => Cause::Waiting { since },
            None => continue,
        };
        // Looked up first: hundreds may wait for days, and nothing is to be written for them twice a minute.
        if tx.told_at(conversation.id, &cause.key(None))?.is_none() {
            items.extend(item_of(tx, registry, &conversation, None, cause)?);
        }
    }
    Ok(items)
}
