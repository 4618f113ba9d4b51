//! The program itself: from nothing to answers over HTTP, refusals that change nothing, a clean end.

mod cells;

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use gdal::Dataset;
use gdal::vector::LayerAccess;
use serde_json::Value;

use crate::support::database::scratch_folder;

/// People are thousandths inside; sums of numbers with three decimals are compared to half of one.
const HALF_A_THOUSANDTH: f64 = 0.0005;

fn jangkau(data_dir: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jangkau"));
    command
        .arg("--data-dir")
        .arg(data_dir)
        .env_remove("DATABASE_URL")
        .env("RUST_LOG", "warn");
    command
}

/// A program that serves, and its address.
struct Running {
    child: Child,
    address: String,
}

impl Running {
    fn start(data_dir: &Path) -> Self {
        let mut child = jangkau(data_dir)
            .args(["run", "--port", "0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line
            .trim()
            .strip_prefix("http://")
            .unwrap()
            .trim_end_matches('/')
            .to_owned();
        Self { child, address }
    }

    fn get(&self, path: &str) -> Value {
        serde_json::from_str(&self.get_text(path)).unwrap()
    }

    fn get_text(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "GET {path} HTTP/1.0\r\nHost: {}\r\n\r\n",
            self.address
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(
            head.starts_with("HTTP/1.0 200") || head.starts_with("HTTP/1.1 200"),
            "{head}"
        );
        body.to_owned()
    }

    fn stop(mut self) {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success()
        );
        assert!(self.child.wait().unwrap().success());
    }
}

#[test]
fn a_first_start_tells_where_the_first_admin_sets_a_password_and_then_its_address() {
    let folder = scratch_folder();
    let mut child = jangkau(folder.path())
        .args(["run", "--no-sample", "--port", "0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let mut told = String::new();
    while !told.contains("/sign-in/link/") {
        told.clear();
        assert_ne!(said.read_line(&mut told).unwrap(), 0, "a link is told");
    }
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut line).unwrap();
    let origin = line.trim().trim_end_matches('/').to_owned();
    let address = origin.strip_prefix("http://").unwrap().to_owned();
    let path = told.split(&origin).nth(1).unwrap();
    let path = path.split(' ').next().unwrap().to_owned();
    let running = Running { child, address };
    let page = running.get_text(&path);
    assert!(page.contains("<dd>admin</dd>"), "{page}");
    running.stop();
    let mut rest = String::new();
    out.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "", "the address is the last line");
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn import(data_dir: &Path, arguments: &[&str]) -> Output {
    jangkau(data_dir)
        .arg("import")
        .args(arguments)
        .arg("--json")
        .output()
        .unwrap()
}

#[test]
fn from_nothing_to_answers_that_lose_nobody() {
    let folder = scratch_folder();
    let running = Running::start(folder.path());
    let access = running.get("/access");
    let people = &access["people"];
    let states = [
        "within",
        "beyond_cutoff",
        "no_path",
        "unsnapped",
        "no_input",
    ];
    let by_state: f64 = states.iter().map(|state| number(&people[state])).sum();
    assert!((by_state - number(&people["total"])).abs() < HALF_A_THOUSANDTH);
    let villages = running.get("/collections/access/items?limit=1000");
    let features = villages["features"].as_array().unwrap();
    assert_eq!(features.len(), 158);
    let mut in_villages = 0.0;
    for feature in features {
        let of = &feature["properties"];
        let sum: f64 = states
            .iter()
            .map(|state| number(&of[format!("people_{state}")]))
            .sum();
        assert!(
            (sum - number(&of["population"])).abs() < HALF_A_THOUSANDTH,
            "{of}"
        );
        in_villages += sum;
    }
    assert!((in_villages - by_state).abs() < HALF_A_THOUSANDTH * 158.0);
    assert!(access["notice"].as_str().unwrap().contains("SAMPLE DATA"));
    a_page_is_light(&running);
    a_route_is_the_value_it_proves(&running, &access);
    an_export_is_the_answer_over_http(&running, folder.path());
    an_exported_map_is_the_one_over_http(&running, folder.path());
    an_export_that_cannot_be_leaves_no_file(folder.path());
    a_refused_file_changes_nothing(folder.path());
    running.stop();
}

fn export_access(data_dir: &Path, arguments: &[&str]) -> Output {
    export(data_dir, &[&["access"], arguments].concat())
}

fn export(data_dir: &Path, arguments: &[&str]) -> Output {
    jangkau(data_dir)
        .arg("export")
        .args(arguments)
        .output()
        .unwrap()
}

fn an_export_is_the_answer_over_http(running: &Running, data_dir: &Path) {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    let written = |name: &str, arguments: &[&str]| {
        let path = file(name);
        let out = ["--out", path.to_str().unwrap(), "--json"];
        let output = export_access(data_dir, &[&out[..], arguments].concat());
        assert_eq!(output.status.code(), Some(0), "{name}: {output:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("SAMPLE DATA"));
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let marked = file(&format!("CONTOH-{name}"));
        assert_eq!(report["file"], marked.to_str().unwrap());
        assert!(!path.exists());
        (report, fs::read(marked).unwrap())
    };
    let choice = ["--service", "school", "--classes", "quantile", "--n", "4"];
    let (report, json) = written("a.json", &choice);
    assert_eq!(report["rows"], 158);
    let over_http = running.get("/access?service=school&classes=quantile&n=4&lang=id");
    assert_eq!(serde_json::from_slice::<Value>(&json).unwrap(), over_http);
    let (_, geojson) = written("a.geojson", &["--sort", "people_beyond", "--top", "3"]);
    assert_eq!(
        serde_json::from_slice::<Value>(&geojson).unwrap(),
        running.get("/access?sort=people_beyond&top=3&f=geojson&lang=id")
    );
    let (_, csv) = written("a.csv", &["--top", "7"]);
    assert_eq!(String::from_utf8(csv).unwrap().lines().count(), 1 + 7);
    let (_, workbook) = written("a.xlsx", &["--by", "kecamatan", "--lang", "en"]);
    assert!(workbook.starts_with(b"PK"));
}

fn an_exported_map_is_the_one_over_http(running: &Running, data_dir: &Path) {
    let folder = scratch_folder();
    let svg = folder.path().join("peta.svg");
    let output = export(
        data_dir,
        &[
            "map",
            "--width",
            "800",
            "--lang",
            "en",
            "--out",
            svg.to_str().unwrap(),
        ],
    );
    assert!(output.status.success(), "{output:?}");
    let written = fs::read_to_string(folder.path().join("CONTOH-peta.svg")).unwrap();
    assert_eq!(written, running.get_text("/map.svg?width=800&lang=en"));
    let png = folder.path().join("peta.png");
    let output = export(
        data_dir,
        &["map", "--width", "399", "--out", png.to_str().unwrap()],
    );
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}

fn an_export_that_cannot_be_leaves_no_file(data_dir: &Path) {
    let folder = tempfile::tempdir().unwrap();
    for (name, arguments, code) in [
        ("a.txt", &[][..], 2),
        ("a.csv", &["--tier", "sd"], 2),
        ("a.csv", &["--n", "8"], 2),
        ("a.geojson", &["--by", "kecamatan"], 2),
        ("a.csv", &["--mode", "car"], 5),
        ("a.csv", &["--kecamatan", "15.03.01"], 5),
    ] {
        let path = folder.path().join(name);
        let out = ["--out", path.to_str().unwrap()];
        let output = export_access(data_dir, &[&out[..], arguments].concat());
        assert_eq!(
            output.status.code(),
            Some(code),
            "{arguments:?}: {output:?}"
        );
        assert!(!output.stderr.is_empty());
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// The legs of the paths add up to the times of the village's nearest and second facility, to the millisecond.
/// The first useful screen on a weak link: the page with its map of all villages.
fn a_page_is_light(running: &Running) {
    const MAX_BYTES: usize = 120_000;
    for path in ["/?f=html&lang=id", "/?f=html&lang=en", "/embed"] {
        let page = running.get_text(path);
        assert_eq!(page.matches("<path data-code=").count(), 158, "{path}");
        assert!(page.len() <= MAX_BYTES, "{path} has {} bytes", page.len());
    }
}

fn a_route_is_the_value_it_proves(running: &Running, access: &Value) {
    let rows = access["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["state"] == "within").unwrap();
    let code = row["code"].as_str().unwrap();
    let village = running.get(&format!("/villages/{code}"));
    let of_indicator = village["access"]
        .as_array()
        .unwrap()
        .iter()
        .find(|each| {
            ["service", "mode", "season", "metric"]
                .iter()
                .all(|word| each[word] == access["rule"][word])
        })
        .unwrap();
    assert_eq!(of_indicator["nearest"]["time_s"], row["value"]);
    for end in ["nearest", "second"] {
        let route = running.get(&format!("/villages/{code}/route?to={end}"));
        let legs = route["features"].as_array().unwrap();
        let total: f64 = legs
            .iter()
            .map(|leg| number(&leg["properties"]["time_s"]))
            .sum();
        let expected = &of_indicator[end];
        assert!(
            (total - number(&expected["time_s"])).abs() < HALF_A_THOUSANDTH,
            "{end}: {route}"
        );
        assert_eq!(route["facility"]["id"], expected["facility_id"], "{end}");
    }
}

fn a_refused_file_changes_nothing(data_dir: &Path) {
    let versions = || {
        jangkau(data_dir)
            .args(["versions", "--json"])
            .output()
            .unwrap()
            .stdout
    };
    let before = versions();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/ingest");
    for (layer, file, code) in [
        ("roads", "roads-cut-off.shp", "file.unreadable"),
        ("clinics", "clinics-empty-layer.geojson", "layer.empty"),
        ("roads", "roads-as-points.geojson", "geometry.type"),
        ("clinics", "clinics-duplicate-keys.csv", "key.duplicate"),
    ] {
        let output = import(data_dir, &[layer, fixtures.join(file).to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(3), "{file}");
        let report = report(&output);
        let codes = codes(&report);
        assert!(codes.contains(&code), "{file}: {codes:?}");
        assert_eq!(versions(), before, "{file}");
    }
}

#[test]
fn a_killed_import_leaves_the_old_version_whole() {
    let folder = scratch_folder();
    let file = |name: &str, n_rows: u32| {
        let path = folder.path().join(name);
        let mut text = "id,lon,lat,population\n".to_owned();
        for row in 0..n_rows {
            writeln!(text, "S-{row},102.{:06},-2.3,5", row % 1_000_000).unwrap();
        }
        fs::write(&path, text).unwrap();
        path
    };
    let data_dir = folder.path().join("data");
    let versions = || {
        jangkau(&data_dir)
            .args(["versions", "--json"])
            .output()
            .unwrap()
            .stdout
    };
    let small = file("small.csv", 10);
    assert!(
        import(&data_dir, &["settlements", small.to_str().unwrap()])
            .status
            .success()
    );
    let before = versions();
    let large = file("large.csv", 300_000);
    let mut child = jangkau(&data_dir)
        .args(["import", "settlements", large.to_str().unwrap()])
        .env("RUST_LOG", "info")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut reading = String::new();
    BufReader::new(child.stderr.take().unwrap())
        .read_line(&mut reading)
        .unwrap();
    assert!(reading.contains("reading"), "{reading}");
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(versions(), before);
    assert!(
        import(&data_dir, &["settlements", small.to_str().unwrap()])
            .status
            .success()
    );
    assert_eq!(versions(), before, "the same content makes no new version");
}

fn report(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

fn codes(report: &Value) -> Vec<&str> {
    let rows = report["rows"].as_array().unwrap();
    rows.iter()
        .map(|row| row["code"].as_str().unwrap())
        .collect()
}

#[test]
fn excluding_rejected_records_keeps_the_rest_and_neither_of_two_with_one_key() {
    let folder = scratch_folder();
    let data_dir = folder.path().join("data");
    let file = folder.path().join("settlements.csv");
    let rows = "id,lon,lat\nA,102.1,-2.1\nB,102.2,-2.2\nA,102.3,-2.3\nC,102.4,-2.4\n";
    fs::write(&file, rows).unwrap();
    let file = file.to_str().unwrap();
    let refused = import(&data_dir, &["settlements", file]);
    assert_eq!(refused.status.code(), Some(3));
    let kept = import(&data_dir, &["settlements", file, "--exclude-rejected"]);
    assert_eq!(kept.status.code(), Some(0));
    let kept = report(&kept);
    assert_eq!(kept["new"], 2, "B and C: {kept}");
    assert_eq!(kept["rejected"], 2, "both called A: {kept}");
}

#[test]
fn data_far_from_the_district_are_refused() {
    let folder = scratch_folder();
    let data_dir = folder.path().join("data");
    let villages = folder.path().join("villages.geojson");
    let ring = "[[102,-2],[103,-2],[103,-1],[102,-1],[102,-2]]";
    let village = format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"kode":"99.01.01.2001","nama":"A"}},"geometry":{{"type":"Polygon","coordinates":[{ring}]}}}}]}}"#
    );
    fs::write(&villages, village).unwrap();
    assert!(
        import(&data_dir, &["villages", villages.to_str().unwrap()])
            .status
            .success()
    );
    let far = folder.path().join("far.csv");
    fs::write(&far, "id,lon,lat,population\nA,120.1,-8.1,5\n").unwrap();
    let refused = import(&data_dir, &["settlements", far.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(3));
    assert_eq!(codes(&report(&refused)), ["crs.implausible"]);
}

/// The hamlet walks to its well while there is water in it, and in the other season along the road to the spring.
#[test]
fn a_well_that_falls_dry_counts_in_its_season_only() {
    let folder = scratch_folder();
    let data_dir = folder.path().join("data");
    let collection = |properties: &str, kind: &str, coordinates: &str| {
        format!(
            r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{properties},"geometry":{{"type":"{kind}","coordinates":{coordinates}}}}}]}}"#
        )
    };
    let area = "[[[102,-2],[102.2,-2],[102.2,-1.8],[102,-1.8],[102,-2]]]";
    let village = r#"{"kode":"99.01.01.2001","nama":"A","population":40}"#;
    let road = r#"{"id":"R","class":"tertiary"}"#;
    let files = [
        ("villages.geojson", collection(village, "Polygon", area)),
        (
            "roads.geojson",
            collection(road, "LineString", "[[102.05,-1.9],[102.15,-1.9]]"),
        ),
        (
            "settlements.csv",
            "id,lon,lat,population\nS,102.05,-1.9,40\n".to_owned(),
        ),
        (
            "water-points.csv",
            "id,lon,lat,status,improved,season\nwell,102.06,-1.9,functioning,yes,wet\n\
             spring,102.15,-1.9,functioning,yes,all\n"
                .to_owned(),
        ),
    ];
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        let (layer, _) = name.split_once('.').unwrap();
        let done = import(&data_dir, &[layer, path.to_str().unwrap()]);
        assert!(done.status.success(), "{name}: {done:?}");
    }
    let computed = jangkau(&data_dir).arg("compute").output().unwrap();
    assert!(computed.status.success(), "{computed:?}");
    let answer = |season: &str| -> Value {
        let out = folder.path().join(format!("{season}.json"));
        let choice = ["--service", "water", "--season", season, "--out"];
        let done = export_access(&data_dir, &[&choice[..], &[out.to_str().unwrap()]].concat());
        assert!(done.status.success(), "{season}: {done:?}");
        serde_json::from_slice(&fs::read(out).unwrap()).unwrap()
    };
    let (wet, dry) = (answer("wet"), answer("dry"));
    let minutes = |answer: &Value| number(&answer["rows"][0]["value"]) / 60.0;
    // 1.1 and 11.1 km on foot.
    assert!((10.0..20.0).contains(&minutes(&wet)), "{wet}");
    assert!((100.0..200.0).contains(&minutes(&dry)), "{dry}");
    assert_ne!(wet["rule"]["run_id"], dry["rule"]["run_id"]);
}

