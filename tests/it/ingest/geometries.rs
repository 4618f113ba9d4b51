//! Geometries of the wrong kind or shape.

use super::*;

#[test]
fn a_bow_tie_is_refused_and_a_spike_repaired_row_14() {
    let (_, checked) = import(&request(Layer::Villages, "villages-bow-tie.geojson"));
    assert!(codes(&checked).contains(&FindingCode::GeometryInvalid));
    let (records, checked) = import(&request(Layer::Villages, "villages-spike.geojson"));
    assert_eq!(records.len(), 1);
    assert!(checked.may_be_kept(false));
    assert_eq!(codes(&checked), [FindingCode::GeometryInvalid]);
}

#[test]
fn heights_go_and_rings_turn_rows_12_and_29() {
    let (records, checked) = import(&request(
        Layer::Villages,
        "villages-clockwise-with-heights.geojson",
    ));
    let Feature::Village(village) = &records[0].feature else {
        panic!("not a village");
    };
    let ring = village.area.0[0].exterior();
    let twice_area: f64 = ring.lines().map(|line| line.determinant()).sum();
    assert!(0.0 < twice_area);
    assert_eq!(village.population, Some(People(1_234_000)));
    assert_eq!(
        codes(&checked),
        [FindingCode::CodeAmbiguous, FindingCode::GeometryType]
    );
}

#[test]
fn a_record_without_geometry_is_an_error() {
    let (records, checked) = import(&request(Layer::Clinics, "clinics-without-geometry.geojson"));
    assert_eq!(records.len(), 1, "{:#?}", checked.findings);
    assert_eq!(errors(&checked)[0].code, FindingCode::GeometryMissing);
    assert!(!checked.may_be_kept(false));
}

#[test]
fn the_rings_of_an_area_are_a_barrier() {
    let records = accepted(&request(Layer::Barriers, "barriers-as-areas.geojson"));
    let Feature::Barrier(barrier) = &records[0].feature else {
        panic!("not a barrier");
    };
    assert_eq!(barrier.line.0[0].0.len(), 5);
    assert_eq!(barrier.kind.as_deref(), Some("riverbank"));
}

/// Villages of one ring or more each, as a GeoJSON.
fn villages(areas: &[&str]) -> String {
    let features: Vec<String> = (2001..)
        .zip(areas)
        .map(|(number, area)| {
            format!(
                r#"{{"type":"Feature","properties":{{"kode":"99.01.01.{number}","nama":"Desa"}},"geometry":{{"type":"Polygon","coordinates":{area}}}}}"#
            )
        })
        .collect();
    format!(
        r#"{{"type":"FeatureCollection","features":[{}]}}"#,
        features.join(",")
    )
}

#[test]
fn rings_that_are_none_are_refused_and_open_ones_closed_row_14() {
    let square = "[[102,-2],[103,-2],[103,-1],[102,-1]]";
    let far_hole = format!(
        "[[[102,-2],[103,-2],[103,-1],[102,-1],[102,-2]],{}]",
        "[[110,-2],[111,-2],[111,-1],[110,-1],[110,-2]]"
    );
    let (records, checked) = import_text(
        Layer::Villages,
        "desa.geojson",
        villages(&[
            &format!("[{square}]"),
            "[[[102,-2],[103,-2],[102,-2]]]",
            "[[[102,-2],[102,-2]]]",
            &far_hole,
        ]),
    );
    let Feature::Village(village) = &records[0].feature else {
        panic!("not a village");
    };
    // Closed, so five vertices; one square degree, as before.
    let ring = village.area.0[0].exterior();
    assert_eq!(ring.0.len(), 5);
    let twice_area: f64 = ring.lines().map(|line| line.determinant()).sum();
    assert!((twice_area - 2.0).abs() < 1e-12);
    assert_eq!(records.len(), 1);
    let fids: Vec<(Option<i64>, FindingCode)> = errors(&checked)
        .iter()
        .map(|finding| (finding.fid, finding.code))
        .collect();
    let invalid = FindingCode::GeometryInvalid;
    assert_eq!(
        fids,
        [(Some(1), invalid), (Some(2), invalid), (Some(3), invalid)]
    );
}

