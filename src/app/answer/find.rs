//! Finds the current run of an indicator, and reads what its answer needs.

use std::sync::LazyLock;

use super::indicator_answer::{RunData, answer};
use super::season_change::SeasonChanges;
use super::{IndicatorAnswer, Wanted};
use crate::domain::{Catalogue, District, Indicator, Layer};
use crate::network::Profiles;
use crate::publish::PolicyBreaks;
use crate::store::reads::{ReadError, Reads, RunHead, SeasonPair};

pub(in crate::app) static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(Catalogue::built_in);
static PROFILES: LazyLock<Profiles> = LazyLock::new(Profiles::built_in);
pub(super) static POLICY: LazyLock<PolicyBreaks> = LazyLock::new(PolicyBreaks::built_in);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// The indicator has no run.
    #[error(
        "{indicator}{} has not been computed: run `jangkau compute`; /access lists what has",
        tiers(indicator)
    )]
    RunMissing {
        /// What was asked for.
        indicator: Box<Indicator>,
    },
    /// Nobody has looked for faults in the data yet.
    #[error("the data have not been looked through: run `jangkau compute`")]
    FaultsMissing,
    /// No row lies in the kecamatan that is asked for.
    #[error(
        "no row lies in the kecamatan `{code}`; codes look like 15.03.01, and `rows` names them"
    )]
    KecamatanUnknown {
        /// What was asked for.
        code: String,
    },
    /// A form with areas of rows that have none.
    #[error("only villages have areas: leave out `by`, or take another form")]
    OnlyVillagesHaveAreas,
    /// The answer could not be written down.
    #[error("cannot write the answer: {0}")]
    Unwritable(String),
    /// The database failed.
    #[error(transparent)]
    Read(#[from] ReadError),
}

fn tiers(indicator: &Indicator) -> String {
    if indicator.tier.is_empty() {
        String::new()
    } else {
        format!(" with tier={}", indicator.tier.join(","))
    }
}

/// A current run that is known to be there, before its villages are read.
#[derive(Debug, Clone)]
pub struct FoundIndicator {
    /// The run.
    pub head: RunHead,
    available: Vec<Indicator>,
    season_pair: Option<SeasonPair>,
    district: Option<District>,
}

/// The answer of an indicator's current run.
///
/// # Errors
/// The indicator was never computed, no row lies in the kecamatan that is wanted, or the database fails.
pub async fn read_indicator(
    reads: &Reads,
    indicator: &Indicator,
    wanted: &Wanted,
) -> Result<IndicatorAnswer, AnswerError> {
    find_indicator(reads, indicator)
        .await?
        .read(reads, wanted)
        .await
}

/// The current run of an indicator.
///
/// # Errors
/// The indicator was never computed, or the database fails.
pub async fn find_indicator(
    reads: &Reads,
    indicator: &Indicator,
) -> Result<FoundIndicator, AnswerError> {
    let Some(head) = reads.run(indicator).await? else {
        return Err(AnswerError::RunMissing {
            indicator: Box::new(indicator.clone()),
        });
    };
    Ok(FoundIndicator {
        available: reads.indicators().await?,
        season_pair: reads.season_pair(&head.rule).await?,
        district: reads.district().await?,
        head,
    })
}

impl FoundIndicator {
    /// What decides the answer besides what is wanted: the answer changes only when one of these does.
    pub fn tag_parts(&self) -> Vec<String> {
        let district = self.district.as_ref();
        let mut parts = vec![
            self.head.rule.run_id.to_string(),
            self.head.rule.stale.to_string(),
            district.map_or_else(String::new, |district| district.code.to_string()),
            district
                .and_then(|district| district.name.clone())
                .unwrap_or_default(),
        ];
        let pair = self.season_pair.iter();
        parts.extend(pair.flat_map(|pair| [pair.dry.to_string(), pair.wet.to_string()]));
        parts.extend(self.available.iter().map(ToString::to_string));
        parts
    }

    /// Reads the run and puts its answer together.
    ///
    /// # Errors
    /// No row lies in the kecamatan that is wanted, or the database fails.
    pub async fn read(
        self,
        reads: &Reads,
        wanted: &Wanted,
    ) -> Result<IndicatorAnswer, AnswerError> {
        let inputs = reads.run_inputs(&self.head).await?;
        let of_roads = inputs.iter().find(|input| input.layer == Layer::Roads);
        let unknown_seasons = match of_roads {
            Some(input) => Some(reads.unknown_seasons(input.version).await?),
            None => None,
        };
        let season_changes = match &self.season_pair {
            Some(pair) => Some(SeasonChanges::read(reads, &self.head.rule, pair, None).await?),
            None => None,
        };
        let run = RunData {
            villages: reads.run_villages(&self.head).await?,
            points: reads.run_points(&self.head).await?,
            extent: reads.run_extent(&self.head).await?,
            inputs,
            unknown_seasons,
            season_changes,
            district: self.district,
            available: self.available,
            head: self.head,
        };
        answer(run, wanted, &CATALOGUE, &POLICY, &PROFILES)
    }
}
