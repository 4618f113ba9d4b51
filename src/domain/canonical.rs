//! The canonical form of a record and its hash: what "unchanged" means.
//!
//! Two exports of the same data differ in the order of columns, in where a ring starts and which way it runs,
//! and in `null` against an empty text. The canonical form has none of these differences.

use std::cmp::Ordering;

use geo_types::{Coord, Geometry, LineString, MultiLineString, MultiPolygon};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Feature, Fields, LonLat, ModeSet, Record};

/// Coordinates are rounded to 1e-7°, about a centimetre on the ground.
const UNITS_PER_DEGREE: f64 = 1e7;

impl Record {
    /// SHA-256 over key, typed columns in fixed order, geometry, and extra columns in the order of their names.
    ///
    /// Empty text counts as null; coordinates are rounded to 1e-7°; rings start at their least vertex,
    /// shells run anticlockwise and holes clockwise. `origin` is about the file, not the record, and not included.
    pub fn content_hash(&self) -> [u8; 32] {
        let mut form = Canonical::default();
        form.text(Some(&self.key));
        form.columns(&self.feature);
        form.geometry(&self.feature);
        form.fields(&self.extra);
        form.later_columns(&self.feature);
        form.finish()
    }
}

/// The first 16 hexadecimal digits of the SHA-256 of the canonical geometry:
/// the key of a record whose source has no id column.
pub fn geometry_key(geometry: &Geometry<f64>) -> String {
    let mut form = Canonical::default();
    form.any(geometry);
    let first_bytes = form.finish()[..8]
        .iter()
        .fold(0_u64, |bytes, byte| bytes << 8 | u64::from(*byte));
    format!("{first_bytes:016x}")
}

/// Values written one after the other, each with its length or kind, so that none can pass for two.
#[derive(Default)]
struct Canonical(Vec<u8>);

impl Canonical {
    fn finish(self) -> [u8; 32] {
        Sha256::digest(&self.0).into()
    }

    fn columns(&mut self, feature: &Feature) {
        match feature {
            Feature::Village(village) => {
                self.text(Some("village"));
                self.text(Some(village.code.as_str()));
                self.text(Some(&village.name));
                self.text(village.kecamatan.as_deref());
                self.integer(village.population.map(|people| people.0));
            }
            Feature::Road(road) => {
                self.text(Some("road"));
                self.text(road.name.as_deref());
                self.text(Some(road.class.as_str()));
                self.text(road.surface.map(super::Surface::as_str));
                self.text(road.condition.map(super::Condition::as_str));
                self.number(road.width_m);
                self.text(Some(road.one_way.as_str()));
                self.integer(Some(i64::from(road.is_bridge)));
                self.text(road.season.map(super::SeasonAccess::as_str));
                self.number(road.max_speed_kmh);
            }
            Feature::Facility(facility) => {
                self.text(Some("facility"));
                self.text(facility.name.as_deref());
                self.text(facility.tier.as_deref());
                self.text(Some(facility.status.as_str()));
                self.number(facility.capacity);
                self.integer(facility.improved.map(i64::from));
                self.number(facility.queue_min);
                self.text(facility.confirmed_on.as_deref());
            }
            Feature::Settlement(settlement) => {
                self.text(Some("settlement"));
                self.text(settlement.name.as_deref());
                self.text(
                    settlement
                        .village_code
                        .as_ref()
                        .map(super::VillageCode::as_str),
                );
                self.integer(settlement.population.map(|people| people.0));
            }
            Feature::Barrier(barrier) => {
                self.text(Some("barrier"));
                self.text(barrier.kind.as_deref());
            }
            Feature::Crossing(crossing) => {
                self.text(Some("crossing"));
                self.text(Some(crossing.kind.as_str()));
                self.text(Some(crossing.season.as_str()));
            }
            Feature::VillageOffice(office) => {
                self.text(Some("village-office"));
                self.text(office.name.as_deref());
                self.text(office.village_code.as_ref().map(super::VillageCode::as_str));
            }
            Feature::VillageValues(table) => {
                self.text(Some("village-values"));
                self.text(Some(table.code.as_str()));
                self.text(table.period.as_deref());
                self.length(table.values.len());
                for (field, value) in &table.values {
                    self.text(Some(field));
                    self.number(Some(*value));
                }
            }
            Feature::RoadSection(section) => {
                self.text(Some("road-section"));
                self.text(Some(&section.road));
                self.number(Some(section.from_m));
                self.number(Some(section.to_m));
                self.text(section.surface.map(super::Surface::as_str));
                self.text(section.condition.map(super::Condition::as_str));
                self.number(section.width_m);
                self.text(section.season.map(super::SeasonAccess::as_str));
            }
            Feature::PopulationCell(cell) => {
                self.text(Some("population-cell"));
                self.integer(Some(cell.population.0));
            }
            Feature::ContextFeature(context) => {
                self.text(Some("context"));
                self.text(context.name.as_deref());
                self.text(context.kind.as_deref());
            }
        }
    }

