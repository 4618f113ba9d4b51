//! Nodes where roads cross without a shared vertex, for road data that was drawn without them.

use std::collections::BTreeMap;

use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree, RTreeObject};

use super::grid_point::GridPoint;
use super::lines::RoadLine;
use crate::domain::RoadClass;

/// Pairs that are looked at for each piece: a piece has its two or three neighbours at either end, and in the densest
/// city a few more whose boxes meet its own. A layer that is there twenty times has more.
const PAIRS_PER_PIECE: u64 = 64;

/// Pairs that are looked at in the smallest network too, where few pieces may well lie over each other.
const LEAST_MAX_PAIRS: u64 = 1 << 24;

/// The most pairs that are looked at in a network of these lines.
pub(super) fn max_pairs(lines: &[RoadLine<'_>]) -> u64 {
    let n_pieces: usize = lines.iter().map(|line| line.points.len() - 1).sum();
    LEAST_MAX_PAIRS.max(PAIRS_PER_PIECE * n_pieces as u64)
}

/// A straight piece: its line, and the position of its first vertex.
type PieceOf = (usize, usize);

/// New vertices of pieces.
pub(super) type NewVertices = BTreeMap<PieceOf, Vec<GridPoint>>;

/// What came of joining crossings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CrossingsJoined {
    /// So many pairs of pieces met.
    Pairs(u32),
    /// There are more pairs than are looked at.
    TooMany,
}

