//! The rows of a CSV, whatever separates its cells and whatever encoding it is in.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

use csv::{ErrorKind, ReaderBuilder, StringRecord};
use encoding_rs::Encoding;

use crate::domain::{Finding, FindingCode};
use crate::ingest::findings::error;
use crate::ingest::reader::unreadable;

use super::decode::Decoded;
use super::{MAX_CELLS, MAX_COLUMNS, MAX_ROW_BYTES, TableCell, TableRow, too_many_cells, too_wide};

/// What may separate cells; where two do equally well, the first.
const SEPARATORS: [u8; 4] = [b';', b'\t', b'|', b','];

/// Bytes that are looked at for the separator.
const SAMPLE_BYTES: u64 = 64 * 1024;

/// Takes a row.
pub(super) type Visit<'v> = &'v mut dyn FnMut(TableRow) -> Result<(), Finding>;

/// Hands each row that is not empty to `visit`; `open` gives the file from its start as often as it is called.
///
/// # Errors
/// The file cannot be read, a row or the table is larger than it may be, or `visit` fails.
pub(super) fn rows<R: Read>(
    open: impl Fn() -> io::Result<R>,
    encoding: &'static Encoding,
    visit: Visit<'_>,
) -> Result<(), Finding> {
    let io = |cause: io::Error| unreadable(&cause);
    let mut sample = Vec::new();
    Decoded::new(open().map_err(io)?, encoding)
        .take(SAMPLE_BYTES)
        .read_to_end(&mut sample)
        .map_err(io)?;
    let n_bytes_of_row = Rc::new(Cell::new(0));
    let counted = Counted {
        from: Decoded::new(open().map_err(io)?, encoding),
        n_bytes: Rc::clone(&n_bytes_of_row),
    };
    let mut reader = ReaderBuilder::new()
        .delimiter(separator(&sample))
        .has_headers(false)
        .flexible(true)
        .from_reader(counted);
    let mut record = StringRecord::new();
    let mut n_cells: u64 = 0;
    loop {
        n_bytes_of_row.set(0);
        let line = reader.position().line();
        if !reader
            .read_record(&mut record)
            .map_err(|cause| broken(cause, line))?
        {
            return Ok(());
        }
        let number = first_line(&record, reader.position().line());
        if is_hint(&record, number) || record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if MAX_COLUMNS < record.len() {
            return Err(too_wide(number));
        }
        n_cells += record.len() as u64;
        if MAX_CELLS < n_cells {
            return Err(too_many_cells());
        }
        visit(TableRow {
            number,
            cells: record.iter().map(TableCell::text).collect(),
        })?;
    }
}

/// The line in which a record begins, where the next one begins in line `next`: blank lines before it do not count.
fn first_line(record: &StringRecord, next: u64) -> u64 {
    let n_breaks: usize = record.iter().map(|cell| cell.matches('\n').count()).sum();
    let by_end = next.saturating_sub(1 + n_breaks as u64);
    // The last line may have no end.
    let by_start = record.position().map_or(by_end, csv::Position::line);
    by_start.max(by_end)
}

/// `sep=;` in the first line is a hint to Excel, and the sample has told as much.
fn is_hint(record: &StringRecord, number: u64) -> bool {
    number == 1
        && record.get(0).is_some_and(|cell| {
            cell.to_ascii_lowercase()
                .strip_prefix("sep=")
                .is_some_and(|separator| separator.len() <= 1)
        })
}

/// The separator that gives most rows of the sample the same number of cells, and more than one.
fn separator(sample: &[u8]) -> u8 {
    let score = |separator: u8| {
        let mut reader = ReaderBuilder::new()
            .delimiter(separator)
            .has_headers(false)
            .flexible(true)
            .from_reader(sample);
        let mut widths = std::collections::BTreeMap::<usize, usize>::new();
        for record in reader.byte_records().map_while(Result::ok) {
            *widths.entry(record.len()).or_default() += 1;
        }
        let most = widths.into_iter().filter(|(width, _)| 1 < *width);
        most.map(|(width, n_rows)| (n_rows, width)).max()
    };
    let mut best = (None, b',');
    for separator in SEPARATORS {
        let score = score(separator);
        if best.0 < score {
            best = (score, separator);
        }
    }
    best.1
}

fn broken(cause: csv::Error, line: u64) -> Finding {
    match cause.into_kind() {
        ErrorKind::Io(cause) if cause.kind() == io::ErrorKind::FileTooLarge => error(
            FindingCode::ParseLimit,
            format!("the row that begins in line {line} has more than {MAX_ROW_BYTES} bytes"),
            "look for a quotation mark that is opened there and never closed",
        ),
        ErrorKind::Io(cause) => unreadable(&cause),
        cause => error(
            FindingCode::FileUnreadable,
            format!("line {line} cannot be read: {cause:?}"),
            "open the file in a spreadsheet program and save it again as CSV UTF-8",
        ),
    }
}

/// Counts bytes, and fails where one row takes too many.
struct Counted<R> {
    from: R,
    n_bytes: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if MAX_ROW_BYTES < self.n_bytes.get() {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let n_bytes = self.from.read(buffer)?;
        self.n_bytes.set(self.n_bytes.get() + n_bytes as u64);
        Ok(n_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<(u64, Vec<String>)>, Finding> {
        let mut found = Vec::new();
        rows(|| Ok(text.as_bytes()), encoding_rs::UTF_8, &mut |row| {
            let texts = row.cells.into_iter().map(|cell| cell.text).collect();
            found.push((row.number, texts));
            Ok(())
        })?;
        Ok(found)
    }

    #[test]
    fn what_makes_rows_alike_separates_cells() {
        for (text, separator) in [
            ("a;b;c\n1,5;2,5;x\n3,5;4,5;y\n", b';'),
            ("a,b\n\"1;2\",\"x\"\n", b','),
            ("a\tb\n1,5\t2\n", b'\t'),
            ("Daftar, tahun 2025\n;;\na;b;c\n1;2;3\n", b';'),
            ("a|b\n1|2\n", b'|'),
            ("word\n", b','),
        ] {
            assert_eq!(super::separator(text.as_bytes()), separator, "{text}");
        }
    }

    #[test]
    fn a_row_is_known_by_its_first_line_and_empty_ones_are_passed_over() {
        let found = read("sep=;\na;b\n\n\"two\nlines\";2\n;\n3;4").unwrap();
        let texts = |a: &str, b: &str| vec![a.to_owned(), b.to_owned()];
        assert_eq!(
            found,
            [
                (2, texts("a", "b")),
                (4, texts("two\nlines", "2")),
                (7, texts("3", "4"))
            ]
        );
    }

    #[test]
    fn a_quote_that_is_never_closed_costs_no_memory_and_is_located() {
        let text = format!("a,b\n1,2\n\"{}", "x,".repeat(5_000_000));
        let refused = read(&text).unwrap_err();
        assert_eq!(refused.code, FindingCode::ParseLimit);
        assert!(refused.cause.contains("line 3"), "{}", refused.cause);
    }

    #[test]
    fn too_many_columns_are_refused_and_located() {
        let refused = read(&format!("a,b\n{}1\n", ",".repeat(2000))).unwrap_err();
        assert_eq!(refused.code, FindingCode::XlsxTooLarge);
        assert!(refused.cause.contains("row 2"), "{}", refused.cause);
    }
}
