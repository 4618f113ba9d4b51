//! Boxes in degrees around what is looked for.

use rstar::{AABB, Envelope};

use super::local_distance::MetresPerDegree;
use crate::domain::LonLat;

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

/// A box in degrees that contains all that is within a radius of a line, which has its poleward end where it is widest.
pub(super) fn box_along([a, b]: [LonLat; 2], radius_m: f64) -> AABB<[f64; 2]> {
    box_around(a, radius_m).merged(&box_around(b, radius_m))
}
