//! A feature's geometry on its way out: flat, finite, in degrees, closed, and valid or refused.

use std::cell::RefCell;

use gdal::cpl::CslStringList;
use gdal::spatial_ref::CoordTransform;
use gdal::vector::{Geometry as GdalGeometry, ToGdal, geometry_type_has_m, geometry_type_has_z};
use geo::{CoordsIter, MapCoordsInPlace};
use geo_types::{Coord, Geometry};

use crate::domain::{Finding, FindingCode, Severity};
use crate::ingest::findings::{error, finding};

use super::complaints;
use super::crs::Box4;

/// A repair may change the area by this share of it; more is another shape.
const MAX_AREA_CHANGE: f64 = 0.001;

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

/// Polygons as they are where valid, else rebuilt from their lines where that changes next to nothing.
fn repaired(geometry: Geometry<f64>) -> Result<(Geometry<f64>, Option<Finding>), Finding> {
    if !matches!(geometry, Geometry::Polygon(_) | Geometry::MultiPolygon(_)) {
        return Ok((geometry, None));
    }
    complaints::take();
    let invalid = |cause: &str| {
        error(
            FindingCode::GeometryInvalid,
            format!("the polygon is not valid: {cause}"),
            "mend it in QGIS with Fix geometries, and look at the result",
        )
    };
    let before = geometry
        .to_gdal()
        .map_err(|cause| invalid(&cause.to_string()))?;
    if before.is_valid() {
        return Ok((geometry, None));
    }
    let reason = complaints::take()
        .into_iter()
        .next()
        .map_or_else(|| "its rings cross".to_owned(), |complaint| complaint.text);
    let options = CslStringList::from_iter(["METHOD=STRUCTURE", "KEEP_COLLAPSED=NO"]);
    let after = before
        .make_valid(&options)
        .map_err(|_cause| invalid(&reason))?;
    complaints::take();
    let (area_before, area_after) = (before.area(), after.area());
    let is_small =
        area_after > 0.0 && (area_before - area_after).abs() <= MAX_AREA_CHANGE * area_before;
    match after.to_geo() {
        Ok(mended @ (Geometry::Polygon(_) | Geometry::MultiPolygon(_))) if is_small => {
            let note = finding(
                Severity::Warning,
                FindingCode::GeometryInvalid,
                format!(
                    "the polygon was not valid ({reason}) and was repaired; its area is the same within 0.1 %"
                ),
                "nothing to do, or mend it in QGIS with Fix geometries",
            );
            Ok((mended, Some(note)))
        }
        _ => Err(invalid(&reason)),
    }
}

#[cfg(test)]
mod tests {
    use geo_types::{point, polygon};

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
    fn a_bow_tie_is_refused_and_a_spike_is_repaired() {
        let bow_tie = polygon![(x: 0., y: 0.), (x: 1., y: 1.), (x: 1., y: 0.), (x: 0., y: 1.)];
        let refused = Placer::new(None).place(bow_tie.into()).unwrap_err();
        assert_eq!(refused.code, FindingCode::GeometryInvalid);

        // Out along the upper edge's line and back again: no area.
        let spike = polygon![
            (x: 0., y: 0.), (x: 1., y: 0.), (x: 1., y: 1.), (x: 2., y: 1.), (x: 1., y: 1.), (x: 0., y: 1.)
        ];
        let mended = Placer::new(None).place(spike.into()).unwrap();
        assert!(mended.note.is_some());
        assert!(matches!(
            mended.geometry,
            Some(Geometry::Polygon(_) | Geometry::MultiPolygon(_))
        ));
        let square: Geometry<f64> = geo_types::Rect::new((0.0, 0.0), (1.0, 1.0))
            .to_polygon()
            .into();
        let whole = Placer::new(None).place(square.clone()).unwrap();
        assert_eq!((whole.geometry, whole.note), (Some(square), None));
    }
}
