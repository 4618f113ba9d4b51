//! A population raster from the file to the answers.

use gdal::DriverManager;
use gdal::raster::Buffer;
use gdal::spatial_ref::SpatialRef;
use geo::{Area, BooleanOps};
use geo_types::{LineString, MultiPolygon, Polygon};

use super::*;

/// Side of a cell.
const SIDE_DEG: f64 = 0.04;

/// Cells of five columns from 102.03° E and three rows from 1.85° S on.
fn write_raster(path: &Path, cells: [f32; 15]) -> String {
    let size = (5, 3);
    let mut dataset = DriverManager::get_driver_by_name("GTiff")
        .unwrap()
        .create_with_band_type::<f32, _>(path, size.0, size.1, 1)
        .unwrap();
    let place = [102.03, SIDE_DEG, 0.0, -1.85, 0.0, -SIDE_DEG];
    dataset.set_geo_transform(&place).unwrap();
    let srs = SpatialRef::from_epsg(4326).unwrap();
    dataset.set_spatial_ref(&srs).unwrap();
    let mut buffer = Buffer::new(size, cells.to_vec());
    let mut band = dataset.rasterband(1).unwrap();
    band.write((0, 0), size, &mut buffer).unwrap();
    dataset.close().unwrap();
    path.to_str().unwrap().to_owned()
}

fn area(code: &str, population: &str, [west, south, east, north]: [f64; 4]) -> String {
    format!(
        r#"{{"type":"Feature","properties":{{"kode":"{code}","nama":"{code}","population":{population}}},
        "geometry":{{"type":"Polygon","coordinates":[[[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]]}}}}"#
    )
}

fn done(data_dir: &Path, arguments: &[&str]) -> Value {
    let output = import(data_dir, arguments);
    assert!(output.status.success(), "{output:?}");
    report(&output)
}

fn computed(data_dir: &Path) -> Value {
    let done = jangkau(data_dir).arg("compute").output().unwrap();
    assert!(done.status.success(), "{done:?}");
    let out = data_dir.with_extension("json");
    let done = export_access(data_dir, &["--out", out.to_str().unwrap()]);
    assert!(done.status.success(), "{done:?}");
    serde_json::from_slice(&fs::read(out).unwrap()).unwrap()
}

fn is_close(value: &Value, expected: f64) -> bool {
    value
        .as_f64()
        .is_some_and(|value| (value - expected).abs() < HALF_A_THOUSANDTH)
}

/// West and east are parted at 102.1°, the north lies above both at 1.9° S.
fn import_three_villages(folder: &Path, data_dir: &Path) {
    let write = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let villages = [
        area("99.01.01.2001", "320", [102.0, -2.0, 102.1, -1.9]),
        area("99.01.01.2002", "null", [102.1, -2.0, 102.2, -1.9]),
        area("99.01.01.2003", "null", [102.0, -1.9, 102.2, -1.8]),
    ];
    let villages = format!(
        r#"{{"type":"FeatureCollection","features":[{}]}}"#,
        villages.join(",")
    );
    let road = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"class":"tertiary"},
        "geometry":{"type":"LineString","coordinates":[[102.05,-1.95],[102.15,-1.95]]}}]}"#;
    for (layer, file) in [
        ("villages", write("desa.geojson", &villages)),
        ("roads", write("jalan.geojson", road)),
        (
            "settlements",
            write("dusun.csv", "id,lon,lat,population\nS,102.1,-1.85,5\n"),
        ),
        (
            "clinics",
            write(
                "faskes.csv",
                "id,lon,lat,tier,status\nK,102.05,-1.95,puskesmas,functioning\n",
            ),
        ),
    ] {
        done(data_dir, &[layer, &file]);
    }
}

