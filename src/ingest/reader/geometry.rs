//! A feature's geometry on its way out: flat, finite, in degrees, closed, and valid or refused.

use std::cell::RefCell;

use gdal::spatial_ref::CoordTransform;
use gdal::vector::{Geometry as GdalGeometry, geometry_type_has_m, geometry_type_has_z};
use geo::{CoordsIter, MapCoordsInPlace};
use geo_types::{Coord, Geometry};

use crate::domain::{Finding, FindingCode};
use crate::ingest::findings::error;

use super::complaints;
use super::crs::Box4;
use super::repair::repaired;

/// How far beyond ±180° or ±90° a vertex may be by rounding: a centimetre.
const ROUNDING_DEGREES: f64 = 1e-7;

/// Places geometries on the earth, and remembers where they were.
pub(super) struct Placer {
    to_wgs_84: Option<CoordTransform>,
    raw_box: Box4,
    box_4326: Box4,
    /// Whether a height or measure was dropped.
    pub(super) dropped_heights: bool,
}

/// A geometry in EPSG:4326.
#[derive(Debug, PartialEq)]
pub(super) struct Placed {
    /// None where the file has none or an empty one.
    pub(super) geometry: Option<Geometry<f64>>,
    /// The warning where it was repaired.
    pub(super) note: Option<Finding>,
}

impl Placed {
    /// No geometry.
    pub(super) const NONE: Self = Self {
        geometry: None,
        note: None,
    };
}

const NOWHERE: Box4 = [
    f64::INFINITY,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NEG_INFINITY,
];

impl Placer {
    pub(super) fn new(to_wgs_84: Option<CoordTransform>) -> Self {
        Self {
            to_wgs_84,
            raw_box: NOWHERE,
            box_4326: NOWHERE,
            dropped_heights: false,
        }
    }

    /// The boxes of all geometries placed, as the file has them and in EPSG:4326; none before the first.
    pub(super) fn boxes(&self) -> Option<(Box4, Box4)> {
        (self.raw_box[0] <= self.raw_box[2]).then_some((self.raw_box, self.box_4326))
    }

    /// The geometry in EPSG:4326.
    ///
    /// # Errors
    /// It has curves or bodies, lies nowhere on the earth, or is broken beyond small repair.
    pub(super) fn place_gdal(&mut self, geometry: &GdalGeometry) -> Result<Placed, Finding> {
        if geometry.is_empty() {
            return Ok(Placed::NONE);
        }
        let kind = geometry.geometry_type();
        let has_more = geometry_type_has_z(kind) || geometry_type_has_m(kind);
        let converted = if has_more {
            self.dropped_heights = true;
            let mut flat = geometry.clone();
            flat.flatten_to_2d();
            flat.to_geo()
        } else {
            geometry.to_geo()
        };
        complaints::take();
        let converted = converted.map_err(|_cause| {
            error(
                FindingCode::GeometryType,
                format!("a {} is not read", geometry.geometry_name()),
                "turn it into points, lines or polygons in QGIS",
            )
        })?;
        self.place(converted)
    }

    /// As [`Self::place_gdal`], of a geometry in the file's coordinates.
    pub(super) fn place(&mut self, mut geometry: Geometry<f64>) -> Result<Placed, Finding> {
        if let Some(bad) = geometry
            .coords_iter()
            .find(|coord| !coord.x.is_finite() || !coord.y.is_finite())
        {
            return Err(out_of_range(bad));
        }
        let raw_box = grown(self.raw_box, &geometry);
        if let Some(to_wgs_84) = &self.to_wgs_84 {
            transform(&mut geometry, to_wgs_84)?;
        }
        if geometry.coords_iter().any(|coord| !is_on_earth(coord)) {
            geometry.map_coords_in_place(back_from_the_brink);
        }
        if let Some(bad) = geometry.coords_iter().find(|coord| !is_on_earth(*coord)) {
            return Err(out_of_range(bad));
        }
        let (geometry, note) = repaired(geometry)?;
        self.raw_box = raw_box;
        self.box_4326 = grown(self.box_4326, &geometry);
        Ok(Placed {
            geometry: Some(geometry),
            note,
        })
    }
}

