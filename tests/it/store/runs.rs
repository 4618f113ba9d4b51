//! Runs are stored whole or not at all, and found by their indicator.

use jangkau::domain::{
    DatasetVersionId, Indicator, KnownShare, Layer, Metric, Millimetres, Milliseconds, Mode,
    People, PopulationSource, ReachState, Rule, RunId, Season, ServiceName, StandardUnit,
    StatePeople,
};
use jangkau::store::reads::VillageChange;
use jangkau::store::{
    Database, Found, NewRun, PointResult, RunInput, StandardPeople, StoreError, VillageResult,
};

use super::imports::import;
use super::records::{code, facility, middle, villages};
use crate::support::database::ScratchDatabase;

fn indicator() -> Indicator {
    Indicator {
        service: ServiceName::Clinic,
        mode: Mode::Foot,
        season: Season::Dry,
        metric: Metric::Time,
        tier: vec!["puskesmas".to_owned()],
    }
}

/// A run over one village of 3 people, 2 of them within, that has seen a version of clinics.
pub(super) fn run(id: &str, clinics: Option<DatasetVersionId>) -> NewRun {
    let Indicator {
        service,
        mode,
        season,
        metric,
        tier,
    } = indicator();
    let nearest = Found {
        facility: "K-1".to_owned(),
        time: Milliseconds(u32::MAX),
        length: Millimetres(1),
    };
    let people = StatePeople {
        within: People(2000),
        no_path: People(1000),
        ..StatePeople::default()
    };
    NewRun {
        rule: Rule {
            service,
            tier,
            tier_unknown: 0,
            mode,
            season,
            metric,
            cutoff: 14400.0,
            snap_radius_m: 2000.0,
            off_road_factor: 2.0,
            walking_speed_kmh: 5.0,
            ferry_wait_s: Some(900.0),
            known_share: Some(KnownShare {
                surface: 0.75,
                season: 0.5,
            }),
            join_ends_m: None,
            population_source: PopulationSource::Official,
            population_date: None,
            origins: None,
            run_id: RunId(id.to_owned()),
            stale: false,
        },
        is_sample: false,
        inputs: vec![RunInput {
            layer: Layer::Clinics,
            version: clinics,
        }],
        unassigned_settlements: 0,
        unassigned_people: Some(People::ZERO),
        unassigned_cell_people: People::ZERO,
        villages: vec![VillageResult {
            village: code(0),
            state: ReachState::Within,
            median_point: "S-0".to_owned(),
            nearest: Some(nearest.clone()),
            second: None,
            population_source: PopulationSource::Official,
            population: Some(people.total()),
            people: Some(people),
            standards: vec![StandardPeople {
                id: "health-60".to_owned(),
                threshold: 60,
                unit: StandardUnit::Minutes,
                people_within: Some(People(2000)),
            }],
        }],
        points: vec![PointResult {
            point: "S-0".to_owned(),
            village: Some(code(0)),
            people: Some(people.total()),
            state: ReachState::Within,
            nearest: Some(nearest),
            second: None,
            standards: vec!["health-60".to_owned()],
            place: middle(0),
        }],
    }
}

async fn clinics(database: &Database, n: u32) -> DatasetVersionId {
    let records: Vec<_> = (0..n)
        .map(|number| facility(&format!("K-{number}"), number))
        .collect();
    import(database, Layer::Clinics, &records).await.version
}

async fn n_rows(scratch: &ScratchDatabase, table: &str) -> i64 {
    scratch
        .client()
        .await
        .query_one(&format!("select count(*) from {table}"), &[])
        .await
        .unwrap()
        .get(0)
}

#[tokio::test]
async fn a_saved_run_is_the_one_that_is_found() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let seen = clinics(database, 1).await;
    assert_eq!(
        database.missing_runs(&[indicator()]).await.unwrap(),
        [indicator()]
    );
    assert!(
        database
            .save_run(&run("a", Some(seen)), "tester")
            .await
            .unwrap()
    );
    let found = database
        .find_active_run(&indicator())
        .await
        .unwrap()
        .unwrap();
    assert_eq!((found.id, found.is_stale), (RunId("a".to_owned()), false));
    assert_eq!(database.missing_runs(&[indicator()]).await.unwrap(), []);
}

#[tokio::test]
async fn what_a_run_says_of_a_village_and_a_point_is_stored() {
    let scratch = ScratchDatabase::migrated().await;
    scratch
        .database
        .save_run(&run("a", None), "tester")
        .await
        .unwrap();
    let row = scratch
        .client()
        .await
        .query_one(
            "select v.time_ms, v.within_thousandths, v.second_facility, v.standards->0->>'people_within',
                    st_x(p.geom), r.rule ? 'stale', r.rule->>'run_id'
             from run_village v
             join run_point p on p.run = v.run and p.point = v.median_point
             join run r on r.id = v.run",
            &[],
        )
        .await
        .unwrap();
    assert_eq!(row.get::<_, i64>(0), i64::from(u32::MAX));
    assert_eq!(row.get::<_, i64>(1), 2000);
    assert_eq!(row.get::<_, Option<&str>>(2), None);
    assert_eq!(row.get::<_, &str>(3), "2000");
    assert!((row.get::<_, f64>(4) - middle(0).lon()).abs() < 1e-12);
    assert!(!row.get::<_, bool>(5));
    assert_eq!(row.get::<_, &str>(6), "a");
}

#[tokio::test]
async fn an_equal_run_moves_only_the_pointer() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    for (id, is_new) in [("a", true), ("b", true), ("a", false)] {
        assert_eq!(
            database.save_run(&run(id, None), "tester").await.unwrap(),
            is_new
        );
        let found = database
            .find_active_run(&indicator())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(found.id.0, id);
    }
    assert_eq!(n_rows(&scratch, "run_village").await, 2);
}

