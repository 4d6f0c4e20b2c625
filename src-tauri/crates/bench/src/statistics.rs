//! What many measurements say: middle, tail, and how far rounds lie apart.

/// The value below which `share` of all lie (0.5: the median), between two neighbours where it falls between them.
///
/// # Panics
/// Without any values.
pub fn quantile(values: &[f64], share: f64) -> f64 {
    assert!(!values.is_empty(), "nothing was measured");
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    #[expect(clippy::cast_precision_loss, reason = "far fewer values than 2^52")]
    let place = share.clamp(0.0, 1.0) * (sorted.len() - 1) as f64;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the slice")]
    let below = place.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (sorted[above] - sorted[below]) * place.fract()
}

/// The middle.
pub fn median(values: &[f64]) -> f64 {
    quantile(values, 0.5)
}

/// The middle of some rounds and the ends between which they lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Of the rounds.
    pub median: f64,
    /// The smallest round.
    pub min: f64,
    /// The largest.
    pub max: f64,
}

impl Spread {
    /// Of at least one round.
    pub fn of(rounds: &[f64]) -> Self {
        Self { median: median(rounds), min: quantile(rounds, 0.0), max: quantile(rounds, 1.0) }
    }

    /// As a person reads it, e.g. `1.21× (1.10–1.34)`.
    pub fn with_unit(&self, unit: &str) -> String {
        let Self { median, min, max } = self;
        let places = if max.abs() < 10.0 { 2 } else { usize::from(max.abs() < 100.0) };
        format!("{median:.places$}{unit} ({min:.places$}–{max:.places$})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_lies_between_its_neighbours_and_order_does_not_matter() {
        let values = [4.0, 1.0, 3.0, 2.0];
        assert_eq!((quantile(&values, 0.0), median(&values), quantile(&values, 1.0)), (1.0, 2.5, 4.0));
        assert!((quantile(&values, 0.95) - 3.85).abs() < 1e-9);
        assert_eq!(median(&[7.0]), 7.0);
    }

    #[test]
    fn a_spread_is_read_with_as_many_digits_as_matter() {
        let text = |rounds: &[f64]| Spread::of(rounds).with_unit("×");
        assert_eq!(text(&[1.1, 1.234, 1.9]), "1.23× (1.10–1.90)");
        assert_eq!(text(&[11.24, 12.0, 31.0]), "12.0× (11.2–31.0)");
        assert_eq!(text(&[112.4, 312.0]), "212× (112–312)");
    }
}
