//! What every answer keeps: refusals, caching, headers, limits.

use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use jangkau::serve::{Limits, RouteError, serve};
use serde_json::Value;

use crate::support::five_villages::{Answer, FiveVillages};

fn assert_problem(answer: &Answer, status: u16, code: &str) {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let problem = answer.json();
    assert_eq!(problem["code"], code);
    assert_eq!(problem["status"], status);
    assert_eq!(problem["request_id"], answer.header("x-request-id"));
    for member in ["type", "title", "detail"] {
        assert!(problem[member].is_string(), "{member}");
    }
}

#[tokio::test]
async fn an_unknown_parameter_is_named_with_those_that_are_known() {
    let api = FiveVillages::new().await;
    let answer = api
        .get("/collections/villages/items?limit=x&colour=red")
        .await;
    assert_problem(&answer, 400, "query.invalid");
    let mut problem = answer.json();
    problem["request_id"] = Value::from("[id]");
    insta::assert_json_snapshot!("query_invalid", problem);
}

#[tokio::test]
async fn wrong_values_are_refused_and_never_fail_inside_rows_35_to_38() {
    let api = FiveVillages::new().await;
    for path in [
        "/collections/villages/items?limit=unlimited",
        "/collections/villages/items?limit=0",
        "/collections/villages/items?limit=1e9",
        "/collections/villages/items?offset=1000000000",
        "/collections/villages/items?bbox=1,2,3",
        "/collections/villages/items?bbox=0,5,1,4",
        "/collections/villages/items?bbox=NaN,0,1,1",
        "/collections/villages/items?bbox=0,0,1,1&bbox=0,0,1,1",
        "/collections/villages/items?datetime=yesterday",
        "/collections/villages/items?datetime=%27;%20drop%20table%20village;%20--",
        "/collections/villages/items?service=clinic",
        "/collections/villages/items?__proto__=1",
        "/collections/access/items?service=pg_sleep(10)",
        "/collections/access/items?tier=sd",
        "/access?service=market",
        "/access?mode=%27%20or%201=1",
        "/access?classes=jenks",
        "/access?n=0",
        "/access?n=1000",
        "/access?by=province",
        "/access?lang=nl",
        "/?f=xml",
        "/conformance?x=1",
        "/villages/99.01.01.2001?x=1",
        "/health/live?x=1",
    ] {
        assert_problem(&api.get(path).await, 400, "query.invalid");
    }
}

#[tokio::test]
async fn hostile_text_in_paths_and_cursors_is_only_text() {
    let api = FiveVillages::new().await;
    let code = "/villages/%27;%20drop%20table%20village;%20--";
    assert_problem(&api.get(code).await, 404, "village.unknown");
    let key = "/collections/roads/items/%22)%20or%201=1";
    assert_problem(&api.get(key).await, 404, "feature.unknown");
    let cursor = "/collections/roads/items?cursor=%27%20or%20true;%20--";
    assert_eq!(api.get(cursor).await.status, 200);
    assert_problem(&api.get("/villages/%00").await, 400, "request.invalid");
    assert_problem(&api.get("/villages/%ff").await, 400, "request.invalid");
    assert_eq!(
        api.json("/collections/villages/items").await["numberReturned"],
        5
    );
}

#[tokio::test]
async fn an_unknown_address_and_a_wrong_method_are_problems_too() {
    let api = FiveVillages::new().await;
    assert_problem(&api.get("/nowhere").await, 404, "path.unknown");
    assert_problem(&api.get("/assets/nothing.js").await, 404, "path.unknown");
    assert_problem(
        &api.get("/assets/..%2fCargo.toml").await,
        404,
        "path.unknown",
    );
    let post = Request::post("/access").body(Body::empty()).unwrap();
    let answer = api.send(post).await;
    assert_problem(&answer, 405, "method.not_allowed");
    assert_eq!(answer.header("allow"), "GET,HEAD");
}

#[tokio::test]
async fn an_answer_that_is_known_is_not_sent_again() {
    let api = FiveVillages::new().await;
    for path in [
        "/",
        "/?f=html",
        "/api",
        "/collections",
        "/collections/roads",
        "/collections/roads/items?limit=3",
        "/collections/access/items",
        "/collections/clinics/items/C-1",
        "/access",
        "/villages/99.01.01.2001",
        "/villages/99.01.01.2001/route",
        "/assets/manifest.json",
    ] {
        let first = api.get(path).await;
        assert_eq!(first.status, 200, "{path}");
        assert_eq!(first.header("cache-control"), "no-cache", "{path}");
        let again = Request::get(path)
            .header("if-none-match", first.header("etag"))
            .body(Body::empty())
            .unwrap();
        let again = api.send(again).await;
        assert_eq!(again.status, 304, "{path}");
        assert_eq!(again.header("etag"), first.header("etag"), "{path}");
        assert!(again.text.is_empty(), "{path}");
    }
}

#[tokio::test]
async fn new_data_change_the_tag_of_what_was_read_before() {
    let api = FiveVillages::new().await;
    let before = api.get("/access").await.header("etag").to_owned();
    let client = api.scratch.client().await;
    client
        .batch_execute("update run_input set dataset_version = null where layer = 'roads'")
        .await
        .unwrap();
    let after = api.get("/access").await;
    assert_ne!(after.header("etag"), before);
    assert_eq!(after.json()["rule"]["stale"], true);
}

