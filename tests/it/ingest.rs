//! Files through the real child process: what is accepted, what is refused, and that nothing hangs.
//!
//! Fixtures in `tests/fixtures/ingest/` have one fault each, named by the file.
//! Rows are those of the list of hostile input that the design keeps.

mod archives;
mod broken_files;
mod columns_and_values;
mod coordinates;
mod formats;
mod geometries;
mod rasters;
mod real_answers;
pub(crate) mod real_data;
mod shapefile;
mod sheets;
mod tables;

use std::fs::File;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use jangkau::domain::{
    Feature, Finding, FindingCode, Layer, OneWay, People, Record, RoadClass, Severity, Status,
};
use jangkau::ingest::{
    Checked, FilesToRead, ImportRequest, IngestError, Inspection, ReaderCommand, ReleaseColumns,
    inspect, read_features, read_records,
};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn reader() -> ReaderCommand {
    ReaderCommand {
        program: env!("CARGO_BIN_EXE_jangkau").into(),
        arguments: vec![ReaderCommand::ARGUMENT.to_owned()],
    }
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/ingest")
        .join(name)
}

fn request(layer: Layer, name: &str) -> ImportRequest {
    ImportRequest::new(layer, vec![fixture(name)])
}

fn try_import(request: &ImportRequest) -> Result<(Vec<Record>, Checked), IngestError> {
    let mut records = Vec::new();
    let checked = read_records(
        request,
        &reader(),
        &mut |record| {
            records.push(record);
            ControlFlow::Continue(())
        },
        &|_| {},
        &AtomicBool::new(false),
    )?;
    Ok((records, checked))
}

fn import(request: &ImportRequest) -> (Vec<Record>, Checked) {
    try_import(request).unwrap()
}

/// The records of a file in which nothing is wrong.
fn accepted(request: &ImportRequest) -> Vec<Record> {
    let (records, checked) = import(request);
    assert!(checked.may_be_kept(false), "{:#?}", checked.findings);
    assert_eq!(records.len() as u64, checked.n_accepted);
    records
}

fn errors(checked: &Checked) -> Vec<&Finding> {
    checked
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .collect()
}

/// The one error that refuses a whole file.
fn refusal(layer: Layer, name: &str) -> Finding {
    let (_, checked) = import(&request(layer, name));
    assert!(!checked.may_be_kept(true), "{name} could be kept");
    let errors = errors(&checked);
    assert_eq!(errors.len(), 1, "{errors:#?}");
    assert_eq!(errors[0].file, name);
    assert!(!errors[0].mend.is_empty());
    errors[0].clone()
}

/// What a child takes that reads a file piece by piece, whatever the file's size.
const N_BYTES_OF_A_SMALL_CHILD: u64 = 300_000_000;

