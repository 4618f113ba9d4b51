//! What was imported comes back as it was.

use jangkau::domain::{DatasetVersionId, Feature, Layer, People, Record, VillageCode};
use jangkau::store::Database;

use super::imports::import;
use super::records::{
    barrier, code, corner, crossing, facility, middle, road, settlement, village, villages,
};
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
