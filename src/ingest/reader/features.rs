//! Reading the chosen layer feature by feature and sending each on.

use std::collections::BTreeSet;

use gdal::vector::{Feature, Geometry as GdalGeometry, Layer, LayerAccess, OGRFieldType};

use crate::domain::{Finding, FindingCode, Layer as Wanted, Severity};
use crate::ingest::findings::error;
use crate::ingest::protocol::{Cell, Frame, Header, RawFeature, ReadJob};

use super::crs::{self, Box4, Crs};
use super::dataset::Choice;
use super::format::Format;
use super::geometry::{Placed, Placer};
use super::table::place::{self, Headings, PlaceColumns};
use super::table::stage::{OWN_COLUMNS, place_columns};
use super::{Out, Stop, complaints, filter, html};

/// A position that may be off by more is worth a look: a pustu and the house beside it are as far apart.
const MAX_INACCURACY_M: f64 = 30.0;

/// Records that a finding about several names.
const MAX_NAMED: usize = 20;

/// Reads the chosen layer to its end.
///
/// # Errors
/// The layer is refused as a whole, or the pipe is gone.
pub(super) fn send(job: &ReadJob, choice: &Choice<'_>, out: &mut Out) -> Result<(), Stop> {
    let opened = choice.opened;
    let mut layer = choice.layer()?;
    let lacks_places = job.may_lack_places
        && match &opened.table {
            Some(table) => table.place.is_none(),
            None => layer.defn().geom_fields().next().is_none(),
        };
    let crs = if job.wanted_layer.is_none_or(Wanted::has_geometry) && !lacks_places {
        crs::of_layer(&layer, opened.basis, job.crs.as_deref())?
    } else {
        crs::none_needed()
    };
    let label = crs.label.clone();
    if let Some(filter) = &job.filter {
        filter::check(filter).map_err(Stop::Misuse)?;
        set_filter(&mut layer, filter)?;
    }
    let mut reading = Reading::new(job, choice, &layer, crs)?;
    out.send(&Frame::Header(Header {
        layer: choice.found.name.clone(),
        fields: choice.found.fields.clone(),
        crs: label,
        encoding: opened.encoding.label(),
        n_features: match (&job.filter, choice.found.n_features) {
            (None, Some(n_features)) => Some(n_features),
            _ => layer.try_feature_count(),
        },
    }))?;
    for note in opened.notes.iter().chain(&choice.note) {
        out.send(&Frame::Finding(note.clone()))?;
    }
    reading.all(&mut layer, out)?;
    reading.closing_notes(job, &choice.found.fields, out)
}

fn set_filter(layer: &mut Layer<'_>, filter: &str) -> Result<(), Stop> {
    complaints::take();
    layer.set_attribute_filter(filter).map_err(|cause| {
        let said = complaints::take_failure().unwrap_or_else(|| cause.to_string());
        Stop::Misuse(format!("cannot use the filter `{filter}`: {said}"))
    })
}

/// A layer while it is read.
pub(super) struct Reading {
    kinds: Vec<OGRFieldType::Type>,
    /// Whether columns of our own stand before the others.
    is_table: bool,
    /// Where the coordinates are, in a table.
    place: Option<PlaceColumns>,
    /// Whether texts may be pages of Google Earth.
    is_page: bool,
    /// The column that says how far positions may be off.
    accuracy: Option<usize>,
    placer: Placer,
    inaccurate: Inaccurate,
    /// Latitudes that became south by their heading.
    n_southern: u64,
    /// Columns whose texts were pages.
    pages: BTreeSet<usize>,
    /// Whether a record is sent although its place cannot be used.
    keeps_misplaced: bool,
}

/// Positions that may be off by more than [`MAX_INACCURACY_M`].
#[derive(Default)]
struct Inaccurate {
    count: u64,
    worst_m: f64,
    worst_fid: i64,
    /// The first of them.
    fids: Vec<i64>,
}

impl Inaccurate {
    fn note(&mut self, fid: i64, accuracy_m: f64) {
        if accuracy_m <= MAX_INACCURACY_M {
            return;
        }
        self.count += 1;
        if self.worst_m < accuracy_m {
            (self.worst_m, self.worst_fid) = (accuracy_m, fid);
        }
        if self.fids.len() < MAX_NAMED {
            self.fids.push(fid);
        }
    }