#[tokio::test]
async fn head_has_the_headers_of_get_and_no_body() {
    let api = FiveVillages::new().await;
    for path in ["/access", "/collections/roads/items?limit=1000", "/nowhere"] {
        let get = api.get(path).await;
        let head = api
            .send(Request::head(path).body(Body::empty()).unwrap())
            .await;
        assert_eq!(head.status, get.status, "{path}");
        assert!(head.text.is_empty(), "{path}");
        for name in ["content-type", "etag", "vary"] {
            assert_eq!(head.header(name), get.header(name), "{path}");
        }
    }
}

#[tokio::test]
async fn every_answer_says_how_it_may_be_used() {
    let api = FiveVillages::new().await;
    for path in ["/access", "/?f=html", "/nowhere"] {
        let answer = api.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("access-control-allow-origin"), "*", "{path}");
        assert_eq!(
            answer.header("vary"),
            "Accept, Accept-Encoding, Accept-Language",
            "{path}"
        );
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!policy.contains("unsafe"), "{path}");
    }
}

#[tokio::test]
async fn answers_are_compressed_as_the_client_can() {
    let api = FiveVillages::new().await;
    for (accepted, used) in [
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("br", "br"),
        ("", ""),
    ] {
        let request = Request::get("/collections/roads/items?limit=1000")
            .header("accept-encoding", accepted)
            .body(Body::empty())
            .unwrap();
        assert_eq!(api.send(request).await.header("content-encoding"), used);
    }
}

#[tokio::test]
async fn a_browser_gets_the_page_and_a_gis_gets_links() {
    let api = FiveVillages::new().await;
    let browser = Request::get("/")
        .header("accept", "text/html,application/xml;q=0.9,*/*;q=0.8")
        .body(Body::empty())
        .unwrap();
    assert_eq!(
        api.send(browser).await.header("content-type"),
        "text/html; charset=utf-8"
    );
    assert_eq!(
        api.get("/").await.header("content-type"),
        "application/json"
    );
}

#[tokio::test]
async fn an_address_too_long_and_a_request_too_many_are_turned_away_rows_41_42() {
    let api = FiveVillages::new().await;
    let long = format!("/access?tier={}", "x".repeat(10_000));
    assert_problem(&api.get(&long).await, 414, "uri.too_long");
    let none_at_once = Limits {
        n_requests: 0,
        ..Limits::default()
    };
    let busy = FiveVillages::with(none_at_once, "")
        .await
        .get("/health/live")
        .await;
    assert_problem(&busy, 503, "busy");
    assert_eq!(busy.header("retry-after"), "5");
}

#[tokio::test]
async fn a_server_without_data_is_ready_and_has_nothing() {
    let api = FiveVillages::with(Limits::default(), "").await;
    assert_eq!(api.json("/health/ready").await["status"], "ready");
    assert_eq!(api.json("/health/live").await["status"], "live");
    assert_eq!(
        api.json("/collections").await["collections"],
        serde_json::json!([])
    );
    assert_problem(&api.get("/access").await, 404, "run.missing");
}

#[tokio::test]
async fn a_database_that_is_gone_is_a_problem_that_passes_row_54() {
    let api = FiveVillages::new().await;
    assert_eq!(api.get("/access").await.status, 200);
    let jangkau::store::Target::Socket { database, .. } = api.scratch.target.clone() else {
        unreachable!("the scratch cluster has a socket")
    };
    let elsewhere = crate::support::database::ScratchDatabase::empty().await;
    let client = elsewhere.client().await;
    client
        .batch_execute(&format!(
            "alter database {database} allow_connections false"
        ))
        .await
        .unwrap();
    let cut = format!(
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = '{database}'"
    );
    client.batch_execute(&cut).await.unwrap();
    let answer = api.get("/access").await;
    assert_problem(&answer, 503, "database.unavailable");
    assert_eq!(answer.header("retry-after"), "5");
    assert_eq!(api.get("/health/ready").await.status, 503);
    assert_eq!(api.get("/health/live").await.status, 200);
    client
        .batch_execute(&format!("alter database {database} allow_connections true"))
        .await
        .unwrap();
    assert_eq!(api.get("/access").await.status, 200);
}

#[tokio::test]
async fn a_failure_or_a_panic_inside_is_a_problem_and_tells_nothing() {
    let failing = Arc::new(|_request| {
        Box::pin(async { Err(RouteError("secret".into())) })
            as futures_util::future::BoxFuture<'_, _>
    });
    let panicking = Arc::new(|_request| unreachable!("secret"));
    for api in [
        FiveVillages::routed_by(failing).await,
        FiveVillages::routed_by(panicking).await,
    ] {
        let answer = api.get("/villages/99.01.01.2001/route").await;
        assert_problem(&answer, 500, "internal");
        assert!(!answer.text.contains("secret"));
        assert_eq!(api.get("/access").await.status, 200);
    }
}

#[tokio::test]
async fn an_address_that_others_can_reach_is_not_served() {
    let api = FiveVillages::with(Limits::default(), "").await;
    let listener = tokio::net::TcpListener::bind("0.0.0.0:0").await.unwrap();
    let refusal = serve(api.state.clone(), listener, std::future::pending()).await;
    assert!(refusal.unwrap_err().to_string().contains("only loopback"));
}
