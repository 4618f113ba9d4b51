//! Imports against the lists of codes, and the shapes of villages against each other.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use jangkau::app::{CodesToLoad, ImportChoices, code_lists, import, load_codes};
use jangkau::domain::{Finding, FindingCode, ImportReport, Layer, Severity};
use jangkau::ingest::{CodeScheme, ImportRequest, ReaderCommand, read_records};
use jangkau::store::Database;
use tempfile::TempDir;

use crate::support::database::ScratchDatabase;

fn reader() -> ReaderCommand {
    ReaderCommand {
        program: env!("CARGO_BIN_EXE_jangkau").into(),
        arguments: vec![ReaderCommand::ARGUMENT.to_owned()],
    }
}

/// A square of 0.01 degrees, about 122 ha, `column` squares east of 102.5° E on 2.3° S.
fn village(code: &str, name: &str, column: f64) -> String {
    let (west, south) = (102.5 + column * 0.01, -2.3);
    let (east, north) = (west + 0.01, south + 0.01);
    format!(
        r#"{{"type":"Feature","properties":{{"kode":"{code}","nama":"{name}"}},"geometry":{{"type":"Polygon",
        "coordinates":[[[{west},{south}],[{east},{south}],[{east},{north}],[{west},{north}],[{west},{south}]]]}}}}"#
    )
}

fn written(folder: &TempDir, name: &str, content: &str) -> PathBuf {
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    path
}

fn collection(features: &[String]) -> String {
    format!(
        r#"{{"type":"FeatureCollection","features":[{}]}}"#,
        features.join(",")
    )
}

async fn imported(database: &Database, request: ImportRequest) -> ImportReport {
    let choices = ImportChoices {
        district: (request.layer == Layer::Villages).then(|| "15.03".to_owned()),
        made_by: "tester".to_owned(),
        ..ImportChoices::default()
    };
    let cancel = Arc::new(AtomicBool::new(false));
    import(
        database,
        &reader(),
        request,
        &choices,
        Arc::new(|_| ()),
        cancel,
    )
    .await
    .unwrap()
}

async fn villages(features: &[String]) -> ImportReport {
    let folder = tempfile::tempdir().unwrap();
    let file = written(&folder, "desa.geojson", &collection(features));
    let scratch = ScratchDatabase::migrated().await;
    let request = ImportRequest::new(Layer::Villages, vec![file]);
    let report = imported(&scratch.database, request).await;
    assert!(report.activated, "{:#?}", report.rows);
    report
}

fn of_code(report: &ImportReport, code: FindingCode) -> Vec<&Finding> {
    report.rows.iter().filter(|row| row.code == code).collect()
}

async fn load(database: &Database, file: &Path) -> Result<(), String> {
    let to_load = CodesToLoad {
        file,
        edition: "2025-06",
        source: "Dinas",
        loaded_by: "tester",
    };
    let cancel = Arc::new(AtomicBool::new(false));
    let loaded = load_codes(database, &reader(), &to_load, cancel).await;
    loaded.map(|_entry| ()).map_err(|error| error.to_string())
}

#[tokio::test]
async fn a_code_that_the_newest_list_does_not_have_is_told_with_the_code_of_its_name() {
    // On the list: 15.03.01.2002 Sungai Keradak, 15.03.01.2006 Batu Empang, 15.03.08.2006 Teluk Kecimbung.
    let report = villages(&[
        village("15.03.01.2002", "SUNGAI-KERADAK", 0.0),
        village("15.03.01.2999", "Batu  Empang", 1.0),
        village("15.03.99.2001", "Nama Yang Tidak Ada", 2.0),
        village("15.03.08.2006", "Teluk Kecil", 3.0),
        village("99.03.01.2001", "Desa Contoh", 4.0),
    ])
    .await;
    let unknown = of_code(&report, FindingCode::CodeUnknown);
    let told: Vec<&str> = unknown
        .iter()
        .filter_map(|row| row.value.as_deref())
        .collect();
    assert_eq!(told, ["15.03.01.2999", "15.03.99.2001"]);
    assert!(unknown.iter().all(|row| row.severity == Severity::Warning));
    assert!(unknown[0].mend.contains("15.03.01.2006"), "{unknown:#?}");
    assert!(
        unknown[0].cause.contains("Kepmendagri 300.2.2-2430/2025"),
        "{unknown:#?}"
    );
    assert!(!unknown[1].mend.contains("15.03."), "{unknown:#?}");
    let named = of_code(&report, FindingCode::NameDiffers);
    assert_eq!(named.len(), 1, "{named:#?}");
    assert_eq!(named[0].severity, Severity::Info);
    assert!(named[0].cause.contains("Teluk Kecimbung"), "{named:#?}");
}

