//! Files of results.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use crate::app::AppError;
use crate::domain::{LonLat, Metric, Millimetres, Milliseconds};
use crate::publish::{Column, ColumnKind, RowFile, RowForm, RowSchema, Shape, Value};

/// A file to write, and the form that its suffix names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutFile {
    /// Where.
    pub path: PathBuf,
    /// How.
    pub form: OutForm,
}

/// A form of a result's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is the form it names")]
pub enum OutForm {
    Csv,
    GeoJson,
    FlatGeobuf,
    Parquet,
}

impl OutForm {
    /// By the suffix of a file's name.
    pub const ALL: [(&'static str, Self); 4] = [
        ("csv", Self::Csv),
        ("geojson", Self::GeoJson),
        ("fgb", Self::FlatGeobuf),
        ("parquet", Self::Parquet),
    ];

    fn in_publish(self) -> RowForm {
        match self {
            Self::Csv => RowForm::Csv,
            Self::GeoJson => RowForm::GeoJson,
            Self::FlatGeobuf => RowForm::FlatGeobuf,
            Self::Parquet => RowForm::Parquet,
        }
    }
}

impl OutFile {
    /// Looks whether the file could be written, before anything is computed.
    ///
    /// # Errors
    /// The form is not there, or the folder.
    pub(super) fn check(&self) -> Result<(), AppError> {
        if self.form == OutForm::Parquet && !cfg!(feature = "parquet") {
            return Err(AppError::Usage(
                "this program was built without the feature `parquet`; write .csv, .geojson or .fgb"
                    .to_owned(),
            ));
        }
        if !self.form.in_publish().is_there() {
            return Err(AppError::Usage(format!(
                "cannot write {}: the GDAL of this machine has no driver for it; write .csv or .geojson",
                self.path.display()
            )));
        }
        check_folder(&self.path)
    }

    /// Begins the file; it is there only when it is finished.
    ///
    /// # Errors
    /// It cannot be written, or not in this form.
    pub(super) fn begin(
        &self,
        name: &'static str,
        shape: Shape,
        columns: &[Column],
        metadata: &Json,
    ) -> Result<RowFile, AppError> {
        let schema = RowSchema {
            name,
            shape,
            columns,
            metadata,
        };
        Ok(RowFile::begin(&self.path, self.form.in_publish(), &schema)?)
    }
}

/// A result is never written into a folder that is not there.
pub(super) fn check_folder(path: &Path) -> Result<(), AppError> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    match folder {
        Some(folder) if !folder.is_dir() => Err(AppError::Usage(format!(
            "cannot write {}: there is no folder {}",
            path.display(),
            folder.display()
        ))),
        _ => Ok(()),
    }
}

pub(super) const fn text(name: &'static str) -> Column {
    Column {
        name,
        kind: ColumnKind::Text,
    }
}

pub(super) const fn integer(name: &'static str) -> Column {
    Column {
        name,
        kind: ColumnKind::Integer,
    }
}

pub(super) const fn real(name: &'static str) -> Column {
    Column {
        name,
        kind: ColumnKind::Real,
    }
}

pub(super) fn seconds(time: Option<Milliseconds>) -> Value {
    Value::real(time.map(Milliseconds::to_seconds))
}

pub(super) fn metres(length: Option<Millimetres>) -> Value {
    Value::real(length.map(Millimetres::to_metres))
}

pub(super) fn point(place: LonLat) -> geo_types::Geometry<f64> {
    geo_types::Point::new(place.lon(), place.lat()).into()
}

/// Whether the metric's quantity can be limited so, for the flags that name a unit.
pub(super) fn unit(metric: Metric) -> &'static str {
    match metric {
        Metric::Time => "min",
        Metric::Distance => "m",
    }
}
