//! The geometry that a layer needs, from whatever geometry the file has.

use geo::orient::Direction;
use geo::{InteriorPoint, Orient};
use geo_types::{Geometry, LineString, MultiLineString, MultiPolygon, Point, Polygon};

use crate::domain::{Finding, FindingCode, LonLat, RecordKind};

use super::findings::error;

/// A place: the point itself, or a point on the surface of an area.
///
/// # Errors
/// It is a line, several points, or an area without a surface.
pub(super) fn place(geometry: Geometry<f64>) -> Result<LonLat, Finding> {
    let point = match single(geometry) {
        Geometry::Point(point) => Some(point),
        Geometry::MultiPoint(points) if points.0.len() == 1 => points.0.into_iter().next(),
        Geometry::Polygon(polygon) => polygon.interior_point(),
        Geometry::MultiPolygon(polygons) => polygons.interior_point(),
        other => return Err(wrong_type(&other, "a point or an area")),
    };
    point
        .and_then(|point| LonLat::parse(point.x(), point.y()).ok())
        .ok_or_else(|| degenerate("the area has no surface to put a point on"))
}

/// Lines, without parts that have no length.
///
/// # Errors
/// It is no line, or has no length.
pub(super) fn lines(geometry: Geometry<f64>) -> Result<MultiLineString<f64>, Finding> {
    match single(geometry) {
        Geometry::LineString(line) => with_length(vec![line]),
        Geometry::MultiLineString(lines) => with_length(lines.0),
        other => Err(wrong_type(&other, "a line")),
    }
}

/// Lines, or the rings of areas.
///
/// # Errors
/// It is neither, or has no length.
pub(super) fn lines_or_rings(geometry: Geometry<f64>) -> Result<MultiLineString<f64>, Finding> {
    match single(geometry) {
        Geometry::Polygon(polygon) => with_length(rings(polygon).collect()),
        Geometry::MultiPolygon(polygons) => {
            with_length(polygons.into_iter().flat_map(rings).collect())
        }
        other => lines(other),
    }
}

/// An area, its shells anticlockwise and its holes clockwise.
///
/// # Errors
/// It is no area.
pub(super) fn area(geometry: Geometry<f64>) -> Result<MultiPolygon<f64>, Finding> {
    match single(geometry) {
        Geometry::Polygon(polygon) => Ok(MultiPolygon(vec![polygon.orient(Direction::Default)])),
        Geometry::MultiPolygon(polygons) => Ok(polygons.orient(Direction::Default)),
        other => Err(wrong_type(&other, "an area")),
    }
}

/// Any geometry of one kind: a point, or points, lines or an area in parts.
///
/// # Errors
/// It mixes kinds, or is of none that has a place.
pub(super) fn any(geometry: Geometry<f64>) -> Result<Geometry<f64>, Finding> {
    match single(geometry) {
        Geometry::Point(point) => Ok(point.into()),
        Geometry::MultiPoint(points) if points.0.len() == 1 => Ok(points.0[0].into()),
        Geometry::MultiPoint(points) => Ok(points.into()),
        line @ (Geometry::LineString(_) | Geometry::MultiLineString(_)) => Ok(lines(line)?.into()),
        polygon @ (Geometry::Polygon(_) | Geometry::MultiPolygon(_)) => Ok(area(polygon)?.into()),
        other => Err(wrong_type(&other, "points, lines or areas")),
    }
}

/// The geometry as records of a kind have it.
///
/// # Errors
/// It is none for this kind.
pub(super) fn of_kind(kind: RecordKind, geometry: Geometry<f64>) -> Result<Geometry<f64>, Finding> {
    Ok(match kind {
        RecordKind::Village | RecordKind::PopulationCell => area(geometry)?.into(),
        RecordKind::Road => lines(geometry)?.into(),
        RecordKind::Barrier => lines_or_rings(geometry)?.into(),
        RecordKind::Facility
        | RecordKind::Settlement
        | RecordKind::VillageOffice
        | RecordKind::Crossing => {
            let place = place(geometry)?;
            Point::new(place.lon(), place.lat()).into()
        }
        RecordKind::VillageValues | RecordKind::RoadSection | RecordKind::ContextFeature => {
            any(geometry)?
        }
    })
}

