//! Polygons that are not valid: rebuilt from their lines where that changes next to nothing, else refused.

use gdal::cpl::CslStringList;
use gdal::errors::Result as GdalResult;
use gdal::spatial_ref::{AxisMappingStrategy, CoordTransform, SpatialRef};
use gdal::vector::{Geometry as GdalGeometry, ToGdal};
use geo_types::{Geometry, MultiPolygon, Polygon};

use crate::domain::{Finding, FindingCode, Severity};
use crate::ingest::findings::error;

use super::complaints;

/// A repair may change the area by this share of it; more is another shape.
const MAX_AREA_CHANGE: f64 = 0.001;

/// Ground that a repair may give or take: 1 ha.
const MAX_MOVED_M2: f64 = 10_000.0;

const M2_PER_HECTARE: f64 = 10_000.0;

/// Lambert's cylindrical equal-area system (EASE-Grid 2.0), in which areas are those of the ellipsoid.
const EQUAL_AREA: u32 = 6933;

/// What a repair did to a polygon, in square metres.
struct Change {
    /// As the rings say: those of holes taken from those of shells.
    before: f64,
    after: f64,
    /// Ground that is in one of two readings of the rings and not in the other: inside an odd number of rings, and
    /// after the repair.
    moved: f64,
}

impl Change {
    fn is_small(&self) -> bool {
        let changed = (self.before - self.after).abs();
        self.after > 0.0 && changed <= MAX_AREA_CHANGE * self.before && self.moved <= MAX_MOVED_M2
    }
}

/// The geometry as it is where it is valid or no area; else mended, with a warning.
///
/// An area may fall into several that touch; it never becomes a line or a point.
///
/// # Errors
/// The repair would change the area by more than 0.1 %, or give or take more than 1 ha.
pub(super) fn repaired(
    geometry: Geometry<f64>,
) -> Result<(Geometry<f64>, Option<Finding>), Finding> {
    if !matches!(geometry, Geometry::Polygon(_) | Geometry::MultiPolygon(_)) {
        return Ok((geometry, None));
    }
    complaints::take();
    let before = geometry
        .to_gdal()
        .map_err(|cause| invalid(&cause.to_string(), None))?;
    if before.is_valid() {
        return Ok((geometry, None));
    }
    let reason = complaints::take()
        .into_iter()
        .next()
        .map_or_else(|| "its rings cross".to_owned(), |complaint| complaint.text);
    let mended = mended(&before);
    complaints::take();
    match mended {
        Ok((mended, change)) if change.is_small() => {
            let note = Finding::new(
                Severity::Warning,
                FindingCode::GeometryInvalid,
                format!(
                    "the polygon was not valid ({reason}) and was repaired; its area was {} and is {}",
                    hectares(change.before),
                    hectares(change.after)
                ),
                "nothing to do, or mend it in QGIS with Fix geometries",
            );
            Ok((mended, Some(note)))
        }
        Ok((_, change)) => Err(invalid(&reason, Some(&change))),
        Err(_cause) => Err(invalid(&reason, None)),
    }
}

fn invalid(reason: &str, change: Option<&Change>) -> Finding {
    let would_be = change.map_or_else(String::new, |change| {
        format!(
            "; its area is {}, repaired it would be {}, and {} of ground would change sides",
            hectares(change.before),
            hectares(change.after),
            hectares(change.moved)
        )
    });
    error(
        FindingCode::GeometryInvalid,
        format!("the polygon is not valid: {reason}{would_be}"),
        "mend it in QGIS with Fix geometries, and look at the result",
    )
}

fn hectares(area_m2: f64) -> String {
    format!("{:.2} ha", area_m2 / M2_PER_HECTARE)
}

fn mended(invalid: &GdalGeometry) -> GdalResult<(Geometry<f64>, Change)> {
    let structure = CslStringList::from_iter(["METHOD=STRUCTURE", "KEEP_COLLAPSED=NO"]);
    let mended = areas(invalid.make_valid(&structure)?.to_geo()?);
    let line_work = CslStringList::from_iter(["METHOD=LINEWORK"]);
    let odd = areas(invalid.make_valid(&line_work)?.to_geo()?);
    let to_metres = equal_area()?;
    let flat = mended.to_gdal()?.transform(&to_metres)?;
    let odd = odd.to_gdal()?.transform(&to_metres)?;
    let common = flat.intersection(&odd).map_or(0.0, |common| common.area());
    let (before, after) = (invalid.transform(&to_metres)?.area(), flat.area());
    let symmetric_difference = after + odd.area() - 2.0 * common;
    let change = Change {
        before,
        after,
        // Two sets of different area differ at least by that.
        moved: symmetric_difference.max((before - after).abs()),
    };
    Ok((single(mended), change))
}

