//! Spreadsheets: as people fill them in, and as nobody should.

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use super::*;

/// A list as an office keeps it: title, merged headings over two lines, texts that are numbers, a total, empty rows.
fn list_of_schools(path: &Path) {
    let mut book = Workbook::new();
    let bold = Format::new().set_bold();
    let notes = book.add_worksheet().set_name("Petunjuk").unwrap();
    notes.write(0, 0, "Isi lembar berikut.").unwrap();
    notes.write(1, 0, "Jangan ubah judul.").unwrap();
    let sheet = book.add_worksheet().set_name("Data Sekolah").unwrap();
    sheet
        .merge_range(0, 0, 0, 6, "DAFTAR SEKOLAH", &bold)
        .unwrap();
    for (column, heading) in [
        (0, "NPSN"),
        (1, "Nama Sekolah"),
        (2, "Jenjang"),
        (5, "Kapasitas"),
        (6, "Tanggal Konfirmasi"),
    ] {
        sheet
            .merge_range(2, column, 3, column, heading, &bold)
            .unwrap();
    }
    sheet.merge_range(2, 3, 2, 4, "Koordinat", &bold).unwrap();
    sheet.write(3, 3, "Bujur").unwrap();
    sheet.write(3, 4, "Lintang").unwrap();
    sheet.write(4, 0, 10_501_234).unwrap();
    sheet.write(4, 1, "SDN 1").unwrap();
    sheet.write(4, 2, "SD").unwrap();
    sheet.write(4, 3, "102,61").unwrap();
    sheet.write(4, 4, -2.31).unwrap();
    sheet.write(4, 5, 12.345).unwrap();
    let day = ExcelDateTime::from_ymd(2025, 3, 9).unwrap();
    let as_day = Format::new().set_num_format("dd/mm/yyyy");
    sheet.write_with_format(4, 6, &day, &as_day).unwrap();
    sheet.write(6, 1, "SMPN 1").unwrap();
    sheet.write(6, 2, "SMP").unwrap();
    sheet.write(6, 3, "102°37'12\"BT").unwrap();
    sheet.write(6, 4, "2°18'0\"LS").unwrap();
    sheet.write(6, 8, "titipan").unwrap();
    for row in 7..200 {
        sheet.write_blank(row, 3, &bold).unwrap();
    }
    let hidden = book
        .add_worksheet()
        .set_name("lama")
        .unwrap()
        .set_hidden(true);
    hidden.write(0, 0, "bujur").unwrap();
    hidden.write(0, 1, "lintang").unwrap();
    book.save(path).unwrap();
}

fn facility(record: &Record) -> &jangkau::domain::Facility {
    match &record.feature {
        Feature::Facility(facility) => facility,
        other => unreachable!("{other:?} is no facility"),
    }
}

#[test]
fn a_list_as_an_office_keeps_it_is_read() {
    let scratch = Scratch::new();
    let path = scratch.path("sekolah.xlsx");
    list_of_schools(&path);
    assert_eq!(
        layers(&path),
        [
            ("Petunjuk".to_owned(), Some(1)),
            ("Data Sekolah".to_owned(), Some(2))
        ]
    );
    let (records, checked) = import(&ImportRequest::new(Layer::Schools, vec![path]));
    assert!(checked.may_be_kept(false), "{:#?}", checked.findings);
    assert_eq!(
        records.iter().map(place).collect::<Vec<_>>(),
        [(102.61, -2.31), (102.62, -2.3)]
    );
    let first = facility(&records[0]);
    assert_eq!(records[0].key, "10501234");
    assert_eq!(
        (first.tier.as_deref(), first.capacity),
        (Some("sd"), Some(12.345))
    );
    assert_eq!(first.confirmed_on.as_deref(), Some("2025-03-09"));
    let told: Vec<&str> = checked
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Info)
        .map(|finding| finding.cause.as_str())
        .collect();
    assert!(
        told.iter()
            .any(|cause| cause.contains("only Data Sekolah has coordinates")),
        "{told:?}"
    );
    assert!(
        told.iter().any(|cause| cause.contains("rows 3 and 4")),
        "{told:?}"
    );
}

