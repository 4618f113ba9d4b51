//! `jangkau access`: every sentence of its contract.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

use gdal::vector::LayerAccess;
use serde_json::Value;

use super::{Desk, read_rows, roads};

const ASK: &str =
    "access --roads roads.geojson --origins origins.csv --facilities facilities.csv --mode foot";

fn of<'a>(rows: &'a [BTreeMap<String, String>], origin: &str) -> Vec<&'a BTreeMap<String, String>> {
    let is_of = |row: &&BTreeMap<String, String>| row["origin_id"] == origin;
    rows.iter().filter(is_of).collect()
}

fn words(row: &BTreeMap<String, String>, columns: &[&str]) -> Vec<String> {
    columns.iter().map(|column| row[*column].clone()).collect()
}

#[test]
fn the_columns_are_those_of_the_contract_with_three_decimals() {
    let desk = Desk::with_a_road();
    desk.rows(ASK);
    let text = fs::read_to_string(desk.path("rows.csv")).unwrap();
    let mut lines = text.lines();
    assert_eq!(
        lines.next(),
        Some("origin_id,rank,facility_id,state,time_s,length_m,origin_snap_m,facility_snap_m")
    );
    let first: Vec<&str> = lines.next().unwrap().split(',').collect();
    assert_eq!(&first[..4], ["house", "1", "near", "within"]);
    for number in &first[4..] {
        assert_eq!(number.split_once('.').unwrap().1.len(), 3, "{number}");
    }
}

#[test]
fn with_three_asked_for_and_two_found_there_are_two_rows() {
    let desk = Desk::with_a_road();
    let rows = desk.rows(&format!("{ASK} --k 3"));
    let house: Vec<Vec<String>> = of(&rows, "house")
        .into_iter()
        .map(|row| words(row, &["rank", "facility_id", "state"]))
        .collect();
    assert_eq!(house, [["1", "near", "within"], ["2", "far", "within"]]);
}

#[test]
fn an_origin_without_a_result_has_exactly_one_row_without_a_facility() {
    let desk = Desk::with_a_road();
    let rows = desk.rows(&format!("{ASK} --k 3"));
    for (origin, state) in [("islander", "no_path"), ("nobody", "unsnapped")] {
        let rows = of(&rows, origin);
        assert_eq!(rows.len(), 1, "{origin}");
        assert_eq!(words(rows[0], &["rank", "state"]), ["1", state]);
        for column in [
            "facility_id",
            "time_s",
            "length_m",
            "origin_snap_m",
            "facility_snap_m",
        ] {
            assert_eq!(rows[0][column], "", "{origin} {column}");
        }
    }
}

#[test]
fn a_length_equal_to_the_cutoff_is_within_and_a_millimetre_more_is_beyond() {
    let desk = Desk::with_a_road();
    let rows = desk.rows(&format!("{ASK} --metric distance"));
    let length_m: f64 = of(&rows, "house")[0]["length_m"].parse().unwrap();
    for (cutoff_m, state) in [(length_m, "within"), (length_m - 0.001, "beyond_cutoff")] {
        let rows = desk.rows(&format!("{ASK} --cutoff-m {cutoff_m:.3}"));
        let house = of(&rows, "house");
        assert_eq!(house.len(), 1);
        assert_eq!(house[0]["state"], state);
        let is_empty = house[0]["facility_id"].is_empty() && house[0]["time_s"].is_empty();
        assert_eq!(is_empty, state == "beyond_cutoff");
    }
}

#[test]
fn snaps_are_bare_distances_and_the_length_is_charged_for_them() {
    let desk = Desk::with_a_road();
    // 0.001 degrees of a meridian at the equator are 110.574 m, of the equator 111.320 m.
    desk.write("origins.csv", "id,lon,lat\naside,0.01,0.001\n");
    desk.write("facilities.csv", "id,lon,lat\nbeside,0.04,-0.002\n");
    let row = &desk.rows(ASK)[0];
    let number = |column: &str| row[column].parse::<f64>().unwrap();
    assert!((number("origin_snap_m") - 110.574).abs() < 0.01);
    assert!((number("facility_snap_m") - 2.0 * 110.574).abs() < 0.01);
    let expected_m = 0.03 * 111_319.491 + 2.0 * 3.0 * 110.574;
    assert!((number("length_m") - expected_m).abs() < 0.05);
    assert!((number("time_s") - expected_m * 3.6 / 5.0).abs() < 0.05);
}