/// The areas of what a repair leaves; lines and points to which parts collapsed are left out.
fn areas(geometry: Geometry<f64>) -> MultiPolygon<f64> {
    MultiPolygon(parts(geometry))
}

fn parts(geometry: Geometry<f64>) -> Vec<Polygon<f64>> {
    match geometry {
        Geometry::Polygon(polygon) => vec![polygon],
        Geometry::MultiPolygon(polygons) => polygons.0,
        Geometry::GeometryCollection(collection) => {
            collection.0.into_iter().flat_map(parts).collect()
        }
        _ => Vec::new(),
    }
}

fn single(mut areas: MultiPolygon<f64>) -> Geometry<f64> {
    match (areas.0.pop(), areas.0.is_empty()) {
        (Some(only), true) => only.into(),
        (last, _) => {
            areas.0.extend(last);
            areas.into()
        }
    }
}

/// From longitude and latitude to square metres that are true.
fn equal_area() -> GdalResult<CoordTransform> {
    let mut degrees = SpatialRef::from_epsg(4326)?;
    degrees.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    let mut metres = SpatialRef::from_epsg(EQUAL_AREA)?;
    metres.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    CoordTransform::new(&degrees, &metres)
}

#[cfg(test)]
mod tests {
    use geo_types::polygon;

    use super::*;

    /// Sides of about 1.1 km at the equator: about 123 ha.
    const SIDE_DEG: f64 = 0.01;

    /// A square with a bow tie at its corner whose crossing loop has sides of `loop_deg`.
    fn with_loop(loop_deg: f64) -> Geometry<f64> {
        polygon![
            (x: 0.0, y: 0.0),
            (x: SIDE_DEG, y: 0.0),
            (x: SIDE_DEG, y: SIDE_DEG),
            (x: loop_deg, y: SIDE_DEG),
            (x: -loop_deg, y: SIDE_DEG + loop_deg),
            (x: -loop_deg, y: SIDE_DEG),
            (x: 0.0, y: SIDE_DEG),
        ]
        .into()
    }

    #[test]
    fn a_bow_tie_is_refused_with_both_areas() {
        let bow_tie =
            polygon![(x: 0., y: 0.), (x: 0.01, y: 0.01), (x: 0.01, y: 0.), (x: 0., y: 0.01)];
        let refused = repaired(bow_tie.into()).unwrap_err();
        assert_eq!(refused.code, FindingCode::GeometryInvalid);
        assert!(
            refused
                .cause
                .contains("its area is 0.00 ha, repaired it would be 61.5"),
            "{}",
            refused.cause
        );
    }

    #[test]
    fn a_spike_is_repaired_and_the_areas_are_hectares_of_the_ellipsoid() {
        // Out along the upper edge's line and back again: no area.
        let spike = polygon![
            (x: 0., y: 0.), (x: 0.01, y: 0.), (x: 0.01, y: 0.01), (x: 0.02, y: 0.01), (x: 0.01, y: 0.01),
            (x: 0., y: 0.01)
        ];
        let (mended, note) = repaired(spike.into()).unwrap();
        assert!(matches!(mended, Geometry::Polygon(_)));
        // 0.01 degrees are 1,113.195 m along the equator and 1,105.743 m along the meridian: 123.09 ha.
        let cause = note.unwrap().cause;
        assert!(
            cause.ends_with("its area was 123.09 ha and is 123.09 ha"),
            "{cause}"
        );
    }

    #[test]
    fn a_repair_that_moves_more_than_a_hectare_is_refused_although_its_share_is_small() {
        let small = repaired(with_loop(0.0001));
        assert!(small.is_ok(), "{small:?}");
        // A hole of 2.5 ha outside a shell of 12,309 ha: 0.02 % of its area.
        let hole_outside = Polygon::new(
            geo_types::Rect::new((0.0, 0.0), (0.1, 0.1))
                .to_polygon()
                .exterior()
                .clone(),
            vec![
                geo_types::Rect::new((0.2, 0.2), (0.2014, 0.2014))
                    .to_polygon()
                    .exterior()
                    .clone(),
            ],
        );
        let refused = repaired(hole_outside.into()).unwrap_err();
        assert!(
            refused.cause.contains("of ground would change sides"),
            "{}",
            refused.cause
        );
    }

    #[test]
    fn what_is_valid_stays_as_it_is() {
        let square: Geometry<f64> = geo_types::Rect::new((0.0, 0.0), (1.0, 1.0))
            .to_polygon()
            .into();
        assert_eq!(repaired(square.clone()).unwrap(), (square, None));
    }
}
