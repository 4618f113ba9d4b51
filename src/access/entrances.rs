//! The few ways from a place to the network that can ever be part of a best path, whatever the other end is.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

use super::answer_each::answer_each;
use crate::domain::LonLat;
use crate::network::{Cancelled, Cost, Position, Travel};

/// What leads out of a place under one [`Travel`]: walks to the road, and along one edge to a node.
#[derive(Debug, Clone, Default)]
pub(super) struct Entrances {
    /// Nodes with the cost to them, none of which is reached more cheaply through another; in order of node.
    pub(super) nodes: Vec<(u32, Cost)>,
    /// Positions beside the place that are reached most cheaply straight from it; in order of edge.
    pub(super) on_edges: Vec<Beside>,
    /// Whether any permitted road is near enough.
    pub(super) is_snapped: bool,
}

impl Entrances {
    /// The positions on one edge that are reached straight.
    pub(super) fn beside(&self, edge: u32) -> &[Beside] {
        let first = self.on_edges.partition_point(|each| each.edge < edge);
        let rest = &self.on_edges[first..];
        &rest[..rest.partition_point(|each| each.edge == edge)]
    }
}

/// A position on an edge, and the walk between it and the place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Beside {
    pub(super) edge: u32,
    pub(super) position: Position,
    pub(super) walk: Cost,
}

/// The entrances of many places. The result does not depend on the number of threads.
///
/// # Errors
/// `cancel` was raised.
pub(super) fn entrances(
    travel: &Travel,
    places: &[LonLat],
    threads: NonZeroUsize,
    cancel: &AtomicBool,
) -> Result<Vec<Entrances>, Cancelled> {
    let enter = |search: &mut Neighbourhood<'_>, place: &LonLat| search.entrances(*place);
    answer_each(
        places,
        threads,
        cancel,
        || Neighbourhood::new(travel),
        enter,
    )
}

/// A search around one place after the other, with the scratch that it uses again and again.
struct Neighbourhood<'a> {
    travel: &'a Travel,
    /// Best cost so far of every node; none where it was not reached.
    best: Vec<Option<Cost>>,
    /// Whether a node is one that a candidate leads to and that is not passed yet.
    is_awaited: Vec<bool>,
    touched: Vec<u32>,
    queue: BinaryHeap<Reverse<(Cost, u32)>>,
}

impl<'a> Neighbourhood<'a> {
    fn new(travel: &'a Travel) -> Self {
        let n_nodes = travel.network.n_nodes() as usize;
        Self {
            travel,
            best: vec![None; n_nodes],
            is_awaited: vec![false; n_nodes],
            touched: Vec::new(),
            queue: BinaryHeap::new(),
        }
    }

    /// All candidates, less those that are reached at no more cost through others.
    ///
    /// A path through a candidate that is left out has another one beside it that costs no more: so the best cost to
    /// any other place stays what it is. O(candidates × log + nodes passed until all near ones are).
    fn entrances(&mut self, place: LonLat) -> Entrances {
        let mut beside = self.candidates(place);
        let mut first_costs: Vec<(u32, Cost)> = Vec::new();
        for each in &beside {
            for link in self.travel.departures(each.edge, each.position) {
                first_costs.push((link.node, each.walk.plus(link.cost)));
            }
        }
        first_costs.sort_unstable();
        first_costs.dedup_by_key(|(node, _)| *node);
        self.search(&first_costs);
        let is_snapped = !beside.is_empty();
        first_costs.retain(|(node, cost)| self.best[*node as usize] == Some(*cost));
        beside = self.cheapest_straight(&beside);
        self.forget();
        Entrances {
            nodes: first_costs,
            on_edges: beside,
            is_snapped,
        }
    }

    /// Candidates in order of edge and position.
    fn candidates(&self, place: LonLat) -> Vec<Beside> {
        let mut beside = Vec::new();
        self.travel
            .visit_candidates(place, u32::MAX, |candidate, walk| {
                beside.push(Beside {
                    edge: candidate.edge,
                    position: candidate.position,
                    walk,
                });
                u32::MAX
            });
        beside.sort_by(|a, b| {
            let by_piece = (a.edge, a.position.piece).cmp(&(b.edge, b.position.piece));
            by_piece
                .then(a.position.fraction.total_cmp(&b.position.fraction))
                .then(a.walk.cmp(&b.walk))
        });
        beside
            .dedup_by(|later, first| later.edge == first.edge && later.position == first.position);
        beside
    }

    /// Outwards from the nodes of the candidates until each of them has been passed.
    fn search(&mut self, first_costs: &[(u32, Cost)]) {
        for (node, cost) in first_costs {
            self.is_awaited[*node as usize] = true;
            self.reach(*node, *cost);
        }
        let mut n_awaited = first_costs.len();
        while n_awaited > 0 {
            let Some(Reverse((cost, node))) = self.queue.pop() else {
                break;
            };
            if self.best[node as usize] != Some(cost) {
                continue;
            }
            n_awaited -= usize::from(std::mem::take(&mut self.is_awaited[node as usize]));
            let travel = self.travel;
            for incidence in travel.network.incidences(node) {
                if travel.permits(incidence.edge, incidence.away) {
                    let head = travel.network.node_towards(incidence.edge, incidence.away);
                    self.reach(head, cost.plus(travel.edge_cost(incidence.edge)));
                }
            }
        }
    }

    fn reach(&mut self, node: u32, cost: Cost) {
        let best = &mut self.best[node as usize];
        if best.is_none_or(|best| cost < best) {
            if best.is_none() {
                self.touched.push(node);
            }
            *best = Some(cost);
            self.queue.push(Reverse((cost, node)));
        }
    }

    /// Candidates that no other way from the place reaches at the same cost or less.
    ///
    /// Of two candidates so near each other that each reaches the other at no more cost, the first stays. A cost that
    /// the search has not made final yet is still that of a way.
    fn cheapest_straight(&self, beside: &[Beside]) -> Vec<Beside> {
        let mut cheapest = Vec::new();
        for group in beside.chunk_by(|a, b| a.edge == b.edge) {
            for (number, each) in group.iter().enumerate() {
                let reaches = |cost: Cost, position: Position| {
                    let along = self.travel.along_edge(each.edge, position, each.position)?;
                    Some(cost.plus(along))
                };
                let ends = self.travel.network.end_positions(each.edge);
                let nodes = self.travel.network.ends(each.edge).into_iter().zip(ends);
                let through_node = nodes
                    .filter_map(|(node, end)| reaches(self.best[node as usize]?, end))
                    .any(|cost| cost <= each.walk);
                let through_another = group.iter().enumerate().any(|(other, beside)| {
                    let is_cheaper =
                        |cost: Cost| cost < each.walk || (cost == each.walk && other < number);
                    other != number && reaches(beside.walk, beside.position).is_some_and(is_cheaper)
                });
                if !through_node && !through_another {
                    cheapest.push(*each);
                }
            }
        }
        cheapest
    }

    fn forget(&mut self) {
        for node in self.touched.drain(..) {
            self.best[node as usize] = None;
            self.is_awaited[node as usize] = false;
        }
        self.queue.clear();
    }
}
