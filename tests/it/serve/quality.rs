//! `/data-quality`: the list of faults as features and as a table.

use jangkau::domain::{DatasetVersionId, FaultKind, Layer, LonLat, Mode, People, ServiceName};
use jangkau::store::{FaultPeople, NewFault, NewFaultList, RunInput};
use serde_json::{Value, json};

use crate::support::five_villages::FiveVillages;

fn fault(id: &str, kind: FaultKind, clinic: Option<i64>, water: Option<i64>) -> NewFault {
    let people = |service, mode, people: Option<i64>| FaultPeople {
        service,
        mode,
        people: people.map(|people| People(people * 1000)),
    };
    NewFault {
        id: id.to_owned(),
        kind,
        place: LonLat::parse(102.05, -1.95).unwrap(),
        people: clinic.max(water).map(|people| People(people * 1000)),
        by_service: vec![
            people(ServiceName::Clinic, Mode::Motorcycle, clinic),
            people(ServiceName::Water, Mode::Foot, water),
        ],
        detail: json!({"gap_m": 10.02, "road_id": "R-1"}),
    }
}

async fn with_faults() -> FiveVillages {
    let api = FiveVillages::new().await;
    let database = &api.scratch.database;
    let active = database.active_versions().await.unwrap();
    let version = |layer: Layer| {
        active
            .iter()
            .find(|version| version.layer == layer)
            .map(|version| version.id)
    };
    let input = |layer: &Layer| RunInput {
        layer: *layer,
        version: version(*layer),
    };
    let mut far = fault("far", FaultKind::FarFacility, Some(1), Some(70));
    far.place = LonLat::parse(10.0, 10.0).unwrap();
    let list = NewFaultList {
        id: "0123456789abcdef".to_owned(),
        is_sample: false,
        inputs: Layer::ALL.iter().map(input).collect(),
        n_left_out: 0,
        faults: vec![
            fault("gap", FaultKind::NearMiss, Some(100), Some(4)),
            far,
            fault("nobody", FaultKind::NearMiss, Some(0), Some(0)),
            fault("unknown", FaultKind::Island, None, None),
        ],
    };
    database.save_fault_list(&list).await.unwrap();
    api
}

fn ids(answer: &Value) -> Vec<&str> {
    let features = answer["features"].as_array().unwrap();
    features
        .iter()
        .map(|each| each["id"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn nobody_has_looked_for_faults_before_compute() {
    let api = FiveVillages::new().await;
    let answer = api.get("/data-quality").await;
    assert_eq!(answer.status, 404);
    assert_eq!(answer.json()["code"], "run.missing");
    assert!(answer.text.contains("jangkau compute"));
}

#[tokio::test]
async fn faults_come_with_people_place_and_how_to_mend_them_the_most_people_first() {
    let api = with_faults().await;
    let answer = api.json("/data-quality").await;
    assert_eq!(ids(&answer), ["gap", "far", "unknown", "nobody"]);
    assert_eq!(
        (&answer["numberMatched"], &answer["numberReturned"]),
        (&json!(4), &json!(4))
    );
    assert_eq!(answer["list"]["stale"], false);
    let gap = &answer["features"][0];
    assert_eq!(gap["geometry"]["coordinates"], json!([102.05, -1.95]));
    let known = &gap["properties"];
    assert_eq!(known["kind"], "near_miss");
    assert_eq!(
        (&known["people"], &known["gap_m"]),
        (&json!(100), &json!(10.02))
    );
    assert_eq!(known["village_code"], "99.01.01.2001");
    assert!(known["village"].is_string());
    assert_eq!(
        known["services"][1],
        json!({"service": "water", "mode": "foot", "people": 4})
    );
    for language in ["id", "en"] {
        assert!(known["mend"][language].as_str().unwrap().contains("QGIS"));
    }
    assert_eq!(
        answer["features"][2]["properties"]["people"],
        Value::Null,
        "unknown is not 0"
    );
}

#[tokio::test]
async fn kind_service_box_and_limit_choose_among_them() {
    let api = with_faults().await;
    assert_eq!(
        ids(&api.json("/data-quality?kind=island").await),
        ["unknown"]
    );
    let water = api.json("/data-quality?service=water").await;
    assert_eq!(ids(&water), ["far", "gap", "unknown", "nobody"]);
    assert_eq!(water["features"][0]["properties"]["people"], json!(70));
    assert_eq!(
        ids(&api.json("/data-quality?service=school").await),
        Vec::<&str>::new()
    );
    assert_eq!(
        ids(&api.json("/data-quality?bbox=9,9,11,11").await),
        ["far"]
    );
    let first = api.json("/data-quality?limit=2").await;
    let next = first["links"]
        .as_array()
        .unwrap()
        .iter()
        .find(|link| link["rel"] == "next")
        .unwrap();
    let address = next["href"].as_str().unwrap();
    let path = &address[address.find("/data-quality").unwrap()..];
    assert_eq!(ids(&api.json(path).await), ["unknown", "nobody"]);
    assert_eq!(api.get("/data-quality?kind=typo").await.status, 400);
    assert_eq!(api.get("/data-quality?limit=0").await.status, 400);
}

#[tokio::test]
async fn the_table_is_a_file_with_a_line_a_fault() {
    let api = with_faults().await;
    let answer = api.get("/data-quality?f=csv&lang=en").await;
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    assert!(
        answer
            .header("content-disposition")
            .contains("jangkau-data-quality-01234567.csv")
    );
    assert_eq!(answer.text.lines().count(), 1 + 4);
    assert!(answer.text.contains("near_miss;100;"));
    // A latitude south of the equator stays a number.
    assert!(answer.text.contains(";102.0500000;-1.9500000;gap"));
}

#[tokio::test]
async fn a_list_is_replaced_as_a_whole_and_is_stale_once_other_data_are_active() {
    let api = with_faults().await;
    let database = &api.scratch.database;
    let newer = NewFaultList {
        id: "newer".to_owned(),
        is_sample: true,
        inputs: vec![RunInput {
            layer: Layer::Roads,
            version: None::<DatasetVersionId>,
        }],
        n_left_out: 3,
        faults: vec![fault("only", FaultKind::NearMiss, Some(1), None)],
    };
    database.save_fault_list(&newer).await.unwrap();
    let answer = api.json("/data-quality").await;
    assert_eq!(ids(&answer), ["only"]);
    // It has seen no roads, and there are some.
    assert_eq!(answer["list"]["stale"], true);
    assert_eq!(answer["list"]["left_out"], 3);
    assert!(answer["notice"].is_string());
    assert!(database.find_fault_list().await.unwrap().unwrap().is_stale);
}
