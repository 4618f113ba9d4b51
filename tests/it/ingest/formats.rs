//! Each format that is read, told by its content, with layers as its users know them.

use gdal::spatial_ref::SpatialRef;
use gdal::vector::{Geometry, LayerAccess, LayerOptions, OGRFieldType, OGRwkbGeometryType};
use gdal::{Dataset, DriverManager};

use super::*;

const NO_LIMITS: SimpleFileOptions = SimpleFileOptions::DEFAULT;

/// Writes layers of two roads with `class` and `name` through GDAL.
fn write_roads(driver: &str, path: &Path, layers: &[&str]) {
    let driver = DriverManager::get_driver_by_name(driver).unwrap();
    let mut dataset: Dataset = driver.create_vector_only(path).unwrap();
    let utm = SpatialRef::from_epsg(32748).unwrap();
    for name in layers {
        let layer = dataset
            .create_layer(LayerOptions {
                name,
                srs: Some(&utm),
                ty: OGRwkbGeometryType::wkbLineString,
                options: None,
            })
            .unwrap();
        layer
            .create_defn_fields(&[
                ("class", OGRFieldType::OFTString),
                ("name", OGRFieldType::OFTString),
            ])
            .unwrap();
        let defn = layer.defn();
        let (class, road_name) = (
            defn.field_index("class").unwrap(),
            defn.field_index("name").unwrap(),
        );
        for (east, called) in [(222_000, "Satu"), (223_000, "Dua")] {
            let mut feature = gdal::vector::Feature::new(defn).unwrap();
            let line = format!("LINESTRING ({east} 9723000, {east} 9723500)");
            feature
                .set_geometry(Geometry::from_wkt(&line).unwrap())
                .unwrap();
            feature.set_field_string(class, "desa").unwrap();
            feature.set_field_string(road_name, called).unwrap();
            feature.create(&layer).unwrap();
        }
    }
    dataset.close().unwrap();
}

fn assert_two_roads(request: &ImportRequest) {
    let (records, checked) = import(request);
    assert!(checked.may_be_kept(false), "{:#?}", checked.findings);
    // A FlatGeobuf is sorted by place.
    let mut names: Vec<&str> = records.iter().map(name).collect();
    names.sort_unstable();
    assert_eq!(names, ["Dua", "Satu"]);
    assert!(
        checked.crs.as_ref().unwrap().starts_with("EPSG:32748"),
        "{:?}",
        checked.crs
    );
    let Feature::Road(road) = &records[0].feature else {
        unreachable!("a road was read")
    };
    let start = road.line.0[0].0[0];
    assert!((start.x - 102.5).abs() < 0.02 && (start.y + 2.5).abs() < 0.02);
}

fn zip_of(path: &Path, entries: &[(&str, &[u8])]) {
    let mut zip = ZipWriter::new(File::create(path).unwrap());
    for (name, bytes) in entries {
        zip.start_file(*name, NO_LIMITS).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
}

/// Packs a folder under `within`.
fn zip_folder(path: &Path, folder: &Path, within: &str) {
    let files: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let file = entry.unwrap();
            let name = format!("{within}/{}", file.file_name().to_string_lossy());
            (name, std::fs::read(file.path()).unwrap())
        })
        .collect();
    let entries: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
        .collect();
    zip_of(path, &entries);
}

#[test]
fn a_geopackage_and_a_flatgeobuf_are_read_loose_and_in_an_archive() {
    let scratch = Scratch::new();
    for (driver, name) in [("GPKG", "jalan.gpkg"), ("FlatGeobuf", "jalan.fgb")] {
        let path = scratch.path(name);
        write_roads(driver, &path, &["jalan"]);
        assert_two_roads(&ImportRequest::new(Layer::Roads, vec![path.clone()]));
        let packed = scratch.path(&format!("{name}.zip"));
        let bytes = std::fs::read(&path).unwrap();
        zip_of(&packed, &[(&format!("data/{name}"), &bytes)]);
        assert_two_roads(&ImportRequest::new(Layer::Roads, vec![packed]));
    }
}

