//! CSV as people save it: titles, separators, spellings of coordinates, and what forms write.

use super::*;

#[test]
fn headings_below_a_title_are_found_and_told_row_25() {
    let (records, checked) = import_text(
        Layer::Schools,
        "sekolah.csv",
        "DAFTAR SEKOLAH, KABUPATEN CONTOH;;;\n;;;\nTahun 2025;;;\nNama;Jenjang;Bujur;Lintang\n\
         SD 1;SD;102,61;-2,31\n;;;\nSMP 1;SMP;102,62;-2,32\n;;;\n;;;\n",
    );
    assert_eq!(
        records.iter().map(name).collect::<Vec<_>>(),
        ["SD 1", "SMP 1"]
    );
    assert_eq!(place(&records[1]), (102.62, -2.32));
    let told = &checked.findings[checked.findings.len() - 1];
    assert_eq!(told.severity, Severity::Info);
    assert!(told.cause.contains("row 4"), "{}", told.cause);
}

#[test]
fn merged_headings_over_two_lines_and_a_row_of_numbers_are_no_records_row_25() {
    let (records, _) = import_text(
        Layer::Schools,
        "sekolah.csv",
        "No\tNama Sekolah\tKoordinat\t\tJenjang\n\t\tBT\tLS\t\n(1)\t(2)\t(3)\t(4)\t(5)\n\
         1\tSD 1\t102 30 0\t2 15 0\tSD\n",
    );
    assert_eq!(records.len(), 1);
    assert_eq!(name(&records[0]), "SD 1");
    // The heading LS is the south, so the number needs no sign.
    assert_eq!(place(&records[0]), (102.5, -2.25));
}

#[test]
fn degrees_and_minutes_are_read_in_two_languages_row_25() {
    // 41' 12" are 2472 of 3600 seconds; 15' 30" are 930 of them.
    let expected = (102.686_667, -2.258_333);
    for (longitude, latitude) in [
        ("102° 41' 12\" E", "2°15'30\"S"),
        ("102°41'12\"BT", "2°15'30\"LS"),
        ("102º 41’ 12” BT", "-2° 15’ 30”"),
        ("102,686667", "-2,258333"),
        ("BT 102 41 12", "LS 2 15 30"),
    ] {
        let text = format!(
            "nama;bujur;lintang\nPustu;\"{}\";\"{}\"\n",
            longitude.replace('"', "\"\""),
            latitude.replace('"', "\"\"")
        );
        let (records, checked) = import_text(Layer::Clinics, "pustu.csv", text);
        assert_eq!(records.len(), 1, "{longitude} {:#?}", checked.findings);
        assert_eq!(place(&records[0]), expected, "{longitude} {latitude}");
    }
    let north_and_west = "nama,lon,lat\nA,10 BB,2.5 LU\n";
    let (records, _) = import_text(Layer::Clinics, "pustu.csv", north_and_west);
    assert_eq!(place(&records[0]), (-10.0, 2.5));
}

#[test]
fn swapped_columns_with_hemispheres_are_told_row_16() {
    let text = "nama;bujur;lintang\nPustu;2°15'30''LS;102°41'12''BT\n";
    let (records, checked) = import_text(Layer::Clinics, "pustu.csv", text);
    assert!(records.is_empty());
    let swapped = only(&checked, FindingCode::CoordsSwapped);
    assert_eq!(
        (swapped.fid, swapped.field.as_deref()),
        (Some(1), Some("longitude"))
    );
}

#[test]
fn a_row_with_too_many_cells_is_refused_with_its_line_and_the_rest_goes_on_row_25() {
    let text = "nama,lon,lat\nA,102.5,-2.5\nB, kota,102.6,-2.5\nC,102.7,-2.5\nD,102.8\n";
    let (records, checked) = import_text(Layer::Clinics, "pustu.csv", text);
    assert_eq!(records.iter().map(name).collect::<Vec<_>>(), ["A", "C"]);
    let ragged = only(&checked, FindingCode::FileUnreadable);
    assert_eq!(ragged.fid, Some(2));
    assert!(
        ragged.cause.contains("line 3 has 4 cells"),
        "{}",
        ragged.cause
    );
    // The row that is too short has no latitude.
    assert_eq!(only(&checked, FindingCode::GeometryMissing).fid, Some(4));
    assert_eq!(checked.n_rejected, 2);
}

#[test]
fn a_quote_that_is_never_closed_is_located_row_25() {
    let text = format!(
        "nama,lon,lat\nA,102.5,-2.5\nB,\"102.6,{}",
        "x,".repeat(5_000_000)
    );
    let (_, checked) = import_text(Layer::Clinics, "pustu.csv", text);
    assert!(checked.is_refused);
    let limit = only(&checked, FindingCode::ParseLimit);
    assert!(limit.cause.contains("line 3"), "{}", limit.cause);
}

