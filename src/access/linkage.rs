//! Facilities attached to the network: all their snaps, ready to be searched from.

use std::num::NonZeroUsize;
use std::thread::{self, ScopedJoinHandle};

use rstar::RTree;
use rstar::primitives::GeomWithData;

use super::nearest_k::SnapUsed;
use crate::domain::{LonLat, Millimetres};
use crate::network::{
    Cost, Label, Position, Seed, SnapChoice, Travel, box_around, local_distance_m,
};

/// A facility as it stands beside an edge.
#[derive(Debug, Clone, Copy)]
pub(super) struct OnEdge {
    pub(super) edge: u32,
    /// The piece that it is beside; at a vertex the position may be the start of the next one.
    pub(super) piece: u32,
    pub(super) position: Position,
    pub(super) facility: u32,
    /// Where the walk off the road begins.
    pub(super) place: LonLat,
    /// From the road to the facility.
    pub(super) walk: Cost,
    /// The same, bare.
    pub(super) distance: Millimetres,
}

impl OnEdge {
    pub(super) fn snap(&self) -> SnapUsed {
        SnapUsed {
            piece: self.piece,
            distance: self.distance,
        }
    }
}

/// All snaps of a list of facilities for one [`Travel`]. Facilities are positions in the list.
#[derive(Debug)]
pub(super) struct Linkage {
    pub(super) places: Vec<LonLat>,
    /// In order of edge, then facility, then position.
    on_edges: Vec<OnEdge>,
    /// Edge e has `on_edges[first_on_edge[e]..first_on_edge[e + 1]]`; one more than edges.
    first_on_edge: Vec<usize>,
    /// Nodes from which a facility is reached along one edge.
    pub(super) seeds: Vec<Seed>,
    by_place: RTree<GeomWithData<[f64; 2], u32>>,
}

impl Linkage {
    /// Attaches each facility through all its candidates; the result does not depend on the number of threads.
    pub(super) fn new(travel: &Travel, places: &[LonLat], threads: NonZeroUsize) -> Self {
        let numbered: Vec<(u32, LonLat)> = (0..).zip(places.iter().copied()).collect();
        let share = numbered.len().div_ceil(threads.get()).max(1);
        let parts: Vec<(Vec<OnEdge>, Vec<Seed>)> = thread::scope(|scope| {
            let attach = |facilities| scope.spawn(move || attach(travel, facilities));
            let running: Vec<_> = numbered.chunks(share).map(attach).collect();
            let join =
                |thread: ScopedJoinHandle<'_, _>| thread.join().expect("attaching does not panic");
            running.into_iter().map(join).collect()
        });
        let (on_edges, seeds): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
        let mut on_edges = on_edges.concat();
        on_edges.sort_by(|a, b| {
            let by_facility = (a.edge, a.facility).cmp(&(b.edge, b.facility));
            let by_fraction = a.position.fraction.total_cmp(&b.position.fraction);
            by_facility
                .then(a.position.piece.cmp(&b.position.piece))
                .then(by_fraction)
        });
        let points = numbered
            .iter()
            .map(|(facility, place)| GeomWithData::new([place.lon(), place.lat()], *facility));
        Self {
            places: places.to_vec(),
            first_on_edge: first_on_edge(&on_edges, travel.network.n_edges()),
            on_edges,
            seeds: seeds.concat(),
            by_place: RTree::bulk_load(points.collect()),
        }
    }

    /// The facilities beside an edge.
    pub(super) fn on_edge(&self, edge: u32) -> &[OnEdge] {
        let edge = edge as usize;
        &self.on_edges[self.first_on_edge[edge]..self.first_on_edge[edge + 1]]
    }

    /// The facilities that can be walked to straight, with the cost of the walk.
    pub(super) fn straight_walks(&self, travel: &Travel, from: LonLat) -> Vec<Label> {
        if travel.snap == SnapChoice::Nearest {
            return Vec::new();
        }
        let radius = travel.snap_radius();
        let mut walks = Vec::new();
        for point in self
            .by_place
            .locate_in_envelope(box_around(from, radius.to_metres()))
        {
            let facility = point.data;
            let to = self.places[facility as usize];
            let distance = Millimetres::from_metres(local_distance_m(from, to));
            if distance <= radius && !travel.barriers.crosses(from, to) {
                let cost = travel.off_road(distance);
                walks.push(Label { facility, cost });
            }
        }
        walks
    }
}

/// The snaps of some facilities, and the nodes they are reached from.
fn attach(travel: &Travel, facilities: &[(u32, LonLat)]) -> (Vec<OnEdge>, Vec<Seed>) {
    let mut on_edges = Vec::new();
    let mut seeds = Vec::new();
    for (facility, place) in facilities.iter().copied() {
        travel.visit_candidates(place, u32::MAX, |candidate, walk| {
            on_edges.push(OnEdge {
                edge: candidate.edge,
                piece: candidate.piece,
                position: candidate.position,
                facility,
                place: candidate.place,
                walk,
                distance: candidate.distance,
            });
            for link in travel.arrivals(candidate.edge, candidate.position) {
                let cost = link.cost.plus(walk);
                seeds.push(Seed {
                    node: link.node,
                    label: Label { facility, cost },
                });
            }
            u32::MAX
        });
    }
    (on_edges, seeds)
}

/// Where each edge begins in a list in order of edge.
fn first_on_edge(on_edges: &[OnEdge], n_edges: u32) -> Vec<usize> {
    let mut first = vec![0; n_edges as usize + 1];
    for on_edge in on_edges {
        first[on_edge.edge as usize + 1] += 1;
    }
    for edge in 1..first.len() {
        first[edge] += first[edge - 1];
    }
    first
}