/// The official number of a table goes before that of the villages' layer, with another run; a rollback brings the old
/// run back.
#[test]
fn a_table_of_people_decides_until_it_is_rolled_back() {
    let folder = scratch_folder();
    let data_dir = folder.path().join("data");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let villages = write(
        "desa.geojson",
        r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"kode":"99.01.01.2001","nama":"A","population":40},
        "geometry":{"type":"Polygon","coordinates":[[[102,-2],[102.2,-2],[102.2,-1.8],[102,-1.8],[102,-2]]]}}]}"#,
    );
    let roads = write(
        "jalan.geojson",
        r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"class":"tertiary"},
        "geometry":{"type":"LineString","coordinates":[[102.05,-1.9],[102.15,-1.9]]}}]}"#,
    );
    let people =
        |count: &str| format!("KODE_DESA;JUMLAH_PENDUDUK;periode\n99.01.01.2001;{count};2025\n");
    let first = write("penduduk-1.csv", &people("1.250"));
    let second = write("penduduk-2.csv", &people("1.300"));
    let population = || -> f64 {
        let computed = jangkau(&data_dir).arg("compute").output().unwrap();
        assert!(computed.status.success(), "{computed:?}");
        let out = folder.path().join("hasil.json");
        let done = export_access(&data_dir, &["--out", out.to_str().unwrap()]);
        assert!(done.status.success(), "{done:?}");
        let answer: Value = serde_json::from_slice(&fs::read(out).unwrap()).unwrap();
        number(&answer["rows"][0]["people"])
    };
    for (layer, file) in [("villages", &villages), ("roads", &roads)] {
        let done = import(&data_dir, &[layer, file]);
        assert!(done.status.success(), "{done:?}");
    }
    assert!((population() - 40.0).abs() < HALF_A_THOUSANDTH);
    for (file, count) in [(&first, 1250.0), (&second, 1300.0)] {
        let done = import(&data_dir, &["population", file, "--source", "dukcapil"]);
        assert!(done.status.success(), "{done:?}");
        assert_eq!(report(&done)["crs"], "none needed: a table without places");
        assert!((population() - count).abs() < HALF_A_THOUSANDTH);
    }
    let back = jangkau(&data_dir)
        .args(["rollback", "population"])
        .output()
        .unwrap();
    assert!(back.status.success(), "{back:?}");
    assert!((population() - 1250.0).abs() < HALF_A_THOUSANDTH);
}

