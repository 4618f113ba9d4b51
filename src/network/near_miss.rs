//! Loose road ends that come near another road without being joined to it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::components::Components;
use super::local_distance::{MetresPerDegree, local_distance_m};
use super::snap::nearest_position;
use super::{Direction, Network, Position};
use crate::domain::{LonLat, Millimetres, OneWay, RoadClass};

/// A road that is joined to the loose end within so many times the gap is no other road: it is the same crossroads.
const DETOUR_FACTOR: f64 = 10.0;
/// Nor is one that is joined within so many metres: gaps of centimetres would otherwise see small loops as others.
const LEAST_DETOUR_M: f64 = 25.0;
/// Two carriageways run side by side if they differ by less than this angle …
const PARALLEL_DEGREES: f64 = 30.0;
/// … and the gap between them leaves the end of the road by more than this one.
const SIDEWAYS_DEGREES: f64 = 60.0;

/// A place on a road.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct OnRoad {
    pub(crate) edge: u32,
    pub(crate) position: Position,
    pub(crate) place: LonLat,
}

/// A loose road end and the road that it misses.
#[derive(Debug, Clone, PartialEq)]
pub struct NearMiss {
    /// Where the road ends.
    pub end: LonLat,
    /// The nearest place of the other road.
    pub near: LonLat,
    /// Between the two.
    pub gap: Millimetres,
    /// The source's id of the road that ends.
    pub road_id: String,
    /// The source's id of the other road.
    pub other_road_id: String,
    /// Whether the two belong to parts of the network that no road joins.
    pub is_between_components: bool,
    pub(crate) from: OnRoad,
    pub(crate) to: OnRoad,
    /// The direction along `from.edge` that leads to the end.
    pub(crate) towards_end: Direction,
}

/// The loose road ends that come within some metres of a road that they are not joined to nearby.
///
/// Loose is a node with one edge. The other road is the nearest place within `within_m` that the network joins to the
/// end only after more than ten times the gap and more than 25 m, or not at all. Never meant are the middle of a bridge
/// or tunnel, ferries, and the other carriageway of a divided road: of the same class, both one-way, side by side.
/// Two ends that miss each other are one near miss. In order of the ends' nodes. O(nodes log pieces).
///
/// `components` are those of the network.
pub fn near_misses(network: &Network, components: &Components, within_m: f64) -> Vec<NearMiss> {
    let mut found: BTreeMap<u32, (NearMiss, Option<u32>)> = BTreeMap::new();
    for node in 0..network.n_nodes() {
        let Some((miss, other_end)) = near_miss(network, components, node, within_m) else {
            continue;
        };
        let is_told = other_end
            .and_then(|other| found.get(&other))
            .is_some_and(|(_, back)| *back == Some(node));
        if !is_told {
            found.insert(node, (miss, other_end));
        }
    }
    found.into_values().map(|(miss, _)| miss).collect()
}

/// What a node misses, and the node where that is a node.
fn near_miss(
    network: &Network,
    components: &Components,
    node: u32,
    within_m: f64,
) -> Option<(NearMiss, Option<u32>)> {
    let [incidence] = network.incidences(node) else {
        return None;
    };
    let edge = incidence.edge;
    if network.road(edge).class == RoadClass::Ferry {
        return None;
    }
    let towards_end = incidence.away.reversed();
    let [start, end] = network.end_positions(edge);
    let position = match towards_end {
        Direction::Forward => end,
        Direction::Backward => start,
    };
    let piece_ends = network.piece_ends(position.piece);
    let (place, inner) = match towards_end {
        Direction::Forward => (piece_ends[1], piece_ends[0]),
        Direction::Backward => (piece_ends[0], piece_ends[1]),
    };
    let from = OnRoad {
        edge,
        position,
        place,
    };
    let mut near: Vec<(Millimetres, u32, OnRoad)> = network
        .pieces_near(place, within_m)
        .map(|piece| {
            let (position, nearest, distance) = nearest_position(network, piece, place);
            let to = OnRoad {
                edge: network.edge_of(piece),
                position,
                place: nearest,
            };
            (distance, piece, to)
        })
        .filter(|(distance, _, _)| distance.to_metres() <= within_m)
        .collect();
    near.sort_by_key(|(distance, piece, _)| (*distance, *piece));
    let farthest_m = near.last()?.0.to_metres();
    let joined = joined_within(network, node, detour_m(farthest_m));
    let (gap, piece, to) = near.into_iter().find(|(gap, piece, to)| {
        let detour = detour_m(gap.to_metres());
        let is_joined = along_m(network, &joined, from, *to).is_some_and(|m| m <= detour);
        !is_joined && may_be_joined(network, *to) && {
            let heading = [inner, place];
            !is_other_carriageway(network, (from, heading), (*to, *piece))
        }
    })?;
    let miss = NearMiss {
        end: place,
        near: to.place,
        gap,
        road_id: network.road_id(position.piece).to_owned(),
        other_road_id: network.road_id(piece).to_owned(),
        is_between_components: components.of_edge(network, edge)
            != components.of_edge(network, to.edge),
        from,
        to,
        towards_end,
    };
    let at_end = network.end_positions(to.edge);
    let other_end = (0..2)
        .find(|end| at_end[*end] == to.position)
        .map(|end| network.ends(to.edge)[end]);
    Some((miss, other_end))
}

