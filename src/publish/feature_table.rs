//! Features and their attributes, ready for any vector format.

use geo_types::Geometry;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text.
    Text,
    /// Whole numbers.
    Integer,
    /// Numbers with a fraction.
    Real,
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name; a shapefile takes ten characters at most.
    pub name: &'static str,
    /// What it holds.
    pub kind: ColumnKind,
}

/// One value, of its column's kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A finite number.
    Real(f64),
    /// Nothing is known: an empty field, or null.
    Empty,
}

impl Value {
    /// A text, or nothing.
    pub fn text(text: Option<impl Into<String>>) -> Self {
        text.map_or(Self::Empty, |text| Self::Text(text.into()))
    }

    /// A number, or nothing.
    pub fn real(number: Option<f64>) -> Self {
        number.map_or(Self::Empty, Self::Real)
    }
}

/// The kind of all geometries of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Points.
    Point,
    /// Single or multiple lines.
    Line,
    /// Single or multiple polygons.
    Polygon,
}

/// A feature: where it is, and one value for each column.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// In EPSG:4326.
    pub geometry: Geometry<f64>,
    /// In the order of the columns.
    pub values: Vec<Value>,
}

/// A layer of features in EPSG:4326.
#[derive(Debug, Clone, PartialEq)]
pub struct FeatureTable {
    /// The layer's name within the file.
    pub name: &'static str,
    /// A sentence about it for formats that have room for one.
    pub description: Option<&'static str>,
    /// What the geometries are.
    pub shape: Shape,
    /// The columns.
    pub columns: Vec<Column>,
    /// The features, in the order written.
    pub rows: Vec<Row>,
}
