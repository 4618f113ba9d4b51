//! Which rows of a table are its headings: not always the first one, and not always one.

use super::place::Headings;
use super::{TableCell, TableRow};

/// Rows in which headings are looked for: a title, an address and a date are about ten.
pub(super) const MAX_ROWS_ABOVE: usize = 20;

/// The headings of a table.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Heading {
    /// Names of the columns: none empty, each once.
    pub(super) names: Vec<String>,
    /// Position, among the rows looked at, of the first row that is data.
    pub(super) first_data_row: usize,
    /// Number of the row, or of the two rows, that hold the headings; from 1, as the file counts.
    pub(super) row_numbers: (u64, u64),
    /// Whether a row that only numbers the columns was passed over.
    pub(super) has_numbering: bool,
}

impl Heading {
    /// Makes room for columns without headings, up to `width`.
    pub(super) fn widen(&mut self, width: usize) {
        if self.names.len() < width {
            self.names = distinct(std::mem::take(&mut self.names), width);
        }
    }
}

/// Finds the headings in the first rows of a table, of which there are at least [`MAX_ROWS_ABOVE`] and two more
/// unless it has fewer.
///
/// They are the first row that names a longitude and a latitude, else a geometry or both in one, together with the
/// row above or below that fills its gaps, as merged cells do. Of a table by village they are the first row that names
/// a code. Where no row names either, the first row of several cells is taken, so that somebody can be told what it
/// holds. None where all rows are empty.
pub(super) fn find(rows: &[TableRow], headings: &Headings<'_>) -> Option<Heading> {
    let above = &rows[..rows.len().min(MAX_ROWS_ABOVE)];
    let names = |row: &TableRow| -> Vec<String> {
        row.cells.iter().map(|cell| clean(&cell.text)).collect()
    };
    let first = |fits: &dyn Fn(&[String]) -> bool| above.iter().position(|row| fits(&names(row)));
    let by_place = || {
        first(&|names| headings.find_pair(names).is_some())
            .or_else(|| first(&|names| headings.find(names).is_some()))
    };
    let by_code = || first(&|names| headings.has_code(names));
    let main = if headings.is_by_code {
        by_code().or_else(by_place)
    } else {
        by_place().or_else(by_code)
    };
    let main = main.or_else(|| first_of_several(above))?;
    let (upper, lower) = if 0 < main && fills_gaps(&rows[main - 1], &rows[main]) {
        (main - 1, main)
    } else if main + 1 < rows.len() && fills_gaps(&rows[main], &rows[main + 1]) {
        (main, main + 1)
    } else {
        (main, main)
    };
    let width = rows.iter().map(TableRow::width).max().unwrap_or_default();
    let joined = if upper == lower {
        names(&rows[main])
    } else {
        joined(&rows[upper], &rows[lower], width)
    };
    let has_numbering = rows.get(lower + 1).is_some_and(only_numbers_columns);
    Some(Heading {
        names: distinct(joined, rows[lower].cells.len().max(rows[upper].cells.len())),
        first_data_row: lower + 1 + usize::from(has_numbering),
        row_numbers: (rows[upper].number, rows[lower].number),
        has_numbering,
    })
}

fn first_of_several(rows: &[TableRow]) -> Option<usize> {
    let n_filled = |row: &TableRow| row.cells.iter().filter(|cell| !cell.is_empty()).count();
    rows.iter()
        .position(|row| 1 < n_filled(row))
        .or_else(|| rows.iter().position(|row| 0 < n_filled(row)))
}