fn detour_m(gap_m: f64) -> f64 {
    (DETOUR_FACTOR * gap_m).max(LEAST_DETOUR_M)
}

/// The middle of a bridge or tunnel passes over or under; a ferry is boarded at its ends.
fn may_be_joined(network: &Network, to: OnRoad) -> bool {
    let road = network.road(to.edge);
    let is_at_end = network.end_positions(to.edge).contains(&to.position);
    road.class != RoadClass::Ferry && (is_at_end || !(road.is_bridge || road.is_tunnel))
}

/// Whether the gap only lies between the two carriageways of a divided road.
fn is_other_carriageway(
    network: &Network,
    (from, heading): (OnRoad, [LonLat; 2]),
    (to, piece): (OnRoad, u32),
) -> bool {
    let (road, other) = (network.road(from.edge), network.road(to.edge));
    if road.one_way == OneWay::No || other.one_way == OneWay::No || road.class != other.class {
        return false;
    }
    let beside = degrees_between(heading, network.piece_ends(piece));
    let is_parallel = beside <= PARALLEL_DEGREES || 180.0 - PARALLEL_DEGREES <= beside;
    let leaving = degrees_between(heading, [from.place, to.place]);
    is_parallel && SIDEWAYS_DEGREES <= leaving
}

/// The angle between two directions, from 0 to 180; 0 where one of them has no length.
fn degrees_between(one: [LonLat; 2], other: [LonLat; 2]) -> f64 {
    let scale = MetresPerDegree::at(one[0].lat());
    let vector = |[a, b]: [LonLat; 2]| {
        let east = (b.lon() - a.lon()) * scale.lon;
        let north = (b.lat() - a.lat()) * scale.lat;
        (east, north)
    };
    let ((a, b), (c, d)) = (vector(one), vector(other));
    (a * d - b * c).abs().atan2(a * c + b * d).to_degrees()
}

/// Metres along roads, whatever their direction, from a node to each node within a limit; with it, none is farther.
fn joined_within(network: &Network, from: u32, limit_m: f64) -> BTreeMap<u32, f64> {
    // Whole millimetres order a heap; floats do not.
    let mut best: BTreeMap<u32, Millimetres> = BTreeMap::from([(from, Millimetres(0))]);
    let mut open = BinaryHeap::from([Reverse((Millimetres(0), from))]);
    while let Some(Reverse((so_far, node))) = open.pop() {
        if best.get(&node).is_some_and(|least| *least < so_far) {
            continue;
        }
        for incidence in network.incidences(node) {
            let length_m = so_far.to_metres() + edge_m(network, incidence.edge);
            if limit_m < length_m {
                continue;
            }
            let length = Millimetres::from_metres(length_m);
            let head = network.node_towards(incidence.edge, incidence.away);
            if best.get(&head).is_none_or(|least| length < *least) {
                best.insert(head, length);
                open.push(Reverse((length, head)));
            }
        }
    }
    let metres = best.into_iter();
    metres
        .map(|(node, length)| (node, length.to_metres()))
        .collect()
}

fn edge_m(network: &Network, edge: u32) -> f64 {
    let pieces = network.pieces(edge);
    pieces.map(|piece| piece_m(network, piece)).sum()
}

fn piece_m(network: &Network, piece: u32) -> f64 {
    let [a, b] = network.piece_ends(piece);
    local_distance_m(a, b)
}

/// Metres along roads from a loose end to a place, as far as `joined` knows.
fn along_m(
    network: &Network,
    joined: &BTreeMap<u32, f64>,
    from: OnRoad,
    to: OnRoad,
) -> Option<f64> {
    let start_m = |position: Position| {
        let before = network.pieces(to.edge).start..position.piece;
        let whole: f64 = before.map(|piece| piece_m(network, piece)).sum();
        whole + position.fraction * piece_m(network, position.piece)
    };
    let to_m = start_m(to.position);
    let [source, target] = network.ends(to.edge);
    let by_source = joined.get(&source).map(|m| m + to_m);
    let by_target = joined
        .get(&target)
        .map(|m| m + edge_m(network, to.edge) - to_m);
    let same = (from.edge == to.edge).then(|| (start_m(from.position) - to_m).abs());
    [by_source, by_target, same]
        .into_iter()
        .flatten()
        .min_by(f64::total_cmp)
}