/// A reader with an address space of its own limit.
fn with_memory(n_bytes: u64) -> ReaderCommand {
    ReaderCommand {
        program: "/bin/sh".into(),
        arguments: vec![
            "-c".to_owned(),
            format!(r#"ulimit -v {}; exec "$0" "$1""#, n_bytes / 1024),
            env!("CARGO_BIN_EXE_jangkau").to_owned(),
            ReaderCommand::ARGUMENT.to_owned(),
        ],
    }
}

/// A folder of a test with files that it makes; gone when the test is.
struct Scratch(tempfile::TempDir);

impl Scratch {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

/// An import of a text that is a file of this name.
fn import_text(layer: Layer, name: &str, text: impl AsRef<[u8]>) -> (Vec<Record>, Checked) {
    let scratch = Scratch::new();
    import(&ImportRequest::new(layer, vec![scratch.write(name, text)]))
}

/// Longitude and latitude of a facility or settlement, to six decimals.
fn place(record: &Record) -> (f64, f64) {
    let place = match &record.feature {
        Feature::Facility(facility) => facility.place,
        Feature::Settlement(settlement) => settlement.place,
        Feature::Crossing(crossing) => crossing.place,
        other => unreachable!("{other:?} is no point"),
    };
    let rounded = |degrees: f64| (degrees * 1e6).round() / 1e6;
    (rounded(place.lon()), rounded(place.lat()))
}

fn name(record: &Record) -> &str {
    let name = match &record.feature {
        Feature::Facility(facility) => facility.name.as_deref(),
        Feature::Settlement(settlement) => settlement.name.as_deref(),
        Feature::Road(road) => road.name.as_deref(),
        other => unreachable!("{other:?} has no name"),
    };
    name.unwrap_or_default()
}

fn layers(path: &Path) -> Vec<(String, Option<u64>)> {
    let inspection = inspected(path);
    let layers = inspection.layers.into_iter();
    layers.map(|layer| (layer.name, layer.n_features)).collect()
}

fn inspected(path: &Path) -> Inspection {
    let files = FilesToRead {
        files: vec![path.to_owned()],
        ..FilesToRead::default()
    };
    inspect(&files, &reader(), &AtomicBool::new(false)).unwrap()
}

/// The finding of a code, of which there is one.
fn only(checked: &Checked, code: FindingCode) -> &Finding {
    let mut found = checked
        .findings
        .iter()
        .filter(|finding| finding.code == code);
    let only = found.next();
    assert!(found.next().is_none(), "{:#?}", checked.findings);
    assert!(only.is_some(), "no {code} in {:#?}", checked.findings);
    only.unwrap()
}

fn codes(checked: &Checked) -> Vec<FindingCode> {
    checked
        .findings
        .iter()
        .map(|finding| finding.code)
        .collect()
}

#[test]
fn inspecting_lists_layers_and_columns_without_reading_them() {
    let files = FilesToRead {
        files: vec![fixture("zip-two-layers.zip")],
        ..FilesToRead::default()
    };
    let inspection = inspect(&files, &reader(), &AtomicBool::new(false)).unwrap();
    let layers: Vec<(&str, Option<u64>)> = inspection
        .layers
        .iter()
        .map(|layer| (layer.name.as_str(), layer.n_features))
        .collect();
    assert_eq!(layers, [("jalan", Some(2)), ("sungai", Some(2))]);
    assert_eq!(inspection.layers[0].fields, ["class"]);
}

#[test]
fn a_look_into_a_table_tells_where_it_lies_and_how_its_names_read() {
    let scratch = Scratch::new();
    let csv = b"Nama;Lintang (LS);Bujur (BT)\nCaf\xe9 Muara;2,5;102,25\nDesa Lain;2,25;102,75\n";
    let inspection = inspected(&scratch.write("warung.csv", csv));
    let [layer] = inspection.layers.as_slice() else {
        panic!("{:#?}", inspection.layers);
    };
    assert_eq!(layer.geometry.as_deref(), Some("Point"));
    let crs = layer.crs.as_deref().unwrap();
    assert!(crs.starts_with("EPSG:4326 (WGS 84): columns of"), "{crs}");
    assert!(layer.encoding.as_deref().unwrap().contains("a guess"));
    assert_eq!(layer.extent, Some([102.25, -2.5, 102.75, -2.25]));
    let names: Vec<Option<&str>> = layer
        .first_rows
        .iter()
        .map(|row| row[0].as_deref())
        .collect();
    assert_eq!(names, [Some("Café Muara"), Some("Desa Lain")]);
    let reading = |encoding: &str| {
        let mut readings = layer.readings.iter();
        let reading = readings.find(|reading| reading.encoding == encoding);
        reading.unwrap().texts[0].clone()
    };
    assert!(reading("windows-1252").starts_with("Café Muara"));
    assert!(reading("UTF-8").starts_with("Caf\u{fffd} Muara"));
    assert!(reading("macintosh").starts_with("CafÈ Muara"));
}

#[test]
fn a_look_into_a_layer_without_system_shows_its_rows_and_says_what_is_missing() {
    let inspection = inspected(&fixture("zip-two-layers.zip"));
    let layer = &inspection.layers[0];
    assert_eq!(layer.geometry.as_deref(), Some("Line String"));
    assert_eq!(layer.first_rows.len(), 2);
    let extent = layer.extent.unwrap();
    assert!(extent[0] < extent[2] && extent[1] < extent[3], "{extent:?}");
}

#[test]
fn coordinates_stand_under_headings_of_two_languages_and_in_lists_of_kobotoolbox() {
    let place_of = |text: &str| {
        let (records, checked) = import_text(Layer::Settlements, "titik.csv", text);
        assert_eq!(records.len(), 1, "{text}: {:#?}", checked.findings);
        place(&records[0])
    };
    for text in [
        "nama,Latitude (Lintang),Longitude (Bujur)\nA,-2.3049,102.7215\n",
        "nama;Lintang / LS;Bujur / BT\nA;2,3049;102,7215\n",
        "nama,Titik Koordinat Lintang,Titik Koordinat Bujur\nA,-2.3049,102.7215\n",
        "nama,_geolocation\nA,\"[-2.3049, 102.7215]\"\n",
        "nama,grup_lokasi/titik gps\nA,-2.3049 102.7215 61.5 4.8\n",
    ] {
        assert_eq!(place_of(text), (102.7215, -2.3049), "{text}");
    }
    // 60 seconds are what rounding makes of 59.99: 102° 54'.
    let rounded = "nama,lon,lat\nA,\"102° 53' 60\"\" BT\",-2.5\n";
    assert_eq!(place_of(rounded), (102.9, -2.5));
}

#[test]
fn the_hash_of_one_file_is_that_of_its_bytes() {
    let (_, checked) = import(&request(Layer::Clinics, "clinics-empty-layer.geojson"));
    // `sha256sum` of `{"type": "FeatureCollection", "features": []}` and a line end.
    assert_eq!(checked.file_hash, EMPTY_COLLECTION_SHA_256);
}

const EMPTY_COLLECTION_SHA_256: &str =
    "40731612d393519f9ce8894e0a22139bce972cb36b00166016106230d200d110";
