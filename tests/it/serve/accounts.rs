//! Who asks, and what they get: every route with every role, forms, cookies, tokens.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Body;
use axum::http::Request;
use axum::http::request::Builder;
use jangkau::app::{add_account, add_token, revoke_token, use_link};
use jangkau::domain::{CodeList, Grant, Layer, ListedCode, Right, Role, Secret, VillageCode};
use jangkau::serve::{BodyKind, RouteEntry, route_table};
use jangkau::store::{ListOrigin, NewAccount, NewToken};
use serde_json::{Value, json};

use crate::support::five_villages::{Answer, FiveVillages};

const HOST: &str = "127.0.0.1:8080";
const ORIGIN: &str = "http://127.0.0.1:8080";
const PASSWORD: &str = "sepuluh katak di sawah";
const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// What each route asks, written a second time: who adds a route says here what it asks, or this test fails.
const ASKED: &[(&str, &str, Asked)] = &[
    ("GET", "/", Asked::Reading),
    ("GET", "/embed", Asked::Reading),
    ("GET", "/assets/{*file}", Asked::Nothing),
    ("GET", "/conformance", Asked::Reading),
    ("GET", "/api", Asked::Reading),
    ("GET", "/collections", Asked::Reading),
    ("GET", "/collections/{collection}", Asked::Reading),
    ("GET", "/collections/{collection}/schema", Asked::Reading),
    ("GET", "/collections/{collection}/items", Asked::Reading),
    (
        "GET",
        "/collections/{collection}/items/{feature}",
        Asked::Reading,
    ),
    ("GET", "/access", Asked::Reading),
    ("GET", "/data-quality", Asked::Reading),
    ("GET", "/map.svg", Asked::Reading),
    ("GET", "/map.png", Asked::Reading),
    ("GET", "/villages/{code}", Asked::Reading),
    ("GET", "/villages/{code}/route", Asked::Reading),
    ("GET", "/health/live", Asked::Nothing),
    ("GET", "/health/ready", Asked::Nothing),
    ("GET", "/styles/{name}", Asked::Reading),
    ("GET", "/tiles/{layer}", Asked::Reading),
    ("GET", "/tiles/{layer}/{z}/{x}/{y}", Asked::Reading),
    (
        "GET",
        "/tiles/{layer}/{edition}/{z}/{x}/{y}",
        Asked::Reading,
    ),
    (
        "GET",
        "/collections/{collection}/tiles/WebMercatorQuad/{z}/{y}/{x}",
        Asked::Reading,
    ),
    ("GET", "/sign-in", Asked::Nothing),
    ("GET", "/sign-in/style.css", Asked::Nothing),
    ("POST", "/sign-in", Asked::Nothing),
    ("GET", "/sign-in/link/{secret}", Asked::Nothing),
    ("POST", "/sign-in/link/{secret}", Asked::Nothing),
    ("POST", "/sign-out", Asked::Session),
    ("GET", "/me", Asked::Account),
    ("POST", "/me/password", Asked::Session),
    ("GET", "/accounts", Asked::Accounts),
    ("POST", "/accounts", Asked::Accounts),
    ("GET", "/tokens", Asked::Tokens),
    ("POST", "/tokens", Asked::Tokens),
    ("DELETE", "/tokens/{name}", Asked::Tokens),
    ("GET", "/audit", Asked::Audit),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Nothing,
    Reading,
    Account,
    Session,
    Accounts,
    Tokens,
    Audit,
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asker {
    Anonymous,
    Role(Role),
    /// A token of the admin that may read.
    Token,
    RevokedToken,
    ExpiredToken,
}

/// The status that keeps an visitor out; none where it may pass.
fn expected(visitor: Asker, asked: Asked, anonymous_reads: bool) -> Option<u16> {
    use Role::{Admin, Auditor, Dinas, Editor, Planner};
    let passes = |passes: bool| (!passes).then_some(403);
    match (visitor, asked) {
        (_, Asked::Nothing) => None,
        (Asker::Anonymous, Asked::Reading) if anonymous_reads => None,
        (Asker::Anonymous | Asker::RevokedToken | Asker::ExpiredToken, _) => Some(401),
        (Asker::Token, _) => passes(matches!(asked, Asked::Reading | Asked::Account)),
        (Asker::Role(role), Asked::Accounts) => passes(role == Admin),
        (Asker::Role(role), Asked::Tokens) => {
            passes([Admin, Editor, Planner, Dinas].contains(&role))
        }
        (Asker::Role(role), Asked::Audit) => passes([Admin, Auditor].contains(&role)),
        (Asker::Role(_), _) => None,
    }
}

fn new_account(name: &str, role: Role) -> NewAccount {
    let layers: &[Layer] = match role {
        Role::Dinas => &[Layer::Clinics],
        _ => &[],
    };
    let area = match role {
        Role::Camat => Some("99.01.01"),
        Role::Desa => Some("99.01.01.2001"),
        _ => None,
    };
    NewAccount {
        name: name.parse().unwrap(),
        full_name: None,
        grant: Grant::try_new(role, layers, area).unwrap(),
    }
}

async fn with_account(api: &FiveVillages, name: &str, role: Role) -> Secret {
    let account = new_account(name, role);
    let database = &api.scratch.database;
    add_account(database, &account, "tester").await.unwrap()
}

/// A session of an account, without the work of its password.
async fn session(api: &FiveVillages, name: &str) -> String {
    let secret = Secret::new(other_bytes());
    api.scratch
        .database
        .begin_session(&name.parse().unwrap(), &secret.hash(), &[[0; 32]; 2])
        .await
        .unwrap();
    cookie(&secret.text())
}

/// Bytes that no other session of the tests has.
fn other_bytes() -> [u8; 32] {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let mut bytes = [7; 32];
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    bytes[..8].copy_from_slice(&number.to_le_bytes());
    bytes
}

fn cookie(secret: &str) -> String {
    format!("a=b; __Host-jangkau={secret}")
}

async fn token(api: &FiveVillages, name: &str) -> String {
    let token = NewToken {
        name: name.parse().unwrap(),
        account: "admin".to_owned(),
        rights: vec![Right::ReadCurrent],
        expires_days: 1,
    };
    let secret = add_token(&api.scratch.database, &token, "tester").await;
    format!("Bearer {}", secret.unwrap().text())
}

/// A path of the table that can be asked for.
fn filled(path: &str) -> String {
    [
        ("{*file}", "manifest.json"),
        ("{collection}", "roads"),
        ("{feature}", "nothing"),
        ("{code}", "99.01.01.2001"),
        ("{layer}", "roads"),
        ("{edition}", "1"),
        ("{name}", "day"),
        ("{secret}", "nothing"),
        ("{z}", "0"),
        ("{x}", "0"),
        ("{y}", "0"),
    ]
    .iter()
    .fold(path.to_owned(), |path, (name, value)| {
        path.replace(name, value)
    })
}

/// A request as a page of this server would send it.
fn request_of(entry: &RouteEntry, credentials: &[(&str, String)]) -> Request<Body> {
    let mut request = Request::builder()
        .method(entry.method.clone())
        .uri(filled(entry.path))
        .header("host", HOST);
    if let Some(body) = entry.changes {
        request = request.header("origin", ORIGIN);
        match body {
            BodyKind::Form => request = request.header("content-type", FORM),
            BodyKind::Json => request = request.header("content-type", JSON),
            BodyKind::Empty => {}
        }
    }
    for (name, value) in credentials {
        request = request.header(*name, value);
    }
    request.body(Body::empty()).unwrap()
}

async fn walk(api: &FiveVillages, anonymous_reads: bool) {
    for role in Role::ALL {
        with_account(api, role.as_str(), *role).await;
    }
    let valid = token(api, "valid").await;
    let revoked = token(api, "revoked").await;
    revoke_token(&api.scratch.database, "revoked", None, "tester")
        .await
        .unwrap();
    let expired = token(api, "expired").await;
    let expire = "update api_token set expires_at = clock_timestamp() where name = 'expired'";
    api.scratch
        .client()
        .await
        .batch_execute(expire)
        .await
        .unwrap();
    let roles = Role::ALL.iter().map(|role| Asker::Role(*role));
    let tokens = [Asker::Token, Asker::RevokedToken, Asker::ExpiredToken];
    let askers: Vec<Asker> = [Asker::Anonymous]
        .into_iter()
        .chain(roles)
        .chain(tokens)
        .collect();
    for entry in route_table(&api.state) {
        let method = entry.method.as_str();
        let found = ASKED
            .iter()
            .find(|(each, path, _)| *each == method && *path == entry.path);
        let (_, _, asked) = found.expect("a new route says what it asks in ASKED, too");
        for visitor in &askers {
            let credentials = match visitor {
                Asker::Anonymous => Vec::new(),
                // Signing out ends it: each request has its own.
                Asker::Role(role) => vec![("cookie", session(api, role.as_str()).await)],
                Asker::Token => vec![("authorization", valid.clone())],
                Asker::RevokedToken => vec![("authorization", revoked.clone())],
                Asker::ExpiredToken => vec![("authorization", expired.clone())],
            };
            let answer = api.send(request_of(&entry, &credentials)).await;
            let status = answer.status.as_u16();
            let kept_out = [401, 403].contains(&status).then_some(status);
            let what = format!("{visitor:?}: {method} {}: {}", entry.path, answer.text);
            assert_eq!(
                kept_out,
                expected(*visitor, *asked, anonymous_reads),
                "{what}"
            );
            assert!(status < 500, "{what}");
        }
    }
}

#[tokio::test]
async fn every_route_keeps_out_whom_it_should_while_anybody_on_this_machine_reads() {
    walk(&FiveVillages::new().await, true).await;
}

#[tokio::test]
async fn every_route_keeps_out_whom_it_should_where_reading_asks_for_an_account() {
    walk(&FiveVillages::new().await.requiring_accounts(), false).await;
}

#[tokio::test]
async fn the_document_says_what_each_route_asks() {
    let api = FiveVillages::new().await;
    let document = api.json("/api").await;
    for (method, path, asked) in ASKED {
        if matches!(*path, "/assets/{*file}" | "/sign-in/style.css") {
            continue;
        }
        let path = path.replace(
            "/collections/{collection}/items/{feature}",
            "/collections/roads/items/{featureId}",
        );
        let path = if path.contains("WebMercatorQuad") {
            path
        } else {
            path.replace("{collection}", "roads")
        };
        let security = &document["paths"][&path][method.to_lowercase()]["security"];
        let expected = match asked {
            Asked::Nothing => json!([]),
            Asked::Reading => json!([{}, { "token": [] }, { "session": [] }]),
            Asked::Account | Asked::Audit => json!([{ "token": [] }, { "session": [] }]),
            Asked::Session | Asked::Accounts | Asked::Tokens => json!([{ "session": [] }]),
        };
        assert_eq!(security, &expected, "{method} {path}");
    }
}

fn post(path: &str, content_type: &str) -> Builder {
    Request::post(path)
        .header("host", HOST)
        .header("origin", ORIGIN)
        .header("content-type", content_type)
}

async fn send(api: &FiveVillages, path: &str, content_type: &str, body: &str) -> Answer {
    let request = post(path, content_type);
    api.send(request.body(Body::from(body.to_owned())).unwrap())
        .await
}

async fn send_as(
    api: &FiveVillages,
    cookie: &str,
    path: &str,
    content_type: &str,
    body: &str,
) -> Answer {
    let request = post(path, content_type).header("cookie", cookie);
    api.send(request.body(Body::from(body.to_owned())).unwrap())
        .await
}

async fn get_as(api: &FiveVillages, header: &str, value: &str, path: &str) -> Answer {
    let request = Request::get(path)
        .header("host", HOST)
        .header(header, value);
    api.send(request.body(Body::empty()).unwrap()).await
}

fn form(name: &str, password: &str) -> String {
    format!("name={name}&password={}", password.replace(' ', "+"))
}

/// The value of the cookie that an answer sets.
fn set_cookie(answer: &Answer) -> String {
    let header = answer.header("set-cookie");
    let (pair, attributes) = header.split_once("; ").unwrap();
    let max_age = if pair.ends_with('=') { 0 } else { 604_800 };
    assert_eq!(
        attributes,
        format!("Path=/; Max-Age={max_age}; Secure; HttpOnly; SameSite=Lax")
    );
    pair.to_owned()
}

async fn with_siti(api: &FiveVillages) {
    let link = with_account(api, "siti", Role::Editor).await;
    use_link(&api.scratch.database, &link, PASSWORD)
        .await
        .unwrap();
}

#[tokio::test]
async fn somebody_signs_in_is_known_and_signs_out() {
    let api = FiveVillages::new().await;
    with_siti(&api).await;
    let answer = send(&api, "/sign-in?lang=en", FORM, &form("siti", PASSWORD)).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    assert_eq!(answer.header("location"), "/?lang=en");
    assert_eq!(answer.header("cache-control"), "no-store");
    let cookie = set_cookie(&answer);
    let me = get_as(&api, "cookie", &cookie, "/me").await.json();
    assert_eq!(
        (&me["account"], &me["role"]),
        (&json!("siti"), &json!("editor"))
    );
    assert_eq!(me["by_token"], false);
    let answer = send_as(&api, &cookie, "/sign-out", FORM, "").await;
    assert_eq!(answer.status, 303);
    assert_eq!(set_cookie(&answer), "__Host-jangkau=");
    let me = get_as(&api, "cookie", &cookie, "/me").await;
    assert_eq!(me.status, 401);
    assert_eq!(me.json()["code"], "sign_in.needed");
    assert_eq!(me.header("www-authenticate"), "Bearer");
    let read = get_as(&api, "cookie", &cookie, "/access").await;
    assert_eq!(read.status, 200, "an old cookie keeps nobody from reading");
}

#[tokio::test]
async fn what_another_page_sends_changes_nothing_row_44() {
    let api = FiveVillages::new().await;
    with_siti(&api).await;
    with_account(&api, "admin", Role::Admin).await;
    let admin = session(&api, "admin").await;
    let account = r#"{"name":"mallory","role":"admin"}"#;
    let signing_in = form("siti", PASSWORD);
    for (path, body, content_type) in [
        ("/sign-in", signing_in.as_str(), FORM),
        ("/accounts", account, JSON),
        ("/sign-out", "", FORM),
    ] {
        for headers in [
            &[][..],
            &[("origin", "null")],
            &[("origin", "https://evil.example")],
            &[("origin", "http://127.0.0.1:8081")],
            &[("origin", ORIGIN), ("sec-fetch-site", "cross-site")],
            &[("origin", ORIGIN), ("content-type", "text/plain")],
            &[("origin", ORIGIN), ("content-type", "")],
        ] {
            let mut request = Request::post(path)
                .header("host", HOST)
                .header("cookie", &admin);
            if headers.iter().all(|(name, _)| *name != "content-type") {
                request = request.header("content-type", content_type);
            }
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let answer = api.send(request.body(Body::from(body.to_owned())).unwrap());
            let answer = answer.await;
            assert_eq!(answer.status, 403, "{path} {headers:?}");
            assert_eq!(answer.header("set-cookie"), "", "{path} {headers:?}");
        }
    }
    let accounts = get_as(&api, "cookie", &admin, "/accounts").await.json();
    let names = accounts["accounts"].as_array().unwrap().iter();
    let names: Vec<&str> = names.map(|each| each["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["admin", "siti"]);
    // And the same from a page of this server works.
    let answer = send_as(&api, &admin, "/accounts", JSON, account).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
}

#[tokio::test]
async fn an_unknown_name_and_a_wrong_password_are_answered_alike_and_then_wait_row_47() {
    let api = FiveVillages::new().await;
    with_siti(&api).await;
    let wrong = "bukan kata sandinya";
    let mut answers = Vec::new();
    for name in ["siti", "nobody"] {
        let answer = send(&api, "/sign-in", FORM, &form(name, wrong)).await;
        assert_eq!(answer.status, 401);
        let mut problem = answer.json();
        problem["request_id"] = Value::Null;
        let mut headers = answer.headers.clone();
        headers.remove("x-request-id");
        answers.push((problem, headers));
        // A browser is led back to the page, which says the same of both.
        let request = post("/sign-in", FORM).header("accept", "text/html");
        let body = Body::from(form(name, wrong));
        let answer = api.send(request.body(body).unwrap()).await;
        assert_eq!(answer.status, 303);
        assert_eq!(
            answer.header("location"),
            "/sign-in?lang=id&problem=refused"
        );
    }
    assert_eq!(answers[0], answers[1]);
    let answer = send(&api, "/sign-in", FORM, &form("budi", wrong)).await;
    assert_eq!(answer.status, 401, "the fifth failure of this address");
    let hold = "update failed_sign_in set wait_until = clock_timestamp() + interval '1 minute'
                where last_at + interval '0.5 s' < wait_until";
    let client = api.scratch.client().await;
    client.batch_execute(hold).await.unwrap();
    let answer = send(&api, "/sign-in", FORM, &form("siti", PASSWORD)).await;
    assert_eq!(answer.status, 429, "{}", answer.text);
    assert_eq!(answer.json()["code"], "sign_in.wait");
    let wait_s: u64 = answer.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait_s), "{wait_s}");
}

#[tokio::test]
async fn a_link_is_used_by_its_form_and_not_by_looking_at_it() {
    let api = FiveVillages::new().await;
    let link = with_account(&api, "siti", Role::Editor).await;
    let path = format!("/sign-in/link/{}", link.text());
    for _look in 0..2 {
        let page = api.get(&path).await;
        assert_eq!(page.status, 200);
        assert!(page.text.contains("<dd>siti</dd>"), "{}", page.text);
        assert_eq!(page.text.matches("type=\"password\"").count(), 2);
        assert_eq!(page.header("x-frame-options"), "DENY");
        assert_eq!(page.header("cache-control"), "no-store");
        let policy = page.header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && !policy.contains("script-src"));
        assert!(!page.text.contains("<script"));
    }
    let password = PASSWORD.replace(' ', "+");
    let answer = send(&api, &path, FORM, &format!("password={password}&again=x")).await;
    assert_eq!(answer.status, 400);
    let answer = send(&api, &path, FORM, "password=pendek&again=pendek").await;
    assert_eq!(answer.status, 400);
    let body = format!("password={password}&again={password}");
    let answer = send(&api, &path, FORM, &body).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let me = get_as(&api, "cookie", &set_cookie(&answer), "/me").await;
    assert_eq!(me.json()["account"], "siti");
    let answer = send(&api, &path, FORM, &body).await;
    assert_eq!(answer.json()["code"], "link.invalid");
    let page = api.get(&format!("{path}?lang=en")).await;
    assert!(page.text.contains("works no longer"), "{}", page.text);
    assert!(!page.text.contains("siti"));
}

