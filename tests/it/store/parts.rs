//! Layers whose parts come from several suppliers.

use jangkau::domain::{Counts, DataAccess, Layer, Part, Provenance, Record};
use jangkau::store::{ActivateRequest, Activation, Composed, Database, RecordName};

use super::imports::request;
use super::records::{facility, population, villages};
use crate::support::database::ScratchDatabase;

/// Imports a part of the clinics.
async fn import_part(
    database: &Database,
    source: &str,
    part: Part,
    records: &[Record],
) -> (Activation, Composed) {
    import_with(database, source, (part, &[]), records, &request()).await
}

async fn import_with(
    database: &Database,
    source: &str,
    (part, precedence): (Part, &[String]),
    records: &[Record],
    request: &ActivateRequest,
) -> (Activation, Composed) {
    let mut staging = database.begin_import(Layer::Clinics, source).await.unwrap();
    staging.copy(records).await.unwrap();
    let composed = staging.compose(part, precedence).await.unwrap();
    (staging.activate(request).await.unwrap(), composed)
}

/// Source and key of every active clinic, in order of key.
async fn clinics(scratch: &ScratchDatabase) -> Vec<(String, String)> {
    let rows = scratch
        .client()
        .await
        .query(
            "select f.source, f.key from facility f
             join active_version a on a.layer = 'clinics' and a.dataset_version = f.dataset_version
             order by f.key",
            &[],
        )
        .await
        .unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

fn named(list: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(source, key): &(&str, &str)| ((*source).to_owned(), (*key).to_owned());
    list.iter().map(owned).collect()
}

fn record(source: &str, key: &str) -> RecordName {
    RecordName {
        source: source.to_owned(),
        key: key.to_owned(),
    }
}

#[tokio::test]
async fn a_source_replaces_its_own_part_and_leaves_the_others() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    import_part(
        database,
        "dinkes",
        Part::Source,
        &[facility("K-1", 0), facility("K-2", 1)],
    )
    .await;
    import_part(database, "osm", Part::Source, &[facility("n1", 5)]).await;
    let (activation, _) =
        import_part(database, "dinkes", Part::Source, &[facility("K-2", 1)]).await;
    assert_eq!(
        activation.counts,
        Counts {
            unchanged: 2,
            missing: 1,
            ..Counts::default()
        }
    );
    assert_eq!(
        clinics(&scratch).await,
        named(&[("dinkes", "K-2"), ("osm", "n1")])
    );
    let versions = database.versions().await.unwrap();
    let editions: Vec<_> = versions[0]
        .sources
        .iter()
        .map(|edition| (edition.source.as_str(), edition.n_records))
        .collect();
    assert_eq!(editions, [("dinkes", Some(1)), ("osm", Some(1))]);
    // The same part once more is no new version.
    let (again, _) = import_part(database, "dinkes", Part::Source, &[facility("K-2", 1)]).await;
    assert!(!again.is_new);
    assert_eq!(again.version, activation.version);
    // The whole layer: the other source is gone.
    import_part(database, "dinkes", Part::Layer, &[facility("K-2", 1)]).await;
    assert_eq!(clinics(&scratch).await, named(&[("dinkes", "K-2")]));
}

#[tokio::test]
async fn adding_refuses_known_keys_and_updating_unknown_ones() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    import_part(
        database,
        "dinkes",
        Part::Source,
        &[facility("K-1", 0), facility("K-2", 1)],
    )
    .await;
    let mut staging = database
        .begin_import(Layer::Clinics, "dinkes")
        .await
        .unwrap();
    staging
        .copy(&[facility("K-2", 3), facility("K-3", 2)])
        .await
        .unwrap();
    assert_eq!(staging.refused_keys(Part::Add).await.unwrap(), ["K-2"]);
    assert_eq!(staging.refused_keys(Part::Update).await.unwrap(), ["K-3"]);
    assert!(
        staging
            .refused_keys(Part::AddOrUpdate)
            .await
            .unwrap()
            .is_empty()
    );
    staging.compose(Part::AddOrUpdate, &[]).await.unwrap();
    let activation = staging.activate(&request()).await.unwrap();
    assert_eq!(
        activation.counts,
        Counts {
            new: 1,
            changed: 1,
            unchanged: 1,
            ..Counts::default()
        }
    );
    let versions = database.versions().await.unwrap();
    assert_eq!(
        versions[0].sources[0].file_names.len(),
        4,
        "two imports of two files"
    );
}

#[tokio::test]
async fn of_one_key_the_first_source_counts_and_the_other_comes_back_when_it_goes() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    import_part(database, "dinkes", Part::Source, &[facility("K-1", 0)]).await;
    let (_, composed) = import_part(
        database,
        "osm",
        Part::Source,
        &[facility("K-1", 4), facility("n2", 5)],
    )
    .await;
    assert_eq!(composed.set_aside.len(), 1);
    assert_eq!(composed.set_aside[0].kept_source, "dinkes");
    assert_eq!(
        clinics(&scratch).await,
        named(&[("dinkes", "K-1"), ("osm", "n2")])
    );
    import_part(database, "dinkes", Part::Source, &[facility("K-9", 0)]).await;
    let expected = [("osm", "K-1"), ("dinkes", "K-9"), ("osm", "n2")];
    assert_eq!(clinics(&scratch).await, named(&expected));
    // Precedence turned round: the other one counts.
    let osm_first = ["osm".to_owned()];
    let records = [facility("K-1", 0)];
    import_with(
        database,
        "dinkes",
        (Part::AddOrUpdate, &osm_first),
        &records,
        &request(),
    )
    .await;
    assert_eq!(clinics(&scratch).await, named(&expected));
}

