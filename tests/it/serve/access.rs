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
async fn people_of_classes_and_of_states_without_one_are_everybody_in_every_method() {
    let api = FiveVillages::new().await;
    for method in ["policy", "quantile", "equal", "natural"] {
        for n in 1..=7 {
            let answer = api.json(&format!("/access?classes={method}&n={n}")).await;
            let n_people = sum(&answer["classes"], "people") + sum(&answer["states"], "people");
            assert_eq!(n_people, EVERYBODY, "{method}, {n}");
            let n_villages =
                sum(&answer["classes"], "villages") + sum(&answer["states"], "villages");
            assert_eq!(n_villages, 5, "{method}, {n}");
        }
    }
}

#[tokio::test]
async fn a_row_has_the_letter_of_the_class_that_counts_it() {
    let api = FiveVillages::new().await;
    let answer = api.json("/access").await;
    for class in [&answer["classes"], &answer["states"]]
        .into_iter()
        .flat_map(|classes| classes.as_array().unwrap())
    {
        let rows = answer["rows"].as_array().unwrap().iter();
        let n_rows = rows.filter(|row| row["class"] == class["letter"]).count();
        assert_eq!(class["villages"], json!(n_rows), "{}", class["letter"]);
    }
}

#[tokio::test]
async fn the_worst_row_has_rank_one_and_the_order_is_that_of_the_page() {
    let api = FiveVillages::new().await;
    let rows = api.json("/access").await["rows"].clone();
    let names: Vec<&str> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["Delta", "Epsilon", "Gama", "Beta", "Alfa"]);
    for (index, row) in rows.as_array().unwrap().iter().enumerate() {
        assert_eq!(row["rank"], json!(index + 1));
    }
}

