//! `jangkau route`: the same numbers as `access`, leg by leg.

use serde_json::Value;

use super::{Desk, Line, roads};

#[test]
fn a_route_has_the_numbers_of_access_and_its_legs_add_up() {
    let desk = Desk::with_a_road();
    let rows = desk.rows(
        "access --roads roads.geojson --origins origins.csv --facilities facilities.csv --mode motorcycle --k 2",
    );
    let places = [
        ("house", "0.001,0"),
        ("hut", "0.018,0.001"),
        ("far", "0.049,0"),
        ("near", "0.02,0.015"),
    ];
    let place = |id: &str| places.iter().find(|(each, _)| *each == id).unwrap().1;
    let mut n_trips = 0;
    for row in rows.iter().filter(|row| row["state"] == "within") {
        let found = desk.json(&format!(
            "route --roads roads.geojson --mode motorcycle --from {} --to {}",
            place(&row["origin_id"]),
            place(&row["facility_id"])
        ));
        assert_eq!(found["state"], "within");
        for quantity in ["time_s", "length_m"] {
            let total = found[quantity].as_f64().unwrap();
            assert_eq!(format!("{total:.3}"), row[quantity]);
            let legs = found["legs"].as_array().unwrap().iter();
            let sum: f64 = legs.map(|leg| leg[quantity].as_f64().unwrap()).sum();
            assert!((sum - total).abs() < 0.0005, "{sum} is not {total}");
        }
        n_trips += 1;
    }
    assert_eq!(n_trips, 4);
}

#[test]
fn legs_say_what_they_run_on_and_where_their_speed_is_from() {
    let desk = Desk::with_a_road();
    let found = desk.json(
        "route --roads roads.geojson --mode motorcycle --from 0.01,0.001 --to 0.02,0.015 --metric distance",
    );
    let legs = found["legs"].as_array().unwrap();
    let kinds: Vec<&Value> = legs.iter().map(|leg| &leg["leg"]).collect();
    assert_eq!(kinds, ["off_road", "road", "road"]);
    assert_eq!(legs[0]["class"], Value::Null);
    assert_eq!(
        [&legs[1]["class"], &legs[2]["class"]],
        ["tertiary", "footway"]
    );
    // A motorcycle is pushed on a footway.
    assert_eq!(legs[2]["speed_kmh"], 5.0);
    for leg in legs {
        assert!(
            leg["speed_source"]
                .as_str()
                .is_some_and(|source| !source.is_empty())
        );
        assert!(leg.get("surface").is_some());
    }
    assert_eq!(found["rule"]["metric"], "distance");
}

#[test]
fn a_leading_minus_is_no_option_and_no_path_is_an_answer() {
    let desk = Desk::with_a_road();
    desk.write(
        "roads.geojson",
        &roads(&[
            ("south-west", "tertiary", &[(-70.0, -20.0), (-70.0, -20.01)]),
            ("other", "tertiary", &[(-71.0, -20.0), (-71.0, -20.01)]),
        ]),
    );
    let ask = "route --roads roads.geojson --mode foot --from -70,-20.002";
    let found = desk.json(&format!("{ask} --to -70,-20.008"));
    assert_eq!(found["state"], "within");
    let found = desk.json(&format!("{ask} --to -71,-20.008"));
    assert_eq!(
        (&found["state"], &found["time_s"]),
        (&Value::from("no_path"), &Value::Null)
    );
    let found = desk.json(
        &ask.replace("-70,-20.002", "10,10")
            .replace("--from", "--to -70,-20 --from"),
    );
    assert_eq!(found["state"], "unsnapped");
    assert_eq!(desk.run(&format!("{ask} --to -71")).code, 2);
    assert_eq!(desk.run(&format!("{ask} --to 200,0")).code, 2);
}

