//! The records that differ between two versions, as a file.

use std::path::Path;

use geo_types::{Geometry, GeometryCollection, Point};
use serde_json::json;

use super::AppError;
use crate::publish::{
    Column, ColumnKind, FeatureTable, Row, RowFile, RowForm, RowSchema, Shape, Value, write_csv,
    write_geojson,
};
use crate::store::{Difference, RecordChange};

/// Writes the records that differ: as CSV, or as points in GeoJSON where they lie anywhere.
///
/// # Errors
/// The suffix is of neither, the layer has no places for GeoJSON, or the file cannot be written.
pub fn write_difference(difference: &Difference, out: &Path) -> Result<(), AppError> {
    let text = |name| Column {
        name,
        kind: ColumnKind::Text,
    };
    let table = FeatureTable {
        name: "difference",
        description: None,
        shape: Shape::Point,
        columns: ["change", "key", "source", "name", "fields"]
            .map(text)
            .into(),
        rows: difference.records.iter().map(row).collect(),
    };
    let suffix = out.extension().and_then(|suffix| suffix.to_str());
    match (suffix, difference.layer.has_geometry()) {
        (Some("csv"), true) => write_csv(&table, out)?,
        (Some("csv"), false) => write_plain_csv(&table, out)?,
        (Some("geojson"), true) => write_geojson(&table, out)?,
        _ => {
            return Err(AppError::Usage(format!(
                "cannot write {}: its suffix must be .csv, or .geojson for a layer with places",
                out.display()
            )));
        }
    }
    Ok(())
}

fn row(record: &RecordChange) -> Row {
    Row {
        geometry: match record.place {
            Some([lon, lat]) => Point::new(lon, lat).into(),
            None => Geometry::GeometryCollection(GeometryCollection::default()),
        },
        values: vec![
            Value::Text(record.change.clone()),
            Value::Text(record.key.clone()),
            Value::Text(record.source.clone()),
            Value::text(record.name.clone()),
            Value::Text(record.fields.join(", ")),
        ],
    }
}

/// Without longitude and latitude.
fn write_plain_csv(table: &FeatureTable, out: &Path) -> Result<(), AppError> {
    let schema = RowSchema {
        name: table.name,
        shape: table.shape,
        columns: &table.columns,
        metadata: &json!({}),
    };
    let mut file = RowFile::begin(out, RowForm::Csv, &schema)?;
    for row in &table.rows {
        file.write(row)?;
    }
    Ok(file.finish()?)
}