#[test]
fn a_facility_that_is_walked_to_straight_has_no_snaps() {
    let desk = Desk::with_a_road();
    desk.write("origins.csv", "id,lon,lat\nfield,0.01,0.010\n");
    desk.write("facilities.csv", "id,lon,lat\npost,0.01,0.011\n");
    let row = &desk.rows(ASK)[0];
    assert_eq!(
        words(row, &["state", "origin_snap_m", "facility_snap_m"]),
        ["within", "", ""]
    );
    let length_m: f64 = row["length_m"].parse().unwrap();
    assert!((length_m - 2.0 * 110.574).abs() < 0.01);
}

#[test]
fn the_geometry_of_geojson_and_flatgeobuf_is_the_origin_and_the_rule_goes_with_it() {
    let desk = Desk::with_a_road();
    assert_eq!(desk.run(&format!("{ASK} --k 2 --out rows.geojson")).code, 0);
    let text = fs::read_to_string(desk.path("rows.geojson")).unwrap();
    let collection: Value = serde_json::from_str(&text).unwrap();
    let rule = &collection["metadata"]["rule"];
    for (name, value) in [
        ("snap_radius_m", Value::from(2000.0)),
        ("off_road_factor", Value::from(2.0)),
        ("snap", Value::from("best")),
        ("mode", Value::from("foot")),
        ("profiles", Value::from("built-in")),
    ] {
        assert_eq!(rule[name], value, "{name}");
    }
    let features = collection["features"].as_array().unwrap();
    assert_eq!(features.len(), 2 + 2 + 1 + 1);
    assert_eq!(
        features[0]["geometry"]["coordinates"],
        serde_json::json!([0.001, 0.0])
    );
    assert_eq!(features[5]["properties"]["facility_id"], Value::Null);

    assert_eq!(desk.run(&format!("{ASK} --k 2 --out rows.fgb")).code, 0);
    let dataset = gdal::Dataset::open(desk.path("rows.fgb")).unwrap();
    let mut layer = dataset.layer(0).unwrap();
    assert_eq!(layer.feature_count(), 6);
    // FlatGeobuf orders features by where they are.
    let mut origins: Vec<(String, f64)> = layer
        .features()
        .map(|feature| {
            let id = feature.field_index("origin_id").unwrap();
            let id = feature.field_as_string(id).unwrap().unwrap();
            (id, feature.geometry().unwrap().get_point(0).0)
        })
        .collect();
    origins.sort_by(|a, b| a.1.total_cmp(&b.1));
    let ids: Vec<&str> = origins.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(ids, ["house", "house", "hut", "hut", "islander", "nobody"]);
}

#[test]
fn ids_come_from_the_named_column_and_areas_give_a_point_on_them() {
    let desk = Desk::with_a_road();
    desk.write("origins.csv", "KODE;bujur;lintang\n007;0,001;0\n");
    desk.write(
        "facilities.geojson",
        r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"npsn":12},"geometry":
            {"type":"Polygon","coordinates":[[[0.03,-0.001],[0.032,-0.001],[0.032,0.001],[0.03,0.001],[0.03,-0.001]]]}}]}"#,
    );
    let rows = desk.rows(
        "access --roads roads.geojson --origins origins.csv --origin-id KODE --facilities facilities.geojson \
         --facility-id npsn --mode foot",
    );
    assert_eq!(
        words(&rows[0], &["origin_id", "facility_id", "state"]),
        ["007", "12", "within"]
    );
}

