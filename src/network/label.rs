//! What a search knows of a node: the best facilities and what it costs to get there.

use std::cmp::Ordering;

use super::{Cost, Quantity};

/// A facility and what it costs to get there.
///
/// Ordered by (minimised, facility), then by the other quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label<Q = Cost> {
    /// Its number in the list that the search was given.
    pub facility: u32,
    /// The cost of the way.
    pub cost: Q,
}

impl<Q: Quantity> Label<Q> {
    /// The mark of "no path", private to the search and those that filter it out through [`Label::found`].
    pub(crate) const NONE: Self = Self {
        facility: u32::MAX,
        cost: Q::NONE,
    };

    pub(crate) fn found(self) -> Option<Self> {
        (self != Self::NONE).then_some(self)
    }

    #[inline]
    pub(super) fn plus(self, cost: Q) -> Self {
        Self {
            facility: self.facility,
            cost: self.cost.plus(cost),
        }
    }

    /// Both numbers as one: a single comparison decides nearly always.
    #[inline]
    fn rank(self) -> u64 {
        u64::from(self.cost.minimised()) << 32 | u64::from(self.facility)
    }
}

impl<Q: Quantity> Ord for Label<Q> {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        (self.rank(), self.cost.other()).cmp(&(other.rank(), other.cost.other()))
    }
}

impl<Q: Quantity> PartialOrd for Label<Q> {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// A node from which a facility is reached without passing another node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seed<Q = Cost> {
    /// The node.
    pub node: u32,
    /// The facility and the cost of the rest of the way.
    pub label: Label<Q>,
}

/// Puts a label among the K best, which have distinct facilities and stand in their order.
///
/// True if it was better than what was known of its facility and is among the K best.
#[inline]
pub(crate) fn offer<const K: usize, Q: Quantity>(best: &mut [Label<Q>; K], new: Label<Q>) -> bool {
    if new >= best[K - 1] {
        return false;
    }
    let mut slot = K - 1;
    for (position, label) in best[..K - 1].iter().enumerate() {
        if label.facility == new.facility {
            if *label <= new {
                return false;
            }
            slot = position;
            break;
        }
    }
    while slot > 0 && best[slot - 1] > new {
        best[slot] = best[slot - 1];
        slot -= 1;
    }
    best[slot] = new;
    true
}
