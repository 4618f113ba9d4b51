//! Files made by others, where they are at hand; counts are those of their README.

use super::*;

/// Where they are, if they are.
pub(crate) fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("JANGKAU_REAL_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/real-data"),
        PathBuf::from,
    );
    folder.is_dir().then_some(folder)
}

fn real(layer: Layer, name: &str) -> Option<ImportRequest> {
    Some(ImportRequest::new(layer, vec![folder()?.join(name)]))
}

#[test]
fn sarolangun_has_158_villages_in_11_kecamatan() {
    let Some(request) = real(
        Layer::Villages,
        "boundaries-jambi/sarolangun_desa_15.03.geojson",
    ) else {
        return;
    };
    let (records, checked) = import(&request);
    assert_eq!(checked.findings, []);
    assert_eq!(records.len(), 158);
    let mut kecamatan: Vec<String> = records
        .iter()
        .map(|record| record.key[.."15.03.01".len()].to_owned())
        .collect();
    kecamatan.sort();
    kecamatan.dedup();
    assert_eq!(kecamatan.len(), 11);
}

#[test]
fn jakarta_has_18574_roads_with_their_directions() {
    let Some(request) = real(Layer::Roads, "roads-jakarta-osm2012/jakarta_roads.shp") else {
        return;
    };
    let records = accepted(&request);
    assert_eq!(records.len(), 18_574);
    let count = |wanted: OneWay| {
        records
            .iter()
            .filter(
                |record| matches!(&record.feature, Feature::Road(road) if road.one_way == wanted),
            )
            .count()
    };
    assert_eq!(
        (count(OneWay::Forward), count(OneWay::Backward)),
        (1886, 31)
    );
}

#[test]
fn kecamatan_without_codes_are_keyed_by_name() {
    let Some(mut request) = real(
        Layer::Villages,
        "roads-jakarta-osm2012/kecamatan_jakarta.shp",
    ) else {
        return;
    };
    request.code_from = Some("KEC_NAME".to_owned());
    let records = accepted(&request);
    assert_eq!(records.len(), 42);
    assert!(records.iter().all(|record| record.key.starts_with("x:")));
}

#[test]
fn buildings_become_clinics_by_a_filter() {
    let Some(mut request) = real(Layer::Clinics, "inasafe-indonesia/buildings_osm_4326.shp") else {
        return;
    };
    request.from.filter = Some("type IN ('clinic','hospital','doctors')".to_owned());
    let (records, checked) = import(&request);
    assert!(checked.may_be_kept(false), "{:#?}", checked.findings);
    // Three clinics, one hospital, one practice.
    assert_eq!(records.len(), 3 + 1 + 1);
    let hospitals = records
        .iter()
        .filter(|record| matches!(&record.feature, Feature::Facility(clinic) if clinic.tier.as_deref() == Some("rumah-sakit")))
        .count();
    assert_eq!(hospitals, 1);
}

#[test]
fn malawis_water_points_keep_their_four_states() {
    let Some(request) = real(
        Layer::WaterPoints,
        "waterpoints-malawi/waterpointfunctionality.csv",
    ) else {
        return;
    };
    let (records, checked) = import(&request);
    assert_eq!(records.len(), 11_409, "{:#?}", checked.findings);
    let count = |wanted: Status| {
        records
            .iter()
            .filter(|record| matches!(&record.feature, Feature::Facility(point) if point.status == wanted))
            .count()
    };
    assert_eq!(
        [
            Status::Functioning,
            Status::Partly,
            Status::Broken,
            Status::Gone
        ]
        .map(count),
        [4151, 5893, 734, 631]
    );
}

#[test]
fn polygons_of_a_district_are_read_without_a_layer() {
    let Some(folder) = folder() else {
        return;
    };
    let files = FilesToRead {
        files: vec![folder.join("boundaries-jambi/sarolangun_desa_15.03.geojson")],
        ..FilesToRead::default()
    };
    let mut n_areas = 0;
    let read = read_features(
        &files,
        &reader(),
        &mut |_, feature| {
            n_areas += u32::from(matches!(
                feature.geometry,
                Some(geo_types::Geometry::Polygon(_))
            ));
            ControlFlow::Continue(())
        },
        &AtomicBool::new(false),
    )
    .unwrap();
    assert!(!read.has_errors());
    assert_eq!(n_areas, 158);
}

#[test]
fn every_awkward_file_is_read_or_refused_with_a_finding() {
    let Some(folder) = folder() else {
        return;
    };
    let mut files = Vec::new();
    for set in std::fs::read_dir(folder.join("awkward")).unwrap() {
        for file in std::fs::read_dir(set.unwrap().path()).unwrap() {
            files.push(file.unwrap().path());
        }
    }
    for layer in [Layer::Villages, Layer::Barriers, Layer::Settlements] {
        for file in &files {
            let mut request = ImportRequest::new(layer, vec![file.clone()]);
            if layer != Layer::Villages {
                request.mapping = vec!["id=''".parse().unwrap()];
            }
            let (records, checked) = import(&request);
            assert!(
                !records.is_empty() || !errors(&checked).is_empty(),
                "{} gave neither records nor an error",
                file.display()
            );
        }
    }
}
