//! Runs: which there are, and what one says of every village.

use serde::{Deserialize, Serialize};

use super::layers::{Extent, extent};
use super::rows::{Columns, rows};
use super::{ReadError, Reads};
use tokio_postgres::types::Json;

use crate::domain::{
    DatasetVersionId, Indicator, Layer, Metric, Millimetres, Milliseconds, People, Provenance,
    ReachState, Rule, StatePeople, VillageCode,
};

/// A current run, without its results.
#[derive(Debug, Clone, PartialEq)]
pub struct RunHead {
    /// The rule behind its numbers; its `run_id` names the run.
    pub rule: Rule,
    /// Whether any input is sample data.
    pub is_sample: bool,
    /// When it was computed, RFC 3339 in UTC.
    pub made_at: String,
    /// The version of the villages that it has seen; none where they had never been imported.
    pub villages_version: Option<DatasetVersionId>,
    /// Who is in no village and therefore in no sum.
    pub unassigned: Unassigned,
}

/// Who lies in no village.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Unassigned {
    /// Number of settlements.
    pub settlements: u64,
    /// Their people; none where their number is unknown.
    pub people: Option<People>,
    /// People of cells outside the villages of the district; none where nobody is.
    #[serde(default)]
    pub cell_people: Option<People>,
}

/// A dataset version that a run has seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunInputVersion {
    /// Its layer.
    pub layer: Layer,
    /// Its number.
    pub version: DatasetVersionId,
    /// Its suppliers, in order.
    pub sources: Vec<String>,
    /// Where what they gave comes from, in the same order; left out where nothing is known of any.
    #[serde(skip_serializing_if = "nothing_is_known")]
    pub provenances: Vec<Provenance>,
    /// When it was imported, RFC 3339 in UTC.
    pub made_at: String,
    /// Number of features.
    pub records: i64,
    /// Whether any of them is sample data.
    pub is_sample: bool,
}

fn nothing_is_known(provenances: &[Provenance]) -> bool {
    provenances.iter().all(Provenance::is_empty)
}

/// Roads that do not say when they can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownSeasons {
    /// How many.
    pub n_unknown: u64,
    /// Of how many roads.
    pub n_roads: u64,
}

/// What a run says of a village.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunVillage {
    /// The village.
    pub code: VillageCode,
    /// Its name.
    pub name: String,
    /// Name of its kecamatan, where known.
    pub kecamatan: Option<String>,
    /// Code of its kecamatan, where villages have codes.
    pub kecamatan_code: Option<String>,
    /// Code of its district, or `x`.
    pub district_code: String,
    /// State of its median person.
    pub state: ReachState,
    /// Time of its median person.
    pub time: Option<Milliseconds>,
    /// Length of the path of its median person.
    pub length: Option<Millimetres>,
    /// Its people by state; none where their number is unknown.
    pub people: Option<StatePeople>,
}

/// What a run says of a demand point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunPoint {
    /// The village that it counts in.
    pub village: VillageCode,
    /// Its people; none where their number is unknown.
    pub people: Option<People>,
    /// Its state.
    pub state: ReachState,
    /// Its cost in the run's metric: milliseconds or millimetres.
    pub cost: Option<u32>,
}

impl Reads {
    /// Every indicator that has been computed, in order.
    pub async fn indicators(&self) -> Result<Vec<Indicator>, ReadError> {
        let doing = "list the indicators";
        let sql = include_str!("../sql/read_indicators.sql");
        let found = rows(&self.client, doing, sql, &[]).await?;
        found
            .iter()
            .map(|row| indicator(Columns { row, doing }))
            .collect()
    }

    /// The current run of an indicator; none where it was never computed.
    pub async fn run(&self, of: &Indicator) -> Result<Option<RunHead>, ReadError> {
        let doing = "find a run";
        let sql = include_str!("../sql/read_run.sql");
        let words = [
            of.service.as_str(),
            of.mode.as_str(),
            of.season.as_str(),
            of.metric.as_str(),
        ];
        let [service, mode, season, metric] = &words;
        let found = rows(
            &self.client,
            doing,
            sql,
            &[service, mode, season, metric, &of.tier],
        )
        .await?;
        found
            .first()
            .map(|row| {
                let columns = Columns { row, doing };
                let unassigned: serde_json::Value = columns.get("unassigned")?;
                let villages_version: Option<i64> = columns.get("villages_version")?;
                Ok(RunHead {
                    rule: rule(columns)?,
                    is_sample: columns.get("is_sample")?,
                    made_at: columns.get("made_at")?,
                    villages_version: villages_version.map(DatasetVersionId),
                    unassigned: serde_json::from_value(unassigned)
                        .map_err(|cause| columns.stored(format!("unassigned: {cause}")))?,
                })
            })
            .transpose()
    }

