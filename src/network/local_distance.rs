//! Short distances on WGS 84, exact to a tenth of a millimetre within a few kilometres, and cheap.

use crate::domain::LonLat;

/// Semi-major axis of WGS 84.
const EQUATOR_RADIUS_M: f64 = 6_378_137.0;
/// Square of the first eccentricity of WGS 84: f (2 − f) with f = 1 / 298.257223563.
const ECCENTRICITY_SQUARED: f64 = 6.694_379_990_141_317e-3;

/// Length of one degree at a latitude.
#[derive(Debug, Clone, Copy)]
pub(super) struct MetresPerDegree {
    /// Along the parallel: prime-vertical radius × cos(latitude).
    pub(super) lon: f64,
    /// Along the meridian: meridional radius.
    pub(super) lat: f64,
}

impl MetresPerDegree {
    pub(super) fn at(lat_degrees: f64) -> Self {
        let (sin, cos) = lat_degrees.to_radians().sin_cos();
        let flattened = 1.0 - ECCENTRICITY_SQUARED * sin * sin;
        let prime_vertical_m = EQUATOR_RADIUS_M / flattened.sqrt();
        let meridional_m = prime_vertical_m * (1.0 - ECCENTRICITY_SQUARED) / flattened;
        Self {
            lon: (prime_vertical_m * cos).to_radians(),
            lat: meridional_m.to_radians(),
        }
    }
}

/// Metres between two places a few kilometres apart at most.
///
/// The radii at the middle latitude serve for both, which leaves an error of the order of distance³ / (24 radius²):
/// 0.01 mm at 2 km. Not for places on two sides of the antimeridian.
///
/// # References
/// Bomford, *Geodesy* (4th ed., 1980), section 2.14, mid-latitude formula.
pub fn local_distance_m(a: LonLat, b: LonLat) -> f64 {
    let scale = MetresPerDegree::at(f64::midpoint(a.lat(), b.lat()));
    let east_m = (b.lon() - a.lon()) * scale.lon;
    let north_m = (b.lat() - a.lat()) * scale.lat;
    (east_m * east_m + north_m * north_m).sqrt()
}

#[cfg(test)]
mod tests {
    use geo::{Distance, Geodesic, Point};

    use super::*;

    #[test]
    fn two_kilometres_differ_from_the_geodesic_by_less_than_a_millimetre() {
        for lat in [-60.0, -11.0, -2.3, 0.0, 6.0, 45.0] {
            for bearing_degrees in 0..36 {
                let (sin, cos) = (f64::from(bearing_degrees) * 10.0).to_radians().sin_cos();
                let scale = MetresPerDegree::at(lat);
                let a = LonLat::parse(102.7, lat).unwrap();
                let b = LonLat::parse(
                    102.7 + 2000.0 * sin / scale.lon,
                    lat + 2000.0 * cos / scale.lat,
                )
                .unwrap();
                let geodesic_m =
                    Geodesic.distance(Point::new(a.lon(), a.lat()), Point::new(b.lon(), b.lat()));
                assert!((local_distance_m(a, b) - geodesic_m).abs() < 0.001);
            }
        }
    }
}
