//! Which of many lines in no order lie along another one.

use rstar::primitives::Line;
use rstar::{AABB, RTree};

use crate::domain::LonLat;

/// An R-tree over straight lines.
#[derive(Debug, Clone, Default)]
pub(super) struct LineIndex(RTree<Line<[f64; 2]>>);

impl LineIndex {
    pub(super) fn new(lines: impl Iterator<Item = [LonLat; 2]>) -> Self {
        let lines = lines.map(|[a, b]| Line::new(corner(a), corner(b)));
        Self(RTree::bulk_load(lines.collect()))
    }

    /// All lines whose box touches the box of the line from `a` to `b`, in no order.
    pub(super) fn along(&self, a: LonLat, b: LonLat) -> impl Iterator<Item = [LonLat; 2]> {
        let area = AABB::from_corners(corner(a), corner(b));
        self.0
            .locate_in_envelope_intersecting(area)
            .map(|line| [line.from, line.to].map(place))
    }
}

fn corner(place: LonLat) -> [f64; 2] {
    [place.lon(), place.lat()]
}

fn place([lon, lat]: [f64; 2]) -> LonLat {
    LonLat::parse(lon, lat).expect("it was a place when it was put in")
}