    /// Columns that came after the first records were hashed: only where they say something,
    /// so that a record without them keeps its hash.
    fn later_columns(&mut self, feature: &Feature) {
        if let Feature::Facility(facility) = feature
            && let Some(season) = facility.season
        {
            self.text(Some("season"));
            self.text(Some(season.as_str()));
        }
        if let Feature::Road(road) = feature {
            if road.is_tunnel {
                self.text(Some("tunnel"));
            }
            if road.barred != ModeSet::NONE {
                self.text(Some("barred"));
                for mode in road.barred.iter() {
                    self.text(Some(mode.as_str()));
                }
            }
        }
    }

    fn geometry(&mut self, feature: &Feature) {
        match feature {
            Feature::Village(village) => self.area(&village.area),
            Feature::Road(road) => self.lines(&road.line),
            Feature::Barrier(barrier) => self.lines(&barrier.line),
            Feature::Facility(facility) => self.place(facility.place),
            Feature::Settlement(settlement) => self.place(settlement.place),
            Feature::Crossing(crossing) => self.place(crossing.place),
            Feature::VillageOffice(office) => self.place(office.place),
            Feature::VillageValues(_) | Feature::RoadSection(_) => {}
            Feature::PopulationCell(cell) => self.area(&cell.area),
            Feature::ContextFeature(context) => self.any(&context.geometry),
        }
    }

    /// A geometry of any kind; one part and a collection of one part are the same.
    fn any(&mut self, geometry: &Geometry<f64>) {
        match geometry {
            Geometry::Point(point) => self.vertices(&[vertex(point.0)]),
            Geometry::MultiPoint(points) => {
                let mut places: Vec<Vertex> = points.iter().map(|point| vertex(point.0)).collect();
                places.sort_unstable();
                self.vertices(&places);
            }
            Geometry::LineString(line) => self.lines(&MultiLineString(vec![line.clone()])),
            Geometry::MultiLineString(lines) => self.lines(lines),
            Geometry::Polygon(polygon) => self.area(&MultiPolygon(vec![polygon.clone()])),
            Geometry::MultiPolygon(area) => self.area(area),
            // Records hold none of the others.
            other => self.text(Some(&format!("{other:?}"))),
        }
    }

    fn fields(&mut self, fields: &Fields) {
        let mut filled: Vec<(&String, &Value)> = fields
            .iter()
            .filter(|(_, value)| !value.is_null() && value.as_str() != Some(""))
            .collect();
        filled.sort_by_key(|(name, _)| *name);
        self.length(filled.len());
        for (name, value) in filled {
            self.text(Some(name));
            match value {
                // A shapefile holds 5.0 where a GeoPackage holds 5.
                Value::Number(number) => self.number(number.as_f64()),
                Value::String(text) => self.text(Some(text)),
                other => self.text(Some(&other.to_string())),
            }
        }
    }

    fn place(&mut self, place: LonLat) {
        self.vertices(&[vertex(place.into())]);
    }

    fn lines(&mut self, lines: &MultiLineString<f64>) {
        self.length(lines.0.len());
        for line in lines {
            let vertices: Vec<Vertex> = line.coords().map(|coord| vertex(*coord)).collect();
            self.vertices(&vertices);
        }
    }

    fn area(&mut self, area: &MultiPolygon<f64>) {
        let mut parts: Vec<Vec<Vec<Vertex>>> = area
            .iter()
            .map(|polygon| {
                let mut holes: Vec<Vec<Vertex>> = polygon
                    .interiors()
                    .iter()
                    .map(|hole| canonical_ring(hole, Ordering::Less))
                    .collect();
                holes.sort_unstable();
                let mut rings = vec![canonical_ring(polygon.exterior(), Ordering::Greater)];
                rings.append(&mut holes);
                rings
            })
            .collect();
        parts.sort_unstable();
        self.length(parts.len());
        for rings in &parts {
            self.length(rings.len());
            for ring in rings {
                self.vertices(ring);
            }
        }
    }