#[test]
fn what_is_repaired_has_the_area_it_had_row_14() {
    // A square with a spike of no width, at many places and angles.
    let mut areas = Vec::new();
    for step in 1..40 {
        let t = f64::from(step) / 40.0;
        areas.push(format!(
            "[[[102,-2],[103,-2],[103,-1],[{x},-1],[{tip},{top}],[{x},-1],[102,-1],[102,-2]]]",
            x = 103.0 - t,
            tip = 102.0 + t,
            top = -1.0 + t
        ));
    }
    let areas: Vec<&str> = areas.iter().map(String::as_str).collect();
    let (records, checked) = import_text(Layer::Villages, "desa.geojson", villages(&areas));
    assert_eq!(records.len(), areas.len(), "{:#?}", checked.findings);
    for record in &records {
        let Feature::Village(village) = &record.feature else {
            panic!("not a village");
        };
        let area = geo::Area::unsigned_area(&village.area);
        assert!((area - 1.0).abs() <= 0.001, "{area}");
    }
}

#[test]
fn a_multipolygon_of_many_parts_is_read_or_refused_by_a_limit_row_15() {
    use std::fmt::Write as _;
    let mut parts = String::new();
    for number in 0..20_000 {
        let (x, y) = (
            f64::from(number % 200) * 0.01,
            f64::from(number / 200) * 0.01,
        );
        let comma = if number == 0 { "" } else { "," };
        write!(
            parts,
            "{comma}[[[{x},{y}],[{},{y}],[{},{}],[{x},{y}]]]",
            x + 0.005,
            x + 0.005,
            y + 0.005
        )
        .unwrap();
    }
    let text = villages(&["[]"]).replace(
        r#""Polygon","coordinates":[]"#,
        &format!(r#""MultiPolygon","coordinates":[{parts}]"#),
    );
    let (records, checked) = import_text(Layer::Villages, "desa.geojson", text);
    assert_eq!(records.len(), 1, "{:#?}", checked.findings);
    let Feature::Village(village) = &records[0].feature else {
        panic!("not a village");
    };
    assert_eq!(village.area.0.len(), 20_000);
}

#[test]
fn a_line_that_is_longer_than_can_be_told_is_a_limit_and_the_others_are_read_row_15() {
    // Nine million vertices of sixteen bytes are more than a frame of 128 MiB.
    const N_VERTICES: usize = 9_000_000;
    let scratch = Scratch::new();
    let path = scratch.path("sungai.gpkg");
    let driver = gdal::DriverManager::get_driver_by_name("GPKG").unwrap();
    let mut dataset = driver.create_vector_only(&path).unwrap();
    let wgs_84 = gdal::spatial_ref::SpatialRef::from_epsg(4326).unwrap();
    let layer = dataset
        .create_layer(gdal::vector::LayerOptions {
            name: "sungai",
            srs: Some(&wgs_84),
            ty: gdal::vector::OGRwkbGeometryType::wkbLineString,
            options: None,
        })
        .unwrap();
    let mut wkb = vec![1, 2, 0, 0, 0];
    wkb.extend(u32::try_from(N_VERTICES).unwrap().to_le_bytes());
    for number in 0..N_VERTICES {
        let x = 102.0 + if number % 2 == 0 { 0.0 } else { 0.1 };
        wkb.extend(f64::to_le_bytes(x));
        wkb.extend(f64::to_le_bytes(-2.0));
    }
    for wkb in [wkb.as_slice(), &short_line()] {
        let mut feature =
            gdal::vector::Feature::new(gdal::vector::LayerAccess::defn(&layer)).unwrap();
        feature
            .set_geometry(gdal::vector::Geometry::from_wkb(wkb).unwrap())
            .unwrap();
        feature.create(&layer).unwrap();
    }
    drop(wkb);
    dataset.close().unwrap();
    let (records, checked) = import(&ImportRequest::new(Layer::Barriers, vec![path]));
    assert_eq!(records.len(), 1, "{:#?}", checked.findings);
    assert_eq!(only(&checked, FindingCode::ParseLimit).fid, Some(1));
}

fn short_line() -> Vec<u8> {
    let mut wkb = vec![1, 2, 0, 0, 0, 2, 0, 0, 0];
    for number in [102.0_f64, -2.0, 102.5, -2.0] {
        wkb.extend(number.to_le_bytes());
    }
    wkb
}
