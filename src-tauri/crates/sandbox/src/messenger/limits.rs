//! Rate limits: two conversation calls a second for each Page, a day's allowance by engaged people, an hour's by app.

use std::collections::VecDeque;

use serde_json::json;

use super::error::GraphError;
use super::platform::{App, Page, Platform};

const DAY_MS: i64 = 86_400_000;
const HOUR_MS: i64 = 3_600_000;
/// How long a throttled asset stays so, and how far each further call moves the end, ms.
const PARKED_MS: i64 = 15 * 60_000;
/// Pages below this many people are counted as having that many, so that a small test world can be polled.
const FEWEST_ENGAGED: usize = 100;

/// Which allowance a call is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pool {
    /// Reading conversations.
    Conversations,
    /// Sending.
    Messages,
    /// Everything else about the Page.
    Pages,
}

/// The usage header of an answer: name and value.
pub(crate) type Usage = Option<(&'static str, String)>;

/// Counts one call with a Page's token.
pub(crate) fn charge_page(
    platform: &mut Platform,
    page_id: &str,
    pool: Pool,
    now_ms: i64,
) -> (Usage, Result<(), GraphError>) {
    let threads = platform.threads.values().filter(|thread| thread.page == page_id).count();
    let Some(page) = platform.pages.get_mut(page_id) else { return (None, Ok(())) };
    let engaged = page.engaged.unwrap_or(threads.max(FEWEST_ENGAGED));
    let allowance = 200 * engaged.max(1);
    forget(&mut page.calls, now_ms - DAY_MS);
    page.calls.push_back(now_ms);
    let charged = park(page, allowance, pool, now_ms).and_then(|()| pace(page, pool, now_ms));
    let percent = page.calls.len() * 100 / allowance;
    let regain = (page.parked_until_ms - now_ms).max(0).div_euclid(60_000);
    let kind = if pool == Pool::Pages { "pages" } else { "messenger" };
    let usage = json!({ page_id: [{
        "type": kind, "call_count": percent, "total_cputime": percent / 2, "total_time": percent / 2,
        "estimated_time_to_regain_access": regain,
    }] });
    let is_silent = page.sends_no_usage;
    ((!is_silent).then(|| ("x-business-use-case-usage", usage.to_string())), charged)
}

/// Beyond the allowance the Page is parked, and every call while parked prolongs it.
fn park(page: &mut Page, allowance: usize, pool: Pool, now_ms: i64) -> Result<(), GraphError> {
    let is_parked = page.parked_until_ms > now_ms;
    if !is_parked && page.calls.len() <= allowance {
        return Ok(());
    }
    if page.parked_until_ms != 0 && !is_parked {
        // The wait was served; room is made again.
        page.parked_until_ms = 0;
        let gone = page.calls.len() / 2;
        page.calls.drain(..gone);
        return Ok(());
    }
    page.parked_until_ms = page.parked_until_ms.max(now_ms + PARKED_MS);
    let (code, what) = if pool == Pool::Pages { (80_001, "Page") } else { (80_006, "Messenger") };
    let message = format!(
        "(#{code}) There have been too many calls to this {what} account. Wait a bit and try again. \
         For more info, please refer to https://developers.facebook.com/docs/graph-api/overview/rate-limiting."
    );
    let mut error = GraphError::new(code, message).sub(2_446_079).transient();
    error.regain_minutes = Some((page.parked_until_ms - now_ms) / 60_000);
    Err(error)
}

fn pace(page: &mut Page, pool: Pool, now_ms: i64) -> Result<(), GraphError> {
    if pool != Pool::Conversations {
        return Ok(());
    }
    forget(&mut page.recent, now_ms - 1000);
    if page.recent.len() >= 2 {
        return Err(
            GraphError::new(613, "(#613) Calls to this api have exceeded the rate limit.").transient()
        );
    }
    page.recent.push_back(now_ms);
    Ok(())
}

/// Counts one call with a user's or an app's token.
pub(crate) fn charge_app(app: &mut App, now_ms: i64) -> (Usage, Result<(), GraphError>) {
    forget(&mut app.calls, now_ms - HOUR_MS);
    app.calls.push_back(now_ms);
    let percent = app.calls.len() * 100 / (200 * app.daily_users.max(1));
    let usage = json!({ "call_count": percent, "total_time": percent / 2, "total_cputime": percent / 3 });
    let charged = if percent > 100 {
        Err(GraphError::new(4, "(#4) Application request limit reached").transient())
    } else {
        Ok(())
    };
    (Some(("x-app-usage", usage.to_string())), charged)
}

fn forget(calls: &mut VecDeque<i64>, until_ms: i64) {
    while calls.front().is_some_and(|at_ms| *at_ms <= until_ms) {
        calls.pop_front();
    }
}
