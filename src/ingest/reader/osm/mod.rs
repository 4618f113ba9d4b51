//! OpenStreetMap files: `.osm.pbf`, `.osm` and `.osm.gz`, read without GDAL, as layers of ours.
//!
//! The file is read three times, so that it may be in any order and memory holds only what one layer needs:
//! which elements belong to it (`survey`), where their nodes are, and the elements themselves (`send`).
//! What tags mean is in `road`, `access`, `crossing` and, for places and barriers, `mapped`.
//! docs/decisions/0009 says why GDAL's driver is not used.

mod access;
mod crossing;
mod element;
mod line;
mod mapped;
mod pbf;
mod places;
mod road;
mod rules;
mod send;
mod source;
mod survey;
mod tally;
mod wire;
mod xml;

use crate::domain::{Finding, FindingCode, Layer};
use crate::ingest::findings::error;
use crate::ingest::limits::Limits;
use crate::ingest::protocol::{Frame, LayerFound, RawFeature, ReadJob};

use super::format::{self, Format};
use super::{Out, Stop};
use element::Element;
use source::{Packing, Source};
use survey::Survey;

/// Nodes of one way; OSM's own limit is 2,000.
const MAX_NODES_OF_WAY: usize = 100_000;

/// Takes an element.
type Visit<'v> = &'v mut dyn FnMut(Element<'_>) -> Result<(), Stop>;

/// Takes a frame.
type Sink<'s> = &'s mut dyn FnMut(Frame) -> Result<(), Stop>;

/// A layer that an OSM file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Roads,
    Crossings,
    Clinics,
    Schools,
    WaterPoints,
    Settlements,
    Barriers,
    Markets,
    VillageOffices,
}

impl Kind {
    const ALL: [Self; 9] = [
        Self::Roads,
        Self::Crossings,
        Self::Clinics,
        Self::Schools,
        Self::WaterPoints,
        Self::Settlements,
        Self::Barriers,
        Self::Markets,
        Self::VillageOffices,
    ];

    /// The layers whose rules are tags and nothing else.
    const MAPPED: [Self; 7] = [
        Self::Clinics,
        Self::Schools,
        Self::WaterPoints,
        Self::Settlements,
        Self::Barriers,
        Self::Markets,
        Self::VillageOffices,
    ];

    fn layer(self) -> Layer {
        match self {
            Self::Roads => Layer::Roads,
            Self::Crossings => Layer::Crossings,
            Self::Clinics => Layer::Clinics,
            Self::Schools => Layer::Schools,
            Self::WaterPoints => Layer::WaterPoints,
            Self::Settlements => Layer::Settlements,
            Self::Barriers => Layer::Barriers,
            Self::Markets => Layer::Markets,
            Self::VillageOffices => Layer::VillageOffices,
        }
    }

    fn name(self) -> &'static str {
        // None of them is a context layer.
        self.layer().known_name().unwrap_or_default()
    }

    fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Roads => &road::COLUMNS,
            Self::Crossings => &crossing::COLUMNS,
            Self::Clinics | Self::Schools | Self::WaterPoints | Self::Markets => {
                &mapped::FACILITY_COLUMNS
            }
            Self::VillageOffices => &mapped::OFFICE_COLUMNS,
            Self::Settlements => &mapped::SETTLEMENT_COLUMNS,
            Self::Barriers => &mapped::BARRIER_COLUMNS,
        }
    }
}

/// Reads the job's file, which is of OSM.
///
/// # Errors
/// The file is refused, the request cannot be followed, or the pipe is gone.
pub(super) fn read(job: &ReadJob, format: Format, out: &mut Out) -> Result<(), Stop> {
    let Some(packing) = Packing::of(format) else {
        return Err(Stop::Misuse("the file is not of OpenStreetMap".to_owned()));
    };
    check_options(job)?;
    let source = Source::file(&job.file, packing, &job.limits);
    let kind = choose(job.source_layer.as_deref(), job.wanted_layer);
    let survey = Survey::of(&source, kind.as_ref().ok().copied())?;
    out.send(&Frame::Layers(layers(&survey, format)))?;
    if job.only_inspect {
        return survey.tally.send(None, &mut |frame| out.send(&frame));
    }
    let kind = kind?;
    send::send(&source, survey, kind, job.district, &mut |frame| {
        out.send(&frame)
    })
}

