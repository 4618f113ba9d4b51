//! The rows of a spreadsheet: XLSX streamed, XLS and ODS as calamine reads them, all within the child's limits.
//!
//! Only values are read: formulas stand for their last result; macros, pictures and links are not looked at.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek};
use std::path::Path;

use calamine::{
    Data, DataRef, ExcelDateTime, Ods, Reader, Sheet, SheetType, SheetVisible, Xls, Xlsx, XlsxError,
};
use zip::ZipArchive;

use crate::domain::{Finding, FindingCode, Severity};
use crate::ingest::findings::error;
use crate::ingest::limits::Limits;
use crate::ingest::reader::format::Format;
use crate::ingest::reader::{archive, unreadable};

use super::csv::Visit;
use super::{MAX_CELLS, MAX_COLUMNS, TableCell, TableRow, repeats, too_many_cells, too_wide};

/// Bytes in which an XML says how many shared texts follow.
const HEAD_BYTES: u64 = 4096;

/// The shortest shared text, `<si/>`, is five bytes long.
const MIN_SHARED_TEXT_BYTES: u64 = 5;

/// A spreadsheet that is open.
pub(in crate::ingest::reader) struct Workbook<R> {
    book: Book<R>,
    sheets: Vec<Sheet>,
}

enum Book<R> {
    Xlsx(Box<Xlsx<R>>),
    Xls(Box<Xls<R>>),
    Ods(Box<Ods<R>>),
}

impl Workbook<BufReader<File>> {
    /// Opens the spreadsheet at `path`.
    ///
    /// # Errors
    /// It is larger than it may be, broken, or no spreadsheet.
    pub(in crate::ingest::reader) fn open(
        path: &Path,
        format: Format,
        limits: &Limits,
    ) -> Result<Self, Finding> {
        let file = || {
            File::open(path)
                .map(BufReader::new)
                .map_err(|cause| unreadable(&cause))
        };
        Self::check(file()?, format, limits)?;
        Self::read(file()?, format)
    }
}

impl<R: Read + Seek> Workbook<R> {
    /// Looks through the archive before anything is believed: real sizes, counts of shared texts, repeated cells.
    pub(super) fn check(file: R, format: Format, limits: &Limits) -> Result<(), Finding> {
        if format == Format::Xls {
            return Ok(());
        }
        let mut zip = archive::measured(file, limits)?;
        match format {
            Format::Xlsx => check_shared_texts(&mut zip),
            _ => check_repeats(&mut zip),
        }
    }

    /// Opens a spreadsheet that was checked.
    pub(super) fn read(file: R, format: Format) -> Result<Self, Finding> {
        let (book, sheets) = match format {
            Format::Xlsx => {
                let book = Xlsx::new(file).map_err(|cause| broken(&cause))?;
                let sheets = book.sheets_metadata().to_vec();
                (Book::Xlsx(Box::new(book)), sheets)
            }
            Format::Ods => {
                let book = Ods::new(file).map_err(|cause| broken(&cause))?;
                let sheets = book.sheets_metadata().to_vec();
                (Book::Ods(Box::new(book)), sheets)
            }
            _ => {
                let book = Xls::new(file).map_err(|cause| no_workbook(&cause))?;
                let sheets = book.sheets_metadata().to_vec();
                (Book::Xls(Box::new(book)), sheets)
            }
        };
        Ok(Self { book, sheets })
    }

    /// Names of the sheets that are seen, and what is hidden.
    pub(in crate::ingest::reader) fn sheets(&self) -> (Vec<String>, Option<Finding>) {
        let names = |is_seen: bool| -> Vec<String> {
            self.sheets
                .iter()
                .filter(|sheet| sheet.typ == SheetType::WorkSheet)
                .filter(|sheet| (sheet.visible == SheetVisible::Visible) == is_seen)
                .map(|sheet| sheet.name.clone())
                .collect()
        };
        let hidden = names(false);
        let note = (!hidden.is_empty()).then(|| {
            Finding::new(
                Severity::Info,
                FindingCode::FileUnsupported,
                format!("hidden sheets were left out: {}", hidden.join(", ")),
                "show them in the spreadsheet program if they matter",
            )
        });
        (names(true), note)
    }