#[test]
fn a_context_layer_is_named_on_purpose_and_becomes_a_collection() {
    let folder = scratch_folder();
    let data_dir = folder.path().join("data");
    let file = folder.path().join("hutan.geojson");
    fs::write(
        &file,
        r#"{"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"nama":"Rimba","jenis":"lindung","luas":5},
         "geometry":{"type":"Polygon","coordinates":[[[102,-2],[102.2,-2],[102.2,-1.8],[102,-2]]]}},
        {"type":"Feature","properties":{"nama":"Pos","jenis":"jaga"},"geometry":{"type":"Point","coordinates":[102.1,-1.9]}}]}"#,
    )
    .unwrap();
    let file = file.to_str().unwrap();
    let refused = import(&data_dir, &["hutan-lindung", file]);
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    assert!(String::from_utf8_lossy(&refused.stderr).contains("--context"));
    let done = import(
        &data_dir,
        &[
            "hutan-lindung",
            file,
            "--context",
            "--release-columns",
            "luas",
        ],
    );
    assert!(done.status.success(), "{done:?}");
    let running = Running::start(&data_dir);
    let items = running.get("/collections/hutan-lindung/items");
    assert_eq!(items["numberMatched"], 2, "{items}");
    let tiles = running.get("/tiles/hutan-lindung");
    assert_eq!(tiles["vector_layers"][0]["id"], "hutan-lindung");
    let area = items["features"]
        .as_array()
        .unwrap()
        .iter()
        .find(|feature| feature["properties"]["name"] == "Rimba")
        .unwrap();
    assert_eq!(area["properties"]["kind"], "lindung");
    assert!(
        (number(&area["properties"]["luas"]) - 5.0).abs() < 1e-9,
        "{area}"
    );
}