#[test]
fn sheets_with_coordinates_are_chosen_from_and_rows_numbered_as_the_program_does() {
    let scratch = Scratch::new();
    let path = scratch.path("data.xlsx");
    let mut book = Workbook::new();
    for (sheet, lon) in [("Utara", 102.5), ("Selatan", 200.0)] {
        let sheet = book.add_worksheet().set_name(sheet).unwrap();
        for (column, heading) in [(0, "nama"), (1, "lon"), (2, "lat")] {
            sheet.write(1, column, heading).unwrap();
        }
        sheet.write(4, 0, "A").unwrap();
        sheet.write(4, 1, lon).unwrap();
        sheet.write(4, 2, -2.5).unwrap();
    }
    book.save(&path).unwrap();
    let mut request = ImportRequest::new(Layer::WaterPoints, vec![path]);
    let (_, checked) = import(&request);
    assert!(errors(&checked)[0].cause.contains("Utara, Selatan"));
    request.from.source_layer = Some("utara".to_owned());
    assert_eq!(place(&import(&request).0[0]), (102.5, -2.5));
    request.from.source_layer = Some("2".to_owned());
    let (_, checked) = import(&request);
    // Row 5 of the sheet, as Excel numbers it.
    assert_eq!(only(&checked, FindingCode::CoordsOutOfRange).fid, Some(5));
}

#[test]
fn a_table_by_village_needs_codes_and_no_coordinates() {
    let scratch = Scratch::new();
    let path = scratch.path("penduduk.xlsx");
    let mut book = Workbook::new();
    let notes = book.add_worksheet().set_name("Catatan").unwrap();
    notes.write(0, 0, "Sumber").unwrap();
    notes.write(0, 1, "Dinas").unwrap();
    let sheet = book.add_worksheet().set_name("Data").unwrap();
    sheet.write(0, 0, "JUMLAH PENDUDUK").unwrap();
    sheet.write(0, 1, "2025").unwrap();
    for (column, heading) in [(0, "Kode Desa"), (1, "Tahun"), (2, "Jumlah Penduduk")] {
        sheet.write(2, column, heading).unwrap();
    }
    sheet.write(3, 0, "99.01.01.2001").unwrap();
    sheet.write(3, 1, 2025).unwrap();
    sheet.write(3, 2, 1234).unwrap();
    book.save(&path).unwrap();
    let (records, checked) = import(&ImportRequest::new(Layer::Population, vec![path]));
    assert_eq!(records.len(), 1, "{:#?}", checked.findings);
    assert!(checked.may_be_kept(false), "{:#?}", checked.findings);
}

/// The same two schools as BIFF, written by another library.
#[test]
fn an_old_workbook_is_read() {
    let (records, checked) = import(&request(Layer::Schools, "schools-old-workbook.xls"));
    assert!(checked.may_be_kept(false), "{:#?}", checked.findings);
    assert_eq!(
        records.iter().map(place).collect::<Vec<_>>(),
        [(102.61, -2.31), (102.62, -2.3)]
    );
    assert_eq!(
        facility(&records[0]).confirmed_on.as_deref(),
        Some("2025-03-09")
    );
}

fn zipped(path: &Path, entries: &[(&str, &[u8])]) {
    let mut zip = ZipWriter::new(File::create(path).unwrap());
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
}

fn open_document(path: &Path, rows: &str) {
    let content = format!(
        "<?xml version='1.0'?><office:document-content xmlns:office='o' xmlns:table='t' xmlns:text='x'><office:body>\
         <office:spreadsheet><table:table table:name='Lembar1'>{rows}</table:table></office:spreadsheet>\
         </office:body></office:document-content>"
    );
    zipped(
        path,
        &[
            (
                "mimetype",
                b"application/vnd.oasis.opendocument.spreadsheet",
            ),
            (
                "META-INF/manifest.xml",
                b"<manifest:manifest xmlns:manifest='m'/>",
            ),
            ("content.xml", content.as_bytes()),
        ],
    );
}

