//! A blank layer to fill in, with its guide beside it, as a `GeoPackage`.

use std::path::Path;

use gdal::spatial_ref::{AxisMappingStrategy, SpatialRef};
use gdal::vector::{
    Feature, FieldDefn, LayerAccess, LayerOptions, OGRFieldType, OGRwkbGeometryType,
};
use gdal::{Dataset, DriverManager};

use super::PublishError;
use super::atomic_file::{move_whole, workshop};
use super::feature_table::Shape;
use super::vector_file::geometry_type;

/// A blank layer.
#[derive(Debug, Clone, PartialEq)]
pub struct BlankLayer {
    /// Its name.
    pub name: String,
    /// What is drawn; none for a table.
    pub shape: Option<Shape>,
    /// Headings of its columns, all of text.
    pub columns: Vec<String>,
    /// Name of the table beside it that explains it.
    pub guide_name: String,
    /// The lines of the guide; the first are its headings.
    pub guide: Vec<Vec<String>>,
}

/// Writes a blank layer with its guide.
///
/// # Errors
/// GDAL refuses, or the file cannot be written.
pub fn write_blank_geopackage(layer: &BlankLayer, path: &Path) -> Result<(), PublishError> {
    let folder = workshop(path)?;
    let unfinished = folder.path().join("unfinished.gpkg");
    write(layer, &unfinished).map_err(PublishError::gdal(path))?;
    move_whole(&unfinished, path)
}

fn write(blank: &BlankLayer, path: &Path) -> gdal::errors::Result<()> {
    let mut dataset = DriverManager::get_driver_by_name("GPKG")?.create_vector_only(path)?;
    let kind = blank
        .shape
        .map_or(OGRwkbGeometryType::wkbNone, geometry_type);
    add_layer(&mut dataset, &blank.name, kind, &blank.columns)?;
    let Some((headings, lines)) = blank.guide.split_first() else {
        return dataset.close();
    };
    add_layer(
        &mut dataset,
        &blank.guide_name,
        OGRwkbGeometryType::wkbNone,
        headings,
    )?;
    let guide = dataset.layer_by_name(&blank.guide_name)?;
    for line in lines {
        let mut feature = Feature::new(guide.defn())?;
        for (index, text) in line.iter().enumerate() {
            feature.set_field_string(index, text)?;
        }
        feature.create(&guide)?;
    }
    dataset.close()
}

fn add_layer(
    dataset: &mut Dataset,
    name: &str,
    kind: OGRwkbGeometryType::Type,
    columns: &[String],
) -> gdal::errors::Result<()> {
    let mut srs = SpatialRef::from_epsg(4326)?;
    srs.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    let layer = dataset.create_layer(LayerOptions {
        name,
        srs: (kind != OGRwkbGeometryType::wkbNone).then_some(&srs),
        ty: kind,
        options: None,
    })?;
    for column in columns {
        FieldDefn::new(column, OGRFieldType::OFTString)?.add_to_layer(&layer)?;
    }
    Ok(())
}