/// What is refused comes back as a file to mend, with its values, its place and the reason; columns are mapped as last time.
#[test]
fn refused_rows_come_back_with_their_reasons_and_a_mapping_is_remembered() {
    let folder = scratch_folder();
    let data_dir = folder.path().join("data");
    let file = folder.path().join("puskesmas.csv");
    fs::write(
        &file,
        "KODE_X;TIPE_X;catatan;lon;lat\nP1;puskesmas;baik;102.5;-2.3\nP1;pustu;ganda;102.6;-2.4\nP3;pustu;;;\n",
    )
    .unwrap();
    let file = file.to_str().unwrap();
    let out = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (rejected, rows) = (out("ditolak.gpkg"), out("laporan.csv"));
    let refused = import(
        &data_dir,
        &[
            "clinics",
            file,
            "--source",
            "dinkes",
            "--map",
            "id=KODE_X",
            "--map",
            "tier=TIPE_X",
            "--map",
            "status='functioning'",
            "--rejected",
            &rejected,
            "--report",
            &rows,
        ],
    );
    assert_eq!(refused.status.code(), Some(3), "{refused:?}");
    let table = fs::read_to_string(&rows).unwrap();
    assert!(
        table.starts_with("code,severity,file,row,column,value,cause,mend\n"),
        "{table}"
    );
    assert_eq!(
        table.matches("key.duplicate,ERROR,puskesmas.csv").count(),
        2,
        "{table}"
    );
    assert_eq!(
        table
            .matches("geometry.missing,ERROR,puskesmas.csv,3")
            .count(),
        1,
        "{table}"
    );
    let read_back = import(
        &data_dir,
        &[
            "context-of-refused",
            &rejected,
            "--context",
            "--dry-run",
            "--exclude-rejected",
            "--release-columns",
            "all",
        ],
    );
    let report_back = report(&read_back);
    // Two have a place, the third had none to begin with.
    assert_eq!(report_back["new"], 2, "{report_back}");
    assert_eq!(codes(&report_back), ["geometry.missing"]);
    fs::write(file, "KODE_X;TIPE_X;lon;lat\nP1;puskesmas;102.5;-2.3\n").unwrap();
    let named = [
        "clinics",
        file,
        "--source",
        "dinkes",
        "--map",
        "id=KODE_X",
        "--map",
        "tier=TIPE_X",
        "--map",
        "status='functioning'",
    ];
    assert!(import(&data_dir, &named).status.success());
    let again = report(&import(&data_dir, &["clinics", file, "--source", "dinkes"]));
    assert_eq!(again["unchanged"], 1, "{again}");
    assert!(codes(&again).contains(&"columns.profile"), "{again}");
}

