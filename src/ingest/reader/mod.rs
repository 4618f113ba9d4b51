//! The child process: the only place where GDAL opens what somebody handed over.
//!
//! It reads one job from standard input, limits itself, and writes frames to standard output.
//! It knows no layers of ours and no database; a file that kills it harms nobody.

mod archive;
mod complaints;
mod crs;
mod dataset;
mod encoding;
mod features;
mod filter;
mod format;
mod geometry;
mod html;
mod inspect;
mod json;
pub mod osm;
mod raster;
mod repair;
mod shapefile;
mod table;
mod xml;

use std::io::{self, BufWriter, Read, Stdout, Write};
use std::process::ExitCode;

use gdal::config::set_config_option;
use rustix::process::{Signal, set_parent_process_death_signal};

use crate::domain::{Finding, FindingCode};

pub use archive::unpack_bytes;
pub use table::{TableOfBytes, tables_of_bytes};

use super::findings::error;
use super::protocol::{Frame, MAX_JOB_BYTES, RawFeature, ReadJob, write_frame};

/// Why reading ended early.
enum Stop {
    /// The file is refused.
    Refused(Finding),
    /// The request cannot be followed.
    Misuse(String),
    /// The parent is gone, and with it whoever wanted to know.
    Pipe,
}

impl From<Finding> for Stop {
    fn from(finding: Finding) -> Self {
        Self::Refused(finding)
    }
}

/// The main function of `jangkau read-file`, which only [`super::read_records`] and its kin start.
pub fn run() -> ExitCode {
    let Some(job) = receive_job() else {
        return ExitCode::from(2);
    };
    let limited = job.limits.apply().is_ok()
        && set_parent_process_death_signal(Some(Signal::KILL)).is_ok()
        && configure_gdal().is_ok();
    if !limited {
        return ExitCode::FAILURE;
    }
    let mut out = Out(BufWriter::with_capacity(1 << 16, io::stdout()));
    let ended = match read(&job, &mut out) {
        Ok(()) => Ok(()),
        Err(Stop::Refused(finding)) => out.send(&Frame::Finding(finding)),
        Err(Stop::Misuse(cause)) => out.send(&Frame::Misuse(cause)),
        Err(Stop::Pipe) => Err(Stop::Pipe),
    };
    match ended.and_then(|()| out.end()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn receive_job() -> Option<ReadJob> {
    let mut bytes = Vec::new();
    io::stdin()
        .take(MAX_JOB_BYTES)
        .read_to_end(&mut bytes)
        .ok()?;
    postcard::from_bytes(&bytes).ok()
}

/// No plug-ins, no sidecars of pictures, no rebuilding in place; complaints are kept.
fn configure_gdal() -> gdal::errors::Result<()> {
    complaints::keep();
    for (option, value) in [
        ("GDAL_DRIVER_PATH", "disable"),
        ("GDAL_PAM_ENABLED", "NO"),
        ("SHAPE_RESTORE_SHX", "NO"),
        ("CPL_VSIL_CURL_ALLOWED_EXTENSIONS", "{nothing}"),
        ("GDAL_HTTP_TIMEOUT", "1"),
        ("GDAL_HTTP_MAX_RETRY", "0"),
        ("LIBKML_READ_GROUND_OVERLAY", "NO"),
    ] {
        set_config_option(option, value)?;
    }
    Ok(())
}

fn read(job: &ReadJob, out: &mut Out) -> Result<(), Stop> {
    let format = format::recognise(&job.file)?;
    if osm::is_osm(format) {
        return osm::read(job, format, out);
    }
    if format == format::Format::GeoTiff {
        return raster::read(job, out);
    }
    let datasets = dataset::open_all(job)?;
    let (layers, findings) = if job.only_inspect {
        inspect::inspected(job, &datasets)?
    } else {
        (datasets.layers(), Vec::new())
    };
    out.send(&Frame::Layers(layers))?;
    for finding in datasets.notes.iter().chain(&findings) {
        out.send(&Frame::Finding(finding.clone()))?;
    }
    if job.only_inspect {
        return Ok(());
    }
    let wanted = job.wanted_layer.map(|layer| layer.to_string());
    let choice = datasets.choose(job.source_layer.as_deref(), wanted.as_deref())?;
    features::send(job, &choice, out)
}

/// The pipe to the parent.
struct Out(BufWriter<Stdout>);

impl Out {
    fn send(&mut self, frame: &Frame) -> Result<(), Stop> {
        write_frame(&mut self.0, frame).map_err(|_cause| Stop::Pipe)
    }

    /// Sends a feature, or gives back why it is too large to be sent.
    fn send_feature(&mut self, feature: RawFeature) -> Result<Option<Finding>, Stop> {
        let fid = feature.fid;
        match write_frame(&mut self.0, &Frame::Feature(feature)) {
            Ok(()) => Ok(None),
            Err(cause) if cause.kind() == io::ErrorKind::InvalidData => Ok(Some(Finding {
                fid: Some(fid),
                ..error(
                    FindingCode::ParseLimit,
                    "the feature has more than about eight million vertices",
                    "simplify it in QGIS, or split it",
                )
            })),
            Err(_) => Err(Stop::Pipe),
        }
    }

    fn end(&mut self) -> Result<(), Stop> {
        self.send(&Frame::End)?;
        self.0.flush().map_err(|_cause| Stop::Pipe)
    }
}

fn unreadable(cause: &io::Error) -> Finding {
    error(
        FindingCode::FileUnreadable,
        format!("the file cannot be read: {cause}"),
        "check that it is there, that it may be read, and that the disk is not full",
    )
}
