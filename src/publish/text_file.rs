//! Writes tables as GeoJSON and as CSV with coordinates.

use std::path::Path;

use geo_types::Geometry;
use geojson::{Feature, FeatureCollection, GeometryValue, JsonObject, JsonValue};

use super::PublishError;
use super::atomic_file::write_whole;
use super::feature_table::{Column, FeatureTable, Row, Value};

/// Writes a table as a GeoJSON feature collection (RFC 7946), its description as the member `notice`.
///
/// # Errors
/// The file cannot be written.
pub fn write_geojson(table: &FeatureTable, path: &Path) -> Result<(), PublishError> {
    let mut members = JsonObject::new();
    members.insert("name".to_owned(), table.name.into());
    if let Some(description) = table.description {
        members.insert("notice".to_owned(), description.into());
    }
    let collection = FeatureCollection {
        bbox: None,
        features: table
            .rows
            .iter()
            .map(|row| feature(&table.columns, row))
            .collect(),
        foreign_members: Some(members),
    };
    write_whole(path, format!("{collection}\n").as_bytes())
}

pub(super) fn feature(columns: &[Column], row: &Row) -> Feature {
    let properties: JsonObject = columns
        .iter()
        .zip(&row.values)
        .map(|(column, value)| (column.name.to_owned(), json(value)))
        .collect();
    Feature {
        bbox: None,
        geometry: Some(GeometryValue::from(&row.geometry).into()),
        id: None,
        properties: Some(properties),
        foreign_members: None,
    }
}

fn json(value: &Value) -> JsonValue {
    match value {
        Value::Text(text) => text.as_str().into(),
        Value::Integer(number) => (*number).into(),
        Value::Real(number) => (*number).into(),
        Value::Empty => JsonValue::Null,
    }
}

/// Writes a table of points as UTF-8 CSV with a header; the last two columns are `lon` and `lat` in degrees.
///
/// # Errors
/// A geometry that is no point, or the file cannot be written.
pub fn write_csv(table: &FeatureTable, path: &Path) -> Result<(), PublishError> {
    let names = table.columns.iter().map(|column| column.name);
    let mut text = line(names.chain(["lon", "lat"]));
    for row in &table.rows {
        let Geometry::Point(point) = row.geometry else {
            return Err(PublishError::Unfit {
                path: path.to_owned(),
                reason: "only points have a longitude and a latitude".to_owned(),
            });
        };
        let values = row.values.iter().map(plain);
        let place = [format!("{:.6}", point.x()), format!("{:.6}", point.y())];
        text += &line(values.chain(place));
    }
    write_whole(path, text.as_bytes())
}

fn plain(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Empty => String::new(),
    }
}

/// One record of RFC 4180, but ended by a line feed alone.
pub(super) fn line(fields: impl Iterator<Item = impl AsRef<str>>) -> String {
    let quoted: Vec<String> = fields.map(|field| quoted(field.as_ref())).collect();
    quoted.join(",") + "\n"
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_with_a_comma_or_a_quote_is_quoted() {
        let fields = ["a", "b,c", "say \"d\""].into_iter();
        assert_eq!(line(fields), "a,\"b,c\",\"say \"\"d\"\"\"\n");
    }
}
