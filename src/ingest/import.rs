//! Files in, checked records out, one by one.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

use geo::BoundingRect;
use geo_types::Geometry;

use crate::domain::{ColumnUse, Finding, FindingCode, Record, SAMPLE_SOURCE, Severity};

use super::child::{Purpose, ReaderCommand, Reading};
use super::columns::{self, Columns};
use super::error::IngestError;
use super::files::{self, SourceFile};
use super::findings::{Findings, error};
use super::keys::Keys;
use super::personal;
use super::protocol::{Frame, Header, RawFeature};
use super::records::{self, Codes, Draft};
use super::request::{CodeScheme, ImportRequest};
use super::row::Row;
use super::shapes;
use super::synonyms::SYNONYMS;
use super::unknowns::Unknowns;

/// Features between two calls of the progress function.
const PROGRESS_EVERY: u64 = 1000;

/// How far reading is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The file that is read.
    pub file: String,
    /// Features read of it.
    pub n_read: u64,
    /// Features that it holds, where it says so.
    pub n_expected: Option<u64>,
}

/// What was found in the files of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Everything found, in order of severity, file, feature.
    pub findings: Vec<Finding>,
    /// Whether something is wrong with a file as a whole, so that none of its records may be kept.
    pub is_refused: bool,
    /// Records that may be kept.
    pub n_accepted: u64,
    /// Records that may not.
    pub n_rejected: u64,
    /// Records passed over because they lie outside the box asked for.
    pub n_passed_over: u64,
    /// Keys of records that were handed out before another record turned up with the same key.
    /// Neither may be kept; they are not counted as accepted.
    pub withdrawn_keys: Vec<String>,
    /// Coordinate system found, and why it was taken.
    pub crs: Option<String>,
    /// Text encoding found, and why it was taken.
    pub encoding: Option<String>,
    /// Names of the files, without folders.
    pub file_names: Vec<String>,
    /// SHA-256 in hexadecimal: of one file, its bytes; of several, the lines that `sha256sum` prints of them.
    pub file_hash: String,
    /// The files' own `source`, where all records have the same.
    pub source: Option<String>,
    /// Whether any record is sample data.
    pub is_sample: bool,
    /// How each column was taken.
    pub columns: Vec<ColumnUse>,
    /// Columns that the layer does not know and that were released.
    pub released_columns: Vec<String>,
    /// Why each refused record was, in the order of reading; empty unless they were to be listed.
    pub rejected: Vec<Finding>,
}

impl Checked {
    /// Whether the accepted records may be kept, all others being left out if `exclude_rejected`.
    pub fn may_be_kept(&self, exclude_rejected: bool) -> bool {
        !self.is_refused && self.n_accepted > 0 && (exclude_rejected || self.n_rejected == 0)
    }
}

/// Reads the files of `request` and hands each accepted record to `sink` as it comes.
///
/// Whoever keeps them decides by [`Checked::may_be_kept`] at the end. Memory grows by about 50 bytes a record.
/// Blocks; runs one child process at a time, which ends when the calling thread does.
///
/// # Errors
/// The request contradicts itself, a file is missing, the child cannot be started, or somebody stopped:
/// `cancel` was set or `sink` broke off.
pub fn read_records(
    request: &ImportRequest,
    reader: &ReaderCommand,
    sink: &mut dyn FnMut(Record) -> ControlFlow<()>,
    progress: &dyn Fn(Progress),
    cancel: &AtomicBool,
) -> Result<Checked, IngestError> {
    columns::check_request(request)?;
    let sources = files::source_files(&request.from.files)?;
    let file_hash = files::hash(&sources)?;
    let mut import = Import::new(request, &sources);
    for position in 0..sources.len() {
        import.read_file(position, reader, sink, progress, cancel)?;
    }
    Ok(import.finish(file_hash))
}

/// An import while it runs.
struct Import<'a> {
    request: &'a ImportRequest,
    sources: &'a [SourceFile],
    findings: Findings,
    is_refused: bool,
    keys: Keys,
    /// Whose the records are that update others: all of one source, that of the first.
    updating_source: Option<String>,
    n_accepted: u64,
    n_rejected: u64,
    n_passed_over: u64,
    withdrawn_keys: Vec<String>,
    rejected: Vec<Finding>,
    crs: BTreeSet<String>,
    encodings: BTreeSet<String>,
    origins: BTreeMap<Option<String>, u64>,
    columns: Vec<ColumnUse>,
    released: BTreeSet<String>,
}