#[test]
fn a_raster_places_the_people_of_villages_without_settlements() {
    let folder = scratch_folder();
    let data_dir = folder.path().join("data");
    import_three_villages(folder.path(), &data_dir);
    let without = computed(&data_dir);
    assert!(without["rule"].get("origins").is_none());
    assert!(without["unassigned"].get("cell_people").is_none());

    #[rustfmt::skip]
    let mut cells = [
        100.0, 0.0, 0.0, 0.0, 0.0,
        0.0, 0.0, 0.0, 0.0, 0.0,
        10.0, 8.0, 4.0, 0.0, 6.0,
    ];
    let raster = write_raster(&folder.path().join("penduduk.tif"), cells);
    let arguments = ["population-cells", &raster, "--source", "worldpop"];
    let imported = done(&data_dir, &arguments);
    assert_eq!(imported["new"], 5, "{imported}");
    // In the west, the only village with an official total: 10 and three quarters of 8.
    assert_eq!(codes(&imported), ["population.differs"]);
    let told = imported["rows"][0]["cause"].as_str().unwrap();
    assert!(told.contains("16 people") && told.contains("320"), "{told}");
    let again = done(&data_dir, &arguments);
    assert_eq!((&again["new"], &again["changed"]), (&0.into(), &0.into()));
    assert_eq!(again["version"], imported["version"]);

    let with = computed(&data_dir);
    assert_ne!(with["rule"]["run_id"], without["rule"]["run_id"]);
    let origins = serde_json::json!({ "settlements": 1, "cells": 2, "surface": 0 });
    assert_eq!(with["rule"]["origins"], origins);
    // A quarter of the last cell lies in the east.
    assert!(is_close(&with["unassigned"]["cell_people"], 0.75 * 6.0));
    let east = 0.25 * 8.0 + 4.0 + 0.25 * 6.0;
    let total = 320.0 + east + 5.0;
    assert!(
        is_close(&with["people"]["total"], total),
        "{}",
        with["people"]
    );
    for (language, words) in [
        ("en", "population raster worldpop"),
        ("id", "raster penduduk worldpop"),
    ] {
        let sentences = with["sentences"][language].as_array().unwrap();
        let says_so = |sentence: &Value| sentence.as_str().unwrap().contains(words);
        assert!(sentences.iter().any(says_so), "{sentences:?}");
    }

    published(&data_dir, east);

    cells[12] = 5.0;
    write_raster(Path::new(&raster), cells);
    let changed = done(&data_dir, &arguments);
    assert_eq!(changed["changed"], 1);
    let later = computed(&data_dir);
    assert_ne!(later["rule"]["run_id"], with["rule"]["run_id"]);
    let back = jangkau(&data_dir)
        .args(["rollback", "population-cells"])
        .output()
        .unwrap();
    assert!(back.status.success(), "{back:?}");
    let restored = computed(&data_dir);
    assert_eq!(restored["rule"]["run_id"], with["rule"]["run_id"]);
}

/// What the server says of the three villages, and of the cells themselves.
fn published(data_dir: &Path, people_in_the_east: f64) {
    let running = Running::start(data_dir);
    for (code, people, source) in [
        ("99.01.01.2001", 320.0, "official"),
        ("99.01.01.2002", people_in_the_east, "raster"),
        ("99.01.01.2003", 5.0, "settlements"),
    ] {
        let village = running.get(&format!("/villages/{code}"));
        assert!(is_close(&village["population"], people), "{village}");
        assert_eq!(village["population_source"], source);
        assert!(is_close(&village["access"][0]["people"]["total"], people));
    }
    let items = running.get("/collections/population-cells/items");
    let features = items["features"].as_array().unwrap();
    let shown: f64 = features
        .iter()
        .map(|cell| number(&cell["properties"]["population"]))
        .sum();
    assert!((shown - 128.0).abs() < HALF_A_THOUSANDTH, "{items}");
    let tiles = running.get("/tiles/population-cells");
    assert_eq!(tiles["vector_layers"][0]["id"], "population-cells");
    running.stop();
}

