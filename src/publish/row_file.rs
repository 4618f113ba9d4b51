//! Rows of a result, written one after the other: as CSV, GeoJSON, or through GDAL as FlatGeobuf or Parquet.

use std::path::Path;

use gdal::spatial_ref::{AxisMappingStrategy, SpatialRef};
use gdal::vector::{LayerAccess, LayerOptions};
use gdal::{Dataset, DriverManager};
use serde_json::Value as Json;
use tempfile::TempDir;

use super::PublishError;
use super::atomic_file::{UnfinishedFile, move_whole, workshop};
use super::feature_table::{Column, Row, Shape, Value};
use super::text_file::{feature, line};
use super::vector_file::{add_columns, fill, geometry_type};

/// Bytes of text that are collected before they are written.
const CHUNK_BYTES: usize = 1 << 16;

const FLATGEOBUF: &str = "FlatGeobuf";
const PARQUET: &str = "Parquet";

/// A form that rows are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowForm {
    /// Text without geometry: UTF-8 with a header, numbers with three decimals, nothing for what is not there.
    Csv,
    /// A feature collection (RFC 7946); what is said about the rows is its member `metadata`.
    GeoJson,
    /// A FlatGeobuf layer.
    FlatGeobuf,
    /// A GeoParquet file, where GDAL can write one.
    Parquet,
}

impl RowForm {
    /// Whether this machine can write it: some need a driver of GDAL.
    pub fn is_there(self) -> bool {
        let driver = match self {
            Self::Csv | Self::GeoJson => return true,
            Self::FlatGeobuf => FLATGEOBUF,
            Self::Parquet => PARQUET,
        };
        DriverManager::get_driver_by_name(driver).is_ok()
    }
}

/// What the rows of a file have in common.
#[derive(Debug, Clone)]
pub struct RowSchema<'a> {
    /// The layer's name within the file.
    pub name: &'static str,
    /// What the geometries are.
    pub shape: Shape,
    /// The columns.
    pub columns: &'a [Column],
    /// What is said about all rows, where the form has room for it.
    pub metadata: &'a Json,
}

/// A file of rows in the making. Dropped before it is finished, nothing of it is left.
pub struct RowFile {
    columns: Vec<Column>,
    writer: Writer,
}

enum Writer {
    Csv(Text),
    GeoJson(Text, Separator),
    Gdal(Box<Layer>),
}

struct Text {
    file: UnfinishedFile,
    buffer: String,
}

enum Separator {
    None,
    Comma,
}

/// A layer that GDAL writes in a folder beside the file's place.
struct Layer {
    path: std::path::PathBuf,
    unfinished: std::path::PathBuf,
    dataset: Dataset,
    /// Removed when dropped.
    _folder: TempDir,
}

impl RowFile {
    /// Begins a file.
    ///
    /// # Errors
    /// Its folder is not there or may not be written to, or GDAL cannot write the form.
    pub fn begin(path: &Path, form: RowForm, schema: &RowSchema<'_>) -> Result<Self, PublishError> {
        let writer = match form {
            RowForm::Csv => {
                let names = schema.columns.iter().map(|column| column.name);
                Writer::Csv(Text::begin(path, line(names))?)
            }
            RowForm::GeoJson => {
                let head = format!(
                    "{{\"type\":\"FeatureCollection\",\"name\":{},\"metadata\":{},\"features\":[\n",
                    Json::from(schema.name),
                    schema.metadata
                );
                Writer::GeoJson(Text::begin(path, head)?, Separator::None)
            }
            RowForm::FlatGeobuf => Writer::Gdal(Box::new(Layer::begin(path, FLATGEOBUF, schema)?)),
            RowForm::Parquet => Writer::Gdal(Box::new(Layer::begin(path, PARQUET, schema)?)),
        };
        Ok(Self {
            columns: schema.columns.to_vec(),
            writer,
        })
    }

    /// Writes the next row.
    ///
    /// # Errors
    /// There is no room, or GDAL refuses.
    pub fn write(&mut self, row: &Row) -> Result<(), PublishError> {
        match &mut self.writer {
            Writer::Csv(text) => text.add(&line(row.values.iter().map(plain))),
            Writer::GeoJson(text, separator) => {
                let before = match std::mem::replace(separator, Separator::Comma) {
                    Separator::None => "",
                    Separator::Comma => ",\n",
                };
                text.add(before)?;
                text.add(&feature(&self.columns, row).to_string())
            }
            Writer::Gdal(layer) => layer.add(row),
        }
    }

    /// Moves the file into its place.
    ///
    /// # Errors
    /// The system or GDAL refuses.
    pub fn finish(self) -> Result<(), PublishError> {
        match self.writer {
            Writer::Csv(text) => text.finish(),
            Writer::GeoJson(mut text, _) => {
                text.add("\n]}\n")?;
                text.finish()
            }
            Writer::Gdal(layer) => (*layer).finish(),
        }
    }
}

impl Text {
    fn begin(path: &Path, head: String) -> Result<Self, PublishError> {
        Ok(Self {
            file: UnfinishedFile::begin(path)?,
            buffer: head,
        })
    }

    fn add(&mut self, text: &str) -> Result<(), PublishError> {
        self.buffer += text;
        if self.buffer.len() >= CHUNK_BYTES {
            self.file.write(self.buffer.as_bytes())?;
            self.buffer.clear();
        }
        Ok(())
    }

    fn finish(mut self) -> Result<(), PublishError> {
        self.file.write(self.buffer.as_bytes())?;
        self.file.finish()
    }
}

impl Layer {
    fn begin(path: &Path, driver: &str, schema: &RowSchema<'_>) -> Result<Self, PublishError> {
        let driver = DriverManager::get_driver_by_name(driver).map_err(|_absent| {
            PublishError::Unfit {
                path: path.to_owned(),
                reason: format!(
                    "the GDAL of this machine has no {driver} driver; write .geojson or .csv instead"
                ),
            }
        })?;
        let folder = workshop(path)?;
        let name = path.file_name().unwrap_or_default();
        let unfinished = folder.path().join(name);
        let dataset = create(&driver, &unfinished, schema).map_err(PublishError::gdal(path))?;
        Ok(Self {
            path: path.to_owned(),
            unfinished,
            dataset,
            _folder: folder,
        })
    }

    fn add(&mut self, row: &Row) -> Result<(), PublishError> {
        self.add_feature(row)
            .map_err(PublishError::gdal(&self.path))
    }

    fn add_feature(&mut self, row: &Row) -> gdal::errors::Result<()> {
        let layer = self.dataset.layer(0)?;
        let mut feature = gdal::vector::Feature::new(layer.defn())?;
        fill(&mut feature, row)?;
        feature.create(&layer)
    }

    fn finish(self) -> Result<(), PublishError> {
        let Self {
            path,
            unfinished,
            dataset,
            _folder,
        } = self;
        dataset.close().map_err(PublishError::gdal(&path))?;
        move_whole(&unfinished, &path)
    }
}

fn create(
    driver: &gdal::Driver,
    path: &Path,
    schema: &RowSchema<'_>,
) -> gdal::errors::Result<Dataset> {
    let mut dataset = driver.create_vector_only(path)?;
    let mut srs = SpatialRef::from_epsg(4326)?;
    srs.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    let layer = dataset.create_layer(LayerOptions {
        name: schema.name,
        srs: Some(&srs),
        ty: geometry_type(schema.shape),
        options: None,
    })?;
    add_columns(&layer, schema.columns)?;
    Ok(dataset)
}

fn plain(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => format!("{number:.3}"),
        Value::Empty => String::new(),
    }
}