/// A file while it is read.
struct OpenFile<'a> {
    name: &'a str,
    position: u32,
    header: Header,
    columns: Columns,
    unknowns: Unknowns,
    /// Columns that were found to hold personal data.
    personal: BTreeSet<usize>,
    n_read: u64,
}

impl<'a> Import<'a> {
    fn new(request: &'a ImportRequest, sources: &'a [SourceFile]) -> Self {
        Self {
            request,
            sources,
            findings: Findings::default(),
            is_refused: false,
            keys: Keys::default(),
            updating_source: None,
            n_accepted: 0,
            n_rejected: 0,
            n_passed_over: 0,
            withdrawn_keys: Vec::new(),
            rejected: Vec::new(),
            crs: BTreeSet::new(),
            encodings: BTreeSet::new(),
            origins: BTreeMap::new(),
            columns: Vec::new(),
            released: BTreeSet::new(),
        }
    }

    fn read_file(
        &mut self,
        position: usize,
        reader: &ReaderCommand,
        sink: &mut dyn FnMut(Record) -> ControlFlow<()>,
        progress: &dyn Fn(Progress),
        cancel: &AtomicBool,
    ) -> Result<(), IngestError> {
        let source = &self.sources[position];
        let purpose = Purpose::of_import(self.request);
        let mut reading = Reading::start(reader, &self.request.from, source, purpose)?;
        let mut file: Option<OpenFile<'_>> = None;
        loop {
            match (reading.next(cancel)?, &mut file) {
                (Frame::Layers(_), _) => {}
                (Frame::Header(header), _) => {
                    let opened = self.open(position, &source.name, header);
                    // Without a needed column every record would be wrong in the same way.
                    if self.is_refused {
                        return Ok(());
                    }
                    file = Some(opened);
                }
                (Frame::Finding(finding), _) => self.about_file(&source.name, finding),
                (Frame::Rejected(finding), open) => {
                    if let Some(file) = open {
                        file.n_read += 1;
                    }
                    self.reject(&source.name, finding);
                }
                (Frame::Feature(mut feature), Some(file)) => {
                    file.n_read += 1;
                    if file.n_read.is_multiple_of(PROGRESS_EVERY) {
                        progress(file.progress());
                    }
                    if let Some(record) = self.accept(file, &mut feature)
                        && sink(record).is_break()
                    {
                        return Err(IngestError::Cancelled);
                    }
                }
                (Frame::Misuse(cause), _) => return Err(IngestError::Request(cause)),
                (Frame::Feature(_), None) | (Frame::End, _) => break,
            }
        }
        if let Some(file) = file {
            progress(file.progress());
            self.close(file);
        }
        Ok(())
    }

