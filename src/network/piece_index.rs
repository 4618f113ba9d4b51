//! Which straight pieces lie near a place.

use rstar::primitives::{GeomWithData, Line};
use rstar::{AABB, Envelope, RTree};

use super::local_distance::MetresPerDegree;
use crate::domain::LonLat;

/// A line with its number. It holds its ends, so that a look at what is near reads nothing else.
type Entry = GeomWithData<Line<[f64; 2]>, u32>;

/// An R-tree over straight lines, each with its number.
#[derive(Debug, Clone, Default)]
pub(super) struct PieceIndex(RTree<Entry>);

impl PieceIndex {
    /// Numbers are the positions in `lines`.
    pub(super) fn new(lines: impl Iterator<Item = [LonLat; 2]>) -> Self {
        let entry = |([a, b], number): ([LonLat; 2], u32)| {
            Entry::new(Line::new(corner(a), corner(b)), number)
        };
        Self(RTree::bulk_load(lines.zip(0_u32..).map(entry).collect()))
    }

    /// All lines that may be within a radius of a place, in no order.
    pub(super) fn near(
        &self,
        place: LonLat,
        radius_m: f64,
    ) -> impl Iterator<Item = (u32, [LonLat; 2])> {
        self.within(box_around(place, radius_m))
    }

    /// All lines whose box touches the box of the line from `a` to `b`, in no order.
    pub(super) fn along(&self, a: LonLat, b: LonLat) -> impl Iterator<Item = (u32, [LonLat; 2])> {
        self.within(AABB::from_corners(corner(a), corner(b)))
    }

    fn within(&self, area: AABB<[f64; 2]>) -> impl Iterator<Item = (u32, [LonLat; 2])> {
        self.0.locate_in_envelope_intersecting(area).map(|entry| {
            let line = entry.geom();
            (entry.data, [line.from, line.to].map(place))
        })
    }
}

fn corner(place: LonLat) -> [f64; 2] {
    [place.lon(), place.lat()]
}

fn place([lon, lat]: [f64; 2]) -> LonLat {
    LonLat::parse(lon, lat).expect("it was a place when it was put in")
}

/// A box in degrees that contains everything within a radius of a line that is short or lies along a parallel or meridian.
pub(super) fn box_along([a, b]: [LonLat; 2], radius_m: f64) -> AABB<[f64; 2]> {
    box_around(a, radius_m).merged(&box_around(b, radius_m))
}

/// A box in degrees that contains the circle around a place, with 1 % to spare.
pub(crate) fn box_around(place: LonLat, radius_m: f64) -> AABB<[f64; 2]> {
    /// Shortest degree of a meridian, at the equator.
    const LEAST_M_PER_LAT_DEGREE: f64 = 110_574.0;
    let lat_degrees = 1.01 * radius_m / LEAST_M_PER_LAT_DEGREE;
    let poleward_lat = (place.lat().abs() + lat_degrees).min(90.0);
    let m_per_lon_degree = MetresPerDegree::at(poleward_lat).lon;
    let lon_degrees = (1.01 * radius_m / m_per_lon_degree.max(1.0)).min(360.0);
    AABB::from_corners(
        [place.lon() - lon_degrees, place.lat() - lat_degrees],
        [place.lon() + lon_degrees, place.lat() + lat_degrees],
    )
}
