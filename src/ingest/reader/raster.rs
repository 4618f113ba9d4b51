//! Population rasters: the inhabited cells of one band of a GeoTIFF, block by block.

mod grid;
mod opened;

use gdal::raster::RasterBand;
use geo_types::{LineString, Polygon};

use self::grid::{Affine, Window};
use self::opened::Raster;
use super::crs::{self, Box4};
use super::geometry::Placer;
use super::{Out, Stop, complaints};
use crate::domain::{Finding, FindingCode, Layer, Severity};
use crate::ingest::findings::error;
use crate::ingest::limits::Limits;
use crate::ingest::protocol::{Cell, Frame, Header, RawFeature, ReadJob};

/// No cell has more people: about as many as live in a country of the largest.
const MAX_PEOPLE: f64 = 1e9;

/// Cells read at a time where blocks are small.
const CELLS_AT_A_TIME: usize = 1 << 18;

/// The one column of a raster.
const COLUMN: &str = "population";

/// Reads the job's file, which is a GeoTIFF.
///
/// # Errors
/// It is not wanted for its cells, is refused, the request cannot be followed, or the pipe is gone.
pub(super) fn read(job: &ReadJob, out: &mut Out) -> Result<(), Stop> {
    if !job.only_inspect && job.wanted_layer != Some(Layer::PopulationCells) {
        return Err(not_for_this_layer().into());
    }
    if job.filter.is_some() {
        return Err(Stop::Misuse(
            "a raster has no columns that --where could ask for: leave it out".to_owned(),
        ));
    }
    let raster = Raster::open(job)?;
    out.send(&Frame::Layers(raster.layers()))?;
    if job.only_inspect {
        return Ok(());
    }
    let (number, band) = raster.band(job.source_layer.as_deref())?;
    Reading::start(job, &raster, &band, number)?.all(&band, out)
}

fn not_for_this_layer() -> Finding {
    error(
        FindingCode::FileUnsupported,
        "the file is a raster (TIFF), which is only read for the layer population-cells",
        "if its cells hold numbers of people, import it as population-cells; else turn its cells into points in QGIS with Raster pixels to points, and save them as GeoPackage",
    )
}

/// A band on its way out.
struct Reading<'a> {
    limits: &'a Limits,
    district: Option<Box4>,
    /// Sent before the first cell.
    header: Option<Header>,
    affine: Affine,
    n_columns: usize,
    window: Window,
    scale: f64,
    offset: f64,
    placer: Placer,
    n_sent: u64,
    odd: Odd,
}

/// Cells that hold no number of people although nothing marks them as empty.
#[derive(Default)]
struct Odd {
    count: u64,
    first: Option<(i64, f64)>,
}

impl<'a> Reading<'a> {
    fn start(
        job: &'a ReadJob,
        raster: &Raster,
        band: &RasterBand<'_>,
        number: usize,
    ) -> Result<Self, Stop> {
        let size = band.size();
        let outline = raster.affine.corners((0, 0), size);
        let extent = bounds(&outline);
        let (crs, from_wgs_84) = crs::of_raster(raster.srs.as_ref(), extent, job.crs.as_deref())?;
        let window = match job.only_within {
            Some(within) => raster.affine.window(within, size, from_wgs_84.as_ref()),
            None => Window::whole(size),
        };
        let mut placer = Placer::new(crs.to_wgs_84);
        // The outline of a raster of the whole earth may lie beyond it; then its cells tell where it is.
        if placer.place(ring(outline).into()).is_ok() {
            plausible(&placer, job.district)?;
        }
        let limits = &job.limits;
        within_limits(limits, &window, band.block_size())?;
        Ok(Self {
            limits,
            district: job.district,
            header: Some(Header {
                layer: Raster::name_of(number),
                fields: vec![COLUMN.to_owned()],
                crs: crs.label,
                encoding: "none needed: a raster".to_owned(),
                n_features: None,
            }),
            affine: raster.affine,
            n_columns: size.0,
            window,
            scale: band.scale().unwrap_or(1.0),
            offset: band.offset().unwrap_or(0.0),
            placer,
            n_sent: 0,
            odd: Odd::default(),
        })
    }

    fn all(mut self, band: &RasterBand<'_>, out: &mut Out) -> Result<(), Stop> {
        let mask = band.open_mask_band().map_err(|cause| broken(0, &cause))?;
        let (width, height) = band.block_size();
        let n_blocks = (CELLS_AT_A_TIME / (width * height).max(1)).max(1);
        for part in self.window.blocks((width, height * n_blocks)) {
            let at = (part.column.cast_signed(), part.row.cast_signed());
            let size = (part.n_columns, part.n_rows);
            complaints::take();
            let values = band
                .read_as::<f64>(at, size, size, None)
                .map_err(|cause| broken(part.row, &cause))?;
            let marks = mask
                .read_as::<u8>(at, size, size, None)
                .map_err(|cause| broken(part.row, &cause))?;
            for (index, (value, mark)) in values.data().iter().zip(marks.data()).enumerate() {
                if *mark != 0 {
                    let column = part.column + index % part.n_columns;
                    let row = part.row + index / part.n_columns;
                    self.cell((column, row), *value, out)?;
                }
            }
        }
        self.finish(out)
    }

