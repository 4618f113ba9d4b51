//! Joining of line ends that miss each other by a little, for road data without shared vertices.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rstar::RTree;

use super::crossing_join::{NewVertices, ends, index_of_pieces, insert};
use super::grid_point::GridPoint;
use super::lines::RoadLine;
use super::local_distance::local_distance_m;
use super::piece_index::GridBox;
use super::search_box::box_around;
use super::snap::{Surroundings, looks};
use crate::domain::LonLat;

/// Moves each loose line end onto the nearest line end or shared vertex within the tolerance.
///
/// Loose is an end whose place no other vertex has. Where loose ends are each other's nearest, all move to the
/// least of them. Only ends move. Gives the number of ends moved. O(n log n).
pub(super) fn join_to_ends(lines: &mut [RoadLine<'_>], tolerance_m: f64) -> u32 {
    let visits = count_visits(lines);
    let far_end = far_ends(lines);
    let targets: BTreeSet<GridPoint> = lines
        .iter()
        .flat_map(|line| line.points.first().into_iter().chain(line.points.last()))
        .copied()
        .chain(
            visits
                .iter()
                .filter(|visit| *visit.1 > 1)
                .map(|visit| *visit.0),
        )
        .collect();
    let index = RTree::bulk_load(targets.iter().map(|point| corner(*point)).collect());

    let mut next = BTreeMap::new();
    for end in targets.iter().filter(|end| visits[end] == 1) {
        let place = LonLat::from(*end);
        let nearest = index
            .locate_in_envelope(box_around(place, tolerance_m))
            .map(|near| GridPoint::from(LonLat::parse(near[0], near[1]).expect("it was one")))
            .filter(|near| near != end && far_end.get(end) != Some(near))
            .map(|near| (local_distance_m(place, near.into()), near))
            .filter(|(distance_m, _)| *distance_m <= tolerance_m)
            .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        if let Some((_, near)) = nearest {
            next.insert(*end, near);
        }
    }

    let mut n_moved = 0;
    for line in lines {
        let last = line.points.len() - 1;
        for position in [0, last] {
            let joined = follow(line.points[position], &next);
            n_moved += u32::from(joined != line.points[position]);
            line.points[position] = joined;
        }
    }
    n_moved
}

/// Moves each loose line end to the nearest point of another road within the tolerance, which gets a vertex there.
///
/// Never to the middle of a bridge, tunnel or ferry, which pass over or under, and not to a road that the end's own line
/// meets already, of which it may be a spur. Gives the number of ends moved. O(n log n).
pub(super) fn join_to_middles(lines: &mut [RoadLine<'_>], tolerance_m: f64) -> u32 {
    let visits = count_visits(lines);
    let meetings = meetings(lines, &visits);
    let index = index_of_pieces(lines);
    let mut moves = Vec::new();
    let mut new = NewVertices::new();
    for (number, line) in lines.iter().enumerate() {
        let last = line.points.len() - 1;
        for (position, far) in [(0, last), (last, 0)] {
            let end = line.points[position];
            if visits.get(&end) != Some(&1) {
                continue;
            }
            let around = Surroundings::of(end.into());
            let area = GridBox::around(&box_around(end.into(), tolerance_m));
            let nearest = index
                .locate_in_envelope_intersecting(area.to_envelope())
                .filter(|near| near.data.0 != number)
                .map(|near| {
                    let ends = ends(lines, near.data);
                    let on_piece = around.nearest_on(ends.map(LonLat::from));
                    let looks = looks(ends, lines[near.data.0].road);
                    let id = lines[near.data.0].id;
                    ((on_piece.distance, looks, id, near.data), on_piece.place)
                })
                .filter(|((distance, ..), _)| distance.to_metres() <= tolerance_m)
                .filter(|((.., piece), _)| !do_meet(line, piece.0, &meetings))
                .min_by(|a, b| a.0.cmp(&b.0));
            if let Some(((.., piece), place)) = nearest {
                let point = GridPoint::from(place);
                if point == line.points[far] {
                    continue;
                }
                moves.push((number, position, point));
                if !ends(lines, piece).contains(&point) {
                    new.entry(piece).or_default().push(point);
                }
            }
        }
    }
    let mut n_moved = 0;
    for (number, position, point) in moves {
        let end = &mut lines[number].points[position];
        n_moved += u32::from(*end != point);
        *end = point;
    }
    insert(lines, new);
    n_moved
}

/// The lines that have each shared vertex, in order.
fn meetings(
    lines: &[RoadLine<'_>],
    visits: &HashMap<GridPoint, u32>,
) -> HashMap<GridPoint, Vec<usize>> {
    let mut meetings: HashMap<GridPoint, Vec<usize>> = HashMap::new();
    for (number, line) in lines.iter().enumerate() {
        for point in line.points.iter().filter(|point| visits[point] > 1) {
            meetings.entry(*point).or_default().push(number);
        }
    }
    meetings
}

/// Whether a line has a vertex that another one has too.
fn do_meet(line: &RoadLine<'_>, other: usize, meetings: &HashMap<GridPoint, Vec<usize>>) -> bool {
    let meets = |met: &Vec<usize>| met.binary_search(&other).is_ok();
    line.points
        .iter()
        .filter_map(|point| meetings.get(point))
        .any(meets)
}

/// How often each vertex occurs.
fn count_visits(lines: &[RoadLine<'_>]) -> HashMap<GridPoint, u32> {
    let mut visits = HashMap::new();
    for point in lines.iter().flat_map(|line| &line.points) {
        *visits.entry(*point).or_insert(0) += 1;
    }
    visits
}

/// The other end of the line, for each end: a short line must not be closed upon itself.
fn far_ends(lines: &[RoadLine<'_>]) -> HashMap<GridPoint, GridPoint> {
    let mut far_end = HashMap::new();
    for line in lines {
        if let (Some(first), Some(last)) = (line.points.first(), line.points.last()) {
            far_end.insert(*first, *last);
            far_end.insert(*last, *first);
        }
    }
    far_end
}

/// Where the chain of nearest ends leads: to what does not move, or to the least of the ends it goes round.
fn follow(start: GridPoint, next: &BTreeMap<GridPoint, GridPoint>) -> GridPoint {
    let mut seen = vec![start];
    while let Some(near) = next.get(&seen[seen.len() - 1]) {
        if let Some(first) = seen.iter().position(|point| point == near) {
            return seen[first..].iter().min().copied().unwrap_or(start);
        }
        seen.push(*near);
    }
    seen[seen.len() - 1]
}

fn corner(point: GridPoint) -> [f64; 2] {
    let place = LonLat::from(point);
    [place.lon(), place.lat()]
}
