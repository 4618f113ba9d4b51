//! Where the paths behind a search's labels leave the road.

use std::collections::HashMap;

use super::linkage::Linkage;
use super::nearest_k::SnapUsed;
use super::route_walk::steps;
use crate::network::{Search, Travel};

/// Follows the paths of [`route`](super::route()) to their ends, and remembers every node passed.
pub(super) struct Arrivals<'a, const K: usize> {
    travel: &'a Travel,
    linkage: &'a Linkage,
    search: &'a Search<K>,
    /// By node and facility.
    known: HashMap<(u32, u32), SnapUsed>,
}

impl<'a, const K: usize> Arrivals<'a, K> {
    pub(super) fn new(travel: &'a Travel, linkage: &'a Linkage, search: &'a Search<K>) -> Self {
        Self {
            travel,
            linkage,
            search,
            known: HashMap::new(),
        }
    }

    /// Where the path from a node to a facility that has a label there leaves the road.
    ///
    /// The label must not be saturated: then what is left of the path falls with every step.
    /// O(nodes passed for the first time).
    pub(super) fn of(&mut self, node: u32, facility: u32) -> Option<SnapUsed> {
        let mut passed = Vec::new();
        let mut here = node;
        let snap = loop {
            if let Some(known) = self.known.get(&(here, facility)) {
                break *known;
            }
            passed.push(here);
            let step = steps(self.travel, self.linkage, self.search, here, facility)
                .into_iter()
                .min_by_key(super::route_walk::Step::order)?;
            match step.arrival {
                Some((_, on_edge)) => break on_edge.snap(),
                None => here = self.travel.network.node_towards(step.edge, step.direction),
            }
        };
        self.known
            .extend(passed.into_iter().map(|node| ((node, facility), snap)));
        Some(snap)
    }
}