#[test]
fn all_that_is_wrong_with_all_files_is_said_at_once_and_nothing_is_written() {
    let desk = Desk::with_a_road();
    desk.write("roads.geojson", &roads(&[]).replace("[]", r#"[{"type":"Feature","properties":{"a":1},"geometry":{"type":"LineString","coordinates":[[0,0],[1,0]]}}]"#));
    desk.write("origins.csv", "id,lon,lat\na,0,0\na,1,0\n,2,0\n");
    desk.write("facilities.csv", "name,lon,lat\nb,0,0\n");
    let said = desk.run(&format!("{ASK} --out rows.csv"));
    assert_eq!(said.code, 3, "{}", said.err);
    for expected in [
        "no column gives `class`",
        "key.duplicate",
        "the record has no id",
        "the file has no column `id`",
        "--facility-id",
    ] {
        assert!(
            said.err.contains(expected),
            "{expected} is not in {}",
            said.err
        );
    }
    assert_eq!(
        desk.names(),
        ["facilities.csv", "origins.csv", "roads.geojson"]
    );
    let said = desk.run(&format!("{ASK} --out rows.csv --json"));
    let document: Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(document["inputs"].as_array().unwrap().len(), 3);
}

#[test]
fn exit_codes_are_those_of_the_contract() {
    let desk = Desk::with_a_road();
    for (arguments, code) in [
        (format!("{ASK} --out rows.csv"), 0),
        (format!("{ASK} --out rows.xlsx"), 2),
        (format!("{ASK} --out rows.csv --k 0"), 2),
        (format!("{ASK} --out rows.csv --k 33"), 2),
        (
            format!("{ASK} --out rows.csv --metric distance --cutoff-min 5"),
            2,
        ),
        (
            format!("{ASK} --out rows.csv --cutoff-min 5 --cutoff-m 5"),
            2,
        ),
        (format!("{ASK} --out rows.csv --snap-radius-m -1"), 2),
        (format!("{ASK} --out rows.csv --off-road-factor 0.5"), 2),
        (
            format!("{ASK} --out rows.csv --barriers nothing.geojson"),
            2,
        ),
        (format!("{ASK} --out rows.csv --profiles nothing.toml"), 2),
        (format!("{ASK} --out rows.csv --profiles origins.csv"), 3),
        (format!("{ASK} --out rows.csv --crs origins:EPSG:0"), 2),
        (format!("{ASK} --out nowhere/rows.csv"), 2),
        (ASK.replace("foot", "boat") + " --out rows.csv", 2),
    ] {
        let said = desk.run(&arguments);
        assert_eq!(said.code, code, "{arguments}: {}", said.err);
    }
}

#[test]
fn a_house_across_the_river_goes_by_the_bridge_and_a_ford_is_closed_in_the_wet() {
    let desk = Desk::with_a_road();
    // A river between the house and the road beside it, crossed by the road `north` only.
    desk.write(
        "river.geojson",
        r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":
            {"type":"LineString","coordinates":[[-0.1,0.001],[0.1,0.001]]}}]}"#,
    );
    desk.write("origins.csv", "id,lon,lat\nhouse,0.01,0.002\n");
    desk.write("facilities.csv", "id,lon,lat\npost,0.01,0\n");
    desk.write(
        "fords.csv",
        "id,lon,lat,kind,season\n1,0.02,0.001,ford,dry\n",
    );
    let length_m = |arguments: &str| {
        let rows = desk.rows(&format!("{ASK} {arguments} --snap-radius-m 1500"));
        (
            rows[0]["state"].clone(),
            rows[0]["length_m"].parse::<f64>().ok(),
        )
    };
    let open = length_m("").1.unwrap();
    let by_bridge = length_m("--barriers river.geojson").1.unwrap();
    assert!((open - 2.0 * 0.002 * 110_574.0).abs() < 0.1);
    // Off the road to `north` at 0.02, along it across the river, and back along the main road.
    let expected_m = 2.0 * 0.01 * 111_319.491 + 0.002 * 110_574.0 + 0.01 * 111_319.491;
    assert!(
        (by_bridge - expected_m).abs() < 1.0,
        "{by_bridge} {expected_m}"
    );
    let ford = "--barriers river.geojson --crossings fords.csv --map crossings:season=season";
    assert_eq!(length_m(ford).1, Some(by_bridge));
    assert_eq!(
        length_m(&format!("{ford} --season wet")),
        ("no_path".to_owned(), None)
    );
}

