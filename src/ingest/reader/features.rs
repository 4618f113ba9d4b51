//! Reading the chosen layer feature by feature and sending each on.

use gdal::vector::{Feature, Layer, LayerAccess, OGRFieldType};

use crate::domain::{Finding, FindingCode, Layer as Wanted, Severity};
use crate::ingest::findings::{error, finding};
use crate::ingest::protocol::{Cell, Frame, Header, RawFeature, ReadJob};
use crate::ingest::synonyms::folded;

use super::crs;
use super::dataset::Opened;
use super::format::Format;
use super::geometry::{Placed, Placer};
use super::{Out, Stop, complaints, filter};

/// Where the columns of longitude and latitude are, in a table.
#[derive(Clone, Copy)]
struct LonLatColumns {
    longitude: usize,
    latitude: usize,
}

/// Reads layer `index` of `opened` to its end.
///
/// # Errors
/// The layer is refused as a whole, or the pipe is gone.
pub(super) fn send(
    job: &ReadJob,
    opened: &Opened,
    index: usize,
    out: &mut Out,
) -> Result<(), Stop> {
    let mut layer = opened.dataset.layer(index).map_err(|cause| {
        error(
            FindingCode::FileUnreadable,
            format!("the layer cannot be opened: {cause}"),
            "export it again in QGIS as GeoPackage",
        )
    })?;
    let fields: Vec<String> = layer.defn().fields().map(|field| field.name()).collect();
    let kinds: Vec<OGRFieldType::Type> = layer
        .defn()
        .fields()
        .map(|field| field.field_type())
        .collect();
    let has_places = job.wanted_layer.is_none_or(Wanted::has_geometry);
    let points = if opened.format == Format::Csv && has_places {
        Some(lon_lat_columns(job, &fields)?)
    } else {
        None
    };
    let crs = if has_places {
        crs::of_layer(&layer, opened.format, opened.states_crs, job.crs.as_deref())?
    } else {
        crs::none_needed()
    };
    if let Some(filter) = &job.filter {
        filter::check(filter).map_err(Stop::Misuse)?;
        set_filter(&mut layer, filter)?;
    }
    out.send(&Frame::Header(Header {
        layer: layer.name(),
        fields,
        crs: crs.label,
        encoding: opened.encoding.label(),
        n_features: layer.try_feature_count(),
    }))?;
    for note in &opened.notes {
        out.send(&Frame::Finding(note.clone()))?;
    }
    let mut reading = Reading {
        kinds,
        points,
        placer: Placer::new(crs.to_wgs_84),
    };
    reading.all(&mut layer, out)?;
    reading.closing_notes(job, out)
}

fn set_filter(layer: &mut Layer<'_>, filter: &str) -> Result<(), Stop> {
    complaints::take();
    layer.set_attribute_filter(filter).map_err(|cause| {
        let said = complaints::take_failure().unwrap_or_else(|| cause.to_string());
        Stop::Misuse(format!("cannot use the filter `{filter}`: {said}"))
    })
}

fn lon_lat_columns(job: &ReadJob, fields: &[String]) -> Result<LonLatColumns, Finding> {
    let folded: Vec<String> = fields.iter().map(|field| folded(field)).collect();
    let find = |names: &[String]| {
        names
            .iter()
            .find_map(|name| folded.iter().position(|field| field == name))
    };
    match (find(&job.longitude_columns), find(&job.latitude_columns)) {
        (Some(longitude), Some(latitude)) => Ok(LonLatColumns {
            longitude,
            latitude,
        }),
        (longitude, _) => Err(Finding {
            field: Some(
                if longitude.is_none() {
                    "longitude"
                } else {
                    "latitude"
                }
                .to_owned(),
            ),
            ..error(
                FindingCode::FieldMissing,
                format!(
                    "the table has no columns of longitude and latitude; its headings are: {}",
                    fields.join(", ")
                ),
                "name them with --map longitude=COL --map latitude=COL",
            )
        }),
    }
}

struct Reading {
    kinds: Vec<OGRFieldType::Type>,
    points: Option<LonLatColumns>,
    placer: Placer,
}

