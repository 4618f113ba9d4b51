//! From records to an active version, and never halfway.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jangkau::app::{self, AppError, ImportChoices};
use jangkau::domain::{
    AreaCode, Counts, DatasetVersion, District, Feature, Layer, Provenance, Record, SAMPLE_SOURCE,
};
use jangkau::ingest::{ImportRequest, ReaderCommand};
use jangkau::store::{ActivateRequest, Activation, Database, StoreError};
use serde_json::json;

use super::records::{
    barrier, cell, corner, crossing, facility, forest, office, population, road, section, village,
    villages,
};
use crate::support::database::ScratchDatabase;
use crate::support::proxy::written;

pub(super) fn request() -> ActivateRequest {
    ActivateRequest {
        file_names: vec!["desa.shp".to_owned(), "desa.dbf".to_owned()],
        file_hash: "00".repeat(32),
        crs: Some("EPSG:4326".to_owned()),
        encoding: Some("UTF-8".to_owned()),
        released_columns: Vec::new(),
        report: json!({"rows": []}),
        made_by: "tester".to_owned(),
        district: None,
        provenance: Provenance::default(),
    }
}

pub(super) async fn import(database: &Database, layer: Layer, records: &[Record]) -> Activation {
    let mut staging = database.begin_import(layer, "dinas").await.unwrap();
    staging.copy(records).await.unwrap();
    staging.activate(&request()).await.unwrap()
}

async fn active(database: &Database, layer: Layer) -> Option<DatasetVersion> {
    let versions = database.active_versions().await.unwrap();
    versions.into_iter().find(|version| version.layer == layer)
}

fn counts(new: u64, changed: u64, unchanged: u64, missing: u64) -> Counts {
    Counts {
        new,
        changed,
        unchanged,
        missing,
        ..Counts::default()
    }
}

fn renamed(mut record: Record) -> Record {
    if let Feature::Village(village) = &mut record.feature {
        village.name.push_str(" Baru");
    }
    record
}

/// The village with its first corner moved east.
fn moved(mut record: Record, degrees: f64) -> Record {
    if let Feature::Village(village) = &mut record.feature {
        village.area.0[0].exterior_mut(|ring| {
            let last = ring.0.len() - 1;
            ring.0[0].x += degrees;
            ring.0[last].x += degrees;
        });
    }
    record
}

async fn n_staging_tables(scratch: &ScratchDatabase) -> i64 {
    scratch
        .client()
        .await
        .query_one(
            "select count(*) from pg_class where relname like 'staging%' and relkind = 'r'",
            &[],
        )
        .await
        .unwrap()
        .get(0)
}

#[tokio::test]
async fn a_thousand_villages_become_the_active_version() {
    const N: u32 = 1000;
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let activation = import(database, Layer::Villages, &villages(N)).await;
    assert!(activation.is_new);
    assert_eq!(activation.counts, counts(u64::from(N), 0, 0, 0));

    let version = active(database, Layer::Villages).await.unwrap();
    assert_eq!(
        (version.id, version.n_records),
        (activation.version, i64::from(N))
    );
    assert!(!version.is_sample);
    let read = database.villages(version.id).await.unwrap();
    let codes: Vec<String> = read
        .iter()
        .map(|village| village.code.to_string())
        .collect();
    let expected: Vec<String> = villages(N).into_iter().map(|record| record.key).collect();
    assert_eq!(codes, expected);
    assert_eq!(n_staging_tables(&scratch).await, 0);
}

#[tokio::test]
async fn a_second_import_counts_new_changed_unchanged_and_missing() {
    let scratch = ScratchDatabase::migrated().await;
    import(&scratch.database, Layer::Villages, &villages(10)).await;
    // 0 and 1 are gone, 2 to 4 have another name, 5 to 9 are as before, 10 is new.
    let mut records: Vec<Record> = (2..5).map(|number| renamed(village(number))).collect();
    records.extend((5..11).map(village));
    let activation = import(&scratch.database, Layer::Villages, &records).await;
    assert!(activation.is_new);
    assert_eq!(activation.counts, counts(1, 3, 5, 2));
}

