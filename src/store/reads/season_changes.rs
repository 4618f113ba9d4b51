//! Who is within a threshold in one season and not in the other.

use super::rows::{Columns, rows};
use super::{ReadError, Reads};
use crate::domain::{Metric, People, Rule, RunId, Season, VillageCode};

/// The runs of one indicator in both seasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeasonPair {
    /// In the dry season.
    pub dry: RunId,
    /// In the wet season.
    pub wet: RunId,
}

/// People of a village who are within a threshold in one season only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VillageChange {
    /// The village.
    pub village: VillageCode,
    /// The standard; none is the threshold of the headline.
    pub standard: Option<String>,
    /// Within it in the dry season, and not in the wet one.
    pub lost_in_wet: People,
    /// Within it in the wet season, and not in the dry one.
    pub lost_in_dry: People,
}

impl Reads {
    /// The run of a rule and the current one of the other season; none where that has no run from the same data.
    pub async fn season_pair(&self, rule: &Rule) -> Result<Option<SeasonPair>, ReadError> {
        let doing = "find the run of the other season";
        let sql = include_str!("../sql/read_season_twin.sql");
        let other = match rule.season {
            Season::Dry => Season::Wet,
            Season::Wet => Season::Dry,
        };
        let found = rows(&self.client, doing, sql, &[&rule.run_id.0, &other.as_str()]).await?;
        let Some(row) = found.first() else {
            return Ok(None);
        };
        let twin = RunId(Columns { row, doing }.get("run")?);
        let this = rule.run_id.clone();
        Ok(Some(match rule.season {
            Season::Dry => SeasonPair {
                dry: this,
                wet: twin,
            },
            Season::Wet => SeasonPair {
                dry: twin,
                wet: this,
            },
        }))
    }

    /// Who loses a threshold, in ms or mm, or one of the standards in a season; in one village, or in each.
    ///
    /// Villages where nobody does are left out; people whose number is unknown count as nobody.
    pub async fn season_changes(
        &self,
        pair: &SeasonPair,
        (threshold, metric): (u32, Metric),
        standards: &[String],
        village: Option<&VillageCode>,
    ) -> Result<Vec<VillageChange>, ReadError> {
        let doing = "compare the seasons";
        let sql = include_str!("../sql/read_season_change.sql");
        let found = rows(
            &self.client,
            doing,
            sql,
            &[
                &pair.dry.0,
                &pair.wet.0,
                &i64::from(threshold),
                &metric.as_str(),
                &standards,
                &village.map(VillageCode::as_str),
            ],
        )
        .await?;
        found
            .iter()
            .map(|row| {
                let columns = Columns { row, doing };
                Ok(VillageChange {
                    village: VillageCode::from_stored(columns.get("village")?),
                    standard: columns.get("standard")?,
                    lost_in_wet: columns.people("lost_in_wet")?.unwrap_or(People::ZERO),
                    lost_in_dry: columns.people("lost_in_dry")?.unwrap_or(People::ZERO),
                })
            })
            .collect()
    }
}