#[tokio::test]
async fn another_password_is_set_with_the_old_one() {
    let api = FiveVillages::new().await;
    with_siti(&api).await;
    let siti = session(&api, "siti").await;
    let body =
        "old=bukan+kata+sandinya&password=sebelas+katak+di+sawah&again=sebelas+katak+di+sawah";
    let answer = send_as(&api, &siti, "/me/password", FORM, body).await;
    assert_eq!(answer.json()["code"], "sign_in.refused");
    let body = body.replace("bukan+kata+sandinya", &PASSWORD.replace(' ', "+"));
    let answer = send_as(&api, &siti, "/me/password", FORM, &body).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    let answer = send(&api, "/sign-in", FORM, &form("siti", PASSWORD)).await;
    assert_eq!(answer.status, 401);
    let answer = send(
        &api,
        "/sign-in",
        FORM,
        &form("siti", "sebelas katak di sawah"),
    )
    .await;
    assert_eq!(answer.status, 303);
}

#[tokio::test]
async fn a_token_goes_into_a_header_is_seen_once_and_ends_when_it_is_revoked_row_46() {
    let api = FiveVillages::new().await;
    with_siti(&api).await;
    with_account(&api, "budi", Role::Planner).await;
    let (siti, budi) = (session(&api, "siti").await, session(&api, "budi").await);
    let body = r#"{"name":"qgis","rights":["read"],"expires_days":30}"#;
    let answer = send_as(&api, &siti, "/tokens", JSON, body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let token = answer.json()["token"].as_str().unwrap().to_owned();
    let again = send_as(&api, &siti, "/tokens", JSON, body).await;
    assert_eq!(again.json()["code"], "name.taken");
    let bearer = format!("Bearer {token}");
    let me = get_as(&api, "authorization", &bearer, "/me").await.json();
    assert_eq!(
        (&me["account"], &me["rights"]),
        (&json!("siti"), &json!(["read"]))
    );
    let tokens = get_as(&api, "cookie", &siti, "/tokens").await;
    assert_eq!(tokens.json()["tokens"][0]["name"], "qgis");
    assert!(!tokens.text.contains(&token));
    let others = get_as(&api, "cookie", &budi, "/tokens").await.json();
    assert_eq!(others["tokens"], json!([]));
    for path in [
        format!("/access?token={token}"),
        format!("/access?access_token={token}&lang=id"),
        format!("/villages/{token}"),
    ] {
        let answer = api.get(&path).await;
        assert_eq!(answer.status, 400, "{path}");
        assert!(!answer.text.contains(&token), "{path}");
    }
    let delete = |cookie: &str| {
        Request::delete("/tokens/qgis")
            .header("host", HOST)
            .header("origin", ORIGIN)
            .header("cookie", cookie)
            .body(Body::empty())
            .unwrap()
    };
    assert_eq!(
        api.send(delete(&budi)).await.status,
        404,
        "it is not budi's"
    );
    let read = get_as(&api, "authorization", &bearer, "/access").await;
    assert_eq!(read.status, 200);
    assert_eq!(api.send(delete(&siti)).await.status, 204);
    let read = get_as(&api, "authorization", &bearer, "/access").await;
    assert_eq!(read.status, 401, "though anybody may read here");
}

#[tokio::test]
async fn a_token_beyond_its_role_or_a_body_that_is_none_is_refused_with_the_reason() {
    let api = FiveVillages::new().await;
    with_account(&api, "budi", Role::Planner).await;
    let budi = session(&api, "budi").await;
    for (body, said) in [
        (
            r#"{"name":"t1","rights":["import"]}"#,
            "planner cannot have",
        ),
        (
            r#"{"name":"t1","rights":["manage-tokens"]}"#,
            "no token has",
        ),
        (r#"{"name":"t1","rights":[]}"#, "at least one"),
        (r#"{"name":"T 1","rights":["read"]}"#, "small letters"),
        (
            r#"{"name":"t1","rights":["read"],"expires_days":0}"#,
            "from 1",
        ),
        (r#"{"name":"t1","rights":["read"],"x":1}"#, "unknown field"),
        ("{", "cannot be understood"),
    ] {
        let answer = send_as(&api, &budi, "/tokens", JSON, body).await;
        assert_eq!(answer.status, 400, "{body}");
        let detail = answer.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(said), "{detail}");
    }
}

#[tokio::test]
async fn the_trail_is_a_page_a_table_and_json_and_text_in_it_stays_text() {
    let api = FiveVillages::new().await;
    with_account(&api, "auditor", Role::Auditor).await;
    let list = CodeList {
        edition: "2025".to_owned(),
        source: "<img onerror=alert(1)>".to_owned(),
        codes: vec![ListedCode {
            code: VillageCode::parse("99.01.01.2001").unwrap(),
            name: "Alfa".to_owned(),
            kecamatan: None,
            bps: None,
        }],
    };
    let origin = ListOrigin::LoadedBy("=HYPERLINK(\"http://x\")");
    let kept = api.scratch.database.keep_codes(&list, origin);
    kept.await.unwrap();
    let auditor = session(&api, "auditor").await;
    let trail = get_as(&api, "cookie", &auditor, "/audit?subject=codes").await;
    assert_eq!(trail.header("cache-control"), "no-store");
    let row = &trail.json()["rows"][0];
    assert_eq!(
        (&row["action"], &row["subject"]),
        (&json!("load-codes"), &json!("codes 2025"))
    );
    let next = trail.json()["next"].as_str().unwrap().to_owned();
    let next = get_as(&api, "cookie", &auditor, &next).await.json();
    assert_eq!(next["rows"], json!([]));
    assert_eq!(next["next"], Value::Null);
    let page = get_as(&api, "cookie", &auditor, "/audit?f=html&subject=codes").await;
    assert!(!page.text.contains("<img"), "{}", page.text);
    assert!(page.text.contains("codes 2025"));
    let csv = get_as(&api, "cookie", &auditor, "/audit?f=csv&subject=codes").await;
    assert!(csv.text.contains("\"'=HYPERLINK"), "{}", csv.text);
    for query in ["since=2026-02-30", "since=0000-01-01", "after=-1", "x=1"] {
        let answer = get_as(&api, "cookie", &auditor, &format!("/audit?{query}")).await;
        assert_eq!(answer.status, 400, "{query}");
    }
}

#[tokio::test]
async fn the_pages_speak_both_languages_and_say_what_went_wrong() {
    let api = FiveVillages::new().await;
    let page = api.get("/sign-in?lang=id&problem=refused").await;
    assert!(page.text.contains("Nama atau kata sandi tidak benar."));
    let page = api.get("/sign-in?lang=en&problem=wait").await;
    assert!(page.text.contains("Too many attempts failed."));
    assert!(page.text.contains("action=\"/sign-in?lang=en\""));
    let page = api.get("/sign-in?problem=%3Cscript%3E").await;
    assert_eq!(page.status, 400);
    with_account(&api, "admin", Role::Admin).await;
    let admin = session(&api, "admin").await;
    let request = Request::get("/me?lang=en")
        .header("accept", "text/html")
        .header("cookie", admin);
    let page = api.send(request.body(Body::empty()).unwrap()).await;
    assert!(
        page.text.contains("action=\"/sign-out?lang=en\""),
        "{}",
        page.text
    );
    assert!(page.text.contains("href=\"/audit?lang=en\""));
    assert_eq!(api.get("/sign-in/style.css").await.status, 200);
}
