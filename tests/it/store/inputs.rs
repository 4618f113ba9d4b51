//! What was imported comes back as it was.

use geo_types::Coord;
use jangkau::domain::{DatasetVersionId, Feature, Layer, People, Record, VillageCode};
use jangkau::store::{CellInput, Database};

use super::imports::import;
use super::records::{
    SIDE_DEG, barrier, cell, code, corner, crossing, facility, middle, road, settlement, village,
    villages,
};
use crate::random_world::Numbers;
use crate::support::database::ScratchDatabase;

async fn version(database: &Database, layer: Layer, records: &[Record]) -> DatasetVersionId {
    import(database, layer, records).await.version
}

#[tokio::test]
async fn a_road_comes_back_as_it_was() {
    let scratch = ScratchDatabase::migrated().await;
    let id = version(&scratch.database, Layer::Roads, &[road("J-1")]).await;
    let read = scratch.database.roads(id).await.unwrap().remove(0);
    assert_eq!(
        (read.id, Feature::Road(read.record)),
        ("J-1".to_owned(), road("J-1").feature)
    );
}

#[tokio::test]
async fn a_facility_comes_back_as_it_was() {
    let scratch = ScratchDatabase::migrated().await;
    let id = version(&scratch.database, Layer::Clinics, &[facility("K-1", 5)]).await;
    let read = scratch.database.facilities(id).await.unwrap().remove(0);
    assert_eq!(Feature::Facility(read.record), facility("K-1", 5).feature);
}

#[tokio::test]
async fn a_barrier_and_a_crossing_come_back_as_they_were() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let barriers = version(database, Layer::Barriers, &[barrier("B-1")]).await;
    let crossings = version(database, Layer::Crossings, &[crossing("C-1")]).await;
    let read = database.barriers(barriers).await.unwrap().remove(0);
    assert_eq!(Feature::Barrier(read.record), barrier("B-1").feature);
    let read = database.crossings(crossings).await.unwrap().remove(0);
    assert_eq!(Feature::Crossing(read.record), crossing("C-1").feature);
}

#[tokio::test]
async fn facilities_come_in_the_order_of_their_keys_bytes() {
    let scratch = ScratchDatabase::migrated().await;
    let keys = ["a-10", "B-2", "a-9", "Ä"];
    let records: Vec<Record> = keys.iter().map(|key| facility(key, 0)).collect();
    let id = version(&scratch.database, Layer::Clinics, &records).await;
    let read = scratch.database.facilities(id).await.unwrap();
    let mut expected = keys;
    expected.sort_unstable();
    assert_eq!(
        read.iter().map(|each| each.id.as_str()).collect::<Vec<_>>(),
        expected
    );
}

#[tokio::test]
async fn a_village_brings_its_kecamatan_people_and_a_point_inside() {
    let scratch = ScratchDatabase::migrated().await;
    let id = version(&scratch.database, Layer::Villages, &[village(7)]).await;
    let read = scratch.database.villages(id).await.unwrap().remove(0);
    assert_eq!(read.code, code(7));
    assert_eq!(read.kecamatan_code.unwrap().as_str(), "99.01.01");
    assert_eq!(read.population, Some(People::from_count(107.0)));
    let (west_south, east_north) = (corner(7), corner(108));
    assert!(west_south.x < read.inside.lon() && read.inside.lon() < east_north.x);
    assert!(west_south.y < read.inside.lat() && read.inside.lat() < east_north.y);
}

#[tokio::test]
async fn a_settlement_counts_where_its_code_says_else_where_it_lies() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let villages = version(database, Layer::Villages, &villages(3)).await;
    let nowhere = VillageCode::parse("99.01.01.9999").unwrap();
    let records = [
        settlement(0, Some(code(2))),
        settlement(1, None),
        settlement(2, Some(nowhere)),
        settlement(50, None),
    ];
    let id = version(database, Layer::Settlements, &records).await;
    let read = database.settlements(id, Some(villages)).await.unwrap();
    let assigned: Vec<Option<VillageCode>> = read.into_iter().map(|each| each.village).collect();
    assert_eq!(
        assigned,
        [Some(code(2)), Some(code(1)), Some(code(2)), None]
    );
    let alone = database.settlements(id, None).await.unwrap();
    assert!(alone.iter().all(|each| each.village.is_none()));
}

#[tokio::test]
async fn a_settlement_in_two_villages_counts_in_the_one_of_lower_code() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let mut same_place = village(3);
    same_place.key = code(1).to_string();
    if let Feature::Village(village) = &mut same_place.feature {
        village.code = code(1);
    }
    let villages = version(database, Layer::Villages, &[village(3), same_place]).await;
    let id = version(database, Layer::Settlements, &[settlement(3, None)]).await;
    let read = database
        .settlements(id, Some(villages))
        .await
        .unwrap()
        .remove(0);
    assert_eq!((read.village, read.place), (Some(code(1)), middle(3)));
}