#[tokio::test]
async fn a_vertex_moved_by_less_than_a_centimetre_is_unchanged() {
    let scratch = ScratchDatabase::migrated().await;
    import(&scratch.database, Layer::Villages, &villages(3)).await;
    // Half a unit and more apart the hashes differ: 0.9e-7 is seen, and within the tolerance.
    let records = [
        village(0),
        moved(village(1), 0.9e-7),
        moved(village(2), 1.2e-7),
    ];
    let activation = import(&scratch.database, Layer::Villages, &records).await;
    assert_eq!(activation.counts, counts(0, 1, 2, 0));
}

#[tokio::test]
async fn row_22_the_same_content_makes_no_version() {
    let scratch = ScratchDatabase::migrated().await;
    let first = import(&scratch.database, Layer::Villages, &villages(10)).await;
    let mut reversed = villages(10);
    reversed.reverse();
    let second = import(&scratch.database, Layer::Villages, &reversed).await;
    let unchanged = Activation {
        version: first.version,
        is_new: false,
        counts: counts(0, 0, 10, 0),
    };
    assert_eq!(second, unchanged);
    assert_eq!(scratch.database.versions().await.unwrap().len(), 1);
    assert_eq!(n_staging_tables(&scratch).await, 0);
}

#[tokio::test]
async fn releasing_a_column_makes_a_version_of_the_same_content() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let first = import(database, Layer::Clinics, &[facility("K-1", 0)]).await;
    let mut staging = database
        .begin_import(Layer::Clinics, "dinas")
        .await
        .unwrap();
    staging.copy(&[facility("K-1", 0)]).await.unwrap();
    let released = ActivateRequest {
        released_columns: vec!["nomor".to_owned()],
        ..request()
    };
    let second = staging.activate(&released).await.unwrap();
    assert!(second.is_new && second.version != first.version);
    let hashes: Vec<String> = database
        .versions()
        .await
        .unwrap()
        .into_iter()
        .map(|entry| entry.version.content_hash)
        .collect();
    assert_eq!(hashes[0], hashes[1]);
}

#[tokio::test]
async fn the_same_content_has_the_same_hash_in_another_database() {
    let one = ScratchDatabase::migrated().await;
    let other = ScratchDatabase::migrated().await;
    import(&one.database, Layer::Villages, &villages(20)).await;
    import(&other.database, Layer::Roads, &[road("J-1")]).await;
    let mut reversed = villages(20);
    reversed.reverse();
    import(&other.database, Layer::Villages, &reversed).await;
    let one = active(&one.database, Layer::Villages).await.unwrap();
    let other = active(&other.database, Layer::Villages).await.unwrap();
    assert_eq!(one.content_hash, other.content_hash);
}

#[tokio::test]
async fn every_layer_can_be_imported() {
    let scratch = ScratchDatabase::migrated().await;
    for (layer, record) in [
        (Layer::Villages, village(0)),
        (Layer::Roads, road("J-1")),
        (Layer::Clinics, facility("K-1", 0)),
        (Layer::WaterPoints, facility("K-1", 0)),
        (Layer::Schools, facility("K-1", 0)),
        (Layer::Settlements, super::records::settlement(0, None)),
        (Layer::Barriers, barrier("B-1")),
        (Layer::Crossings, crossing("C-1")),
        (Layer::Markets, facility("P-1", 0)),
        (Layer::VillageOffices, office("O-1")),
        (Layer::Population, population(0, 120.0)),
        (Layer::Poverty, population(0, 12.0)),
        (Layer::DeclaredValues, population(0, 1.5)),
        (Layer::RoadSections, section("J-1", 0.0, 500.0)),
        (
            Layer::PopulationCells,
            cell("S-1", 12.5, corner(0), corner(101)),
        ),
        ("hutan-lindung".parse().unwrap(), forest("H-1")),
    ] {
        let activation = import(&scratch.database, layer, &[record]).await;
        assert!(activation.is_new, "{layer}");
    }
    let active = scratch.database.active_versions().await.unwrap();
    assert_eq!(active.len(), Layer::ALL.len() + 1);
}

#[tokio::test]
async fn one_sample_record_marks_the_version() {
    let scratch = ScratchDatabase::migrated().await;
    let mut records = villages(2);
    records[1].origin = Some(SAMPLE_SOURCE.to_owned());
    import(&scratch.database, Layer::Villages, &records).await;
    assert!(
        active(&scratch.database, Layer::Villages)
            .await
            .unwrap()
            .is_sample
    );
}