    fn open<'b>(&mut self, position: usize, name: &'b str, header: Header) -> OpenFile<'b> {
        let mut found = Vec::new();
        let columns = Columns::resolve(self.request, &header.fields, &mut found);
        let released =
            columns::released(&self.request.release, &columns, &header.fields, &mut found);
        self.released.extend(released);
        for finding in found {
            self.about_file(name, finding);
        }
        let mut file = OpenFile {
            name,
            position: u32::try_from(position).unwrap_or(u32::MAX),
            columns,
            unknowns: Unknowns::default(),
            personal: BTreeSet::new(),
            n_read: 0,
            header,
        };
        self.refuse_personal_names(&mut file);
        self.crs.insert(file.header.crs.clone());
        self.encodings.insert(file.header.encoding.clone());
        for column in file.columns.uses(&file.header.fields) {
            if !self.columns.contains(&column) {
                self.columns.push(column);
            }
        }
        file
    }

    fn refuse_personal_names(&mut self, file: &mut OpenFile<'_>) {
        for (column, name) in file.header.fields.iter().enumerate() {
            if SYNONYMS.is_personal(name) {
                file.personal.insert(column);
                let finding = personal_column(name, None, "its name says so");
                self.about_file(file.name, finding);
            }
        }
    }

    fn refuse_personal_values(&mut self, file: &mut OpenFile<'_>, feature: &RawFeature) {
        for (column, value) in feature.values.iter().enumerate() {
            if !file.personal.contains(&column)
                && let Some(kind) = personal::kind(value)
            {
                file.personal.insert(column);
                let name = file.header.fields.get(column).map_or("", String::as_str);
                let why = format!("a value seems to be {kind}");
                self.about_file(file.name, personal_column(name, Some(feature.fid), &why));
            }
        }
    }

    /// The record of a feature, where it may be kept as far as is known now.
    fn accept(&mut self, file: &mut OpenFile<'_>, feature: &mut RawFeature) -> Option<Record> {
        self.refuse_personal_values(file, feature);
        let geometry = feature.geometry.take();
        if let (Some(within), Some(geometry)) = (self.request.from.only_within, &geometry)
            && !touches(geometry, within)
        {
            self.n_passed_over += 1;
            return None;
        }
        let made = self.make(file, feature, geometry);
        let record = match made {
            Ok(record) => record,
            Err(finding) => {
                let fid = Some(feature.fid);
                self.reject(file.name, Finding { fid, ..finding });
                return None;
            }
        };
        if let Err(duplicate) = self.keys.take(&record.key, file.position, feature.fid) {
            if let Some((first_file, finding)) = duplicate.first {
                let name = self.sources[first_file as usize].name.clone();
                self.withdrawn_keys.push(record.key);
                self.n_accepted -= 1;
                self.reject(&name, finding);
            }
            self.reject(file.name, duplicate.this);
            return None;
        }
        self.n_accepted += 1;
        *self.origins.entry(record.origin.clone()).or_default() += 1;
        Some(record)
    }

    /// The record that a feature makes, or makes of the one that it updates.
    ///
    /// # Errors
    /// It cannot be kept.
    fn make(
        &mut self,
        file: &mut OpenFile<'_>,
        feature: &RawFeature,
        mut geometry: Option<Geometry<f64>>,
    ) -> Result<Record, Finding> {
        let layer = self.request.layer;
        let codes = match (&self.request.code_from, &self.request.codes) {
            (Some(_), _) => Codes::FromName,
            (None, CodeScheme::Kemendagri) => Codes::Kemendagri,
            (None, CodeScheme::Bps(villages)) => Codes::Bps(villages),
        };
        let mut row = Row {
            columns: &file.columns,
            feature,
            unknowns: &mut file.unknowns,
            is_update: false,
        };
        records::refuse_control_characters(&row)?;
        let key = match (records::key(layer, codes, &row)?, geometry.take()) {
            (Some(key), given) => {
                geometry = given;
                key
            }
            (None, Some(given)) if !self.request.needs_id => {
                let shape = shapes::of_kind(layer.kind(), given)?;
                let key = self.keys.of_geometry(&shape);
                geometry = Some(shape);
                key
            }
            (None, None) if !self.request.needs_id && self.request.updates.is_none() => {
                return Err(records::no_geometry());
            }
            (None, _) => return Err(no_id()),
        };
        let known = self.known(&row, &key, geometry.is_some())?;
        row.is_update = known.is_some();
        let draft = Draft {
            key,
            geometry,
            known,
        };
        records::record(layer, codes, &mut row, draft)
    }

    /// The record that a row updates; none where it is a new one.
    ///
    /// # Errors
    /// The row may not be a new record.
    fn known(
        &mut self,
        row: &Row<'_>,
        key: &str,
        has_geometry: bool,
    ) -> Result<Option<Record>, Finding> {
        let Some(updates) = &self.request.updates else {
            return Ok(None);
        };
        let source = match &self.updating_source {
            Some(source) => source.clone(),
            None => updates.source_of(row.text("source")),
        };
        let known = updates.known.get(&source, key);
        let is_placed = has_geometry || !self.request.layer.has_geometry();
        if known.is_some() || updates.may_add && is_placed {
            self.updating_source = Some(source);
            return Ok(known.cloned());
        }
        Err(unknown_key(&source, key, updates.may_add))
    }

    fn close(&mut self, file: OpenFile<'_>) {
        if file.n_read == 0 {
            let cause = match &self.request.from.filter {
                Some(filter) => format!("no record of the layer fulfils `{filter}`"),
                None => "the layer holds no records".to_owned(),
            };
            let finding = error(
                FindingCode::LayerEmpty,
                cause,
                "choose another file or layer, or change the filter",
            );
            self.about_file(file.name, finding);
        }
        for finding in file.unknowns.finish() {
            self.findings.push(file.name, finding);
        }
    }

    /// A finding that, where it is an error, refuses the file.
    fn about_file(&mut self, file: &str, finding: Finding) {
        self.is_refused |= finding.severity == Severity::Error;
        self.findings.push(file, finding);
    }

    fn reject(&mut self, file: &str, finding: Finding) {
        self.n_rejected += 1;
        if self.request.list_rejected {
            self.rejected.push(Finding {
                file: file.to_owned(),
                ..finding.clone()
            });
        }
        self.findings.push(file, finding);
    }

    fn finish(mut self, file_hash: String) -> Checked {
        if self.n_accepted == 0 && !self.is_refused {
            let (cause, mend) = match (self.n_rejected, self.n_passed_over) {
                (0, n_far) if n_far > 0 => (
                    format!("all {n_far} records lie too far from the district"),
                    "check that it is the right file, or choose a larger --clip-km",
                ),
                (n_rejected, _) => (
                    format!("none of {n_rejected} records can be used"),
                    "mend the records; their faults are listed",
                ),
            };
            let finding = error(FindingCode::LayerEmpty, cause, mend);
            let file = self.sources[0].name.clone();
            self.about_file(&file, finding);
        }
        let mut origins = self.origins.into_keys();
        let source = match (origins.next(), origins.next()) {
            (Some(only), None) => only,
            (first, second) => {
                let is_sample = [first, second]
                    .into_iter()
                    .flatten()
                    .chain(origins)
                    .any(|origin| origin.as_deref() == Some(SAMPLE_SOURCE));
                is_sample.then(|| SAMPLE_SOURCE.to_owned())
            }
        };
        Checked {
            findings: self.findings.finish(),
            is_refused: self.is_refused,
            n_accepted: self.n_accepted,
            n_rejected: self.n_rejected,
            n_passed_over: self.n_passed_over,
            withdrawn_keys: self.withdrawn_keys,
            crs: joined(self.crs),
            encoding: joined(self.encodings),
            file_names: self.sources.iter().map(|file| file.name.clone()).collect(),
            file_hash,
            is_sample: source.as_deref() == Some(SAMPLE_SOURCE),
            source,
            columns: self.columns,
            released_columns: self.released.into_iter().collect(),
            rejected: self.rejected,
        }
    }
}