    /// Hands each row of a sheet that has any cell to `visit`, from the top.
    ///
    /// # Errors
    /// The sheet is broken or larger than it may be, or `visit` fails.
    pub(super) fn rows(&mut self, sheet: &str, visit: Visit<'_>) -> Result<(), Finding> {
        match &mut self.book {
            Book::Xlsx(book) => stream(book, sheet, visit),
            Book::Xls(book) => {
                let range = book
                    .worksheet_range(sheet)
                    .map_err(|cause| broken(&cause))?;
                dense(&range, visit)
            }
            Book::Ods(book) => {
                let range = book
                    .worksheet_range(sheet)
                    .map_err(|cause| broken(&cause))?;
                dense(&range, visit)
            }
        }
    }
}

/// The rows of an XLSX, cell by cell: whatever size the sheet claims costs nothing.
fn stream<R: Read + Seek>(
    book: &mut Xlsx<R>,
    sheet: &str,
    visit: Visit<'_>,
) -> Result<(), Finding> {
    let mut cells = match book.worksheet_cells_reader(sheet) {
        Ok(cells) => cells,
        // A sheet that holds only a chart.
        Err(XlsxError::NotAWorksheet(_)) => return Ok(()),
        Err(cause) => return Err(broken(&cause)),
    };
    let mut row = Row::default();
    let mut n_cells: u64 = 0;
    while let Some(cell) = cells.next_cell().map_err(|cause| broken(&cause))? {
        let (number, column) = cell.get_position();
        let value = of_xlsx(cell.get_value());
        if value.is_empty() {
            continue;
        }
        n_cells += 1;
        if MAX_CELLS < n_cells {
            return Err(too_many_cells());
        }
        row.put(u64::from(number) + 1, column as usize, value, visit)?;
    }
    row.finish(visit)
}

/// The rows of a sheet that is in memory.
fn dense(range: &calamine::Range<Data>, visit: Visit<'_>) -> Result<(), Finding> {
    let Some((first_row, first_column)) = range.start() else {
        return Ok(());
    };
    let mut row = Row::default();
    for (at, cells) in range.rows().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            let value = of_memory(cell);
            if !value.is_empty() {
                let number = u64::from(first_row) + at as u64 + 1;
                row.put(number, first_column as usize + column, value, visit)?;
            }
        }
    }
    row.finish(visit)
}

/// A row while its cells come.
#[derive(Default)]
struct Row {
    number: u64,
    cells: Vec<TableCell>,
}

impl Row {
    fn put(
        &mut self,
        number: u64,
        column: usize,
        value: TableCell,
        visit: Visit<'_>,
    ) -> Result<(), Finding> {
        if number < self.number {
            return Err(error(
                FindingCode::FileUnreadable,
                format!(
                    "row {number} of the sheet stands behind row {}",
                    self.number
                ),
                "open the file in a spreadsheet program and save it again",
            ));
        }
        if self.number < number {
            std::mem::take(self).finish(visit)?;
            self.number = number;
        }
        if MAX_COLUMNS <= column {
            return Err(too_wide(number));
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, TableCell::default());
        }
        self.cells[column] = value;
        Ok(())
    }

    fn finish(self, visit: Visit<'_>) -> Result<(), Finding> {
        if self.cells.is_empty() {
            return Ok(());
        }
        visit(TableRow {
            number: self.number,
            cells: self.cells,
        })
    }
}

fn of_xlsx(value: &DataRef<'_>) -> TableCell {
    match value {
        DataRef::SharedString(text) => TableCell::text(*text),
        DataRef::Int(number) => of_number(&number.to_string()),
        DataRef::Float(number) => of_number(&number.to_string()),
        DataRef::DateTime(date) => TableCell::text(of_date(date)),
        DataRef::Bool(truth) => TableCell::text(truth.to_string()),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            TableCell::text(text.clone())
        }
        DataRef::Error(cause) => TableCell::text(cause.to_string()),
        DataRef::Empty => TableCell::default(),
    }
}

