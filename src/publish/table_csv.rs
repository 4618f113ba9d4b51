//! CSV as spreadsheets of offices here open it: UTF-8 with its mark, `;` between fields, CRLF, no formulas.

use super::data_table::{Cell, DataTable};

/// What tells a spreadsheet that a file is UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// What stands between the whole part of a number and its decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DecimalMark {
    /// `2,5`, as in Bahasa Indonesia.
    Comma,
    /// `2.5`, as in English.
    Point,
}

/// The rows of a table as CSV, headings first; what explains them is left out.
///
/// Text that a spreadsheet could take for a formula gets an apostrophe before it.
///
/// # References
/// RFC 4180, but for the `;`; OWASP, CSV injection.
pub fn table_csv(table: &DataTable, mark: DecimalMark) -> Vec<u8> {
    let mut text = csv_head(&table.headings);
    for row in &table.rows {
        text += &csv_row(row, mark);
    }
    text.into_bytes()
}

/// How such a file begins: its mark and its headings. [`csv_row`] writes what follows.
pub fn csv_head(headings: &[impl AsRef<str>]) -> String {
    let mut text = String::from(BYTE_ORDER_MARK);
    let headings = headings
        .iter()
        .map(|heading| quoted(&safe(heading.as_ref())));
    write_line(&mut text, headings);
    text
}

/// A row of such a file, for files that are written a row at a time.
pub fn csv_row(row: &[Cell], mark: DecimalMark) -> String {
    let mut text = String::new();
    write_line(&mut text, row.iter().map(|cell| field(cell, mark)));
    text
}

fn write_line(out: &mut String, fields: impl Iterator<Item = String>) {
    for (index, field) in fields.enumerate() {
        if index > 0 {
            out.push(';');
        }
        out.push_str(&field);
    }
    out.push_str("\r\n");
}

fn field(cell: &Cell, mark: DecimalMark) -> String {
    match cell {
        // A number is never quoted: some programs would take it for text.
        Cell::Text(text) => quoted(&safe(text)),
        Cell::Whole(number) => number.to_string(),
        Cell::Thousandths(number) => decimal(*number, mark),
        Cell::Degrees(number) => format!("{:.7}", *number as f64 / 1e7),
        Cell::Empty => String::new(),
    }
}

/// `2500` thousandths as `2,5`.
fn decimal(thousandths: i64, mark: DecimalMark) -> String {
    let sign = if thousandths < 0 { "-" } else { "" };
    let size = thousandths.unsigned_abs();
    let whole = size / 1000;
    let decimals = format!("{:03}", size % 1000);
    let mark = match mark {
        DecimalMark::Comma => ',',
        DecimalMark::Point => '.',
    };
    match decimals.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        decimals => format!("{sign}{whole}{mark}{decimals}"),
    }
}

/// Text that no spreadsheet takes for a formula. A single sign stays: it has nothing to compute.
fn safe(text: &str) -> String {
    const STARTS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];
    let is_formula = text.starts_with(STARTS) || text.trim_start().starts_with(STARTS);
    if is_formula && 1 < text.chars().count() {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// Text in quotes where it needs them; a comma too, since it parts fields where English is spoken.
fn quoted(field: &str) -> String {
    if field.contains([';', ',', '"', '\n', '\r', '\t']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn csv(row: Vec<Cell>, mark: DecimalMark) -> String {
        let table = DataTable {
            name: "Data".to_owned(),
            headings: row.iter().map(|_cell| "h".to_owned()).collect(),
            rows: vec![row],
            about_name: "About".to_owned(),
            about: Vec::new(),
        };
        let text = String::from_utf8(table_csv(&table, mark)).unwrap();
        let lines: Vec<&str> = text.split("\r\n").collect();
        assert!(lines[0].starts_with('\u{feff}'));
        assert_eq!(lines[2..], [""], "the last line ends too");
        lines[1].to_owned()
    }

    fn of_text(text: &str) -> String {
        csv(vec![Cell::Text(text.to_owned())], DecimalMark::Comma)
    }

    #[test]
    fn numbers_keep_their_decimals_and_the_mark_of_the_language() {
        let row = || {
            vec![
                Cell::Thousandths(2_500),
                Cell::Thousandths(-1_050),
                Cell::Thousandths(3_000),
                Cell::Whole(1_234),
                Cell::Empty,
            ]
        };
        assert_eq!(csv(row(), DecimalMark::Comma), "2,5;-1,05;3;1234;");
        assert_eq!(csv(row(), DecimalMark::Point), "2.5;-1.05;3;1234;");
    }

    #[test]
    fn text_that_could_be_a_formula_is_kept_from_being_one_row_37() {
        for formula in [
            "=HYPERLINK(\"http://x\")",
            "@SUM(A1)",
            "-2+3",
            "+1",
            " =1+1",
            "\t=1",
            "＝1+1",
        ] {
            assert!(
                of_text(formula).trim_start_matches('"').starts_with('\''),
                "{formula}"
            );
        }
        assert_eq!(of_text("<img onerror>"), "<img onerror>");
        assert_eq!(of_text("Desa-Baru"), "Desa-Baru");
    }

    #[test]
    fn the_sign_of_a_state_stays_what_it_is() {
        assert_eq!(of_text("+"), "+");
        assert_eq!(of_text("–"), "–");
    }

    #[test]
    fn a_separator_a_quote_and_a_line_end_stay_inside_their_field() {
        assert_eq!(of_text("a;b\"c"), "\"a;b\"\"c\"");
        let table = of_text("a\nb");
        assert_eq!(table, "\"a\nb\"");
    }
}