#[test]
fn refused_rows_of_two_files_keep_their_own_columns() {
    let folder = scratch_folder();
    let data_dir = folder.path().join("data");
    let written = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let first = written(
        "a.csv",
        "id;catatan;lon;lat\nP1;satu;102.5;-2.3\nP1;dua;102.6;-2.4\n",
    );
    let second = written(
        "b.csv",
        "lat;lon;petugas;Catatan;id\n-2.5;102.7;dinas;tiga;P1\n",
    );
    let rejected = folder.path().join("ditolak.gpkg");
    let arguments = [
        "clinics",
        &first,
        &second,
        "--rejected",
        rejected.to_str().unwrap(),
    ];
    assert_eq!(import(&data_dir, &arguments).status.code(), Some(3));
    let file = Dataset::open(&rejected).unwrap();
    let mut layer = file.layer(0).unwrap();
    let names: Vec<String> = layer.defn().fields().map(|field| field.name()).collect();
    assert_eq!(
        names[5..],
        ["id", "catatan", "lon", "lat", "petugas"],
        "{names:?}"
    );
    let rows: Vec<Vec<Option<String>>> = layer
        .features()
        .map(|row| {
            let text = |field| row.field_as_string(field).unwrap();
            (5..names.len()).map(text).collect()
        })
        .collect();
    let texts = |cells: [&str; 4]| cells.map(|cell| Some(cell.to_owned()));
    assert_eq!(rows[0][..4], texts(["P1", "satu", "102.5", "-2.3"]));
    assert_eq!(rows[1][..4], texts(["P1", "dua", "102.6", "-2.4"]));
    assert_eq!(rows[2][..4], texts(["P1", "tiga", "102.7", "-2.5"]));
    let officers: Vec<Option<&str>> = rows.iter().map(|row| row[4].as_deref()).collect();
    assert_eq!(officers, [None, None, Some("dinas")]);
}

