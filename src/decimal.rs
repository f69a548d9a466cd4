//! [`Decimal`] and [`Fraction`]: points and marks as people write them. A binary fraction cannot say that 18.9 of 27 are
//! 70 %; whole numbers of billionths can, and within the bounds of a score none of their products overflows.

use std::fmt;
use std::ops::{Add, Sub};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A number in steps of a billionth. Up to a million it has at most fifteen digits, so a JSON number holds it unchanged;
/// what is beyond the ninth decimal is the noise of binary fractions. What is too large is held as the largest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Decimal(i64);

const ONE: i64 = 1_000_000_000;
/// What people read has steps of a hundredth.
const HUNDREDTH: i64 = ONE / 100;

impl Decimal {
    /// 0.
    pub const ZERO: Decimal = Decimal(0);
    /// 1, of which scaled scores are a part.
    pub const ONE: Decimal = Decimal(ONE);
    /// 100, as in percent.
    pub const HUNDRED: Decimal = Decimal(100 * ONE);

    /// The nearest binary fraction, whose shortest decimal is this one.
    #[expect(clippy::cast_precision_loss, reason = "exact for what has at most fifteen digits")]
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / ONE as f64
    }

    /// With at most two decimals, as people read it.
    #[must_use]
    pub fn rounded(self) -> Decimal {
        Fraction::new(self, Decimal::ONE).rounded()
    }

    /// The product, in steps too small for anything but a comparison.
    pub fn times(self, other: Decimal) -> i128 {
        i128::from(self.0) * i128::from(other.0)
    }

    /// The whole number that this is, if it is one.
    fn whole(self) -> Option<i64> {
        (self.0 % ONE == 0).then_some(self.0 / ONE)
    }
}

/// The shortest decimal that names this binary fraction: 0.69999999999999996 is 0.7.
impl From<f64> for Decimal {
    #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "the nearest that can be held")]
    fn from(value: f64) -> Self {
        Decimal((value * ONE as f64).round() as i64)
    }
}

impl Add for Decimal {
    type Output = Decimal;

    fn add(self, other: Decimal) -> Decimal {
        Decimal(self.0.saturating_add(other.0))
    }
}

impl Sub for Decimal {
    type Output = Decimal;

    fn sub(self, other: Decimal) -> Decimal {
        Decimal(self.0.saturating_sub(other.0))
    }
}

/// No more digits than needed: `70`, `72.5`.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, billionths) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        let (whole, part) = (billionths / ONE.unsigned_abs(), billionths % ONE.unsigned_abs());
        let digits = format!("{part:09}");
        match digits.trim_end_matches('0') {
            "" => write!(f, "{sign}{whole}"),
            digits => write!(f, "{sign}{whole}.{digits}"),
        }
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.whole() {
            Some(whole) => serializer.serialize_i64(whole),
            None => serializer.serialize_f64(self.to_f64()),
        }
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        f64::deserialize(deserializer).map(Decimal::from)
    }
}

impl From<Decimal> for serde_json::Value {
    fn from(value: Decimal) -> Self {
        value.whole().map_or_else(|| value.to_f64().into(), Into::into)
    }
}

/// A quotient that nobody has rounded yet.
#[derive(Debug, Clone, Copy)]
pub struct Fraction {
    above: i128,
    below: i128,
}

impl Fraction {
    /// `above` by `below`, which is more than 0.
    pub fn new(above: Decimal, below: Decimal) -> Self {
        Fraction { above: above.0.into(), below: below.0.into() }
    }

    /// `part` of `whole` in percent; `whole` is more than 0.
    pub fn percent(part: Decimal, whole: Decimal) -> Self {
        Fraction { above: i128::from(part.0) * 100, below: whole.0.into() }
    }

    /// The mean of values by their weights; `None` where no weight is left.
    pub fn mean(weighted: impl IntoIterator<Item = (Decimal, Decimal)>) -> Option<Self> {
        let (mut above, mut below) = (0i128, 0i128);
        for (weight, value) in weighted {
            above = above.saturating_add(weight.times(value));
            below = below.saturating_add(weight.times(Decimal::ONE));
        }
        (below > 0).then_some(Fraction { above, below })
    }