    /// The villages of a run, in order of code; none where villages had never been imported.
    pub async fn run_villages(&self, run: &RunHead) -> Result<Vec<RunVillage>, ReadError> {
        let Some(version) = run.villages_version else {
            return Ok(Vec::new());
        };
        let doing = "read the villages of a run";
        let sql = include_str!("../sql/read_run_villages.sql");
        let found = rows(&self.client, doing, sql, &[&version.0, &run.rule.run_id.0]).await?;
        found
            .iter()
            .map(|row| {
                let columns = Columns { row, doing };
                Ok(RunVillage {
                    code: VillageCode::from_stored(columns.get("code")?),
                    name: columns.get("name")?,
                    kecamatan: columns.get("kecamatan")?,
                    kecamatan_code: columns.get("kecamatan_code")?,
                    district_code: columns.get("district_code")?,
                    state: columns.word("state")?,
                    time: columns.time("time_ms")?,
                    length: columns.length("length_mm")?,
                    people: columns.state_people()?,
                })
            })
            .collect()
    }

    /// The dataset versions that a run has seen, by layer; layers that had never been imported are left out.
    pub async fn run_inputs(&self, run: &RunHead) -> Result<Vec<RunInputVersion>, ReadError> {
        let doing = "read the inputs of a run";
        let sql = include_str!("../sql/read_run_inputs.sql");
        let found = rows(&self.client, doing, sql, &[&run.rule.run_id.0]).await?;
        found
            .iter()
            .map(|row| {
                let columns = Columns { row, doing };
                Ok(RunInputVersion {
                    layer: columns.word("layer")?,
                    version: DatasetVersionId(columns.get("dataset_version")?),
                    sources: columns.get("sources")?,
                    provenances: columns.get::<Json<_>>("provenances")?.0,
                    made_at: columns.get("made_at")?,
                    records: columns.get("n_records")?,
                    is_sample: columns.get("is_sample")?,
                })
            })
            .collect()
    }

    /// Roads of a version that do not say when they can be used.
    pub async fn unknown_seasons(
        &self,
        roads: DatasetVersionId,
    ) -> Result<UnknownSeasons, ReadError> {
        let doing = "count the roads without a season";
        let sql = include_str!("../sql/read_unknown_seasons.sql");
        let found = rows(&self.client, doing, sql, &[&roads.0]).await?;
        let number = |column| match found.first() {
            Some(row) => Columns { row, doing }.get::<i64>(column),
            None => Ok(0),
        };
        Ok(UnknownSeasons {
            n_unknown: number("n_unknown")?.unsigned_abs(),
            n_roads: number("n_roads")?.unsigned_abs(),
        })
    }

    /// The box around the villages of a run; none where it has no villages.
    pub async fn run_extent(&self, run: &RunHead) -> Result<Option<Extent>, ReadError> {
        let Some(version) = run.villages_version else {
            return Ok(None);
        };
        let doing = "find the extent of a run";
        let sql = include_str!("../sql/read_run_extent.sql");
        let found = rows(&self.client, doing, sql, &[&version.0, &run.rule.run_id.0]).await?;
        match found.first() {
            Some(row) => extent(Columns { row, doing }),
            None => Ok(None),
        }
    }

    /// The demand points of a run that lie in a village, best first: by state, cost and id.
    pub async fn run_points(&self, run: &RunHead) -> Result<Vec<RunPoint>, ReadError> {
        let doing = "read the points of a run";
        let sql = include_str!("../sql/read_run_points.sql");
        let states: Vec<&str> = ReachState::ALL.iter().map(|state| state.as_str()).collect();
        let metric: &str = match run.rule.metric {
            Metric::Time => "time",
            Metric::Distance => "distance",
        };
        let found = rows(
            &self.client,
            doing,
            sql,
            &[&run.rule.run_id.0, &states, &metric],
        )
        .await?;
        found
            .iter()
            .map(|row| {
                let columns = Columns { row, doing };
                Ok(RunPoint {
                    village: VillageCode::from_stored(columns.get("village")?),
                    people: columns.people("people_thousandths")?,
                    state: columns.word("state")?,
                    cost: columns.engine_unit("cost")?,
                })
            })
            .collect()
    }
}

pub(super) fn indicator(columns: Columns<'_>) -> Result<Indicator, ReadError> {
    Ok(Indicator {
        service: columns.word("service")?,
        mode: columns.word("mode")?,
        season: columns.word("season")?,
        metric: columns.word("metric")?,
        tier: columns.get("tier")?,
    })
}

pub(super) fn rule(columns: Columns<'_>) -> Result<Rule, ReadError> {
    let stored: serde_json::Value = columns.get("rule")?;
    serde_json::from_value(stored).map_err(|cause| columns.stored(format!("rule: {cause}")))
}
