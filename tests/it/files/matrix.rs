//! `jangkau matrix`: every pair, with the numbers of `access` and `route`.

use std::fs;

use super::{Desk, read_rows};

const INPUTS: &str =
    "--roads roads.geojson --origins origins.csv --facilities facilities.csv --mode motorcycle";

#[test]
fn every_pair_has_a_row_with_the_columns_of_the_contract() {
    let desk = Desk::with_a_road();
    let rows = desk.rows(&format!("matrix {INPUTS}"));
    let text = fs::read_to_string(desk.path("rows.csv")).unwrap();
    assert_eq!(
        text.lines().next(),
        Some("origin_id,facility_id,state,time_s,length_m")
    );
    let pairs: Vec<[&str; 3]> = rows
        .iter()
        .map(|row| ["origin_id", "facility_id", "state"].map(|column| row[column].as_str()))
        .collect();
    assert_eq!(
        pairs,
        [
            ["house", "far", "within"],
            ["house", "near", "within"],
            ["hut", "far", "within"],
            ["hut", "near", "within"],
            ["islander", "far", "no_path"],
            ["islander", "near", "no_path"],
            ["nobody", "far", "unsnapped"],
            ["nobody", "near", "unsnapped"],
        ]
    );
    assert!(
        rows[4..]
            .iter()
            .all(|row| row["time_s"].is_empty() && row["length_m"].is_empty())
    );
}

#[test]
fn rows_are_those_of_access_whichever_side_is_searched_from() {
    let desk = Desk::with_a_road();
    // With two facilities and four origins facilities are searched from; with seven, origins.
    for facilities in [
        "id,lon,lat\nfar,0.049,0\nnear,0.02,0.015\n",
        "id,lon,lat\na,0.049,0\nb,0.02,0.015\nc,0.001,0.002\nd,0.03,0\ne,1.01,1\nf,0.018,0.0015\ng,-5,5\n",
    ] {
        desk.write("facilities.csv", facilities);
        let matrix = desk.rows(&format!("matrix {INPUTS}"));
        let access = desk.rows(&format!("access {INPUTS} --k 7"));
        let mut n_trips = 0;
        for trip in access.iter().filter(|row| row["state"] == "within") {
            let pair = matrix
                .iter()
                .find(|row| {
                    row["origin_id"] == trip["origin_id"]
                        && row["facility_id"] == trip["facility_id"]
                })
                .unwrap();
            for column in ["state", "time_s", "length_m"] {
                assert_eq!(pair[column], trip[column]);
            }
            n_trips += 1;
        }
        let n_within = matrix.iter().filter(|row| row["state"] == "within").count();
        assert_eq!(n_trips, n_within);
    }
}

#[test]
fn pairs_beyond_the_cutoff_have_no_cost_and_too_many_pairs_are_refused() {
    let desk = Desk::with_a_road();
    let rows = desk.rows(&format!("matrix {INPUTS} --cutoff-m 3000"));
    let states: Vec<(&str, bool)> = rows[..2]
        .iter()
        .map(|row| (row["state"].as_str(), row["length_m"].is_empty()))
        .collect();
    assert_eq!(states, [("beyond_cutoff", true), ("beyond_cutoff", true)]);
    assert_eq!(rows[3]["state"], "within");
    let said = desk.run(&format!("matrix {INPUTS} --out few.csv --max-pairs 7"));
    assert_eq!(said.code, 2);
    assert!(said.err.contains("--max-pairs 8"), "{}", said.err);
    assert!(!desk.path("few.csv").exists());
}

#[test]
fn the_snap_report_says_what_is_used_and_why_not_the_nearest() {
    let desk = Desk::with_a_road();
    desk.write(
        "river.geojson",
        r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":
            {"type":"LineString","coordinates":[[0.0,0.0005],[0.0145,0.0005]]}}]}"#,
    );
    // `crossed` has the river before it, `unused` stands beside a motorway, where nobody walks.
    desk.write(
        "roads.geojson",
        &super::roads(&[
            ("main", "tertiary", &[(0.0, 0.0), (0.015, 0.0), (0.05, 0.0)]),
            ("motorway", "motorway", &[(0.0, 0.008), (0.05, 0.008)]),
            (
                "behind",
                "path",
                &[(0.01, 0.003), (0.015, 0.003), (0.015, 0.0)],
            ),
            ("island", "tertiary", &[(1.0, 1.0), (1.02, 1.0)]),
        ]),
    );
    desk.write(
        "origins.csv",
        "id,lon,lat\nbeside,0.03,0.001\ncorner,0.0149,0.0001\ncrossed,0.01,0.001\nunused,0.025,0.007\nislander,1.01,1\nnobody,5,5\n",
    );
    desk.write("facilities.csv", "id,lon,lat\npost,0.0495,0\n");
    let said = desk.run(&format!(
        "access {} --barriers river.geojson --out rows.csv --snap-report snaps.csv",
        INPUTS.replace("motorcycle", "foot")
    ));
    assert_eq!(said.code, 0, "{}", said.err);
    let rows: Vec<Vec<String>> = read_rows(&desk.path("snaps.csv"))
        .into_iter()
        .map(|row| {
            let columns = ["kind", "id", "state", "road_id", "nearest_road_id", "why"];
            columns.iter().map(|column| row[*column].clone()).collect()
        })
        .collect();
    assert_eq!(
        rows,
        [
            ["origin", "beside", "within", "main", "main", "same"],
            // The nearest is the piece before the vertex, and the one used that after it.
            ["origin", "corner", "within", "main", "main", "same"],
            ["origin", "crossed", "within", "behind", "main", "barrier"],
            [
                "origin",
                "unused",
                "within",
                "main",
                "motorway",
                "not_permitted"
            ],
            ["origin", "islander", "no_path", "", "island", "no_path"],
            ["origin", "nobody", "unsnapped", "", "", ""],
            ["facility", "post", "within", "main", "main", "same"],
        ]
    );
}