/// A template that was filled in is imported as it is, guide and all.
#[test]
fn a_filled_template_needs_no_mapping() {
    let folder = scratch_folder();
    let data_dir = folder.path().join("data");
    for layer in [
        "villages",
        "roads",
        "clinics",
        "barriers",
        "population",
        "declared-values",
    ] {
        let blank = folder.path().join(format!("{layer}.gpkg"));
        let blank = blank.to_str().unwrap();
        let written = jangkau(&data_dir)
            .args(["template", layer, "--out", blank])
            .output()
            .unwrap();
        assert!(written.status.success(), "{written:?}");
        let empty = import(&data_dir, &[layer, blank]);
        assert_eq!(codes(&report(&empty)), ["layer.empty"], "{layer}");
        assert_eq!(empty.status.code(), Some(3));
    }
    let lines = jangkau(&data_dir)
        .args([
            "template",
            "roads",
            "--out",
            folder.path().join("r.xlsx").to_str().unwrap(),
        ])
        .output()
        .unwrap();
    assert_eq!(
        lines.status.code(),
        Some(2),
        "a line has no room in a sheet"
    );
    let csv = folder.path().join("isian.csv");
    let headings =
        "Kode desa (code);Jumlah penduduk (population);Usia SD (age_sd);Balita (under_five)";
    fs::write(&csv, format!("{headings}\n15.03.01.2001;1250;140;\n")).unwrap();
    let filled = import(&data_dir, &["population", csv.to_str().unwrap()]);
    assert!(filled.status.success(), "{filled:?}");
}

