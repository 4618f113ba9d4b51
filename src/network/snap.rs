//! Where a place may enter the network: the nearest point of each piece of road around it.

use super::grid_point::GridPoint;
use super::local_distance::{MetresPerDegree, local_distance_m};
use super::road_kinds::KindKey;
use super::{Network, RoadAttributes};
use crate::domain::{LonLat, Millimetres};

/// Fractions are whole numbers of 2⁻⁴⁰, less than 5 µm of the longest piece: exact when taken from 1, so from either end
/// of the piece, and equal for two places abreast of each other, which the last digits of a division would tell apart.
const FRACTION_STEPS: f64 = (1_u64 << 40) as f64;

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
    /// The piece that the place is nearest on.
    pub(crate) piece: u32,
    pub(crate) place: LonLat,
    /// Bare, without the off-road factor.
    pub(crate) distance: Millimetres,
}

/// The nearest point of a piece.
pub(super) struct OnPiece {
    fraction: f64,
    pub(super) place: LonLat,
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

    /// The nearest point of a straight piece, the same whichever of its ends comes first.
    ///
    /// Nearest by the lengths of a degree at the place; its distance by the formula of [`local_distance_m`].
    pub(super) fn nearest_on(&self, ends: [LonLat; 2]) -> OnPiece {
        let (a, b) = lesser_first(ends);
        let along = self.metres(a, b);
        let toward = self.metres(a, self.place);
        let squared_length = along.0 * along.0 + along.1 * along.1;
        let fraction = if squared_length > 0.0 {
            (toward.0 * along.0 + toward.1 * along.1) / squared_length
        } else {
            0.0
        };
        let fraction = (fraction.clamp(0.0, 1.0) * FRACTION_STEPS).round() / FRACTION_STEPS;
        let nearest = between(a, b, fraction);
        OnPiece {
            fraction: if a == ends[0] {
                fraction
            } else {
                1.0 - fraction
            },
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

/// Candidates on edges that `is_meant` says, not on boats, farther than `beyond` (none: from 0 on) and at most `within` from a place, in no order.
pub(super) fn candidates(
    network: &Network,
    is_meant: impl Fn(u32) -> bool,
    place: LonLat,
    beyond: Option<Millimetres>,
    within: Millimetres,
) -> impl Iterator<Item = Candidate> {
    let surroundings = Surroundings::of(place);
    network
        .pieces_near(place, within.to_metres())
        .filter_map(move |piece| {
            let edge = network.edge_of(piece);
            if !is_meant(edge) {
                return None;
            }
            let on_piece = surroundings.nearest_on(network.piece_ends(piece));
            let is_in_ring = beyond < Some(on_piece.distance) && on_piece.distance <= within;
            // Nobody boards or leaves a boat on the water.
            let is_candidate = is_in_ring && !network.is_boat(edge);
            is_candidate.then(|| Candidate {
                edge,
                piece,
                position: position(network, piece, on_piece.fraction),
                place: on_piece.place,
                distance: on_piece.distance,
            })
        })
}

/// Sorts candidates by distance; of those equally near, by [`looks`], then by the id of the road.
pub(super) fn sort_by_distance(network: &Network, candidates: &mut [Candidate]) {
    let order = |candidate: &Candidate| {
        let Candidate { edge, piece, .. } = *candidate;
        let by_looks = looks(network.piece_points(piece), *network.road(edge));
        (by_looks, network.road_id(piece), piece)
    };
    candidates.sort_unstable_by(|a, b| {
        let by_distance = a.distance.cmp(&b.distance);
        by_distance.then_with(|| order(a).cmp(&order(b)))
    });
}

/// The nearest point of a piece as a position on its edge, where it is, and how far.
pub(super) fn nearest_position(
    network: &Network,
    piece: u32,
    place: LonLat,
) -> (Position, LonLat, Millimetres) {
    let on_piece = Surroundings::of(place).nearest_on(network.piece_ends(piece));
    let position = position(network, piece, on_piece.fraction);
    (position, on_piece.place, on_piece.distance)
}

/// The nearest point of a straight line that is no piece: its fraction along the line, where it is, and how far.
pub(crate) fn nearest_on_line(ends: [LonLat; 2], place: LonLat) -> (f64, LonLat, Millimetres) {
    if ends[0] == ends[1] {
        let distance_m = local_distance_m(place, ends[0]);
        return (0.0, ends[0], Millimetres::from_metres(distance_m));
    }
    let on_line = Surroundings::of(place).nearest_on(ends);
    (on_line.fraction, on_line.place, on_line.distance)
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

/// What tells pieces apart whichever way they are drawn: the lesser end, the other one, the attributes between them.
pub(super) fn looks([a, b]: [GridPoint; 2], road: RoadAttributes) -> ([GridPoint; 2], KindKey) {
    if b < a {
        ([b, a], road.turned().key())
    } else {
        ([a, b], road.key())
    }
}

/// The place at a fraction of a piece from its first end, the same to the last digit from the other end.
pub(super) fn along(ends: [LonLat; 2], fraction: f64) -> LonLat {
    let (a, b) = lesser_first(ends);
    between(
        a,
        b,
        if a == ends[0] {
            fraction
        } else {
            1.0 - fraction
        },
    )
}

fn lesser_first([a, b]: [LonLat; 2]) -> (LonLat, LonLat) {
    if b < a { (b, a) } else { (a, b) }
}

/// The place at a fraction from one place to another, straight in degrees.
fn between(a: LonLat, b: LonLat, fraction: f64) -> LonLat {
    if fraction <= 0.0 {
        return a;
    }
    if fraction >= 1.0 {
        return b;
    }
    let lon = a.lon() + fraction * (b.lon() - a.lon());
    let lat = a.lat() + fraction * (b.lat() - a.lat());
    LonLat::parse(lon, lat).expect("it is between two places")
}
