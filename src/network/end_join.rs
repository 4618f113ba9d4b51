//! Joining of line ends that miss each other by a little, for road data without shared vertices.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rstar::RTree;

use super::grid_point::GridPoint;
use super::lines::RoadLine;
use super::local_distance::local_distance_m;
use super::search_box::box_around;
use crate::domain::LonLat;

/// Moves each loose line end onto the nearest line end or shared vertex within the tolerance.
///
/// Loose is an end whose place no other vertex has. Where loose ends are each other's nearest, all move to the
/// least of them. Only ends move, only to ends and shared vertices: nothing is joined to the middle of a line,
/// so never to what passes over or under it. Gives the number of ends moved. O(n log n).
pub(super) fn join_ends(lines: &mut [RoadLine<'_>], tolerance_m: f64) -> u32 {
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