    fn finding(&self) -> Option<Finding> {
        if self.count == 0 {
            return None;
        }
        let fids: Vec<String> = self.fids.iter().map(i64::to_string).collect();
        let others = match self.count - self.fids.len() as u64 {
            0 => String::new(),
            others => format!(" and {others} others"),
        };
        Some(Finding {
            fid: Some(self.worst_fid),
            value: Some(format!("{} m", self.worst_m)),
            ..Finding::new(
                Severity::Warning,
                FindingCode::CoordsInaccurate,
                format!(
                    "{} positions may be off by more than {MAX_INACCURACY_M} m, at most {} m: records {}{others}",
                    self.count,
                    self.worst_m,
                    fids.join(", ")
                ),
                "compare them with a picture from above, or measure them again under open sky",
            )
        })
    }
}

/// What a record says.
pub(super) struct Read {
    fid: i64,
    /// Where it is, or why that cannot be used.
    placed: Result<Placed, Finding>,
    pub(super) values: Vec<Cell>,
}

impl Reading {
    /// The beginning of reading a layer whose coordinates are in `crs`.
    ///
    /// # Errors
    /// A table whose columns of coordinates cannot be told.
    pub(super) fn new(
        job: &ReadJob,
        choice: &Choice<'_>,
        layer: &Layer<'_>,
        crs: Crs,
    ) -> Result<Self, Stop> {
        let headings = Headings {
            code: &[],
            is_by_code: false,
            longitude: &job.longitude_columns,
            latitude: &job.latitude_columns,
        };
        let has_places = job.wanted_layer.is_none_or(Wanted::has_geometry);
        let place = match &choice.opened.table {
            Some(table) if has_places && (job.may_lack_places || job.only_inspect) => table.place,
            Some(table) if has_places => Some(place_columns(table, &headings)?),
            _ => None,
        };
        let kinds = layer.defn().fields().map(|field| field.field_type());
        Ok(Self {
            kinds: kinds.collect(),
            is_table: choice.opened.table.is_some(),
            place,
            is_page: choice.opened.format == Format::Kml,
            accuracy: place::accuracy_column(&choice.found.fields),
            placer: Placer::new(crs.to_wgs_84),
            inaccurate: Inaccurate::default(),
            n_southern: 0,
            pages: BTreeSet::new(),
            keeps_misplaced: job.keeps_misplaced,
        })
    }

    /// Whether columns of a table place its records.
    pub(super) fn has_places(&self) -> bool {
        self.place.is_some()
    }

