//! Reading one thread: its news, its holes, its silent changes, its past.

use super::cursor::{MAX_SEEN, Mark};
use super::errors::Failure;
use super::ids::HistoryCursor;
use super::inbound::{self, Place};
use super::list::Shown;
use super::pull::Pull;
use super::session::PageSession;
use super::view::{self, Compared, View};
use super::wire::Thread;
use connect::http::SMALL;
use connect::{Fault, FaultKind, Pulled};
use model::remote::RemoteEvent;
use model::{RemoteId, Timestamp};
use std::time::Duration;

/// Messages per page when one thread is read.
const PAGE_MESSAGES: usize = 50;
/// Pages read at once to close a hole; a larger hole is told as a gap.
const HOLE_PAGES: usize = 3;
/// For how long after its last change a thread is read again.
const ACTIVE: Duration = Duration::from_secs(48 * 3600);

impl PageSession {
    /// One thread of the list; whether it brought anything.
    pub(super) async fn take(
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
        let read_mark = inbound::read_mark(&thread, &self.page, pull.cursor.high_ms == 0);
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
            pull.pulled.events.extend(read_mark);
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
    pub(super) async fn merge(
        &self,
        pull: &mut Pull,
        thread: &str,
        view: &View,
        mark: Option<&Mark>,
        changed_ms: i64,
    ) {
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
    pub(super) async fn reread(&self, pull: &mut Pull) -> Result<(), Fault> {
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
        Ok(Pulled { events: compared.events, problems: compared.problems, next, ..Pulled::default() })
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
}

/// Where older messages than those of a view are to be had.
fn below(view: &View) -> Option<String> {
    let after = view.after.clone()?;
    Some(HistoryCursor { after, oldest_ms: view.oldest().map_or(i64::MAX, |oldest| oldest.0) }.text())
}

/// When a thread last changed, as far as it tells.
pub(super) fn changed_ms(thread: &Thread) -> i64 {
    let newest =
        thread.messages.items.iter().filter_map(|message| message.created_time).map(|time| time.0).max();
    thread.updated_time.map(|time| time.0).max(newest).map_or(0, |time| time.0)
}
