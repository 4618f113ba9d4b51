//! Facilities attached to the network: all their snaps, ready to be searched from.

use std::ops::ControlFlow;

use rstar::RTree;
use rstar::primitives::GeomWithData;

use crate::domain::{LonLat, Millimetres};
use crate::network::{
    Cost, Label, Position, Seed, SnapChoice, Travel, box_around, local_distance_m,
};

/// A facility as it stands beside an edge.
#[derive(Debug, Clone, Copy)]
pub(super) struct OnEdge {
    pub(super) edge: u32,
    pub(super) position: Position,
    pub(super) facility: u32,
    /// Where the walk off the road begins.
    pub(super) place: LonLat,
    /// From the road to the facility.
    pub(super) off_road: Cost,
}

/// All snaps of a list of facilities for one [`Travel`]. Facilities are positions in the list.
#[derive(Debug)]
pub(super) struct Linkage {
    pub(super) places: Vec<LonLat>,
    /// In order of edge, then facility, then nearness.
    on_edges: Vec<OnEdge>,
    /// Nodes from which a facility is reached along one edge.
    pub(super) seeds: Vec<Seed>,
    by_place: RTree<GeomWithData<[f64; 2], u32>>,
}

impl Linkage {
    /// Attaches each facility through all its candidates.
    pub(super) fn new(travel: &Travel, places: &[LonLat]) -> Self {
        let mut on_edges = Vec::new();
        let mut seeds = Vec::new();
        for (facility, place) in (0..).zip(places) {
            travel.visit_candidates(*place, |candidate| {
                let off_road = travel.off_road(candidate.distance);
                on_edges.push(OnEdge {
                    edge: candidate.edge,
                    position: candidate.position,
                    facility,
                    place: candidate.place,
                    off_road,
                });
                for link in travel.arrivals(candidate.edge, candidate.position) {
                    let cost = link.cost.plus(off_road);
                    seeds.push(Seed {
                        node: link.node,
                        label: Label { facility, cost },
                    });
                }
                ControlFlow::Continue(())
            });
        }
        on_edges.sort_by_key(|on_edge| on_edge.edge);
        let points = (0..)
            .zip(places)
            .map(|(facility, place)| GeomWithData::new([place.lon(), place.lat()], facility));
        Self {
            places: places.to_vec(),
            on_edges,
            seeds,
            by_place: RTree::bulk_load(points.collect()),
        }
    }

    /// The facilities beside an edge.
    pub(super) fn on_edge(&self, edge: u32) -> &[OnEdge] {
        let first = self.on_edges.partition_point(|on_edge| on_edge.edge < edge);
        let rest = &self.on_edges[first..];
        &rest[..rest.partition_point(|on_edge| on_edge.edge == edge)]
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
