//! Positions in millionths of a degree: whole numbers, so that lines meet exactly.

use geo_types::Coord;

use crate::domain::LonLat;

/// Millionths of a degree in a metre, in both directions.
///
/// A degree is 110.6 km along a meridian and 111.2 km along a parallel near the equator: 9 is within 1 %.
pub(super) const PER_METRE: f64 = 9.0;

/// A position in EPSG:4326 in millionths of a degree, longitude first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(super) struct Micro {
    /// Longitude.
    pub x: i64,
    /// Latitude.
    pub y: i64,
}

impl Micro {
    /// The position nearest to degrees of longitude and latitude.
    pub(super) fn from_degrees(coord: Coord<f64>) -> Self {
        Self::rounded(coord.x * 1e6, coord.y * 1e6)
    }

    /// The position nearest to fractional millionths of a degree.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a degree has a million parts, far below the limit"
    )]
    pub(super) fn rounded(x: f64, y: f64) -> Self {
        Self {
            x: x.round() as i64,
            y: y.round() as i64,
        }
    }

    /// Degrees, exact to the six decimals that this has.
    pub(super) fn coord(self) -> Coord<f64> {
        Coord {
            x: self.x as f64 / 1e6,
            y: self.y as f64 / 1e6,
        }
    }

    /// The place on the earth.
    pub(super) fn lon_lat(self) -> LonLat {
        let coord = self.coord();
        LonLat::parse(coord.x, coord.y).expect("the outline lies well inside the earth's bounds")
    }

    /// Distance in metres, to about 1 %.
    pub(super) fn distance_m(self, other: Self) -> f64 {
        let (dx, dy) = ((self.x - other.x) as f64, (self.y - other.y) as f64);
        (dx * dx + dy * dy).sqrt() / PER_METRE
    }

    /// The position at a fraction of the way to another.
    pub(super) fn towards(self, other: Self, fraction: f64) -> Self {
        Self::rounded(
            self.x as f64 + (other.x - self.x) as f64 * fraction,
            self.y as f64 + (other.y - self.y) as f64 * fraction,
        )
    }
}

/// Twice the area of a triangle: positive where a, b, c turn left, exact.
pub(super) fn turn(a: Micro, b: Micro, c: Micro) -> i64 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

/// Which piece of `size_m` metres a number of millionths falls into, and how far into it as a fraction.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a degree has a million parts, far below the limit"
)]
pub(super) fn floor_cell(micro: i64, size_m: f64) -> (i64, f64) {
    let pieces = micro as f64 / (size_m * PER_METRE);
    (pieces.floor() as i64, pieces - pieces.floor())
}

/// The whole number of steps nearest to a cost; negative gives 0.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates, as documented"
)]
pub(super) fn whole(number: f64) -> u32 {
    number.round() as u32
}

/// The whole count nearest to a number; negative gives 0.
pub(super) fn count(number: f64) -> usize {
    whole(number) as usize
}
