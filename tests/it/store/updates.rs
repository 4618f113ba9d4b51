//! Sheets that say of records what has changed, and nothing else.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use geo_types::{LineString, Polygon};
use jangkau::app::{ImportChoices, import};
use jangkau::domain::{
    Condition, Counts, CrossingKind, Feature, FindingCode, ImportReport, Layer, LonLat, Part,
    People, Record, RoadClass, SeasonAccess, Status, Surface, geometry_key,
};
use jangkau::ingest::{ImportRequest, ReaderCommand};
use jangkau::store::Database;
use rust_xlsxwriter::Workbook;
use serde_json::json;

use super::imports::{import as import_records, request};
use super::records::{
    barrier, code, crossing, facility, forest, office, population, road, section, settlement,
    villages,
};
use crate::support::database::ScratchDatabase;

/// Whose the records of [`import_records`] are.
const SOURCE: &str = "dinas";

async fn update(database: &Database, layer: Layer, part: Part, file: &Path) -> ImportReport {
    let choices = ImportChoices {
        source: Some(SOURCE.to_owned()),
        district: (layer == Layer::Villages).then(|| "99.01".to_owned()),
        part,
        made_by: "tester".to_owned(),
        ..ImportChoices::default()
    };
    let reader = ReaderCommand {
        program: env!("CARGO_BIN_EXE_jangkau").into(),
        arguments: vec![ReaderCommand::ARGUMENT.to_owned()],
    };
    let request = ImportRequest::new(layer, vec![file.to_owned()]);
    let cancel = Arc::new(AtomicBool::new(false));
    import(
        database,
        &reader,
        request,
        &choices,
        Arc::new(|_| ()),
        cancel,
    )
    .await
    .unwrap()
}

fn csv(folder: &tempfile::TempDir, text: &str) -> PathBuf {
    let path = folder.path().join("perubahan.csv");
    fs::write(&path, text).unwrap();
    path
}

fn xlsx(folder: &tempfile::TempDir, text: &str) -> PathBuf {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "DAFTAR PERUBAHAN").unwrap();
    for (row, line) in (2_u32..).zip(text.lines()) {
        for (column, cell) in (0_u16..).zip(line.split(';')) {
            sheet.write(row, column, cell).unwrap();
        }
    }
    let path = folder.path().join("perubahan.xlsx");
    book.save(&path).unwrap();
    path
}

/// The active record of the source, and the hash that is stored with it.
async fn active(scratch: &ScratchDatabase, layer: Layer, key: &str) -> (Record, Vec<u8>) {
    let versions = scratch.database.active_versions().await.unwrap();
    let version = versions.iter().find(|version| version.layer == layer);
    let version = version.unwrap().id;
    let known = scratch.database.known_records(layer, version).await;
    let record = known.unwrap().get(SOURCE, key).unwrap().clone();
    let tables = [
        "village",
        "road",
        "facility",
        "settlement",
        "village_office",
        "barrier",
        "crossing",
        "village_values",
        "road_section",
        "context_feature",
    ];
    let hashes: Vec<String> = tables
        .iter()
        .map(|table| {
            format!("select content_hash from {table} where dataset_version = $1 and key = $2")
        })
        .collect();
    let client = scratch.client().await;
    let row = client
        .query_one(&hashes.join(" union all "), &[&version.0, &key])
        .await
        .unwrap();
    (record, row.get(0))
}

/// A layer with two records, a sheet about the first of them, and what it makes of it.
struct Case {
    layer: Layer,
    records: [Record; 2],
    sheet: &'static str,
    change: fn(&mut Feature),
}

macro_rules! changed {
    ($kind:ident, $field:ident, $value:expr) => {
        |feature| {
            if let Feature::$kind(record) = feature {
                record.$field = $value;
            }
        }
    };
}

