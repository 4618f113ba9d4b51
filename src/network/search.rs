//! Search from facilities outwards: for every node, the nearest facilities and both quantities of the way.

use std::sync::atomic::{AtomicBool, Ordering};

use super::Cost;
use super::bucket_queue::{BucketQueue, Entry};
use super::search_graph::SearchGraph;

/// The caller asked to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cancelled")]
pub struct Cancelled;

/// A facility and what it costs to get there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Label {
    pub(crate) facility: u32,
    pub(crate) cost: Cost,
}

impl Label {
    /// The mark of "no path", private to this file and those that filter it out through [`Label::found`].
    pub(crate) const NONE: Self = Self {
        facility: u32::MAX,
        cost: Cost {
            minimised: u32::MAX,
            other: u32::MAX,
        },
    };

    pub(crate) fn found(self) -> Option<Self> {
        (self != Self::NONE).then_some(self)
    }

    #[inline]
    fn rank(self) -> (u32, u32) {
        (self.cost.minimised, self.facility)
    }
}

/// A node from which a facility is reached without passing another node.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seed {
    pub(crate) node: u32,
    pub(crate) label: Label,
}

/// Puts a label among the K best, which have distinct facilities and stand in order of (cost, facility).
///
/// True if it was better than what was known of its facility and is among the K best.
#[inline]
pub(crate) fn offer<const K: usize>(best: &mut [Label; K], new: Label) -> bool {
    if new.cost.minimised > best[K - 1].cost.minimised {
        return false;
    }
    let mut slot = K - 1;
    let mut is_known = false;
    for (position, label) in best.iter().enumerate() {
        if label.facility == new.facility {
            if label.cost <= new.cost {
                return false;
            }
            (slot, is_known) = (position, true);
            break;
        }
    }
    if !is_known && new.rank() >= best[K - 1].rank() {
        return false;
    }
    while slot > 0 && best[slot - 1].rank() > new.rank() {
        best[slot] = best[slot - 1];
        slot -= 1;
    }
    best[slot] = new;
    true
}

/// The K best labels of every node, and the scratch that found them, to be used again and again.
///
/// K best of every node is enough to know the K best of any other: a facility that is not among the K best of a node
/// is beaten, with the same ties, by K others on every way through that node. The least other quantity among ways of
/// equal cost is carried along because costs are added and compared as pairs.
#[derive(Debug)]
pub(crate) struct Search<const K: usize> {
    queue: BucketQueue,
    labels: Vec<[Label; K]>,
}

impl<const K: usize> Search<K> {
    pub(crate) fn new() -> Self {
        Self {
            queue: BucketQueue::new(),
            labels: Vec::new(),
        }
    }

    /// The labels of a node after a run; [`Label::NONE`] fills what was not found.
    pub(crate) fn labels(&self, node: u32) -> &[Label; K] {
        &self.labels[node as usize]
    }

    /// Searches from the seeds; with a limit, labels above it may be missing and those at most equal to it are final.
    ///
    /// Exact for any width of buckets and with costs of zero: a label that improves is passed on again.
    pub(super) fn run(
        &mut self,
        graph: &SearchGraph,
        seeds: &[Seed],
        limit: Option<u32>,
        cancel: &AtomicBool,
    ) -> Result<(), Cancelled> {
        /// Nodes passed between two looks at the flag: a few tenths of a millisecond.
        const NODES_PER_LOOK: u32 = 8192;
        let limit = limit.unwrap_or(Cost::LARGEST);
        self.labels.clear();
        self.labels.resize(graph.n_nodes(), [Label::NONE; K]);
        self.queue.reset(graph.bucket_width_log2);
        for seed in seeds {
            self.reach(seed.node, seed.label, limit);
        }
        let mut n_passed = 0_u32;
        while let Some(Entry { node, label }) = self.queue.pop() {
            if !self.labels[node as usize].contains(&label) {
                continue;
            }
            for arc in graph.arcs(node) {
                let cost = label.cost.plus(arc.cost);
                self.reach(arc.head, Label { cost, ..label }, limit);
            }
            n_passed = n_passed.wrapping_add(1);
            if n_passed.is_multiple_of(NODES_PER_LOOK) && cancel.load(Ordering::Relaxed) {
                return Err(Cancelled);
            }
        }
        Ok(())
    }