    /// Sends a cell in which somebody lives.
    fn cell(&mut self, at: (usize, usize), value: f64, out: &mut Out) -> Result<(), Stop> {
        let people = value.mul_add(self.scale, self.offset);
        let fid = i64::try_from(at.1 * self.n_columns + at.0 + 1).unwrap_or(i64::MAX);
        if !(0.0..=MAX_PEOPLE).contains(&people) {
            self.odd.count += 1;
            self.odd.first.get_or_insert((fid, people));
            return Ok(());
        }
        // People are counted in thousandths.
        if (people * 1000.0).round() < 1.0 {
            return Ok(());
        }
        if self.n_sent == self.limits.raster_cells {
            return Err(too_many(self.limits.raster_cells).into());
        }
        if let Some(header) = self.header.take() {
            out.send(&Frame::Header(header))?;
        }
        let corners = self.affine.corners(at, (1, 1));
        match self.placer.place(ring(corners).into()) {
            Ok(placed) => {
                self.n_sent += 1;
                out.send_feature(RawFeature {
                    fid,
                    geometry: placed.geometry,
                    values: vec![Cell::Real(people)],
                })?;
            }
            Err(refusal) => out.send(&Frame::Rejected(Finding {
                fid: Some(fid),
                ..refusal
            }))?,
        }
        Ok(())
    }

    fn finish(self, out: &mut Out) -> Result<(), Stop> {
        if let Some(odd) = self.odd.finding() {
            out.send(&Frame::Finding(odd))?;
        }
        plausible(&self.placer, self.district)?;
        if self.header.is_some() {
            return Err(nobody(&self.window).into());
        }
        Ok(())
    }
}

impl Odd {
    fn finding(&self) -> Option<Finding> {
        let (fid, value) = self.first?;
        Some(Finding {
            fid: Some(fid),
            value: Some(value.to_string()),
            ..Finding::new(
                Severity::Warning,
                FindingCode::CodeUnknown,
                format!(
                    "{} cells hold no number of people (negative, not a number, or above a billion) and are not marked as empty; nobody was counted in them",
                    self.count
                ),
                "mark the value as NoData in QGIS, with Translate, and import again if they should count",
            )
        })
    }
}

/// # Errors
/// What was placed lies more than a degree from the district.
fn plausible(placer: &Placer, district: Option<Box4>) -> Result<(), Finding> {
    let implausible = district
        .zip(placer.boxes())
        .and_then(|(district, (raw, box_4326))| crs::implausible(raw, box_4326, district));
    implausible.map_or(Ok(()), Err)
}

fn within_limits(limits: &Limits, window: &Window, block: (usize, usize)) -> Result<(), Finding> {
    let n_cells = window.n_columns as u128 * window.n_rows as u128;
    if n_cells > u128::from(limits.raster_looked_at) {
        return Err(error(
            FindingCode::ParseLimit,
            format!(
                "{n_cells} cells would be looked at, more than {}",
                limits.raster_looked_at
            ),
            "add --clip-km to read only what is near the district, or cut the raster in QGIS with Clip raster by extent",
        ));
    }
    let n_cells = block.0 as u128 * block.1 as u128;
    if n_cells > u128::from(limits.raster_block) {
        return Err(error(
            FindingCode::ParseLimit,
            format!(
                "the raster is stored in pieces of {n_cells} cells, more than are read at once"
            ),
            "store it in tiles: gdal_translate -co TILED=YES -co COMPRESS=DEFLATE IN.tif OUT.tif",
        ));
    }
    Ok(())
}

fn too_many(limit: u64) -> Finding {
    error(
        FindingCode::ParseLimit,
        format!("people live in more than {limit} cells"),
        "add --clip-km to read only what is near the district; or take a coarser raster, or one of inhabited cells only (WorldPop calls it constrained)",
    )
}

fn nobody(window: &Window) -> Finding {
    if window.is_empty() {
        return error(
            FindingCode::LayerEmpty,
            "no cell of the raster lies near the district",
            "check that it is the right file, or choose a larger --clip-km",
        );
    }
    error(
        FindingCode::LayerEmpty,
        "nobody lives in any cell of the raster that was read",
        "choose another file, or another band with --source-layer",
    )
}

fn broken(row: usize, cause: &gdal::errors::GdalError) -> Finding {
    let said = complaints::take_failure().unwrap_or_else(|| cause.to_string());
    error(
        FindingCode::FileUnreadable,
        format!("reading broke off at row {}: {said}", row + 1),
        "copy the file again from its source",
    )
}

fn ring(corners: [(f64, f64); 4]) -> Polygon<f64> {
    Polygon::new(LineString::from(corners.to_vec()), Vec::new())
}

fn bounds(corners: &[(f64, f64); 4]) -> Box4 {
    corners.iter().fold(
        [
            f64::INFINITY,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::NEG_INFINITY,
        ],
        |[west, south, east, north], (x, y)| {
            [west.min(*x), south.min(*y), east.max(*x), north.max(*y)]
        },
    )
}