#[test]
fn people_of_origins_are_counted_by_state_and_by_facility() {
    let desk = Desk::with_a_road();
    let report = desk.json(&format!("{ASK} --out rows.csv"));
    assert_eq!(
        report["people"],
        serde_json::json!({ "within": 30.0, "no_path": 30.0, "unsnapped": 40.0 })
    );
    assert_eq!(
        report["catchments"],
        serde_json::json!([{ "facility_id": "near", "origins": 2, "people": 30.0 }])
    );
    assert_eq!(report["network"]["components"], 2);
}

#[test]
fn other_speeds_and_other_ways_of_snapping_give_other_answers_and_say_so() {
    let desk = Desk::with_a_road();
    let built_in = fs::read_to_string(
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/profiles.toml"),
    )
    .unwrap();
    desk.write(
        "slow.toml",
        &built_in.replace(
            "\"walking_speed_kmh\", value = 5,",
            "\"walking_speed_kmh\", value = 2.5,",
        ),
    );
    let time_s = |rows: &[BTreeMap<String, String>]| rows[0]["time_s"].parse::<f64>().unwrap();
    let usual = time_s(&desk.rows(ASK));
    let slow = time_s(&desk.rows(&format!("{ASK} --profiles slow.toml")));
    assert!((slow - 2.0 * usual).abs() < 0.01);
    let report = desk.json(&format!(
        "{ASK} --profiles slow.toml --snap nearest --out rows.csv"
    ));
    assert_eq!(report["rule"]["snap"], "nearest");
    let profiles = report["rule"]["profiles"].as_str().unwrap();
    assert!(profiles.starts_with("slow.toml sha256:"), "{profiles}");
}

#[test]
fn the_rule_repeats_every_number_of_the_profiles_and_what_is_assumed() {
    let desk = Desk::with_a_road();
    let text = include_str!("../../../data/profiles.toml");
    let data: toml::Table = text.parse().unwrap();
    let ask = ASK.replace("foot", "motorcycle");
    let report = desk.json(&format!("{ask} --season wet --out rows.csv"));
    let rule = &report["rule"];
    let rows = data["rules"].as_array().unwrap();
    for row in rows {
        let name = row["name"].as_str().unwrap();
        let value = row["value"].as_integer().unwrap();
        assert_eq!(rule[name], value as f64, "{name}");
        let assumed = rule["assumed_rules"].as_array().unwrap();
        let has_source = row.get("source").is_some();
        assert_eq!(assumed.contains(&name.into()), !has_source, "{name}");
    }
    assert_eq!(rows.len(), 4);
    // By motorcycle no speed has a source: each number of the wet season is there.
    let told = rule["assumed_speeds"].as_array().unwrap();
    let holds = |row: &&toml::Value, word: &str, value: &str| {
        let list = row.get(word).and_then(toml::Value::as_array);
        list.is_none_or(|list| list.iter().any(|each| each.as_str() == Some(value)))
    };
    let speeds = data["speeds"].as_array().unwrap().iter();
    let ridden = speeds.filter(|row| {
        row["mode"].as_str() == Some("motorcycle")
            && row.get("source").is_none()
            && row.get("walked").is_none()
            && holds(row, "seasons", "wet")
    });
    let mut n_classes = 0;
    for row in ridden {
        for (class, surface) in row["classes"].as_array().unwrap().iter().flat_map(|class| {
            let surfaces = row["surfaces"].as_array().unwrap().iter();
            surfaces.map(move |surface| (class.as_str().unwrap(), surface.as_str().unwrap()))
        }) {
            let same = told.iter().find(|told| {
                let classes = told["classes"].as_array().unwrap();
                told["surface"] == surface && classes.contains(&class.into())
            });
            let speeds = row["speed_kmh"].as_array().unwrap().iter();
            let speeds: Vec<f64> = speeds.map(|kmh| kmh.as_integer().unwrap() as f64).collect();
            assert_eq!(same.unwrap()["speeds_kmh"], serde_json::json!(speeds));
            n_classes += 1;
        }
    }
    assert_eq!(n_classes, 3 * 11, "classes on each surface");
    let roads = rule["assumed_roads"].as_array().unwrap();
    let assumptions = data["assumptions"].as_array().unwrap();
    assert_eq!(roads.len(), assumptions.len() - 1, "two rows say the same");
}