#[test]
fn by_ambulance_the_snap_report_says_how_patients_are_carried_and_where_vehicles_arrive() {
    let desk = Desk::with_a_road();
    desk.write(
        "origins.csv",
        "id,lon,lat\npatient,0.0205,0.015\nhouse,0.01,0.0005\nislander,1.01,1\nnobody,5,5\n",
    );
    desk.write("facilities.csv", "id,lon,lat\npost,0.049,0.0001\n");
    let inputs = INPUTS.replace("motorcycle", "ambulance");
    let said = desk.run(&format!(
        "access {inputs} --out rows.csv --snap-report snaps.csv"
    ));
    assert_eq!(said.code, 0, "{}", said.err);
    let snaps = read_rows(&desk.path("snaps.csv"));
    let columns = [
        "kind",
        "id",
        "state",
        "road_id",
        "why",
        "last_point_lon",
        "last_point_lat",
    ];
    let told: Vec<Vec<&str>> = snaps
        .iter()
        .map(|row| columns.iter().map(|column| row[*column].as_str()).collect())
        .collect();
    assert_eq!(
        told,
        [
            // Carried to the footpath and down to the road, which the house is beside.
            [
                "origin",
                "patient",
                "within",
                "north",
                "same",
                "0.0200000",
                "0.0000000"
            ],
            [
                "origin",
                "house",
                "within",
                "west",
                "same",
                "0.0100000",
                "0.0000000"
            ],
            ["origin", "islander", "no_path", "", "no_path", "", ""],
            ["origin", "nobody", "unsnapped", "", "", "", ""],
            ["facility", "post", "within", "east", "same", "", ""],
        ]
    );
    let access = read_rows(&desk.path("rows.csv"));
    for (row, snap) in access.iter().zip(&snaps) {
        for column in ["carry_m", "carry_s"] {
            assert_eq!(row[column], snap[column], "{row:?}");
        }
        assert_eq!(row["origin_snap_m"], snap["snap_m"]);
        let arrives = if row["state"] == "within" {
            &snaps[4]["snap_m"]
        } else {
            ""
        };
        assert_eq!(row["facility_snap_m"], arrives);
    }
    assert_eq!(snaps[4]["carry_m"], "");
}

#[test]
fn by_ambulance_every_pair_is_that_of_access_with_all_facilities_carry_and_all() {
    let desk = Desk::with_a_road();
    desk.write(
        "origins.csv",
        "id,lon,lat\nhouse,0.001,0\nhut,0.018,0.001\npatient,0.0205,0.015\nislander,1.01,1\nnobody,5,5\n",
    );
    desk.write(
        "facilities.csv",
        "id,lon,lat\na,0.049,0\nb,0.02,0.015\nc,0.001,0.002\nd,1.015,1\n",
    );
    let inputs = INPUTS.replace("motorcycle", "ambulance");
    let access = desk.rows(&format!("access {inputs} --k 4"));
    let matrix = desk.rows(&format!("matrix {inputs}"));
    let text = fs::read_to_string(desk.path("rows.csv")).unwrap();
    assert_eq!(
        text.lines().next(),
        Some("origin_id,facility_id,state,time_s,length_m,carry_m,carry_s")
    );
    let columns = ["state", "time_s", "length_m", "carry_m", "carry_s"];
    let mut n_within = 0;
    for pair in &matrix {
        let trip = access.iter().find(|row| {
            row["origin_id"] == pair["origin_id"] && row["facility_id"] == pair["facility_id"]
        });
        if let Some(trip) = trip {
            assert!(
                columns.iter().all(|column| pair[*column] == trip[*column]),
                "{pair:?}"
            );
            n_within += 1;
        } else {
            assert_ne!(pair["state"], "within");
            assert!(columns[1..].iter().all(|column| pair[*column].is_empty()));
        }
    }
    // Three origins by the road have three facilities there, the islander has one.
    assert_eq!((matrix.len(), n_within), (5 * 4, 3 * 3 + 1));
    let said = desk.run(&format!("matrix {inputs} --metric distance --out few.csv"));
    assert_eq!(said.code, 2, "{}", said.err);
}