impl Reading {
    fn all(&mut self, layer: &mut Layer<'_>, out: &mut Out) -> Result<(), Stop> {
        let mut n_read: u64 = 0;
        complaints::take();
        for feature in layer.features() {
            n_read += 1;
            let failure = complaints::take_failure();
            let fid = feature
                .fid()
                .and_then(|fid| i64::try_from(fid).ok())
                .unwrap_or_default();
            let read = match failure {
                Some(said) => Err(error(
                    FindingCode::FileUnreadable,
                    format!("the record is broken: {said}"),
                    "copy the file again from its source",
                )),
                None => self.one(&feature),
            };
            let sent = match read {
                Ok((placed, values)) => {
                    if let Some(note) = placed.note {
                        out.send(&Frame::Finding(at(fid, note)))?;
                    }
                    out.send_feature(RawFeature {
                        fid,
                        geometry: placed.geometry,
                        values,
                    })?
                }
                Err(refusal) => Some(at(fid, refusal)),
            };
            if let Some(refusal) = sent {
                out.send(&Frame::Rejected(refusal))?;
            }
            // What was complained of so far was about this feature; what comes is about the next.
            complaints::take();
        }
        if let Some(said) = complaints::take_failure() {
            return Err(error(
                FindingCode::FileUnreadable,
                format!("reading broke off after {n_read} features: {said}"),
                "copy the file again from its source",
            )
            .into());
        }
        Ok(())
    }

    fn one(&mut self, feature: &Feature<'_>) -> Result<(Placed, Vec<Cell>), Finding> {
        let values = self
            .kinds
            .iter()
            .enumerate()
            .map(|(column, kind)| cell(feature, column, *kind))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|cause| {
                error(
                    FindingCode::FileUnreadable,
                    format!("the attributes cannot be read: {cause}"),
                    "copy the file again from its source",
                )
            })?;
        let placed = match self.points {
            Some(columns) => self.point(&values, columns)?,
            None => match feature.geometry() {
                Some(geometry) if geometry.has_gdal_ptr() => self.placer.place_gdal(geometry)?,
                _ => Placed::NONE,
            },
        };
        Ok((placed, values))
    }

    fn point(&mut self, values: &[Cell], columns: LonLatColumns) -> Result<Placed, Finding> {
        let longitude = degrees(&values[columns.longitude], "longitude")?;
        let latitude = degrees(&values[columns.latitude], "latitude")?;
        match (longitude, latitude) {
            (Some(x), Some(y)) => self.placer.place(geo_types::Point::new(x, y).into()),
            _ => Ok(Placed::NONE),
        }
    }

    fn closing_notes(&self, job: &ReadJob, out: &mut Out) -> Result<(), Stop> {
        if self.placer.dropped_heights {
            out.send(&Frame::Finding(finding(
                Severity::Info,
                FindingCode::GeometryType,
                "heights or measures of the vertices were left out",
                "nothing to do",
            )))?;
        }
        if let (Some(district), Some((raw, box_4326))) = (job.district, self.placer.boxes())
            && let Some(implausible) = crs::implausible(raw, box_4326, district)
        {
            out.send(&Frame::Finding(implausible))?;
        }
        Ok(())
    }
}

fn at(fid: i64, finding: Finding) -> Finding {
    Finding {
        fid: Some(fid),
        ..finding
    }
}

/// A coordinate of a table; a comma may stand for the decimal point.
fn degrees(value: &Cell, field: &str) -> Result<Option<f64>, Finding> {
    match value {
        Cell::Empty => Ok(None),
        Cell::Real(number) => Ok(Some(*number)),
        Cell::Int(number) => Ok(Some(*number as f64)),
        Cell::Text(text) => {
            let trimmed = text.trim();
            if trimmed.is_empty() || trimmed.eq_ignore_ascii_case("na") {
                return Ok(None);
            }
            trimmed
                .replace(',', ".")
                .parse()
                .map(Some)
                .map_err(|_cause| Finding {
                    field: Some(field.to_owned()),
                    value: Some(text.clone()),
                    ..error(
                        FindingCode::CoordsOutOfRange,
                        "the coordinate is not a number",
                        "write it in decimal degrees, such as 102.7215 or -2.3049",
                    )
                })
        }
    }
}

/// The value of a column. A column that a feature does not have reads as empty text, as does an empty one.
fn cell(
    feature: &Feature<'_>,
    column: usize,
    kind: OGRFieldType::Type,
) -> gdal::errors::Result<Cell> {
    let text = match feature.field_as_string(column)? {
        Some(text) if !text.is_empty() => text,
        _ => return Ok(Cell::Empty),
    };
    Ok(match kind {
        OGRFieldType::OFTInteger | OGRFieldType::OFTInteger64 => feature
            .field_as_integer64(column)?
            .map_or(Cell::Empty, Cell::Int),
        OGRFieldType::OFTReal => feature
            .field_as_double(column)?
            .map_or(Cell::Empty, Cell::Real),
        OGRFieldType::OFTBinary => Cell::Empty,
        _ => Cell::Text(text),
    })
}
