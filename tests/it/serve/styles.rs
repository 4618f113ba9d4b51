//! Styles: the classes of the answer, only what is loaded, nothing outside. Whether they are valid is asked of
//! MapLibre's own validator, in `tests/browser/styles.test.mjs`.

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::support::five_villages::FiveVillages;

const STYLES: [&str; 3] = ["day", "print", "contrast"];

fn layer<'a>(style: &'a Value, id: &str) -> Option<&'a Value> {
    let layers = style["layers"].as_array().unwrap().iter();
    layers.into_iter().find(|layer| layer["id"] == id)
}

#[tokio::test]
async fn a_style_has_the_colours_of_the_answer_and_a_break_belongs_below() {
    let api = FiveVillages::new().await;
    for query in ["", "?classes=equal&n=3", "?classes=quantile&n=1"] {
        let answer = api.json(&format!("/access{query}")).await;
        let classes = answer["classes"].as_array().unwrap();
        let mut step = vec![json!("step"), json!(["coalesce", ["get", "time_s"], 0])];
        step.push(classes[0]["colour"].clone());
        for class in &classes[1..] {
            step.push(json!(class["from"].as_f64().unwrap() + 0.0005));
            step.push(class["colour"].clone());
        }
        let expected = if classes.len() == 1 {
            classes[0]["colour"].clone()
        } else {
            Value::Array(step)
        };
        for name in STYLES {
            let style = api.json(&format!("/styles/{name}{query}")).await;
            let fill = layer(&style, "villages-fill").unwrap();
            assert_eq!(fill["paint"]["fill-color"], expected, "{name}{query}");
            let circles = layer(&style, "settlements").unwrap();
            assert_eq!(
                circles["paint"]["circle-color"][2], expected,
                "{name}{query}"
            );
            assert_eq!(style["metadata"]["jangkau:classes"], answer["classes"]);
        }
    }
}

#[tokio::test]
async fn a_style_draws_what_is_loaded_and_only_that() {
    let api = FiveVillages::new().await;
    for name in STYLES {
        let style = api.json(&format!("/styles/{name}")).await;
        let sources: Vec<&String> = style["sources"].as_object().unwrap().keys().collect();
        assert_eq!(sources, ["access", "clinics", "roads"]);
        assert!(layer(&style, "barriers").is_none(), "there are none");
        for id in [
            "background",
            "villages-fill",
            "villages-hatch",
            "villages-line",
            "kecamatan-line",
            "settlements",
            "facilities",
            "village-labels",
        ] {
            assert!(layer(&style, id).is_some(), "{name}: {id}");
        }
        let facilities = layer(&style, "facilities").unwrap();
        assert_eq!(facilities["source"], "clinics");
        assert!(!style.to_string().contains("\"$"), "{name} has a blank");
    }
    let water = api.json("/styles/day?service=water").await;
    assert_eq!(
        layer(&water, "facilities").unwrap()["source"],
        "water-points"
    );
    assert!(water["metadata"]["jangkau:notice"].is_string());
    let url = water["sources"]["access"]["url"].as_str().unwrap();
    assert!(
        url.contains("/tiles/access?service=water&mode=foot"),
        "{url}"
    );
}

#[tokio::test]
async fn a_style_speaks_the_language_that_is_asked_for() {
    let api = FiveVillages::new().await;
    let indonesian = api.json("/styles/day?lang=id").await;
    let english = api.json("/styles/day?lang=en").await;
    assert_eq!(indonesian["name"], "Jangkau siang");
    assert_eq!(english["name"], "Jangkau day");
    let labels = |style: &Value| style["metadata"]["jangkau:states"][0]["label"].clone();
    assert_ne!(labels(&indonesian), labels(&english));
}

#[tokio::test]
async fn the_sheet_of_pictures_is_there_at_both_densities() {
    let api = FiveVillages::new().await;
    for (name, ratio) in [("sprite", 1), ("sprite@2x", 2)] {
        let places = api.json(&format!("/styles/{name}.json")).await;
        assert_eq!(places["hatch-no_path"]["pixelRatio"], ratio);
        assert_eq!(places["hatch-no_path"]["width"], 8 * ratio);
        assert_eq!(places["mark-clinics"]["height"], 20 * ratio);
        let picture = api.get(&format!("/styles/{name}.png")).await;
        assert_eq!(picture.header("content-type"), "image/png");
        assert_eq!(picture.bytes[..4], *b"\x89PNG");
        let again = Request::get(format!("/styles/{name}.png"))
            .header("if-none-match", picture.header("etag"))
            .body(Body::empty())
            .unwrap();
        assert_eq!(api.send(again).await.status, 304);
    }
}

#[tokio::test]
async fn what_is_no_style_is_refused() {
    let api = FiveVillages::new().await;
    for (path, status, code) in [
        ("/styles/night", 404, "style.unknown"),
        ("/styles/sprite.svg", 404, "style.unknown"),
        ("/styles/sprite@3x.png", 404, "style.unknown"),
        ("/styles/day.json", 404, "style.unknown"),
        ("/styles/day?by=kecamatan", 400, "query.invalid"),
        ("/styles/day?n=0", 400, "query.invalid"),
        ("/styles/sprite.json?lang=id", 400, "query.invalid"),
        ("/styles/day?season=wet", 404, "run.missing"),
    ] {
        let answer = api.get(path).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.text);
        assert_eq!(answer.json()["code"], code, "{path}");
    }
}