fn is_on_earth(coord: Coord<f64>) -> bool {
    coord.x.abs() <= 180.0 && coord.y.abs() <= 90.0
}

/// A vertex that is off the earth by rounding alone, on its edge; any other as it is.
fn back_from_the_brink(coord: Coord<f64>) -> Coord<f64> {
    let near = |value: f64, edge: f64| {
        let beyond = value.abs() - edge;
        if 0.0 < beyond && beyond <= ROUNDING_DEGREES {
            edge.copysign(value)
        } else {
            value
        }
    };
    Coord {
        x: near(coord.x, 180.0),
        y: near(coord.y, 90.0),
    }
}

fn out_of_range(coord: Coord<f64>) -> Finding {
    let value = Some(format!("{}, {}", coord.x, coord.y));
    let seems_swapped = coord.x.abs() <= 90.0 && (90.0..=180.0).contains(&coord.y.abs());
    if seems_swapped {
        return Finding {
            value,
            ..error(
                FindingCode::CoordsSwapped,
                "the latitude is beyond 90 degrees and would do as longitude",
                "swap the two columns, in QGIS with Swap X and Y coordinates",
            )
        };
    }
    Finding {
        value,
        ..error(
            FindingCode::CoordsOutOfRange,
            "the coordinate is not a place on the earth in degrees",
            "correct it; if the file is in metres, pass --crs EPSG:n",
        )
    }
}

fn grown(mut box4: Box4, geometry: &Geometry<f64>) -> Box4 {
    for coord in geometry.coords_iter() {
        box4[0] = box4[0].min(coord.x);
        box4[1] = box4[1].min(coord.y);
        box4[2] = box4[2].max(coord.x);
        box4[3] = box4[3].max(coord.y);
    }
    box4
}

/// All vertices in one call; PROJ marks what it cannot transform with infinity, which is refused afterwards.
fn transform(geometry: &mut Geometry<f64>, to_wgs_84: &CoordTransform) -> Result<(), Finding> {
    let (mut x, mut y): (Vec<f64>, Vec<f64>) = geometry
        .coords_iter()
        .map(|coord| (coord.x, coord.y))
        .unzip();
    let first = Coord { x: x[0], y: y[0] };
    to_wgs_84
        .transform_coords(&mut x, &mut y, &mut [])
        .map_err(|_cause| Finding {
            value: Some(format!("{}, {}", first.x, first.y)),
            ..error(
                FindingCode::CoordsOutOfRange,
                "the coordinate has no place in the file's coordinate system",
                "check the coordinate, and the coordinate system of the file",
            )
        })?;
    // Vertices are visited in the order in which they were listed.
    let moved = RefCell::new(x.into_iter().zip(y));
    geometry.map_coords_in_place(|coord| match moved.borrow_mut().next() {
        Some((x, y)) => Coord { x, y },
        None => coord,
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use geo_types::point;

    use super::*;

    #[test]
    fn swapped_and_impossible_coordinates_are_told_apart() {
        let code = |x: f64, y: f64| {
            let placed = Placer::new(None).place(point!(x: x, y: y).into());
            placed.unwrap_err().code
        };
        assert_eq!(code(-2.3, 102.7), FindingCode::CoordsSwapped);
        assert_eq!(code(276_543.0, 9_745_000.0), FindingCode::CoordsOutOfRange);
        assert_eq!(code(f64::NAN, 1.0), FindingCode::CoordsOutOfRange);
        assert_eq!(
            code(102.7, f64::NEG_INFINITY),
            FindingCode::CoordsOutOfRange
        );
    }

    #[test]
    fn a_vertex_that_is_off_the_earth_by_rounding_is_on_its_edge() {
        let placed = |x: f64, y: f64| {
            let placed = Placer::new(None).place(point!(x: x, y: y).into());
            placed.ok().and_then(|placed| placed.geometry)
        };
        assert_eq!(
            placed(180.000_000_000_000_03, -90.000_000_000_000_01),
            Some(point!(x: 180.0, y: -90.0).into())
        );
        assert_eq!(placed(180.001, 0.0), None);
        assert_eq!(placed(0.0, -90.000_001), None);
    }
}
