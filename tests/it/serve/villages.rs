//! `/villages/{code}` and its route.

use std::sync::{Arc, Mutex};

use jangkau::app::{RouteAnswer, RouteEnd};
use jangkau::domain::ReachState;
use serde_json::{Value, json};

use crate::support::five_villages::FiveVillages;

#[tokio::test]
async fn a_village_has_the_agreed_shape() {
    let api = FiveVillages::new().await;
    insta::assert_json_snapshot!("village", api.json("/villages/99.01.01.2001").await);
}

#[tokio::test]
async fn a_village_without_a_path_has_people_and_no_facility() {
    let api = FiveVillages::new().await;
    let delta = api.json("/villages/99.01.02.2002").await;
    let clinic = &delta["access"][0];
    assert_eq!(clinic["state"], "no_path");
    assert_eq!(clinic["nearest"], Value::Null);
    assert_eq!(clinic["people"]["no_path"], json!(800));
    assert_eq!(clinic["known_share"], Value::Null);
}

#[tokio::test]
async fn a_route_is_its_legs() {
    let api = FiveVillages::new().await;
    let answer = api.get("/villages/99.01.01.2001/route").await;
    assert_eq!(answer.header("content-type"), "application/geo+json");
    insta::assert_json_snapshot!("route", answer.json());
}

#[tokio::test]
async fn a_route_leads_where_it_is_asked_to() {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&asked);
    let api = FiveVillages::routed_by(Arc::new(move |request| {
        seen.lock().unwrap().push(request.end);
        Box::pin(async {
            Ok(RouteAnswer {
                state: ReachState::Within,
                facility: None,
                legs: Vec::new(),
                known_share: None,
            })
        })
    }))
    .await;
    for query in ["", "?to=nearest", "?to=second"] {
        let route = api
            .json(&format!("/villages/99.01.01.2001/route{query}"))
            .await;
        assert_eq!(route["facility"], Value::Null);
        assert_eq!(route["features"], json!([]));
    }
    assert_eq!(
        *asked.lock().unwrap(),
        [RouteEnd::Nearest, RouteEnd::Nearest, RouteEnd::Second]
    );
    let refused = api.get("/villages/99.01.01.2001/route?to=third").await;
    assert_eq!(refused.json()["errors"][0]["parameter"], "to");
}

#[tokio::test]
async fn an_unknown_village_is_not_found() {
    let api = FiveVillages::new().await;
    for path in [
        "/villages/99.01.09.2001",
        "/villages/99.01.09.2001/route",
        "/villages/%20",
    ] {
        let answer = api.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.json()["code"], "village.unknown", "{path}");
    }
}

#[tokio::test]
async fn a_route_of_what_was_not_computed_is_missing() {
    let api = FiveVillages::new().await;
    let answer = api
        .get("/villages/99.01.01.2001/route?metric=distance")
        .await;
    assert_eq!(answer.json()["code"], "run.missing");
}