#[tokio::test]
async fn a_newer_list_goes_first_and_a_bad_one_changes_nothing() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let folder = tempfile::tempdir().unwrap();
    let twice = "code,name\n15.03.01.2999,A\n15.03.01.2999,B\n1503012001,C\n";
    let refused = load(database, &written(&folder, "twice.csv", twice)).await;
    let refused = refused.unwrap_err();
    assert!(
        refused.contains("15.03.01.2999 is there twice"),
        "{refused}"
    );
    assert!(refused.contains("may mean 15.03.01.2001"), "{refused}");
    assert_eq!(code_lists(database).await.unwrap().len(), 1);

    let list = "kode;nama\n15;Jambi\n15.03.01;Batang Asai\n15.03.01.2999;Desa Mekar\n";
    load(database, &written(&folder, "baru.csv", list))
        .await
        .unwrap();
    let lists = code_lists(database).await.unwrap();
    let editions: Vec<(&str, i64)> = lists
        .iter()
        .map(|list| (list.edition.as_str(), list.n_codes))
        .collect();
    assert_eq!(editions, [("2025-06", 1), ("2025", 1585)]);

    let table = "kode,penduduk\n15.03.01.2999,100\n15.03.01.2002,100\n15.04.03.1001,100\n";
    let file = written(&folder, "penduduk.csv", table);
    let report = imported(database, ImportRequest::new(Layer::Population, vec![file])).await;
    let unknown = of_code(&report, FindingCode::CodeUnknown);
    // The new list has only one village of 15.03; that of 15.04 is still on the list that came with the program.
    assert_eq!(unknown.len(), 1, "{unknown:#?}");
    assert_eq!(unknown[0].value.as_deref(), Some("15.03.01.2002"));
}

#[tokio::test]
async fn bps_1508_loads_as_tebo_where_a_list_says_which_village_it_is() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let folder = tempfile::tempdir().unwrap();
    let table = written(
        &folder,
        "bps.csv",
        "kode_desa,penduduk\n1508010001,1200\n1509010001,800\n",
    );
    let request = || ImportRequest::new(Layer::Population, vec![table.clone()]);
    let by_bps = || ImportRequest {
        codes: CodeScheme::Bps(Arc::default()),
        ..request()
    };

    let plain = imported(database, request()).await;
    assert!(!plain.activated);
    let ambiguous = of_code(&plain, FindingCode::CodeAmbiguous);
    assert_eq!(ambiguous.len(), 2);
    assert!(
        ambiguous[0]
            .cause
            .contains("15.08.01.0001, or a BPS code of 15.09 (Kabupaten Tebo)"),
        "{ambiguous:#?}"
    );

    let without_list = imported(database, by_bps()).await;
    assert!(!without_list.activated);
    let unknown = of_code(&without_list, FindingCode::CodeUnknown);
    assert!(
        unknown[0]
            .cause
            .contains("BPS 1508 is 15.09 (Kabupaten Tebo)")
            && unknown[0].mend.contains("jangkau codes load"),
        "{unknown:#?}"
    );

    let list = "code,name,bps\n15.09.01.2001,Desa A,1508010001\n15.08.01.2001,Desa B,1509010001\n";
    load(database, &written(&folder, "daftar.csv", list))
        .await
        .unwrap();
    let report = imported(database, by_bps()).await;
    assert!(report.activated, "{:#?}", report.rows);
    let rows = scratch
        .client()
        .await
        .query("select key, values_by_field ->> 'population' as people from village_values order by key", &[])
        .await
        .unwrap();
    let people: Vec<(String, String)> = rows
        .iter()
        .map(|row| (row.get("key"), row.get("people")))
        .collect();
    let expected = [("15.08.01.2001", "800.0"), ("15.09.01.2001", "1200.0")];
    let expected = expected.map(|(key, people)| (key.to_owned(), people.to_owned()));
    assert_eq!(people, expected);
}

