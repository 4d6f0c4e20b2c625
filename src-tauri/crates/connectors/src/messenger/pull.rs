//! Reading the inbox without webhooks: the list of threads from the newest change down to what is known, one page per
//! call; holes are filled thread by thread; now and then a thread is read again for what gives no signal.

use super::cursor::{Cursor, MAX_SEEN, Mark, Walk};
use super::errors::Failure;
use super::ids::HistoryCursor;
use super::inbound::{self, Place};
use super::list::Shown;
use super::session::PageSession;
use super::view::{self, Compared, View};
use super::wire::Thread;
use connect::http::SMALL;
use connect::{Fault, FaultKind, Pulled};
use model::remote::RemoteEvent;
use model::{RemoteId, Timestamp};
use std::collections::HashMap;
use std::time::Duration;

/// Messages per page when one thread is read.
const PAGE_MESSAGES: usize = 50;
/// Pages read at once to close a hole; a larger hole is told as a gap.
const HOLE_PAGES: usize = 3;
/// Threads read one by one when the list fails.
const SINGLE_THREADS: usize = 3;
/// Vanished messages asked for one by one in a pull, before they count as deleted.
const CONFIRMATIONS: usize = 5;
/// Quiet looks between two that read the overlap page as well: a look costs calls, and small Pages have few.
const OVERLAP_EVERY: u32 = 4;
/// For how long after its last change a thread is read again.
const ACTIVE: Duration = Duration::from_secs(48 * 3600);

/// How the looking goes; lost with the session, which costs a few calls.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// Looks in a row that brought nothing.
    quiet: u32,
    /// When a thread was last read again.
    reread_ms: HashMap<String, i64>,
}

/// A pull under way.
struct Pull {
    cursor: Cursor,
    pulled: Pulled,
    /// Messages that arrived in threads not met before, up to here, are history.
    history_until: Timestamp,
    now: Timestamp,
    confirmations: usize,
}

impl PageSession {
    /// One page of the list, or of the walk that is under way.
    pub(super) async fn pull_list(&self, from: Option<&str>) -> Result<Pulled, Fault> {
        let cursor = Cursor::read(from)?;
        let history_until = cursor.history_until();
        let now = self.clock.now();
        let mut pull =
            Pull { cursor, pulled: Pulled::default(), history_until, now, confirmations: CONFIRMATIONS };
        let walk = pull.cursor.walk.take().unwrap_or_default();
        let mut again_after = self.walk(&mut pull, walk).await?;
        if again_after > Duration::ZERO {
            if let Some(fault) = self.reread(&mut pull).await.err().filter(|fault| stops(fault.kind)) {
                again_after = again_after.max(fault.retry_after.unwrap_or_default());
            }
            pull.cursor.prune();
        }
        let next = pull.cursor.text();
        pull.pulled.next = (Some(next.as_str()) != from).then_some(next);
        pull.pulled.again_after = again_after;
        Ok(pull.pulled)
    }