#[tokio::test]
async fn records_that_seem_to_be_one_are_told_and_stay_until_people_say_so() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    import_part(database, "dinkes", Part::Source, &[facility("K-1", 0)]).await;
    let (_, composed) = import_part(database, "osm", Part::Source, &[facility("n1", 0)]).await;
    assert_eq!(composed.look_alikes.len(), 1);
    assert_eq!(composed.look_alikes[0].key, "K-1");
    assert_eq!(clinics(&scratch).await.len(), 2);
    let (kept, left_out) = (record("dinkes", "K-1"), record("osm", "n1"));
    database
        .say_same(Layer::Clinics, &kept, &left_out, "tester")
        .await
        .unwrap();
    import_part(
        database,
        "osm",
        Part::Source,
        &[facility("n1", 0), facility("n2", 9)],
    )
    .await;
    assert_eq!(
        clinics(&scratch).await,
        named(&[("dinkes", "K-1"), ("osm", "n2")])
    );
    assert_eq!(database.set_aside(Layer::Clinics).await.unwrap().len(), 1);
    assert!(
        database
            .say_different(Layer::Clinics, &left_out, "tester")
            .await
            .unwrap()
    );
    import_part(database, "dinkes", Part::Source, &[facility("K-1", 0)]).await;
    assert_eq!(clinics(&scratch).await.len(), 3);
}

#[tokio::test]
async fn the_sample_never_stays_beside_real_data() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    import_part(database, "sample", Part::Layer, &[facility("K-1", 0)]).await;
    import_part(database, "dinkes", Part::Source, &[facility("K-2", 1)]).await;
    assert_eq!(clinics(&scratch).await, named(&[("dinkes", "K-2")]));
}

#[tokio::test]
async fn sample_data_keep_their_mark_as_long_as_they_stay() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let marked = async || database.versions().await.unwrap()[0].version.is_sample;
    let sample = |key, number| {
        let mut record = facility(key, number);
        record.origin = Some("sample".to_owned());
        record
    };
    // Under its own name: it stays where the parts are only put together again, and goes with the next import.
    import_part(
        database,
        "sample",
        Part::Layer,
        &[sample("K-1", 0), sample("K-2", 0)],
    )
    .await;
    let (kept, left_out) = (record("sample", "K-1"), record("sample", "K-2"));
    database
        .say_same(Layer::Clinics, &kept, &left_out, "tester")
        .await
        .unwrap();
    let (together, _) = import_part(database, "", Part::Source, &[]).await;
    assert_eq!(
        together.counts,
        Counts {
            unchanged: 1,
            missing: 1,
            ..Counts::default()
        }
    );
    assert!(marked().await);
    import_part(database, "dinkes", Part::Source, &[facility("K-3", 3)]).await;
    assert!(!marked().await);
    // Under another supplier's name: it stays beside others, and the mark with it.
    import_part(database, "dinkes", Part::Layer, &[sample("K-4", 4)]).await;
    import_part(database, "osm", Part::Source, &[facility("n5", 5)]).await;
    assert!(marked().await);
    import_part(database, "dinkes", Part::Layer, &[facility("K-6", 6)]).await;
    assert!(!marked().await);
}

#[tokio::test]
async fn a_version_says_where_its_parts_come_from_and_new_words_make_a_new_one() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let provenance = Provenance {
        producer: Some("Dinas Kesehatan".to_owned()),
        date: Some("2025-06-30".to_owned()),
        access: Some(DataAccess::Restricted),
        ..Provenance::default()
    };
    let said = ActivateRequest {
        provenance: provenance.clone(),
        ..request()
    };
    let records = [facility("K-1", 0)];
    import_part(database, "dinkes", Part::Source, &records).await;
    let (named, _) = import_with(database, "dinkes", (Part::Source, &[]), &records, &said).await;
    assert!(named.is_new);
    // Whoever says nothing takes nothing back.
    let (silent, _) = import_part(database, "dinkes", Part::Source, &records).await;
    assert_eq!((silent.is_new, silent.version), (false, named.version));
    import_part(database, "osm", Part::Source, &[facility("n1", 7)]).await;
    let versions = database.versions().await.unwrap();
    assert_eq!(versions[0].sources[0].provenance, provenance);
    assert!(versions[0].sources[1].provenance.is_empty());
}

#[tokio::test]
async fn a_table_names_the_villages_that_are_not_there() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    super::imports::import(database, Layer::Villages, &villages(2)).await;
    let mut staging = database
        .begin_import(Layer::Population, "dukcapil")
        .await
        .unwrap();
    staging
        .copy(&[population(0, 120.5), population(7, 3.0)])
        .await
        .unwrap();
    staging.compose(Part::Layer, &[]).await.unwrap();
    assert_eq!(staging.unknown_villages().await.unwrap(), ["99.01.01.0007"]);
    let activation = staging.activate(&request()).await.unwrap();
    let official = database.official_people(activation.version).await.unwrap();
    let people: Vec<i64> = official.values().map(|people| people.0).collect();
    assert_eq!(people, [120_500, 3_000]);
}
