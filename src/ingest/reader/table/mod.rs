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
use std::io::{Read, Seek};
use std::path::Path;

use encoding_rs::Encoding;

use crate::domain::{Finding, FindingCode};
use crate::ingest::findings::error;

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