#[test]
fn cells_of_a_form_hold_both_coordinates_and_say_how_good_they_are() {
    let text = "nama,lokasi_pustu,_lokasi_pustu_latitude,_lokasi_pustu_longitude,_lokasi_pustu_altitude,_lokasi_pustu_precision\n\
        A,-2.5 102.5 40 4.9,-2.5,102.5,40,4.9\nB,-2.5 102.6 40 31,-2.5,102.6,40,31\nC,-2.5 102.7 40 85.5,-2.5,102.7,40,85.5\n";
    let one_cell =
        "nama,_geolocation\nA,-2.5 102.5 40 4.9\nB,-2.5 102.6 40 31\nC,-2.5 102.7 40 85.5\n";
    for text in [text, one_cell] {
        let (records, checked) = import_text(Layer::WaterPoints, "kobo.csv", text);
        assert_eq!(
            records.iter().map(place).collect::<Vec<_>>(),
            [(102.5, -2.5), (102.6, -2.5), (102.7, -2.5)]
        );
        let doubtful = only(&checked, FindingCode::CoordsInaccurate);
        assert_eq!(
            (doubtful.severity, doubtful.fid),
            (Severity::Warning, Some(3))
        );
        assert!(
            doubtful.cause.starts_with("2 positions"),
            "{}",
            doubtful.cause
        );
        assert!(
            doubtful.cause.contains("85.5 m: records 2, 3"),
            "{}",
            doubtful.cause
        );
    }
}

#[test]
fn a_form_with_two_positions_says_nothing_until_one_is_named() {
    let scratch = Scratch::new();
    let path = scratch.write(
        "kobo.csv",
        "nama,_a_latitude,_a_longitude,_b_latitude,_b_longitude\nA,-2.5,102.5,-2.6,102.6\n",
    );
    let mut request = ImportRequest::new(Layer::WaterPoints, vec![path]);
    let (_, checked) = import(&request);
    assert_eq!(codes(&checked), [FindingCode::FieldMissing]);
    request.mapping = vec![
        "longitude=_b_longitude".parse().unwrap(),
        "latitude=_b_latitude".parse().unwrap(),
    ];
    assert_eq!(place(&import(&request).0[0]), (102.6, -2.6));
}

#[test]
fn one_column_may_be_named_for_both_coordinates() {
    let scratch = Scratch::new();
    let path = scratch.write(
        "a.csv",
        "nama;letak\nA;-2.5, 102.5\nB;102.6 E, 2.5 S\nC;di sungai\n",
    );
    let mut request = ImportRequest::new(Layer::WaterPoints, vec![path]);
    request.mapping = vec![
        "longitude=letak".parse().unwrap(),
        "latitude=letak".parse().unwrap(),
    ];
    let (records, checked) = import(&request);
    assert_eq!(
        records.iter().map(place).collect::<Vec<_>>(),
        [(102.5, -2.5), (102.6, -2.5)]
    );
    assert_eq!(only(&checked, FindingCode::CoordsOutOfRange).fid, Some(3));
}

#[test]
fn well_known_text_needs_a_system_and_is_read_when_told() {
    let scratch = Scratch::new();
    let path = scratch.write(
        "jalan.csv",
        "WKT,class\n\"LINESTRING (222000 9723000,222100 9723000)\",desa\nPOINT(1,desa\n",
    );
    let mut request = ImportRequest::new(Layer::Roads, vec![path]);
    assert_eq!(codes(&import(&request).1), [FindingCode::CrsMissing]);
    request.from.crs = Some("EPSG:32748".to_owned());
    let (records, checked) = import(&request);
    assert_eq!(records.len(), 1, "{:#?}", checked.findings);
    assert_eq!(only(&checked, FindingCode::GeometryInvalid).fid, Some(2));
}

#[test]
fn metres_in_columns_x_and_y_are_read_when_told_their_system() {
    let scratch = Scratch::new();
    let path = scratch.write("a.csv", "nama;X;Y\nA;222.000,5;9.723.000,5\n");
    let mut request = ImportRequest::new(Layer::WaterPoints, vec![path]);
    assert_eq!(
        errors(&import(&request).1)[1].code,
        FindingCode::CoordsOutOfRange
    );
    request.from.crs = Some("EPSG:32748".to_owned());
    let (lon, lat) = place(&accepted(&request)[0]);
    // 278 km west of 105° E, and 277 km south of the equator.
    assert!((lon - 102.5).abs() < 0.01 && (lat + 2.5).abs() < 0.01);
}