    fn vertices(&mut self, vertices: &[Vertex]) {
        self.length(vertices.len());
        for (x, y) in vertices {
            self.0.extend(x.to_le_bytes());
            self.0.extend(y.to_le_bytes());
        }
    }

    fn text(&mut self, text: Option<&str>) {
        let text = text.unwrap_or_default();
        self.length(text.len());
        self.0.extend(text.as_bytes());
    }

    fn integer(&mut self, integer: Option<i64>) {
        self.optional(integer.map(i64::to_le_bytes));
    }

    fn number(&mut self, number: Option<f64>) {
        // Adding zero turns -0 into 0.
        self.optional(number.map(|number| (number + 0.0).to_le_bytes()));
    }

    fn optional(&mut self, bytes: Option<[u8; 8]>) {
        match bytes {
            Some(bytes) => {
                self.0.push(1);
                self.0.extend(bytes);
            }
            None => self.0.push(0),
        }
    }

    fn length(&mut self, length: usize) {
        self.0.extend((length as u64).to_le_bytes());
    }
}

/// Longitude and latitude in units of 1e-7°.
type Vertex = (i64, i64);

#[expect(
    clippy::cast_possible_truncation,
    reason = "180° is 1.8e9 units, far inside i64; `as` saturates beyond"
)]
fn vertex(coord: Coord<f64>) -> Vertex {
    (
        (coord.x * UNITS_PER_DEGREE).round() as i64,
        (coord.y * UNITS_PER_DEGREE).round() as i64,
    )
}

/// The ring without its closing vertex, its area of the sign wanted, starting where it reads least.
fn canonical_ring(ring: &LineString<f64>, wanted: Ordering) -> Vec<Vertex> {
    let mut vertices: Vec<Vertex> = ring.coords().map(|coord| vertex(*coord)).collect();
    if vertices.len() > 1 && vertices.first() == vertices.last() {
        vertices.pop();
    }
    if twice_area(&vertices).cmp(&0) == wanted.reverse() {
        vertices.reverse();
    }
    let start = least_rotation(&vertices);
    vertices.rotate_left(start);
    vertices
}

/// Twice the signed area, positive when anticlockwise (shoelace formula).
fn twice_area(ring: &[Vertex]) -> i128 {
    let following = ring.iter().skip(1).chain(ring.first());
    ring.iter()
        .zip(following)
        .map(|(a, b)| i128::from(a.0) * i128::from(b.1) - i128::from(b.0) * i128::from(a.1))
        .sum()
}

/// Where the lexicographically least rotation starts. `O(n)`.
///
/// Two candidate starts are compared from the front; at the first difference after `length` equal vertices,
/// none of the loser's next `length` starts can win either.
fn least_rotation(ring: &[Vertex]) -> usize {
    let n = ring.len();
    let (mut left, mut right, mut length) = (0, 1, 0);
    while left < n && right < n && length < n {
        match ring[(left + length) % n].cmp(&ring[(right + length) % n]) {
            Ordering::Equal => {
                length += 1;
                continue;
            }
            Ordering::Greater => left += length + 1,
            Ordering::Less => right += length + 1,
        }
        if left == right {
            right += 1;
        }
        length = 0;
    }
    left.min(right)
}

#[cfg(test)]
mod tests {
    use geo_types::{line_string, polygon};

    use super::super::{Mode, OneWay, Road, RoadClass, Village, VillageCode};
    use super::*;

    fn village(area: MultiPolygon<f64>) -> Record {
        Record {
            key: "15.03.01.2001".to_owned(),
            origin: None,
            feature: Feature::Village(Village {
                code: VillageCode::parse("15.03.01.2001").unwrap(),
                name: "Contoh".to_owned(),
                kecamatan: None,
                population: None,
                area,
            }),
            extra: Fields::new(),
        }
    }

    fn square_with_hole() -> MultiPolygon<f64> {
        polygon!(
            exterior: [(x: 0., y: 0.), (x: 4., y: 0.), (x: 4., y: 4.), (x: 0., y: 4.)],
            interiors: [[(x: 1., y: 1.), (x: 1., y: 2.), (x: 2., y: 2.), (x: 2., y: 1.)]],
        )
        .into()
    }

