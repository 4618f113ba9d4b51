//! `jangkau isochrone`: areas and edges, nested, and nothing claimed that was not reached.

use std::fmt::Write as _;

use geo::{Area, BooleanOps, Contains, Validation};
use geo_types::{MultiPolygon, Point};
use geojson::FeatureCollection;
use serde_json::Value;

use super::{Desk, roads};

const ASK: &str = "isochrone --roads roads.geojson --from 0.01,0.0";

fn areas(desk: &Desk, name: &str) -> (Value, Vec<(Value, MultiPolygon<f64>)>) {
    let text = std::fs::read_to_string(desk.path(name)).unwrap();
    let collection: FeatureCollection = text.parse().unwrap();
    let metadata = collection.foreign_members.as_ref().unwrap()["metadata"].clone();
    let areas = collection
        .features
        .into_iter()
        .map(|feature| {
            let properties = Value::from(feature.properties.unwrap());
            let geometry: geo_types::Geometry<f64> =
                feature.geometry.unwrap().value.try_into().unwrap();
            (properties, MultiPolygon::try_from(geometry).unwrap())
        })
        .collect();
    (metadata, areas)
}

#[test]
fn areas_are_valid_nested_and_say_what_they_are() {
    let desk = Desk::with_a_road();
    let report = desk.json(&format!(
        "{ASK} --mode foot --cutoff-min 30,15 --out areas.geojson"
    ));
    assert_eq!(report["state"], "within");
    let (metadata, areas) = areas(&desk, "areas.geojson");
    assert_eq!(metadata["rule"]["off_road_factor"], 2.0);
    let properties: Vec<&Value> = areas.iter().map(|(properties, _)| properties).collect();
    let expected = |cutoff: f64| serde_json::json!({ "cutoff": cutoff, "unit": "min", "mode": "foot", "season": "dry" });
    assert_eq!(properties, [&expected(15.0), &expected(30.0)]);
    let [(_, small), (_, large)] = &areas[..] else {
        panic!("two areas were asked for");
    };
    assert!(small.is_valid() && large.is_valid());
    assert!(0.0 < small.unsigned_area() && small.unsigned_area() < large.unsigned_area());
    assert!(small.difference(large).unsigned_area() < 1e-12);
    for polygon in &large.0 {
        assert!(polygon.unsigned_area() > 1e-10, "a sliver");
    }
}

/// A raster of one person a point over the road and around it: what the matrix reaches lies in the area, and is counted.
fn assert_area_is_what_the_matrix_reaches(how: &str) {
    let desk = Desk::with_a_road();
    desk.write(
        "river.geojson",
        r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":
            {"type":"LineString","coordinates":[[-0.1,0.002],[0.0195,0.002],[0.0195,0.1]]}}]}"#,
    );
    let mut text = "id,lon,lat,population\n".to_owned();
    let mut points = Vec::new();
    for column in 0..60 {
        for row in 0..40 {
            let (lon, lat) = (
                f64::from(column) * 0.000_95 - 0.005,
                f64::from(row) * 0.000_73 - 0.008,
            );
            writeln!(text, "{},{lon},{lat},1", points.len()).unwrap();
            points.push((lon, lat));
        }
    }
    desk.write("points.csv", &text);
    desk.write("start.csv", "id,lon,lat\nstart,0.01,0\n");
    let how = format!("{how} --barriers river.geojson");
    let report = desk.json(&format!(
        "{ASK} {how} --cutoff-min 8 --people points.csv --out areas.geojson"
    ));
    let step = report["grid_m"].as_f64().unwrap() / 110_000.0;
    let (_, areas) = areas(&desk, "areas.geojson");
    let area = &areas[0].1;
    let rows = desk.rows(&format!(
        "matrix --roads roads.geojson --origins start.csv --facilities points.csv {how} --cutoff-min 8"
    ));
    let n_reached = rows.iter().filter(|row| row["state"] == "within").count();
    assert_eq!(report["cutoffs"][0]["people"], n_reached as f64, "{how}");
    let (mut n_inside, mut n_outside) = (0, 0);
    for row in rows {
        let (lon, lat) = points[row["facility_id"].parse::<usize>().unwrap()];
        let is_reached = row["state"] == "within";
        // Corners of the square of a step around it: where all agree, the outline is farther than a step.
        let corners = [
            (-1.0, -1.0),
            (-1.0, 1.0),
            (1.0, -1.0),
            (1.0, 1.0),
            (0.0, 0.0),
        ];
        let is_inside = corners
            .map(|(east, north)| area.contains(&Point::new(lon + east * step, lat + north * step)));
        if is_inside == [true; 5] {
            assert!(is_reached, "{how}: {lon} {lat} is claimed and not reached");
            n_inside += 1;
        } else if is_inside == [false; 5] {
            assert!(!is_reached, "{how}: {lon} {lat} is reached and not claimed");
            n_outside += 1;
        }
    }
    assert!(
        n_inside > 200 && n_outside > 200,
        "{how}: {n_inside} {n_outside}"
    );
}

