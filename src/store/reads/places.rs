//! Points that pictures draw: where the people of a run are, and the facilities that count for it.

use super::rows::{Columns, rows};
use super::{ReadError, Reads};
use crate::domain::{DatasetVersionId, LonLat, Metric, People, ReachState, RunId, Season};

/// Where people of a run are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RunPlace {
    /// The demand point.
    pub place: LonLat,
    /// Its people; none where their number is unknown.
    pub people: Option<People>,
    /// Its state.
    pub state: ReachState,
    /// Its cost in the run's metric: milliseconds or millimetres.
    pub cost: Option<u32>,
}

impl Reads {
    /// The demand points of a run that lie in a village, in order of their key.
    pub async fn run_places(
        &self,
        run: &RunId,
        metric: Metric,
    ) -> Result<Vec<RunPlace>, ReadError> {
        let doing = "read the places of a run";
        let sql = include_str!("../sql/read_run_places.sql");
        let found = rows(&self.client, doing, sql, &[&run.0, &metric.as_str()]).await?;
        found
            .iter()
            .map(|row| {
                let columns = Columns { row, doing };
                Ok(RunPlace {
                    place: place(columns)?,
                    people: columns.people("people_thousandths")?,
                    state: columns.word("state")?,
                    cost: columns.engine_unit("cost")?,
                })
            })
            .collect()
    }

    /// The facilities of a version that count for `tiers`, all where there are none, in a season, in order of their key.
    pub async fn counted_facilities(
        &self,
        version: DatasetVersionId,
        tiers: &[String],
        season: Season,
    ) -> Result<Vec<LonLat>, ReadError> {
        let doing = "read the facilities that count";
        let sql = include_str!("../sql/read_counted_facilities.sql");
        let found = rows(
            &self.client,
            doing,
            sql,
            &[&version.0, &tiers, &season.as_str()],
        )
        .await?;
        found
            .iter()
            .map(|row| place(Columns { row, doing }))
            .collect()
    }
}

fn place(columns: Columns<'_>) -> Result<LonLat, ReadError> {
    LonLat::parse(columns.get("lon")?, columns.get("lat")?)
        .map_err(|cause| columns.stored(cause.to_string()))
}
