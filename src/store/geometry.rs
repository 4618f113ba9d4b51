//! Geometries between `geo` and PostGIS. EPSG:4326, longitude first, on both sides, unless a name says otherwise.

use geo_types::{Coord, Geometry, LineString, MultiLineString, MultiPoint, MultiPolygon, Polygon};
use postgis::ewkb;
use tokio_postgres::types::{Kind, Type};

use super::error::StoreError;
use crate::domain::LonLat;

const SRID: Option<i32> = Some(4326);

const WEB_MERCATOR: Option<i32> = Some(3857);

/// PostGIS's type as the binary COPY needs it: by name, since its number differs from database to database.
pub(super) fn geometry_type() -> Type {
    Type::new("geometry".to_owned(), 0, Kind::Simple, "public".to_owned())
}

/// A place as PostGIS takes it.
pub(super) fn to_point(place: LonLat) -> ewkb::Point {
    ewkb::Point {
        x: place.lon(),
        y: place.lat(),
        srid: SRID,
    }
}

/// Lines as PostGIS takes them.
pub(super) fn to_lines(lines: &MultiLineString<f64>) -> ewkb::MultiLineString {
    ewkb::MultiLineStringT {
        lines: lines.iter().map(to_line).collect(),
        srid: SRID,
    }
}

/// An area as PostGIS takes it.
pub(super) fn to_area(area: &MultiPolygon<f64>) -> ewkb::MultiPolygon {
    ewkb::MultiPolygonT {
        polygons: area.iter().map(to_polygon).collect(),
        srid: SRID,
    }
}

/// A geometry of any kind that a record may have, as PostGIS takes it.
pub(super) fn to_any(geometry: &Geometry<f64>) -> ewkb::Geometry {
    match geometry {
        Geometry::Point(point) => ewkb::GeometryT::Point(to_vertex(point.0)),
        Geometry::MultiPoint(points) => ewkb::GeometryT::MultiPoint(ewkb::MultiPointT {
            points: points.iter().map(|point| to_vertex(point.0)).collect(),
            srid: SRID,
        }),
        Geometry::LineString(line) => ewkb::GeometryT::LineString(to_line(line)),
        Geometry::MultiLineString(lines) => ewkb::GeometryT::MultiLineString(to_lines(lines)),
        Geometry::Polygon(polygon) => ewkb::GeometryT::Polygon(to_polygon(polygon)),
        Geometry::MultiPolygon(area) => ewkb::GeometryT::MultiPolygon(to_area(area)),
        // Records hold none of the others.
        _ => ewkb::GeometryT::MultiPoint(ewkb::MultiPointT {
            points: Vec::new(),
            srid: SRID,
        }),
    }
}

/// An area in EPSG:3857 as PostGIS takes it.
pub(super) fn to_web_mercator_area(area: &MultiPolygon<f64>) -> ewkb::MultiPolygon {
    ewkb::MultiPolygonT {
        srid: WEB_MERCATOR,
        ..to_area(area)
    }
}

/// Lines in EPSG:3857 as PostGIS takes them.
pub(super) fn to_web_mercator_lines(lines: &MultiLineString<f64>) -> ewkb::MultiLineString {
    ewkb::MultiLineStringT {
        srid: WEB_MERCATOR,
        ..to_lines(lines)
    }
}

fn to_polygon(polygon: &Polygon<f64>) -> ewkb::Polygon {
    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    ewkb::PolygonT {
        rings: rings.map(to_line).collect(),
        srid: SRID,
    }
}

fn to_line(line: &LineString<f64>) -> ewkb::LineString {
    ewkb::LineStringT {
        points: line.coords().copied().map(to_vertex).collect(),
        srid: SRID,
    }
}

fn to_vertex(Coord { x, y }: Coord<f64>) -> ewkb::Point {
    ewkb::Point { x, y, srid: SRID }
}

/// A place as it was stored.
pub(super) fn from_point(point: ewkb::Point) -> Result<LonLat, StoreError> {
    LonLat::parse(point.x, point.y).map_err(StoreError::unreadable("a stored place"))
}

/// Lines as they were stored.
pub(super) fn from_lines(lines: &ewkb::MultiLineString) -> MultiLineString<f64> {
    MultiLineString(lines.lines.iter().map(from_line).collect())
}

/// An area as it was stored, in the coordinate system that it was stored in.
pub(super) fn from_area(area: &ewkb::MultiPolygon) -> MultiPolygon<f64> {
    MultiPolygon(area.polygons.iter().map(from_polygon).collect())
}

fn from_polygon(polygon: &ewkb::Polygon) -> Polygon<f64> {
    let mut rings = polygon.rings.iter().map(from_line);
    let shell = rings.next().unwrap_or_else(|| LineString(Vec::new()));
    Polygon::new(shell, rings.collect())
}

/// A geometry of any kind that a record may have, as it was stored.
///
/// # Errors
/// It is a collection, which no record holds.
pub(super) fn from_any(geometry: &ewkb::Geometry) -> Result<Geometry<f64>, StoreError> {
    let point = |point: &ewkb::Point| geo_types::Point::new(point.x, point.y);
    Ok(match geometry {
        ewkb::GeometryT::Point(place) => point(place).into(),
        ewkb::GeometryT::MultiPoint(places) => {
            MultiPoint(places.points.iter().map(point).collect()).into()
        }
        ewkb::GeometryT::LineString(line) => from_line(line).into(),
        ewkb::GeometryT::MultiLineString(lines) => from_lines(lines).into(),
        ewkb::GeometryT::Polygon(polygon) => from_polygon(polygon).into(),
        ewkb::GeometryT::MultiPolygon(area) => from_area(area).into(),
        ewkb::GeometryT::GeometryCollection(_) => {
            return Err(StoreError::unreadable("a stored geometry")("a collection"));
        }
    })
}

fn from_line(line: &ewkb::LineString) -> LineString<f64> {
    let coords = line.points.iter().map(|point| Coord {
        x: point.x,
        y: point.y,
    });
    LineString(coords.collect())
}