#[test]
fn what_is_inside_is_reached_and_what_is_a_step_outside_is_not() {
    assert_area_is_what_the_matrix_reaches("--mode motorcycle");
}

#[test]
fn where_places_snap_to_the_nearest_road_the_area_is_what_is_reached_so() {
    assert_area_is_what_the_matrix_reaches("--mode motorcycle --snap nearest");
}

#[test]
fn by_ambulance_the_area_is_where_a_patient_is_brought_in_time() {
    assert_area_is_what_the_matrix_reaches("--mode ambulance");
    assert_area_is_what_the_matrix_reaches("--mode ambulance --snap nearest");
}

#[test]
fn a_place_beside_a_road_nearer_than_the_one_reached_is_outside_with_the_nearest_alone() {
    let desk = Desk::new();
    // 111 m south of the origin's road there is another one, which is joined to nothing.
    let lines: &[super::Line<'_>] = &[
        ("main", "tertiary", &[(0.0, 0.0), (0.05, 0.0)]),
        ("apart", "tertiary", &[(0.0, -0.001), (0.05, -0.001)]),
    ];
    desk.write("roads.geojson", &roads(lines));
    let reached = |how: &str| {
        desk.json(&format!(
            "{ASK} --mode foot {how} --cutoff-min 15 --out areas.geojson"
        ));
        let (metadata, areas) = areas(&desk, "areas.geojson");
        let place = Point::new(0.011, -0.0009);
        let rule = metadata["rule"]["snap"].as_str().unwrap().to_owned();
        (rule, areas[0].1.contains(&place))
    };
    assert_eq!(reached(""), ("best".to_owned(), true));
    let nearest = reached("--snap nearest");
    assert_eq!(nearest, ("nearest".to_owned(), false));
}

#[test]
fn stretches_end_where_the_cutoff_does() {
    let desk = Desk::with_a_road();
    // 12 minutes on foot are 1,000 m of road: 0.008983 degrees either way of 0.01, which ends west at 0.001017.
    desk.json(&format!(
        "{ASK} --mode foot --cutoff-min 12 --out areas.geojson --edges edges.geojson"
    ));
    let text = std::fs::read_to_string(desk.path("edges.geojson")).unwrap();
    let edges: Value = serde_json::from_str(&text).unwrap();
    let mut ends = Vec::new();
    for feature in edges["features"].as_array().unwrap() {
        assert_eq!(feature["properties"]["road_id"], "west");
        for place in feature["geometry"]["coordinates"].as_array().unwrap() {
            ends.push(place[0].as_f64().unwrap());
        }
    }
    let west = ends.iter().copied().fold(f64::INFINITY, f64::min);
    let east = ends.iter().copied().fold(0.0, f64::max);
    let kilometre = 1000.0 / 111_319.491;
    assert!((west - (0.01 - kilometre)).abs() < 1e-6, "{west}");
    assert!((east - (0.01 + kilometre)).abs() < 1e-6, "{east}");
}

