//! One village, and what every current run says of it.

use serde::Deserialize;

use super::rows::{Columns, rows};
use super::runs::{indicator, rule};
use super::{ReadError, Reads};
use crate::domain::{
    DatasetVersionId, Indicator, Millimetres, Milliseconds, People, PopulationSource, ReachState,
    Rule, StandardUnit, StatePeople, VillageCode,
};

/// A village of the current version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VillageRecord {
    /// Its key.
    pub code: VillageCode,
    /// Its name.
    pub name: String,
    /// Name of its kecamatan, where known.
    pub kecamatan: Option<String>,
    /// Code of its kecamatan, where villages have codes.
    pub kecamatan_code: Option<String>,
    /// Its official people; none where nobody gave a number.
    pub population: Option<People>,
    /// The version it is of.
    pub version: DatasetVersionId,
    /// Whether that version holds sample data.
    pub is_sample: bool,
}

/// What one run says of one village.
#[derive(Debug, Clone, PartialEq)]
pub struct VillageRun {
    /// What was computed.
    pub indicator: Indicator,
    /// The rule behind the numbers.
    pub rule: Rule,
    /// Whether any input is sample data.
    pub is_sample: bool,
    /// State of the median person.
    pub state: ReachState,
    /// The nearest facility of the median person.
    pub nearest: Option<FoundFacility>,
    /// The next one.
    pub second: Option<FoundFacility>,
    /// People by state; none where their number is unknown.
    pub people: Option<StatePeople>,
    /// Where the number of people comes from.
    pub population_source: PopulationSource,
    /// People within each standard of the service.
    pub standards: Vec<StoredStandard>,
}

/// A facility, and what it costs to get there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundFacility {
    /// Its key.
    pub id: String,
    /// Its name, where it has one.
    pub name: Option<String>,
    /// Its tier, where known.
    pub tier: Option<String>,
    /// Time of the path.
    pub time: Milliseconds,
    /// Length of the path.
    pub length: Millimetres,
}

/// A standard, and the people of the village who meet it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct StoredStandard {
    /// Its name.
    pub id: String,
    /// The largest cost that meets it, in `unit`.
    pub threshold: u32,
    /// Minutes or metres.
    pub unit: StandardUnit,
    /// People who meet it; none where their number is unknown.
    pub people_within: Option<People>,
}

impl Reads {
    /// A village of the current version; none where there is no such code.
    pub async fn village(&self, code: &str) -> Result<Option<VillageRecord>, ReadError> {
        let doing = "read a village";
        let sql = include_str!("../sql/read_village.sql");
        let found = rows(&self.client, doing, sql, &[&code]).await?;
        found
            .first()
            .map(|row| {
                let columns = Columns { row, doing };
                Ok(VillageRecord {
                    code: VillageCode::from_stored(columns.get("code")?),
                    name: columns.get("name")?,
                    kecamatan: columns.get("kecamatan")?,
                    kecamatan_code: columns.get("kecamatan_code")?,
                    population: columns.people("population_thousandths")?,
                    version: DatasetVersionId(columns.get("dataset_version")?),
                    is_sample: columns.get("is_sample")?,
                })
            })
            .transpose()
    }

    /// What every current run says of a village, in order of indicator.
    pub async fn village_runs(&self, code: &VillageCode) -> Result<Vec<VillageRun>, ReadError> {
        let doing = "read the runs of a village";
        let sql = include_str!("../sql/read_village_runs.sql");
        let found = rows(&self.client, doing, sql, &[&code.as_str()]).await?;
        found
            .iter()
            .map(|row| village_run(Columns { row, doing }))
            .collect()
    }
}

fn village_run(columns: Columns<'_>) -> Result<VillageRun, ReadError> {
    let standards: serde_json::Value = columns.get("standards")?;
    Ok(VillageRun {
        indicator: indicator(columns)?,
        rule: rule(columns)?,
        is_sample: columns.get("is_sample")?,
        state: columns.word("state")?,
        nearest: nearest(columns)?,
        second: second(columns)?,
        people: columns.state_people()?,
        population_source: columns.word("population_source")?,
        standards: serde_json::from_value(standards)
            .map_err(|cause| columns.stored(format!("standards: {cause}")))?,
    })
}

fn nearest(columns: Columns<'_>) -> Result<Option<FoundFacility>, ReadError> {
    let id: Option<String> = columns.get("facility")?;
    let costs = columns.time("time_ms")?.zip(columns.length("length_mm")?);
    let (Some(id), Some((time, length))) = (id, costs) else {
        return Ok(None);
    };
    Ok(Some(FoundFacility {
        id,
        name: columns.get("facility_name")?,
        tier: columns.get("facility_tier")?,
        time,
        length,
    }))
}

fn second(columns: Columns<'_>) -> Result<Option<FoundFacility>, ReadError> {
    let id: Option<String> = columns.get("second_facility")?;
    let time = columns.time("second_time_ms")?;
    let costs = time.zip(columns.length("second_length_mm")?);
    let (Some(id), Some((time, length))) = (id, costs) else {
        return Ok(None);
    };
    Ok(Some(FoundFacility {
        id,
        name: columns.get("second_facility_name")?,
        tier: columns.get("second_facility_tier")?,
        time,
        length,
    }))
}
