//! Geometries between `geo` and PostGIS. EPSG:4326, longitude first, on both sides.

use geo_types::{Coord, LineString, MultiLineString, MultiPolygon, Polygon};
use postgis::ewkb;
use tokio_postgres::types::{Kind, Type};

use super::error::StoreError;
use crate::domain::LonLat;

const SRID: Option<i32> = Some(4326);

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

fn to_polygon(polygon: &Polygon<f64>) -> ewkb::Polygon {
    let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
    ewkb::PolygonT {
        rings: rings.map(to_line).collect(),
        srid: SRID,
    }
}

fn to_line(line: &LineString<f64>) -> ewkb::LineString {
    let points = line.coords().map(|coord| ewkb::Point {
        x: coord.x,
        y: coord.y,
        srid: SRID,
    });
    ewkb::LineStringT {
        points: points.collect(),
        srid: SRID,
    }
}

/// A place as it was stored.
pub(super) fn from_point(point: ewkb::Point) -> Result<LonLat, StoreError> {
    LonLat::parse(point.x, point.y).map_err(StoreError::unreadable("a stored place"))
}

/// Lines as they were stored.
pub(super) fn from_lines(lines: &ewkb::MultiLineString) -> MultiLineString<f64> {
    let lines = lines.lines.iter().map(|line| {
        let coords = line.points.iter().map(|point| Coord {
            x: point.x,
            y: point.y,
        });
        LineString(coords.collect())
    });
    MultiLineString(lines.collect())
}