#[test]
fn another_road_never_makes_a_trip_longer() {
    let desk = Desk::with_a_road();
    let ask = "route --roads roads.geojson --mode motorcycle --from 0.001,0.001 --to 0.049,0.002";
    let before = desk.json(ask)["time_s"].as_f64().unwrap();
    let lines: &[Line<'_>] = &[
        ("west", "tertiary", &[(0.0, 0.0), (0.02, 0.0)]),
        ("east", "tertiary", &[(0.02, 0.0), (0.05, 0.0)]),
        ("new", "primary", &[(0.0, 0.0), (0.025, 0.001), (0.05, 0.0)]),
    ];
    desk.write("roads.geojson", &roads(lines));
    let after = desk.json(ask)["time_s"].as_f64().unwrap();
    assert!(after < before);
}

#[test]
fn an_ambulance_route_has_the_numbers_of_access_carry_first() {
    let desk = Desk::with_a_road();
    desk.write(
        "origins.csv",
        "id,lon,lat\npatient,0.0205,0.015\nhouse,0.01,0.0005\nneighbour,0.049,0.0004\n",
    );
    let places = [
        ("patient", "0.0205,0.015"),
        ("house", "0.01,0.0005"),
        ("neighbour", "0.049,0.0004"),
        ("far", "0.049,0"),
        ("near", "0.02,0.015"),
    ];
    let place = |id: &str| places.iter().find(|(each, _)| *each == id).unwrap().1;
    let rows = desk.rows(
        "access --roads roads.geojson --origins origins.csv --facilities facilities.csv --mode ambulance --k 2",
    );
    assert_eq!(rows.len(), 6);
    for row in &rows {
        let found = desk.json(&format!(
            "route --roads roads.geojson --mode ambulance --from {} --to {}",
            place(&row["origin_id"]),
            place(&row["facility_id"])
        ));
        for quantity in ["time_s", "length_m", "carry_m", "carry_s"] {
            let total = found[quantity].as_f64().unwrap();
            assert_eq!(format!("{total:.3}"), row[quantity], "{row:?}");
        }
        let legs = found["legs"].as_array().unwrap();
        let n_carried = legs.iter().take_while(|leg| leg["leg"] == "carry").count();
        assert!(legs[n_carried..].iter().all(|leg| leg["leg"] != "carry"));
        for (sum, quantity) in [("carry_m", "length_m"), ("carry_s", "time_s")] {
            let carried = legs[..n_carried].iter();
            let carried: f64 = carried.map(|leg| leg[quantity].as_f64().unwrap()).sum();
            assert!((carried - found[sum].as_f64().unwrap()).abs() < 0.0005);
        }
        assert_eq!(legs[0]["speed_kmh"], 5.0);
    }
    let ask = "route --roads roads.geojson --mode ambulance --from 0.0205,0.015 --to";
    let found = desk.json(&format!("{ask} 0.049,0"));
    // Off the road to the footpath, along it, then by vehicle from where it meets the road.
    let legs: Vec<(&Value, &Value)> = found["legs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|leg| (&leg["leg"], &leg["road_id"]))
        .collect();
    let (carry, road) = (Value::from("carry"), Value::from("road"));
    let (north, east) = (Value::from("north"), Value::from("east"));
    assert_eq!(
        legs,
        [(&carry, &Value::Null), (&carry, &north), (&road, &east)]
    );
    assert_eq!(found["last_point"], serde_json::json!([0.02, 0.0]));
    let said = desk.run(&format!("{ask} 0.049,0"));
    let carried = said.out.lines().nth(1).unwrap();
    assert!(
        carried.starts_with("  carried ")
            && carried.ends_with("to the vehicle at 0.0200000,0.0000000"),
        "{carried}"
    );
    assert!(said.out.contains("\n  carry footway "), "{}", said.out);

    let found = desk.json(&format!("{ask} 1.01,1"));
    assert_eq!(found["state"], "no_path");
    for nothing in ["carry_m", "carry_s", "last_point"] {
        assert_eq!(found.get(nothing), Some(&Value::Null));
    }
    let found = desk.json(&format!("{ask} 0.049,0").replace("ambulance", "car"));
    assert_eq!(found.get("carry_m"), None);
    let said = desk.run(&format!("{ask} 0.049,0 --metric distance"));
    assert_eq!(said.code, 2, "{}", said.err);
}