#[tokio::test]
async fn codes_that_a_spreadsheet_spoiled_are_refused_with_what_they_may_mean() {
    let rows = [
        ("15:03:01", "a code that begins with 15.03.01"),
        ("1/15/2003", "a code that begins with 15.01.03"),
        ("1.503E9", "a code that begins with 15.03"),
        ("15.03.1.2001", "15.03.01.2001"),
        ("15.03.01.201", "15.03.01.2010"),
        ("1503012001", "15.03.01.2001"),
    ];
    let lines = rows.map(|(code, _)| format!("{code},1\n"));
    let table = format!("kode,penduduk\n15.03.01.2002,1\n{}", lines.concat());
    let folder = tempfile::tempdir().unwrap();
    let file = written(&folder, "penduduk.csv", &table);
    let scratch = ScratchDatabase::migrated().await;
    let request = ImportRequest::new(Layer::Population, vec![file]);
    let report = imported(&scratch.database, request).await;
    assert!(!report.activated);
    let refused = of_code(&report, FindingCode::CodeAmbiguous);
    assert_eq!(refused.len(), rows.len(), "{:#?}", report.rows);
    for (finding, (code, meaning)) in refused.iter().zip(rows) {
        assert_eq!(finding.severity, Severity::Error);
        assert_eq!(finding.value.as_deref(), Some(code));
        assert!(finding.cause.contains(meaning), "{finding:#?}");
    }
}

#[tokio::test]
async fn villages_that_overlap_or_leave_a_gap_are_told_with_hectares() {
    // A frame of eight squares would be long; here the gap is a hole that a ring of one village leaves.
    let ring = r#"{"type":"Feature","properties":{"kode":"99.03.01.2005","nama":"Cincin"},"geometry":{"type":"Polygon",
        "coordinates":[[[103,-2.3],[103.03,-2.3],[103.03,-2.27],[103,-2.27],[103,-2.3]],
        [[103.01,-2.29],[103.01,-2.28],[103.02,-2.28],[103.02,-2.29],[103.01,-2.29]]]}}"#;
    let report = villages(&[
        village("99.03.01.2001", "Satu", 0.0),
        // A tenth of a square, and nothing with the one after it.
        village("99.03.01.2002", "Dua", 0.9),
        village("99.03.01.2003", "Tiga", 1.9),
        village("99.03.01.2004", "Empat", 1.9),
        ring.to_owned(),
    ])
    .await;
    let overlaps = of_code(&report, FindingCode::TopologyOverlap);
    let causes: Vec<&str> = overlaps.iter().map(|row| row.cause.as_str()).collect();
    // 0.01 degrees are 1,112.3 m along 2.3° S and 1,105.8 m along the meridian: 123.0 ha.
    assert_eq!(
        causes,
        [
            "Tiga (99.03.01.2003) and Empat (99.03.01.2004) have one shape: 123.0 ha",
            "Satu (99.03.01.2001) and Dua (99.03.01.2002) overlap: 12.3 ha",
        ]
    );
    let gaps = of_code(&report, FindingCode::TopologyGap);
    assert_eq!(gaps.len(), 1, "{gaps:#?}");
    assert_eq!(gaps[0].value.as_deref(), Some("103.01500, -2.28500"));
    assert!(gaps[0].cause.starts_with("123.0 ha"), "{gaps:#?}");
}