    /// Takes one page; zero if more wait below.
    async fn walk(&self, pull: &mut Pull, mut walk: Walk) -> Result<Duration, Fault> {
        let listed = match self.list(&walk.after).await {
            Err(failure) if failure.is_bad_parameter() && !walk.after.is_empty() => {
                // The cursor rotted while we were away: from the top again, what is known is passed over.
                walk = Walk::default();
                self.list("").await
            }
            listed => listed,
        };
        let (list, shown) = match listed {
            Ok(listed) => listed,
            Err(failure) if failure.asks_for_less() && !walk.after.is_empty() => {
                // A thread that Graph itself cannot read blocks the way down; what is new rises above it.
                pull.pulled.problems.push("the list stops at a thread that Graph cannot read".into());
                return Ok(self.complete(pull, walk.top_ms, true));
            }
            Err(failure) => return self.read_singly(pull, failure).await,
        };
        if list.broken > 0 {
            pull.pulled.problems.push(format!("{} threads without an id", list.broken));
        }
        let after = list.after();
        let mut meets_known = false;
        for thread in list.items {
            let changed_ms = changed_ms(&thread);
            walk.top_ms = walk.top_ms.max(changed_ms);
            let newest = thread.messages.items.first().map(|message| message.id.0.as_str());
            let is_known = pull.cursor.knows(&thread.id.0, changed_ms, newest);
            meets_known |= is_known && pull.cursor.high_ms > 0 && changed_ms <= pull.cursor.high_ms;
            match self.take(pull, thread, shown, is_known).await {
                Ok(is_changed) => walk.is_changed |= is_changed,
                // What was read so far is kept; this page is asked for again.
                Err(fault) if stops(fault.kind) && !pull.pulled.events.is_empty() => {
                    pull.cursor.walk = (!walk.after.is_empty()).then_some(walk);
                    return Ok(fault.retry_after.unwrap_or(Duration::from_secs(30)));
                }
                Err(fault) => return Err(fault),
            }
        }
        let overlaps = walk.is_changed || self.quiet().is_multiple_of(OVERLAP_EVERY);
        match after {
            Some(after) if !walk.is_overlap && (!meets_known || overlaps) => {
                pull.cursor.walk = Some(Walk { after, is_overlap: meets_known, ..walk });
                Ok(Duration::ZERO)
            }
            _ => Ok(self.complete(pull, walk.top_ms, walk.is_changed)),
        }
    }

    /// The whole list down to what was known has been read.
    fn complete(&self, pull: &mut Pull, top_ms: i64, is_changed: bool) -> Duration {
        // An inbox without threads is complete too: what comes from now on is new.
        let top_ms = if top_ms == 0 { self.graph.platform_now().0 } else { top_ms };
        pull.cursor.high_ms = pull.cursor.high_ms.max(top_ms);
        self.count(is_changed);
        self.graph.usage().pace(self.quiet(), self.dice.fraction())
    }

    /// One thread of the list; whether it brought anything.
    async fn take(
        &self,
        pull: &mut Pull,
        thread: Thread,
        shown: Shown,
        is_known: bool,
    ) -> Result<bool, Fault> {
        let id = thread.id.0.clone();
        let mark = pull.cursor.threads.get(&id).cloned();
        if is_known && (mark.is_none() || shown.count == 0) {
            return Ok(false);
        }
        self.remember_customer(&thread);
        let changed_ms = changed_ms(&thread);
        let introduction = inbound::introduce(&thread, &self.page);
        let mut view = View { is_lean: shown.is_lean, ..View::of(thread.messages, shown.count) };
        if view.messages.is_empty() && !is_known {
            view = match self.view(&id, "", MAX_SEEN).await {
                Ok(view) => view,
                Err(failure) if failure.asks_for_less() || failure.is_bad_parameter() => {
                    // Remembered as seen, so that it is tried again only when it changes.
                    pull.pulled.problems.push("a thread that Graph cannot read".into());
                    let mark = Mark { updated_ms: changed_ms, ..mark.unwrap_or_default() };
                    pull.cursor.threads.insert(id, mark);
                    return Ok(false);
                }
                Err(failure) => return Err(failure.fault),
            };
        }
        if let Some(mark) = &mark
            && !view.meets(mark)
        {
            view = self.widen(&id, view, mark).await?;
        }
        if mark.as_ref().is_none_or(|mark| mark.updated_ms != changed_ms) {
            pull.pulled.events.extend(introduction);
        }
        let before = pull.pulled.events.len();
        self.merge(pull, &id, &view, mark.as_ref(), changed_ms).await;
        Ok(!is_known || pull.pulled.events.len() > before)
    }