    /// Whether it is as much as `mark`, or more. Nothing is rounded.
    pub fn reaches(self, mark: Decimal) -> bool {
        self.above.saturating_mul(ONE.into()) >= self.below.saturating_mul(mark.0.into())
    }

    /// With two decimals, as people read it.
    pub fn rounded(self) -> Decimal {
        let below = self.below.saturating_mul(2);
        Self::hundredths(self.above.saturating_mul(200).saturating_add(self.below).div_euclid(below))
    }

    /// The same of what does not reach `mark`: nobody reads that 70 was reported where 70 was needed.
    pub fn rounded_below(self, mark: Decimal) -> Decimal {
        let rounded = self.rounded();
        if rounded < mark { rounded } else { Self::hundredths(self.above.saturating_mul(100).div_euclid(self.below)) }
    }

    fn hundredths(count: i128) -> Decimal {
        Decimal(i64::try_from(count.saturating_mul(HUNDREDTH.into())).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decimal(text: &str) -> Decimal {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn it_is_written_as_it_was_read() {
        for (json, shown) in [
            ("70", "70"),
            ("72.50", "72.5"),
            ("0.69999999999999996", "0.7"),
            ("0.83999999999999997", "0.84"),
            ("-1", "-1"),
            ("-0.05", "-0.05"),
            ("0.000000001", "0.000000001"),
            ("999999.123456789", "999999.123456789"),
            ("1e300", "9223372036.854775807"),
        ] {
            assert_eq!(decimal(json).to_string(), shown, "{json}");
        }
        assert_eq!(serde_json::to_string(&decimal("84.0")).unwrap(), "84");
        assert_eq!(serde_json::to_string(&decimal("18.9")).unwrap(), "18.9");
        assert_eq!(Decimal::from(f64::NAN), Decimal::ZERO);
    }

    #[test]
    fn people_read_two_decimals_and_never_a_mark_that_was_missed() {
        let percent = |part: &str, whole: &str| Fraction::percent(decimal(part), decimal(whole));
        assert_eq!(percent("2", "3").rounded().to_string(), "66.67");
        assert_eq!(percent("18.9", "27").rounded().to_string(), "70");
        assert_eq!(percent("69.996", "100").rounded().to_string(), "70");
        assert_eq!(percent("69.996", "100").rounded_below(decimal("70")).to_string(), "69.99");
        assert_eq!(percent("60", "100").rounded_below(decimal("70")).to_string(), "60");
    }

    #[test]
    fn a_mean_weighs_exactly() {
        let third = Fraction::mean([("1", "70.1"), ("1", "69.9"), ("1", "70")].map(|(w, v)| (decimal(w), decimal(v))));
        assert!(third.unwrap().reaches(decimal("70")));
        assert!(Fraction::mean([(Decimal::ZERO, decimal("80"))]).is_none());
    }

    proptest! {
        #[test]
        fn a_json_number_holds_it_unchanged(billionths in -1_000_000 * ONE..=1_000_000 * ONE) {
            let value = Decimal(billionths);
            prop_assert_eq!(decimal(&serde_json::to_string(&value).unwrap()), value);
            prop_assert_eq!(decimal(&value.to_string()), value);
        }

        #[test]
        fn nothing_overflows(above in any::<f64>(), below in any::<f64>(), mark in 0.0..=100.0f64) {
            let below = Decimal::from(below.abs()).max(Decimal::ONE);
            let share = Fraction::percent(Decimal::from(above), below);
            let _ = (share.reaches(Decimal::from(mark)), share.rounded(), share.rounded_below(Decimal::from(mark)));
            let _ = Fraction::mean(vec![(below, Decimal::from(above)); 60]).map(|mean| mean.reaches(Decimal::from(mark)));
        }
    }
}
