//! The page in a real browser, over the five hand-made villages.

use std::process::Stdio;
use std::time::Duration;

use jangkau::serve::serve;
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::sync::oneshot;

use crate::support::database::scratch_folder;
use crate::support::five_villages::FiveVillages;

const CHROMIUM: &str = "chromium";
/// Virtual time: the browser counts it forward while nothing is under way.
const SETTLE_MS: u32 = 10_000;
/// Real time, for a loaded machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// The document that a browser has made of the page at `address`, scripts run.
async fn dump(address: &str) -> String {
    let profile = scratch_folder();
    let browser = Command::new(CHROMIUM)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--enable-logging=stderr",
            "--dump-dom",
        ])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("--virtual-time-budget={SETTLE_MS}"))
        .arg(address)
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(PATIENCE, browser)
        .await
        .expect("the browser ends in time")
        .expect("cannot start chromium: install Debian's package of that name");
    let complaints = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{complaints}");
    for fault in ["Content Security Policy", "Uncaught"] {
        assert!(!complaints.contains(fault), "{complaints}");
    }
    String::from_utf8(output.stdout).unwrap()
}

/// The page of a fresh server over the five villages, asked with a query and hash.
async fn page(question: &str) -> String {
    let villages = FiveVillages::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/{question}", listener.local_addr().unwrap());
    let (stop, stopped) = oneshot::channel::<()>();
    let server = tokio::spawn(serve(villages.state.clone(), listener, async {
        // A dropped sender stops the server too.
        let _ = stopped.await;
    }));
    let document = dump(&address).await;
    drop(stop);
    server.await.unwrap().unwrap();
    document
}

/// The values of an attribute within the element that `start` begins and `end` closes.
fn values(document: &str, start: &str, end: &str, attribute: &str) -> Vec<i64> {
    let (_, rest) = document.split_once(start).expect("the element is there");
    let (element, _) = rest.split_once(end).expect("the element ends");
    element
        .split(&format!("{attribute}=\""))
        .skip(1)
        .filter_map(|rest| rest.split('"').next()?.parse().ok())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn people_of_the_pages_tables_are_those_of_the_database() {
    let villages = FiveVillages::new().await;
    let row = villages
        .scratch
        .client()
        .await
        .query_one(
            "select (sum(population_thousandths) / 1000)::int8 from village",
            &[],
        )
        .await
        .unwrap();
    let everybody: i64 = row.get(0);
    let document = page("?f=html&lang=id").await;
    let of_villages = values(&document, "id=\"ranking\"", "</table>", " data-people");
    assert_eq!(of_villages.len(), 5);
    assert_eq!(of_villages.iter().sum::<i64>(), everybody);
    let of_classes_and_states = values(&document, "id=\"legend\"", "</table>", " data-people");
    assert_eq!(of_classes_and_states.iter().sum::<i64>(), everybody);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_speaks_the_language_it_is_asked_for() {
    let indonesian = page("?f=html&lang=id").await;
    assert!(indonesian.contains("2.840 dari 3.100 jiwa"));
    assert!(indonesian.contains("<html lang=\"id\">"));
    let english = page("?f=html&lang=en").await;
    assert!(english.contains("2,840 of 3,100 people"));
    assert!(english.contains("<html lang=\"en\">"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_village_of_the_address_opens_with_its_facility_and_its_route() {
    let document = page("?f=html&lang=en#sel=99.01.01.2001").await;
    assert!(document.contains("Puskesmas Hulu"));
    assert!(document.contains("20 min · 10 km"));
    assert!(document.contains("class=\"leg off_road\""));
    assert!(document.contains("class=\"leg road\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn samples_are_marked_on_the_page() {
    let document = page("?f=html&lang=id#i=water.foot.dry.time").await;
    assert!(document.contains(jangkau::domain::SAMPLE_NOTICE));
    assert!(document.contains("<title>CONTOH – "));
}

#[test]
fn both_languages_have_the_same_words() {
    let keys = |text| -> Vec<String> {
        let words: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).unwrap();
        words.keys().cloned().collect()
    };
    let indonesian = keys(include_str!("../../web/src/words.id.json"));
    let english = keys(include_str!("../../web/src/words.en.json"));
    assert_eq!(indonesian, english);
}
