//! Tables that people made for people: CSV and spreadsheets, with titles above, headings over two lines, empty rows.
//!
//! Rows come one by one ([`csv`], [`sheet`]), the headings are found among the first of them ([`heading`]), and what
//! follows is written as a plain CSV ([`stage`]) that GDAL opens as any other file, so that memory stays flat.
//! Which columns hold coordinates, and how they are written, is in [`place`] and [`angle`].

pub(super) mod angle;
pub(super) mod csv;
mod decode;
mod heading;
pub(super) mod place;
mod repeats;
pub(super) mod sheet;
pub(super) mod stage;

use std::fs::File;
use std::io::{Cursor, Read, Seek};
use std::path::Path;

use encoding_rs::Encoding;

use crate::domain::{Finding, FindingCode, Layer};
use crate::ingest::findings::error;
use crate::ingest::limits::Limits;
use crate::ingest::synonyms::SYNONYMS;

use super::archive::{self, Contents};
use super::format::Format;
use super::unreadable;
use place::Headings;
use sheet::Workbook;
use stage::{Numbering, Overhang, StagedTable, Stager};

/// Columns of a table; Excel has 16,384, and the widest list of an office about a hundred.
const MAX_COLUMNS: usize = 2000;

/// Bytes of one row: a table with longer ones has a quote that is never closed.
const MAX_ROW_BYTES: u64 = 8 * 1024 * 1024;

/// Cells of one file, empty ones not counted: a million villages with fifty columns.
const MAX_CELLS: u64 = 50_000_000;

/// A cell as the file has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct TableCell {
    /// What it shows; a number in its shortest form, a date as `YYYY-MM-DD`.
    pub(super) text: String,
    /// Whether the file holds a number, and not a text that looks like one.
    pub(super) is_number: bool,
}

impl TableCell {
    fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            is_number: false,
        }
    }

    fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }
}

/// A row as the file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TableRow {
    /// Of a spreadsheet the number of the row, of a CSV that of its first line; both from 1.
    pub(super) number: u64,
    pub(super) cells: Vec<TableCell>,
}

impl TableRow {
    fn is_empty(&self) -> bool {
        self.cells.iter().all(TableCell::is_empty)
    }

    /// Number of cells up to the last that is not empty.
    fn width(&self) -> usize {
        let last = self.cells.iter().rposition(|cell| !cell.is_empty());
        last.map_or(0, |last| last + 1)
    }
}

/// Writes the CSV at `path` to `target`; none where it is empty.
///
/// # Errors
/// It cannot be read or written, or is larger than it may be.
pub(super) fn of_csv(
    path: &Path,
    encoding: &'static Encoding,
    target: &Path,
    headings: Headings<'_>,
) -> Result<Option<StagedTable>, Finding> {
    let mut stager = Stager::create(target, headings, Numbering::Records, Overhang::Refused)
        .map_err(|cause| unreadable(&cause))?;
    csv::rows(|| File::open(path), encoding, &mut |row| stager.push(row))?;
    stager.finish()
}

/// Writes a sheet to `target`; none where it is empty.
///
/// # Errors
/// As [`of_csv`].
pub(super) fn of_sheet<R: Read + Seek>(
    workbook: &mut Workbook<R>,
    sheet: &str,
    target: &Path,
    headings: Headings<'_>,
) -> Result<Option<StagedTable>, Finding> {
    let mut stager = Stager::create(target, headings, Numbering::Rows, Overhang::LeftOut)
        .map_err(|cause| unreadable(&cause))?;
    workbook.rows(sheet, &mut |row| stager.push(row))?;
    stager.finish()
}

/// A table as it is written for GDAL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableOfBytes {
    /// Its headings.
    pub names: Vec<String>,
    /// Number of its records.
    pub n_records: u64,
    /// A CSV: number, flaw and numbers of each record, then its cells.
    pub csv: Vec<u8>,
}

/// The tables that bytes hold as CSV or as a spreadsheet, cleaned as the child cleans them but in memory.
///
/// For tests and for whoever looks for bytes that break it.
///
/// # Errors
/// The finding that refuses the file.
pub fn tables_of_bytes(bytes: &[u8]) -> Result<Vec<TableOfBytes>, Finding> {
    let longitude = SYNONYMS.columns_of_any("longitude");
    let latitude = SYNONYMS.columns_of_any("latitude");
    let code = SYNONYMS.columns(Layer::Villages, "code");
    let headings = Headings {
        code: &code,
        is_by_code: false,
        longitude: &longitude,
        latitude: &latitude,
    };
    let format = match archive::contents(Cursor::new(bytes)) {
        Contents::Xlsx => Format::Xlsx,
        Contents::Ods => Format::Ods,
        Contents::Files | Contents::Office(_) if bytes.starts_with(b"\xd0\xcf\x11\xe0") => {
            Format::Xls
        }
        Contents::Files | Contents::Office(_) => {
            let table = of_csv_bytes(bytes, headings)?;
            return Ok(table.into_iter().collect());
        }
    };
    Workbook::check(Cursor::new(bytes), format, &Limits::DEFAULT)?;
    let mut workbook = Workbook::read(Cursor::new(bytes), format)?;
    let mut tables = Vec::new();
    for sheet in workbook.sheets().0 {
        let mut csv = Vec::new();
        let mut stager = Stager::new(&mut csv, headings, Numbering::Rows, Overhang::LeftOut);
        workbook.rows(&sheet, &mut |row| stager.push(row))?;
        tables.extend(of_bytes(stager.finish()?, csv));
    }
    Ok(tables)
}

fn of_csv_bytes(bytes: &[u8], headings: Headings<'_>) -> Result<Option<TableOfBytes>, Finding> {
    let (encoding, _) = Encoding::for_bom(bytes).unwrap_or((encoding_rs::UTF_8, 0));
    let mut csv = Vec::new();
    let mut stager = Stager::new(&mut csv, headings, Numbering::Records, Overhang::Refused);
    csv::rows(|| Ok(bytes), encoding, &mut |row| stager.push(row))?;
    Ok(of_bytes(stager.finish()?, csv))
}

fn of_bytes(staged: Option<StagedTable>, csv: Vec<u8>) -> Option<TableOfBytes> {
    staged.map(|staged| TableOfBytes {
        names: staged.names,
        n_records: staged.n_records,
        csv,
    })
}

fn too_wide(number: u64) -> Finding {
    error(
        FindingCode::XlsxTooLarge,
        format!("row {number} has something beyond column {MAX_COLUMNS}"),
        "delete the cells right of the table, or save only the table as CSV",
    )
}

fn too_many_cells() -> Finding {
    error(
        FindingCode::XlsxTooLarge,
        format!("the table has more than {MAX_CELLS} cells"),
        "delete columns that are not needed, or split the table",
    )
}
