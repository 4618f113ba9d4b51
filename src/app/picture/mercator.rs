//! Places as metres of EPSG:3857.

use geo_types::Coord;

use crate::domain::LonLat;

/// Radius of the sphere that EPSG:3857 projects.
const RADIUS_M: f64 = 6_378_137.0;

/// A place as metres of EPSG:3857.
pub(super) fn on_map(place: LonLat) -> Coord<f64> {
    project(place.lon(), place.lat())
}

/// The longer side of west, south, east and north in degrees, in metres of EPSG:3857; at least a metre.
pub(super) fn longer_side_m([west, south, east, north]: [f64; 4]) -> f64 {
    let (min, max) = (project(west, south), project(east, north));
    (max.x - min.x).max(max.y - min.y).max(1.0)
}

fn project(lon: f64, lat: f64) -> Coord<f64> {
    Coord {
        x: RADIUS_M * lon.to_radians(),
        y: RADIUS_M * lat.to_radians().tan().asinh(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// EPSG Guidance Note 7-2, Popular Visualisation Pseudo-Mercator: the worked example.
    #[test]
    fn the_worked_example_of_the_projection_comes_out() {
        let place = LonLat::parse(-100.333_333_333, 24.381_786_944).unwrap();
        let Coord { x, y } = on_map(place);
        assert!((x - -11_169_055.58).abs() < 0.05, "{x}");
        assert!((y - 2_800_000.0).abs() < 0.05, "{y}");
    }

    #[test]
    fn the_longer_side_is_a_degree_of_the_equator() {
        let degree_m = 111_319.49;
        assert!((longer_side_m([102.0, -2.0, 103.0, -1.5]) - degree_m).abs() < 0.01);
    }
}
