//! Where a place may enter the network: the nearest point of each piece of road around it.

use super::local_distance::{MetresPerDegree, local_distance_m};
use super::{Network, Weights};
use crate::domain::{LonLat, Millimetres};

/// How places are attached to the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SnapChoice {
    /// Every piece of permitted road within the snap radius is a candidate and the best total wins;
    /// a facility within the radius may also be walked to straight.
    #[default]
    Best,
    /// Only the nearest candidate, and no straight walk: what many other tools do.
    Nearest,
}

/// A place on a piece of an edge; fractions run from 0 at the piece's start to 1 at its end.
///
/// A vertex inside an edge is the start of the piece after it, so that one place has one position.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub(crate) struct Position {
    pub(crate) piece: u32,
    pub(crate) fraction: f64,
}

/// A place on a road that a place beside it may be attached to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate {
    pub(crate) edge: u32,
    pub(crate) position: Position,
    pub(crate) place: LonLat,
    /// Bare, without the off-road factor.
    pub(crate) distance: Millimetres,
}

/// The nearest point of a piece.
pub(super) struct OnPiece {
    fraction: f64,
    place: LonLat,
    pub(super) distance: Millimetres,
}

/// A place with the lengths of a degree around it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surroundings {
    place: LonLat,
    scale: MetresPerDegree,
}

impl Surroundings {
    pub(super) fn of(place: LonLat) -> Self {
        let scale = MetresPerDegree::at(place.lat());
        Self { place, scale }
    }

    /// The nearest point of a straight piece.
    ///
    /// Nearest by the lengths of a degree at the place; its distance by the formula of [`local_distance_m`].
    pub(super) fn nearest_on(&self, [a, b]: [LonLat; 2]) -> OnPiece {
        let along = self.metres(a, b);
        let toward = self.metres(a, self.place);
        let squared_length = along.0 * along.0 + along.1 * along.1;
        let fraction = (toward.0 * along.0 + toward.1 * along.1) / squared_length;
        let (fraction, nearest) = if fraction <= 0.0 {
            (0.0, a)
        } else if fraction >= 1.0 {
            (1.0, b)
        } else {
            (fraction, between(a, b, fraction))
        };
        OnPiece {
            fraction,
            place: nearest,
            distance: Millimetres::from_metres(local_distance_m(self.place, nearest)),
        }
    }

    /// East and north from one vertex to another.
    fn metres(&self, from: LonLat, to: LonLat) -> (f64, f64) {
        let east_m = (to.lon() - from.lon()) * self.scale.lon;
        let north_m = (to.lat() - from.lat()) * self.scale.lat;
        (east_m, north_m)
    }
}

/// Candidates farther than `beyond` (none: from 0 on) and at most `within` from a place, in no order.
pub(super) fn candidates(
    network: &Network,
    weights: &Weights,
    place: LonLat,
    beyond: Option<Millimetres>,
    within: Millimetres,
) -> impl Iterator<Item = Candidate> {
    let surroundings = Surroundings::of(place);
    network
        .piece_index
        .near(place, within.to_metres())
        .filter_map(move |(piece, ends)| {
            let edge = network.edge_of(piece);
            if !weights.permits_any(edge) {
                return None;
            }
            let on_piece = surroundings.nearest_on(ends);
            let is_in_ring = beyond < Some(on_piece.distance) && on_piece.distance <= within;
            is_in_ring.then(|| Candidate {
                edge,
                position: position(network, piece, on_piece.fraction),
                place: on_piece.place,
                distance: on_piece.distance,
            })
        })
}

/// Sorts candidates by distance, then by position.
pub(super) fn sort_by_distance(candidates: &mut [Candidate]) {
    candidates.sort_unstable_by(|a, b| {
        let by_piece = a.position.piece.cmp(&b.position.piece);
        let by_fraction = a.position.fraction.total_cmp(&b.position.fraction);
        a.distance.cmp(&b.distance).then(by_piece).then(by_fraction)
    });
}

fn position(network: &Network, piece: u32, fraction: f64) -> Position {
    let is_last = piece + 1 == network.pieces(network.edge_of(piece)).end;
    if fraction < 1.0 || is_last {
        Position { piece, fraction }
    } else {
        Position {
            piece: piece + 1,
            fraction: 0.0,
        }
    }
}

/// The place at a fraction from one place to another, straight in degrees.
pub(crate) fn between(a: LonLat, b: LonLat, fraction: f64) -> LonLat {
    let lon = a.lon() + fraction * (b.lon() - a.lon());
    let lat = a.lat() + fraction * (b.lat() - a.lat());
    LonLat::parse(lon, lat).expect("it is between two places")
}