#[tokio::test]
async fn a_place_far_from_roads_or_in_no_village_is_told() {
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let folder = tempfile::tempdir().unwrap();
    // The village reaches from 102.5 to 102.51; the road runs along its western border.
    let desa = collection(&[village("99.03.01.2001", "Satu", 0.0)]);
    let road = r#"{"type":"Feature","properties":{"highway":"track"},
        "geometry":{"type":"LineString","coordinates":[[102.5,-2.3],[102.5,-2.29]]}}"#;
    let jalan = collection(&[road.to_owned()]);
    // 0.0085 degrees are 945 m, 0.0095 are 1,057 m.
    let faskes = "id,nama,tier,status,longitude,latitude\n\
        near,Dekat,pustu,functioning,102.5085,-2.295\n\
        far,Jauh,pustu,functioning,102.5095,-2.295\n\
        outside,Luar,pustu,functioning,102.4990,-2.295\n";
    let files = [
        (Layer::Clinics, "awal.csv", faskes),
        (Layer::Villages, "desa.geojson", &desa),
        (Layer::Roads, "jalan.geojson", &jalan),
        (
            Layer::Clinics,
            "faskes.csv",
            &faskes.replace("Dekat", "Dekat sekali"),
        ),
    ];
    let mut reports = Vec::new();
    for (layer, name, content) in files {
        let file = written(&folder, name, content);
        reports.push(imported(database, ImportRequest::new(layer, vec![file])).await);
    }
    let told = |report: &ImportReport, code| -> Vec<String> {
        let rows = of_code(report, code).into_iter();
        rows.filter_map(|row| row.value.clone()).collect()
    };
    assert!(told(&reports[0], FindingCode::PlaceFar).is_empty());
    assert!(told(&reports[0], FindingCode::PlaceOutside).is_empty());
    assert_eq!(told(&reports[3], FindingCode::PlaceFar), ["far"]);
    assert_eq!(told(&reports[3], FindingCode::PlaceOutside), ["outside"]);
}

/// The oracle: 79 pairs that overlap by more than 100 m², the largest by 1.1 ha; 195 gaps of 0.15 km² in all, slivers.
#[tokio::test]
async fn the_real_sarolangun_has_79_overlaps_and_gaps_that_are_slivers() {
    let Some(folder) = std::env::var_os("JANGKAU_REAL_DATA") else {
        return;
    };
    let file = Path::new(&folder).join("boundaries-jambi/sarolangun_desa_15.03.geojson");
    let request = ImportRequest::new(Layer::Villages, vec![file]);
    let mut records = Vec::new();
    let mut sink = |record| {
        records.push(record);
        ControlFlow::Continue(())
    };
    read_records(
        &request,
        &reader(),
        &mut sink,
        &|_| {},
        &AtomicBool::new(false),
    )
    .unwrap();
    assert_eq!(records.len(), 158);
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let mut staging = database
        .begin_import(Layer::Villages, "real")
        .await
        .unwrap();
    staging.copy(&records).await.unwrap();
    staging.compare().await.unwrap();
    let overlaps = staging.overlaps(100.0).await.unwrap();
    assert_eq!(overlaps.n_all, 79);
    let largest = overlaps.listed[0].area_m2;
    assert!((10_500.0..11_500.0).contains(&largest), "{largest} m²");
    let gaps = staging.gaps(0.0).await.unwrap();
    // Counted in metres there and in degrees here: those below a square centimetre come and go with the arithmetic.
    assert!((190..=200).contains(&gaps.n_all), "{} gaps", gaps.n_all);
    let total_km2 = gaps.listed.iter().map(|gap| gap.area_m2).sum::<f64>() / 1e6;
    assert!((0.145..0.155).contains(&total_km2), "{total_km2} km²");
    staging.abandon().await.unwrap();

    let report = imported(database, request).await;
    let counted = |code| of_code(&report, code).len();
    assert_eq!(counted(FindingCode::CodeUnknown), 0);
    assert_eq!(counted(FindingCode::NameDiffers), 0);
    assert_eq!(counted(FindingCode::TopologyOverlap), 1);
    let n_large = gaps
        .listed
        .iter()
        .filter(|gap| 10_000.0 < gap.area_m2)
        .count();
    assert_eq!(counted(FindingCode::TopologyGap), n_large);
}
