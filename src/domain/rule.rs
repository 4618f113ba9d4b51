//! The rule behind a number, repeated in every answer.

use serde::{Deserialize, Serialize};

use super::words::words;
use super::{Metric, Mode, RunId, Season, ServiceName};

words!(
    /// Where the number of people comes from.
    PopulationSource, "population source", {
        /// The villages' official totals, shared among their settlements.
        Official = "official",
        /// The sum of the settlements.
        Settlements = "settlements",
        /// Cells of a population raster.
        Raster = "raster",
        /// Nobody knows: people are null.
        None = "none",
    }
);

/// How much of a length of road is on roads of which something is known. From 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct KnownShare {
    /// Of which the surface is known.
    pub surface: f64,
    /// Of which the season is known.
    pub season: f64,
}

/// From what the people of villages set out, as numbers of villages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Origins {
    /// From their settlements.
    pub settlements: u32,
    /// From the cells of a population raster: their parts in the village, apportioned by area.
    pub cells: u32,
    /// From one point on their surface.
    pub surface: u32,
}

/// Everything that decides a number besides the data, and how much of the roads is known.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rule {
    /// The need.
    pub service: ServiceName,
    /// Tiers that count, in order; empty where the service has none.
    pub tier: Vec<String>,
    /// Facilities counted although nobody knows their tier.
    pub tier_unknown: u32,
    /// How people travel.
    pub mode: Mode,
    /// When.
    pub season: Season,
    /// What is minimised.
    pub metric: Metric,
    /// The largest cost that is `within`: seconds for time, metres for distance.
    pub cutoff: f64,
    /// How far from a road a place may be.
    pub snap_radius_m: f64,
    /// What a metre off the road counts.
    pub off_road_factor: f64,
    /// Speed on foot, off the road and where a motorcycle is pushed.
    pub walking_speed_kmh: f64,
    /// What a boat adds to a trip; none and left out in runs that were made before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ferry_wait_s: Option<f64>,
    /// Of all roads that the mode may use in the season; none where it may use none, or the run was made before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known_share: Option<KnownShare>,
    /// How far apart loose road ends may be to be joined; none joins nothing and is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub join_ends_m: Option<f64>,
    /// Where the number of people comes from.
    pub population_source: PopulationSource,
    /// Date of the population, where known.
    pub population_date: Option<String>,
    /// From what people set out, where some do so from the cells of a raster; left out otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origins: Option<Origins>,
    /// The computation that made the number.
    pub run_id: RunId,
    /// Whether newer data are active than the run has seen.
    pub stale: bool,
}