#[tokio::test]
async fn new_data_make_a_run_stale_and_computing_again_mends_it() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let first = clinics(database, 1).await;
    database
        .save_run(&run("a", Some(first)), "tester")
        .await
        .unwrap();
    clinics(database, 2).await;
    assert!(
        database
            .find_active_run(&indicator())
            .await
            .unwrap()
            .unwrap()
            .is_stale
    );
    // The first content again: another version, the same run.
    let third = clinics(database, 1).await;
    assert_ne!(first, third);
    assert!(
        !database
            .save_run(&run("a", Some(third)), "tester")
            .await
            .unwrap()
    );
    assert!(
        !database
            .find_active_run(&indicator())
            .await
            .unwrap()
            .unwrap()
            .is_stale
    );
}

#[tokio::test]
async fn a_layer_imported_after_the_run_makes_it_stale() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    database.save_run(&run("a", None), "tester").await.unwrap();
    import(database, Layer::Villages, &villages(1)).await;
    assert!(
        !database
            .find_active_run(&indicator())
            .await
            .unwrap()
            .unwrap()
            .is_stale
    );
    clinics(database, 1).await;
    assert!(
        database
            .find_active_run(&indicator())
            .await
            .unwrap()
            .unwrap()
            .is_stale
    );
}

#[tokio::test]
async fn people_who_disappear_keep_the_run_out() {
    let scratch = ScratchDatabase::migrated().await;
    let all = run("a", None);
    let mut one_lost = all.clone();
    one_lost.villages[0].population = Some(People(3001));
    let mut states_lost = all.clone();
    states_lost.villages[0].people = None;
    let mut total_lost = all.clone();
    total_lost.villages[0].population = None;
    for run in [one_lost, states_lost, total_lost] {
        let error = scratch.database.save_run(&run, "tester").await.unwrap_err();
        assert!(matches!(error, StoreError::NotConserved { .. }), "{error}");
        assert_eq!(n_rows(&scratch, "run").await, 0);
    }
    let mut unknown = all;
    unknown.villages[0].population = None;
    unknown.villages[0].people = None;
    assert!(scratch.database.save_run(&unknown, "tester").await.unwrap());
}

/// A demand point of a village with its people, its minutes to the clinic and whether it meets health-120.
fn at_minutes(
    village: u32,
    point: &str,
    n_people: i64,
    minutes: Option<u32>,
    meets: bool,
) -> PointResult {
    let nearest = minutes.map(|minutes| Found {
        facility: "K-1".to_owned(),
        time: Milliseconds(minutes * 60_000),
        length: Millimetres(minutes * 500_000),
    });
    PointResult {
        point: point.to_owned(),
        village: Some(code(village)),
        people: Some(People(n_people * 1000)),
        state: if minutes.is_some() {
            ReachState::Within
        } else {
            ReachState::NoPath
        },
        nearest,
        second: None,
        standards: meets.then(|| "health-120".to_owned()).into_iter().collect(),
        place: middle(village),
    }
}

#[tokio::test]
async fn who_loses_a_threshold_in_a_season_is_counted_point_by_point() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let seen = clinics(database, 1).await;
    let mut dry = run("dry", Some(seen));
    dry.points = vec![
        at_minutes(0, "stays", 1, Some(30), true),
        at_minutes(0, "stranded by a ford", 2, Some(60), true),
        at_minutes(0, "slower on mud", 4, Some(50), true),
        at_minutes(1, "beyond the river", 8, None, false),
    ];
    let mut wet = run("wet", Some(seen));
    wet.rule.season = Season::Wet;
    wet.points = vec![
        at_minutes(0, "stays", 1, Some(60), true),
        at_minutes(0, "stranded by a ford", 2, None, false),
        at_minutes(0, "slower on mud", 4, Some(61), true),
        at_minutes(1, "beyond the river", 8, Some(20), true),
    ];
    let rule = dry.rule.clone();
    database.save_run(&dry, "tester").await.unwrap();
    let reads = database.reads().await.unwrap();
    assert_eq!(reads.season_pair(&rule).await.unwrap(), None);
    database.save_run(&wet, "tester").await.unwrap();
    let pair = reads.season_pair(&rule).await.unwrap().unwrap();
    assert_eq!(
        reads.season_pair(&wet.rule).await.unwrap(),
        Some(pair.clone())
    );

    let standards = ["health-120".to_owned()];
    let hour = (60 * 60_000, Metric::Time);
    let changes = reads
        .season_changes(&pair, hour, &standards, None)
        .await
        .unwrap();
    let change = |village, standard: Option<&str>, wet: i64, dry: i64| VillageChange {
        village: code(village),
        standard: standard.map(str::to_owned),
        lost_in_wet: People(wet * 1000),
        lost_in_dry: People(dry * 1000),
    };
    let expected = [
        change(0, None, 2 + 4, 0),
        change(0, Some("health-120"), 2, 0),
        change(1, None, 0, 8),
        change(1, Some("health-120"), 0, 8),
    ];
    assert_eq!(changes, expected);
    let one = reads
        .season_changes(&pair, hour, &standards, Some(&code(1)))
        .await
        .unwrap();
    assert_eq!(one, expected[2..]);
}

#[tokio::test]
async fn seasons_computed_from_different_data_are_not_compared() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let dry = run("dry", Some(clinics(database, 1).await));
    let mut wet = run("wet", Some(clinics(database, 2).await));
    wet.rule.season = Season::Wet;
    database.save_run(&dry, "tester").await.unwrap();
    database.save_run(&wet, "tester").await.unwrap();
    let reads = database.reads().await.unwrap();
    assert_eq!(reads.season_pair(&dry.rule).await.unwrap(), None);
}
