//! Reading the inbox without webhooks: the list of threads from the newest change down to what is known, one page per
//! call; holes are filled thread by thread; now and then a thread is read again for what gives no signal.

use super::cursor::{Cursor, MAX_SEEN, Walk};
use super::errors::Failure;
use super::session::PageSession;
use super::thread::changed_ms;
use connect::{Fault, FaultKind, Pulled};
use model::Timestamp;
use std::collections::HashMap;
use std::time::Duration;

/// Threads read one by one when the list fails.
const SINGLE_THREADS: usize = 3;
/// Vanished messages asked for one by one in a pull, before they count as deleted.
const CONFIRMATIONS: usize = 5;
/// Quiet looks between two that read the overlap page as well: a look costs calls, and small Pages have few.
const OVERLAP_EVERY: u32 = 4;

/// How the looking goes; lost with the session, which costs a few calls.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// Looks in a row that brought nothing.
    quiet: u32,
    /// When a thread was last read again.
    pub reread_ms: HashMap<String, i64>,
    /// It was said that the way down the list is blocked; every look meets that anew.
    is_block_said: bool,
}

/// A pull under way.
pub(super) struct Pull {
    pub cursor: Cursor,
    pub pulled: Pulled,
    /// Messages that arrived in threads not met before, up to here, are history.
    pub history_until: Timestamp,
    pub now: Timestamp,
    pub confirmations: usize,
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
                return Ok(self.stop(pull, &walk));
            }
            Err(failure) => {
                // Frozen is the whole list; otherwise it may be this page of it, and the next look begins at the top.
                let goes_on = failure.is_frozen() && !walk.after.is_empty();
                let again_after = self.read_singly(pull, failure).await?;
                pull.cursor.walk = goes_on.then_some(walk);
                return Ok(again_after);
            }
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

    /// A thread that Graph itself cannot read blocks the way down. What comes from now on rises above it; below it there may be
    /// news that nobody has read, so the mark stays where it is, and every look tries to get past. Only an import ends here,
    /// since nothing is news before it has ended.
    fn stop(&self, pull: &mut Pull, walk: &Walk) -> Duration {
        let is_said = std::mem::replace(&mut self.pace.lock().expect("no holder panics").is_block_said, true);
        if !is_said {
            pull.pulled.problems.push("the list stops at a thread that Graph cannot read".into());
        }
        if walk.is_overlap || pull.cursor.high_ms == 0 {
            return self.complete(pull, walk.top_ms, walk.is_changed);
        }
        self.count(walk.is_changed);
        self.graph.usage().pace(self.quiet(), self.dice.fraction())
    }

    /// The list fails, single threads may not (so it is on Pages under heavy load): the most recent ones, one by one.
    async fn read_singly(&self, pull: &mut Pull, failure: Failure) -> Result<Duration, Fault> {
        let is_refused = failure.code.is_some() && failure.fault.kind == FaultKind::Unavailable;
        if !is_refused && !failure.is_frozen() {
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
        let pace = self.graph.usage().pace(10, self.dice.fraction());
        if failure.is_frozen() {
            // Of those who are not known nothing is heard, and that is said.
            let wait = failure.fault.retry_after.unwrap_or_default().max(pace);
            pull.pulled.held_up = Some(failure.fault.after(wait));
        } else {
            pull.pulled.problems.push("the list of threads fails; recent threads are read one by one".into());
        }
        Ok(pace)
    }

    fn quiet(&self) -> u32 {
        self.pace.lock().expect("no holder panics").quiet
    }

    fn count(&self, is_changed: bool) {
        let mut pace = self.pace.lock().expect("no holder panics");
        pace.quiet = if is_changed { 0 } else { pace.quiet.saturating_add(1) };
    }
}

/// Faults that end this look without making what it brought worthless.
fn stops(kind: FaultKind) -> bool {
    matches!(kind, FaultKind::Throttled | FaultKind::Unavailable | FaultKind::Intercepted(_))
}
