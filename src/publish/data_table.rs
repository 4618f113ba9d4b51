//! A table with typed cells, as people take it away: what CSV files and workbooks are written from.

/// A table, and what must be known to read it.
#[derive(Debug, Clone, PartialEq)]
pub struct DataTable {
    /// Name of the sheet with the rows.
    pub name: String,
    /// Headings, in order.
    pub headings: Vec<String>,
    /// Rows, each with one cell a heading.
    pub rows: Vec<Vec<Cell>>,
    /// Name of the sheet that explains the rows.
    pub about_name: String,
    /// What explains them, line by line: a label, then what it is.
    pub about: Vec<Vec<Cell>>,
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Text, codes included: never turned into a number, a date or a formula.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number in thousandths, written with as many of three decimals as it needs.
    Thousandths(i64),
    /// A coordinate in ten millionths of a degree (1 cm), written with a point in every language, as programs read it.
    Degrees(i64),
    /// Nothing is known.
    Empty,
}

impl Cell {
    /// A cell of text; empty where there is none.
    pub fn text(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Empty, |text| Self::Text(text.into()))
    }

    /// A cell of a coordinate in degrees.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "360 degrees are 3.6 thousand million ten millionths"
    )]
    pub fn degrees(degrees: f64) -> Self {
        Self::Degrees((degrees * 1e7).round() as i64)
    }

    /// A cell of a number in thousandths; empty where there is none.
    pub fn thousandths(number: Option<i64>) -> Self {
        number.map_or(Self::Empty, Self::Thousandths)
    }
}