fn cases() -> Vec<Case> {
    let status = "id;status\nA;rusak\n";
    let facilities = |layer| Case {
        layer,
        records: [facility("A", 0), facility("B", 1)],
        sheet: status,
        change: changed!(Facility, status, Status::Broken),
    };
    let [first, second] = villages(2).try_into().unwrap();
    let context: Layer = "hutan-lindung".parse().unwrap();
    let mut cases = vec![
        Case {
            layer: Layer::Villages,
            records: [first, second],
            sheet: "kode_desa;jumlah_penduduk\n99.01.01.0000;1234\n",
            change: changed!(Village, population, Some(People::from_count(1234.0))),
        },
        Case {
            layer: Layer::Roads,
            records: [road("A"), road("B")],
            sheet: "id;permukaan\nA;aspal\n",
            change: changed!(Road, surface, Some(Surface::Paved)),
        },
        Case {
            layer: Layer::Settlements,
            records: [settlement(0, Some(code(1))), settlement(1, None)],
            sheet: "id;jiwa\nS-0000;77\n",
            change: changed!(Settlement, population, Some(People::from_count(77.0))),
        },
        Case {
            layer: Layer::Barriers,
            records: [barrier("A"), barrier("B")],
            sheet: "id;jenis\nA;jurang\n",
            change: changed!(Barrier, kind, Some("jurang".to_owned())),
        },
        Case {
            layer: Layer::Crossings,
            records: [crossing("A"), crossing("B")],
            sheet: "id;jenis\nA;jembatan\n",
            change: changed!(Crossing, kind, CrossingKind::Bridge),
        },
        Case {
            layer: Layer::VillageOffices,
            records: [office("A"), office("B")],
            sheet: "id;nama\nA;Kantor Baru\n",
            change: changed!(VillageOffice, name, Some("Kantor Baru".to_owned())),
        },
        Case {
            layer: Layer::Population,
            records: [population(0, 120.0), population(1, 80.0)],
            sheet: "kode_desa;periode\n99.01.01.0000;2026\n",
            change: changed!(VillageValues, period, Some("2026".to_owned())),
        },
        Case {
            layer: Layer::RoadSections,
            records: [section("A", 0.0, 500.0), section("A", 500.0, 900.0)],
            sheet: "road;sta_awal;sta_akhir;kondisi\nA;0+000;0+500;rusak berat\n",
            change: changed!(RoadSection, condition, Some(Condition::VeryPoor)),
        },
        Case {
            layer: context,
            records: [forest("A"), forest("B")],
            sheet: "id;nama\nA;Bukit Contoh\n",
            change: changed!(ContextFeature, name, Some("Bukit Contoh".to_owned())),
        },
    ];
    cases.extend(
        [
            Layer::Clinics,
            Layer::WaterPoints,
            Layer::Schools,
            Layer::Markets,
        ]
        .map(facilities),
    );
    cases
}

#[tokio::test]
async fn a_sheet_of_any_layer_changes_what_it_says_and_keeps_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let writers: [fn(&tempfile::TempDir, &str) -> PathBuf; 2] = [csv, xlsx];
    for write in writers {
        let scratch = ScratchDatabase::migrated().await;
        for case in cases() {
            import_records(&scratch.database, case.layer, &case.records).await;
            let file = write(&folder, case.sheet);
            let report = update(&scratch.database, case.layer, Part::Update, &file).await;
            let counts = Counts {
                changed: 1,
                unchanged: 1,
                warnings: report.counts.warnings,
                ..Counts::default()
            };
            assert_eq!(report.counts, counts, "{} {:#?}", case.layer, report.rows);
            assert!(report.activated, "{}", case.layer);
            let mut expected = case.records[0].clone();
            (case.change)(&mut expected.feature);
            assert_ne!(expected, case.records[0], "{}", case.layer);
            let (merged, hash) = active(&scratch, case.layer, &expected.key).await;
            assert_eq!(merged, expected);
            assert_eq!(hash, expected.content_hash());
            // Once more, and nothing is new.
            let again = update(&scratch.database, case.layer, Part::AddOrUpdate, &file).await;
            assert_eq!((again.counts.changed, again.counts.unchanged), (0, 2));
            assert!(!again.activated, "{}", case.layer);
        }
    }
}

#[tokio::test]
async fn an_empty_cell_and_one_that_is_not_understood_keep_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let layer = Layer::Roads;
    import_records(database, layer, &[road("A")]).await;
    let sheet =
        "id;class;surface;one_way;bridge;tunnel;barred;keterangan;lebar\nA;;-;;;;; ;lebar sekali\n";
    let report = update(database, layer, Part::Update, &csv(&folder, sheet)).await;
    assert_eq!(report.counts.unchanged, 1, "{:#?}", report.rows);
    assert!(!report.activated);
    let told: Vec<_> = report.rows.iter().map(|row| row.cause.as_str()).collect();
    assert_eq!(
        told,
        ["the value is not understood; 1 record kept the `width_m` that they had"]
    );
    // A private column is merged as well.
    let sheet = "id;keterangan;class;petugas_lapangan\nA;lain;desa;dinas\n";
    let report = update(database, layer, Part::Update, &csv(&folder, sheet)).await;
    assert_eq!(report.counts.changed, 1, "{:#?}", report.rows);
    let (record, _) = active(&scratch, layer, "A").await;
    let extra = json!({"keterangan": "lain", "nomor": 7, "petugas_lapangan": "dinas"});
    assert_eq!(json!(record.extra), extra);
    let Feature::Road(merged) = record.feature else {
        unreachable!("a road is a road");
    };
    let Feature::Road(before) = road("A").feature else {
        unreachable!("a road is a road");
    };
    assert_ne!(merged.class, before.class);
    assert_eq!(
        jangkau::domain::Road {
            class: before.class,
            ..merged
        },
        before
    );
    assert_eq!(before.class, RoadClass::Tertiary);
}

