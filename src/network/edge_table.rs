//! The network as a plain table of edges, to load the same graph into another router.

use super::{Direction, Network, Weights};
use crate::domain::Metric;

/// One edge with its cost in both directions, in the engine's unit of the metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EdgeRow {
    /// Its number.
    pub edge: u32,
    /// Its lower node.
    pub source: u32,
    /// Its other node.
    pub target: u32,
    /// Milliseconds or millimetres from source to target; none where not permitted.
    pub cost: Option<u32>,
    /// The same from target to source.
    pub reverse_cost: Option<u32>,
}

/// All edges of a network, in order of number.
pub fn to_edge_table(network: &Network, weights: &Weights, metric: Metric) -> Vec<EdgeRow> {
    let row = |edge| {
        let [source, target] = network.ends(edge);
        let cost = |direction| {
            let is_permitted = weights.permits(edge, direction);
            is_permitted.then(|| weights.edge(edge).cost(metric).minimised)
        };
        EdgeRow {
            edge,
            source,
            target,
            cost: cost(Direction::Forward),
            reverse_cost: cost(Direction::Backward),
        }
    };
    network.edges().map(row).collect()
}