    #[inline]
    fn reach(&mut self, node: u32, label: Label, limit: u32) {
        if label.cost.minimised <= limit && offer(&mut self.labels[node as usize], label) {
            self.queue.push(Entry { node, label });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::search_graph::Arc;
    use super::*;

    fn cost(minimised: u32, other: u32) -> Cost {
        Cost { minimised, other }
    }

    /// Numbers that look random and are the same everywhere (Knuth's MMIX generator).
    fn numbers(seed: u64) -> impl FnMut(u32) -> u32 {
        let mut state = seed;
        move |below| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            u32::try_from((state >> 33) % u64::from(below)).unwrap()
        }
    }

    fn random_graph(next: &mut impl FnMut(u32) -> u32) -> SearchGraph {
        let n_nodes = 1 + next(30);
        let (mut first, mut arcs) = (vec![0], Vec::new());
        for _ in 0..n_nodes {
            for _ in 0..next(4) {
                let magnitude = [1, 4, 100, 3_000_000][next(4) as usize];
                let cost = cost(next(magnitude), next(3));
                let head = next(n_nodes);
                arcs.push(Arc { head, cost });
            }
            first.push(u32::try_from(arcs.len()).unwrap());
        }
        SearchGraph::from_arcs(first, arcs)
    }

    /// Best cost from every node to one facility by repeating every arc until nothing improves.
    fn bellman_ford(graph: &SearchGraph, seeds: &[Seed], facility: u32) -> Vec<Option<Cost>> {
        let mut best: Vec<Option<Cost>> = vec![None; graph.n_nodes()];
        let better = |old: Option<Cost>, new: Cost| old.is_none_or(|old| new < old);
        for seed in seeds.iter().filter(|seed| seed.label.facility == facility) {
            let here = &mut best[seed.node as usize];
            if better(*here, seed.label.cost) {
                *here = Some(seed.label.cost);
            }
        }
        let mut has_improved = true;
        while has_improved {
            has_improved = false;
            for node in 0..graph.n_nodes() {
                let Some(so_far) = best[node] else { continue };
                for arc in graph.arcs(u32::try_from(node).unwrap()) {
                    let new = so_far.plus(arc.cost);
                    if better(best[arc.head as usize], new) {
                        best[arc.head as usize] = Some(new);
                        has_improved = true;
                    }
                }
            }
        }
        best
    }

    #[test]
    fn two_nearest_of_random_graphs_are_those_of_bellman_ford_for_any_bucket_width() {
        for seed in 0..400 {
            let mut next = numbers(seed);
            let mut graph = random_graph(&mut next);
            let n_nodes = u32::try_from(graph.n_nodes()).unwrap();
            let n_facilities = 1 + next(5);
            let seeds: Vec<Seed> = (0..next(9))
                .map(|_| Seed {
                    node: next(n_nodes),
                    label: Label {
                        facility: next(n_facilities),
                        cost: cost(next(50), next(3)),
                    },
                })
                .collect();
            let by_facility: Vec<_> = (0..n_facilities)
                .map(|facility| bellman_ford(&graph, &seeds, facility))
                .collect();
            for width_log2 in [0, 3, 31] {
                graph.bucket_width_log2 = width_log2;
                let mut search = Search::<2>::new();
                search
                    .run(&graph, &seeds, None, &AtomicBool::new(false))
                    .unwrap();
                for node in 0..n_nodes {
                    let mut expected: Vec<Label> = (0..n_facilities)
                        .filter_map(|facility| {
                            let cost = by_facility[facility as usize][node as usize]?;
                            Some(Label { facility, cost })
                        })
                        .collect();
                    expected.sort_by_key(|label| label.rank());
                    expected.resize(2, Label::NONE);
                    assert_eq!(
                        search.labels(node)[..],
                        expected[..2],
                        "seed {seed}, node {node}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_raised_flag_stops_the_search() {
        let n_nodes = 20_000;
        let first = (0..=n_nodes)
            .map(|node: u32| node.min(n_nodes - 1))
            .collect();
        let arcs = (1..n_nodes)
            .map(|head| Arc {
                head,
                cost: cost(1, 1),
            })
            .collect();
        let graph = SearchGraph::from_arcs(first, arcs);
        let label = Label {
            facility: 0,
            cost: Cost::ZERO,
        };
        let seed = Seed { node: 0, label };
        let outcome = Search::<1>::new().run(&graph, &[seed], None, &AtomicBool::new(true));
        assert_eq!(outcome, Err(Cancelled));
    }
}
