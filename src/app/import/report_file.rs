//! The report of an import as a file.

use std::path::Path;

use geo_types::{Geometry, GeometryCollection};
use serde_json::json;

use crate::app::AppError;
use crate::domain::ImportReport;
use crate::publish::{
    Column, ColumnKind, Row, RowFile, RowForm, RowSchema, Shape, UnfinishedFile, Value,
};

/// Writes the report: all of it as `.json`, its rows as `.csv`.
///
/// # Errors
/// The suffix is of neither, or the file cannot be written.
pub fn write_report(report: &ImportReport, out: &Path) -> Result<(), AppError> {
    match out.extension().and_then(|suffix| suffix.to_str()) {
        Some("json") => {
            let text = serde_json::to_vec_pretty(report).map_err(|cause| AppError::System {
                doing: "write the report",
                cause: cause.to_string(),
            })?;
            let mut file = UnfinishedFile::begin(out)?;
            file.write(&text)?;
            Ok(file.finish()?)
        }
        Some("csv") => write_rows(report, out),
        _ => Err(AppError::Usage(format!(
            "cannot write {}: a report goes into .json or .csv",
            out.display()
        ))),
    }
}

fn write_rows(report: &ImportReport, out: &Path) -> Result<(), AppError> {
    let column = |name, kind| Column { name, kind };
    let columns = [
        column("code", ColumnKind::Text),
        column("severity", ColumnKind::Text),
        column("file", ColumnKind::Text),
        column("row", ColumnKind::Integer),
        column("column", ColumnKind::Text),
        column("value", ColumnKind::Text),
        column("cause", ColumnKind::Text),
        column("mend", ColumnKind::Text),
    ];
    let schema = RowSchema {
        name: "report",
        shape: Shape::Point,
        columns: &columns,
        metadata: &json!({}),
    };
    let mut file = RowFile::begin(out, RowForm::Csv, &schema)?;
    for row in &report.rows {
        file.write(&Row {
            // CSV has no room for it.
            geometry: Geometry::GeometryCollection(GeometryCollection::default()),
            values: vec![
                Value::Text(row.code.to_string()),
                Value::Text(row.severity.to_string()),
                Value::Text(row.file.clone()),
                row.fid.map_or(Value::Empty, Value::Integer),
                Value::text(row.field.clone()),
                Value::text(row.value.clone()),
                Value::Text(row.cause.clone()),
                Value::Text(row.mend.clone()),
            ],
        })?;
    }
    Ok(file.finish()?)
}