#[test]
fn an_interrupt_ends_with_130_and_leaves_no_half_file() {
    let desk = Desk::with_a_road();
    let mut origins = "id,lon,lat\n".to_owned();
    for number in 0..150_000 {
        let lon = 0.05 * f64::from(number) / 150_000.0;
        writeln!(origins, "{number},{lon},0").unwrap();
    }
    desk.write("origins.csv", &origins);
    let mut child = desk
        .command(&format!("{ASK} --out rows.csv"))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("searching") {
        line.clear();
        assert_ne!(said.read_line(&mut line).unwrap(), 0, "it ended too early");
    }
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let mut rest = String::new();
    said.read_to_string(&mut rest).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{rest}");
    assert_eq!(
        desk.names(),
        ["facilities.csv", "origins.csv", "roads.geojson"]
    );
}

#[test]
fn a_file_that_is_there_stays_until_a_new_one_is_whole() {
    let desk = Desk::with_a_road();
    desk.write("rows.csv", "old\n");
    desk.write("facilities.csv", "id,lon,lat\n");
    assert_eq!(desk.run(&format!("{ASK} --out rows.csv")).code, 3);
    assert_eq!(fs::read_to_string(desk.path("rows.csv")).unwrap(), "old\n");
    desk.write("facilities.csv", "id,lon,lat\nfar,0.049,0\n");
    assert_eq!(desk.run(&format!("{ASK} --out rows.csv")).code, 0);
    assert_eq!(read_rows(&desk.path("rows.csv")).len(), 4);
}

#[test]
fn an_ambulance_is_met_at_the_end_of_the_footpath() {
    let desk = Desk::with_a_road();
    desk.write(
        "origins.csv",
        "id,lon,lat\npatient,0.02,0.015\nnobody,5,5\n",
    );
    let rows = desk.rows(&ASK.replace("foot", "ambulance"));
    let text = fs::read_to_string(desk.path("rows.csv")).unwrap();
    assert!(
        text.lines()
            .next()
            .unwrap()
            .ends_with(",facility_snap_m,carry_m,carry_s")
    );
    assert_eq!(
        words(&rows[1], &["state", "carry_m", "carry_s"]),
        ["unsnapped", "", ""]
    );
    // The facility `near` is at the patient's door, so only the other one is of interest.
    desk.write("facilities.csv", "id,lon,lat\nfar,0.049,0\n");
    let row = &desk.rows(&ASK.replace("foot", "ambulance"))[0];
    let number = |column: &str| row[column].parse::<f64>().unwrap();
    let carry_m = 0.015 * 110_574.3;
    assert!(
        (number("carry_m") - carry_m).abs() < 0.5,
        "{}",
        row["carry_m"]
    );
    assert!((number("carry_s") - carry_m * 3.6 / 5.0).abs() < 0.5);
    assert!((number("length_m") - carry_m - 0.029 * 111_319.491).abs() < 0.5);
    let said = desk.run(&format!(
        "{} --metric distance --out rows.csv",
        ASK.replace("foot", "ambulance")
    ));
    assert_eq!(said.code, 2);
}

#[test]
fn a_form_that_this_program_cannot_write_is_refused_before_anything_is_read() {
    let desk = Desk::with_a_road();
    let said = desk.run(&format!("{ASK} --out rows.parquet"));
    // With the feature it is GDAL that must have the driver.
    if said.code == 0 {
        assert!(cfg!(feature = "parquet") && desk.path("rows.parquet").exists());
        return;
    }
    assert_eq!(said.code, 2, "{}", said.err);
    let reason = if cfg!(feature = "parquet") {
        "has no driver for it"
    } else {
        "built without the feature `parquet`"
    };
    assert!(said.err.contains(reason), "{}", said.err);
    assert!(!desk.path("rows.parquet").exists());
}