/// The names of the rows that come back.
async fn names(api: &FiveVillages, query: &str) -> Vec<String> {
    let answer = api.json(&format!("/access?{query}")).await;
    let rows = answer["rows"].as_array().unwrap().iter();
    rows.map(|row| row["name"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn rows_come_in_the_order_that_is_asked_for() {
    let api = FiveVillages::new().await;
    for (query, expected) in [
        ("sort=value&order=best", "Alfa Beta Gama Epsilon Delta"),
        ("sort=value&order=worst", "Delta Epsilon Gama Beta Alfa"),
        ("sort=name", "Alfa Beta Delta Epsilon Gama"),
        ("sort=name&order=desc", "Gama Epsilon Delta Beta Alfa"),
        ("sort=kecamatan", "Delta Epsilon Gama Alfa Beta"),
        ("sort=people", "Epsilon Delta Gama Beta Alfa"),
        (
            "sort=people_beyond&order=asc",
            "Beta Alfa Gama Delta Epsilon",
        ),
        ("sort=code", "Alfa Beta Gama Delta Epsilon"),
        ("top=2", "Delta Epsilon"),
        ("kecamatan=99.01.01", "Beta Alfa"),
        ("kecamatan=99.01.02&sort=people&top=1", "Epsilon"),
    ] {
        assert_eq!(names(&api, query).await.join(" "), expected, "{query}");
    }
}

#[tokio::test]
async fn a_filter_of_rows_changes_neither_classes_nor_people_nor_sentences_nor_ranks() {
    let api = FiveVillages::new().await;
    let whole = api.json("/access?lang=id").await;
    let part = api.json("/access?lang=id&kecamatan=99.01.01&top=1").await;
    for member in [
        "classes",
        "states",
        "people",
        "sentences",
        "district",
        "bbox",
    ] {
        assert_eq!(whole[member], part[member], "{member}");
    }
    assert_eq!(part["rows"].as_array().unwrap().len(), 1);
    assert_eq!(part["rows"][0], whole["rows"][3]);
}

#[tokio::test]
async fn a_kecamatan_that_is_not_there_is_a_problem_and_no_empty_table() {
    let api = FiveVillages::new().await;
    for query in ["kecamatan=15.03.01", "kecamatan=99.01.01&by=district"] {
        let answer = api.get(&format!("/access?{query}")).await;
        assert_eq!(answer.status, 400, "{query}");
        assert_eq!(answer.json()["code"], "query.invalid");
        assert_eq!(answer.json()["errors"][0]["parameter"], "kecamatan");
    }
}

#[tokio::test]
async fn people_beyond_of_the_rows_are_those_of_the_headline() {
    let api = FiveVillages::new().await;
    for by in ["village", "kecamatan", "district"] {
        let answer = api.json(&format!("/access?by={by}")).await;
        let n_beyond = EVERYBODY - (ALFA - ALFA_FAR + BETA);
        assert_eq!(sum(&answer["rows"], "people_beyond"), n_beyond, "{by}");
    }
    let rows = api.json("/access").await["rows"].clone();
    assert_eq!(rows[4]["name"], "Alfa");
    assert_eq!(rows[4]["people_beyond"], json!(ALFA_FAR));
}

#[tokio::test]
async fn the_district_is_its_median_person() {
    let api = FiveVillages::new().await;
    let answer = api.json("/access").await;
    // Alfa, Beta, Gama and Delta are 1,500 of 3,100: the 1,550th person lives in Epsilon.
    assert_eq!(answer["district"]["state"], "unsnapped");
    assert_eq!(answer["district"]["value"], Value::Null);
    assert_eq!(answer["district"]["people"], json!(EVERYBODY));
    assert_eq!(answer["bbox"], json!([102.0, -2.0, 102.5, -1.9]));
}

#[tokio::test]
async fn every_sentence_can_be_copied_out_alone() {
    let api = FiveVillages::new().await;
    let sentences = api.json("/access").await["sentences"].clone();
    for (language, words) in [
        (
            "id",
            [
                "fasilitas kesehatan (puskesmas, pustu, rumah sakit)",
                "dengan sepeda motor pada musim kemarau",
                "waktu tempuh menurut model",
                "Penduduk: angka resmi desa, dimuat 20 November 2026",
            ],
        ),
        (
            "en",
            [
                "health facility (puskesmas, pustu, hospital)",
                "by motorcycle in the dry season",
                "travel time by the model",
                "Population: official village totals, loaded 20 November 2026",
            ],
        ),
    ] {
        let sentences = sentences[language].as_array().unwrap();
        assert!(3 <= sentences.len());
        for sentence in sentences {
            let sentence = sentence.as_str().unwrap();
            for word in words {
                assert!(sentence.contains(word), "{word}: {sentence}");
            }
            for (village, kecamatan) in [("Alfa", "Hulu"), ("Delta", "Hilir"), ("Epsilon", "Hilir")]
            {
                let with_kecamatan = format!("{village} (Kec. {kecamatan})");
                assert_eq!(
                    sentence.matches(village).count(),
                    sentence.matches(&with_kecamatan).count(),
                    "{sentence}"
                );
            }
            assert!(!sentence.contains("penerima manfaat"));
        }
    }
}

#[tokio::test]
async fn a_sentence_about_a_sample_says_so_itself() {
    let api = FiveVillages::new().await;
    api.scratch
        .client()
        .await
        .batch_execute("update run set is_sample = true")
        .await
        .unwrap();
    let sentences = api.json("/access").await["sentences"].clone();
    for sentence in sentences["id"].as_array().unwrap() {
        assert!(sentence.as_str().unwrap().contains("Data contoh"));
    }
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
    // Hilir: 400 beyond the cutoff and 800 without a path are less than half of 2,800.
    assert_eq!(rows[0]["name"], "Hilir");
    assert_eq!(rows[0]["state"], "unsnapped");
    assert_eq!(rows[0]["value"], Value::Null);
    // Hulu: 60 people at 20 min, then 200 at 30 min: the 150th of 300 is among those.
    assert_eq!(rows[1]["name"], "Hulu");
    assert_eq!(rows[1]["value"], json!(30 * 60));
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

/// The doubts of an answer: code, count, people.
fn doubts(answer: &Value) -> Vec<(String, Value, Value)> {
    let doubts = answer["doubts"].as_array().unwrap().iter();
    doubts
        .map(|doubt| {
            let code = doubt["code"].as_str().unwrap().to_owned();
            (code, doubt["n"].clone(), doubt["people"].clone())
        })
        .collect()
}

#[tokio::test]
async fn doubts_are_what_the_run_knows_and_nothing_else() {
    let api = FiveVillages::new().await;
    let clinic = doubts(&api.json("/access").await);
    let of = |code: &str| clinic.iter().find(|doubt| doubt.0 == code).cloned();
    let doubt = |code: &str, n: i64, people: Value| Some((code.to_owned(), json!(n), people));
    assert_eq!(of("no_path"), doubt("no_path", 1, json!(DELTA)));
    assert_eq!(of("unsnapped"), doubt("unsnapped", 1, json!(EPSILON)));
    assert_eq!(
        of("season_unknown"),
        doubt("season_unknown", 1000, Value::Null)
    );
    assert!(of("assumed").is_some());
    for code in [
        "sample",
        "stale",
        "tier_unknown",
        "unassigned_settlements",
        "population_unknown",
    ] {
        assert_eq!(of(code), None);
    }
    let water = doubts(&api.json("/access?service=water").await);
    for code in ["sample", "stale", "population_unknown"] {
        assert!(water.iter().any(|doubt| doubt.0 == code), "{code}");
    }
}

#[tokio::test]
async fn settlements_in_no_village_and_facilities_without_a_tier_are_doubts() {
    let api = FiveVillages::new().await;
    api.scratch
        .client()
        .await
        .batch_execute(
            r#"update run set unassigned = '{"settlements": 3, "people": 12500}',
               rule = rule || '{"tier_unknown": 2}'"#,
        )
        .await
        .unwrap();
    let doubts = doubts(&api.json("/access").await);
    assert!(doubts.contains(&("unassigned_settlements".to_owned(), json!(3), json!(12.5))));
    assert!(doubts.contains(&("tier_unknown".to_owned(), json!(2), Value::Null)));
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