/// A file of three districts: the district's villages stay, those within reach are neighbours, the rest is left out;
/// what comes later is measured from the district.
#[test]
fn a_clipped_file_keeps_the_district_and_its_neighbours() {
    let folder = scratch_folder();
    let data_dir = folder.path().join("data");
    let village = |code: &str, west: f64| {
        let east = west + 0.1;
        format!(
            r#"{{"type":"Feature","properties":{{"kode":"{code}","nama":"{code}"}},"geometry":{{"type":"Polygon","coordinates":[[[{west},-2],[{east},-2],[{east},-1.9],[{west},-1.9],[{west},-2]]]}}}}"#
        )
    };
    // The second touches the district, the third is 22 km away, the fourth 111 km.
    let villages = [
        village("99.01.01.2001", 102.0),
        village("99.02.01.2001", 102.1),
        village("99.02.01.2002", 102.3),
        village("99.03.01.2001", 103.1),
    ];
    let file = folder.path().join("desa.geojson");
    let text = format!(
        r#"{{"type":"FeatureCollection","features":[{}]}}"#,
        villages.join(",")
    );
    fs::write(&file, text).unwrap();
    let file = file.to_str().unwrap();
    let unknown = import(&data_dir, &["villages", file, "--clip-km", "30"]);
    assert_eq!(unknown.status.code(), Some(2), "{unknown:?}");
    let clipped = report(&import(
        &data_dir,
        &["villages", file, "--clip-km", "30", "--district", "99.01"],
    ));
    assert_eq!(clipped["new"], 3, "{clipped}");
    let causes: Vec<&str> = clipped["rows"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| row["code"] == "clip.outside")
        .map(|row| row["cause"].as_str().unwrap())
        .collect();
    assert_eq!(
        causes,
        [
            "left out: 1 record more than 30 km from district 99.01",
            "kept as neighbours: 1 record outside district 99.01"
        ]
    );
    let narrow = report(&import(
        &data_dir,
        &["villages", file, "--clip-km", "5", "--confirm", "villages"],
    ));
    assert_eq!(
        (&narrow["missing"], &narrow["unchanged"]),
        (&1.into(), &2.into()),
        "{narrow}"
    );
    let points = folder.path().join("dusun.csv");
    let points_text =
        "id,lon,lat\nin,102.05,-1.95\nnear,102.13,-1.95\nfar,102.6,-1.95\nfarther,150,-1.95\n";
    fs::write(&points, points_text).unwrap();
    let points = points.to_str().unwrap();
    let settlements = report(&import(
        &data_dir,
        &["settlements", points, "--clip-km", "5"],
    ));
    assert_eq!(settlements["new"], 2, "{settlements}");
    fs::write(points, "id,lon,lat\nfar,102.6,-1.95\n").unwrap();
    let nothing = import(&data_dir, &["settlements", points, "--clip-km", "5"]);
    assert_eq!(codes(&report(&nothing))[0], "layer.empty");
    assert_eq!(nothing.status.code(), Some(3));
}

