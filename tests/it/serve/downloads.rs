//! `/access` as files: the rows that are shown, read back from what was written.

use std::io::{Cursor, Read};
use std::sync::atomic::AtomicBool;

use jangkau::ingest::{FilesToRead, ReaderCommand, inspect};
use serde_json::Value;
use zip::ZipArchive;

use crate::support::five_villages::{Answer, FiveVillages};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

async fn downloaded(api: &FiveVillages, path: &str) -> Answer {
    let answer = api.get(path).await;
    assert_eq!(answer.status, 200, "{path}: {}", answer.text);
    answer
}

/// The fields of a file without quotes in it.
fn fields(csv: &str) -> Vec<Vec<&str>> {
    csv.trim_start_matches('\u{feff}')
        .split_terminator("\r\n")
        .map(|line| line.split(';').collect())
        .collect()
}

/// Writes a download where the ingest child reads it.
fn layer_of(answer: &Answer, name: &str) -> (Vec<String>, Option<u64>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(name);
    std::fs::write(&file, &answer.bytes).unwrap();
    let reader = ReaderCommand {
        program: env!("CARGO_BIN_EXE_jangkau").into(),
        arguments: vec![ReaderCommand::ARGUMENT.to_owned()],
    };
    let files = FilesToRead {
        files: vec![file],
        ..FilesToRead::default()
    };
    let mut found = inspect(&files, &reader, &AtomicBool::new(false)).unwrap();
    let layer = found.layers.remove(0);
    (layer.fields, layer.n_features)
}

#[tokio::test]
async fn a_csv_holds_the_rows_of_the_answer_in_their_order() {
    let api = FiveVillages::new().await;
    for query in [
        "lang=en",
        "lang=en&sort=name&order=desc",
        "lang=en&kecamatan=99.01.02&top=2",
        "lang=en&by=kecamatan",
    ] {
        let json = api.json(&format!("/access?{query}")).await;
        let csv = downloaded(&api, &format!("/access?{query}&f=csv")).await;
        let lines = fields(&csv.text);
        let rows = json["rows"].as_array().unwrap();
        assert_eq!(lines.len(), 1 + rows.len(), "{query}");
        let column = |heading: &str| lines[0].iter().position(|each| *each == heading).unwrap();
        for (line, row) in lines[1..].iter().zip(rows) {
            let text = |member: &str| match &row[member] {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            assert_eq!(line[column("Rank")], text("rank"), "{query}");
            assert_eq!(line[column("Code")], text("code"), "{query}");
            assert_eq!(line[column("Class")], text("class"), "{query}");
            assert_eq!(line[column("Travel time (s)")], text("value"), "{query}");
            assert_eq!(line[column("People")], text("people"), "{query}");
            let beyond = column("People beyond 30 min");
            assert_eq!(line[beyond], text("people_beyond"), "{query}");
        }
    }
}

#[tokio::test]
async fn a_csv_is_read_by_the_import_with_all_its_columns_and_rows() {
    let api = FiveVillages::new().await;
    let csv = downloaded(&api, "/access?f=csv&lang=id").await;
    let (columns, n_rows) = layer_of(&csv, "unduhan.csv");
    assert_eq!(
        columns,
        [
            "Peringkat",
            "Kode",
            "Desa",
            "Kecamatan",
            "Kode kecamatan",
            "Waktu tempuh (menit)",
            "Waktu tempuh (detik)",
            "Kelas",
            "Arti kelas",
            "Keadaan",
            "Penduduk (jiwa)",
            "Di luar 30 menit (jiwa)",
        ]
    );
    assert_eq!(n_rows, Some(5));
}

#[tokio::test]
async fn indonesian_has_a_decimal_comma_and_english_a_point() {
    let api = FiveVillages::new().await;
    api.scratch
        .client()
        .await
        .batch_execute(
            "update run_village set time_ms = 1830500 where run = '0000000000000000000000000000000a' \
             and village = '99.01.01.2002'",
        )
        .await
        .unwrap();
    for (language, minutes, seconds) in [("id", "30,5", "1830,5"), ("en", "30.5", "1830.5")] {
        let csv = downloaded(
            &api,
            &format!("/access?f=csv&lang={language}&sort=code&top=2"),
        )
        .await;
        let lines = fields(&csv.text);
        assert_eq!(lines[2][5..7], [minutes, seconds]);
    }
}

#[tokio::test]
async fn a_name_that_is_a_formula_is_no_formula_in_any_file_row_37() {
    let api = FiveVillages::new().await;
    let evil = "=HYPERLINK(\"http://x\";\"klik\")";
    api.scratch
        .client()
        .await
        .execute(
            "update village set name = $1 where key = '99.01.01.2001'",
            &[&evil],
        )
        .await
        .unwrap();
    let csv = downloaded(&api, "/access?f=csv&sort=code&top=1").await;
    assert!(
        csv.text
            .contains("\"'=HYPERLINK(\"\"http://x\"\";\"\"klik\"\")\"")
    );
    let xlsx = downloaded(&api, "/access?f=xlsx&sort=code&top=1").await;
    assert!(!part(&xlsx, "xl/worksheets/sheet1.xml").contains("<f>"));
    assert!(part(&xlsx, "xl/sharedStrings.xml").contains("=HYPERLINK("));
}

/// One part of a workbook.
fn part(workbook: &Answer, name: &str) -> String {
    let mut archive = ZipArchive::new(Cursor::new(&workbook.bytes)).unwrap();
    let mut text = String::new();
    archive
        .by_name(name)
        .unwrap()
        .read_to_string(&mut text)
        .unwrap();
    text
}

/// What stands between the first `start` and the next `end`.
fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(start)?;
    rest.split_once(end).map(|(inside, _)| inside)
}