/// A collection of one is what it holds.
fn single(geometry: Geometry<f64>) -> Geometry<f64> {
    match geometry {
        Geometry::GeometryCollection(mut collection) if collection.0.len() == 1 => {
            collection.0.remove(0)
        }
        other => other,
    }
}

fn rings(polygon: Polygon<f64>) -> impl Iterator<Item = LineString<f64>> {
    let (exterior, interiors) = polygon.into_inner();
    std::iter::once(exterior).chain(interiors)
}

fn with_length(mut lines: Vec<LineString<f64>>) -> Result<MultiLineString<f64>, Finding> {
    lines.retain(|line| line.coords().any(|coord| *coord != line.0[0]));
    if lines.is_empty() {
        return Err(degenerate("the line has no length"));
    }
    Ok(MultiLineString(lines))
}

fn wrong_type(found: &Geometry<f64>, wanted: &str) -> Finding {
    let found = match found {
        Geometry::Point(_) => "a point",
        Geometry::MultiPoint(_) => "several points",
        Geometry::LineString(_) | Geometry::MultiLineString(_) => "a line",
        Geometry::Polygon(_) | Geometry::MultiPolygon(_) => "an area",
        _ => "a collection of several kinds",
    };
    error(
        FindingCode::GeometryType,
        format!("the geometry is {found}, and the layer needs {wanted}"),
        "choose another layer or file, or convert it in QGIS",
    )
}

fn degenerate(cause: &str) -> Finding {
    error(
        FindingCode::GeometryInvalid,
        cause,
        "delete the record, or draw it again",
    )
}

#[cfg(test)]
mod tests {
    use geo_types::{GeometryCollection, line_string, point, polygon};

    use super::*;

    #[test]
    fn an_area_stands_for_a_point_on_it() {
        // A U whose centroid lies outside.
        let u = polygon![
            (x: 0., y: 0.), (x: 9., y: 0.), (x: 9., y: 9.), (x: 8., y: 9.),
            (x: 8., y: 1.), (x: 1., y: 1.), (x: 1., y: 9.), (x: 0., y: 9.)
        ];
        let place = place(u.clone().into()).unwrap();
        assert!(geo::Contains::contains(
            &u,
            &Point::new(place.lon(), place.lat())
        ));
    }

    #[test]
    fn a_collection_of_one_is_what_it_holds() {
        let collection = GeometryCollection(vec![point!(x: 1., y: 2.).into()]);
        assert!(place(Geometry::GeometryCollection(collection)).is_ok());
    }

    #[test]
    fn parts_without_length_are_dropped_and_lines_of_nothing_refused() {
        let standing = line_string![(x: 1., y: 1.), (x: 1., y: 1.)];
        let going = line_string![(x: 1., y: 1.), (x: 2., y: 1.)];
        let both = MultiLineString(vec![standing.clone(), going.clone()]);
        assert_eq!(lines(both.into()).unwrap(), MultiLineString(vec![going]));
        let refused = lines(standing.into()).unwrap_err();
        assert_eq!(refused.code, FindingCode::GeometryInvalid);
    }

    #[test]
    fn a_point_is_no_road_and_a_line_no_village() {
        let point: Geometry<f64> = point!(x: 1., y: 2.).into();
        assert_eq!(lines(point).unwrap_err().code, FindingCode::GeometryType);
        let line: Geometry<f64> = line_string![(x: 0., y: 0.), (x: 1., y: 0.)].into();
        assert_eq!(area(line).unwrap_err().code, FindingCode::GeometryType);
    }
}
