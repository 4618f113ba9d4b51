//! A table with its headings in the first line, for GDAL: what is above them is left out, and what is odd is marked.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use csv::{QuoteStyle, Writer, WriterBuilder};

use crate::domain::{Finding, FindingCode, Severity};
use crate::ingest::reader::unreadable;

use super::heading::{self, Heading, MAX_ROWS_ABOVE};
use super::place::{self, Headings, PlaceColumns};
use super::{TableCell, TableRow};

/// Columns of our own before those of the table: the number of the record, what is wrong with its row, and which cells
/// hold numbers.
pub(in crate::ingest::reader) const OWN_COLUMNS: [&str; 3] =
    ["jangkau_row", "jangkau_flaw", "jangkau_numbers"];

/// How records are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbering {
    /// From 1 below the headings, as GDAL and QGIS number those of a CSV.
    Records,
    /// As the rows of the sheet, as GDAL, QGIS and the spreadsheet program number them.
    Rows,
}

/// What is right of the headings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overhang {
    /// The row is broken: one separator too many moves all cells behind it.
    Refused,
    /// A note of somebody: cells have their places.
    LeftOut,
}

/// A table that was written for GDAL.
#[derive(Debug)]
pub(in crate::ingest::reader) struct StagedTable {
    /// Headings, without our own columns.
    pub(in crate::ingest::reader) names: Vec<String>,
    /// Where the coordinates are.
    pub(in crate::ingest::reader) place: Option<PlaceColumns>,
    pub(in crate::ingest::reader) n_records: u64,
    /// What was passed over.
    pub(in crate::ingest::reader) notes: Vec<Finding>,
}

/// Takes the rows of one table.
pub(super) struct Stager<'a, W: Write> {
    headings: Headings<'a>,
    numbering: Numbering,
    overhang: Overhang,
    out: Writer<W>,
    /// Rows until the headings are known.
    first_rows: Vec<TableRow>,
    heading: Option<Heading>,
    n_records: u64,
    n_short: u64,
    n_overhanging: u64,
}

impl<'a> Stager<'a, BufWriter<File>> {
    /// Writes to a new file.
    pub(super) fn create(
        target: &Path,
        headings: Headings<'a>,
        numbering: Numbering,
        overhang: Overhang,
    ) -> io::Result<Self> {
        let out = BufWriter::with_capacity(1 << 16, File::create_new(target)?);
        Ok(Self::new(out, headings, numbering, overhang))
    }
}

impl<'a, W: Write> Stager<'a, W> {
    pub(super) fn new(
        out: W,
        headings: Headings<'a>,
        numbering: Numbering,
        overhang: Overhang,
    ) -> Self {
        Self {
            headings,
            numbering,
            overhang,
            out: WriterBuilder::new()
                .quote_style(QuoteStyle::Always)
                .from_writer(out),
            first_rows: Vec::new(),
            heading: None,
            n_records: 0,
            n_short: 0,
            n_overhanging: 0,
        }
    }

