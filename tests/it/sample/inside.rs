//! A sample inside village areas that are given.

use std::path::Path;

use gdal::Dataset;
use gdal::vector::LayerAccess;
use geo::{Contains, unary_union};
use geo_types::{Coord, LineString, MultiPolygon, Point, Polygon};
use jangkau::domain::LonLat;
use jangkau::publish::write_sample;
use jangkau::synthetic::{SampleParameters, generate};

use super::roads::assert_rivers_are_crossed_only_at_crossings;

/// A rectangle in degrees.
fn rectangle(west: f64, south: f64, east: f64, north: f64) -> MultiPolygon<f64> {
    let ring = [
        (west, south),
        (east, south),
        (east, north),
        (west, north),
        (west, south),
    ];
    Polygon::new(LineString::from(ring.to_vec()), Vec::new()).into()
}

#[test]
fn inside_given_villages_each_has_a_settlement_and_none_has_a_code() {
    // Twelve squares of five kilometres, a strip of 50 m beside them, and a village far off.
    let mut areas: Vec<MultiPolygon<f64>> = (0..12_u8)
        .map(|at| {
            let (west, south) = (
                102.0 + 0.05 * f64::from(at % 4),
                -2.0 + 0.05 * f64::from(at / 4),
            );
            rectangle(west, south, west + 0.05, south + 0.05)
        })
        .collect();
    areas.push(rectangle(102.2, -2.0, 102.2005, -1.85));
    areas.push(rectangle(102.4, -2.0, 102.45, -1.95));
    let parameters = SampleParameters {
        n_villages: 1,
        seed: 1,
        inside: Some(areas.clone()),
    };
    let district = generate(&parameters).unwrap();
    assert!(district.villages.is_empty());
    assert!(
        district
            .settlements
            .iter()
            .all(|settlement| settlement.record.village_code.is_none())
    );
    for area in &areas {
        let is_inside = |place: LonLat| area.contains(&Point(Coord::from(place)));
        assert!(
            district
                .settlements
                .iter()
                .any(|settlement| is_inside(settlement.record.place))
        );
    }
    let all = unary_union(areas.iter().flat_map(MultiPolygon::iter));
    let outside = district
        .settlements
        .iter()
        .map(|settlement| settlement.record.place);
    let places = outside.chain(district.clinics.iter().map(|clinic| clinic.record.place));
    assert_eq!(
        places
            .filter(|place| !all.contains(&Point(Coord::from(*place))))
            .count(),
        0
    );
    assert_rivers_are_crossed_only_at_crossings(&district);
}

#[test]
fn a_sample_inside_real_villages_has_no_village_file_and_no_code_column() {
    let inside = Some(vec![
        rectangle(102.0, -2.0, 102.2, -1.8),
        rectangle(102.2, -2.0, 102.4, -1.8),
    ]);
    let district = generate(&SampleParameters {
        n_villages: 1,
        seed: 1,
        inside,
    })
    .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let paths = write_sample(&district, folder.path()).unwrap();
    assert!(!folder.path().join("villages.zip").exists());
    assert_eq!(paths.len(), 7);
    let settlements = std::fs::read_to_string(folder.path().join("settlements.csv")).unwrap();
    assert_eq!(
        settlements.lines().next(),
        Some("id,name,population,source,lon,lat")
    );
}

/// The real villages of Sarolangun, where the files are at hand.
fn real_villages() -> Option<Vec<MultiPolygon<f64>>> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/real-data");
    let folder = std::env::var_os("JANGKAU_REAL_DATA").map_or(beside, Into::into);
    let file = folder.join("boundaries-jambi/sarolangun_desa_15.03.geojson");
    let dataset = file.exists().then(|| Dataset::open(&file).unwrap())?;
    let mut layer = dataset.layer(0).unwrap();
    let areas = layer.features().map(|feature| {
        let area = feature.geometry().unwrap().to_geo().unwrap();
        Polygon::try_from(area).unwrap().into()
    });
    Some(areas.collect())
}

#[test]
fn inside_the_real_sarolangun_every_village_has_a_settlement() {
    let Some(areas) = real_villages() else { return };
    let inside = Some(areas.clone());
    let district = generate(&SampleParameters {
        n_villages: 1,
        seed: 1,
        inside,
    })
    .unwrap();
    for area in &areas {
        let is_inside = |place: LonLat| area.contains(&Point(Coord::from(place)));
        assert!(
            district
                .settlements
                .iter()
                .any(|settlement| is_inside(settlement.record.place))
        );
    }
    assert_rivers_are_crossed_only_at_crossings(&district);
}