/// Puts a vertex into both roads where they cross or touch between their vertices.
///
/// Never where either is a bridge, a tunnel or a ferry. Whether pieces meet is exact; the vertex is the grid point
/// nearest to where they do, so that a piece moves by half a step (6 mm) at most. Pieces that lie on each other get each
/// other's ends. Of more than `max_pairs` pairs whose boxes meet none is joined, since some would be left out.
/// O((n + pairs) log n).
pub(super) fn join_crossings(lines: &mut [RoadLine<'_>], max_pairs: u64) -> CrossingsJoined {
    let index = index_of_pieces(lines);
    let mut new = NewVertices::new();
    let mut n_joined = 0;
    let mut n_looked_at = 0_u64;
    for entry in &index {
        let one = entry.data;
        let [a, b] = ends(lines, one);
        for near in index.locate_in_envelope_intersecting(entry.envelope()) {
            let other = near.data;
            if other <= one {
                continue;
            }
            n_looked_at += 1;
            if n_looked_at > max_pairs {
                return CrossingsJoined::TooMany;
            }
            let [c, d] = ends(lines, other);
            let meeting = meeting_points([a, b], [c, d]);
            let mut is_new = false;
            for (piece, ends) in [(one, [a, b]), (other, [c, d])] {
                for point in meeting.iter().filter(|point| !ends.contains(point)) {
                    new.entry(piece).or_default().push(*point);
                    is_new = true;
                }
            }
            n_joined += u32::from(is_new);
        }
    }
    insert(lines, new);
    CrossingsJoined::Pairs(n_joined)
}

/// Whether a road may meet others elsewhere than at its own vertices.
pub(super) fn is_on_the_ground(line: &RoadLine<'_>) -> bool {
    let road = line.road;
    !road.is_bridge && !road.is_tunnel && road.class != RoadClass::Ferry
}

/// All pieces of roads on the ground by the boxes around them.
pub(super) fn index_of_pieces(
    lines: &[RoadLine<'_>],
) -> RTree<GeomWithData<Rectangle<[i64; 2]>, PieceOf>> {
    let mut boxes = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        if is_on_the_ground(line) {
            for (position, pair) in line.points.windows(2).enumerate() {
                let [a, b] = [pair[0], pair[1]].map(|point| point.to_pair().map(i64::from));
                let around = Rectangle::from_aabb(AABB::from_corners(a, b));
                boxes.push(GeomWithData::new(around, (number, position)));
            }
        }
    }
    RTree::bulk_load(boxes)
}

pub(super) fn ends(lines: &[RoadLine<'_>], (line, position): PieceOf) -> [GridPoint; 2] {
    let points = &lines[line].points;
    [points[position], points[position + 1]]
}

/// Puts vertices into pieces, in the order in which the pieces pass them.
pub(super) fn insert(lines: &mut [RoadLine<'_>], mut new: NewVertices) {
    for (number, line) in lines.iter_mut().enumerate() {
        let mut of_line = new.split_off(&(number, 0));
        let of_later = of_line.split_off(&(number + 1, 0));
        new = of_later;
        if of_line.is_empty() {
            continue;
        }
        let mut points = Vec::with_capacity(line.points.len() + of_line.len());
        for (position, point) in line.points.iter().enumerate() {
            points.push(*point);
            if let Some(mut inside) = of_line.remove(&(number, position)) {
                let along = difference(*point, line.points[position + 1]);
                inside.sort_by_key(|each| (dot(difference(*point, *each), along), *each));
                points.extend(inside);
            }
        }
        points.dedup();
        line.points = points;
    }
}

/// Where two pieces meet, on the grid: one point, or the ends that lie within the other where they lie on each other.
fn meeting_points([a, b]: [GridPoint; 2], [c, d]: [GridPoint; 2]) -> Vec<GridPoint> {
    let (along, across, between) = (difference(a, b), difference(c, d), difference(a, c));
    let turn = cross(along, across);
    if turn == 0 {
        let are_on_one_line = cross(along, between) == 0;
        let is_within = |[from, to]: [GridPoint; 2], point: GridPoint| {
            let whole = difference(from, to);
            (0..=dot(whole, whole)).contains(&dot(difference(from, point), whole))
        };
        let on_first = [c, d].into_iter().filter(|point| is_within([a, b], *point));
        let on_second = [a, b].into_iter().filter(|point| is_within([c, d], *point));
        return on_first
            .chain(on_second)
            .filter(|_| are_on_one_line)
            .collect();
    }
    // How far along each they meet, in parts of `turn`.
    let [on_first, on_second, turn] =
        [cross(between, across), cross(between, along), turn].map(|part| part * turn.signum());
    if !(0..=turn).contains(&on_first) || !(0..=turn).contains(&on_second) {
        return Vec::new();
    }
    let [lon, lat] = a.to_pair();
    let moved = |start: i32, along: i128| {
        // Rounded half up.
        let steps = (2 * along * on_first + turn).div_euclid(2 * turn);
        i32::try_from(i128::from(start) + steps).expect("it is between two numbers of this size")
    };
    let point = GridPoint::parse([moved(lon, along[0]), moved(lat, along[1])]);
    point.into_iter().collect()
}

/// Exact: 33 bits each.
fn difference(from: GridPoint, to: GridPoint) -> [i128; 2] {
    let [from, to] = [from, to].map(|point| point.to_pair().map(i128::from));
    [to[0] - from[0], to[1] - from[1]]
}

fn cross(a: [i128; 2], b: [i128; 2]) -> i128 {
    a[0] * b[1] - a[1] * b[0]
}

fn dot(a: [i128; 2], b: [i128; 2]) -> i128 {
    a[0] * b[0] + a[1] * b[1]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(lon_e7: i32, lat_e7: i32) -> GridPoint {
        GridPoint::new(lon_e7, lat_e7)
    }

    #[test]
    fn pieces_meet_at_one_grid_point_whichever_is_named_first() {
        let rising = [point(0, 0), point(10, 7)];
        let falling = [point(0, 5), point(9, 0)];
        let met = meeting_points(rising, falling);
        // 0.7 x = 5 - 5/9 x at x = 3.98, y = 2.79.
        assert_eq!(met, [point(4, 3)]);
        assert_eq!(meeting_points(falling, rising), met);
        assert_eq!(meeting_points([rising[1], rising[0]], falling), met);
    }

    #[test]
    fn pieces_that_miss_each_other_do_not_meet() {
        let east = [point(0, 0), point(10, 0)];
        assert_eq!(meeting_points(east, [point(11, -5), point(11, 5)]), []);
        assert_eq!(meeting_points(east, [point(5, 1), point(5, 5)]), []);
        assert_eq!(meeting_points(east, [point(0, 1), point(10, 1)]), []);
        assert_eq!(meeting_points(east, [point(11, 0), point(12, 0)]), []);
    }

    #[test]
    fn pieces_that_lie_on_each_other_meet_at_their_ends() {
        let long = [point(0, 0), point(10, 10)];
        let inside = [point(8, 8), point(2, 2)];
        assert_eq!(meeting_points(long, inside), [point(8, 8), point(2, 2)]);
        let beyond = [point(5, 5), point(20, 20)];
        assert_eq!(meeting_points(long, beyond), [point(5, 5), point(10, 10)]);
    }

    #[test]
    fn the_ends_of_the_earth_can_be_counted() {
        let (west, east) = (
            point(-1_800_000_000, -900_000_000),
            point(1_800_000_000, 900_000_000),
        );
        let (north, south) = (
            point(-1_800_000_000, 900_000_000),
            point(1_800_000_000, -900_000_000),
        );
        assert_eq!(meeting_points([west, east], [north, south]), [point(0, 0)]);
    }
}
