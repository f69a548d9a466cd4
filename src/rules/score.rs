//! [`Score`]: points of so many, kept as they were reported.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::decimal::{Decimal, Fraction};

/// Points reached, of so many. Two scores of the same share are equal.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// From 0 to `max`.
    pub points: Decimal,
    /// More than 0.
    pub max: Decimal,
}

impl Score {
    /// The share, exactly.
    pub fn share(self) -> Fraction {
        Fraction::percent(self.points, self.max)
    }

    /// Whether it is enough.
    pub fn reaches(self, mark: Decimal) -> bool {
        self.share().reaches(mark)
    }

    /// In percent, as people read it.
    pub fn percent(self) -> Decimal {
        self.share().rounded()
    }
}

impl Ord for Score {
    fn cmp(&self, other: &Self) -> Ordering {
        self.points.times(other.max).cmp(&other.points.times(self.max))
    }
}

impl PartialOrd for Score {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Score {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Score {}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tenths(n: u32) -> Decimal {
        Decimal::from(f64::from(n) / 10.0)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// All scores of one decimal of a maximum, and all marks of one decimal: who lies on it has reached it, who lies a
        /// tenth of a point below has not.
        #[test]
        fn whoever_scores_exactly_the_mark_has_reached_it(max in 1..=2_000u32) {
            for points in 0..=max * 10 {
                let score = Score { points: tenths(points), max: Decimal::from(f64::from(max)) };
                if (points * 100).is_multiple_of(max) && points > 0 {
                    let mark = tenths(points * 100 / max);
                    prop_assert!(score.reaches(mark), "{points} tenths of {max}");
                    let less = Score { points: tenths(points - 1), ..score };
                    prop_assert!(!less.reaches(mark) && less < score);
                }
            }
        }
    }
}