fn row(cells: &[&str]) -> String {
    let cells: String = cells
        .iter()
        .map(|cell| match cell.parse::<f64>() {
            Ok(_) => format!("<table:table-cell office:value-type='float' office:value='{cell}'><text:p>{cell}</text:p></table:table-cell>"),
            Err(_) if cell.is_empty() => "<table:table-cell/>".to_owned(),
            Err(_) => format!("<table:table-cell office:value-type='string'><text:p>{cell}</text:p></table:table-cell>"),
        })
        .collect();
    format!("<table:table-row>{cells}</table:table-row>")
}

const MILLION_EMPTY_ROWS: &str = "<table:table-row table:number-rows-repeated='1048000'><table:table-cell table:number-columns-repeated='1024'/></table:table-row>";

#[test]
fn an_open_document_sheet_is_read() {
    let scratch = Scratch::new();
    let path = scratch.path("sekolah.ods");
    let rows = [
        row(&["DAFTAR"]),
        row(&["nama", "lon", "lat"]),
        row(&["A", "102.5", "-2.5"]),
        row(&["B", "102,6", "-2,5"]),
    ];
    open_document(&path, &(rows.concat() + MILLION_EMPTY_ROWS));
    let records = accepted(&ImportRequest::new(Layer::WaterPoints, vec![path]));
    assert_eq!(
        records.iter().map(place).collect::<Vec<_>>(),
        [(102.5, -2.5), (102.6, -2.5)]
    );
}

#[test]
fn repeated_cells_without_number_are_refused_row_26() {
    let scratch = Scratch::new();
    let path = scratch.path("bomb.ods");
    let bomb = "<table:table-row table:number-rows-repeated='1000000'><table:table-cell table:number-columns-repeated='1000'><text:p>x</text:p></table:table-cell></table:table-row>";
    open_document(&path, bomb);
    let (_, checked) = import(&ImportRequest::new(Layer::WaterPoints, vec![path]));
    assert_eq!(codes(&checked), [FindingCode::XlsxTooLarge]);
}

/// An XLSX of one sheet with this content, and these shared texts.
fn workbook(path: &Path, sheet: &str, shared_texts: &str, others: &[(&str, &[u8])]) {
    let sheet = format!(
        "<?xml version='1.0'?><worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>{sheet}</worksheet>"
    );
    let mut entries: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", b"<?xml version='1.0'?><Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>"),
        ("_rels/.rels", b"<?xml version='1.0'?><Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='r' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument' Target='xl/workbook.xml'/></Relationships>"),
        ("xl/workbook.xml", b"<?xml version='1.0'?><workbook xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main' xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'><sheets><sheet name='S' sheetId='1' r:id='rId1'/></sheets></workbook>"),
        ("xl/_rels/workbook.xml.rels", b"<?xml version='1.0'?><Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='rId1' Type='http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet' Target='worksheets/sheet1.xml'/></Relationships>"),
        ("xl/sharedStrings.xml", shared_texts.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ];
    entries.extend(others);
    zipped(path, &entries);
}

const NO_TEXTS: &str =
    "<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main' uniqueCount='0'/>";
const THREE_TEXTS: &str = "<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main' count='3' uniqueCount='3'><si><t>nama</t></si><si><t>lon</t></si><si><t>lat</t></si></sst>";
const ROWS: &str = "<row r='1'><c r='A1' t='s'><v>0</v></c><c r='B1' t='s'><v>1</v></c><c r='C1' t='s'><v>2</v></c></row><row r='2'><c r='A2' t='inlineStr'><is><t>A</t></is></c><c r='B2'><v>102.5</v></c><c r='C2'><f>-5/2</f><v>-2.5</v></c></row>";

#[test]
fn what_a_workbook_claims_of_its_size_costs_nothing_row_26() {
    let scratch = Scratch::new();
    let path = scratch.path("a.xlsx");
    let lie = format!("<dimension ref='A1:XFD1048576'/><sheetData>{ROWS}</sheetData>");
    workbook(&path, &lie, THREE_TEXTS, &[]);
    let records = accepted(&ImportRequest::new(Layer::WaterPoints, vec![path]));
    assert_eq!(place(&records[0]), (102.5, -2.5));
}

