//! The two quantities of a stretch: the one that is minimised, and the other one.

use crate::domain::{Metric, Millimetres, Milliseconds};

/// Both quantities of a stretch or path, ordered by the one minimised, then by the other.
///
/// Milliseconds and millimetres; which is which depends on the metric. Sums saturate at [`Cost::LARGEST`]; where the
/// quantity minimised does, the other does too, since ways that cannot be told apart have no least other quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cost {
    /// The quantity that decides.
    pub minimised: u32,
    /// The one that comes along, and decides among equals.
    pub other: u32,
}

impl Cost {
    pub(crate) const ZERO: Self = Self {
        minimised: 0,
        other: 0,
    };

    /// Where sums saturate; one more is the private mark of "no path" in the search.
    pub const LARGEST: u32 = u32::MAX - 1;

    pub(crate) fn new(metric: Metric, time: Milliseconds, length: Millimetres) -> Self {
        match metric {
            Metric::Time => Self {
                minimised: time.0,
                other: length.0,
            },
            Metric::Distance => Self {
                minimised: length.0,
                other: time.0,
            },
        }
    }

    pub(crate) fn time(self, metric: Metric) -> Milliseconds {
        Milliseconds(match metric {
            Metric::Time => self.minimised,
            Metric::Distance => self.other,
        })
    }

    pub(crate) fn length(self, metric: Metric) -> Millimetres {
        Millimetres(match metric {
            Metric::Time => self.other,
            Metric::Distance => self.minimised,
        })
    }

    #[inline]
    pub(crate) fn plus(self, more: Self) -> Self {
        let minimised = add(self.minimised, more.minimised);
        let other = if minimised < Self::LARGEST {
            add(self.other, more.other)
        } else {
            Self::LARGEST
        };
        Self { minimised, other }
    }

    /// What is left of `self` after `part` of it.
    pub(crate) fn minus(self, part: Self) -> Self {
        Self {
            minimised: self.minimised.saturating_sub(part.minimised),
            other: self.other.saturating_sub(part.other),
        }
    }

    pub(crate) fn is_saturated(self) -> bool {
        self.minimised >= Self::LARGEST || self.other >= Self::LARGEST
    }
}

/// The sum of two amounts, at most [`Cost::LARGEST`].
#[inline]
pub(super) fn add(a: u32, b: u32) -> u32 {
    a.saturating_add(b).min(Cost::LARGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_beyond_the_range_saturates_and_says_so() {
        let sum = |minimised, other| {
            let cost = Cost { minimised, other };
            let sum = cost.plus(cost);
            (sum.minimised, sum.other, sum.is_saturated())
        };
        assert_eq!(sum(7, 1), (14, 2, false));
        assert_eq!(sum(7, u32::MAX - 5), (14, u32::MAX - 1, true));
        assert_eq!(sum(u32::MAX - 5, 1), (u32::MAX - 1, u32::MAX - 1, true));
    }
}
