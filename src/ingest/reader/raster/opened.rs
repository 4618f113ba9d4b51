//! A `GeoTIFF` that is open, and which of its bands is meant.

use std::fs;

use gdal::config::set_config_option;
use gdal::raster::{ColorInterpretation, GdalDataType, RasterBand};
use gdal::spatial_ref::SpatialRef;
use gdal::{Dataset, DatasetOptions, GdalOpenFlags};

use super::COLUMN;
use super::grid::Affine;
use crate::domain::{Finding, FindingCode};
use crate::ingest::findings::error;
use crate::ingest::protocol::{LayerFound, ReadJob};
use crate::ingest::reader::dataset::link;
use crate::ingest::reader::format::Format;
use crate::ingest::reader::{Stop, complaints, unreadable};

/// Megabytes of blocks that GDAL keeps.
const CACHE_MB: &str = "64";

/// A raster whose cells may be numbers.
pub(super) struct Raster {
    dataset: Dataset,
    pub(super) affine: Affine,
    pub(super) srs: Option<SpatialRef>,
}

impl Raster {
    /// Opens the job's file alone, without whatever lies beside it.
    ///
    /// # Errors
    /// It cannot be opened, is a picture, or does not say where its cells lie.
    pub(super) fn open(job: &ReadJob) -> Result<Self, Stop> {
        let folder = job.work_folder.join("raster");
        let file = folder.join("raster.tif");
        fs::create_dir_all(&folder).map_err(|cause| unreadable(&cause))?;
        link(&job.file, &file)?;
        complaints::take();
        // Fails only on a name or value with a zero byte.
        let dataset = set_config_option("GDAL_CACHEMAX", CACHE_MB).and_then(|()| {
            Dataset::open_ex(
                &file,
                DatasetOptions {
                    open_flags: GdalOpenFlags::GDAL_OF_RASTER | GdalOpenFlags::GDAL_OF_READONLY,
                    allowed_drivers: Some(Format::GeoTiff.drivers()),
                    open_options: None,
                    sibling_files: None,
                },
            )
        });
        let dataset = dataset.map_err(|cause| {
            let said = complaints::take_failure().unwrap_or_else(|| cause.to_string());
            error(
                FindingCode::FileUnreadable,
                format!("the GeoTIFF cannot be opened: {said}"),
                "open it in QGIS and save it again as GeoTIFF",
            )
        })?;
        for band in dataset.rasterbands() {
            refuse_picture(&band.map_err(|cause| no_band(&cause))?)?;
        }
        let affine = dataset
            .geo_transform()
            .ok()
            .and_then(Affine::new)
            .ok_or_else(nowhere)?;
        let srs = dataset.spatial_ref().ok();
        complaints::take();
        Ok(Self {
            dataset,
            affine,
            srs,
        })
    }

    /// The bands, each as a layer.
    pub(super) fn layers(&self) -> Vec<LayerFound> {
        let numbers = 1..=self.dataset.raster_count();
        numbers
            .map(|number| LayerFound {
                geometry: Some("Polygon".to_owned()),
                ..LayerFound::new(
                    Self::name_of(number),
                    Format::GeoTiff.name(),
                    None,
                    vec![COLUMN.to_owned()],
                )
            })
            .collect()
    }

    /// What a band is called.
    pub(super) fn name_of(number: usize) -> String {
        format!("band {number}")
    }

    /// The band that is asked for by number or name, or the only one, with its number from 1.
    ///
    /// # Errors
    /// There are several or none, or none is called so.
    pub(super) fn band(&self, asked: Option<&str>) -> Result<(usize, RasterBand<'_>), Finding> {
        let n_bands = self.dataset.raster_count();
        let number = match asked {
            None if n_bands == 1 => Some(1),
            None => None,
            Some(asked) => {
                let number = asked.trim().trim_start_matches("band").trim();
                let number = number.parse().ok();
                number.filter(|number| (1..=n_bands).contains(number))
            }
        };
        let number = number.ok_or_else(|| Finding {
            field: Some("source-layer".to_owned()),
            value: asked.map(str::to_owned),
            ..error(
                FindingCode::FieldMissing,
                match asked {
                    Some(_) => format!("no band is called so; the raster has {n_bands}"),
                    None => format!("the raster has {n_bands} bands, and nobody said which one counts people"),
                },
                "name one with --source-layer, such as --source-layer 1; gdalinfo or QGIS tell what each is",
            )
        })?;
        let band = self.dataset.rasterband(number);
        Ok((number, band.map_err(|cause| no_band(&cause))?))
    }
}

/// Colours and bytes are pictures; a cell of 255 people at most counts none.
fn refuse_picture(band: &RasterBand<'_>) -> Result<(), Finding> {
    let is_coloured = !matches!(
        band.color_interpretation(),
        ColorInterpretation::GrayIndex | ColorInterpretation::Undefined
    );
    let what = match band.band_type() {
        _ if is_coloured => "a picture in colours",
        GdalDataType::Unknown => "a raster of complex numbers",
        kind if kind.bits() <= 8 => "a picture: its cells hold no more than 255",
        _ => return Ok(()),
    };
    Err(error(
        FindingCode::FileUnsupported,
        format!("the file is {what}, not of numbers of people"),
        "choose the raster that counts people in each cell; if this is it, save it with another type: gdal_translate -ot Float32 IN.tif OUT.tif",
    ))
}

fn no_band(cause: &gdal::errors::GdalError) -> Finding {
    error(
        FindingCode::FileUnreadable,
        format!("a band of the raster cannot be opened: {cause}"),
        "copy the file again from its source",
    )
}

fn nowhere() -> Finding {
    error(
        FindingCode::CrsMissing,
        "the raster does not say where its cells lie",
        "choose the GeoTIFF of the supplier; a world file (.tfw) beside it is not read: open both in QGIS and save as GeoTIFF",
    )
}
