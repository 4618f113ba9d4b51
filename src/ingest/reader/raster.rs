//! Population rasters: the inhabited cells of one band of a `GeoTIFF`, block by block.

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

/// Reads the job's file, which is a `GeoTIFF`.
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
    Reading::start(job, &raster, &band, number)?.send(job.district, out)
}

fn not_for_this_layer() -> Finding {
    error(
        FindingCode::FileUnsupported,
        "the file is a raster (TIFF), which is only read for the layer population-cells",
        "if its cells hold numbers of people, import it as population-cells; else turn its cells into points in QGIS with Raster pixels to points, and save them as GeoPackage",
    )
}

/// The cells of a band that are wanted.
struct Cells<'a> {
    band: &'a RasterBand<'a>,
    mask: RasterBand<'a>,
    window: Window,
    n_columns: usize,
    scale: f64,
    offset: f64,
}

/// A cell that is not marked as empty and does not count zero.
#[derive(Clone, Copy)]
struct Counted {
    /// Column and row.
    at: (usize, usize),
    /// Position in the raster, row by row, from 1.
    fid: i64,
    people: f64,
}

/// Where cells lie, and how many will come.
struct Reading<'a> {
    cells: Cells<'a>,
    affine: Affine,
    placer: Placer,
    header: Header,
    odd: Odd,
}

/// Cells that hold no number of people although nothing marks them as empty.
#[derive(Default)]
struct Odd {
    count: u64,
    first: Option<(i64, f64)>,
}

impl<'a> Cells<'a> {
    fn of(band: &'a RasterBand<'a>, window: Window) -> Result<Self, Finding> {
        Ok(Self {
            band,
            mask: band.open_mask_band().map_err(|cause| broken(0, &cause))?,
            window,
            n_columns: band.x_size(),
            scale: band.scale().unwrap_or(1.0),
            offset: band.offset().unwrap_or(0.0),
        })
    }

    /// Hands out each cell that counts, a block after the other.
    fn each(&self, sink: &mut dyn FnMut(Counted) -> Result<(), Stop>) -> Result<(), Stop> {
        let (width, height) = self.band.block_size();
        let n_blocks = (CELLS_AT_A_TIME / (width * height).max(1)).max(1);
        for part in self.window.blocks((width, height * n_blocks)) {
            let at = (part.column.cast_signed(), part.row.cast_signed());
            let size = (part.n_columns, part.n_rows);
            let failed = |cause| broken(part.row, &cause);
            complaints::take();
            let values = self.band.read_as::<f64>(at, size, size, None);
            let values = values.map_err(failed)?;
            let marks = self.mask.read_as::<u8>(at, size, size, None);
            let marks = marks.map_err(failed)?;
            for (index, (value, mark)) in values.data().iter().zip(marks.data()).enumerate() {
                let people = value.mul_add(self.scale, self.offset);
                // People are counted in thousandths.
                let is_zero = (people * 1000.0).round() == 0.0;
                if *mark == 0 || is_zero {
                    continue;
                }
                let column = part.column + index % part.n_columns;
                let row = part.row + index / part.n_columns;
                sink(Counted {
                    at: (column, row),
                    fid: i64::try_from(row * self.n_columns + column + 1).unwrap_or(i64::MAX),
                    people,
                })?;
            }
        }
        Ok(())
    }
}

impl Counted {
    fn is_odd(self) -> bool {
        !(0.0..=MAX_PEOPLE).contains(&self.people)
    }
}

impl<'a> Reading<'a> {
    /// Looks at all cells once, so that nothing is sent of a raster that is refused.
    fn start(
        job: &ReadJob,
        raster: &Raster,
        band: &'a RasterBand<'a>,
        number: usize,
    ) -> Result<Self, Stop> {
        let size = band.size();
        let outline = raster.affine.corners((0, 0), size);
        let asked = job.crs.as_deref();
        let (crs, from_wgs_84) = crs::of_raster(raster.srs.as_ref(), bounds(&outline), asked)?;
        let window = match job.only_within {
            Some(within) => raster.affine.window(within, size, from_wgs_84.as_ref()),
            None => Window::whole(size),
        };
        let mut placer = Placer::new(crs.to_wgs_84);
        // The outline of a raster of the whole earth may lie beyond it; then its cells tell where it is.
        if placer.place(ring(outline).into()).is_ok() {
            plausible(&placer, job.district)?;
        }
        within_limits(&job.limits, &window, band.block_size())?;
        let cells = Cells::of(band, window)?;
        let (n_inhabited, odd) = count(&cells, job.limits.raster_cells)?;
        if n_inhabited == 0 {
            return Err(nobody(&window, &odd).into());
        }
        Ok(Self {
            cells,
            affine: raster.affine,
            placer,
            header: Header {
                layer: Raster::name_of(number),
                fields: vec![COLUMN.to_owned()],
                crs: crs.label,
                encoding: "none needed: a raster".to_owned(),
                n_features: Some(n_inhabited),
            },
            odd,
        })
    }

    fn send(self, district: Option<Box4>, out: &mut Out) -> Result<(), Stop> {
        let Self {
            cells,
            affine,
            mut placer,
            header,
            odd,
        } = self;
        out.send(&Frame::Header(header))?;
        if let Some(odd) = odd.finding() {
            out.send(&Frame::Finding(odd))?;
        }
        cells.each(&mut |cell| {
            if cell.is_odd() {
                return Ok(());
            }
            let corners = affine.corners(cell.at, (1, 1));
            let sent = match placer.place(ring(corners).into()) {
                Ok(placed) => out.send_feature(RawFeature {
                    fid: cell.fid,
                    geometry: placed.geometry,
                    values: vec![Cell::Real(cell.people)],
                })?,
                Err(refusal) => Some(Finding {
                    fid: Some(cell.fid),
                    ..refusal
                }),
            };
            sent.map_or(Ok(()), |refusal| out.send(&Frame::Rejected(refusal)))
        })?;
        Ok(plausible(&placer, district)?)
    }
}

/// The cells in which somebody lives, and the odd ones.
fn count(cells: &Cells<'_>, limit: u64) -> Result<(u64, Odd), Stop> {
    let mut n_inhabited = 0;
    let mut odd = Odd::default();
    cells.each(&mut |cell| {
        if cell.is_odd() {
            odd.count += 1;
            odd.first.get_or_insert((cell.fid, cell.people));
            return Ok(());
        }
        n_inhabited += 1;
        if limit < n_inhabited {
            return Err(too_many(limit).into());
        }
        Ok(())
    })?;
    Ok((n_inhabited, odd))
}

impl Odd {
    fn finding(&self) -> Option<Finding> {
        let (fid, value) = self.first?;
        Some(Finding {
            fid: Some(fid),
            value: Some(value.to_string()),
            ..Finding::new(
                Severity::Warning,
                FindingCode::FieldMissing,
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

fn nobody(window: &Window, odd: &Odd) -> Finding {
    if window.is_empty() {
        return error(
            FindingCode::LayerEmpty,
            "no cell of the raster lies near the district",
            "check that it is the right file, or choose a larger --clip-km",
        );
    }
    let and_odd = match odd.count {
        0 => String::new(),
        n_odd => format!("; {n_odd} of them hold no number of people"),
    };
    error(
        FindingCode::LayerEmpty,
        format!("nobody lives in any cell of the raster that was read{and_odd}"),
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
