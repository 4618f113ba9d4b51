//! Writes tables through GDAL: `GeoPackage`, and shapefiles in a zip archive.
//!
//! The same table gives the same bytes: dates that the formats insist on are fixed.

use std::io::{Cursor, Write};
use std::path::Path;

use gdal::config::{clear_thread_local_config_option, set_thread_local_config_option};
use gdal::spatial_ref::{AxisMappingStrategy, SpatialRef};
use gdal::vector::{
    Feature, FieldDefn, Layer, LayerAccess, LayerOptions, OGRFieldType, OGRwkbGeometryType, ToGdal,
};
use gdal::{Dataset, DriverManager};
use geo_types::{Geometry, MultiLineString, MultiPolygon};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::PublishError;
use super::atomic_file::{move_whole, workshop, write_whole};
use super::feature_table::{Column, ColumnKind, FeatureTable, Row, Shape, Value};

/// The day that is written where a format wants to know when the file was made.
const FIXED_DAY: &str = "2025-01-01";
const FIXED_TIME: &str = "2025-01-01T00:00:00Z";

/// Writes a table as a `GeoPackage` of one layer.
///
/// # Errors
/// GDAL refuses, or the file cannot be written.
pub fn write_geopackage(table: &FeatureTable, path: &Path) -> Result<(), PublishError> {
    let folder = workshop(path)?;
    let unfinished = folder.path().join("unfinished.gpkg");
    let description = format!("DESCRIPTION={}", table.description.unwrap_or(table.name));
    let written = set_thread_local_config_option("OGR_CURRENT_DATE", FIXED_TIME)
        .and_then(|()| write_layer("GPKG", table, &unfinished, &[&description, "FID=fid"]));
    clear_thread_local_config_option("OGR_CURRENT_DATE").map_err(PublishError::gdal(path))?;
    written.map_err(PublishError::gdal(path))?;
    move_whole(&unfinished, path)
}

/// Writes a table as a zip archive of a shapefile with `.prj` and, in UTF-8, `.cpg`.
///
/// # Errors
/// A column name of more than ten characters, GDAL refuses, or the file cannot be written.
pub fn write_zipped_shapefile(table: &FeatureTable, path: &Path) -> Result<(), PublishError> {
    const LONGEST_NAME: usize = 10;
    let long = |name: &str| LONGEST_NAME < name.len();
    if let Some(column) = table.columns.iter().find(|column| long(column.name)) {
        return Err(PublishError::Unfit {
            path: path.to_owned(),
            reason: format!(
                "a shapefile has no room for the column name `{}`: ten characters at most",
                column.name
            ),
        });
    }
    let folder = workshop(path)?;
    let shapefile = folder.path().join(format!("{}.shp", table.name));
    let day = format!("DBF_DATE_LAST_UPDATE={FIXED_DAY}");
    write_layer(
        "ESRI Shapefile",
        table,
        &shapefile,
        &["ENCODING=UTF-8", &day],
    )
    .map_err(PublishError::gdal(path))?;
    let archive = packed(&shapefile, path)?;
    write_whole(path, &archive)
}

fn write_layer(
    driver: &str,
    table: &FeatureTable,
    path: &Path,
    options: &[&str],
) -> gdal::errors::Result<()> {
    let driver = DriverManager::get_driver_by_name(driver)?;
    let mut dataset = driver.create_vector_only(path)?;
    let can_roll_back = driver.short_name() == "GPKG";
    if can_roll_back {
        // One transaction instead of one for each feature: thousands of times faster.
        let mut transaction = dataset.start_transaction()?;
        write_features(&mut transaction, table, options)?;
        transaction.commit()?;
    } else {
        write_features(&mut dataset, table, options)?;
    }
    dataset.close()
}

fn write_features(
    dataset: &mut Dataset,
    table: &FeatureTable,
    options: &[&str],
) -> gdal::errors::Result<()> {
    let mut srs = SpatialRef::from_epsg(4326)?;
    srs.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    let layer = dataset.create_layer(LayerOptions {
        name: table.name,
        srs: Some(&srs),
        ty: geometry_type(table.shape),
        options: Some(options),
    })?;
    add_columns(&layer, &table.columns)?;
    for row in &table.rows {
        let mut feature = Feature::new(layer.defn())?;
        fill(&mut feature, row)?;
        feature.create(&layer)?;
    }
    Ok(())
}

pub(super) fn geometry_type(shape: Shape) -> OGRwkbGeometryType::Type {
    match shape {
        Shape::Point => OGRwkbGeometryType::wkbPoint,
        Shape::Line => OGRwkbGeometryType::wkbMultiLineString,
        Shape::Polygon => OGRwkbGeometryType::wkbMultiPolygon,
    }
}

pub(super) fn add_columns(layer: &Layer<'_>, columns: &[Column]) -> gdal::errors::Result<()> {
    for column in columns {
        let kind = match column.kind {
            ColumnKind::Text => OGRFieldType::OFTString,
            ColumnKind::Integer => OGRFieldType::OFTInteger64,
            ColumnKind::Real => OGRFieldType::OFTReal,
        };
        FieldDefn::new(column.name, kind)?.add_to_layer(layer)?;
    }
    Ok(())
}

pub(super) fn fill(feature: &mut Feature<'_>, row: &Row) -> gdal::errors::Result<()> {
    for (index, value) in row.values.iter().enumerate() {
        match value {
            Value::Text(text) => feature.set_field_string(index, text)?,
            Value::Integer(number) => feature.set_field_integer64(index, *number)?,
            Value::Real(number) => feature.set_field_double(index, *number)?,
            Value::Empty => feature.set_field_null(index)?,
        }
    }
    feature.set_geometry(multiple(&row.geometry).to_gdal()?)
}

/// Lines and polygons as multiple ones, so that a layer is of one type.
fn multiple(geometry: &Geometry<f64>) -> Geometry<f64> {
    match geometry {
        Geometry::LineString(line) => MultiLineString(vec![line.clone()]).into(),
        Geometry::Polygon(polygon) => MultiPolygon(vec![polygon.clone()]).into(),
        other => other.clone(),
    }
}

/// The parts of a shapefile as one archive, in a fixed order and with fixed times.
fn packed(shapefile: &Path, path: &Path) -> Result<Vec<u8>, PublishError> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for suffix in ["shp", "shx", "dbf", "prj", "cpg"] {
        let part = shapefile.with_extension(suffix);
        let bytes = std::fs::read(&part).map_err(PublishError::file(&part))?;
        let name = part.file_name().unwrap_or_default().to_string_lossy();
        archive
            .start_file(name, options)
            .map_err(PublishError::zip(path))?;
        archive
            .write_all(&bytes)
            .map_err(PublishError::file(path))?;
    }
    let bytes = archive.finish().map_err(PublishError::zip(path))?;
    Ok(bytes.into_inner())
}
