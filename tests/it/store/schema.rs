//! Making the schema, and refusing one that the program does not know.

use jangkau::store::StoreError;

use crate::support::database::ScratchDatabase;

#[tokio::test]
async fn an_empty_database_gets_the_schema_once() {
    let scratch = ScratchDatabase::empty().await;
    let first = scratch.database.migrate().await.unwrap();
    assert!(!first.applied.is_empty());
    assert_eq!(first.notes, Vec::<String>::new());
    let second = scratch.database.migrate().await.unwrap();
    assert_eq!(second.applied, Vec::<String>::new());
    scratch.database.check_schema().await.unwrap();
}

#[tokio::test]
async fn a_database_without_schema_is_behind() {
    let scratch = ScratchDatabase::empty().await;
    assert!(matches!(
        scratch.database.check_schema().await,
        Err(StoreError::SchemaBehind { found: 0, .. })
    ));
}

#[tokio::test]
async fn a_schema_of_a_newer_program_is_refused_and_left_alone() {
    let scratch = ScratchDatabase::migrated().await;
    scratch
        .client()
        .await
        .batch_execute(
            "insert into refinery_schema_history (version, name, applied_on, checksum)
             values (9999, 'from_the_future', '2030-01-01T00:00:00Z', '1')",
        )
        .await
        .unwrap();
    for outcome in [
        scratch.database.check_schema().await,
        scratch.database.migrate().await.map(|_| ()),
    ] {
        assert!(matches!(
            outcome,
            Err(StoreError::SchemaAhead { found: 9999, .. })
        ));
    }
}

#[tokio::test]
async fn a_migration_with_another_text_is_refused() {
    let scratch = ScratchDatabase::migrated().await;
    scratch
        .client()
        .await
        .batch_execute("update refinery_schema_history set checksum = '1' where version = 1")
        .await
        .unwrap();
    assert!(matches!(
        scratch.database.check_schema().await,
        Err(StoreError::SchemaDiverged { version: 1, .. })
    ));
}

#[tokio::test]
async fn two_migrations_at_once_make_one_schema() {
    let scratch = ScratchDatabase::empty().await;
    let other = scratch.database.clone();
    let (one, two) = tokio::join!(scratch.database.migrate(), other.migrate());
    let n_applied = [one.unwrap(), two.unwrap()].map(|report| report.applied.len());
    assert_eq!(n_applied.iter().filter(|n| **n == 0).count(), 1);
}

#[tokio::test]
async fn sarolangun_in_srgi2013_is_where_it_is_in_wgs84() {
    let scratch = ScratchDatabase::migrated().await;
    // EPSG:9488 is SRGI2013 / UTM zone 48S, EPSG:32748 the same on WGS 84; what PROJ knows of the
    // datums puts them 0.2 m apart.
    let row = scratch
        .client()
        .await
        .query_one(
            "select st_distance(
                 st_transform(st_setsrid(st_makepoint(250000, 9745000), 9488), 32748),
                 st_setsrid(st_makepoint(250000, 9745000), 32748))",
            &[],
        )
        .await
        .unwrap();
    assert!(row.get::<_, f64>(0) < 1.0);
}

#[tokio::test]
async fn a_user_who_may_make_nothing_is_told_which_right_is_missing() {
    let scratch = ScratchDatabase::empty().await;
    let admin = scratch.client().await;
    admin
        .batch_execute("create role powerless login")
        .await
        .unwrap();
    let powerless = scratch.connect_as("powerless").await;
    let error = powerless.migrate().await.unwrap_err();
    assert!(error.to_string().contains("may not create a schema"));
    assert!(error.to_string().contains("grant create on database"));
}

#[tokio::test]
async fn an_owner_without_superuser_can_migrate_once_extension_and_roles_are_there() {
    let scratch = ScratchDatabase::migrated().await;
    let admin = scratch.client().await;
    admin
        .batch_execute(
            "drop schema jangkau cascade;
             create role ordinary_owner login;
             grant jangkau_app, jangkau_reader to ordinary_owner;
             do $$ begin execute format('grant create on database %I to ordinary_owner', current_database()); end $$",
        )
        .await
        .unwrap();
    let owner = scratch.connect_as("ordinary_owner").await;
    let report = owner.migrate().await.unwrap();
    assert!(!report.applied.is_empty());
    assert!(report.notes[0].contains("grant insert, select on spatial_ref_sys"));
    owner.check_schema().await.unwrap();
    owner.ping().await.unwrap();
}
