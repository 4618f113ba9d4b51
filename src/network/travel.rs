//! Everything that decides a trip: network, weights, barriers, metric and the way of snapping.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::profile::duration;
use super::search_graph::{Heading, SearchGraph};
use super::snap::{candidates, sort_by_distance};
use super::weights::Stretch;
use super::{
    Barriers, Cancelled, Candidate, Cost, Direction, Network, Position, Search, Seed, SnapChoice,
    Weights,
};
use crate::domain::{LonLat, Metric, Millimetres};

/// One way of asking how far: made once for a mode, season and metric, then asked by many threads.
///
/// Making one is O(nodes + edges); it shares what it is given.
#[derive(Debug, Clone)]
pub struct Travel {
    /// Where roads are.
    pub network: Arc<Network>,
    /// What they cost.
    pub weights: Arc<Weights>,
    /// What no walk off the road crosses.
    pub barriers: Arc<Barriers>,
    /// What is minimised.
    pub metric: Metric,
    /// How places are attached.
    pub snap: SnapChoice,
    graph: SearchGraph,
    heading: Heading,
}

/// A move between a position on an edge and a node at one of its ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Link {
    pub(crate) node: u32,
    /// The direction of the move along the edge.
    pub(crate) direction: Direction,
    pub(crate) cost: Cost,
}

impl Travel {
    /// Trips from demand to facility. `weights` must be of `network`.
    pub fn new(
        network: Arc<Network>,
        weights: Arc<Weights>,
        barriers: Arc<Barriers>,
        metric: Metric,
        snap: SnapChoice,
    ) -> Self {
        let heading = Heading::There;
        Self {
            graph: SearchGraph::new(&network, &weights, metric, heading),
            network,
            weights,
            barriers,
            metric,
            snap,
            heading,
        }
    }

    /// The same with every trip turned round: costs are those of the way back, from facility to demand.
    pub(crate) fn turned_round(&self) -> Self {
        let heading = match self.heading {
            Heading::There => Heading::Back,
            Heading::Back => Heading::There,
        };
        Self {
            graph: SearchGraph::new(&self.network, &self.weights, self.metric, heading),
            heading,
            ..self.clone()
        }
    }

    /// How far from a road a place may be.
    pub(crate) fn snap_radius(&self) -> Millimetres {
        self.weights.profile.rules.snap_radius
    }

    /// A walk off the road over a bare distance: charged with the off-road factor, at walking speed.
    pub(crate) fn off_road(&self, distance: Millimetres) -> Cost {
        let rules = &self.weights.profile.rules;
        let charged_m = distance.to_metres() * rules.off_road_factor;
        let length = Millimetres(Millimetres::from_metres(charged_m).0.min(Cost::LARGEST));
        let time = duration(length, rules.walking_m_per_h);
        Stretch { time, length }.cost(self.metric)
    }

    /// Searches towards the seeds' nodes, as [`Search::run`] says.
    pub(crate) fn search<const K: usize>(
        &self,
        search: &mut Search<K>,
        seeds: &[Seed],
        limit: Option<u32>,
        cancel: &AtomicBool,
    ) -> Result<(), Cancelled> {
        search.run(&self.graph, seeds, limit, cancel)
    }

    /// Gives the candidates of a place that no barrier cuts off, each with the walk to it.
    ///
    /// `enough`, and then every answer of `visit`, is the largest cost that may still matter, ties included: walks that
    /// cost more are left out. Looks in rings, near ones first, and stops at the first ring whose every walk costs more:
    /// most places find what they need close by, and a city has thousands of pieces within 2 km. No order within a ring.
    pub(crate) fn visit_candidates(
        &self,
        place: LonLat,
        mut enough: u32,
        mut visit: impl FnMut(&Candidate, Cost) -> u32,
    ) {
        if self.snap == SnapChoice::Nearest {
            if let Some(candidate) = self.nearest_candidate(place, enough) {
                visit(&candidate, self.off_road(candidate.distance));
            }
            return;
        }
        for (beyond, within) in self.rings() {
            for candidate in self.candidates(place, beyond, within) {
                let walk = self.off_road(candidate.distance);
                if walk.minimised <= enough && !self.barriers.crosses(place, candidate.place) {
                    enough = visit(&candidate, walk);
                }
            }
            if self.off_road(within).minimised > enough {
                return;
            }
        }
    }

    /// Rings that fill the snap radius, near ones first: farther than the first distance, up to the second.
    fn rings(&self) -> impl Iterator<Item = (Option<Millimetres>, Millimetres)> {
        let radius = self.snap_radius().0;
        let mut beyond = None;
        (0..=7).rev().map(move |halvings| {
            let within = Millimetres(radius >> halvings);
            (beyond.replace(within), within)
        })
    }