#[test]
fn people_are_counted_by_their_own_cost_and_the_cutoff_itself_counts() {
    let desk = Desk::with_a_road();
    desk.write("start.csv", "id,lon,lat\nstart,0.01,0\n");
    desk.write(
        "people.csv",
        "id,lon,lat,population\na,0.015,0.0001,7\nb,0.04,0,11\n",
    );
    let rows = desk.rows(
        "matrix --roads roads.geojson --origins start.csv --facilities people.csv --mode foot --metric distance",
    );
    let length_m = &rows[0]["length_m"];
    let report = desk.json(&format!(
        "{ASK} --mode foot --cutoff-m {length_m},5000 --people people.csv --out areas.geojson"
    ));
    let people: Vec<&Value> = report["cutoffs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|reached| &reached["people"])
        .collect();
    assert_eq!(people, [&Value::from(7.0), &Value::from(18.0)]);
}

#[test]
fn questions_without_sense_are_usage_errors() {
    let desk = Desk::with_a_road();
    for (arguments, code) in [
        ("--mode foot --cutoff-min 15 --out a.geojson", 0),
        ("--mode foot --out a.geojson", 2),
        (
            "--mode foot --cutoff-min 15 --cutoff-m 5 --out a.geojson",
            2,
        ),
        ("--mode foot --cutoff-min 15 --out a.csv", 2),
        ("--mode foot --cutoff-min 15 --snap some --out a.geojson", 2),
        ("--mode foot --cutoff-min x --out a.geojson", 2),
    ] {
        let said = desk.run(&format!("{ASK} {arguments}"));
        assert_eq!(said.code, code, "{arguments}: {}", said.err);
    }
}

#[test]
fn by_ambulance_a_footpath_is_reached_carried_and_the_road_driven() {
    let desk = Desk::with_a_road();
    // From 1,112 m up the footpath, which takes 13 minutes and 20 seconds: 40 seconds are left to drive, at 40 km/h.
    let ask = "isochrone --roads roads.geojson --from 0.02,0.01 --mode ambulance";
    desk.json(&format!(
        "{ask} --cutoff-min 14 --out areas.geojson --edges edges.geojson"
    ));
    let text = std::fs::read_to_string(desk.path("edges.geojson")).unwrap();
    let edges: Value = serde_json::from_str(&text).unwrap();
    let mut by_road = std::collections::BTreeMap::<String, Vec<f64>>::new();
    for feature in edges["features"].as_array().unwrap() {
        let road = feature["properties"]["road_id"].as_str().unwrap();
        let places = feature["geometry"]["coordinates"].as_array().unwrap();
        let lons = places.iter().map(|place| place[0].as_f64().unwrap());
        by_road.entry(road.to_owned()).or_default().extend(lons);
    }
    assert_eq!(
        by_road.keys().collect::<Vec<_>>(),
        ["east", "north", "west"]
    );
    let east = by_road["east"].iter().copied().fold(0.0, f64::max);
    let left_s = 14.0 * 60.0 - 0.01 * 110_574.3 * 3.6 / 5.0;
    let driven = left_s * 40.0 / 3.6 / 111_319.491;
    assert!((east - 0.02 - driven).abs() < 1e-5, "{east}");
    let said = desk.run(&format!("{ask} --cutoff-m 500 --out a.geojson"));
    assert_eq!(
        said.code, 2,
        "an emergency is a matter of time: {}",
        said.err
    );
}

#[test]
fn with_the_nearest_road_alone_nothing_is_reached_far_from_every_road() {
    let desk = Desk::with_a_road();
    let lines: &[super::Line<'_>] = &[("far", "tertiary", &[(3.0, 3.0), (3.1, 3.0)])];
    desk.write("roads.geojson", &roads(lines));
    let report = desk.json(&format!(
        "{ASK} --mode foot --snap nearest --cutoff-min 12 --out areas.geojson"
    ));
    assert_eq!(report["state"], "unsnapped");
    assert_eq!(report["grid_m"], Value::Null);
    let (_, areas) = areas(&desk, "areas.geojson");
    assert_eq!(areas[0].1.0.len(), 0);
}

#[test]
fn far_from_every_road_there_is_only_the_walk() {
    let desk = Desk::with_a_road();
    desk.write(
        "roads.geojson",
        &roads(&[("far", "tertiary", &[(3.0, 3.0), (3.1, 3.0)])]),
    );
    let report = desk.json(&format!(
        "{ASK} --mode foot --cutoff-min 12 --out areas.geojson"
    ));
    assert_eq!(report["state"], "unsnapped");
    let (_, areas) = areas(&desk, "areas.geojson");
    // 500 m off the road in every direction.
    let radius = 500.0 / 111_000.0;
    let circle = std::f64::consts::PI * radius * radius;
    assert!((areas[0].1.unsigned_area() / circle - 1.0).abs() < 0.02);
}
