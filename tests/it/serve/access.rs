//! `/access`: one indicator over all villages.

use serde_json::{Value, json};

use crate::support::five_villages::FiveVillages;

const ALFA: i64 = 100;
const BETA: i64 = 200;
const GAMA: i64 = 400;
const DELTA: i64 = 800;
const EPSILON: i64 = 1600;
const EVERYBODY: i64 = ALFA + BETA + GAMA + DELTA + EPSILON;
/// Of Alfa, those at 100 minutes.
const ALFA_FAR: i64 = 40;

fn sum(rows: &Value, member: &str) -> i64 {
    let rows = rows.as_array().unwrap().iter();
    rows.filter_map(|row| row[member].as_i64()).sum()
}

#[tokio::test]
async fn the_answer_has_the_agreed_shape() {
    let api = FiveVillages::new().await;
    insta::assert_json_snapshot!(api.json("/access?lang=id").await);
}

#[tokio::test]
async fn people_by_state_are_everybody() {
    let api = FiveVillages::new().await;
    let people = api.json("/access").await["people"].clone();
    assert_eq!(people["within"], json!(ALFA + BETA));
    let states = [
        "within",
        "beyond_cutoff",
        "no_path",
        "unsnapped",
        "no_input",
    ];
    let total: i64 = states
        .iter()
        .filter_map(|state| people[state].as_i64())
        .sum();
    assert_eq!(total, EVERYBODY);
    assert_eq!(people["total"].as_i64().unwrap(), EVERYBODY);
}

#[tokio::test]
async fn people_of_classes_are_the_people_within_the_cutoff_in_every_method() {
    let api = FiveVillages::new().await;
    for method in ["policy", "quantile", "equal", "natural"] {
        let answer = api.json(&format!("/access?classes={method}&n=3")).await;
        assert_eq!(sum(&answer["classes"], "people"), ALFA + BETA, "{method}");
        assert_eq!(sum(&answer["classes"], "villages"), 2, "{method}");
    }
}

#[tokio::test]
async fn thirty_minutes_belong_to_the_first_policy_class() {
    let api = FiveVillages::new().await;
    let classes = api.json("/access").await["classes"].clone();
    assert_eq!(classes[0]["to"], json!(30 * 60));
    assert_eq!(
        classes[0]["people"].as_i64().unwrap(),
        ALFA - ALFA_FAR + BETA
    );
    assert_eq!(classes[3]["people"].as_i64().unwrap(), ALFA_FAR);
}

#[tokio::test]
async fn rows_of_every_roll_up_add_up_to_everybody() {
    let api = FiveVillages::new().await;
    for (by, n_rows) in [("village", 5), ("kecamatan", 2), ("district", 1)] {
        let rows = api.json(&format!("/access?by={by}")).await["rows"].clone();
        assert_eq!(rows.as_array().unwrap().len(), n_rows, "{by}");
        assert_eq!(sum(&rows, "people"), EVERYBODY, "{by}");
    }
}

#[tokio::test]
async fn the_value_of_a_kecamatan_is_its_median_persons_and_no_mean() {
    let api = FiveVillages::new().await;
    let rows = api.json("/access?by=kecamatan").await["rows"].clone();
    // Hulu: 60 people at 20 min, then 200 at 30 min: the 150th of 300 is among those.
    assert_eq!(rows[0]["name"], "Hulu");
    assert_eq!(rows[0]["value"], json!(30 * 60));
    // Hilir: 400 beyond the cutoff and 800 without a path are less than half of 2,800.
    assert_eq!(rows[1]["state"], "unsnapped");
    assert_eq!(rows[1]["value"], Value::Null);
}

#[tokio::test]
async fn the_headline_counts_who_cannot_whatever_the_reason() {
    let api = FiveVillages::new().await;
    let sentences = api.json("/access").await["sentences"].clone();
    let n_far = EVERYBODY - (ALFA - ALFA_FAR + BETA);
    assert_eq!(n_far, 2840);
    let headline = sentences["id"][0].as_str().unwrap();
    assert!(
        headline.starts_with("2.840 dari 3.100 jiwa tidak dapat mencapai"),
        "{headline}"
    );
    let headline = sentences["en"][0].as_str().unwrap();
    assert!(
        headline.starts_with("2,840 of 3,100 people cannot reach"),
        "{headline}"
    );
}

#[tokio::test]
async fn unknown_people_are_null_and_never_zero() {
    let api = FiveVillages::new().await;
    let answer = api.json("/access?service=water").await;
    assert_eq!(answer["people"]["total"], Value::Null);
    assert_eq!(answer["rows"][0]["people"], Value::Null);
    assert_eq!(answer["classes"][0]["people"], Value::Null);
}

#[tokio::test]
async fn all_null_values_give_classes_without_villages_row_64() {
    let api = FiveVillages::new().await;
    for method in ["policy", "quantile", "equal", "natural"] {
        let answer = api
            .json(&format!("/access?service=water&classes={method}"))
            .await;
        assert_eq!(sum(&answer["classes"], "villages"), 0, "{method}");
    }
}

#[tokio::test]
async fn a_run_without_villages_has_an_answer_row_64() {
    let api = FiveVillages::new().await;
    let client = api.scratch.client().await;
    client
        .batch_execute("delete from run_point; delete from run_village")
        .await
        .unwrap();
    for by in ["village", "kecamatan", "district"] {
        let answer = api.json(&format!("/access?classes=natural&by={by}")).await;
        assert_eq!(answer["rows"], json!([]));
        assert_eq!(answer["people"]["total"], Value::Null);
    }
}

#[tokio::test]
async fn a_run_on_older_data_is_stale_and_a_run_on_samples_says_so() {
    let api = FiveVillages::new().await;
    let clinic = api.json("/access").await;
    assert_eq!(clinic["rule"]["stale"], false);
    assert_eq!(clinic["notice"], Value::Null);
    let water = api.json("/access?service=water").await;
    assert_eq!(water["rule"]["stale"], true);
    assert_eq!(water["notice"], jangkau::domain::SAMPLE_NOTICE);
}

#[tokio::test]
async fn what_was_never_computed_says_how_to_compute_it() {
    let api = FiveVillages::new().await;
    let answer = api.get("/access?service=school").await;
    assert_eq!(answer.status, 404);
    assert_eq!(answer.json()["code"], "run.missing");
    assert!(
        answer.json()["detail"]
            .as_str()
            .unwrap()
            .contains("jangkau compute")
    );
}
