//! The cost of every pair of an origin and a facility.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::PathBuf;

use serde::Serialize;
use serde_json::json;

use super::access::{Ready, check_cutoff, places};
use super::output::{metres, point, real, seconds, text};
use super::snap_report::write_snap_report;
use super::{
    Cutoff, FacilityChoice, FilesProgress, FilesRule, HowToTravel, InputReport, Means,
    NetworkInputs, NetworkSummary, OutFile, threads,
};
use crate::access::{Journey, NearestOptions, PairReach, RescuePair, matrix, rescue_matrix};
use crate::app::AppError;
use crate::network::Cancelled;
use crate::publish::{Column, Row, RowFile, Shape, Value};

/// Pairs that are computed where nobody asks for more: three gigabytes of CSV.
pub const MAX_PAIRS: u64 = 50_000_000;

/// The question of `jangkau matrix`.
#[derive(Debug, Clone, PartialEq)]
pub struct MatrixAsked {
    /// The roads.
    pub network: NetworkInputs,
    /// How trips are made.
    pub how: HowToTravel,
    /// Between what.
    pub between: FacilityChoice,
    /// The most pairs to compute.
    pub max_pairs: u64,
    /// Where the answer goes.
    pub out: OutFile,
    /// Where it is told how places are attached.
    pub snap_report: Option<PathBuf>,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MatrixReport {
    /// The file.
    pub file: PathBuf,
    /// Its rows, one a pair.
    pub n_rows: u64,
    /// Pairs by state.
    pub n_pairs: BTreeMap<&'static str, u64>,
    /// What was found in each input.
    pub inputs: Vec<InputReport>,
    /// The network.
    pub network: NetworkSummary,
    /// The rule of the answer.
    pub rule: FilesRule,
}

/// The last two are of emergencies only.
const COLUMNS: [Column; 7] = [
    text("origin_id"),
    text("facility_id"),
    text("state"),
    real("time_s"),
    real("length_m"),
    real("carry_m"),
    real("carry_s"),
];

/// Writes the cost of every pair: origins in the order of their file, for each the facilities in order of id.
///
/// # Errors
/// A file is missing or refused, there are too many pairs, the answer cannot be written, or somebody stopped.
pub fn find_matrix(asked: &MatrixAsked, means: Means<'_>) -> Result<MatrixReport, AppError> {
    asked.out.check()?;
    check_cutoff(&asked.how, asked.between.cutoff)?;
    let ready = Ready::read(&asked.network, &asked.how, &asked.between, means)?;
    let n_pairs = ready.origins.len() as u64 * ready.facilities.len() as u64;
    if n_pairs > asked.max_pairs {
        return Err(AppError::Usage(format!(
            "{} origins and {} facilities are {n_pairs} pairs, more than {}; \
             if that is meant, add --max-pairs {n_pairs}",
            ready.origins.len(),
            ready.facilities.len(),
            asked.max_pairs
        )));
    }
    means.stage("searching");
    let metadata = json!({ "rule": &ready.rule });
    let columns = &COLUMNS[..COLUMNS.len() - if ready.travels.is_rescue() { 0 } else { 2 }];
    let file = asked
        .out
        .begin("matrix", Shape::Point, columns, &metadata)?;
    let mut pairs = PairWriter {
        ready: &ready,
        means,
        file,
        n_columns: columns.len(),
        n_pairs: BTreeMap::new(),
        n_rows: 0,
        written: Ok(()),
    };
    let done = pairs.ask(asked.between.cutoff);
    let PairWriter {
        file,
        n_pairs,
        n_rows,
        written,
        ..
    } = pairs;
    written?;
    done?;
    if let Some(path) = &asked.snap_report {
        write_snap_report(&ready, path, means)?;
    }
    means.go_on()?;
    file.finish()?;
    Ok(MatrixReport {
        file: asked.out.path.clone(),
        n_rows,
        n_pairs,
        inputs: ready.inputs,
        network: ready.network,
        rule: ready.rule,
    })
}

/// Writes rows as they come.
struct PairWriter<'a> {
    ready: &'a Ready,
    means: Means<'a>,
    file: RowFile,
    n_columns: usize,
    n_pairs: BTreeMap<&'static str, u64>,
    n_rows: u64,
    /// What broke it off.
    written: Result<(), AppError>,
}

impl PairWriter<'_> {
    /// Asks for all pairs and writes them.
    fn ask(&mut self, cutoff: Option<Cutoff>) -> Result<(), Cancelled> {
        let options = NearestOptions {
            cutoff: cutoff.map(Cutoff::in_engine),
            threads: threads(),
        };
        let (ready, cancel) = (self.ready, self.means.cancel);
        let (origins, facilities) = (places(&ready.origins), places(&ready.facilities));
        match ready.travels.journey() {
            Journey::Trip(travel) => {
                let mut take = |origin: usize, row: &[PairReach]| {
                    self.take(origin, row.iter().copied().map(RescuePair::from))
                };
                matrix(travel, &origins, &facilities, options, cancel, &mut take)
            }
            Journey::Rescue(rescue) => {
                let mut take =
                    |origin: usize, row: &[RescuePair]| self.take(origin, row.iter().copied());
                rescue_matrix(rescue, &facilities, &origins, options, cancel, &mut take)
            }
        }
    }

    fn take(&mut self, origin: usize, row: impl Iterator<Item = RescuePair>) -> ControlFlow<()> {
        let n_origins = self.ready.origins.len() as u64;
        (self.means.progress)(FilesProgress::At(origin as u64 + 1, Some(n_origins)));
        self.written = self.write(origin, row);
        match self.written {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }

    fn write(
        &mut self,
        origin: usize,
        row: impl Iterator<Item = RescuePair>,
    ) -> Result<(), AppError> {
        let origin = &self.ready.origins[origin];
        for (facility, reach) in self.ready.facilities.iter().zip(row) {
            let mut values = vec![
                Value::Text(origin.id.clone()),
                Value::Text(facility.id.clone()),
                Value::Text(reach.state.to_string()),
                seconds(reach.total.map(|total| total.time)),
                metres(reach.total.map(|total| total.length)),
                metres(reach.carry.map(|carry| carry.length)),
                seconds(reach.carry.map(|carry| carry.time)),
            ];
            values.truncate(self.n_columns);
            self.file.write(&Row {
                geometry: point(origin.at),
                values,
            })?;
            *self.n_pairs.entry(reach.state.as_str()).or_default() += 1;
            self.n_rows += 1;
        }
        Ok(())
    }
}
