//! Cheapest ways over a lattice, the same on every machine: whole costs, ties by index.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

/// Up to six ways on from a node: where to, and at what cost.
pub(super) type Steps = [Option<(usize, u32)>; 6];

/// The cheapest way to every node from the nearest of several sources.
pub(super) struct Spread {
    cost: Vec<Option<u32>>,
    parent: Vec<Option<usize>>,
}

impl Spread {
    /// Searches `n_nodes` nodes from all `sources` at once.
    ///
    /// Cost: `O(n log n)`.
    pub(super) fn from(
        n_nodes: usize,
        sources: impl IntoIterator<Item = usize>,
        steps: impl Fn(usize) -> Steps,
    ) -> Self {
        let mut spread = Self {
            cost: vec![None; n_nodes],
            parent: vec![None; n_nodes],
        };
        let mut heap = BinaryHeap::new();
        for source in sources {
            spread.cost[source] = Some(0);
            heap.push(Reverse((0, source)));
        }
        while let Some(Reverse((cost, node))) = heap.pop() {
            if spread.cost[node] != Some(cost) {
                continue;
            }
            for (next, step) in steps(node).into_iter().flatten() {
                let next_cost = cost + step;
                if spread.cost[next].is_none_or(|known| next_cost < known) {
                    spread.cost[next] = Some(next_cost);
                    spread.parent[next] = Some(node);
                    heap.push(Reverse((next_cost, next)));
                }
            }
        }
        spread
    }

    /// What it costs to get to a node; none where there is no way.
    pub(super) fn cost(&self, node: usize) -> Option<u32> {
        self.cost[node]
    }

    /// The nodes from this one back to its source, both included; none where there is no way.
    pub(super) fn way_back(&self, node: usize) -> Option<Vec<usize>> {
        self.cost[node]?;
        let mut way = vec![node];
        let mut last = node;
        while let Some(parent) = self.parent[last] {
            way.push(parent);
            last = parent;
        }
        Some(way)
    }

    /// For every node the source that it was reached from.
    pub(super) fn sources(&self) -> Vec<Option<usize>> {
        let mut sources: Vec<Option<usize>> = vec![None; self.cost.len()];
        for node in (0..self.cost.len()).filter(|node| self.cost[*node].is_some()) {
            // Up to a node whose source is known, so that each is visited once.
            let mut way = vec![node];
            let mut source = sources[node];
            while source.is_none() {
                let last = way[way.len() - 1];
                match self.parent[last] {
                    Some(parent) => way.push(parent),
                    None => source = Some(last),
                }
                source = source.or(sources[way[way.len() - 1]]);
            }
            for passed in way {
                sources[passed] = source;
            }
        }
        sources
    }
}

/// The cheapest way from a node to the first that is a `goal`, both included, and its cost; none above `limit`.
///
/// Touches only nodes within the limit, whatever the size of the lattice.
pub(super) fn cheapest_way(
    from: usize,
    is_goal: impl Fn(usize) -> bool,
    limit: u32,
    steps: impl Fn(usize) -> Steps,
) -> Option<(Vec<usize>, u32)> {
    let mut known: HashMap<usize, (u32, Option<usize>)> = HashMap::from([(from, (0, None))]);
    let mut heap = BinaryHeap::from([Reverse((0, from))]);
    while let Some(Reverse((cost, node))) = heap.pop() {
        if known[&node].0 != cost {
            continue;
        }
        if is_goal(node) {
            return Some((way_through(&known, node), cost));
        }
        for (next, step) in steps(node).into_iter().flatten() {
            let next_cost = cost + step;
            let is_better = known.get(&next).is_none_or(|(old, _)| next_cost < *old);
            if next_cost <= limit && is_better {
                known.insert(next, (next_cost, Some(node)));
                heap.push(Reverse((next_cost, next)));
            }
        }
    }
    None
}

fn way_through(known: &HashMap<usize, (u32, Option<usize>)>, to: usize) -> Vec<usize> {
    let mut way = vec![to];
    while let Some(parent) = known[&way[way.len() - 1]].1 {
        way.push(parent);
    }
    way.reverse();
    way
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nodes 0 to 9 in a row, a step to either side costs 5.
    fn row(node: usize) -> Steps {
        let mut steps = [None; 6];
        steps[0] = (node < 9).then_some((node + 1, 5));
        steps[1] = node.checked_sub(1).map(|left| (left, 5));
        steps
    }

    #[test]
    fn every_node_belongs_to_its_nearest_source() {
        let spread = Spread::from(10, [0, 9], row);
        assert_eq!(spread.cost(4), Some(4 * 5));
        assert_eq!(spread.way_back(7), Some(vec![7, 8, 9]));
        assert_eq!(spread.sources()[3], Some(0));
        assert_eq!(spread.sources()[6], Some(9));
    }

    #[test]
    fn a_way_above_the_limit_is_none() {
        assert_eq!(
            cheapest_way(1, |node| node == 4, 3 * 5, row),
            Some((vec![1, 2, 3, 4], 3 * 5))
        );
        assert_eq!(cheapest_way(1, |node| node == 4, 3 * 5 - 1, row), None);
    }
}
