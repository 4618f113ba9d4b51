//! `jangkau graph build`, and graphs wherever roads are asked for.

use std::fs;

use serde_json::Value;

use super::{Desk, roads};

#[test]
fn a_graph_answers_what_its_roads_answer() {
    let desk = Desk::with_a_road();
    let report = desk.json("graph build --roads roads.geojson --out roads.graph");
    let build = &report["build"];
    let counts = ["segments", "components", "crossings_off_roads"].map(|name| &build[name]);
    assert_eq!(counts, [&Value::from(4), &Value::from(2), &Value::from(0)]);
    let length = fs::metadata(desk.path("roads.graph")).unwrap().len();
    assert_eq!(report["n_bytes"], length);
    for ask in ["access --k 2", "matrix"] {
        for how in [
            "--mode foot",
            "--mode motorcycle --metric distance --season wet",
        ] {
            let rows = |roads: &str| {
                desk.rows(&format!(
                    "{ask} {how} --roads {roads} --origins origins.csv --facilities facilities.csv"
                ))
            };
            assert_eq!(rows("roads.graph"), rows("roads.geojson"), "{ask} {how}");
        }
    }
    let route = |roads: &str| {
        let found = desk.json(&format!(
            "route --roads {roads} --mode foot --from 0.01,0 --to 0.02,0.01"
        ));
        (found["time_s"].clone(), found["legs"].clone())
    };
    assert_eq!(route("roads.graph"), route("roads.geojson"));
    desk.json("isochrone --roads roads.graph --mode foot --from 0.01,0 --cutoff-min 10 --out area.geojson");
}

#[test]
fn equal_roads_give_equal_bytes_and_a_broken_graph_is_refused() {
    let desk = Desk::with_a_road();
    for name in ["one.graph", "two.graph"] {
        let said = desk.run(&format!("graph build --roads roads.geojson --out {name}"));
        assert_eq!(said.code, 0, "{}", said.err);
    }
    let bytes = fs::read(desk.path("one.graph")).unwrap();
    assert_eq!(bytes, fs::read(desk.path("two.graph")).unwrap());
    let ask = "route --mode foot --from 0.01,0 --to 0.02,0.01 --roads";
    let mut broken = bytes.clone();
    let middle = broken.len() / 2;
    broken[middle] ^= 1;
    for (bytes, what) in [
        (&broken[..], "damaged"),
        (&bytes[..40], "damaged"),
        (b"id,lon,lat", "not a road graph"),
        (
            b"JKGRAPH\n\x01\0\0\0",
            "format 1, where 2 is read: build it again",
        ),
    ] {
        fs::write(desk.path("broken.graph"), bytes).unwrap();
        let said = desk.run(&format!("{ask} broken.graph"));
        assert_eq!(said.code, 3, "{}", said.err);
        assert!(said.err.contains(what), "{}", said.err);
    }
    assert_eq!(desk.run(&format!("{ask} nothing.graph")).code, 2);
}

#[test]
fn what_a_graph_cannot_have_is_a_usage_error() {
    let desk = Desk::with_a_road();
    desk.json("graph build --roads roads.geojson --join-ends-m 5 --out roads.graph");
    let route = "route --mode foot --from 0.01,0 --to 0.02,0.01";
    let rule = &desk.json(&format!("{route} --roads roads.graph"))["rule"];
    assert_eq!(rule["join_ends_m"], 5.0, "the graph says what was joined");
    assert_eq!(rule["join_crossings"], false);
    for arguments in [
        format!("{route} --roads roads.graph --join-ends-m 5"),
        format!("{route} --roads roads.graph roads.geojson"),
        "graph build --roads roads.geojson --out roads.bin".to_owned(),
        "graph build --roads roads.graph --out again.graph".to_owned(),
    ] {
        assert_eq!(desk.run(&arguments).code, 2, "{arguments}");
    }
    desk.write("roads.geojson", &roads(&[]));
    let said = desk.run("graph build --roads roads.geojson --out none.graph");
    assert_eq!(said.code, 3);
    assert!(!desk.path("none.graph").exists());
}

#[test]
fn crossings_are_joined_where_asked_for() {
    let desk = Desk::new();
    desk.write(
        "roads.geojson",
        &roads(&[
            ("east", "tertiary", &[(0.0, 0.0), (0.02, 0.0)]),
            ("north", "tertiary", &[(0.01, -0.01), (0.01, 0.01)]),
        ]),
    );
    for (flag, components) in [("", 2), ("--join-crossings", 1)] {
        let report = desk.json(&format!(
            "graph build --roads roads.geojson {flag} --out roads.graph"
        ));
        assert_eq!(report["build"]["components"], components, "{flag}");
    }
}

#[test]
fn the_report_tells_parts_with_their_people_and_ends_that_nearly_meet() {
    let desk = Desk::with_a_road();
    // 1.11 km, then a gap of 11 m, then 1.10 km; people on both and on none.
    desk.write(
        "more.geojson",
        &roads(&[
            ("far", "tertiary", &[(1.0, 1.0), (1.01, 1.0)]),
            ("near", "tertiary", &[(1.0101, 1.0), (1.02, 1.0)]),
        ]),
    );
    desk.write(
        "people.csv",
        "id,lon,lat,population\na,1.005,1,30\nb,1.0051,1.001,12\nc,1.015,1,5\nd,2,2,7\n",
    );
    let report = desk.json("graph build --roads more.geojson --people people.csv --out more.graph");
    let parts = report["parts"].as_array().unwrap();
    let people: Vec<_> = parts.iter().map(|part| part["people"].as_f64()).collect();
    assert_eq!(people, [Some(42.0), Some(5.0)], "{report}");
    assert_eq!(report["people_off_roads"], 7.0);
    let lengths: Vec<_> = parts.iter().map(|part| part["length_m"].as_f64()).collect();
    assert!(
        lengths[0] > Some(1_100.0) && lengths[1] < lengths[0],
        "{report}"
    );
    assert_eq!(report["near_misses_found"], 1);
    let gap = report["near_misses"][0]["gap_m"].as_f64().unwrap();
    assert!((gap - 11.1).abs() < 0.1, "{gap}");
    let without = desk.json("graph build --roads more.geojson --out more.graph");
    assert!(without["parts"][0]["people"].is_null() && without["people_off_roads"].is_null());
}