impl OpenFile<'_> {
    fn progress(&self) -> Progress {
        Progress {
            file: self.name.to_owned(),
            n_read: self.n_read,
            n_expected: self.header.n_features,
        }
    }
}

/// Whether the box around a geometry touches another; one without a box touches all.
fn touches(geometry: &Geometry<f64>, [west, south, east, north]: [f64; 4]) -> bool {
    geometry.bounding_rect().is_none_or(|rect| {
        rect.min().x <= east
            && west <= rect.max().x
            && rect.min().y <= north
            && south <= rect.max().y
    })
}

fn joined(texts: BTreeSet<String>) -> Option<String> {
    let texts: Vec<String> = texts.into_iter().collect();
    (!texts.is_empty()).then(|| texts.join("; "))
}

fn no_id() -> Finding {
    Finding {
        field: Some("id".to_owned()),
        ..error(
            FindingCode::FieldMissing,
            "the record has no id",
            "fill it in, delete the record, or name another column as its id",
        )
    }
}

/// A row of a key that nothing has, where it cannot be a new record.
fn unknown_key(source: &str, key: &str, may_add: bool) -> Finding {
    let finding = if may_add {
        error(
            FindingCode::GeometryMissing,
            format!(
                "source `{source}` has no record with this key, and a new one needs a geometry"
            ),
            "correct the key, or give the record its place",
        )
    } else {
        error(
            FindingCode::KeyUnknown,
            format!("source `{source}` has no record with this key that could be updated"),
            "correct the key, or import with --add, too",
        )
    };
    Finding {
        value: Some(key.to_owned()),
        ..finding
    }
}

fn personal_column(column: &str, fid: Option<i64>, why: &str) -> Finding {
    Finding {
        fid,
        field: Some(column.to_owned()),
        ..error(
            FindingCode::ColumnPersonal,
            format!("the column `{column}` holds personal data: {why}"),
            "export the file again without this column, in QGIS with Save Features As",
        )
    }
}
