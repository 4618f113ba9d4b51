//! Bridges, fords and ferries, given to the straight piece of road that they belong to.

use std::collections::BTreeSet;

use rstar::RTree;
use rstar::primitives::GeomWithData;

use super::CrossingPoint;
use super::lines::Lines;
use super::road_kinds::RoadAttributes;
use super::search_box::box_along;
use super::snap::{Surroundings, looks};
use crate::domain::{CrossingKind, LonLat, Millimetres, RoadClass, SeasonAccess};

/// How far a crossing may be from the road it belongs to (CONTRACTS 2).
const CROSSING_RADIUS_M: f64 = 25.0;

/// What was done with crossings.
#[derive(Debug, Default)]
pub(super) struct Crossed {
    /// Pieces with a ferry.
    pub(super) ferry_pieces: BTreeSet<u32>,
    /// Positions of those without a road in reach.
    pub(super) off_roads: Vec<usize>,
}

/// Gives each crossing's season to the nearest piece within 25 m; to the whole line where that is a boat's, which has its
/// own wait and is not cut.
///
/// Of pieces equally near, as at a shared vertex, the least by [`looks`], then by road id, then the first has it.
pub(super) fn place_crossings(lines: &mut Lines<'_>, crossings: &[CrossingPoint]) -> Crossed {
    let mut crossed = Crossed::default();
    for (position, nearest) in nearest_pieces(lines, crossings).into_iter().enumerate() {
        let Some((_, piece)) = nearest else {
            crossed.off_roads.push(position);
            continue;
        };
        let crossing = crossings[position];
        let line = lines.line_of(piece);
        let is_boat = lines.road(piece).class == RoadClass::Ferry;
        let [first, last] = lines.ends(line);
        let crossed_pieces = if is_boat {
            first..last
        } else {
            piece..piece + 1
        };
        for piece in crossed_pieces {
            let kind = &mut lines.kind[piece as usize];
            let road = lines.kinds.list[*kind as usize];
            *kind = lines.kinds.number_of(RoadAttributes {
                season: Some(both_seasons(road.season, crossing.season)),
                ..road
            });
        }
        if crossing.kind == CrossingKind::Ferry && !is_boat {
            crossed.ferry_pieces.insert(piece);
        }
    }
    crossed
}

fn nearest_pieces(
    lines: &Lines<'_>,
    crossings: &[CrossingPoint],
) -> Vec<Option<(Millimetres, u32)>> {
    let points = crossings.iter().map(|crossing| crossing.place).enumerate();
    let points = points.map(|(position, place)| {
        let around = Surroundings::of(place);
        GeomWithData::new([place.lon(), place.lat()], (position, around))
    });
    let index = RTree::bulk_load(points.collect());
    let mut nearest: Vec<Option<(Millimetres, u32)>> = vec![None; crossings.len()];
    if crossings.is_empty() {
        return nearest;
    }
    for (line, piece) in lines.pieces() {
        let ends = lines.piece_points(piece).map(LonLat::from);
        for near in index.locate_in_envelope(box_along(ends, CROSSING_RADIUS_M)) {
            let (position, around) = near.data;
            let distance = around.nearest_on(ends).distance;
            if distance.to_metres() > CROSSING_RADIUS_M {
                continue;
            }
            let is_nearer = nearest[position].is_none_or(|(least, other)| {
                let order = |distance, piece, line: usize| {
                    let by_looks = looks(lines.piece_points(piece), lines.road(piece));
                    (distance, by_looks, lines.road_ids[line])
                };
                order(distance, piece, line) < order(least, other, lines.line_of(other))
            });
            if is_nearer {
                nearest[position] = Some((distance, piece));
            }
        }
    }
    nearest
}

/// The season in which both a road and its crossing can be used; an unknown one does not restrict.
fn both_seasons(road: Option<SeasonAccess>, crossing: SeasonAccess) -> SeasonAccess {
    use SeasonAccess::{All, Closed, Dry, Wet};
    match (road.unwrap_or(All), crossing) {
        (All, other) | (other, All) => other,
        (Dry, Dry) => Dry,
        (Wet, Wet) => Wet,
        (Closed | Dry | Wet, Closed | Dry | Wet) => Closed,
    }
}