#[test]
fn all_that_an_osm_file_holds_is_imported_in_one_go() {
    let folder = scratch_folder();
    let data_dir = folder.path().join("data");
    let file = folder.path().join("desa.osm");
    fs::write(
        &file,
        "<osm version='0.6'>
         <node id='1' lat='-2.30' lon='102.70'/><node id='2' lat='-2.31' lon='102.71'/>
         <node id='3' lat='-2.30' lon='102.70'><tag k='amenity' v='clinic'/><tag k='name' v='Pustu'/></node>
         <way id='10'><nd ref='1'/><nd ref='2'/><tag k='highway' v='track'/></way></osm>",
    )
    .unwrap();
    let done = import(&data_dir, &["osm", file.to_str().unwrap()]);
    let reports: Vec<Value> = serde_json::from_slice(&done.stdout).unwrap();
    let told: Vec<(&str, u64)> = reports
        .iter()
        .map(|report| {
            (
                report["layer"].as_str().unwrap(),
                report["new"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(told, [("roads", 1), ("clinics", 1)]);
    assert!(done.status.success());
    let csv = folder.path().join("x.csv");
    fs::write(&csv, "id,lon,lat\n1,102.7,-2.3\n").unwrap();
    let refused = import(&data_dir, &["osm", csv.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
}

#[test]
fn a_number_that_two_offices_gave_to_different_places_is_refused_and_loses_nobody() {
    let folder = scratch_folder();
    let data_dir = folder.path().join("data");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    // 0.1 degrees are about 11 km; 0.001 are 111 m.
    let one = write(
        "dinkes.csv",
        "id,name,lon,lat\n1,A,102.7,-2.3\n2,B,102.8,-2.3\n",
    );
    let other = write(
        "kecamatan.csv",
        "id,name,lon,lat\n1,C,102.6,-2.3\n2,B,102.801,-2.3\n",
    );
    assert!(
        import(&data_dir, &["clinics", &one, "--source", "dinkes"])
            .status
            .success()
    );
    let arguments = [
        "clinics",
        &other,
        "--source",
        "kecamatan",
        "--replace",
        "source",
    ];
    let refused = import(&data_dir, &arguments);
    assert_eq!(refused.status.code(), Some(3));
    let refused = report(&refused);
    let rows = refused["rows"].as_array().unwrap();
    let clashing: Vec<&Value> = rows
        .iter()
        .filter(|row| row["code"] == "key.duplicate")
        .collect();
    assert_eq!(clashing.len(), 1, "{rows:#?}");
    assert_eq!(clashing[0]["value"], "1");
    assert!(
        clashing[0]["cause"]
            .as_str()
            .unwrap()
            .contains("11.1 km apart")
    );
    let by_place = import(&data_dir, &[&arguments[..], &["--map", "id="]].concat());
    assert!(by_place.status.success());
    assert_eq!(report(&by_place)["new"], 2);
}

#[test]
fn a_trial_tells_that_much_would_be_removed_and_which_column_feeds_which_field() {
    let folder = scratch_folder();
    let data_dir = folder.path().join("data");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let all = write(
        "semua.csv",
        "id,Nama Fasilitas,lon,lat\n1,A,102.7,-2.3\n2,B,102.8,-2.3\n3,C,102.9,-2.3\n",
    );
    let few = write("sisa.csv", "id,Nama Fasilitas,lon,lat\n1,A,102.7,-2.3\n");
    let first = report(&import(&data_dir, &["clinics", &all]));
    let columns = first["columns"].as_array().unwrap();
    let fed = columns
        .iter()
        .find(|column| column["column"] == "Nama Fasilitas");
    assert_eq!(fed.unwrap()["field"], "name");
    let tried = import(&data_dir, &["clinics", &few, "--dry-run"]);
    assert!(tried.status.success());
    assert!(codes(&report(&tried)).contains(&"record.missing"));
    assert_eq!(import(&data_dir, &["clinics", &few]).status.code(), Some(3));
    let unknown = jangkau(&data_dir)
        .args(["rollback", "clinics", "--to", "999"])
        .output()
        .unwrap();
    assert_eq!(unknown.status.code(), Some(5));
}