#[test]
fn a_cell_at_the_end_of_the_sheet_is_too_large_row_26() {
    let scratch = Scratch::new();
    let path = scratch.path("a.xlsx");
    let far = format!(
        "<sheetData>{ROWS}<row r='1048576'><c r='XFD1048576'><v>1</v></c></row></sheetData>"
    );
    workbook(&path, &far, THREE_TEXTS, &[]);
    let (_, checked) = import(&ImportRequest::new(Layer::WaterPoints, vec![path]));
    let refused = only(&checked, FindingCode::XlsxTooLarge);
    assert!(refused.cause.contains("row 1048576"), "{}", refused.cause);
    assert!(checked.is_refused);
}

#[test]
fn four_billion_shared_texts_are_too_large_row_26() {
    let scratch = Scratch::new();
    let path = scratch.path("a.xlsx");
    let many = THREE_TEXTS.replace("uniqueCount='3'", "uniqueCount='4000000000'");
    workbook(&path, &format!("<sheetData>{ROWS}</sheetData>"), &many, &[]);
    let (_, checked) = import(&ImportRequest::new(Layer::WaterPoints, vec![path]));
    assert_eq!(codes(&checked), [FindingCode::XlsxTooLarge]);
}

#[test]
fn a_workbook_that_inflates_too_far_is_too_large_row_26() {
    let scratch = Scratch::new();
    let path = scratch.path("a.xlsx");
    // One megabyte above what may be inflated whatever the ratio.
    let padding = vec![b' '; 201_000_000];
    workbook(
        &path,
        &format!("<sheetData>{ROWS}</sheetData>"),
        NO_TEXTS,
        &[("xl/media/x.bin", &padding)],
    );
    let (_, checked) = import(&ImportRequest::new(Layer::WaterPoints, vec![path]));
    assert_eq!(codes(&checked), [FindingCode::XlsxTooLarge]);
}

#[test]
fn macros_and_links_are_not_looked_at_row_26() {
    let scratch = Scratch::new();
    let path = scratch.path("a.xlsm");
    let link = b"<externalLink><externalBook r:id='rId1'/></externalLink>";
    workbook(
        &path,
        &format!("<sheetData>{ROWS}</sheetData>"),
        THREE_TEXTS,
        &[
            ("xl/vbaProject.bin", b"macro"),
            ("xl/externalLinks/externalLink1.xml", link),
        ],
    );
    assert_eq!(
        accepted(&ImportRequest::new(Layer::WaterPoints, vec![path])).len(),
        1
    );
}

#[test]
fn entities_in_a_workbook_are_never_expanded_row_27() {
    let scratch = Scratch::new();
    let path = scratch.path("a.xlsx");
    let texts = "<!DOCTYPE sst [<!ENTITY a 'lol'><!ENTITY b '&a;&a;&a;&a;'>]><sst uniqueCount='1'><si><t>&b;</t></si></sst>";
    workbook(&path, &format!("<sheetData>{ROWS}</sheetData>"), texts, &[]);
    let (records, checked) = import(&ImportRequest::new(Layer::WaterPoints, vec![path]));
    assert!(records.is_empty());
    assert!(checked.is_refused);
}

#[test]
fn documents_that_are_no_spreadsheets_say_so() {
    let scratch = Scratch::new();
    let word = scratch.path("laporan.docx");
    zipped(
        &word,
        &[
            ("[Content_Types].xml", b"<Types/>"),
            ("word/document.xml", b"<w/>"),
        ],
    );
    let writer = scratch.path("laporan.odt");
    zipped(
        &writer,
        &[
            ("mimetype", b"application/vnd.oasis.opendocument.text"),
            ("content.xml", b"<x/>"),
        ],
    );
    let old = scratch.write(
        "laporan.doc",
        [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 4096]].concat(),
    );
    let page = scratch.write(
        "laporan.xls",
        "<html><table><tr><td>nama</td></tr></table></html>",
    );
    for path in [word, writer, old, page] {
        let (_, checked) = import(&ImportRequest::new(Layer::WaterPoints, vec![path.clone()]));
        assert_eq!(codes(&checked), [FindingCode::FileUnsupported], "{path:?}");
        assert!(
            checked.findings[0].mend.contains("XLSX"),
            "{}",
            checked.findings[0].mend
        );
    }
}
