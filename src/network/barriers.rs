//! Lines that nobody crosses off the road.

use geo::kernels::RobustKernel;
use geo::{Kernel, Orientation};
use geo_types::Coord;

use super::line_index::LineIndex;
use crate::domain::LonLat;

/// Barrier lines with an index, immutable.
#[derive(Debug, Clone, Default)]
pub struct Barriers {
    index: LineIndex,
}

impl Barriers {
    /// Barriers from lines of vertices. EPSG:4326.
    pub fn new(lines: &[Vec<LonLat>]) -> Self {
        let pairs = lines.iter().flat_map(|line| line.windows(2));
        Self {
            index: LineIndex::new(pairs.map(|pair| [pair[0], pair[1]])),
        }
    }

    /// Whether a straight walk from `a` to `b` meets a barrier on its way.
    ///
    /// A walk that begins or ends on a barrier does not cross it there, so a house on the bank and the middle of a
    /// bridge can be left and reached; one that passes through a vertex, or follows the barrier, does cross.
    /// The answer is exact for the coordinates given. O(log n) with few barriers near.
    pub fn crosses(&self, a: LonLat, b: LonLat) -> bool {
        a != b
            && self
                .index
                .along(a, b)
                .any(|line| meets_inside([a, b], line))
    }
}

/// Whether the walk without its ends has a point in common with the line with its ends. The walk has a length.
fn meets_inside(walk: [LonLat; 2], line: [LonLat; 2]) -> bool {
    let [a, b]: [Coord; 2] = walk.map(Into::into);
    let [c, d]: [Coord; 2] = line.map(Into::into);
    let (side_of_c, side_of_d) = (side(a, b, c), side(a, b, d));
    if side_of_c == Orientation::Collinear && side_of_d == Orientation::Collinear {
        let is_steep = (b.y - a.y).abs() > (b.x - a.x).abs();
        let along = |point: Coord| if is_steep { point.y } else { point.x };
        return overlaps_inside([along(a), along(b)], [along(c), along(d)]);
    }
    let (side_of_a, side_of_b) = (side(c, d, a), side(c, d, b));
    side_of_c != side_of_d
        && side_of_a != side_of_b
        && side_of_a != Orientation::Collinear
        && side_of_b != Orientation::Collinear
}

fn side(from: Coord, to: Coord, point: Coord) -> Orientation {
    RobustKernel::orient2d(from, to, point)
}

/// The same on one axis: an open interval and a closed one.
fn overlaps_inside(walk: [f64; 2], line: [f64; 2]) -> bool {
    let least = |[a, b]: [f64; 2]| a.min(b);
    let most = |[a, b]: [f64; 2]| a.max(b);
    least(line) < most(walk) && least(walk) < most(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lon: f64, lat: f64) -> LonLat {
        LonLat::parse(lon, lat).unwrap()
    }

    /// A river from west to east with a vertex at longitude 1.
    fn river() -> Barriers {
        Barriers::new(&[vec![at(0.0, 0.0), at(1.0, 0.0), at(2.0, 0.0)]])
    }

    #[test]
    fn a_walk_across_is_stopped_and_one_beside_is_not() {
        assert!(river().crosses(at(0.5, -1.0), at(0.5, 1.0)));
        assert!(!river().crosses(at(0.5, 1.0), at(1.5, 1.0)));
        assert!(!river().crosses(at(2.5, -1.0), at(2.5, 1.0)));
    }

    #[test]
    fn a_walk_through_a_vertex_is_stopped() {
        assert!(river().crosses(at(1.0, -1.0), at(1.0, 1.0)));
        assert!(river().crosses(at(2.0, -1.0), at(2.0, 1.0)));
    }

    #[test]
    fn a_walk_may_begin_or_end_on_the_bank_but_not_follow_it() {
        assert!(!river().crosses(at(0.5, 0.0), at(0.5, 1.0)));
        assert!(!river().crosses(at(0.5, -1.0), at(0.5, 0.0)));
        assert!(river().crosses(at(0.5, 0.0), at(0.7, 0.0)));
        assert!(!river().crosses(at(-1.0, 0.0), at(0.0, 0.0)));
    }

    #[test]
    fn a_walk_of_no_length_crosses_nothing() {
        let slanting = Barriers::new(&[vec![at(0.0, 0.0), at(1.0, 2.0)]]);
        for lon in [0.5, 0.9] {
            assert!(!slanting.crosses(at(lon, 1.0), at(lon, 1.0)));
        }
    }
}