/// Whether the lower of two rows only says more of merged cells of the upper one: whatever it holds stands under a gap
/// of the upper row or under the cell left of one, and some of it under a gap.
fn fills_gaps(upper: &TableRow, lower: &TableRow) -> bool {
    let empty = |column: usize| upper.cells.get(column).is_none_or(TableCell::is_empty);
    let mut has_filled = false;
    for (column, cell) in lower.cells.iter().enumerate() {
        if cell.is_empty() {
            continue;
        }
        let is_gap = empty(column) && (0..column).any(|before| !empty(before));
        let is_start = !empty(column) && empty(column + 1) && column + 1 < lower.cells.len();
        if !is_gap && !is_start || cell.is_number {
            return false;
        }
        has_filled |= is_gap;
    }
    // A title is one cell; the row below it is a heading of its own.
    has_filled && 1 < upper.cells.iter().filter(|cell| !cell.is_empty()).count()
}

/// Names of two rows: the lower one's where it has one; with the upper one's before it where it stands twice.
fn joined(upper: &TableRow, lower: &TableRow, width: usize) -> Vec<String> {
    let text = |row: &TableRow, column: usize| {
        let cell = row.cells.get(column);
        cell.map(|cell| clean(&cell.text)).unwrap_or_default()
    };
    let mut group = String::new();
    let pairs: Vec<(String, String)> = (0..width)
        .map(|column| {
            let (above, below) = (text(upper, column), text(lower, column));
            if !above.is_empty() {
                group.clone_from(&above);
            } else if below.is_empty() {
                group.clear();
            }
            (group.clone(), below)
        })
        .collect();
    pairs
        .iter()
        .map(|(group, name)| {
            let is_twice = 1 < pairs.iter().filter(|(_, other)| other == name).count();
            match (group.as_str(), name.as_str()) {
                (group, "") => group.to_owned(),
                ("", name) => name.to_owned(),
                (group, name) if is_twice => format!("{group} {name}"),
                (_, name) => name.to_owned(),
            }
        })
        .collect()
}

/// Whether a row says 1, 2, 3 … under the headings, perhaps in brackets, as tables of statistics do.
fn only_numbers_columns(row: &TableRow) -> bool {
    let numbers: Vec<Option<usize>> = row
        .cells
        .iter()
        .filter(|cell| !cell.is_empty())
        .map(|cell| {
            let text = cell.text.trim();
            let inner = text
                .strip_prefix('(')
                .and_then(|text| text.strip_suffix(')'));
            inner.unwrap_or(text).parse().ok()
        })
        .collect();
    let first = numbers.first().copied().flatten();
    2 < numbers.len()
        && first.is_some_and(|first| {
            first <= 1
                && numbers
                    .iter()
                    .enumerate()
                    .all(|(at, number)| *number == Some(first + at))
        })
}