#[test]
fn a_file_geodatabase_is_read_as_a_folder_and_in_an_archive() {
    let scratch = Scratch::new();
    let folder = scratch.path("Jalan.gdb");
    write_roads("OpenFileGDB", &folder, &["jalan", "sungai"]);
    let packed = scratch.path("jalan.zip");
    zip_folder(&packed, &folder, "data/Jalan.gdb");
    for path in [folder.clone(), packed] {
        let names: Vec<String> = layers(&path).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["jalan", "sungai"]);
        let mut request = ImportRequest::new(Layer::Roads, vec![path]);
        assert!(
            errors(&import(&request).1)[0]
                .cause
                .contains("jalan, sungai")
        );
        request.from.source_layer = Some("jalan".to_owned());
        assert_two_roads(&request);
    }
    // The hash is of the files in the folder, and changes with them.
    let mut request = ImportRequest::new(Layer::Roads, vec![folder.clone()]);
    request.from.source_layer = Some("jalan".to_owned());
    let before = import(&request).1.file_hash;
    assert_eq!(import(&request).1.file_hash, before);
    scratch.write("Jalan.gdb/notes.txt", "x");
    assert_ne!(import(&request).1.file_hash, before);
}

#[test]
fn a_folder_that_is_no_geodatabase_is_misuse() {
    let scratch = Scratch::new();
    scratch.write("data.gdb/readme.txt", "x");
    let request = ImportRequest::new(Layer::Roads, vec![scratch.path("data.gdb")]);
    assert!(matches!(try_import(&request), Err(IngestError::Request(_))));
}

const GPX: &str = r#"<?xml version="1.0"?><gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">
<wpt lat="-2.5" lon="102.5"><ele>40</ele><name>Sumur A</name></wpt>
<wpt lat="-2.6" lon="102.6"><name>Sumur B</name></wpt>
<rte><name>Rute</name><rtept lat="-2.5" lon="102.5"/><rtept lat="-2.5" lon="102.6"/></rte>
<trk><name>Jalan kebun</name><trkseg><trkpt lat="-2.5" lon="102.5"><ele>40</ele></trkpt><trkpt lat="-2.51" lon="102.51"/></trkseg><trkseg><trkpt lat="-2.6" lon="102.5"/><trkpt lat="-2.61" lon="102.51"/></trkseg></trk>
</gpx>"#;

#[test]
fn waypoints_routes_and_tracks_are_layers() {
    let scratch = Scratch::new();
    let path = scratch.write("survei.gpx", GPX);
    let found: Vec<(String, Option<u64>)> = [("waypoints", 2), ("routes", 1), ("tracks", 1)]
        .map(|(name, count)| (name.to_owned(), Some(count)))
        .into();
    assert_eq!(layers(&path), found);
    let mut request = ImportRequest::new(Layer::WaterPoints, vec![path]);
    request.from.source_layer = Some("waypoints".to_owned());
    let (records, checked) = import(&request);
    assert_eq!(
        records.iter().map(name).collect::<Vec<_>>(),
        ["Sumur A", "Sumur B"]
    );
    assert_eq!(
        records.iter().map(place).collect::<Vec<_>>(),
        [(102.5, -2.5), (102.6, -2.6)]
    );
    assert!(checked.crs.unwrap().contains("standard of GPX"));
    request.layer = Layer::Roads;
    request.from.source_layer = Some("tracks".to_owned());
    request.mapping = vec!["class='setapak'".parse().unwrap()];
    let records = accepted(&request);
    let Feature::Road(road) = &records[0].feature else {
        unreachable!("a road was read")
    };
    assert_eq!((name(&records[0]), road.line.0.len()), ("Jalan kebun", 2));
}

#[test]
fn a_gpx_of_waypoints_only_has_one_layer() {
    let text = GPX.split("<rte>").next().unwrap().to_owned() + "</gpx>";
    let (records, _) = import_text(Layer::WaterPoints, "titik.gpx", text);
    assert_eq!(records.len(), 2);
}

#[test]
fn a_gpx_with_entities_is_refused_row_27() {
    let text = format!("<!DOCTYPE gpx [<!ENTITY a 'b'>]>{GPX}");
    let (_, checked) = import_text(Layer::WaterPoints, "titik.gpx", text);
    assert_eq!(codes(&checked), [FindingCode::FileUnsupported]);
}