#[tokio::test]
async fn the_first_import_of_villages_sets_the_district_for_good() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    for (code, records) in [("99.01", villages(1)), ("99.02", villages(2))] {
        let mut staging = database
            .begin_import(Layer::Villages, "dinas")
            .await
            .unwrap();
        staging.copy(&records).await.unwrap();
        let district = District {
            code: AreaCode::parse(code).unwrap(),
            name: None,
        };
        let request = ActivateRequest {
            district: Some(district),
            ..request()
        };
        staging.activate(&request).await.unwrap();
    }
    let district = database.district().await.unwrap().unwrap();
    assert_eq!(district.code.as_str(), "99.01");
}

#[tokio::test]
async fn a_key_twice_is_refused_and_changes_nothing() {
    let scratch = ScratchDatabase::migrated().await;
    let first = import(&scratch.database, Layer::Villages, &villages(3)).await;
    let mut staging = scratch
        .database
        .begin_import(Layer::Villages, "dinas")
        .await
        .unwrap();
    staging
        .copy(&[village(7), renamed(village(7))])
        .await
        .unwrap();
    let error = staging.activate(&request()).await.unwrap_err();
    assert!(matches!(error, StoreError::DuplicateKey { .. }));
    assert!(error.to_string().contains("99.01.01.0007"));
    let version = active(&scratch.database, Layer::Villages).await.unwrap();
    assert_eq!(version.id, first.version);
}

#[tokio::test]
async fn a_record_of_another_kind_stops_its_batch_only() {
    let scratch = ScratchDatabase::migrated().await;
    let mut staging = scratch
        .database
        .begin_import(Layer::Villages, "dinas")
        .await
        .unwrap();
    staging.copy(&villages(2)).await.unwrap();
    let error = staging.copy(&[village(2), road("J-1")]).await.unwrap_err();
    assert!(matches!(error, StoreError::WrongKind { key, .. } if key == "J-1"));
    assert_eq!(staging.compare().await.unwrap(), counts(2, 0, 0, 0));
}

#[tokio::test]
async fn an_import_without_records_is_refused() {
    let scratch = ScratchDatabase::migrated().await;
    let staging = scratch
        .database
        .begin_import(Layer::Roads, "dinas")
        .await
        .unwrap();
    let error = staging.activate(&request()).await.unwrap_err();
    assert!(matches!(
        error,
        StoreError::NoRecords {
            layer: Layer::Roads
        }
    ));
}

#[tokio::test]
async fn row_23_a_second_import_of_a_layer_is_refused_and_of_another_is_not() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let first = database
        .begin_import(Layer::Clinics, "dinas")
        .await
        .unwrap();
    let error = database
        .begin_import(Layer::Clinics, "dinas")
        .await
        .err()
        .unwrap();
    assert!(matches!(
        error,
        StoreError::ImportInProgress {
            layer: Layer::Clinics
        }
    ));
    let other = database
        .begin_import(Layer::Schools, "dinas")
        .await
        .unwrap();
    other.abandon().await.unwrap();
    first.abandon().await.unwrap();
    import(database, Layer::Clinics, &[facility("K-1", 0)]).await;
}

#[tokio::test]
async fn an_abandoned_import_leaves_nothing() {
    let scratch = ScratchDatabase::migrated().await;
    let mut staging = scratch
        .database
        .begin_import(Layer::Roads, "dinas")
        .await
        .unwrap();
    staging.copy(&[road("J-1")]).await.unwrap();
    staging.abandon().await.unwrap();
    assert_eq!(n_staging_tables(&scratch).await, 0);
    assert_eq!(scratch.database.versions().await.unwrap(), []);
}

