//! Which number is meant: service, tiers, mode, season, metric.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Metric, Mode, Season, ServiceName};

/// The version of the method: part of every run id, raised when the same input gives another number.
///
/// The golden result in `tests/it/golden.rs` changes only together with it.
pub const METHOD_VERSION: u32 = 3;

/// One thing to compute for every village.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Indicator {
    /// The need.
    pub service: ServiceName,
    /// How people travel.
    pub mode: Mode,
    /// When.
    pub season: Season,
    /// What is minimised.
    pub metric: Metric,
    /// Tiers that count, sorted, no repeats; empty where the service has none.
    pub tier: Vec<String>,
}

impl fmt::Display for Indicator {
    /// The short name of permalinks: `clinic.motorcycle.dry.time`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}.{}.{}.{}",
            self.service, self.mode, self.season, self.metric
        )
    }
}

/// The name of one computation: 32 hexadecimal digits of the hash of inputs, parameters and method version.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunId(pub String);

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
