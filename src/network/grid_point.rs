//! Vertices on a grid of 1e-7 degrees: two vertices are the same place when they fall on the same grid point.

use crate::domain::LonLat;

const PER_DEGREE: f64 = 1e7;

/// A vertex rounded to 1e-7 degrees (about 11 mm). Ordered by longitude, then latitude.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct GridPoint {
    lon_e7: i32,
    lat_e7: i32,
}

impl GridPoint {
    #[cfg(test)]
    pub(super) fn new(lon_e7: i32, lat_e7: i32) -> Self {
        Self { lon_e7, lat_e7 }
    }

    /// The point at a longitude and latitude in steps of 1e-7 degrees; none beyond the earth.
    pub(super) fn parse([lon_e7, lat_e7]: [i32; 2]) -> Option<Self> {
        const LON_LIMIT: u32 = 1_800_000_000;
        const LAT_LIMIT: u32 = 900_000_000;
        let is_on_earth = lon_e7.unsigned_abs() <= LON_LIMIT && lat_e7.unsigned_abs() <= LAT_LIMIT;
        is_on_earth.then_some(Self { lon_e7, lat_e7 })
    }

    /// Longitude and latitude in steps of 1e-7 degrees.
    pub(super) fn to_pair(self) -> [i32; 2] {
        [self.lon_e7, self.lat_e7]
    }

    /// The last step at or below a longitude or latitude, or the last there is.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "`as` saturates, as documented"
    )]
    pub(super) fn steps_below(degrees: f64) -> i32 {
        (degrees * PER_DEGREE).floor() as i32
    }

    /// The first step at or above a longitude or latitude, or the last there is.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "`as` saturates, as documented"
    )]
    pub(super) fn steps_above(degrees: f64) -> i32 {
        (degrees * PER_DEGREE).ceil() as i32
    }

    /// Both coordinates moved to the range of `u32`, in the same order.
    pub(super) fn to_unsigned(self) -> [u32; 2] {
        [self.lon_e7, self.lat_e7].map(|each| each.cast_unsigned() ^ (1 << 31))
    }
}

impl From<LonLat> for GridPoint {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "at most 180 × 1e7, which is below 2^31"
    )]
    fn from(place: LonLat) -> Self {
        Self {
            lon_e7: (place.lon() * PER_DEGREE).round() as i32,
            lat_e7: (place.lat() * PER_DEGREE).round() as i32,
        }
    }
}

impl From<GridPoint> for LonLat {
    fn from(point: GridPoint) -> Self {
        let (lon, lat) = (f64::from(point.lon_e7), f64::from(point.lat_e7));
        Self::parse(lon / PER_DEGREE, lat / PER_DEGREE)
            .expect("rounding a place to 1e-7 degrees leaves it on the earth")
    }
}
