//! Features of any file as they are, and the layers of a file: reading without a layer of ours.

use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

use crate::domain::{Finding, Layer, Severity};

use super::child::{Purpose, ReaderCommand, Reading};
use super::error::IngestError;
use super::files;
use super::findings::Findings;
use super::protocol::{Frame, Header, LayerFound, RawFeature};
use super::request::{FilesToRead, ImportRequest};

/// What a read of features found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeaturesRead {
    /// Everything found, in order of severity, file, feature.
    pub findings: Vec<Finding>,
    /// Columns, coordinate system and encoding of each file that was read.
    pub headers: Vec<Header>,
    /// Number of features handed out.
    pub n_read: u64,
}

impl FeaturesRead {
    /// Whether anything found keeps the features from being used.
    pub fn has_errors(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.severity == Severity::Error)
    }
}

/// The layers of a file.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Inspection {
    /// Everything found, in order of severity.
    pub findings: Vec<Finding>,
    /// The layers, in the file's order.
    pub layers: Vec<LayerFound>,
}

/// Hands each feature of the files to `sink`, with the header of its file, as it comes. Blocks.
///
/// # Errors
/// A file is missing, the child cannot be started, the request cannot be followed, or somebody stopped.
pub fn read_features(
    request: &FilesToRead,
    reader: &ReaderCommand,
    sink: &mut dyn FnMut(&Header, RawFeature) -> ControlFlow<()>,
    cancel: &AtomicBool,
) -> Result<FeaturesRead, IngestError> {
    read(request, reader, &|| purpose(false), sink, cancel)
}

/// As [`read_features`], of the files of an import, read as it reads them; a feature whose place cannot be used comes
/// without it.
///
/// # Errors
/// As [`read_features`].
pub fn read_features_of(
    request: &ImportRequest,
    reader: &ReaderCommand,
    sink: &mut dyn FnMut(&Header, RawFeature) -> ControlFlow<()>,
    cancel: &AtomicBool,
) -> Result<FeaturesRead, IngestError> {
    read(
        &request.from,
        reader,
        &|| Purpose {
            keeps_misplaced: true,
            ..Purpose::of_import(request)
        },
        sink,
        cancel,
    )
}

fn read(
    request: &FilesToRead,
    reader: &ReaderCommand,
    purpose: &dyn Fn() -> Purpose,
    sink: &mut dyn FnMut(&Header, RawFeature) -> ControlFlow<()>,
    cancel: &AtomicBool,
) -> Result<FeaturesRead, IngestError> {
    let mut findings = Findings::default();
    let mut headers: Vec<Header> = Vec::new();
    let mut n_read = 0;
    for file in files::source_files(&request.files)? {
        let mut reading = Reading::start(reader, request, &file, purpose())?;
        let mut header: Option<Header> = None;
        loop {
            match (reading.next(cancel)?, &header) {
                (Frame::Layers(_), _) => {}
                (Frame::Header(found), _) => header = Some(found),
                (Frame::Finding(finding) | Frame::Rejected(finding), _) => {
                    findings.push(&file.name, finding);
                }
                (Frame::Feature(feature), Some(header)) => {
                    n_read += 1;
                    if sink(header, feature).is_break() {
                        return Err(IngestError::Cancelled);
                    }
                }
                (Frame::Misuse(cause), _) => return Err(IngestError::Request(cause)),
                (Frame::Feature(_), None) | (Frame::End, _) => break,
            }
        }
        headers.extend(header);
    }
    Ok(FeaturesRead {
        findings: findings.finish(),
        headers,
        n_read,
    })
}

/// The layers and columns of the files. Blocks.
///
/// # Errors
/// A file is missing, the child cannot be started, or somebody stopped.
pub fn inspect(
    request: &FilesToRead,
    reader: &ReaderCommand,
    cancel: &AtomicBool,
) -> Result<Inspection, IngestError> {
    let mut findings = Findings::default();
    let mut layers = Vec::new();
    for file in files::source_files(&request.files)? {
        let mut reading = Reading::start(reader, request, &file, purpose(true))?;
        loop {
            match reading.next(cancel)? {
                Frame::Layers(found) => layers.extend(found),
                Frame::Finding(finding) => findings.push(&file.name, finding),
                Frame::Misuse(cause) => return Err(IngestError::Request(cause)),
                Frame::End => break,
                Frame::Header(_) | Frame::Feature(_) | Frame::Rejected(_) => {}
            }
        }
    }
    Ok(Inspection {
        findings: findings.finish(),
        layers,
    })
}

fn purpose(only_inspect: bool) -> Purpose {
    // The headings of coordinates are the same for every layer.
    let request = ImportRequest::new(Layer::Settlements, Vec::new());
    Purpose {
        only_inspect,
        layer: None,
        ..Purpose::of_import(&request)
    }
}