    /// West, south, east and north, in degrees, of what was placed so far; none before the first.
    pub(super) fn box_4326(&self) -> Option<Box4> {
        self.placer.boxes().map(|(_, box_4326)| box_4326)
    }

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
                Some(said) => Err(at(
                    fid,
                    error(
                        FindingCode::FileUnreadable,
                        format!("the record is broken: {said}"),
                        "copy the file again from its source",
                    ),
                )),
                None => self.one(fid, &feature),
            };
            let sent = match read {
                Ok(Read {
                    fid,
                    placed,
                    values,
                }) => match placed {
                    Err(refusal) if !self.keeps_misplaced => Some(refusal),
                    placed => {
                        let Placed { geometry, note } = placed.unwrap_or(Placed::NONE);
                        if let Some(note) = note {
                            out.send(&Frame::Finding(at(fid, note)))?;
                        }
                        out.send_feature(RawFeature {
                            fid,
                            geometry,
                            values,
                        })?
                    }
                },
                Err(refusal) => Some(refusal),
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

    /// Reads a record.
    ///
    /// # Errors
    /// The finding, with its place, that says why it cannot be used.
    pub(super) fn one(&mut self, fid: i64, feature: &Feature<'_>) -> Result<Read, Finding> {
        let values = self
            .kinds
            .iter()
            .enumerate()
            .map(|(column, kind)| cell(feature, column, *kind))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|cause| {
                at(
                    fid,
                    error(
                        FindingCode::FileUnreadable,
                        format!("the attributes cannot be read: {cause}"),
                        "copy the file again from its source",
                    ),
                )
            })?;
        let (fid, mut values) = if self.is_table {
            without_own_columns(fid, values)?
        } else {
            (fid, values)
        };
        if self.is_page {
            self.pages_to_text(&mut values);
        }
        let placed = match self.place {
            Some(columns) => self.place_in_table(fid, &values, columns),
            None => match feature.geometry() {
                Some(geometry) if geometry.has_gdal_ptr() => self.placer.place_gdal(geometry),
                _ => Ok(Placed::NONE),
            },
        };
        let placed = placed.map_err(|refusal| at(fid, refusal));
        if let Some(accuracy_m) = self
            .accuracy
            .and_then(|column| place::accuracy(values.get(column)?))
        {
            self.inaccurate.note(fid, accuracy_m);
        }
        Ok(Read {
            fid,
            placed,
            values,
        })
    }

    fn pages_to_text(&mut self, values: &mut [Cell]) {
        for (column, value) in values.iter_mut().enumerate() {
            if let Cell::Text(text) = value
                && html::is_html(text)
            {
                *text = html::plain(text);
                self.pages.insert(column);
            }
        }
    }

    fn place_in_table(
        &mut self,
        fid: i64,
        values: &[Cell],
        columns: PlaceColumns,
    ) -> Result<Placed, Finding> {
        let cell = |column: usize| values.get(column).unwrap_or(&Cell::Empty);
        let place = match columns {
            PlaceColumns::Pair {
                longitude,
                latitude,
                is_southern,
            } => place::of_pair(cell(longitude), cell(latitude), is_southern)?,
            PlaceColumns::Together(column) => place::of_one(cell(column))?,
            PlaceColumns::Wkt(column) => return self.place_text(cell(column)),
        };
        let Some(place) = place else {
            return Ok(Placed::NONE);
        };
        self.n_southern += u64::from(place.is_southern_by_heading);
        // A column of its own is looked at for all formats alike.
        if let (Some(accuracy_m), None) = (place.accuracy_m, self.accuracy) {
            self.inaccurate.note(fid, accuracy_m);
        }
        self.placer.place(place.point.into())
    }

    fn place_text(&mut self, cell: &Cell) -> Result<Placed, Finding> {
        let Cell::Text(text) = cell else {
            return Ok(Placed::NONE);
        };
        let geometry = GdalGeometry::from_wkt(text).map_err(|_cause| Finding {
            value: Some(text.clone()),
            ..error(
                FindingCode::GeometryInvalid,
                "the text is no geometry",
                "write it as well-known text, such as POINT (102.7215 -2.3049)",
            )
        });
        complaints::take();
        self.placer.place_gdal(&geometry?)
    }

    fn closing_notes(&self, job: &ReadJob, fields: &[String], out: &mut Out) -> Result<(), Stop> {
        if let Some(inaccurate) = self.inaccurate.finding() {
            out.send(&Frame::Finding(inaccurate))?;
        }
        if 0 < self.n_southern {
            let cause = format!(
                "{} latitudes without a sign were taken as south of the equator, since their heading says so",
                self.n_southern
            );
            out.send(&Frame::Finding(Finding::new(
                Severity::Warning,
                FindingCode::CoordsOutOfRange,
                cause,
                "nothing to do, unless some of them are north: write those with N or LU",
            )))?;
        }
        for column in &self.pages {
            out.send(&Frame::Finding(Finding {
                field: fields.get(*column).cloned(),
                ..Finding::new(
                    Severity::Info,
                    FindingCode::FileUnsupported,
                    "the texts are web pages; their text was kept, without pictures, links and scripts",
                    "nothing to do",
                )
            }))?;
        }
        if self.placer.dropped_heights {
            out.send(&Frame::Finding(Finding::new(
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

/// A row of a staged table as a record: its own number and its values, with numbers as numbers.
///
/// # Errors
/// The row was marked as broken.
fn without_own_columns(fid: i64, mut values: Vec<Cell>) -> Result<(i64, Vec<Cell>), Finding> {
    let n_own = OWN_COLUMNS.len().min(values.len());
    let own: Vec<String> = values
        .drain(..n_own)
        .map(|cell| match cell {
            Cell::Text(text) => text,
            _ => String::new(),
        })
        .collect();
    let [row, flaw, numbers] = own.as_slice() else {
        return Ok((fid, values));
    };
    let fid = row.parse().unwrap_or(fid);
    if !flaw.is_empty() {
        return Err(at(
            fid,
            error(
                FindingCode::FileUnreadable,
                flaw,
                "correct the row in a spreadsheet program and save the file again",
            ),
        ));
    }
    for (value, is_number) in values
        .iter_mut()
        .zip(numbers.bytes().map(|byte| byte == b'1'))
    {
        if let (true, Cell::Text(text)) = (is_number, &*value) {
            *value = number(text);
        }
    }
    Ok((fid, values))
}

fn number(text: &str) -> Cell {
    if let Ok(whole) = text.parse() {
        return Cell::Int(whole);
    }
    text.parse()
        .map_or_else(|_| Cell::Text(text.to_owned()), Cell::Real)
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