/// A heading in one line.
fn clean(text: &str) -> String {
    text.split(|character: char| character.is_whitespace() || character.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// `width` names: those that are empty are numbered, those that stand twice are told apart.
fn distinct(mut names: Vec<String>, width: usize) -> Vec<String> {
    names.resize(width, String::new());
    let mut taken = std::collections::HashSet::new();
    for (column, name) in names.iter_mut().enumerate() {
        if name.is_empty() {
            *name = format!("field_{}", column + 1);
        }
        let mut unique = name.clone();
        let mut copy = 2;
        // Names are compared without case by whoever filters.
        while !taken.insert(unique.to_lowercase()) {
            unique = format!("{name}_{copy}");
            copy += 1;
        }
        *name = unique;
    }
    names
}

#[cfg(test)]
mod tests {
    use crate::ingest::synonyms::SYNONYMS;

    use super::*;

    fn rows(lines: &[&str]) -> Vec<TableRow> {
        let lines = lines.iter().zip(1..);
        lines
            .map(|(line, number)| TableRow {
                number,
                cells: line
                    .split('|')
                    .map(|cell| TableCell::text(cell.trim()))
                    .collect(),
            })
            .collect()
    }

    fn found(lines: &[&str]) -> Option<Heading> {
        let longitude = SYNONYMS.columns_of_any("longitude");
        let latitude = SYNONYMS.columns_of_any("latitude");
        let code = ["kodedesa".to_owned()];
        find(
            &rows(lines),
            &Headings {
                code: &code,
                is_by_code: false,
                longitude: &longitude,
                latitude: &latitude,
            },
        )
    }

    fn names_and_start(lines: &[&str]) -> (Vec<String>, usize) {
        let heading = found(lines).unwrap();
        (heading.names, heading.first_data_row)
    }

    fn owned(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn titles_above_are_passed_over() {
        let lines = [
            "DAFTAR PUSKESMAS, KABUPATEN ABC||",
            "||",
            "Tahun 2025||",
            "Nama|Bujur|Lintang",
            "Pustu Satu|102,5|-2,5",
        ];
        assert_eq!(
            names_and_start(&lines),
            (owned(&["Nama", "Bujur", "Lintang"]), 4)
        );
    }

    #[test]
    fn merged_headings_over_two_lines_are_one() {
        let lines = [
            "No|Nama Sekolah|Koordinat||Murid||Ket.",
            "||Bujur|Lintang|L|P|",
            "1|SD 1|102.5|-2.5|10|12|",
        ];
        let (names, start) = names_and_start(&lines);
        assert_eq!(
            names,
            owned(&["No", "Nama Sekolah", "Bujur", "Lintang", "L", "P", "Ket."])
        );
        assert_eq!(start, 2);
    }

    #[test]
    fn names_that_stand_under_two_groups_keep_the_group() {
        let lines = ["Nama|X|Y|Guru||Murid|", "|||L|P|L|P", "SD 1|1|2|3|4|5|6"];
        assert_eq!(
            names_and_start(&lines),
            (
                owned(&["Nama", "X", "Y", "Guru L", "Guru P", "Murid L", "Murid P"]),
                2
            )
        );
    }

    #[test]
    fn a_record_without_coordinates_is_no_second_line_of_headings() {
        let lines = [
            "Nama|Bujur|Lintang|Ket",
            "SD 1|||belum disurvei",
            "SD 2|1|2|",
        ];
        assert_eq!(names_and_start(&lines).1, 1);
    }

    #[test]
    fn a_row_that_numbers_the_columns_is_no_record() {
        for numbering in ["(1)|(2)|(3)", "1|2|3"] {
            let heading = found(&["Nama|Bujur|Lintang", numbering, "SD 1|102|-2"]).unwrap();
            assert_eq!((heading.first_data_row, heading.has_numbering), (2, true));
        }
        let heading = found(&["Nama|Bujur|Lintang", "1|102|-2"]).unwrap();
        assert_eq!((heading.first_data_row, heading.has_numbering), (1, false));
    }

    #[test]
    fn without_coordinates_the_first_row_of_several_cells_is_told() {
        let (names, start) = names_and_start(&["Laporan", "name|tier|", "a|sd|3", "b|sd|4"]);
        assert_eq!((names, start), (owned(&["name", "tier", "field_3"]), 2));
        assert_eq!(names_and_start(&["", "name"]).0, owned(&["name"]));
        assert_eq!(found(&["||", ""]), None);
    }

    #[test]
    fn a_table_by_village_is_known_by_its_code() {
        let lines = [
            "JUMLAH PENDUDUK|2025",
            "Kode Desa|Jiwa",
            "99.01.01.2001|1234",
        ];
        assert_eq!(names_and_start(&lines), (owned(&["Kode Desa", "Jiwa"]), 2));
    }

    #[test]
    fn both_coordinates_in_one_column_do_as_well() {
        let lines = ["Data|", "Nama|Koordinat", "SD 1|-2.5, 102.5"];
        assert_eq!(names_and_start(&lines), (owned(&["Nama", "Koordinat"]), 2));
    }

    #[test]
    fn names_are_never_empty_and_never_twice() {
        let lines = ["x|y||Nama|NAMA|field_3", "1|2|3|4|5|6"];
        assert_eq!(
            names_and_start(&lines).0,
            owned(&["x", "y", "field_3", "Nama", "NAMA_2", "field_3_2"])
        );
    }
}