    #[test]
    fn where_a_ring_starts_and_which_way_it_runs_does_not_matter() {
        let other = polygon!(
            exterior: [(x: 4., y: 4.), (x: 4., y: 0.), (x: 0., y: 0.), (x: 0., y: 4.)],
            interiors: [[(x: 2., y: 2.), (x: 1., y: 2.), (x: 1., y: 1.), (x: 2., y: 1.)]],
        );
        assert_eq!(
            village(square_with_hole()).content_hash(),
            village(other.into()).content_hash()
        );
    }

    #[test]
    fn a_moved_vertex_matters_from_a_ten_millionth_of_a_degree_on() {
        let moved_by = |degrees: f64| {
            village(polygon![(x: 0., y: 0.), (x: 4. + degrees, y: 0.), (x: 4., y: 4.)].into())
                .content_hash()
        };
        assert_eq!(moved_by(0.0), moved_by(0.4e-7));
        assert_ne!(moved_by(0.0), moved_by(1.0e-7));
    }

    #[test]
    fn an_empty_column_is_no_column_and_five_is_five() {
        let with = |extra: Value| {
            let Value::Object(extra) = extra else {
                unreachable!("the tests pass objects")
            };
            let record = Record {
                extra,
                ..village(square_with_hole())
            };
            record.content_hash()
        };
        let five = serde_json::json!({"a": 5});
        assert_eq!(
            with(five.clone()),
            with(serde_json::json!({"b": "", "c": null, "a": 5.0}))
        );
        assert_ne!(with(five), with(serde_json::json!({"a": 6})));
    }

    #[test]
    fn the_direction_of_a_line_matters() {
        let there = geometry_key(&line_string![(x: 0., y: 0.), (x: 1., y: 0.)].into());
        let back = geometry_key(&line_string![(x: 1., y: 0.), (x: 0., y: 0.)].into());
        assert_ne!(there, back);
        assert_eq!(there.len(), 16);
    }

    #[test]
    fn the_least_rotation_is_the_least_of_all_rotations() {
        // Every ring of five vertices over three values: 3^5 cases.
        for case in 0..243_i64 {
            let ring: Vec<Vertex> = (0..5).map(|at| (case / 3_i64.pow(at) % 3, 0)).collect();
            let rotated = |by: usize| {
                let mut rotated = ring.clone();
                rotated.rotate_left(by);
                rotated
            };
            let least = (0..5).map(rotated).min().unwrap();
            assert_eq!(rotated(least_rotation(&ring)), least);
        }
    }

    fn road(is_tunnel: bool, barred: ModeSet) -> [u8; 32] {
        let record = Record {
            key: "1".to_owned(),
            origin: None,
            feature: Feature::Road(Road {
                name: None,
                class: RoadClass::Path,
                surface: None,
                condition: None,
                width_m: None,
                one_way: OneWay::No,
                is_bridge: false,
                is_tunnel,
                barred,
                season: None,
                max_speed_kmh: None,
                line: MultiLineString(vec![line_string![(x: 0., y: 0.), (x: 1., y: 0.)]]),
            }),
            extra: Fields::new(),
        };
        record.content_hash()
    }

    #[test]
    fn a_road_that_bars_nobody_has_the_hash_it_had_before_roads_could_bar() {
        let mut form = Canonical::default();
        form.text(Some("1"));
        form.text(Some("road"));
        form.text(None);
        form.text(Some("path"));
        form.text(None);
        form.text(None);
        form.number(None);
        form.text(Some("no"));
        form.integer(Some(0));
        form.text(None);
        form.number(None);
        form.lines(&MultiLineString(vec![
            line_string![(x: 0., y: 0.), (x: 1., y: 0.)],
        ]));
        form.length(0);
        assert_eq!(road(false, ModeSet::NONE), form.finish());
    }

    #[test]
    fn a_tunnel_and_each_set_of_barred_modes_has_a_hash_of_its_own() {
        let car = ModeSet::NONE.with(Mode::Car);
        let hashes = [
            road(false, ModeSet::NONE),
            road(true, ModeSet::NONE),
            road(false, car),
            road(true, car),
            road(false, car.with(Mode::Foot)),
        ];
        let different: std::collections::BTreeSet<_> = hashes.iter().collect();
        assert_eq!(different.len(), hashes.len());
    }
}
