//! Rows that were refused, as they were, each with the reason: a `GeoPackage` to mend in a GIS.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use gdal::spatial_ref::{AxisMappingStrategy, SpatialRef};
use gdal::vector::{
    Feature, FieldDefn, LayerAccess, LayerOptions, OGRFieldType, OGRwkbGeometryType, ToGdal,
};
use gdal::{Dataset, DriverManager};
use geo_types::Geometry;
use tempfile::TempDir;

use super::PublishError;
use super::atomic_file::{move_whole, workshop};

/// Columns of ours, before those of the file.
const REASONS: [&str; 5] = ["alasan_kode", "alasan", "perbaikan", "berkas", "nomor"];

/// One refused row.
#[derive(Debug, Clone, PartialEq)]
pub struct RejectedRow<'a> {
    /// Stable code of the reason.
    pub code: &'a str,
    /// What is wrong with it.
    pub cause: &'a str,
    /// How to mend it.
    pub mend: &'a str,
    /// Name of its file.
    pub file: &'a str,
    /// Its number there.
    pub fid: Option<i64>,
    /// The columns of its file.
    pub columns: &'a [String],
    /// Its values as text, in the order of the columns; empty where they could not be read.
    pub values: &'a [Option<String>],
    /// Where it is, EPSG:4326; none where that could not be read.
    pub geometry: Option<&'a Geometry<f64>>,
}

/// A file of refused rows in the making. Dropped before it is finished, nothing of it is left.
pub struct RejectedFile {
    path: PathBuf,
    unfinished: PathBuf,
    dataset: Dataset,
    /// Names of all fields, in small letters.
    fields: Vec<String>,
    /// The columns of the row before, and the field of each.
    columns: (Vec<String>, Vec<usize>),
    /// Removed when dropped.
    _folder: TempDir,
}

impl RejectedFile {
    /// Begins a file.
    ///
    /// # Errors
    /// Its folder is not there or may not be written to, or GDAL refuses.
    pub fn begin(path: &Path) -> Result<Self, PublishError> {
        let folder = workshop(path)?;
        let unfinished = folder.path().join("unfinished.gpkg");
        let dataset = create(&unfinished).map_err(PublishError::gdal(path))?;
        Ok(Self {
            path: path.to_owned(),
            unfinished,
            dataset,
            fields: REASONS.map(str::to_owned).to_vec(),
            columns: (Vec::new(), Vec::new()),
            _folder: folder,
        })
    }

    /// Adds a row. Columns of one name are one, from whichever file; those of a file that differ only in case get a number.
    ///
    /// # Errors
    /// GDAL refuses.
    pub fn add(&mut self, row: &RejectedRow<'_>) -> Result<(), PublishError> {
        self.add_feature(row)
            .map_err(PublishError::gdal(&self.path))
    }

    fn add_feature(&mut self, row: &RejectedRow<'_>) -> gdal::errors::Result<()> {
        if self.columns.0 != row.columns {
            self.columns = (row.columns.to_vec(), self.take_columns(row.columns)?);
        }
        let layer = self.dataset.layer(0)?;
        let mut feature = Feature::new(layer.defn())?;
        let texts = [row.code, row.cause, row.mend, row.file];
        for (index, text) in texts.into_iter().enumerate() {
            feature.set_field_string(index, text)?;
        }
        if let Some(fid) = row.fid {
            feature.set_field_integer64(texts.len(), fid)?;
        }
        for (field, value) in self.columns.1.iter().zip(row.values) {
            if let Some(text) = value {
                feature.set_field_string(*field, text)?;
            }
        }
        if let Some(geometry) = row.geometry {
            feature.set_geometry(geometry.to_gdal()?)?;
        }
        feature.create(&layer)
    }

    /// The field of each column, made where it is not there yet.
    fn take_columns(&mut self, columns: &[String]) -> gdal::errors::Result<Vec<usize>> {
        let layer = self.dataset.layer(0)?;
        let mut places = Vec::with_capacity(columns.len());
        for name in unique(columns) {
            let folded = name.to_lowercase();
            let known = self.fields.iter().position(|field| *field == folded);
            if known.is_none() {
                FieldDefn::new(&name, OGRFieldType::OFTString)?.add_to_layer(&layer)?;
                self.fields.push(folded);
            }
            places.push(known.unwrap_or(self.fields.len() - 1));
        }
        Ok(places)
    }

    /// Moves the file into its place.
    ///
    /// # Errors
    /// The system or GDAL refuses.
    pub fn finish(self) -> Result<(), PublishError> {
        let Self {
            path,
            unfinished,
            dataset,
            _folder,
            ..
        } = self;
        dataset.close().map_err(PublishError::gdal(&path))?;
        move_whole(&unfinished, &path)
    }
}

fn create(path: &Path) -> gdal::errors::Result<Dataset> {
    let mut dataset = DriverManager::get_driver_by_name("GPKG")?.create_vector_only(path)?;
    let mut srs = SpatialRef::from_epsg(4326)?;
    srs.set_axis_mapping_strategy(AxisMappingStrategy::TraditionalGisOrder);
    let layer = dataset.create_layer(LayerOptions {
        name: "ditolak",
        srs: Some(&srs),
        ty: OGRwkbGeometryType::wkbUnknown,
        options: Some(&["FID=jangkau_fid", "GEOMETRY_NAME=jangkau_geom"]),
    })?;
    for (place, name) in REASONS.into_iter().enumerate() {
        let kind = if place + 1 == REASONS.len() {
            OGRFieldType::OFTInteger64
        } else {
            OGRFieldType::OFTString
        };
        FieldDefn::new(name, kind)?.add_to_layer(&layer)?;
    }
    Ok(dataset)
}

/// The names, none the same as another or as ours but for case, as a `GeoPackage` needs them.
fn unique(columns: &[String]) -> Vec<String> {
    let mut taken: BTreeSet<String> = REASONS.iter().map(|name| (*name).to_owned()).collect();
    taken.extend(["jangkau_fid".to_owned(), "jangkau_geom".to_owned()]);
    let mut names = Vec::with_capacity(columns.len());
    for column in columns {
        let mut name = column.clone();
        let mut copy = 2;
        while !taken.insert(name.to_lowercase()) {
            name = format!("{column}_{copy}");
            copy += 1;
        }
        names.push(name);
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_that_a_geopackage_would_take_for_one_get_a_number() {
        let columns = ["Nama", "NAMA", "alasan", "nama_2"].map(str::to_owned);
        assert_eq!(unique(&columns), ["Nama", "NAMA_2", "alasan_2", "nama_2_2"]);
    }
}
