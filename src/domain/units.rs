//! Whole numbers with a unit: millimetres, milliseconds, thousandths of a person.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub};

use serde::{Deserialize, Serialize};

/// A length of at most 4,294 km, exact to the millimetre.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Millimetres(pub u32);

impl Millimetres {
    /// The whole millimetres nearest to a length in metres; negative and NaN give 0, too long gives the maximum.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "`as` saturates, as documented"
    )]
    pub fn from_metres(metres: f64) -> Self {
        Self((metres * 1000.0).round() as u32)
    }

    /// Metres, for the doors: exact to three decimals.
    pub fn to_metres(self) -> f64 {
        f64::from(self.0) / 1000.0
    }
}

/// A duration of at most 49 days, exact to the millisecond.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Milliseconds(pub u32);

impl Milliseconds {
    /// The whole milliseconds nearest to a duration in seconds; negative and NaN give 0, too long gives the maximum.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "`as` saturates, as documented"
    )]
    pub fn from_seconds(seconds: f64) -> Self {
        Self((seconds * 1000.0).round() as u32)
    }

    /// Seconds, for the doors: exact to three decimals.
    pub fn to_seconds(self) -> f64 {
        f64::from(self.0) / 1000.0
    }
}

/// A number of people in thousandths, so that shares of a village add up to the village exactly.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct People(pub i64);

impl People {
    /// Nobody.
    pub const ZERO: Self = Self(0);
    /// One person.
    pub const ONE: Self = Self(1000);

    /// The thousandths nearest to a count of people.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "`as` saturates, far above any population"
    )]
    pub fn from_count(count: f64) -> Self {
        Self((count * 1000.0).round() as i64)
    }

    /// People as a number with at most three decimals, for the doors.
    pub fn to_count(self) -> f64 {
        self.0 as f64 / 1000.0
    }
}

impl Add for People {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for People {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sub for People {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Sum for People {
    fn sum<I: Iterator<Item = Self>>(people: I) -> Self {
        Self(people.map(|each| each.0).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_lengths_saturate_and_never_wrap() {
        assert_eq!(Millimetres::from_metres(-1.0), Millimetres(0));
        assert_eq!(Millimetres::from_metres(f64::NAN), Millimetres(0));
        assert_eq!(Millimetres::from_metres(1e300), Millimetres(u32::MAX));
    }

    #[test]
    fn a_third_of_a_person_keeps_its_thousandths() {
        assert_eq!(People::from_count(1.0 / 3.0), People(333));
    }
}
