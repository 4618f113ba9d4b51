//! Who loses a threshold when the season changes: people who are within it in one season only.

use serde::Serialize;

use super::Thousandths;
use super::find::{CATALOGUE, POLICY};
use crate::domain::{Metric, People, Rule, StandardUnit, VillageCode};
use crate::store::reads::{ReadError, Reads, SeasonPair, VillageChange};

/// People who are within a threshold in one season and not in the other, counted point by point.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SeasonChange {
    /// The threshold of the headline, in seconds or metres.
    pub threshold: Thousandths,
    /// Within it in the dry season and not in the wet one.
    pub lost_in_wet: Thousandths,
    /// Within it in the wet season and not in the dry one, as where a river carries boats only when it rains.
    pub lost_in_dry: Thousandths,
    /// The same for each standard of the service that the metric can meet.
    pub standards: Vec<StandardChange>,
}

/// People who meet a standard in one season and not in the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StandardChange {
    /// Its name.
    pub id: String,
    /// Meeting it in the dry season and not in the wet one.
    pub lost_in_wet: Thousandths,
    /// Meeting it in the wet season and not in the dry one.
    pub lost_in_dry: Thousandths,
}

/// The changes of an indicator between the seasons, village by village.
#[derive(Debug, Clone)]
pub(super) struct SeasonChanges {
    threshold: u32,
    standards: Vec<String>,
    changes: Vec<VillageChange>,
}

impl SeasonChanges {
    /// In one village, or in all.
    pub(super) async fn read(
        reads: &Reads,
        rule: &Rule,
        pair: &SeasonPair,
        village: Option<&VillageCode>,
    ) -> Result<Self, ReadError> {
        let threshold = POLICY.headline(rule.service, rule.metric);
        let unit = match rule.metric {
            Metric::Time => StandardUnit::Minutes,
            Metric::Distance => StandardUnit::Metres,
        };
        let standards: Vec<String> = CATALOGUE
            .standards(rule.service)
            .filter(|standard| standard.unit == unit)
            .map(|standard| standard.id.clone())
            .collect();
        let changes = reads
            .season_changes(pair, (threshold, rule.metric), &standards, village)
            .await?;
        Ok(Self {
            threshold,
            standards,
            changes,
        })
    }

    /// The sum over all villages.
    pub(super) fn whole(&self) -> SeasonChange {
        let standards = self.standards.iter().map(|id| {
            let (wet, dry) = self.sum(|change| change.standard.as_ref() == Some(id));
            StandardChange {
                id: id.clone(),
                lost_in_wet: wet.into(),
                lost_in_dry: dry.into(),
            }
        });
        let (wet, dry) = self.sum(|change| change.standard.is_none());
        SeasonChange {
            threshold: Thousandths::of_cost(self.threshold),
            lost_in_wet: wet.into(),
            lost_in_dry: dry.into(),
            standards: standards.collect(),
        }
    }

    /// Villages with who loses the threshold of the headline: in the wet season, in the dry one.
    pub(super) fn by_village(&self) -> impl Iterator<Item = (&VillageCode, People, People)> {
        self.changes
            .iter()
            .filter(|change| change.standard.is_none())
            .map(|change| (&change.village, change.lost_in_wet, change.lost_in_dry))
    }

    fn sum(&self, is_meant: impl Fn(&&VillageChange) -> bool) -> (People, People) {
        self.changes
            .iter()
            .filter(is_meant)
            .fold((People::ZERO, People::ZERO), |(wet, dry), change| {
                (wet + change.lost_in_wet, dry + change.lost_in_dry)
            })
    }
}

/// Who of a village loses a threshold when the season changes; none where the other season has no run from the same data.
///
/// # Errors
/// The database fails.
pub async fn village_season_change(
    reads: &Reads,
    rule: &Rule,
    village: &VillageCode,
) -> Result<Option<SeasonChange>, ReadError> {
    let Some(pair) = reads.season_pair(rule).await? else {
        return Ok(None);
    };
    let changes = SeasonChanges::read(reads, rule, &pair, Some(village)).await?;
    Ok(Some(changes.whole()))
}
