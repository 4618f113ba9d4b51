//! Whether a place reaches a facility, and at what cost.

use serde::{Deserialize, Serialize};

use super::words::words;
use super::{Millimetres, Milliseconds, People};

words!(
    /// The one state of a demand point for an indicator, best first.
    ///
    /// `NoInput` takes precedence over `Unsnapped`, and so on upwards: see [`ReachState::ALL`] reversed.
    ReachState, "state", {
        /// The nearest facility is at most the cutoff away.
        Within = "within",
        /// The nearest facility is farther than the cutoff.
        BeyondCutoff = "beyond_cutoff",
        /// The point is on the network and no facility can be reached at any cost.
        NoPath = "no_path",
        /// No permitted edge, and no facility by straight walk, within the snap radius.
        Unsnapped = "unsnapped",
        /// A layer that the indicator needs was never imported.
        NoInput = "no_input",
    }
);

/// A facility and what it costs to get there; both quantities of the same path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Nearest {
    /// Position of the facility in the list searched, which is in order of ids as text.
    pub facility: u32,
    /// Duration of the path.
    pub time: Milliseconds,
    /// Length of the path, off-road legs charged with their factor.
    pub length: Millimetres,
}

/// The answer for one demand point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PointReach {
    /// Its state.
    pub state: ReachState,
    /// The facility of least cost, ties by id; present in states `Within` and `BeyondCutoff`.
    pub nearest: Option<Nearest>,
    /// The next one.
    pub second: Option<Nearest>,
}

/// People of an area by state. Their sum is the people of the area, always.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct StatePeople {
    /// In state `within`.
    pub within: People,
    /// In state `beyond_cutoff`.
    pub beyond_cutoff: People,
    /// In state `no_path`.
    pub no_path: People,
    /// In state `unsnapped`.
    pub unsnapped: People,
    /// In state `no_input`.
    pub no_input: People,
}

impl StatePeople {
    /// Adds people in a state.
    pub fn add(&mut self, state: ReachState, people: People) {
        *match state {
            ReachState::Within => &mut self.within,
            ReachState::BeyondCutoff => &mut self.beyond_cutoff,
            ReachState::NoPath => &mut self.no_path,
            ReachState::Unsnapped => &mut self.unsnapped,
            ReachState::NoInput => &mut self.no_input,
        } += people;
    }

    /// Everybody.
    pub fn total(&self) -> People {
        self.within + self.beyond_cutoff + self.no_path + self.unsnapped + self.no_input
    }
}
