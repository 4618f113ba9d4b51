//! Records from arithmetic, on a grid of squares around 102° E, 2° S.

use geo_types::{Coord, LineString, MultiLineString, MultiPolygon, Rect};
use jangkau::domain::{
    Barrier, Condition, ContextFeature, Crossing, CrossingKind, Facility, Feature, Fields, LonLat,
    Mode, OneWay, People, PopulationCell, Record, Road, RoadClass, RoadSection, SeasonAccess,
    Settlement, Status, Surface, Village, VillageCode, VillageOffice, VillageValues,
};
use serde_json::json;

/// Side of a square, about 1.1 km.
pub(super) const SIDE_DEG: f64 = 0.01;

/// Squares in a row.
const N_COLUMNS: u32 = 100;

/// The code of village `number`, counted from 0 and below 10,000.
pub(super) fn code(number: u32) -> VillageCode {
    VillageCode::parse(&format!("99.01.01.{number:04}")).unwrap()
}

/// The south-west corner of square `number`.
pub(super) fn corner(number: u32) -> Coord<f64> {
    Coord {
        x: 102.0 + f64::from(number % N_COLUMNS) * SIDE_DEG,
        y: -2.0 + f64::from(number / N_COLUMNS) * SIDE_DEG,
    }
}

/// The middle of square `number`.
pub(super) fn middle(number: u32) -> LonLat {
    let corner = corner(number);
    LonLat::parse(corner.x + SIDE_DEG / 2.0, corner.y + SIDE_DEG / 2.0).unwrap()
}

/// A village on square `number` with 100 people more than its number.
pub(super) fn village(number: u32) -> Record {
    let corner = corner(number);
    let opposite = Coord {
        x: corner.x + SIDE_DEG,
        y: corner.y + SIDE_DEG,
    };
    let code = code(number);
    Record {
        key: code.as_str().to_owned(),
        origin: None,
        feature: Feature::Village(Village {
            code,
            name: format!("Contoh {number}"),
            kecamatan: Some("Kecamatan Contoh".to_owned()),
            population: Some(People::from_count(f64::from(number + 100))),
            area: MultiPolygon(vec![Rect::new(corner, opposite).to_polygon()]),
        }),
        extra: Fields::new(),
    }
}

/// Villages on the first `n` squares.
pub(super) fn villages(n: u32) -> Vec<Record> {
    (0..n).map(village).collect()
}

/// A settlement in the middle of square `number`.
pub(super) fn settlement(number: u32, village_code: Option<VillageCode>) -> Record {
    record(
        &format!("S-{number:04}"),
        Feature::Settlement(Settlement {
            name: None,
            village_code,
            population: Some(People::ONE),
            place: middle(number),
        }),
    )
}

/// A cell of as many people, from one corner in degrees to another.
pub(super) fn cell(
    key: &str,
    people: f64,
    west_south: Coord<f64>,
    east_north: Coord<f64>,
) -> Record {
    record(
        key,
        Feature::PopulationCell(PopulationCell {
            population: People::from_count(people),
            area: MultiPolygon(vec![Rect::new(west_south, east_north).to_polygon()]),
        }),
    )
}

/// A facility that says everything a facility can say.
pub(super) fn facility(key: &str, number: u32) -> Record {
    record(
        key,
        Feature::Facility(Facility {
            name: Some("Puskesmas Contoh".to_owned()),
            tier: Some("puskesmas".to_owned()),
            status: Status::Functioning,
            capacity: Some(12.5),
            improved: Some(true),
            queue_min: Some(10.0),
            season: Some(SeasonAccess::Wet),
            confirmed_on: Some("2024-02-29".to_owned()),
            place: middle(number),
        }),
    )
}

/// A road in two parts that says everything a road can say.
pub(super) fn road(key: &str) -> Record {
    record(
        key,
        Feature::Road(Road {
            name: Some("Jalan Contoh".to_owned()),
            class: RoadClass::Tertiary,
            surface: Some(Surface::Gravel),
            condition: Some(Condition::VeryPoor),
            width_m: Some(3.5),
            one_way: OneWay::Backward,
            is_bridge: true,
            is_tunnel: true,
            barred: [Mode::Car, Mode::Ambulance].into_iter().collect(),
            season: Some(SeasonAccess::Dry),
            max_speed_kmh: Some(40.0),
            line: lines(),
        }),
    )
}

/// A river.
pub(super) fn barrier(key: &str) -> Record {
    record(
        key,
        Feature::Barrier(Barrier {
            kind: Some("river".to_owned()),
            line: lines(),
        }),
    )
}

/// A ford in the dry season.
pub(super) fn crossing(key: &str) -> Record {
    record(
        key,
        Feature::Crossing(Crossing {
            kind: CrossingKind::Ford,
            season: SeasonAccess::Dry,
            place: middle(0),
        }),
    )
}

/// The office of the first village.
pub(super) fn office(key: &str) -> Record {
    record(
        key,
        Feature::VillageOffice(VillageOffice {
            name: Some("Kantor Desa Contoh".to_owned()),
            village_code: Some(code(0)),
            place: middle(0),
        }),
    )
}

/// What a table says of village `number`: its people.
pub(super) fn population(number: u32, people: f64) -> Record {
    let code = code(number);
    record(
        code.as_str(),
        Feature::VillageValues(VillageValues {
            code: code.clone(),
            period: Some("2025".to_owned()),
            values: [("population".to_owned(), people)].into(),
        }),
    )
}

/// A stretch of a road that a survey found paved.
pub(super) fn section(road: &str, from_m: f64, to_m: f64) -> Record {
    record(
        &format!("{road}:{from_m}-{to_m}"),
        Feature::RoadSection(RoadSection {
            road: road.to_owned(),
            from_m,
            to_m,
            surface: Some(Surface::Paved),
            condition: Some(Condition::Good),
            width_m: Some(4.0),
            season: None,
        }),
    )
}

/// An area for context, on the first square.
pub(super) fn forest(key: &str) -> Record {
    let Feature::Village(village) = village(0).feature else {
        unreachable!("a village is a village");
    };
    record(
        key,
        Feature::ContextFeature(ContextFeature {
            name: None,
            kind: Some("hutan lindung".to_owned()),
            geometry: village.area.into(),
        }),
    )
}

fn lines() -> MultiLineString<f64> {
    MultiLineString(vec![
        LineString(vec![corner(0), corner(1), corner(2)]),
        LineString(vec![corner(3), corner(4)]),
    ])
}

fn record(key: &str, feature: Feature) -> Record {
    let extra = json!({"keterangan": "apa saja", "nomor": 7});
    Record {
        key: key.to_owned(),
        origin: None,
        feature,
        extra: extra.as_object().unwrap().clone(),
    }
}