/// What the bytes of an OSM file hold of a layer, read as the child process reads it but in this process and memory.
///
/// For tests and for whoever looks for bytes that break the reader.
///
/// # Errors
/// The finding that refuses the file, or that says that an OSM file has no such layer.
pub fn features_of_bytes(
    bytes: &[u8],
    layer: Layer,
) -> Result<(Vec<RawFeature>, Vec<Finding>), Finding> {
    let mut features = Vec::new();
    let mut findings = Vec::new();
    let mut keep = |frame| {
        match frame {
            Frame::Feature(feature) => features.push(feature),
            Frame::Finding(finding) | Frame::Rejected(finding) => findings.push(finding),
            Frame::Layers(_) | Frame::Header(_) | Frame::Misuse(_) | Frame::End => {}
        }
        Ok(())
    };
    let mut read = || {
        let head = &bytes[..bytes.len().min(format::HEAD_LENGTH)];
        let packing = Packing::of(format::by_content(head)?).ok_or_else(not_osm)?;
        let source = Source::memory(bytes, packing, &Limits::DEFAULT);
        let kind = choose(None, Some(layer))?;
        let survey = Survey::of(&source, Some(kind))?;
        send::send(&source, survey, kind, None, &mut keep)
    };
    match read() {
        Ok(()) => Ok((features, findings)),
        Err(Stop::Refused(finding)) => Err(finding),
        Err(Stop::Misuse(cause)) => Err(error(FindingCode::FileUnsupported, cause, "")),
        Err(Stop::Pipe) => Err(not_osm()),
    }
}

fn not_osm() -> Finding {
    error(
        FindingCode::FileUnsupported,
        "the file is not of OpenStreetMap",
        "choose another file",
    )
}

/// Options that mean nothing for data whose system and encoding are fixed.
fn check_options(job: &ReadJob) -> Result<(), Stop> {
    let is_wgs_84 = |crs: &String| crs.trim().eq_ignore_ascii_case("EPSG:4326");
    if job.crs.as_ref().is_some_and(|crs| !is_wgs_84(crs)) {
        return Err(Stop::Misuse(
            "OpenStreetMap is always in EPSG:4326: leave --crs out".to_owned(),
        ));
    }
    let is_utf_8 = |encoding: &String| encoding.trim().eq_ignore_ascii_case("UTF-8");
    if job.encoding.as_ref().is_some_and(|each| !is_utf_8(each)) {
        return Err(Stop::Misuse(
            "OpenStreetMap is always in UTF-8: leave --encoding out".to_owned(),
        ));
    }
    if job.filter.is_some() {
        return Err(Stop::Misuse(
            "a filter is not applied to OSM files: cut or filter them before, for example with osmium tags-filter"
                .to_owned(),
        ));
    }
    Ok(())
}

fn layers(survey: &Survey, format: Format) -> Vec<LayerFound> {
    let found = |kind: Kind| {
        let n_found = Some(survey.n_found(kind));
        LayerFound {
            crs: Some("EPSG:4326 (WGS 84): the standard of OpenStreetMap".to_owned()),
            encoding: Some("UTF-8: the standard of OpenStreetMap".to_owned()),
            ..LayerFound::new(
                kind.name().to_owned(),
                format.name(),
                n_found,
                columns(kind),
            )
        }
    };
    Kind::ALL.map(found).to_vec()
}

fn columns(kind: Kind) -> Vec<String> {
    let columns = kind.columns().iter();
    columns.map(|column| (*column).to_owned()).collect()
}

/// The layer that is asked for by name or number, else the one that is wanted.
fn choose(asked: Option<&str>, wanted: Option<Layer>) -> Result<Kind, Finding> {
    let by_name = |name: &str| {
        Kind::ALL
            .into_iter()
            .find(|kind| kind.name().eq_ignore_ascii_case(name))
    };
    match (asked, wanted) {
        (Some(asked), _) => by_name(asked)
            .or_else(|| {
                let position = asked.parse::<usize>().ok()?.checked_sub(1)?;
                Kind::ALL.get(position).copied()
            })
            .ok_or_else(|| no_layer(Some(asked), "no layer is called so")),
        (None, Some(layer)) => by_name(layer.as_str()).ok_or_else(|| {
            error(
                FindingCode::FileUnsupported,
                format!("{layer} are not read from an OSM file"),
                "export them in QGIS as GeoPackage, for example with QuickOSM",
            )
        }),
        (None, None) => Err(no_layer(None, "an OSM file holds several layers")),
    }
}

fn no_layer(asked: Option<&str>, cause: &str) -> Finding {
    Finding {
        field: Some("source-layer".to_owned()),
        value: asked.map(str::to_owned),
        ..error(
            FindingCode::FieldMissing,
            format!(
                "{cause}; there are: {}",
                Kind::ALL.map(Kind::name).join(", ")
            ),
            "name one of them with --source-layer",
        )
    }
}

fn too_many_nodes(way: i64) -> Finding {
    Finding {
        fid: Some(way),
        ..error(
            FindingCode::ParseLimit,
            format!("a way has more than {MAX_NODES_OF_WAY} nodes; OpenStreetMap allows 2000"),
            "get the file again from its source",
        )
    }
}

/// Whether the file at `path` is of OSM, told by its content.
pub(super) fn is_osm(format: Format) -> bool {
    Packing::of(format).is_some()
}

#[cfg(test)]
mod tests;
