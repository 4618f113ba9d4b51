//! A network as a file: built once, read wherever roads are asked for.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::inputs::InputReader;
use super::output::check_folder;
use super::{InputReport, Means, NetworkInputs, hexadecimal};
use crate::app::AppError;
use crate::domain::{Finding, FindingCode, Severity};
use crate::ingest::IngestError;
use crate::network::{BuildReport, Network};
use crate::publish::UnfinishedFile;

/// The largest graph that is read: some hundred million pieces.
const MAX_GRAPH_BYTES: u64 = 8_000_000_000;

/// How the name of a graph's file ends.
const SUFFIX: &str = "graph";

/// The question of `jangkau graph build`.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphAsked {
    /// The roads.
    pub network: NetworkInputs,
    /// Where the graph goes.
    pub out: PathBuf,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GraphReport {
    /// The file.
    pub file: PathBuf,
    /// Its length.
    pub n_bytes: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub hash: String,
    /// What the builder found and did.
    pub build: BuildCounts,
    /// What was found in each input.
    pub inputs: Vec<InputReport>,
}

/// What the builder found and did, for readers of JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[expect(missing_docs, reason = "the fields are those of `BuildReport`")]
pub struct BuildCounts {
    pub segments: u32,
    pub segments_without_length: u32,
    pub duplicate_segments: u32,
    pub nodes: u32,
    pub edges: u32,
    pub pieces: u32,
    pub zero_length_pieces: u32,
    pub components: u32,
    pub dead_ends: u32,
    pub loops: u32,
    pub parallel_edges: u32,
    pub joined_ends: u32,
    pub joined_crossings: u32,
    pub contracted_nodes: u32,
    pub crossings_on_roads: u32,
    pub crossings_off_roads: usize,
    pub saturated_lengths: u32,
}

impl From<&BuildReport> for BuildCounts {
    fn from(report: &BuildReport) -> Self {
        Self {
            segments: report.n_segments,
            segments_without_length: report.n_segments_without_length,
            duplicate_segments: report.n_duplicate_segments,
            nodes: report.n_nodes,
            edges: report.n_edges,
            pieces: report.n_pieces,
            zero_length_pieces: report.n_zero_length_pieces,
            components: report.n_components,
            dead_ends: report.n_dead_ends,
            loops: report.n_loops,
            parallel_edges: report.n_parallel_edges,
            joined_ends: report.n_joined_ends,
            joined_crossings: report.n_joined_crossings,
            contracted_nodes: report.n_contracted_nodes,
            crossings_on_roads: report.n_crossings_on_roads,
            crossings_off_roads: report.crossings_off_roads.len(),
            saturated_lengths: report.n_saturated_lengths,
        }
    }
}

/// Builds a network and writes it; it holds all modes and seasons.
///
/// # Errors
/// A file is missing or refused, the graph cannot be written, or somebody stopped.
pub fn build_graph(asked: &GraphAsked, means: Means<'_>) -> Result<GraphReport, AppError> {
    if !is_graph(&asked.out) {
        return Err(AppError::Usage("the suffix must be .graph".to_owned()));
    }
    if asked
        .network
        .roads
        .from
        .files
        .iter()
        .any(|file| is_graph(file))
    {
        return Err(AppError::Usage("the roads are a graph already".to_owned()));
    }
    check_folder(&asked.out)?;
    let mut reader = InputReader::new(means);
    let parts = reader.network(&asked.network)?;
    let inputs = reader.finish()?;
    let built = parts.build(means)?;
    means.stage("writing");
    let bytes = built.network.to_bytes();
    means.go_on()?;
    let mut file = UnfinishedFile::begin(&asked.out)?;
    file.write(&bytes)?;
    file.finish()?;
    let report = built.report.as_ref();
    Ok(GraphReport {
        file: asked.out.clone(),
        n_bytes: bytes.len() as u64,
        hash: hexadecimal(&Sha256::digest(&bytes)),
        build: report.map(BuildCounts::from).ok_or(AppError::Cancelled)?,
        inputs,
    })
}

/// Whether a file of roads is a graph; told by its name.
pub(super) fn is_graph(file: &Path) -> bool {
    file.extension()
        .is_some_and(|suffix| suffix.eq_ignore_ascii_case(SUFFIX))
}

/// Reads a graph; what is wrong with it is a finding.
///
/// # Errors
/// The file is missing or cannot be read.
pub(super) fn read_graph(path: &Path) -> Result<(Option<Network>, InputReport), AppError> {
    let missing = || AppError::Ingest(IngestError::FileMissing(path.to_owned()));
    let n_bytes = fs::metadata(path).map_err(|_absent| missing())?.len();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let mut report = InputReport {
        input: "roads",
        files: vec![name.clone().into_owned()],
        hash: String::new(),
        crs: None,
        encoding: None,
        accepted: 0,
        rejected: 0,
        rows: Vec::new(),
    };
    let refuse = |code, cause| Finding {
        code,
        severity: Severity::Error,
        file: name.into_owned(),
        fid: None,
        field: None,
        value: None,
        cause,
        mend: "build it again with jangkau graph build".to_owned(),
    };
    if n_bytes > MAX_GRAPH_BYTES {
        let cause = format!("the file has {n_bytes} bytes, more than {MAX_GRAPH_BYTES}");
        report.rows.push(refuse(FindingCode::ParseLimit, cause));
        return Ok((None, report));
    }
    let bytes = fs::read(path).map_err(|cause| AppError::System {
        doing: "read the road graph",
        cause: cause.to_string(),
    })?;
    report.hash = hexadecimal(&Sha256::digest(&bytes));
    match Network::from_bytes(&bytes) {
        Ok(network) => {
            report.accepted = u64::from(network.n_pieces());
            Ok((Some(network), report))
        }
        Err(cause) => {
            let code = FindingCode::FileUnreadable;
            report.rows.push(refuse(code, cause.to_string()));
            Ok((None, report))
        }
    }
}
