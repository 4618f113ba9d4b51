//! The network as one search sees it: permitted edges only, with their costs, in one flat array.

use std::hint::black_box;

use super::cells::CELL_NODES;
use super::road_network::{Incidence, id};
use super::{Cost, Direction, Network, Quantity, Weights};
use crate::domain::Metric;

/// Which way the search travels along the trip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Heading {
    /// People go from demand to facility.
    There,
    /// People go from facility to demand.
    Back,
}

impl Heading {
    /// The direction that people follow an edge in when the trip as asked would follow it in `direction`.
    pub(super) fn apply(self, direction: Direction) -> Direction {
        match self {
            Self::There => direction,
            Self::Back => direction.reversed(),
        }
    }
}

/// An edge as a search follows it: away from the seeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arc<Q = Cost> {
    /// The node it leads to.
    pub head: u32,
    /// What it adds.
    pub cost: Q,
}

/// For each node, the arcs that a search follows from it.
///
/// Node v has the arcs `first[v]..first[v + 1]`. Where costs are those of getting to a seed, they run against the way
/// people travel.
#[derive(Debug, Clone)]
pub struct SearchGraph<Q = Cost> {
    first: Vec<u32>,
    arcs: Vec<Arc<Q>>,
    /// A width of buckets of one to two mean costs, which was fastest; any width gives the same result.
    pub(super) bucket_width_log2: u32,
    /// Arcs that lead to another cell.
    n_crossing: usize,
}

impl SearchGraph {
    pub(super) fn new(
        network: &Network,
        weights: &Weights,
        metric: Metric,
        heading: Heading,
    ) -> Self {
        let mut first = vec![0];
        let mut arcs = Vec::with_capacity(2 * network.n_edges() as usize);
        for node in 0..network.n_nodes() {
            for Incidence { edge, away } in network.incidences(node) {
                let head = network.node_towards(*edge, *away);
                let towards_node = heading.apply(away.reversed());
                // Loops never shorten a path.
                if head != node && weights.permits(*edge, towards_node) {
                    let cost = weights.edge(*edge).cost(metric);
                    arcs.push(Arc { head, cost });
                }
            }
            first.push(id(arcs.len()));
        }
        Self::from_parts(first, arcs)
    }
}

impl<Q: Quantity> SearchGraph<Q> {
    /// Sorts arcs by the node they leave; those of one node stay in the order given.
    ///
    /// # Panics
    /// A node is not below `n_nodes`.
    pub fn from_arcs(n_nodes: u32, arcs: impl Iterator<Item = (u32, Arc<Q>)> + Clone) -> Self {
        let mut first = vec![0_u32; n_nodes as usize + 1];
        let mut n_arcs = 0;
        for (tail, arc) in arcs.clone() {
            assert!(arc.head < n_nodes, "an arc leads to no node");
            first[tail as usize + 1] += 1;
            n_arcs += 1;
        }
        for node in 1..first.len() {
            first[node] += first[node - 1];
        }
        let mut next = first.clone();
        let nowhere = Arc {
            head: 0,
            cost: Q::ZERO,
        };
        let mut sorted = vec![nowhere; n_arcs];
        for (tail, arc) in arcs {
            let place = &mut next[tail as usize];
            sorted[*place as usize] = arc;
            *place += 1;
        }
        Self::from_parts(first, sorted)
    }

    fn from_parts(first: Vec<u32>, arcs: Vec<Arc<Q>>) -> Self {
        let sum: u64 = arcs.iter().map(|arc| u64::from(arc.cost.minimised())).sum();
        let twice_the_mean = 2 * sum / arcs.len().max(1) as u64;
        let mut graph = Self {
            first,
            arcs,
            bucket_width_log2: twice_the_mean.checked_ilog2().unwrap_or(0),
            n_crossing: 0,
        };
        let cell = |node: u32| node as usize / CELL_NODES;
        graph.n_crossing = (0..id(graph.n_nodes()))
            .flat_map(|node| graph.arcs(node).iter().map(move |arc| (node, arc.head)))
            .filter(|(tail, head)| cell(*tail) != cell(*head))
            .count();
        graph
    }

    /// Number of nodes.
    pub fn n_nodes(&self) -> usize {
        self.first.len() - 1
    }

    /// The arcs that a search follows from a node.
    #[inline]
    pub fn arcs(&self, node: u32) -> &[Arc<Q>] {
        let range = self.first[node as usize] as usize..self.first[node as usize + 1] as usize;
        &self.arcs[range]
    }

    /// Has the arcs of several nodes brought into the cache, waiting for all of them at once rather than for each in turn
    /// when it is passed: a fifth of the time of a search of a million nodes.
    #[inline]
    pub(super) fn fetch_arcs(&self, nodes: impl Iterator<Item = u32>) {
        let heads = nodes.map(|node| self.arcs(node).first().map_or(0, |arc| arc.head));
        black_box(heads.fold(0, |all, head| all ^ head));
    }

    /// Whether the network is large, and its nodes are numbered so that most neighbours are in the same cell.
    pub(super) fn has_compact_cells(&self) -> bool {
        /// Below, the whole network fits a cache, and one queue is faster.
        const LEAST_CELLS: usize = 8;
        /// Nodes along a curve through space leave 1 to 2 % of the arcs crossing.
        const CROSSING_SHARE: usize = 16;
        self.n_nodes() >= LEAST_CELLS * CELL_NODES
            && self.n_crossing * CROSSING_SHARE <= self.arcs.len()
    }
}