#[tokio::test]
async fn row_51_an_import_that_is_killed_leaves_the_old_version_whole() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let first = import(database, Layer::Villages, &villages(10)).await;
    let mut staging = database
        .begin_import(Layer::Villages, "dinas")
        .await
        .unwrap();
    staging.copy(&villages(5)).await.unwrap();
    // What the database sees of a `kill -9`: the session is gone.
    scratch
        .client()
        .await
        .execute(
            "select pg_terminate_backend(pid) from pg_locks
             where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())",
            &[],
        )
        .await
        .unwrap();
    assert!(staging.activate(&request()).await.is_err());
    let version = active(database, Layer::Villages).await.unwrap();
    assert_eq!((version.id, version.n_records), (first.version, 10));
    assert_eq!(database.villages(version.id).await.unwrap().len(), 10);
    assert_eq!(n_staging_tables(&scratch).await, 1);

    assert_eq!(database.sweep_imports().await.unwrap(), 1);
    assert_eq!(n_staging_tables(&scratch).await, 0);
    let next = import(database, Layer::Villages, &villages(11)).await;
    assert_eq!(next.counts, counts(1, 0, 10, 0));
}

#[tokio::test]
async fn a_sweep_leaves_an_import_under_way_alone() {
    let scratch = ScratchDatabase::migrated().await;
    let mut staging = scratch
        .database
        .begin_import(Layer::Roads, "dinas")
        .await
        .unwrap();
    assert_eq!(scratch.database.sweep_imports().await.unwrap(), 0);
    staging.copy(&[road("J-1")]).await.unwrap();
    assert!(staging.activate(&request()).await.unwrap().is_new);
}

#[tokio::test]
async fn readers_hear_of_a_new_version_when_it_is_there() {
    let scratch = ScratchDatabase::migrated().await;
    let pool = scratch.database.reader_pool();
    let client = pool.get().await.unwrap();
    let count = "select count(*) from village v join active_version a on a.dataset_version = v.dataset_version";
    let before: i64 = client.query_one(count, &[]).await.unwrap().get(0);
    import(&scratch.database, Layer::Villages, &villages(4)).await;
    let after: i64 = client.query_one(count, &[]).await.unwrap().get(0);
    assert_eq!((before, after), (0, 4));
}

#[tokio::test]
async fn row_37_the_reader_cannot_write() {
    let scratch = ScratchDatabase::migrated().await;
    import(&scratch.database, Layer::Villages, &villages(1)).await;
    let client = scratch.database.reader_pool().get().await.unwrap();
    client
        .batch_execute("set default_transaction_read_only to off")
        .await
        .unwrap();
    for statement in [
        "delete from active_version",
        "update dataset_version set is_sample = false",
        "insert into district (code) values ('x')",
        "create table mine (id integer)",
        "drop table village",
        "create table public.mine (id integer)",
    ] {
        let error = client.batch_execute(statement).await.unwrap_err();
        let code = error.code().map(|code| code.code().to_owned());
        // 42501 is insufficient_privilege.
        assert_eq!(code.as_deref(), Some("42501"), "{statement}");
    }
}

#[tokio::test]
async fn an_import_is_cancelled_while_the_database_checks_it() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    import(database, Layer::Roads, &[road("A")]).await;
    // Whoever looks for roads near the clinics waits for this lock, longer than anybody would.
    let holder = scratch.client().await;
    holder
        .batch_execute("begin; lock table road in access exclusive mode")
        .await
        .unwrap();
    let (_folder, file) = written(
        "faskes.csv",
        "id,tier,status,lon,lat\nA,pustu,baik,102,-2\n",
    );
    let reader = ReaderCommand {
        program: env!("CARGO_BIN_EXE_jangkau").into(),
        arguments: vec![ReaderCommand::ARGUMENT.to_owned()],
    };
    let cancel = Arc::new(AtomicBool::new(false));
    let choices = ImportChoices::default();
    let importing = app::import(
        database,
        &reader,
        ImportRequest::new(Layer::Clinics, vec![file]),
        &choices,
        Arc::new(|_| ()),
        Arc::clone(&cancel),
    );
    let cancelling = async {
        let watcher = scratch.client().await;
        let waiting = "select count(*) from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock' and query like '%from road%'";
        while watcher
            .query_one(waiting, &[])
            .await
            .unwrap()
            .get::<_, i64>(0)
            == 0
        {
            tokio::task::yield_now().await;
        }
        cancel.store(true, Ordering::Relaxed);
    };
    let (imported, ()) = tokio::join!(importing, cancelling);
    assert!(matches!(imported, Err(AppError::Cancelled)), "{imported:?}");
    holder.batch_execute("rollback").await.unwrap();
    assert_eq!(n_staging_tables(&scratch).await, 0);
    assert!(active(database, Layer::Clinics).await.is_none());
}