    /// Takes the next row.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn push(&mut self, row: TableRow) -> Result<(), Finding> {
        if row.is_empty() {
            return Ok(());
        }
        if self.heading.is_some() {
            return self.record(&row);
        }
        self.first_rows.push(row);
        if self.first_rows.len() < MAX_ROWS_ABOVE + 2 {
            return Ok(());
        }
        self.begin()
    }

    /// Ends the table; none where all its rows are empty.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn finish(mut self) -> Result<Option<StagedTable>, Finding> {
        if self.heading.is_none() {
            self.begin()?;
        }
        self.out.flush().map_err(|cause| unreadable(&cause))?;
        let notes = self.notes();
        let Some(heading) = self.heading else {
            return Ok(None);
        };
        Ok(Some(StagedTable {
            place: self.headings.find(&heading.names),
            names: heading.names,
            n_records: self.n_records,
            notes,
        }))
    }

    fn begin(&mut self) -> Result<(), Finding> {
        let rows = std::mem::take(&mut self.first_rows);
        let Some(mut heading) = heading::find(&rows, &self.headings) else {
            return Ok(());
        };
        let data = &rows[heading.first_data_row.min(rows.len())..];
        if self.overhang == Overhang::LeftOut {
            let width = data.iter().map(TableRow::width).max().unwrap_or_default();
            heading.widen(width);
        }
        let own = OWN_COLUMNS.iter().copied();
        self.out
            .write_record(own.chain(heading.names.iter().map(String::as_str)))
            .map_err(not_written)?;
        self.heading = Some(heading);
        data.iter().try_for_each(|row| self.record(row))
    }

    fn record(&mut self, row: &TableRow) -> Result<(), Finding> {
        let Some(heading) = &self.heading else {
            return Ok(());
        };
        let width = heading.names.len();
        self.n_records += 1;
        let number = match self.numbering {
            Numbering::Records => self.n_records,
            Numbering::Rows => row.number,
        };
        let mut flaw = String::new();
        if width < row.width() {
            match self.overhang {
                Overhang::LeftOut => self.n_overhanging += 1,
                Overhang::Refused => {
                    flaw = format!(
                        "line {} has {} cells, and there are only {width} headings",
                        row.number,
                        row.width()
                    );
                }
            }
        } else if row.cells.len() < width && self.overhang == Overhang::Refused {
            self.n_short += 1;
        }
        let cells = || (0..width).map(|column| row.cells.get(column));
        if flaw.is_empty() && cells().flatten().any(|cell| cell.text.contains('\0')) {
            flaw = format!("row {} holds a character of code 0", row.number);
        }
        let numbers: String = cells()
            .map(|cell| match cell {
                Some(cell) if cell.is_number => '1',
                _ => '0',
            })
            .collect();
        let number = number.to_string();
        let own = [number.as_str(), flaw.as_str(), numbers.as_str()];
        // To GDAL a line ends at a character of code 0; the row is refused in any case.
        let texts = cells().map(|cell| {
            let text = cell.map_or("", |cell: &TableCell| cell.text.trim());
            if text.contains('\0') { "" } else { text }
        });
        self.out
            .write_record(own.into_iter().chain(texts))
            .map_err(not_written)
    }

    fn notes(&self) -> Vec<Finding> {
        let Some(heading) = &self.heading else {
            return Vec::new();
        };
        let info =
            |code, cause: String, mend: &str| Finding::new(Severity::Info, code, cause, mend);
        let mut notes = Vec::new();
        let (upper, lower) = heading.row_numbers;
        let below = if heading.has_numbering {
            ", and the row below that only numbers the columns was passed over"
        } else {
            ""
        };
        if upper != lower {
            notes.push(info(
                FindingCode::FieldMissing,
                format!("the headings are those of rows {upper} and {lower}{below}"),
                "compare the columns in the report with the table",
            ));
        } else if 1 < lower || heading.has_numbering {
            notes.push(info(
                FindingCode::FieldMissing,
                format!("the headings are those of row {lower}{below}"),
                "compare the columns in the report with the table",
            ));
        }
        if 0 < self.n_short {
            notes.push(info(
                FindingCode::FieldMissing,
                format!(
                    "{} rows have fewer cells than there are headings; the missing ones count as empty",
                    self.n_short
                ),
                "nothing to do where they are empty in the source too",
            ));
        }
        if 0 < self.n_overhanging {
            notes.push(info(
                FindingCode::FieldMissing,
                format!(
                    "{} rows have something right of the headings, which was left out",
                    self.n_overhanging
                ),
                "give the column a heading if it matters",
            ));
        }
        notes
    }
}

fn not_written(cause: csv::Error) -> Finding {
    unreadable(&io::Error::other(cause))
}

/// The columns of coordinates of a staged table.
///
/// # Errors
/// It has none.
pub(in crate::ingest::reader) fn place_columns(
    table: &StagedTable,
    headings: &Headings<'_>,
) -> Result<PlaceColumns, Finding> {
    table
        .place
        .ok_or_else(|| place::no_columns(&table.names, headings))
}