/// Nobody says where the raster is to be cut but the district and the kilometres around it.
#[test]
fn a_clipped_raster_keeps_what_is_near_the_district() {
    let folder = scratch_folder();
    let data_dir = folder.path().join("data");
    let village = area("99.01.01.2001", "30", [102.03, -1.89, 102.07, -1.85]);
    let villages = folder.path().join("desa.geojson");
    let collection = format!(r#"{{"type":"FeatureCollection","features":[{village}]}}"#);
    fs::write(&villages, collection).unwrap();
    done(&data_dir, &["villages", villages.to_str().unwrap()]);
    let raster = write_raster(&folder.path().join("penduduk.tif"), [1.0; 15]);
    // The village is the first cell and touches three; the next four are 4.4 km away, the one behind them 6.3 km.
    let clipped = done(&data_dir, &["population-cells", &raster, "--clip-km", "1"]);
    assert_eq!(clipped["new"], 4, "{clipped}");
    let wider = done(&data_dir, &["population-cells", &raster, "--clip-km", "5"]);
    assert_eq!((&wider["new"], &wider["unchanged"]), (&4.into(), &4.into()));
}

/// The area of a feature of a collection.
fn area_of(feature: &Value) -> MultiPolygon<f64> {
    let ring = |ring: &Value| -> LineString<f64> {
        let places = ring.as_array().unwrap().iter();
        places
            .map(|place| (number(&place[0]), number(&place[1])))
            .collect()
    };
    let polygons = feature["geometry"]["coordinates"].as_array().unwrap();
    let polygon = |rings: &Value| {
        let mut rings = rings.as_array().unwrap().iter().map(ring);
        Polygon::new(rings.next().unwrap(), rings.collect())
    };
    polygons.iter().map(polygon).collect()
}

/// A real raster over real boundaries, apportioned once more by another library.
#[test]
fn the_municipalities_of_sao_miguel_have_the_people_of_their_cells() {
    let Some(real) = crate::ingest::real_data::folder() else {
        return;
    };
    let folder = scratch_folder();
    let data_dir = folder.path().join("data");
    let file = |name: &str| {
        let path = real.join("population-sao-miguel").join(name);
        path.to_str().unwrap().to_owned()
    };
    let villages = file("concelhos.gpkg");
    done(&data_dir, &["villages", &villages, "--code-from", "name"]);
    let raster = file("gpw_v411_2020_count_2020.tif");
    let imported = done(&data_dir, &["population-cells", &raster, "--clip-km", "5"]);
    assert_eq!(imported["warnings"], 0, "{imported}");
    let computed = jangkau(&data_dir).arg("compute").output().unwrap();
    assert!(computed.status.success(), "{computed:?}");

    let running = Running::start(&data_dir);
    let features = |collection: &str| {
        let items = running.get(&format!("/collections/{collection}/items?limit=10000"));
        items["features"].as_array().unwrap().clone()
    };
    let cells = features("population-cells");
    assert_eq!(imported["new"], cells.len());
    let villages = features("villages");
    assert_eq!(villages.len(), 6);
    let mut placed = 0.0;
    for village in villages {
        let area = area_of(&village);
        let in_village = |cell: &Value| {
            let cell_area = area_of(cell);
            let share = area.intersection(&cell_area).unsigned_area() / cell_area.unsigned_area();
            share * number(&cell["properties"]["population"])
        };
        let expected: f64 = cells.iter().map(in_village).sum();
        let code = village["properties"]["code"].as_str().unwrap();
        let answer = running.get(&format!("/villages/{}", code.replace(' ', "%20")));
        let found = number(&answer["population"]);
        // Each cell is rounded to thousandths.
        let tolerance = 0.001 * cells.len() as f64;
        assert!(
            (found - expected).abs() < tolerance,
            "{code}: {found}, not {expected}"
        );
        assert_eq!(answer["population_source"], "raster");
        placed += found;
    }
    let access = running.get("/access");
    let outside = number(&access["unassigned"]["cell_people"]);
    let all: f64 = cells
        .iter()
        .map(|cell| number(&cell["properties"]["population"]))
        .sum();
    assert!(
        (placed + outside - all).abs() < HALF_A_THOUSANDTH,
        "{placed} and {outside} of {all}"
    );
    running.stop();
}
