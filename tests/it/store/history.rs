//! Going back, comparing, dropping old records.

use jangkau::domain::{Counts, Feature, Layer};
use jangkau::store::{RollbackTo, StoreError};

use super::imports::import;
use super::records::{population, village, villages};
use crate::support::database::ScratchDatabase;

#[tokio::test]
async fn a_rollback_goes_to_the_version_before_and_is_undone() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let layer = Layer::Villages;
    let first = import(database, layer, &villages(2)).await.version;
    let second = import(database, layer, &villages(3)).await.version;
    let third = import(database, layer, &villages(4)).await.version;
    let active = async || database.active_versions().await.unwrap()[0].id;
    let back = database
        .roll_back(layer, RollbackTo::Previous, "tester")
        .await
        .unwrap();
    assert_eq!((back.version, back.previous), (second, Some(third)));
    assert_eq!(active().await, second);
    // Once more: before the second there was the first.
    let back = database
        .roll_back(layer, RollbackTo::Previous, "tester")
        .await
        .unwrap();
    assert_eq!(back.version, first);
    let undone = database
        .roll_back(layer, RollbackTo::BeforeRollback, "tester")
        .await
        .unwrap();
    assert_eq!(undone.version, second);
    let error = database
        .roll_back(layer, RollbackTo::BeforeRollback, "tester")
        .await
        .unwrap_err();
    assert!(matches!(error, StoreError::NothingToUndo { .. }), "{error}");
    database
        .roll_back(layer, RollbackTo::Version(third), "tester")
        .await
        .unwrap();
    assert_eq!(active().await, third);
    let n_noted: i64 = scratch
        .client()
        .await
        .query_one(
            "select count(*) from activation where made_by = 'tester'",
            &[],
        )
        .await
        .unwrap()
        .get(0);
    assert_eq!(n_noted, 3 + 4, "three imports and four ways back");
}

#[tokio::test]
async fn there_is_no_way_back_before_the_first_version_or_to_another_layer() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let villages_version = import(database, Layer::Villages, &villages(2))
        .await
        .version;
    import(database, Layer::Population, &[population(0, 1.0)]).await;
    for (layer, to) in [
        (Layer::Villages, RollbackTo::Previous),
        (Layer::Population, RollbackTo::Version(villages_version)),
        (Layer::Roads, RollbackTo::Previous),
    ] {
        let error = database.roll_back(layer, to, "tester").await.unwrap_err();
        assert!(matches!(error, StoreError::NoSuchVersion { .. }), "{error}");
    }
}

#[tokio::test]
async fn a_difference_names_each_record_and_what_changed_in_it() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    import(database, Layer::Villages, &villages(4)).await;
    let mut changed = vec![village(0), village(1), village(2), village(9)];
    if let Feature::Village(village) = &mut changed[1].feature {
        village.name = "Nama Baru".to_owned();
        village.population = None;
    }
    changed[2].extra.insert("catatan".to_owned(), "x".into());
    if let Feature::Village(village) = &mut changed[2].feature {
        village.area.0[0].exterior_mut(|ring| ring.0[1].x += 1e-6);
    }
    import(database, Layer::Villages, &changed).await;
    let difference = database
        .difference(Layer::Villages, None, None)
        .await
        .unwrap();
    assert_eq!(
        difference.counts,
        Counts {
            new: 1,
            changed: 2,
            unchanged: 1,
            missing: 1,
            ..Counts::default()
        }
    );
    let found: Vec<(&str, &str, Vec<&str>)> = difference
        .records
        .iter()
        .map(|record| {
            let fields = record.fields.iter().map(String::as_str).collect();
            (record.key.as_str(), record.change.as_str(), fields)
        })
        .collect();
    assert_eq!(
        found,
        [
            (
                "99.01.01.0001",
                "changed",
                vec!["name", "population_thousandths"]
            ),
            ("99.01.01.0002", "changed", vec!["catatan", "geometry"]),
            ("99.01.01.0003", "missing", vec![]),
            ("99.01.01.0009", "new", vec![]),
        ]
    );
}

#[tokio::test]
async fn tables_by_village_are_compared_by_their_values() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let layer = Layer::Population;
    import(database, layer, &[population(0, 10.0), population(1, 20.0)]).await;
    let again = import(database, layer, &[population(1, 20.0), population(0, 10.0)]).await;
    assert!(!again.is_new);
    import(database, layer, &[population(0, 11.0), population(1, 20.0)]).await;
    let difference = database.difference(layer, None, None).await.unwrap();
    assert_eq!(
        difference.counts,
        Counts {
            changed: 1,
            unchanged: 1,
            ..Counts::default()
        }
    );
    assert_eq!(difference.records[0].place, None);
}

#[tokio::test]
async fn old_records_are_dropped_but_not_what_is_active_and_the_version_stays_known() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let layer = Layer::Villages;
    let mut versions = Vec::new();
    for n in 1..=4 {
        versions.push(import(database, layer, &villages(n)).await.version);
    }
    database
        .roll_back(layer, RollbackTo::Version(versions[0]), "tester")
        .await
        .unwrap();
    let named = database.drop_old_records(1, true, "tester").await.unwrap();
    assert_eq!(
        database.drop_old_records(1, false, "tester").await.unwrap(),
        named
    );
    let dropped: Vec<_> = named.iter().map(|each| each.version).collect();
    assert_eq!(dropped, versions[1..3]);
    assert!(
        database
            .drop_old_records(1, false, "tester")
            .await
            .unwrap()
            .is_empty()
    );
    let known = database.versions().await.unwrap();
    assert_eq!(known.len(), 4);
    assert_eq!(known.iter().filter(|entry| entry.is_dropped).count(), 2);
    let error = database
        .roll_back(layer, RollbackTo::Version(versions[1]), "tester")
        .await
        .unwrap_err();
    assert!(
        matches!(error, StoreError::RecordsDropped { .. }),
        "{error}"
    );
    // The other versions can still be drawn and gone to, and the next start makes nothing anew.
    database
        .roll_back(layer, RollbackTo::Version(versions[3]), "tester")
        .await
        .unwrap();
    assert_eq!(database.fill_tile_geometry().await.unwrap(), 0);
}
