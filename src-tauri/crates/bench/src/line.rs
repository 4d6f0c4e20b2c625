//! One line per figure: its value over the rounds, the goal, and whether it holds.

use crate::statistics::Spread;

/// A figure that has been taken.
#[derive(Debug)]
pub struct Figure {
    /// As the goals call it, e.g. `P3c`.
    pub name: &'static str,
    /// What it is, in a few words.
    pub what: &'static str,
    /// One value per round.
    pub rounds: Vec<f64>,
    /// `×`, ` ms`, …
    pub unit: &'static str,
    /// The goal; none where there is none yet.
    pub goal: Option<Goal>,
    /// The absolute values behind it, and how many.
    pub behind: String,
}

/// What a figure must not exceed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Goal(pub f64);

impl Figure {
    /// Whether the middle round holds the goal; none without a goal.
    pub fn holds(&self) -> Option<bool> {
        self.goal.map(|goal| Spread::of(&self.rounds).median <= goal.0)
    }

    /// As it is printed.
    pub fn line(&self) -> String {
        let value = Spread::of(&self.rounds).with_unit(self.unit);
        let verdict = match (self.goal, self.holds()) {
            (Some(goal), Some(true)) => format!("≤ {}{}  holds", goal.0, self.unit),
            (Some(goal), _) => format!("≤ {}{}  FAILS", goal.0, self.unit),
            (None, _) => "no goal yet".to_owned(),
        };
        let Self { name, what, behind, .. } = self;
        format!("{name:<8}{what:<46}{value:<24}{verdict:<20}{behind}")
    }
}

/// What is printed above the lines.
pub fn head() -> String {
    format!("{:<8}{:<46}{:<24}{:<20}behind it", "", "figure", "median (min–max)", "goal")
}

/// The machine's load: how much else was going on. Empty where the system does not say.
pub fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ')
        .next()
        .filter(|load| !load.is_empty())
        .map_or_else(String::new, |load| format!("load {load}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(rounds: &[f64], goal: Option<f64>) -> Figure {
        let (what, behind) = ("a thing", "10 ms against 5 ms".to_owned());
        Figure { name: "P0", what, rounds: rounds.to_vec(), unit: "×", goal: goal.map(Goal), behind }
    }

    #[test]
    fn the_middle_round_decides_whether_a_goal_holds() {
        assert_eq!(figure(&[1.0, 1.2, 9.0], Some(1.3)).holds(), Some(true));
        assert_eq!(figure(&[1.0, 1.4, 1.5], Some(1.3)).holds(), Some(false));
        assert_eq!(figure(&[1.0], None).holds(), None);
    }

    #[test]
    fn a_line_says_value_goal_and_what_is_behind() {
        let line = figure(&[1.0, 1.4, 1.5], Some(1.3)).line();
        for part in ["P0", "a thing", "1.40× (1.00–1.50)", "≤ 1.3×  FAILS", "10 ms against 5 ms"] {
            assert!(line.contains(part), "{line}");
        }
    }
}