/// The shared strings of a workbook, in order.
fn strings(workbook: &Answer) -> Vec<String> {
    part(workbook, "xl/sharedStrings.xml")
        .split("<si>")
        .skip(1)
        .map(|item| between(item, ">", "</t>").unwrap().to_owned())
        .collect()
}

/// The cells of a sheet, row by row: text as `t:…`, numbers as `n:…`.
fn cells(workbook: &Answer, sheet: &str) -> Vec<Vec<String>> {
    let strings = strings(workbook);
    let xml = part(workbook, sheet);
    xml.split("<row ")
        .skip(1)
        .map(|row| {
            row.split("<c ")
                .skip(1)
                .filter_map(|cell| {
                    let value = between(cell, "<v>", "</v>")?;
                    Some(if cell.contains("t=\"s\"") {
                        format!("t:{}", strings[value.parse::<usize>().unwrap()])
                    } else {
                        format!("n:{value}")
                    })
                })
                .collect()
        })
        .collect()
}

#[tokio::test]
async fn a_workbook_keeps_codes_as_text_and_numbers_as_numbers() {
    let api = FiveVillages::new().await;
    let xlsx = downloaded(&api, "/access?f=xlsx&lang=en&sort=code").await;
    assert_eq!(xlsx.header("content-type"), XLSX);
    let rows = cells(&xlsx, "xl/worksheets/sheet1.xml");
    assert_eq!(rows.len(), 6);
    assert_eq!(rows[0][..3], ["t:Rank", "t:Code", "t:Village"]);
    assert_eq!(
        rows[1],
        [
            "n:5",
            "t:99.01.01.2001",
            "t:Alfa",
            "t:Hulu",
            "t:99.01.01",
            "n:20",
            "n:1200",
            "t:A",
            "t:≤ 30 min",
            "t:within",
            "n:100",
            "n:40"
        ]
    );
    let sheet = part(&xlsx, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("state=\"frozen\""));
}