    /// The nearest candidate that no barrier cuts off; none may be given if the walk to it costs more than `enough`.
    fn nearest_candidate(&self, place: LonLat, enough: u32) -> Option<Candidate> {
        let may_matter = |(beyond, _): &(Option<Millimetres>, Millimetres)| {
            beyond.is_none_or(|beyond| self.off_road(beyond).minimised <= enough)
        };
        let mut rings = self.rings().take_while(may_matter);
        rings.find_map(|(beyond, within)| {
            let ring = self.candidates(place, beyond, within);
            self.by_distance(ring)
                .into_iter()
                .find(|candidate| !self.barriers.crosses(place, candidate.place))
        })
    }

    /// The nearest road within the snap radius of a place, whoever may use it and whatever lies between.
    pub(crate) fn nearest_road(&self, place: LonLat) -> Option<Candidate> {
        self.rings().find_map(|(beyond, within)| {
            let ring = candidates(&self.network, |_| true, place, beyond, within);
            self.by_distance(ring).first().copied()
        })
    }

    fn by_distance(&self, ring: impl Iterator<Item = Candidate>) -> Vec<Candidate> {
        let mut ring: Vec<Candidate> = ring.collect();
        sort_by_distance(&self.network, &mut ring);
        ring
    }

    /// Candidates that people may use.
    fn candidates(
        &self,
        place: LonLat,
        beyond: Option<Millimetres>,
        within: Millimetres,
    ) -> impl Iterator<Item = Candidate> {
        let is_permitted = |edge| self.weights.permits_any(edge);
        candidates(&self.network, is_permitted, place, beyond, within)
    }

    /// The nearest permitted road within some metres, whatever lies between, and its bare distance.
    pub(crate) fn permitted_road(&self, place: LonLat, within: Millimetres) -> Option<Candidate> {
        self.candidates(place, None, within).min_by(|a, b| {
            let by_distance = a.distance.cmp(&b.distance);
            by_distance.then(a.position.piece.cmp(&b.position.piece))
        })
    }

    /// Whether people may follow an edge in a direction of the trip.
    pub(crate) fn permits(&self, edge: u32, direction: Direction) -> bool {
        self.weights.permits(edge, self.heading.apply(direction))
    }

    /// The cost of a whole permitted edge.
    pub(crate) fn edge_cost(&self, edge: u32) -> Cost {
        self.weights.edge(edge).cost(self.metric)
    }

    /// The cost of a straight road of a length that is like an edge; none where the edge may not be used.
    pub(crate) fn like_edge(&self, edge: u32, length: Millimetres) -> Option<Cost> {
        let speed = self.weights.speed(&self.network, edge)?;
        let time = duration(length, speed.m_per_h);
        Some(Stretch { time, length }.cost(self.metric))
    }

    /// From the start of the edge to a position on it.
    pub(crate) fn start_to(&self, position: Position) -> Cost {
        let stretch = self.weights.start_to(&self.network, position);
        stretch.cost(self.metric)
    }

    /// Ways from a position to the nodes of its edge.
    pub(crate) fn departures(&self, edge: u32, position: Position) -> impl Iterator<Item = Link> {
        self.links(edge, position, [Direction::Backward, Direction::Forward])
    }

    /// Ways from the nodes of an edge to a position on it.
    pub(crate) fn arrivals(&self, edge: u32, position: Position) -> impl Iterator<Item = Link> {
        self.links(edge, position, [Direction::Forward, Direction::Backward])
    }

    /// Links with the source and the target node, moving in the directions given for each.
    ///
    /// A position at a node is at it, whatever the edge permits.
    fn links(
        &self,
        edge: u32,
        position: Position,
        directions: [Direction; 2],
    ) -> impl Iterator<Item = Link> {
        let from_start = self.start_to(position);
        let rest = self.edge_cost(edge).minus(from_start);
        let is_at_node = self.network.end_positions(edge).map(|end| end == position);
        let [source, target] = self.network.ends(edge);
        let [by_source, by_target] = directions;
        [
            (by_source, source, from_start, is_at_node[0]),
            (by_target, target, rest, is_at_node[1]),
        ]
        .into_iter()
        .filter(move |(direction, _, _, is_at_node)| *is_at_node || self.permits(edge, *direction))
        .map(|(direction, node, cost, _)| Link {
            node,
            direction,
            cost,
        })
    }

    /// From one position to another on the same edge without leaving it; none where its direction is not permitted.
    pub(crate) fn along_edge(&self, edge: u32, from: Position, to: Position) -> Option<Cost> {
        let (from_cost, to_cost) = (self.start_to(from), self.start_to(to));
        if from == to {
            Some(Cost::ZERO)
        } else if from < to {
            let is_permitted = self.permits(edge, Direction::Forward);
            is_permitted.then(|| to_cost.minus(from_cost))
        } else {
            let is_permitted = self.permits(edge, Direction::Backward);
            is_permitted.then(|| from_cost.minus(to_cost))
        }
    }
}