    /// Reads further down until the view meets what is known, within bounds.
    async fn widen(&self, thread: &str, narrow: View, mark: &Mark) -> Result<View, Fault> {
        let mut wide = match self.view(thread, "", PAGE_MESSAGES).await {
            Ok(wide) if !wide.messages.is_empty() => wide,
            Ok(_) => return Ok(narrow),
            Err(failure) if failure.asks_for_less() => return Ok(narrow),
            Err(failure) => return Err(failure.fault),
        };
        for _ in 1..HOLE_PAGES {
            let Some(after) = wide.after.clone().filter(|_| !wide.meets(mark)) else { break };
            wide.extend(self.view(thread, &after, PAGE_MESSAGES).await?);
        }
        Ok(wide)
    }

    /// Compares a view with what is known, and tells the differences.
    async fn merge(&self, pull: &mut Pull, thread: &str, view: &View, mark: Option<&Mark>, changed_ms: i64) {
        let place = Place { page: &self.page, thread };
        let compared = view::compare(view, mark, place, pull.history_until, pull.now);
        let Compared { events, problems, missing, mark: mut now_known } = compared;
        pull.pulled.events.extend(events);
        pull.pulled.problems.extend(problems);
        for message in missing {
            if self.is_gone(pull, &message).await {
                now_known.forget(message.as_str());
                pull.pulled.events.push(RemoteEvent::Deletion {
                    conversation: RemoteId(thread.to_owned()),
                    target: message,
                    at: pull.now,
                });
            }
        }
        let is_hole = mark.is_some_and(|mark| !view.meets(mark));
        if is_hole || (mark.is_none() && !view.is_end) {
            pull.pulled.events.push(RemoteEvent::Gap {
                conversation: RemoteId(thread.to_owned()),
                before: below(view),
                is_hole,
            });
        }
        now_known.updated_ms = now_known.updated_ms.max(changed_ms);
        pull.cursor.threads.insert(thread.to_owned(), now_known);
    }

    /// A deletion sticks, and a lagging copy of a thread may lack a message for a moment: ask for the message itself.
    async fn is_gone(&self, pull: &mut Pull, message: &RemoteId) -> bool {
        if pull.confirmations == 0 {
            return false;
        }
        pull.confirmations -= 1;
        let asked =
            self.graph.get::<serde_json::Value>(&[message.as_str()], &[("fields", "id")], SMALL).await;
        asked.is_err_and(|failure| failure.is_bad_parameter())
    }

    /// Reads one recently active thread again: edits, unsends and reactions move nothing in the list.
    async fn reread(&self, pull: &mut Pull) -> Result<(), Fault> {
        let now = self.graph.platform_now();
        if self.graph.usage().percent > 50 {
            return Ok(());
        }
        let due = {
            let pace = self.pace.lock().expect("no holder panics");
            let overdue = |id: &str, mark: &Mark| {
                let idle_ms = now.0 - mark.updated_ms;
                let since_ms = now.0 - pace.reread_ms.get(id).copied().unwrap_or(0);
                let every_ms = (idle_ms / 10).max(60_000);
                (idle_ms <= ACTIVE.as_millis() as i64 && since_ms >= every_ms).then_some(since_ms / every_ms)
            };
            let watched = pull.cursor.threads.iter().filter(|(_, mark)| !mark.seen.is_empty());
            watched
                .filter_map(|(id, mark)| Some((overdue(id, mark)?, mark.updated_ms, id.clone())))
                .max()
                .map(|(_, _, id)| id)
        };
        let Some(thread) = due else { return Ok(()) };
        {
            let mut pace = self.pace.lock().expect("no holder panics");
            pace.reread_ms.retain(|id, _| pull.cursor.threads.contains_key(id));
            pace.reread_ms.insert(thread.clone(), now.0);
        }
        let view = self.view(&thread, "", MAX_SEEN).await?;
        let mark = pull.cursor.threads.get(&thread).cloned();
        self.merge(pull, &thread, &view, mark.as_ref(), 0).await;
        Ok(())
    }