#[test]
fn many_waypoints_are_streamed_row_28() {
    use std::fmt::Write as _;
    const N_POINTS: usize = 200_000;
    let scratch = Scratch::new();
    let mut text = String::from(
        r#"<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">"#,
    );
    for number in 0..N_POINTS {
        write!(text, r#"<wpt lat="-2.5" lon="102.5"><name>Titik yang bernama panjang sekali {number}</name></wpt>"#).unwrap();
    }
    text.push_str("</gpx>");
    let path = scratch.write("titik.gpx", text);
    let mut n_read = 0;
    let read = read_features(
        &FilesToRead {
            files: vec![path],
            ..FilesToRead::default()
        },
        &with_memory(N_BYTES_OF_A_SMALL_CHILD),
        &mut |_, _| {
            n_read += 1;
            ControlFlow::Continue(())
        },
        &AtomicBool::new(false),
    )
    .unwrap();
    assert!(!read.has_errors(), "{:#?}", read.findings);
    assert_eq!(n_read, N_POINTS);
}

fn feature(name: &str, lon: f64) -> String {
    format!(
        r#"{{"type":"Feature","properties":{{"nama":"{name}"}},"geometry":{{"type":"Point","coordinates":[{lon},-2.5]}}}}"#
    )
}

#[test]
fn a_sequence_is_read_whatever_parts_its_records() {
    let (a, b) = (feature("A", 102.5), feature("B", 102.6));
    let pretty = a.replace(',', ",\n");
    for (file, text) in [
        ("a.geojsonl", format!("{a}\n{b}\n")),
        ("a.geojson", format!("\u{feff}{a}\n{b}")),
        ("a.geojsons", format!("\x1e{a}\n\x1e{b}\n")),
        ("a.geojsons", format!("\x1e{pretty}\n\x1e{b}\n")),
        ("a.ndjson", format!("{a}\r\n\r\n{b}\r\n")),
    ] {
        let (records, checked) = import_text(Layer::Clinics, file, text.clone());
        assert_eq!(
            records.iter().map(name).collect::<Vec<_>>(),
            ["A", "B"],
            "{text} {:#?}",
            checked.findings
        );
    }
    // One feature alone is an ordinary GeoJSON.
    assert_eq!(import_text(Layer::Clinics, "a.geojsonl", a).0.len(), 1);
}

#[test]
fn a_sequence_that_breaks_off_or_goes_too_deep_is_located_row_29() {
    let a = feature("A", 102.5);
    let (_, checked) = import_text(
        Layer::Clinics,
        "a.geojsonl",
        format!("{a}\n{a}\n{}", &a[..50]),
    );
    let cut = only(&checked, FindingCode::FileUnreadable);
    assert!(
        cut.cause.contains("record 3") && cut.cause.contains("line 3 column 50"),
        "{}",
        cut.cause
    );
    let deep = format!(
        "{a}\n{{\"type\":\"Feature\",\"x\":{}{}}}\n",
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    let (_, checked) = import_text(Layer::Clinics, "a.geojsonl", deep);
    assert_eq!(codes(&checked), [FindingCode::ParseLimit]);
    let (_, checked) = import_text(
        Layer::Clinics,
        "a.geojsonl",
        format!("{a}\n{{\"type\":\"Topology\"}}\n"),
    );
    assert!(checked.findings[0].cause.contains("record 2"));
}

const DXF: &str = "  0\nSECTION\n  2\nENTITIES\n\
    0\nLINE\n8\nJALAN_DESA\n10\n222000.0\n20\n9723000.0\n11\n222100.0\n21\n9723000.0\n\
    0\nPOINT\n8\nSUMUR\n10\n222000.0\n20\n9723000.0\n0\nENDSEC\n0\nEOF\n";

#[test]
fn a_drawing_needs_a_system_and_gives_its_layers_as_a_column() {
    let scratch = Scratch::new();
    let path = scratch.write("peta.dxf", DXF);
    let mut request = ImportRequest::new(Layer::Roads, vec![path]);
    request.mapping = vec!["class=Layer".parse().unwrap()];
    let (_, checked) = import(&request);
    let asked = only(&checked, FindingCode::CrsMissing);
    assert!(asked.mend.contains("EPSG:32748"), "{}", asked.mend);
    request.from.crs = Some("EPSG:32748".to_owned());
    let (records, checked) = import(&request);
    assert_eq!(records.len(), 1);
    // The point is no road.
    assert_eq!(only(&checked, FindingCode::GeometryType).field, None);
    assert_eq!(checked.n_rejected, 1);
    request.layer = Layer::WaterPoints;
    request.mapping = Vec::new();
    request.from.filter = Some("Layer = 'SUMUR'".to_owned());
    let records = accepted(&request);
    assert_eq!(records[0].extra["Layer"], "SUMUR");
}

#[test]
fn pictures_and_notes_in_an_archive_are_left_out_and_listed_row_8() {
    let scratch = Scratch::new();
    let path = scratch.path("peta.kmz");
    let kml = format!(
        "<kml xmlns='http://www.opengis.net/kml/2.2'><Document>{}</Document></kml>",
        placemark("Pustu", "102.5,-2.5,40")
    );
    zip_of(
        &path,
        &[
            ("doc.kml", kml.as_bytes()),
            ("images/foto.png", b"\x89PNG\r\n\x1a\n"),
            ("readme.md", b"words"),
        ],
    );
    let (records, checked) = import(&ImportRequest::new(Layer::Clinics, vec![path]));
    assert_eq!(records.iter().map(name).collect::<Vec<_>>(), ["Pustu"]);
    let left_out: Vec<Option<&str>> = checked
        .findings
        .iter()
        .filter(|finding| finding.code == FindingCode::FileUnsupported)
        .map(|finding| finding.value.as_deref())
        .collect();
    assert_eq!(left_out, [Some("foto.png"), Some("readme.md")]);
}

fn placemark(name: &str, coordinates: &str) -> String {
    format!(
        "<Placemark><name>{name}</name><Point><coordinates>{coordinates}</coordinates></Point></Placemark>"
    )
}

fn kml(content: &str) -> String {
    format!(
        "<?xml version='1.0' encoding='UTF-8'?><kml xmlns='http://www.opengis.net/kml/2.2'><Document>{content}</Document></kml>"
    )
}

#[test]
fn folders_of_google_earth_are_layers() {
    let scratch = Scratch::new();
    let content = format!(
        "<Folder><name>Puskesmas</name>{}</Folder><Folder><name>Sekolah</name>{}{}</Folder>",
        placemark("P", "102.5,-2.5,0"),
        placemark("S1", "102.6,-2.5"),
        placemark("S2", "102.7,-2.5")
    );
    let path = scratch.write("peta.kml", kml(&content));
    assert_eq!(
        layers(&path),
        [
            ("Puskesmas".to_owned(), Some(1)),
            ("Sekolah".to_owned(), Some(2))
        ]
    );
    let mut request = ImportRequest::new(Layer::Schools, vec![path]);
    request.from.source_layer = Some("sekolah".to_owned());
    let (records, checked) = import(&request);
    assert_eq!(records.iter().map(name).collect::<Vec<_>>(), ["S1", "S2"]);
    assert!(checked.may_be_kept(false));
}

#[test]
fn descriptions_are_kept_as_text_and_altitudes_left_out_row_30() {
    let content = "<Placemark><name>A</name><description><![CDATA[<html><table><tr><td>Kepala</td><td>dr. &amp; co</td></tr></table><img src=x onerror=\"alert(1)\"><script>alert(2)</script></html>]]></description><Point><coordinates>102.5,-2.5,812.5</coordinates></Point></Placemark>";
    let (records, checked) = import_text(Layer::Clinics, "peta.kml", kml(content));
    assert_eq!(records[0].extra["description"], "Kepala dr. & co");
    assert_eq!(place(&records[0]), (102.5, -2.5));
    assert!(
        only(&checked, FindingCode::GeometryType)
            .cause
            .contains("heights")
    );
    let told = only(&checked, FindingCode::FileUnsupported);
    assert_eq!(
        (told.severity, told.field.as_deref()),
        (Severity::Info, Some("description"))
    );
}

#[test]
fn links_of_google_earth_are_never_followed_and_told_row_27() {
    use std::net::TcpListener;
    let sensor = TcpListener::bind("127.0.0.1:0").unwrap();
    sensor.set_nonblocking(true).unwrap();
    let address = sensor.local_addr().unwrap();
    let content = format!(
        "<NetworkLink><Link><href>http://{address}/a.kml</href></Link></NetworkLink><Style id='s'><IconStyle><Icon><href>http://{address}/i.png</href></Icon></IconStyle></Style>\
         <GroundOverlay><Icon><href>http://{address}/o.png</href></Icon><LatLonBox><north>0</north><south>-1</south><east>103</east><west>102</west></LatLonBox></GroundOverlay>\
         <Placemark><name>A</name><styleUrl>http://{address}/s.kml#s</styleUrl><Point><coordinates>102.5,-2.5</coordinates></Point></Placemark>"
    );
    let (records, checked) = import_text(Layer::Clinics, "peta.kml", kml(&content));
    assert_eq!(records.len(), 1);
    let told = only(&checked, FindingCode::FileUnsupported);
    assert_eq!(told.severity, Severity::Warning);
    assert!(told.cause.starts_with("1 links"), "{}", told.cause);
    // Nobody knocked.
    assert!(sensor.accept().is_err());
}

#[test]
fn of_mixed_kinds_those_of_the_layer_are_read_and_the_others_told() {
    let content = format!(
        "{}<Placemark><name>Batas</name><Polygon><outerBoundaryIs><LinearRing><coordinates>102,-2 102.1,-2 102.1,-2.1 102,-2</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>\
         <Placemark><name>Jalan</name><LineString><coordinates>102,-2 102.1,-2</coordinates></LineString></Placemark>\
         <Placemark><name>Dua</name><MultiGeometry><Point><coordinates>102,-2</coordinates></Point><LineString><coordinates>102,-2 102.1,-2</coordinates></LineString></MultiGeometry></Placemark>",
        placemark("Titik", "102.5,-2.5")
    );
    let scratch = Scratch::new();
    let path = scratch.write("peta.kml", kml(&content));
    let rejected = |layer: Layer, mapping: &[&str]| {
        let mut request = ImportRequest::new(layer, vec![path.clone()]);
        request.mapping = mapping.iter().map(|each| each.parse().unwrap()).collect();
        let (records, checked) = import(&request);
        let fids: Vec<i64> = errors(&checked)
            .iter()
            .map(|finding| {
                assert_eq!(finding.code, FindingCode::GeometryType);
                finding.fid.unwrap()
            })
            .collect();
        assert!(checked.may_be_kept(true));
        (records.len(), fids)
    };
    // An area stands for a point on it.
    assert_eq!(rejected(Layer::Clinics, &[]), (2, vec![3, 4]));
    assert_eq!(
        rejected(Layer::Roads, &["class='desa'"]),
        (1, vec![1, 2, 4])
    );
}

#[test]
fn ten_thousand_folders_are_too_deep_row_27() {
    let deep = "<Folder>".repeat(10_000) + &"</Folder>".repeat(10_000);
    let (_, checked) = import_text(Layer::Clinics, "peta.kml", kml(&deep));
    assert_eq!(codes(&checked), [FindingCode::ParseLimit]);
}

#[test]
fn what_is_not_read_says_how_to_convert_it_row_6() {
    for (file, head, way) in [
        ("peta.rar", &b"Rar!\x1a\x07\x01\0"[..], "ZIP"),
        ("peta.7z", b"7z\xbc\xaf\x27\x1c", "ZIP"),
        ("peta.dwg", b"AC1027\0\0", "DXF"),
        ("peta.pdf", b"%PDF-1.7\n", "data behind it"),
        ("peta.tab", b"!table\n!version 300\n", "GeoPackage"),
        (
            "peta.mif",
            b"Version 300\nCharset \"Neutral\"\n",
            "GeoPackage",
        ),
        ("penduduk.tif", b"II*\0\x08\0\0\0", "points"),
        (
            "wilayah.sql",
            b"/*\n a, dump\n*/\nINSERT INTO x VALUES (1);\n",
            "database",
        ),
        ("halaman.shp", b"<html><body>404</body></html>", "XLSX"),
        ("gambar.shp", b"<svg xmlns='x'/>", "GeoPackage"),
        ("program.shp", b"MZ\x90\0\x03\0\0\0", "data file"),
        ("virtual.shp", b"<OGRVRTDataSource/>", "GeoPackage"),
    ] {
        let (_, checked) = import_text(Layer::Roads, file, head);
        assert_eq!(codes(&checked), [FindingCode::FileUnsupported], "{file}");
        let finding = &checked.findings[0];
        assert!(finding.mend.contains(way), "{file}: {}", finding.mend);
    }
    let scratch = Scratch::new();
    write_roads("GPKG", &scratch.path("jalan.gpkg"), &["jalan"]);
    let renamed = scratch.path("jalan.shp");
    std::fs::rename(scratch.path("jalan.gpkg"), &renamed).unwrap();
    let (_, checked) = import(&ImportRequest::new(Layer::Roads, vec![renamed]));
    assert_eq!(codes(&checked), [FindingCode::FileUnsupported]);
}