#[tokio::test]
async fn a_row_of_an_unknown_key_is_refused_by_its_place_unless_it_can_be_a_new_record() {
    let folder = tempfile::tempdir().unwrap();
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let layer = Layer::Clinics;
    import_records(database, layer, &[facility("A", 0)]).await;
    let file = csv(&folder, "id;status\nA;rusak\nZ;rusak\n");
    for (part, code) in [
        (Part::Update, FindingCode::KeyUnknown),
        (Part::AddOrUpdate, FindingCode::GeometryMissing),
    ] {
        let report = update(database, layer, part, &file).await;
        assert!(!report.activated);
        let refused = &report.rows[0];
        assert_eq!(
            (refused.code, refused.fid, refused.value.as_deref()),
            (code, Some(2), Some("Z"))
        );
        assert_eq!(refused.file, "perubahan.csv");
        assert_eq!(report.counts.rejected, 1);
    }
    // With places, one row is new, and the other moves what is there.
    let sheet = "id;status;lon;lat\nA;;102.105;-1.995\nZ;rusak;102.105;-1.995\n";
    let report = update(database, layer, Part::AddOrUpdate, &csv(&folder, sheet)).await;
    assert_eq!((report.counts.new, report.counts.changed), (1, 1));
    let (record, _) = active(&scratch, layer, "A").await;
    let Feature::Facility(moved) = record.feature else {
        unreachable!("a facility is a facility");
    };
    assert_eq!(moved.place, LonLat::parse(102.105, -1.995).unwrap());
    assert_eq!(moved.status, Status::Functioning);
    assert_eq!(moved.season, Some(SeasonAccess::Wet));
    // A place may be missing in one row only.
    let sheet = "id;status;lon;lat\nA;rusak;;\nZ;;102.115;-1.995\n";
    let report = update(database, layer, Part::Update, &csv(&folder, sheet)).await;
    assert_eq!(report.counts.changed, 2, "{:#?}", report.rows);
    let (record, _) = active(&scratch, layer, "Z").await;
    let Feature::Facility(moved) = record.feature else {
        unreachable!("a facility is a facility");
    };
    let place = LonLat::parse(102.115, -1.995).unwrap();
    assert_eq!((moved.place, moved.status), (place, Status::Broken));
}

#[tokio::test]
async fn a_record_that_is_set_aside_is_updated_where_it_lies() {
    let folder = tempfile::tempdir().unwrap();
    let scratch = ScratchDatabase::migrated().await;
    let database = &scratch.database;
    let layer = Layer::Clinics;
    for source in ["osm", SOURCE] {
        let mut staging = database.begin_import(layer, source).await.unwrap();
        staging.copy(&[facility("A", 0)]).await.unwrap();
        staging.compose(Part::Source, &[]).await.unwrap();
        staging.activate(&request()).await.unwrap();
    }
    let sheet = csv(&folder, "id;nama\nA;Puskesmas Lain\n");
    let report = update(database, layer, Part::Update, &sheet).await;
    assert_eq!(report.counts.rejected, 0, "{:#?}", report.rows);
    let version = database.active_versions().await.unwrap()[0].id;
    let known = database.known_records(layer, version).await.unwrap();
    let name = |source| match &known.get(source, "A").unwrap().feature {
        Feature::Facility(facility) => facility.name.clone().unwrap(),
        other => unreachable!("{other:?} is no facility"),
    };
    // Nothing that is active has changed, and yet nothing is lost.
    assert!(report.activated);
    assert_eq!(report.counts.changed, 0);
    assert_eq!(
        [name("osm"), name(SOURCE)],
        ["Puskesmas Contoh", "Puskesmas Lain"]
    );
    let again = update(database, layer, Part::Update, &sheet).await;
    assert!(!again.activated);
}

#[tokio::test]
async fn records_without_ids_are_updated_by_their_geometry() {
    let folder = tempfile::tempdir().unwrap();
    let scratch = ScratchDatabase::migrated().await;
    let feature = |kind: &str| {
        format!(
            r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{{kind}}},"geometry":
            {{"type":"Polygon","coordinates":[[[102,-2],[102.1,-2],[102.1,-1.9],[102,-2]]]}}}}]}}"#
        )
    };
    let layer: Layer = "hutan".parse().unwrap();
    for (part, fields) in [
        (Part::Layer, r#""nama":"Bukit","jenis":"lindung""#),
        (Part::Update, r#""jenis":"adat""#),
    ] {
        let file = folder.path().join("hutan.geojson");
        fs::write(&file, feature(fields)).unwrap();
        let report = update(&scratch.database, layer, part, &file).await;
        assert!(report.activated, "{:#?}", report.rows);
    }
    let versions = scratch.database.active_versions().await.unwrap();
    let known = scratch.database.known_records(layer, versions[0].id).await;
    let ring = LineString::from(vec![(102.0, -2.0), (102.1, -2.0), (102.1, -1.9)]);
    let key = format!("{}-1", geometry_key(&Polygon::new(ring, Vec::new()).into()));
    let record = known.unwrap().get(SOURCE, &key).unwrap().clone();
    let Feature::ContextFeature(forest) = record.feature else {
        unreachable!("context is context");
    };
    assert_eq!(forest.name.as_deref(), Some("Bukit"));
    assert_eq!(forest.kind.as_deref(), Some("adat"));
}
