//! How often to ask: Graph tells in its headers how much of the allowance is gone, in percent, and for how many minutes
//! we are locked out (Graph API, Rate Limits). A missing header means unknown, not zero.

use http::HeaderMap;
use serde_json::Value;
use std::time::Duration;

/// Shortest time between two looks while customers write.
const BUSY: Duration = Duration::from_secs(15);
/// Longest time between two looks while the allowance is fine.
const IDLE: Duration = Duration::from_secs(60);
/// Between two looks above 80 %.
const SCARCE: Duration = Duration::from_secs(300);
/// Locked out, and Graph does not say for how long.
const PARK: Duration = Duration::from_secs(900);
/// Too many calls in this very second (code 613): the pool itself is not empty.
const BREATHE: Duration = Duration::from_secs(30);

/// How much of the allowance is gone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Usage {
    /// The fullest of all pools named, in percent.
    pub percent: u64,
    /// The longest lock-out named, in minutes; 0 does not mean safe.
    pub regain_minutes: u64,
}

impl Usage {
    /// What the headers of an answer tell; none if they tell nothing.
    pub(super) fn read(headers: &HeaderMap) -> Option<Self> {
        let parse =
            |name: &str| -> Option<Value> { serde_json::from_slice(headers.get(name)?.as_bytes()).ok() };
        let app = parse("x-app-usage");
        let business = parse("x-business-use-case-usage");
        let entries = business.iter().filter_map(Value::as_object).flat_map(|by_id| by_id.values());
        let pools: Vec<&Value> = app
            .iter()
            .chain(entries.filter_map(Value::as_array).flatten())
            .filter(|pool| pool.is_object())
            .collect();
        if pools.is_empty() {
            return None;
        }
        let largest = |names: &[&str]| {
            pools
                .iter()
                .flat_map(|pool| names.iter().filter_map(|name| pool[*name].as_u64()))
                .max()
                .unwrap_or(0)
        };
        Some(Self {
            percent: largest(&["call_count", "total_time", "total_cputime"]),
            regain_minutes: largest(&["estimated_time_to_regain_access"]),
        })
    }

    /// When to look again after so many looks in a row that brought nothing; `fraction` (0–1) spreads it by a tenth.
    pub(super) fn pace(self, quiet: u32, fraction: f64) -> Duration {
        let calm = BUSY.mul_f64(1.5_f64.powi(quiet.min(10).cast_signed())).min(IDLE);
        let wait = match self {
            Self { regain_minutes: 1.., .. } | Self { percent: 100.., .. } => self.lock_out(),
            Self { percent: 81.., .. } => SCARCE,
            Self { percent: 51.., .. } => calm * 2,
            _ => calm,
        };
        wait.mul_f64(1.0 + fraction / 10.0)
    }

    fn lock_out(self) -> Duration {
        if self.regain_minutes == 0 { PARK } else { Duration::from_secs(60 * self.regain_minutes.min(60)) }
    }
}

/// How long to stay away after a throttle of this code.
pub(super) fn park(headers: &HeaderMap, code: i64) -> Duration {
    match Usage::read(headers) {
        Some(usage) if usage.regain_minutes > 0 => usage.lock_out(),
        _ if code == 613 => BREATHE,
        _ => PARK,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(http::HeaderName::from_static(name), value.parse().unwrap())])
    }

    #[test]
    fn the_fullest_pool_and_the_longest_lock_out_count() {
        let business = headers(
            "x-business-use-case-usage",
            r#"{"101":[{"type":"messenger","call_count":12,"total_cputime":3,"total_time":61,"estimated_time_to_regain_access":0}],
                "9":[{"type":"pages","call_count":40,"estimated_time_to_regain_access":7}]}"#.replace('\n', "").as_str(),
        );
        assert_eq!(Usage::read(&business), Some(Usage { percent: 61, regain_minutes: 7 }));
        assert_eq!(park(&business, 80_006), Duration::from_secs(420));
        let app = headers("x-app-usage", r#"{"call_count":28,"total_time":3,"total_cputime":2}"#);
        assert_eq!(Usage::read(&app), Some(Usage { percent: 28, regain_minutes: 0 }));
        assert_eq!(Usage::read(&headers("x-app-usage", "nonsense")), None);
        assert_eq!(Usage::read(&HeaderMap::new()), None);
    }

    #[test]
    fn the_pace_slows_when_nothing_happens_and_when_the_allowance_runs_out() {
        let pace = |percent, quiet| Usage { percent, regain_minutes: 0 }.pace(quiet, 0.0).as_secs();
        assert_eq!((pace(0, 0), pace(50, 1), pace(10, 50)), (15, 22, 60));
        assert_eq!((pace(51, 0), pace(80, 50), pace(81, 0), pace(100, 0)), (30, 120, 300, 900));
        assert_eq!(Usage { percent: 100, regain_minutes: 9 }.pace(0, 0.0).as_secs(), 540);
        assert!(Usage::default().pace(0, 0.99) < Duration::from_secs(17));
    }
}
