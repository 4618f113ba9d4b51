//! Files in, files out: the engine asked about files, without a database.
//!
//! Files are read by the child process as an import reads them. With any ERROR in any of them nothing is computed, and
//! everything that is wrong with all of them is said at once. What is written is there whole or not at all.

mod access;
mod graph;
mod inputs;
mod isochrone;
mod matrix;
mod output;
mod route;
mod rule;
mod snap_report;

use std::fmt::Write as _;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};

pub use access::{AccessAsked, AccessReport, Catchment, FacilityChoice, find_access};
pub use graph::{BuildCounts, GraphAsked, GraphReport, build_graph};
pub use inputs::{BuiltSummary, FileInput, InputReport, NetworkInputs, NetworkSummary};
pub use isochrone::{CutoffReached, IsochroneAsked, IsochroneReport, MAX_CUTOFFS, find_isochrone};
pub use matrix::{MAX_PAIRS, MatrixAsked, MatrixReport, find_matrix};
pub use output::{OutFile, OutForm};
pub use route::{CarryFound, RouteAsked, RouteFound, RouteLeg, find_route};
pub use rule::{Cutoff, FilesRule, HowToTravel};

pub use crate::access::MAX_K;
pub use crate::network::SnapChoice;

use super::AppError;
use crate::ingest::ReaderCommand;

/// How far a command is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FilesProgress<'a> {
    /// A stage has begun.
    Stage(&'a str),
    /// So much of the stage is done, of so much if that is known.
    At(u64, Option<u64>),
}

/// What every command needs beside its question.
#[derive(Clone, Copy)]
pub struct Means<'a> {
    /// How the child process is started.
    pub reader: &'a ReaderCommand,
    /// Called as work goes on.
    pub progress: &'a dyn Fn(FilesProgress<'_>),
    /// Raised to stop; nothing is left behind then.
    pub cancel: &'a AtomicBool,
}

impl Means<'_> {
    fn stage(&self, stage: &str) {
        (self.progress)(FilesProgress::Stage(stage));
    }

    fn go_on(&self) -> Result<(), AppError> {
        if self.cancel.load(Ordering::Relaxed) {
            return Err(AppError::Cancelled);
        }
        Ok(())
    }
}

fn threads() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        write!(text, "{byte:02x}").expect("a string takes any text");
    }
    text
}
