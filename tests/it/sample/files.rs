//! The files of the sample, as GDAL and other readers see them.

use std::path::{Path, PathBuf};

use gdal::Dataset;
use gdal::vector::LayerAccess;
use geo::{Area, BooleanOps};
use geo_types::MultiPolygon;
use jangkau::domain::SAMPLE_NOTICE;
use jangkau::publish::write_sample;

use super::SAMPLE;

fn count_with_gdal(path: &Path) -> usize {
    let dataset = Dataset::open(path).unwrap();
    let mut layer = dataset.layer(0).unwrap();
    let source = layer.defn().field_index("source").unwrap();
    let of_sample = layer
        .features()
        .filter(|feature| feature.field_as_string(source).unwrap().as_deref() == Some("sample"));
    of_sample.count()
}

#[test]
fn the_files_open_in_gdal_and_hold_every_record() {
    let folder = tempfile::tempdir().unwrap();
    let paths = write_sample(&SAMPLE, folder.path()).unwrap();
    let expected = [
        ("villages.zip", SAMPLE.villages.len()),
        ("roads.gpkg", SAMPLE.roads.len()),
        ("settlements.csv", SAMPLE.settlements.len()),
        ("clinics.gpkg", SAMPLE.clinics.len()),
        ("schools.csv", SAMPLE.schools.len()),
        ("water-points.csv", SAMPLE.water_points.len()),
        ("barriers.geojson", SAMPLE.barriers.len()),
        ("crossings.geojson", SAMPLE.crossings.len()),
    ];
    let found: Vec<(&str, usize)> = paths
        .iter()
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap();
            (
                name,
                if name.ends_with("zip") {
                    count_with_gdal(&zipped(path))
                } else {
                    count_with_gdal(path)
                },
            )
        })
        .collect();
    assert_eq!(found, expected);
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().collect();
    assert_eq!(left.len(), expected.len() + 1);
    let readme = std::fs::read_to_string(folder.path().join("README.txt")).unwrap();
    assert!(readme.starts_with(SAMPLE_NOTICE));
}

/// GDAL's name for what a zip archive holds.
fn zipped(path: &Path) -> PathBuf {
    format!("/vsizip/{}", path.display()).into()
}

#[test]
fn geometries_survive_the_shapefile_and_the_geopackage() {
    let folder = tempfile::tempdir().unwrap();
    let paths = write_sample(&SAMPLE, folder.path()).unwrap();
    let dataset = Dataset::open(zipped(&paths[0])).unwrap();
    let mut layer = dataset.layer(0).unwrap();
    assert_eq!(layer.spatial_ref().unwrap().auth_code().unwrap(), 4326);
    let code = layer.defn().field_index("kode").unwrap();
    for (feature, village) in layer.features().zip(&SAMPLE.villages) {
        assert_eq!(
            feature.field_as_string(code).unwrap().unwrap(),
            village.code.as_str()
        );
        let geometry = feature.geometry().unwrap();
        let found: MultiPolygon<f64> = match geometry.to_geo().unwrap() {
            geo_types::Geometry::Polygon(polygon) => polygon.into(),
            geo_types::Geometry::MultiPolygon(area) => area,
            other => panic!("{other:?}"),
        };
        assert!(found.xor(&village.area).unsigned_area() < 1e-12);
    }
    let dataset = Dataset::open(&paths[1]).unwrap();
    let mut layer = dataset.layer(0).unwrap();
    for (feature, road) in layer.features().zip(&SAMPLE.roads) {
        let found = feature.geometry().unwrap().to_geo().unwrap();
        assert_eq!(found, road.record.line.clone().into());
    }
}

#[test]
fn the_same_district_is_written_with_the_same_bytes() {
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let paths = write_sample(&SAMPLE, one.path()).unwrap();
    let again = write_sample(&SAMPLE, other.path()).unwrap();
    for (path, again) in paths.iter().zip(&again) {
        let is_same = std::fs::read(path).unwrap() == std::fs::read(again).unwrap();
        assert!(is_same, "{} differs", path.display());
    }
}
