//! The network as one search sees it: permitted edges only, with their costs, in one flat array.

use super::road_network::Incidence;
use super::{Cost, Direction, Network, Weights};
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

/// An edge as a search follows it, against the way people travel.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arc {
    pub(super) head: u32,
    pub(super) cost: Cost,
}

/// For each node, the nodes from which one permitted edge leads to it.
///
/// Node v has the arcs `first[v]..first[v + 1]`. Loops are left out: they never shorten a path.
#[derive(Debug, Clone)]
pub(super) struct SearchGraph {
    first: Vec<u32>,
    arcs: Vec<Arc>,
    /// A width of buckets near a quarter of the mean cost; any width gives the same result.
    pub(super) bucket_width_log2: u32,
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
                if head != node && weights.permits(*edge, towards_node) {
                    let cost = weights.edge(*edge).cost(metric);
                    arcs.push(Arc { head, cost });
                }
            }
            first.push(super::road_network::id(arcs.len()));
        }
        Self::from_arcs(first, arcs)
    }

    pub(super) fn from_arcs(first: Vec<u32>, arcs: Vec<Arc>) -> Self {
        let sum: u64 = arcs.iter().map(|arc| u64::from(arc.cost.minimised)).sum();
        let quarter_of_mean = sum / (4 * arcs.len().max(1) as u64);
        Self {
            first,
            arcs,
            bucket_width_log2: quarter_of_mean.checked_ilog2().unwrap_or(0),
        }
    }

    pub(super) fn n_nodes(&self) -> usize {
        self.first.len() - 1
    }

    #[inline]
    pub(super) fn arcs(&self, node: u32) -> &[Arc] {
        let range = self.first[node as usize] as usize..self.first[node as usize + 1] as usize;
        &self.arcs[range]
    }
}