#[tokio::test]
async fn the_second_sheet_explains_the_first() {
    let api = FiveVillages::new().await;
    let xlsx = downloaded(&api, "/access?f=xlsx&lang=id&kecamatan=99.01.01").await;
    assert!(part(&xlsx, "xl/workbook.xml").contains("name=\"Keterangan\""));
    let lines = cells(&xlsx, "xl/worksheets/sheet2.xml");
    for line in [
        &["t:Nomor hitungan", "t:0000000000000000000000000000000a"][..],
        &["t:Dihitung pada", "t:2026-11-21T09:00:00Z"],
        &["t:Hanya kecamatan", "t:99.01.01"],
        &["t:Baris dalam berkas", "n:2"],
        &["t:Baris seluruhnya", "n:5"],
        &["t:A", "t:≤ 30 menit", "n:2", "n:260"],
        &["t:×", "t:Tidak ada jalur", "n:1", "n:800"],
        &["t:Jumlah", "n:3100"],
        &[
            "t:villages",
            "n:1",
            "t:Dukcapil",
            "t:2026-11-20T08:00:00Z",
            "n:5",
        ],
    ] {
        assert!(lines.iter().any(|each| each == line), "{line:?}");
    }
}

#[tokio::test]
async fn the_same_workbook_has_the_same_bytes() {
    let api = FiveVillages::new().await;
    let path = "/access?f=xlsx&lang=id";
    let (one, other) = (downloaded(&api, path).await, downloaded(&api, path).await);
    assert!(one.bytes == other.bytes);
}

#[tokio::test]
async fn a_geojson_has_the_rows_as_villages_with_their_areas_and_the_rule() {
    let api = FiveVillages::new().await;
    let query = "sort=people&top=3&lang=id";
    let rows = api.json(&format!("/access?{query}")).await["rows"].clone();
    let answer = downloaded(&api, &format!("/access?{query}&f=geojson")).await;
    assert_eq!(answer.header("content-type"), "application/geo+json");
    let collection = answer.json();
    assert_eq!(
        collection["rule"]["run_id"],
        "0000000000000000000000000000000a"
    );
    let features = collection["features"].as_array().unwrap();
    assert_eq!(features.len(), 3);
    for (feature, row) in features.iter().zip(rows.as_array().unwrap()) {
        assert_eq!(&feature["properties"], row);
        assert_eq!(feature["id"], row["code"]);
        assert_eq!(feature["geometry"]["type"], "MultiPolygon");
    }
    let (columns, n_features) = layer_of(&answer, "unduhan.geojson");
    assert!(columns.contains(&"people_beyond".to_owned()));
    assert_eq!(n_features, Some(3));
}

#[tokio::test]
async fn only_villages_have_areas() {
    let api = FiveVillages::new().await;
    let answer = api.get("/access?f=geojson&by=kecamatan").await;
    assert_eq!(answer.status, 400);
    assert_eq!(answer.json()["errors"][0]["parameter"], "f");
}

#[tokio::test]
async fn a_file_is_named_for_its_indicator_and_run_and_a_sample_says_so() {
    let api = FiveVillages::new().await;
    for form in ["csv", "xlsx", "geojson"] {
        let clinic = downloaded(&api, &format!("/access?f={form}")).await;
        assert_eq!(
            clinic.header("content-disposition"),
            format!("attachment; filename=\"jangkau-clinic.motorcycle.dry.time-00000000.{form}\"")
        );
        let water = downloaded(&api, &format!("/access?service=water&f={form}")).await;
        assert_eq!(
            water.header("content-disposition"),
            format!("attachment; filename=\"CONTOH-jangkau-water.foot.dry.time-00000000.{form}\"")
        );
    }
    let json = downloaded(&api, "/access").await;
    assert_eq!(json.header("content-disposition"), "");
}

#[tokio::test]
async fn a_download_is_not_sent_again_to_who_has_it() {
    let api = FiveVillages::new().await;
    let first = downloaded(&api, "/access?f=csv").await;
    let again = axum::http::Request::get("/access?f=csv")
        .header("if-none-match", first.header("etag"))
        .body(axum::body::Body::empty())
        .unwrap();
    assert_eq!(api.send(again).await.status, 304);
    assert_ne!(
        first.header("etag"),
        downloaded(&api, "/access?f=xlsx").await.header("etag")
    );
}