/// A place in sides of squares from the corner of the first.
fn at(x: f64, y: f64) -> Coord<f64> {
    let origin = corner(0);
    Coord {
        x: origin.x + x * SIDE_DEG,
        y: origin.y + y * SIDE_DEG,
    }
}

async fn cells(database: &Database, n_villages: u32, cells: &[Record]) -> Vec<CellInput> {
    let codes: Vec<VillageCode> = (0..n_villages).map(code).collect();
    let codes: Vec<&VillageCode> = codes.iter().collect();
    // One more village is there that does not count.
    let villages = version(database, Layer::Villages, &villages(n_villages + 1)).await;
    let cells = version(database, Layer::PopulationCells, cells).await;
    let read = database.population_cells(cells, villages, &codes).await;
    read.unwrap()
}

#[tokio::test]
async fn a_cell_is_cut_where_villages_meet_and_where_they_end() {
    let scratch = ScratchDatabase::migrated().await;
    let records = [
        cell("inside", 4.0, at(0.25, 0.25), at(0.5, 0.5)),
        cell("split", 8.0, at(0.75, 0.5), at(1.75, 1.0)),
        cell("edge", 2.0, at(1.5, 0.0), at(2.5, 1.0)),
        cell("far", 1.0, at(5.0, 5.0), at(6.0, 6.0)),
        cell("nobody", 0.0, at(0.0, 0.0), at(0.25, 0.25)),
        cell("touching", 3.0, at(0.0, 1.0), at(1.0, 2.0)),
    ];
    let read = cells(&scratch.database, 2, &records).await;
    let shares: Vec<(&str, Vec<(&str, f64)>)> = read
        .iter()
        .map(|cell| {
            let parts = cell.parts.iter();
            let part = |share: f64| (share * 1e6).round() / 1e6;
            (
                cell.key.as_str(),
                parts
                    .map(|each| (each.village.as_str(), part(each.share)))
                    .collect(),
            )
        })
        .collect();
    let (left, right) = ("99.01.01.0000", "99.01.01.0001");
    assert_eq!(
        shares,
        [
            ("edge", vec![(right, 0.5)]),
            ("far", vec![]),
            ("inside", vec![(left, 1.0)]),
            ("split", vec![(left, 0.25), (right, 0.75)]),
            ("touching", vec![]),
        ]
    );
    let middle = at(0.375, 0.375);
    let place = read[2].parts[0].place;
    assert!((place.lon() - middle.x).abs() < 1e-9 && (place.lat() - middle.y).abs() < 1e-9);
    // The part on the left of the border is 0.75 to 1.
    assert!(read[3].parts[0].place.lon() < at(1.0, 0.0).x);
    assert!(at(1.0, 0.0).x < read[3].parts[1].place.lon());
}

#[tokio::test]
async fn parts_of_random_cells_are_those_of_arithmetic() {
    const SEED: u64 = 20_261_125;
    let mut numbers = Numbers::new(SEED);
    let mut number = |limit: u32| f64::from(numbers.below(limit)) / 16.0;
    let boxes: Vec<[f64; 4]> = (0..60)
        .map(|_| {
            let (x, y) = (number(6 * 16) - 0.5, number(3 * 16) - 0.5);
            [x, y, x + number(40) + 0.0625, y + number(40) + 0.0625]
        })
        .collect();
    let records: Vec<Record> = boxes
        .iter()
        .enumerate()
        .map(|(number, [x, y, east, north])| {
            cell(&format!("{number:02}"), 1.0, at(*x, *y), at(*east, *north))
        })
        .collect();
    let scratch = ScratchDatabase::migrated().await;
    let read = cells(&scratch.database, 5, &records).await;
    assert_eq!(read.len(), boxes.len());
    for (cell, [x, y, east, north]) in read.iter().zip(boxes) {
        // The villages are five squares in a row.
        for village in 0..5_u32 {
            let from = f64::from(village);
            let wide = (east.min(from + 1.0) - x.max(from)).max(0.0);
            let high = (north.min(1.0) - y.max(0.0)).max(0.0);
            let expected = wide * high / ((east - x) * (north - y));
            let found: f64 = cell
                .parts
                .iter()
                .filter(|part| part.village == code(village))
                .map(|part| part.share)
                .sum();
            assert!(
                (found - expected).abs() < 1e-6,
                "seed {SEED}: cell {} has {found} of village {village}, not {expected}",
                cell.key
            );
        }
    }
}
