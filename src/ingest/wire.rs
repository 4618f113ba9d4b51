//! Geometries on the pipe between child and parent: collections one deep, so that no bytes make the parent recurse.

use geo_types::{
    Geometry, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point,
    Polygon,
};
use serde::de::Deserializer;
use serde::ser::{Error as _, Serializer};
use serde::{Deserialize, Serialize};

/// A geometry as it is written; the variants are those of [`Read`], in the same order.
#[derive(Serialize)]
enum Written<'a> {
    None,
    One(Simple<'a>),
    Several(Vec<Simple<'a>>),
}

#[derive(Serialize)]
enum Simple<'a> {
    Point(&'a Point<f64>),
    MultiPoint(&'a MultiPoint<f64>),
    LineString(&'a LineString<f64>),
    MultiLineString(&'a MultiLineString<f64>),
    Polygon(&'a Polygon<f64>),
    MultiPolygon(&'a MultiPolygon<f64>),
}

#[derive(Deserialize)]
enum Read {
    None,
    One(ReadSimple),
    Several(Vec<ReadSimple>),
}

#[derive(Deserialize)]
enum ReadSimple {
    Point(Point<f64>),
    MultiPoint(MultiPoint<f64>),
    LineString(LineString<f64>),
    MultiLineString(MultiLineString<f64>),
    Polygon(Polygon<f64>),
    MultiPolygon(MultiPolygon<f64>),
}

/// Writes a geometry; what collections in a collection hold stands beside each other.
///
/// # Errors
/// It is of a kind that no file has.
#[expect(clippy::ref_option, reason = "this is how serde hands a field over")]
pub(super) fn serialize<S: Serializer>(
    geometry: &Option<Geometry<f64>>,
    to: S,
) -> Result<S::Ok, S::Error> {
    let written = match geometry {
        None => Written::None,
        Some(Geometry::GeometryCollection(collection)) => {
            Written::Several(flat(collection).ok_or_else(no_kind::<S>)?)
        }
        Some(geometry) => Written::One(simple(geometry).ok_or_else(no_kind::<S>)?),
    };
    written.serialize(to)
}

fn no_kind<S: Serializer>() -> S::Error {
    S::Error::custom("a geometry of a kind that no file has")
}

fn simple(geometry: &Geometry<f64>) -> Option<Simple<'_>> {
    match geometry {
        Geometry::Point(point) => Some(Simple::Point(point)),
        Geometry::MultiPoint(points) => Some(Simple::MultiPoint(points)),
        Geometry::LineString(line) => Some(Simple::LineString(line)),
        Geometry::MultiLineString(lines) => Some(Simple::MultiLineString(lines)),
        Geometry::Polygon(polygon) => Some(Simple::Polygon(polygon)),
        Geometry::MultiPolygon(polygons) => Some(Simple::MultiPolygon(polygons)),
        _ => None,
    }
}

fn flat(collection: &GeometryCollection<f64>) -> Option<Vec<Simple<'_>>> {
    let mut found = Vec::new();
    // Last first, so that the order stays.
    let mut left: Vec<&Geometry<f64>> = collection.0.iter().rev().collect();
    while let Some(geometry) = left.pop() {
        match geometry {
            Geometry::GeometryCollection(inner) => left.extend(inner.0.iter().rev()),
            geometry => found.push(simple(geometry)?),
        }
    }
    Some(found)
}

/// Reads what [`serialize`] wrote.
///
/// # Errors
/// The bytes are something else.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<Geometry<f64>>, D::Error> {
    Ok(match Read::deserialize(from)? {
        Read::None => None,
        Read::One(simple) => Some(simple.into()),
        Read::Several(several) => {
            let geometries = several.into_iter().map(Geometry::from).collect();
            Some(Geometry::GeometryCollection(GeometryCollection(geometries)))
        }
    })
}

impl From<ReadSimple> for Geometry<f64> {
    fn from(simple: ReadSimple) -> Self {
        match simple {
            ReadSimple::Point(point) => point.into(),
            ReadSimple::MultiPoint(points) => points.into(),
            ReadSimple::LineString(line) => line.into(),
            ReadSimple::MultiLineString(lines) => lines.into(),
            ReadSimple::Polygon(polygon) => polygon.into(),
            ReadSimple::MultiPolygon(polygons) => polygons.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use geo_types::{line_string, point, polygon};

    use super::*;

    #[derive(Serialize, Deserialize)]
    struct Carrier(#[serde(with = "super")] Option<Geometry<f64>>);

    fn carried(geometry: Option<Geometry<f64>>) -> Option<Geometry<f64>> {
        let bytes = postcard::to_stdvec(&Carrier(geometry)).unwrap();
        postcard::from_bytes::<Carrier>(&bytes).unwrap().0
    }

    #[test]
    fn every_kind_survives() {
        let ring = polygon![(x: 0., y: 0.), (x: 1., y: 0.), (x: 0., y: 1.)];
        let line = line_string![(x: 0., y: 0.), (x: 1., y: 0.)];
        let kinds: [Geometry<f64>; 7] = [
            point!(x: 1., y: 2.).into(),
            MultiPoint(vec![point!(x: 1., y: 2.)]).into(),
            line.clone().into(),
            MultiLineString(vec![line]).into(),
            ring.clone().into(),
            MultiPolygon(vec![ring]).into(),
            Geometry::GeometryCollection(GeometryCollection(vec![point!(x: 1., y: 2.).into()])),
        ];
        for geometry in kinds {
            assert_eq!(carried(Some(geometry.clone())), Some(geometry));
        }
        assert_eq!(carried(None), None);
    }

    #[test]
    fn collections_in_collections_are_one_and_keep_their_order() {
        let point = |x: f64| Geometry::from(point!(x: x, y: 0.));
        let inner = Geometry::GeometryCollection(GeometryCollection(vec![point(2.), point(3.)]));
        let outer = GeometryCollection(vec![point(1.), inner, point(4.)]);
        let expected = GeometryCollection([1., 2., 3., 4.].map(point).to_vec());
        assert_eq!(
            carried(Some(Geometry::GeometryCollection(outer))),
            Some(Geometry::GeometryCollection(expected))
        );
    }
}