#[test]
fn text_is_right_or_its_encoding_asked_for_row_18() {
    let table = "nama;bujur;lintang\nDésa Ñu 🏥 مستشفى;102,5;-2,5\n";
    let utf_16 = |units: fn(u16) -> [u8; 2]| -> Vec<u8> {
        let units_of = format!("\u{feff}{table}");
        units_of.encode_utf16().flat_map(units).collect()
    };
    for bytes in [
        table.as_bytes().to_vec(),
        format!("\u{feff}{table}").into_bytes(),
        utf_16(u16::to_le_bytes),
        utf_16(u16::to_be_bytes),
    ] {
        let (records, checked) = import_text(Layer::Clinics, "a.csv", bytes);
        assert_eq!(
            name(&records[0]),
            "Désa Ñu 🏥 مستشفى",
            "{:?}",
            checked.encoding
        );
    }
    let scratch = Scratch::new();
    let mut bytes = b"nama,lon,lat\nDe".to_vec();
    // In windows-1250 this byte is ş, in windows-1252 º.
    bytes.extend(b"\xbaa,102.5,-2.5\n");
    let path = scratch.write("a.csv", bytes);
    let mut request = ImportRequest::new(Layer::Clinics, vec![path]);
    assert!(codes(&import(&request).1).contains(&FindingCode::EncodingDoubtful));
    request.from.encoding = Some("windows-1250".to_owned());
    let (records, checked) = import(&request);
    assert_eq!(name(&records[0]), "Deşa");
    assert!(!codes(&checked).contains(&FindingCode::EncodingDoubtful));
}

#[test]
fn a_character_of_code_0_is_refused_and_a_long_name_kept_row_18() {
    let long = "x".repeat(4096);
    let text = format!("nama,lon,lat\n{long},102.5,-2.5\nB\0C,102.6,-2.5\nD,102.7,-2.5\n");
    let (records, checked) = import_text(Layer::Clinics, "a.csv", text);
    assert_eq!(records.iter().map(name).collect::<Vec<_>>(), [&long, "D"]);
    assert_eq!(errors(&checked)[0].fid, Some(2));
}

#[test]
fn three_hundred_columns_some_of_them_twice_or_called_like_sql_are_kept_apart_row_19() {
    let mut names: Vec<String> = (0..294).map(|number| format!("k{number}")).collect();
    names.extend(["select", "'; drop table", "k1", "K1", "\"\"", ""].map(str::to_owned));
    let quoted: Vec<String> = names
        .iter()
        .map(|name| format!("\"{}\"", name.replace('"', "\"\"")))
        .collect();
    let values: Vec<String> = (0..300).map(|number| number.to_string()).collect();
    let text = format!(
        "lon,lat,{}\n102.5,-2.5,{}\n",
        quoted.join(","),
        values.join(",")
    );
    let (records, checked) = import_text(Layer::Clinics, "a.csv", text);
    assert_eq!(records.len(), 1, "{:#?}", checked.findings);
    let extra = &records[0].extra;
    let value = |name: &str| extra.get(name).and_then(|value| value.as_str());
    assert_eq!(
        (value("k1"), value("k1_2"), value("K1_3")),
        (Some("1"), Some("296"), Some("297"))
    );
    assert_eq!(value("select"), Some("294"));
    assert_eq!(value("'; drop table"), Some("295"));
    // All but the two of coordinates... which are kept as well.
    assert_eq!(extra.len(), 302);
}

#[test]
fn formulas_and_markup_are_text_row_30() {
    let text = "nama;lon;lat\n\"=HYPERLINK(\"\"http://x\"\")\";102,5;-2,5\n@SUM(1);102,6;-2,5\n-2+3;102,7;-2,5\n<img onerror=x>;102,8;-2,5\n";
    let (records, _) = import_text(Layer::Clinics, "a.csv", text);
    assert_eq!(
        records.iter().map(name).collect::<Vec<_>>(),
        [
            "=HYPERLINK(\"http://x\")",
            "@SUM(1)",
            "-2+3",
            "<img onerror=x>"
        ]
    );
}

#[test]
fn a_filter_and_its_mistakes_are_those_of_the_tables_own_names() {
    let scratch = Scratch::new();
    let path = scratch.write(
        "a.csv",
        "DAFTAR\nnama;jenis;lon;lat\nA;pustu;102,5;-2,5\nB;rs;102,6;-2,5\n",
    );
    let mut request = ImportRequest::new(Layer::Clinics, vec![path]);
    request.from.filter = Some("jenis = 'rs'".to_owned());
    let (records, _) = import(&request);
    assert_eq!(records.iter().map(name).collect::<Vec<_>>(), ["B"]);
}

#[test]
fn memory_stays_flat_however_long_a_table_is_row_25() {
    use std::fmt::Write as _;
    // Half a million rows are 25 MB; GDAL, the program and its libraries alone take most of what is allowed here.
    const N_ROWS: usize = 500_000;
    let scratch = Scratch::new();
    let mut text = String::from("nama;lon;lat\n");
    for row in 0..N_ROWS {
        writeln!(text, "Dusun yang bernama panjang {row};102,5;-2,5").unwrap();
    }
    let path = scratch.write("dusun.csv", text);
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
    assert_eq!(n_read, N_ROWS);
}