fn of_memory(value: &Data) -> TableCell {
    match value {
        Data::Int(number) => of_number(&number.to_string()),
        Data::Float(number) => of_number(&number.to_string()),
        Data::DateTime(date) => TableCell::text(of_date(date)),
        Data::Bool(truth) => TableCell::text(truth.to_string()),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
            TableCell::text(text.clone())
        }
        Data::Error(cause) => TableCell::text(cause.to_string()),
        Data::Empty => TableCell::default(),
    }
}

fn of_number(number: &str) -> TableCell {
    TableCell {
        text: number.to_owned(),
        is_number: true,
    }
}

/// `YYYY-MM-DD`, with the time of day where there is one; a duration is its number of days.
fn of_date(date: &ExcelDateTime) -> String {
    let days = date.as_f64();
    let is_day = date.is_datetime() && (0.0..3_000_000.0).contains(&days);
    if !is_day {
        return days.to_string();
    }
    let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
    let day = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) {
        return day;
    }
    format!("{day}T{hour:02}:{minute:02}:{second:02}")
}

/// Refuses an XLSX that announces more shared texts than it can hold: room is made for as many as it says.
fn check_shared_texts<R: Read + Seek>(zip: &mut ZipArchive<R>) -> Result<(), Finding> {
    for index in 0..zip.len() {
        let entry = zip.by_index(index).map_err(|cause| broken(&cause))?;
        let is_of_texts = entry
            .name()
            .is_ok_and(|name| name.to_ascii_lowercase().ends_with("sharedstrings.xml"));
        if !is_of_texts {
            continue;
        }
        let n_bytes = entry.size();
        let mut head = Vec::new();
        entry
            .take(HEAD_BYTES)
            .read_to_end(&mut head)
            .map_err(|cause| broken(&cause))?;
        let stated = stated_count(&String::from_utf8_lossy(&head));
        if stated.is_some_and(|stated| n_bytes / MIN_SHARED_TEXT_BYTES < stated) {
            return Err(error(
                FindingCode::XlsxTooLarge,
                "the file announces more shared texts than it can hold",
                "open it in a spreadsheet program and save it again",
            ));
        }
    }
    Ok(())
}

/// The number behind `uniqueCount=`.
fn stated_count(head: &str) -> Option<u64> {
    let (_, rest) = head.split_once("uniqueCount")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let rest = rest.strip_prefix(['"', '\''])?;
    let digits = rest.split(['"', '\'']).next()?;
    // A number that is too long to be read is too large as well.
    Some(digits.trim().parse().unwrap_or(u64::MAX))
}

/// Refuses an ODS whose repeated cells are too many.
fn check_repeats<R: Read + Seek>(zip: &mut ZipArchive<R>) -> Result<(), Finding> {
    let content = zip.by_name("content.xml").map_err(|cause| broken(&cause))?;
    let content: Box<dyn BufRead + '_> = Box::new(BufReader::new(content));
    let n_cells = repeats::cells(content).map_err(|cause| broken(&cause))?;
    if MAX_CELLS < n_cells {
        return Err(too_many_cells());
    }
    Ok(())
}

fn broken(cause: &dyn std::fmt::Display) -> Finding {
    error(
        FindingCode::FileUnreadable,
        format!("the spreadsheet cannot be read: {cause}"),
        "open it in a spreadsheet program and save it again as XLSX",
    )
}

fn no_workbook(cause: &dyn std::fmt::Display) -> Finding {
    error(
        FindingCode::FileUnsupported,
        format!(
            "the file is an old Office document, but no spreadsheet without a password: {cause}"
        ),
        "save the sheet as XLSX or CSV UTF-8, without a password",
    )
}
