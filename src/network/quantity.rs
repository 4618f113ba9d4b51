//! What a search adds up and minimises: one quantity, or both that people ask for.

use std::fmt::Debug;

use super::Cost;

/// Whole milliseconds or millimetres of a way, alone or with the other of the two.
///
/// One quantity is half the memory and compares as one number; both are carried where answers give both.
pub trait Quantity: Copy + Ord + Debug + Send + Sync {
    /// What tells ways of equal cost apart.
    type Other: Ord;

    /// No way at all.
    const ZERO: Self;
    /// The mark of "no path"; larger than every sum.
    const NONE: Self;

    /// What the search minimises.
    fn minimised(self) -> u32;

    /// What it minimises among ways of equal cost.
    fn other(self) -> Self::Other;

    /// The sum, at most [`Cost::LARGEST`] in each quantity.
    #[must_use]
    fn plus(self, more: Self) -> Self;
}

impl Quantity for u32 {
    type Other = ();

    const ZERO: Self = 0;
    const NONE: Self = Self::MAX;

    #[inline]
    fn minimised(self) -> u32 {
        self
    }

    #[inline]
    fn other(self) {}

    #[inline]
    fn plus(self, more: Self) -> Self {
        super::cost::add(self, more)
    }
}

impl Quantity for Cost {
    type Other = u32;

    const ZERO: Self = Self::ZERO;
    const NONE: Self = Self {
        minimised: u32::MAX,
        other: u32::MAX,
    };

    #[inline]
    fn minimised(self) -> u32 {
        self.minimised
    }

    #[inline]
    fn other(self) -> u32 {
        self.other
    }

    #[inline]
    fn plus(self, more: Self) -> Self {
        self.plus(more)
    }
}