    /// The list fails, single threads may not (so it is on Pages under heavy load): the most recent ones, one by one.
    async fn read_singly(&self, pull: &mut Pull, failure: Failure) -> Result<Duration, Fault> {
        if failure.code.is_none() || failure.fault.kind != FaultKind::Unavailable {
            return Err(failure.fault);
        }
        let mut recent: Vec<_> =
            pull.cursor.threads.iter().map(|(id, mark)| (mark.updated_ms, id.clone())).collect();
        recent.sort_unstable_by_key(|(updated_ms, _)| std::cmp::Reverse(*updated_ms));
        recent.truncate(SINGLE_THREADS);
        let mut is_any_read = false;
        for (_, thread) in recent {
            let Ok(view) = self.view(&thread, "", MAX_SEEN).await else { continue };
            let mark = pull.cursor.threads.get(&thread).cloned();
            self.merge(pull, &thread, &view, mark.as_ref(), 0).await;
            is_any_read = true;
        }
        if !is_any_read {
            return Err(failure.fault);
        }
        pull.pulled.problems.push("the list of threads fails; recent threads are read one by one".into());
        Ok(self.graph.usage().pace(10, self.dice.fraction()))
    }

    /// Older messages of one thread.
    pub(super) async fn look_back(&self, thread: &RemoteId, before: Option<&str>) -> Result<Pulled, Fault> {
        let lost = |_| Fault::not_done(FaultKind::CursorLost, "the stored position is not readable");
        let from: Option<HistoryCursor> = before.map(serde_json::from_str).transpose().map_err(lost)?;
        let after = from.as_ref().map_or("", |from| from.after.as_str());
        let mut view = match (self.view(thread.as_str(), after, PAGE_MESSAGES).await, &from) {
            (Err(failure), Some(from)) if failure.is_bad_parameter() && !after.is_empty() => {
                self.page_down_to(thread.as_str(), from.oldest_ms).await?
            }
            (view, _) => view?,
        };
        let next = below(&view);
        view.is_end |= next.is_none();
        let place = Place { page: &self.page, thread: thread.as_str() };
        let compared = view::compare(&view, None, place, Timestamp(i64::MAX), self.clock.now());
        Ok(Pulled { events: compared.events, problems: compared.problems, next, again_after: Duration::ZERO })
    }

    /// With a rotten cursor: from the newest message down to where we were.
    async fn page_down_to(&self, thread: &str, oldest_ms: i64) -> Result<View, Failure> {
        let mut view = self.view(thread, "", PAGE_MESSAGES).await?;
        while let Some(after) = view.after.clone() {
            if view.oldest().is_some_and(|oldest| oldest.0 < oldest_ms) {
                break;
            }
            view = self.view(thread, &after, PAGE_MESSAGES).await?;
        }
        Ok(view)
    }

    fn quiet(&self) -> u32 {
        self.pace.lock().expect("no holder panics").quiet
    }

    fn count(&self, is_changed: bool) {
        let mut pace = self.pace.lock().expect("no holder panics");
        pace.quiet = if is_changed { 0 } else { pace.quiet.saturating_add(1) };
    }
}

/// Where older messages than those of a view are to be had.
fn below(view: &View) -> Option<String> {
    let after = view.after.clone()?;
    Some(HistoryCursor { after, oldest_ms: view.oldest().map_or(i64::MAX, |oldest| oldest.0) }.text())
}

/// When a thread last changed, as far as it tells.
fn changed_ms(thread: &Thread) -> i64 {
    let newest =
        thread.messages.items.iter().filter_map(|message| message.created_time).map(|time| time.0).max();
    thread.updated_time.map(|time| time.0).max(newest).map_or(0, |time| time.0)
}

/// Faults that end this look without making what it brought worthless.
fn stops(kind: FaultKind) -> bool {
    matches!(kind, FaultKind::Throttled | FaultKind::Unavailable)
}
